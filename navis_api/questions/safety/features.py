"""What the learned reader sees in a text: words, their order, their parts and their meaning.

Meaning comes from the classes of `concepts.json` ("chills", "goodbye", "dose_q"):
a word that no training text held is still known by its class, and two classes near each
other ("cant" and "legs") say more than either, as do a class and the words beside it
("lethal_q" and "my"). Parts of words bridge typing errors.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from navis_api.kit.text import fold
from navis_api.questions.safety.rules import urgency_rules
from navis_api.questions.safety.wording import CLAUSE_END, SENTENCE_END, Wording

TOGETHER_WORDS = 16
"""So near are two classes that belong together, also across a full stop."""
CLOSE_WORDS = 4
"""So near are two whose order counts: "dont" and then "live"."""
BESIDE_WORDS = 4
"""So near are the words that stand beside a class: "insulin" and then "i" and "took"."""
START_WORDS = 3
"""So many words are how a clause starts."""
PART_LETTERS = (4, 5)
"""Parts of words are this long, the marks of a word's beginning and end among them."""
LENGTHS = (4, 8, 16, 40)
"""Texts of fewer words than each are alike: a call for help, a question, a story."""
CACHED_WORDS = 20_000
"""So many words are remembered with their classes."""

_STOPS = frozenset({CLAUSE_END, SENTENCE_END})
_NUMBER = re.compile(r"(\d{1,4})(?:d(\d))?(?:c|f)?")
_LETTERS = re.compile(r"[a-z']{4,24}")

Placed = tuple[int, str]
"""A class and the position of the word that it was found at."""


class _File(BaseModel):
    """Classes of words, and words that everybody uses, whose parts say nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    plain_words: frozenset[str]
    classes: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Concepts:
    """Classes of words: by first word of a phrase, by a word's beginning and end, by number."""

    plain_words: frozenset[str]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]]
    beginnings: dict[str, list[str]]
    endings: dict[str, list[str]]
    ranges: list[tuple[float, float, str]]

    def placed(self, tokens: Sequence[str]) -> list[Placed]:
        """Return the classes in a text in their order."""
        found: list[Placed] = []
        for at, token in enumerate(tokens):
            if token in _STOPS:
                continue
            found += [(at, name) for name in _classes_of(token)]
            found += [
                (at, name)
                for phrase, name in self.phrases.get(token, ())
                if tuple(tokens[at : at + len(phrase)]) == phrase
            ]
        return found

    def of(self, token: str) -> Iterator[str]:
        """Yield the classes of a word by its form alone."""
        for cut in range(2, len(token) + 1):
            yield from self.beginnings.get(token[:cut], ())
            yield from self.endings.get(token[-cut:], ())
        number = _NUMBER.fullmatch(token)
        if number:
            value = float(f"{number[1]}.{number[2] or 0}")
            for low, high, name in self.ranges:
                if low <= value <= high:
                    yield name


@lru_cache(CACHED_WORDS)
def _classes_of(token: str) -> tuple[str, ...]:
    return tuple(sorted(set(concepts().of(token))))


@cache
def concepts() -> Concepts:
    """Return the classes. They are read once."""
    data = _File.model_validate_json(
        files("navis_api.questions.safety").joinpath("concepts.json").read_bytes()
    )
    read = Concepts(data.plain_words, {}, {}, {}, [])
    for name, words in data.classes.items():
        for word in words:
            if word.startswith("#"):
                low, _, high = word[1:].partition("-")
                read.ranges.append((float(low), float(high), name))
            elif word.endswith("*"):
                read.beginnings.setdefault(word[:-1], []).append(name)
            elif word.startswith("*"):
                read.endings.setdefault(word[1:], []).append(name)
            else:
                # Read as a text is, so that "mum" is found where "mother" is now written.
                tokens = urgency_rules().lexicon.read(word).tokens
                phrase = tuple(token for token in tokens if token not in _STOPS)
                read.phrases.setdefault(phrase[0], []).append((phrase, name))
    return read


MEDICAL = frozenset(
    {
        "cancer",
        "chemo",
        "cancer_context",
        "care_words",
        "hospital_words",
        "medicine",
        "body",
        "pain",
        "device",
    }
)
CARE = frozenset({"cancer", "care_words"})
"""Classes of words that only who asks about cancer or its care uses."""
ON_CANCER = CARE | {"chemo", "cancer_context"}
ELSEWHERE = frozenset(
    {
        "other_disease",
        "other_medicine",
        "sport_world",
        "tech",
        "home_life",
        "world_law",
        "world_school",
        "world_fun",
        "world_things",
        "world_more",
        "make_me",
        "inject_verb",
        "inject_noun",
        "elsewhere_numbers",
        "kitchen",
        "housework",
        "motoring",
        "animals",
        "training_plan",
        "law_money",
        "small_ills",
        "joints",
        "pressure_sugar",
        "expecting",
        "the_stars",
        "chat_world",
    }
)
"""Classes of words that say what a question is about when it isn't about cancer."""


def features(text: str, wording: Wording) -> set[str]:
    """Return the names of all that a text shows. A name says what it is before its colon."""
    tokens = wording.tokens
    shown = [_shape(token) for token in tokens]
    words = [word for word in shown if word not in _STOPS]
    placed = concepts().placed(tokens)
    classes = {name for _, name in placed}
    found = {f"word:{word}" for word in words}
    found.update(f"pair:{one} {two}" for one, two in pairwise(shown))
    found.update(
        f"skip:{one} {two}"
        for one, two in zip(shown, shown[2:], strict=False)
        if SENTENCE_END not in {one, two}
    )
    found.update(f"class:{name}" for name in classes)
    found.update(_together(placed))
    found.update(_beside(placed, shown))
    found.update(_parts(text))
    found.add(f"open:{' '.join(words[:1])}")
    found.add(f"open:{' '.join(words[:2])}")
    found.update(_starts(shown))
    found.update(_last(placed, shown))
    found.update(f"form:{form}" for form in _forms(text, classes))
    found.add(f"length:{sum(len(words) >= least for least in LENGTHS)}")
    return found


def _forms(text: str, classes: AbstractSet[str]) -> Iterator[str]:
    if "?" in text:
        yield "question"
    if text.rstrip().endswith("?"):
        yield "ends in a question"
    if not classes & MEDICAL:
        yield "nothing medical"
    if not classes & ON_CANCER:
        yield "no cancer"


def _parts(text: str) -> Iterator[str]:
    for run in set(_LETTERS.findall(fold(text))) - concepts().plain_words:
        word = f"<{run}>"
        for letters in PART_LETTERS:
            for at in range(len(word) - letters + 1):
                yield f"part:{word[at : at + letters]}"


def _starts(shown: Sequence[str]) -> Iterator[str]:
    """Yield how each clause starts: "how do i" and "i have counted" are far apart."""
    starts = [0, *(at + 1 for at, word in enumerate(shown) if word in _STOPS)]
    for start in starts:
        words = shown[start : start + START_WORDS]
        for length in range(1, len(words) + 1):
            if words[length - 1] in _STOPS:
                break
            yield f"start:{' '.join(words[:length])}"


def _last(placed: Sequence[Placed], shown: Sequence[str]) -> Iterator[str]:
    """Yield what stands in the last of several sentences, which is what is asked."""
    ends = [at for at, word in enumerate(shown) if word == SENTENCE_END]
    # The text itself ends in a stop, after its own if it has one.
    while len(ends) > 1 and ends[-1] - ends[-2] == 1:
        ends.pop()
    if len(ends) < 2:  # noqa: PLR2004 - one sentence is first and last
        return
    start = ends[-2]
    for at, name in placed:
        yield f"{'last' if at > start else 'earlier'}:{name}"
    for word in shown[start + 1 : ends[-1]]:
        if word not in _STOPS:
            yield f"last word:{word}"


def _together(placed: Sequence[Placed]) -> Iterator[str]:
    for first, (at, one) in enumerate(placed):
        for where, two in placed[first + 1 :]:
            apart = where - at
            if apart > TOGETHER_WORDS:
                break
            if one != two:
                yield f"near:{one} {two}" if one < two else f"near:{two} {one}"
            if 0 < apart <= CLOSE_WORDS:
                yield f"then:{one} {two}"


def _beside(placed: Sequence[Placed], shown: Sequence[str]) -> Iterator[str]:
    for at, name in placed:
        for word in shown[max(0, at - BESIDE_WORDS) : at]:
            if word not in _STOPS:
                yield f"before:{name} {word}"
        for word in shown[at + 1 : at + 1 + BESIDE_WORDS]:
            if word not in _STOPS:
                yield f"after:{name} {word}"


def _shape(token: str) -> str:
    """Return a word as it is, and a number as how long it is."""
    if not token[0].isdigit():
        return token
    return "#" if len(token) <= 2 else "##"  # noqa: PLR2004 - a dose or an age, or a longer one
