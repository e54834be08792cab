"""A profile, put together from a patient's findings: pure, so that it can be tried by itself."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from navis_api.records.extraction.findings import FindingKind, Temporality
from navis_api.records.findings.views import FindingView
from navis_api.records.profile.claims import Claim, Statement, claim_of, statements_of
from navis_api.records.profile.comparing import Comparison, compare
from navis_api.records.profile.facts import (
    MAX_FOR_GENERATION,
    Contradiction,
    Profile,
    ProfileFact,
)
from navis_api.records.profile.normal.reading import known_line

_K = FindingKind
# What matters most for an answer comes first; of genes a record may list hundreds.
_ORDER: Final = (
    _K.PRIMARY_CANCER, _K.HISTOLOGY, _K.STAGE_GROUP, _K.TNM_CATEGORY, _K.METASTATIC_SITE,
    _K.TUMOR_MARKER, _K.PERFORMANCE_STATUS, _K.MEDICATION, _K.PROCEDURE, _K.RADIOTHERAPY,
    _K.GENOMIC_VARIANT,
)  # fmt: skip


def assemble(views: Sequence[FindingView]) -> Profile:
    """Return the profile of one patient's findings, in whatever state each is.

    Facts come of those that the patient has confirmed or corrected, contradictions of all that
    they haven't rejected.
    """
    claims = [claim for view in views if (claim := claim_of(view)) is not None]
    decided = [claim for claim in claims if claim.is_decided]
    contradictions = _contradictions(claims)
    facts = _facts(decided, _ids_in(contradictions))
    named = {id_ for each in (*facts, *contradictions) for id_ in each.finding_ids}
    return Profile(
        facts=tuple(facts),
        contradictions=tuple(contradictions),
        findings={view.id: view for view in views if view.id in named},
        stripped=tuple(_stripped(decided)[:MAX_FOR_GENERATION]),
    )


def _contradictions(claims: Sequence[Claim]) -> list[Contradiction]:
    found = [
        Contradiction(
            kind=conflict.statements[0].told.kind,
            name=_shortest_name(conflict.statements),
            reason=conflict.reason,
            finding_ids=tuple(_ids(conflict.statements)),
        )
        for conflict in _compared(claims)[1].conflicts
    ]
    return sorted(found, key=lambda each: (_ORDER.index(each.kind), each.name))


def _facts(decided: Sequence[Claim], disputed: frozenset[UUID]) -> list[ProfileFact]:
    statements, comparison = _compared(decided)
    return [
        ProfileFact(
            finding_ids=tuple(_ids([statement])),
            kind=statement.told.kind,
            name=statement.told.name,
            key=statement.told.key,
            value=statement.told.value,
            unit=statement.told.unit,
            assertion=statement.told.assertion,
            temporality=_temporality(statement, is_overtaken=place in comparison.overtaken),
            treatment_status=statement.told.treatment_status,
            line=statement.told.line,
            observed_on=statement.day,
            disputed=not disputed.isdisjoint(_ids([statement])),
            is_readable=statement.form is not None,
        )
        for place, statement in _in_order(statements, comparison)
    ]


def _stripped(decided: Sequence[Claim]) -> list[ProfileFact]:
    """Return the facts with nothing in them but the vocabulary's words."""
    statements, comparison = _compared([claim for claim in decided if claim.form is not None])
    disputed = {id_ for conflict in comparison.conflicts for id_ in _ids(conflict.statements)}
    found: list[ProfileFact] = []
    for place, statement in _in_order(statements, comparison):
        form, is_overtaken = statement.form, place in comparison.overtaken
        if form is None or (form.is_measured and is_overtaken):
            continue
        found.append(
            ProfileFact(
                finding_ids=tuple(_ids([statement])),
                kind=statement.told.kind,
                name=form.name,
                key=form.key,
                value=form.value,
                unit=form.unit,
                assertion=statement.told.assertion,
                temporality=_temporality(statement, is_overtaken=is_overtaken),
                treatment_status=statement.told.treatment_status,
                line=known_line(statement.told.line),
                observed_on=None,
                disputed=not disputed.isdisjoint(_ids([statement])),
            )
        )
    return found


def _compared(claims: Sequence[Claim]) -> tuple[list[Statement], Comparison]:
    statements = statements_of(claims)
    return statements, compare(statements, claims)


def _in_order(
    statements: Sequence[Statement], comparison: Comparison
) -> list[tuple[int, Statement]]:
    """Return statements with their places: by kind, what holds now first, then the newest."""

    def rank(each: tuple[int, Statement]) -> tuple[int, str, bool, int, int]:
        place, statement = each
        is_past = place in comparison.overtaken or not statement.is_current
        day = (statement.day or date.min).toordinal()
        return _ORDER.index(statement.told.kind), statement.key, is_past, -day, place

    return sorted(enumerate(statements), key=rank)


def _temporality(statement: Statement, *, is_overtaken: bool) -> Temporality:
    return Temporality.HISTORICAL if is_overtaken else statement.told.temporality


def _shortest_name(statements: Iterable[Statement]) -> str:
    """Return what they all are about: a gene's name without the change that one of them has."""
    return min((statement.told.name for statement in statements), key=len)


def _ids(statements: Iterable[Statement]) -> list[UUID]:
    return [claim.finding_id for statement in statements for claim in statement.claims]


def _ids_in(contradictions: Iterable[Contradiction]) -> frozenset[UUID]:
    return frozenset(id_ for each in contradictions for id_ in each.finding_ids)
