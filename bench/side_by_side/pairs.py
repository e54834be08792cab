"""The pairs of questions that the side-by-side reader learns from.

`groups/WRITER.jsonl` has a line for each question, all written for it by people who knew nothing
of the program: `same` are ways to ask it, `not` are tempting neighbours. Those of `neighbours/`
have more stories and the most tempting neighbours that their writers could think of; of those in
`apart/` nothing is learned. `strangers/*.jsonl` are whole sets of pairs by others. The ways of
`bench/wording` and the tests' own groups come in too.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bench.side_by_side.changes import in_passing, otherwise
from bench.transformer.pairs import TextPair
from bench.wording.ways import written
from navis_api.questions.sameness.learned.model import GAP
from tests.questions import near_misses, one_slot_pairs

HERE = Path(__file__).parent
QUESTIONS = HERE.parents[1] / "tests" / "questions"
ROUNDS = 2
"""So often pairs are drawn and learned."""
HELD_OUT_EVERY = 10
"""Each tenth group of `groups/` is put aside, for the tests to measure on."""

_MOST = {
    "ways": 5000,
    "near ways": 4500,
    "other ways": 1500,
    "voices": 1200,
    "near misses": 2600,
    "one slot": 2400,
}
"""So many pairs of the larger sources are drawn in a round."""
_SAME_IN_GROUP = 10
_APART_IN_GROUP = 12
_CHANGED_IN_GROUP = 4
_APART_IN_TESTS = 14
_FILLS = {
    "cancer": "bladder cancer|melanoma|breast cancer|lymphoma|kidney cancer|CLL|prostate cancer"
    "|lung cancer|bowel cancer|ovarian cancer|multiple myeloma|thyroid cancer|leukemia"
    "|a brain tumor|cervical cancer|sarcoma",
    "treatment": "chemotherapy|radiotherapy|surgery|immunotherapy|tamoxifen|chemo|radiation"
    "|hormone therapy|letrozole|rituximab|a mastectomy|a stem cell transplant",
    "treatment2": "a stem cell transplant|hormone therapy|targeted therapy",
    "test": "biopsy|CT scan|colonoscopy|MRI|PET scan|mammogram",
    "effect": "fatigue|hair loss|nausea|neuropathy|itching|hot flashes|mouth sores|diarrhea"
    "|insomnia|lymphedema",
    "marker": "HER2-positive|EGFR-positive|BRCA1",
    "thing": "green tea|turmeric|vitamin D|sugar",
    "care": "chemotherapy|radiotherapy|immunotherapy",
}


class Group(BaseModel):
    """Ways to ask one question, and neighbours that ask for something else."""

    model_config = ConfigDict(extra="forbid")
    same: list[str]
    near: list[str] = Field(alias="not")


def groups(*, held_out: bool) -> list[Group]:
    """Return the groups to learn from, or those put aside."""
    found = [
        group
        for path in sorted((HERE / "groups").glob("*.jsonl"))
        for at, group in enumerate(_groups_of(path), start=1)
        if (at % HELD_OUT_EVERY == 0) is held_out
    ]
    whole = sorted((HERE / ("apart" if held_out else "neighbours")).glob("*.jsonl"))
    return [*found, *(group for path in whole for group in _groups_of(path))]


def _groups_of(path: Path) -> list[Group]:
    return [Group.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]


def held_out_kinds() -> frozenset[str]:
    """Return the kinds of near misses that nothing is learned from."""
    return frozenset(sorted({each.slot for each in near_misses.near_misses()})[::4])


def drawn(round_: int) -> list[TextPair]:
    """Return the pairs of a round. Each round draws others, the same ones each time."""
    chance = random.Random(round_)
    found = [*_of_groups(chance), *_of_ways(chance), *_of_tests(chance), *of_strangers()]
    chance.shuffle(found)
    return [
        pair if chance.random() < 0.5 else TextPair(pair.other, pair.one, pair.is_so)
        for pair in found
    ]


def _of_groups(chance: random.Random) -> Iterator[TextPair]:
    for group in groups(held_out=False):
        yield from _some(_within(group.same), _SAME_IN_GROUP, chance, same=True)
        for text in chance.sample(group.same, 2):
            yield TextPair(text, in_passing(chance.choice(group.same), chance), is_so=True)
        across = [(here, there) for here in group.near for there in group.same]
        yield from _some(across, _APART_IN_GROUP - 2, chance, same=False)
        yield from _some(_within(group.near), 2, chance, same=False)
        changed = [(text, other) for text in group.same for other in otherwise(text, chance)]
        for text, other in chance.sample(changed, min(_CHANGED_IN_GROUP, len(changed))):
            yield TextPair(chance.choice((text, chance.choice(group.same))), other, is_so=False)


def _of_ways(chance: random.Random) -> Iterator[TextPair]:
    same: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    near: defaultdict[str, list[str]] = defaultdict(list)
    for author, read in written():
        same[read.label] += [(text, author) for text in read.same]
        near[read.label] += read.near
    asked = [(kind, text, author) for kind in same for text, author in same[kind]]
    for kind, text, author in chance.sample(asked, _MOST["ways"]):
        others = [each for each, who in same[kind] if who != author and _gaps(each) == _gaps(text)]
        if others:
            yield _filled(text, chance.choice(others), chance, same=True)
    for kind, text, _ in chance.sample(asked, _MOST["near ways"]):
        yield _filled(text, chance.choice(near[kind]), chance, same=False)
    for kind, text, _ in chance.sample(asked, _MOST["other ways"]):
        other_kind, other, _ = chance.choice(asked)
        if other_kind != kind and _gaps(other) == _gaps(text):
            yield _filled(text, other, chance, same=False)


def _of_tests(chance: random.Random) -> Iterator[TextPair]:
    """Yield pairs of the tests' groups, of their near misses and of their generator."""
    for name in ("everyday", "lay_words", "voices"):
        found = list(_of_asked_alike(QUESTIONS / "sameness" / f"{name}.json", chance))
        yield from chance.sample(found, min(_MOST.get(name, len(found)), len(found)))
    whose = (QUESTIONS / "sameness" / "whose.json").read_text("utf-8")
    for group in json.loads(whose).values():
        for text, ways in group["same"].items():
            yield from _some(_within([text, *ways]), 6 + len(ways), chance, same=True)
        for texts in group["apart"]:
            yield from _some(_within(texts), _APART_IN_TESTS, chance, same=False)
    yield from _read(QUESTIONS / "paraphrases.jsonl")
    held_out = held_out_kinds()
    missed = [each for each in near_misses.near_misses() if each.slot not in held_out]
    for each in chance.sample(missed, _MOST["near misses"]):
        yield TextPair(each.a, each.b, is_so=False)
    for each in chance.sample(one_slot_pairs.pairs(), _MOST["one slot"]):
        yield TextPair(each.a, each.b, is_so=False)


def _of_asked_alike(path: Path, chance: random.Random) -> Iterator[TextPair]:
    read: dict[str, dict[str, list[str]] | list[list[str]]] = json.loads(path.read_text("utf-8"))
    for part, content in read.items():
        if isinstance(content, dict):
            for text, ways in content.items():
                for pair in _some(_within([text, *ways]), 6 + len(ways), chance, same=True):
                    yield _filled(pair.one, pair.other, chance, same=True)
        elif part == "apart":
            for texts in content:
                yield from _some(_within(texts), _APART_IN_TESTS, chance, same=False)


def of_strangers() -> Iterator[TextPair]:
    """Yield the pairs of strangers' whole sets."""
    for path in sorted((HERE / "strangers").glob("*.jsonl")):
        yield from _read(path)


def _read(path: Path) -> Iterator[TextPair]:
    for line in path.read_text("utf-8").splitlines():
        read = json.loads(line)
        yield TextPair(read["a"], read["b"], read["same"])


def _within(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(text, other) for at, text in enumerate(texts) for other in texts[at + 1 :]]


def _some(
    pairs: Sequence[tuple[str, str]], most: int, chance: random.Random, *, same: bool
) -> list[TextPair]:
    return [TextPair(*each, is_so=same) for each in chance.sample(pairs, min(most, len(pairs)))]


def _gaps(text: str) -> frozenset[str]:
    return frozenset(GAP.findall(text))


def _filled(one: str, other: str, chance: random.Random, *, same: bool) -> TextPair:
    """Return a pair whose gaps name the same."""
    names = {gap: chance.choice(fills.split("|")) for gap, fills in _FILLS.items()}
    return TextPair(
        *(GAP.sub(lambda found: names.get(found[1], found[1]), text) for text in (one, other)),
        is_so=same,
    )
