"""How much of what records say is found, and how much of what is found they say."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from navis_api.evaluation.extraction.cases import ExtractionCase, content_of
from navis_api.evaluation.extraction.expected import marker_keys, treatment_keys
from navis_api.evaluation.extraction.facts import FactKind
from navis_api.evaluation.extraction.matching import Compared, compare
from navis_api.evaluation.figures import Outcome, share
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.text.diseases import diseases_in

CODED = frozenset({"fhir", "ccda"})
Extract = Callable[[bytes], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Found rightly (`tp`), found wrongly (`fp`) and missed (`fn`), with what follows of them."""

    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class ExtractionFigures:
    """Figures overall ("coded" and "free_text"), by kind of file, and by kind of finding in each.

    `trap_hits` are the wrong findings that a case's traps name.
    """

    files: int
    overall: dict[str, Counts]
    file_kinds: dict[str, Counts]
    finding_kinds: dict[str, dict[str, Counts]]
    trap_hits: int
    cases: tuple[Outcome, ...]


@dataclass(slots=True)
class _Tally:
    tp: int = 0
    fp: int = 0
    fn: int = 0

    def counts(self) -> Counts:
        return Counts(
            self.tp, self.fp, self.fn,
            share(self.tp, self.tp + self.fp), share(self.tp, self.tp + self.fn),
        )  # fmt: skip


async def evaluate_extraction(
    cases: Iterable[ExtractionCase], folder: Path, extract: Extract
) -> ExtractionFigures:
    """Read each record as an upload is read, and compare what is found with its labels."""
    tallies: dict[tuple[str, FactKind], _Tally] = defaultdict(_Tally)
    outcomes: list[Outcome] = []
    hits = total = 0
    for case in cases:
        compared = compare(case.expected, await extract(content_of(case, folder)))
        total += 1
        _count(tallies, case.file_kind, compared)
        trapped = _trap_hits(case, compared)
        hits += trapped
        outcomes.append(_outcome(case, compared, trapped))
    groups = {kind: "coded" if kind in CODED else "free_text" for kind, _ in tallies}
    return ExtractionFigures(
        files=total,
        overall=_summed(tallies, lambda kind: groups[kind]),
        file_kinds=_summed(tallies, lambda kind: kind),
        finding_kinds={
            group: {
                fact.value: counts
                for fact in FactKind
                if (counts := _of_kind(tallies, group, groups, fact)) is not None
            }
            for group in dict.fromkeys(groups.values())
        },
        trap_hits=hits,
        cases=tuple(outcomes),
    )


def _count(tallies: dict[tuple[str, FactKind], _Tally], file_kind: str, compared: Compared) -> None:
    for fact in compared.found:
        tallies[file_kind, fact.kind].tp += 1
    for fact in compared.missing:
        tallies[file_kind, fact.kind].fn += 1
    for kind, _ in compared.wrong:
        tallies[file_kind, kind].fp += 1


def _summed(
    tallies: dict[tuple[str, FactKind], _Tally], group_of: Callable[[str], str]
) -> dict[str, Counts]:
    sums: dict[str, _Tally] = defaultdict(_Tally)
    for (kind, _), tally in tallies.items():
        _add(sums[group_of(kind)], tally)
    return {group: tally.counts() for group, tally in sorted(sums.items())}


def _of_kind(
    tallies: dict[tuple[str, FactKind], _Tally],
    group: str,
    groups: dict[str, str],
    fact: FactKind,
) -> Counts | None:
    together = _Tally()
    for (kind, each), tally in tallies.items():
        if each is fact and groups[kind] == group:
            _add(together, tally)
    return together.counts() if together.tp + together.fp + together.fn else None


def _add(to: _Tally, tally: _Tally) -> None:
    to.tp += tally.tp
    to.fp += tally.fp
    to.fn += tally.fn


def _trap_hits(case: ExtractionCase, compared: Compared) -> int:
    named: set[str] = set()
    for trap in case.trap_texts:
        named.update(treatment_keys(trap), marker_keys(trap))
        named.update(each.cancer for each in diseases_in(f"{trap} cancer") if each.cancer)
    return sum(key in named for _, key in compared.wrong)


def _outcome(case: ExtractionCase, compared: Compared, trapped: int) -> Outcome:
    """Return a case's outcome; reasons hold kinds and keys, never a record's words."""
    reasons = [
        *(
            f"missed {fact.kind.value} {'/'.join(sorted(fact.keys)) or '?'}"
            for fact in compared.missing
        ),
        *(f"wrong {kind.value} {key}" for kind, key in compared.wrong),
    ]
    if trapped:
        reasons.append(f"trap hits: {trapped}")
    totals = Counter(
        found=len(compared.found), missed=len(compared.missing), wrong=len(compared.wrong)
    )
    said = ", ".join(f"{name} {number}" for name, number in totals.items())
    return Outcome(case.id, said, not (compared.missing or compared.wrong), tuple(reasons))
