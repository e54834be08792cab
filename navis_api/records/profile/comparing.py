"""Where findings can't all hold, and which of several is the newest.

What a record says of a tumor at one time stands: a stage, a category, the status of a receptor or
a gene. Two of them that differ are a contradiction, unless they can both hold: a clinical and a
pathological category, then and now, two changes of one gene, two cancers. What is measured changes
with time: its newest value counts, by the days that the findings have. Where those don't tell,
nothing is chosen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from typing import Final
from uuid import UUID

from navis_api.records.extraction.findings import Assertion, FindingKind
from navis_api.records.profile.claims import TREATMENTS, Claim, Statement
from navis_api.records.profile.facts import ContradictionReason
from navis_api.records.profile.normal.form import NormalForm, Stance
from navis_api.vocabulary.cancers import are_one

_K = FindingKind
_STAGED: Final = frozenset({_K.STAGE_GROUP, _K.TNM_CATEGORY})
# Of these each is told by itself: several hold beside each other.
_LISTED: Final = TREATMENTS | {_K.PRIMARY_CANCER, _K.HISTOLOGY, _K.METASTATIC_SITE}
_EXTENT: Final = "extent"
# What one test finds of HER2 and what another does may differ, and both hold.
_HER2_TESTS: Final = frozenset({"her2_ihc", "her2_fish"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that can't all hold."""

    reason: ContradictionReason
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing: conflicts, and the statements that a newer one has overtaken."""

    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    overtaken: set[int] = field(default_factory=set[int])
    """Each by its place among the statements."""


def compare(statements: Sequence[Statement], claims: Iterable[Claim]) -> Comparison:
    """Compare the statements of one patient. `claims` tell which record is of which cancer."""
    cancers = _cancers_by_record(claims)
    found = Comparison()
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, statement in enumerate(statements):
        if statement.form is not None:
            groups.setdefault(_group(statement, statement.form), []).append(place)
    for group, places in groups.items():
        within = [statements[place] for place in places]
        if group[0] == _MEASURED:
            _compare_measured(places, statements, found)
        elif group[0] == _LIST:
            _compare_listed(places, statements, found)
        else:
            _compare_standing(within, cancers, found)
    return found


_MEASURED: Final = "measured"
_LIST: Final = "list"
_STANDING: Final = "standing"


def _group(statement: Statement, form: NormalForm) -> tuple[object, ...]:
    """Return what statements have to share to be held against each other."""
    kind = statement.told.kind
    if kind in _LISTED:
        return _LIST, kind, form.key
    if form.key == _EXTENT:
        return _LIST, kind, form.key, form.value
    if form.is_measured:
        return _MEASURED, kind, form.key, form.scope
    key = "her2" if form.key in _HER2_TESTS else form.key
    return _STANDING, kind, key, statement.told.temporality


def _compare_measured(
    places: list[int], statements: Sequence[Statement], found: Comparison
) -> None:
    """Let the newest value count, and those of earlier days stay as what was."""
    values = [place for place in places if statements[place].is_affirmed]
    denied = [place for place in places if not statements[place].is_affirmed]
    for place in denied:
        same = [at for at in values if statements[at].form == statements[place].form]
        _note(ContradictionReason.DENIED, [*same, place] if same else [], statements, found)
    now = [place for place in values if statements[place].is_current]
    newest = max((statements[place].day or date.min for place in now), default=date.min)
    rest: list[int] = []
    for place in now:
        day = statements[place].day
        if day is not None and day < newest:
            found.overtaken.add(place)
        else:
            rest.append(place)
    is_undated = any(statements[place].day is None for place in rest)
    reason = ContradictionReason.ORDER_UNKNOWN if is_undated else ContradictionReason.DIFFERENT
    _note(reason, rest, statements, found)


def _compare_listed(places: list[int], statements: Sequence[Statement], found: Comparison) -> None:
    """Hold what is affirmed against what is denied: the later one counts."""
    now = [place for place in places if statements[place].is_current]
    affirmed = [p for p in now if statements[p].is_affirmed and _has_happened(statements[p])]
    denied = [place for place in now if not statements[place].is_affirmed]
    if not affirmed or not denied:
        return
    last_affirmed, last_denied = (_last(statements[p] for p in side) for side in (affirmed, denied))
    is_undated = any(statements[place].day is None for place in (*affirmed, *denied))
    if is_undated or last_affirmed == last_denied:
        _note(ContradictionReason.DENIED, [*affirmed, *denied], statements, found)
    else:
        found.overtaken.update(denied if last_affirmed > last_denied else affirmed)


def _last(statements: Iterable[Statement]) -> date:
    return max(statement.day or date.min for statement in statements)


def _has_happened(statement: Statement) -> bool:
    status = statement.told.treatment_status
    return status is None or status.is_given


def _compare_standing(
    within: list[Statement], cancers: Mapping[UUID, frozenset[str]], found: Comparison
) -> None:
    """Hold what stands against each other, two at a time."""
    at_odds = list(_at_odds(within, cancers))
    if at_odds:
        is_denied = all(is_denial for _, _, is_denial in at_odds)
        reason = ContradictionReason.DENIED if is_denied else ContradictionReason.DIFFERENT
        places = sorted({place for one, other, _ in at_odds for place in (one, other)})
        found.conflicts.append(Conflict(reason, tuple(within[place] for place in places)))


def _at_odds(
    within: list[Statement], cancers: Mapping[UUID, frozenset[str]]
) -> Iterator[tuple[int, int, bool]]:
    for place, further in _pairs(within):
        one, other = within[place], within[further]
        if _conflict(one, other) and _may_be_of_one_cancer(one, other, cancers):
            yield place, further, one.is_affirmed is not other.is_affirmed


def _pairs(within: list[Statement]) -> Iterator[tuple[int, int]]:
    """Give the pairs that may be at odds: of a gene a record may list changes by the hundred."""
    if within[0].told.kind in _STAGED:
        yield from combinations(range(len(within)), 2)
        return
    stances = [_stance(statement) for statement in within]
    there = [place for place, stance in enumerate(stances) if stance is Stance.YES]
    yield from product(there, [p for p, stance in enumerate(stances) if stance is Stance.NO])


def _conflict(one: Statement, other: Statement) -> bool:
    first, second = one.form, other.form
    if (
        first is None
        or second is None
        or (first.key != second.key and {first.key, second.key} <= _HER2_TESTS)
    ):
        return False
    if one.told.kind in _STAGED:
        return _stages_conflict(one, first, other, second)
    # "No T790M" leaves room for another change, and a change that isn't named for any.
    denied, affirmed = (first, second) if _stance(one) is Stance.NO else (second, first)
    return not denied.scope or denied.scope == affirmed.scope


def _stages_conflict(
    one: Statement, first: NormalForm, other: Statement, second: NormalForm
) -> bool:
    if not one.is_affirmed and not other.is_affirmed:
        return False
    is_category = one.told.kind is _K.TNM_CATEGORY
    if first.scope != second.scope and (is_category or (first.scope and second.scope)):
        return False
    if _is_open(first) or _is_open(second):
        return False
    if one.is_affirmed and other.is_affirmed:
        return not (first.parts <= second.parts or second.parts <= first.parts)
    denied, affirmed = (second, first) if one.is_affirmed else (first, second)
    return denied.parts <= affirmed.parts


def _is_open(form: NormalForm) -> bool:
    """Whether a stage is a range, or a category couldn't be told ("NX")."""
    value = form.value or ""
    return "-" in value or value.endswith("X")


def _stance(statement: Statement) -> Stance | None:
    """Return what a statement says of a marker: to deny that it is there says that it isn't."""
    stance = statement.form.stance if statement.form is not None else None
    if statement.is_affirmed:
        return stance
    return Stance.NO if stance is Stance.YES else None


def _note(
    reason: ContradictionReason,
    places: list[int],
    statements: Sequence[Statement],
    found: Comparison,
) -> None:
    if len(places) > 1:
        found.conflicts.append(Conflict(reason, tuple(statements[place] for place in places)))


def _cancers_by_record(claims: Iterable[Claim]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for claim in claims:
        told = claim.told
        if told.kind is _K.PRIMARY_CANCER and told.assertion is Assertion.PRESENT:
            found[claim.record_id] = found.get(claim.record_id, frozenset()) | {told.key}
    return found


def _may_be_of_one_cancer(
    one: Statement, other: Statement, cancers: Mapping[UUID, frozenset[str]]
) -> bool:
    """Whether two statements may be of one tumor, by the cancers that their records name."""
    return any(
        _share_cancer(
            cancers.get(first, frozenset()),
            cancers.get(second, frozenset()),
            is_one_record=first == second,
        )
        for first in {claim.record_id for claim in one.claims}
        for second in {claim.record_id for claim in other.claims}
    )


def _share_cancer(first: frozenset[str], second: frozenset[str], *, is_one_record: bool) -> bool:
    if is_one_record:
        # A record of two cancers says of each what holds for it.
        return all(are_one(mine, theirs) for mine in first for theirs in first)
    return (
        not first or not second or any(are_one(mine, theirs) for mine in first for theirs in second)
    )
