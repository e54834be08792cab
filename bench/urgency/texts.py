"""The texts that the reader of urgent wording learns from, all in our own words.

`texts/AUTHOR/KIND.txt` hold a text a line. `[a|b]` is a choice, `{who}` one of a list in
`lists.txt`; a line with choices stands for several texts, drawn the same way each time. A
line `# …` opens a group: texts thought of together, held out together when we measure.
`blind/AUTHOR.jsonl` are sets of authors who had seen neither rules nor texts.
`veiled/AUTHOR.jsonl` are sets on crises that hardly show, and on what looks like them.
`apart/AUTHOR.jsonl` are texts that nothing is ever learned from, to measure by.
"""

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

HERE = Path(__file__).parent
HOUSE = "house"
"""The author of most texts and of the rules, with the cases that the rules were made by."""
OWN_CASES = HERE.parents[1] / "tests" / "questions" / "safety" / "cases.json"
EVERYDAY = HERE.parents[1] / "tests" / "questions" / "sameness" / "everyday.json"
"""Ordinary questions as people word them: what is told in a human voice is no cry for help."""
BLIND = HERE / "blind"
VEILED = HERE / "veiled"
APART = HERE / "apart"

KINDS = {
    "emergency": "EMERGENCY",
    "crisis": "CRISIS",
    "dosing": "NO_DOSING",
    "elsewhere": "OUT_OF_SCOPE",
    "ordinary": "NONE",
}
DRAWS = 8
"""So many texts are drawn at most from a line with choices, …"""
MANY_DRAWS = 24
"""… and so many from one of a group whose name ends in a star: whole letters, frames for signs."""
MISTYPED_SHARE = 0.25
"""So many texts are learned a second time, with typing errors."""
MISTYPED_WEIGHT = 0.5
GAPPY = 2
"""So many times each text is learned again, words left out here and there, …"""
LEFT_OUT_SHARE = 0.2
GAPPY_WEIGHT = 0.3
FEWEST_WORDS = 3
"""… so that no single word decides and what else is said counts too."""

LISTS_IN_LISTS = 3
"""So deep may a list name another."""

_OF_DOSES = re.compile(
    r"how much .* (?:take|taking)\b|ibuprofen|paracetamol"
    r"|\b(?:can|should) i stop (?:taking )?(?:vitamin|tamoxifen|letrozole)",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_OUTSIDE_CHOICES = re.compile(r"\|(?![^\[\]]*\])")
_LIST = re.compile(r"\{(\w+)\}")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text, what it calls for, who wrote it in which group and line, how much it counts."""

    text: str
    kind: str
    author: str
    group: str
    line: str
    weight: float = 1.0


class _Case(BaseModel):
    id: str
    text: str
    kind: str
    set: str = ""


class _Everyday(BaseModel):
    same: dict[str, list[str]]
    apart: list[list[str]]


def training_texts() -> list[Text]:
    """Return every text to learn from."""
    return [*_drawn(), *_own_cases(), *_everyday(), *_sets(BLIND), *_sets(VEILED)]


def apart_texts() -> list[Text]:
    """Return the texts that nothing is learned from."""
    return _sets(APART)


def varied(texts: Sequence[Text]) -> list[Text]:
    """Return the texts as others might have typed them: with errors, with words left out."""
    return [*mistyped(texts), *gappy(texts)]


def mistyped(texts: Sequence[Text]) -> list[Text]:
    """Return a share of the texts again, with typing errors."""
    drawn: list[Text] = []
    for text in texts:
        chance = random.Random(_seed(text.text))  # the same typing errors each time
        if chance.random() < MISTYPED_SHARE:
            wrong = _mistype(text.text, chance)
            drawn.append(replace(text, text=wrong, weight=text.weight * MISTYPED_WEIGHT))
    return drawn


def gappy(texts: Sequence[Text]) -> list[Text]:
    """Return the texts again with words left out, each a few times in different places."""
    drawn: list[Text] = []
    for text in texts:
        chance = random.Random(_seed(text.text))  # the same gaps each time
        for _ in range(GAPPY):
            kept = [word for word in text.text.split(" ") if chance.random() > LEFT_OUT_SHARE]
            if len(kept) >= FEWEST_WORDS:
                drawn.append(replace(text, text=" ".join(kept), weight=text.weight * GAPPY_WEIGHT))
    return drawn


def _drawn() -> list[Text]:
    lists = {
        name: _OUTSIDE_CHOICES.split(said)
        for name, said in (
            line.split(": ", 1) for line in (HERE / "texts" / "lists.txt").read_text().splitlines()
        )
    }
    texts: list[Text] = []
    for path in sorted((HERE / "texts").glob("*/*.txt")):
        author, kind = path.parent.name, KINDS[path.stem]
        group = f"{author} {path.stem}"
        for line in path.read_text().splitlines():
            if line.startswith("# "):
                group = f"{author} {path.stem}: {line[2:]}"
                continue
            said = _draw(line, lists, MANY_DRAWS if group.endswith("*") else DRAWS)
            texts += [Text(text, kind, author, group, line, len(said) ** -0.5) for text in said]
    return texts


def _draw(line: str, lists: dict[str, list[str]], most: int) -> list[str]:
    chance = random.Random(_seed(line))  # the same texts each time
    texts = (_filled(line, lists, chance) for _ in range(2 * most))
    return list(dict.fromkeys(texts))[:most]


def _filled(line: str, lists: dict[str, list[str]], chance: random.Random) -> str:
    for _ in range(LISTS_IN_LISTS):
        line = _LIST.sub(lambda found: chance.choice(lists.get(found[1], [found[0]])), line)
    # The innermost choices first, since choices may stand in choices.
    while choice := _CHOICE.search(line):
        one = chance.choice(choice[1].split("|"))
        line = f"{line[: choice.start()]}{one}{line[choice.end() :]}"
    return _SPACES.sub(" ", line).strip()


def _own_cases() -> list[Text]:
    cases = TypeAdapter(list[_Case]).validate_json(OWN_CASES.read_bytes())
    return [
        Text(case.text, case.kind, HOUSE, f"{HOUSE} cases: {case.set}", case.id) for case in cases
    ]


def _everyday() -> list[Text]:
    asked = _Everyday.model_validate_json(EVERYDAY.read_bytes())
    groups = [[known, *others] for known, others in asked.same.items()] + asked.apart
    texts: list[Text] = []
    for group in groups:
        name = f"everyday: {group[0]}"
        texts += [
            Text(text, "NONE", "everyday", name, text)
            for text in dict.fromkeys(group)
            if not _OF_DOSES.search(text)
        ]
    return texts


def _sets(folder: Path) -> list[Text]:
    texts: list[Text] = []
    for path in sorted(folder.glob("*.jsonl")):
        cases = [_Case.model_validate_json(line) for line in path.read_text().splitlines()]
        author = f"{folder.name} {path.stem}"
        texts += [Text(case.text, case.kind, author, author, case.id) for case in cases]
    return texts


def _mistype(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(words))
        word = words[at]
        if len(word) >= 4:  # shorter words become other words
            cut = chance.randrange(1, len(word) - 1)
            head, letter, tail = word[:cut], word[cut], word[cut + 1 :]
            words[at] = chance.choice(
                [
                    f"{head}{tail}",
                    f"{head}{tail[:1]}{letter}{tail[1:]}",
                    f"{head}{letter}{letter}{tail}",
                    f"{head}{chance.choice('aeioutsn')}{tail}",
                ]
            )
    return " ".join(words)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
