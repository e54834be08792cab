"""Which drugs are given together: "A with B" isn't "A with C", nor "A or B"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from navis_api.generation.grounding.reading import Reading

Pair = frozenset[str]

_JOINS = frozenset({"with", "plus"})
# "Compared with dexamethasone", "patients treated with it": these give nothing together.
_BEFORE_OTHERS = frozenset({"compared", "treated", "patients", "people", "treatment", "therapy"})
_BESIDE_JOINS = frozenset(
    {"combined", "together", "along", "in", "combination", "given", "used", "the", "drug", "and",
     "is", "are", "be", "may", "can", "was", "were", "(", ")"}
)  # fmt: skip
_WITH_OR_WITHOUT = frozenset({"with", "or", "without"})
_OR = "or"
_COMMA = [","]
_ALTERNATIVES = ([_OR], [*_COMMA, _OR])


@dataclass(slots=True)
class _Group:
    """Drugs that stand together. `apart` are those of which it is one or the other."""

    head: str = ""
    drugs: set[str] = field(default_factory=set[str])
    is_combined: bool = False
    apart: set[Pair] = field(default_factory=set[Pair])

    def gives(self, pair: Pair) -> bool:
        return pair <= self.drugs and pair not in self.apart

    def gives_otherwise(self, pair: Pair) -> bool:
        return pair in self.apart or (self.is_combined and len(pair & self.drugs) == 1)


def combined_otherwise(claim: Reading, evidence: Sequence[Reading]) -> bool:
    """Whether a claim gives a drug with one that its evidence gives with others only."""
    claimed = pairs(claim)
    if not claimed:
        return False
    groups = [group for sentence in evidence for group in _groups(sentence)]
    return any(
        not any(group.gives(pair) for group in groups)
        and any(group.gives_otherwise(pair) for group in groups)
        for pair in claimed
    )


def pairs(reading: Reading) -> list[Pair]:
    """Return each two drugs of which one is given with the other: "A combined with B"."""
    found: list[Pair] = []
    for at, following in pairwise(_treatments(reading)):
        between = {token.word for token in reading.tokens[at + 1 : following]}
        if between >= _WITH_OR_WITHOUT:
            between -= _WITH_OR_WITHOUT - _JOINS
        if between & _JOINS and between <= _JOINS | _BESIDE_JOINS:
            found.append(Pair((reading.tokens[at].keys[0], reading.tokens[following].keys[0])))
    return found


def _groups(reading: Reading) -> Iterator[_Group]:
    """Give the drugs that stand together.

    "A with B, C with D, or E" is A and B, then C, D and E: a "with" behind a drug that has none
    before it begins another group. "A with B, with C" is one, "A with B or with C" two with A.
    """
    group = _Group()
    alike: list[str] = []
    joined = False
    before: list[str] = []
    for at, behind in _with_what_follows(reading):
        joint = _joint(behind)
        if joint is not None and group.is_combined and not joined:
            yield group
            group = _Group()
        own = reading.tokens[at].keys[0]
        group.head = group.head or own
        group.drugs |= {own, *reading.tokens[at].implied}
        if before in _ALTERNATIVES:
            group.apart |= {Pair((own, other)) for other in alike}
        alike = [*alike, own] if before in (_COMMA, *_ALTERNATIVES) else [own]
        if joint is not None and joined and _OR in behind[:joint]:
            yield group
            group = _Group(group.head, {group.head})
        group.is_combined = group.is_combined or joint is not None
        joined, before = joint is not None, behind
    if group.drugs:
        yield group


def _with_what_follows(reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Give where each drug stands, and the words behind it up to the next one."""
    places = _treatments(reading)
    for at, following in pairwise([*places, len(reading.tokens)]):
        is_last = following == len(reading.tokens)
        yield at, [] if is_last else [token.word for token in reading.tokens[at + 1 : following]]


def _joint(between: Sequence[str]) -> int | None:
    """Return which of the words between two drugs gives one with the other, None where none."""
    for at, word in enumerate(between):
        if word in _JOINS and (at == 0 or between[at - 1] not in _BEFORE_OTHERS):
            return at
    return None


def _treatments(reading: Reading) -> list[int]:
    return [at for at, token in enumerate(reading.tokens) if token.is_treatment]
