"""What findings claim of the patient, as the patient has it; the same said twice is one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from navis_api.kit.text import fold
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
)
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView
from navis_api.records.profile.normal.form import NormalForm
from navis_api.records.profile.normal.reading import normal_form

TREATMENTS: Final = frozenset(
    {FindingKind.MEDICATION, FindingKind.PROCEDURE, FindingKind.RADIOTHERAPY}
)
_OF_THE_PATIENT: Final = frozenset({Assertion.PRESENT, Assertion.ABSENT})
_DECIDED: Final = frozenset({FindingStatus.CONFIRMED, FindingStatus.CORRECTED})


@dataclass(frozen=True, slots=True)
class Claim:
    """A finding as its patient has it. `form` is None where the vocabulary can't read it."""

    finding_id: UUID
    record_id: UUID
    told: Finding
    form: NormalForm | None
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One or more claims that say the same; `told` and `form` are of the one that says most.

    `day` is the newest that any of them has.
    """

    claims: tuple[Claim, ...]
    told: Finding
    form: NormalForm | None
    day: date | None

    @property
    def key(self) -> str:
        """What it is about, for machines."""
        return self.form.key if self.form is not None else self.told.key

    @property
    def is_current(self) -> bool:
        """Whether its records speak of the time when they were written."""
        return self.told.temporality is Temporality.CURRENT

    @property
    def is_affirmed(self) -> bool:
        """Whether it holds for the patient, rather than being denied."""
        return self.told.assertion is Assertion.PRESENT


def claim_of(view: FindingView) -> Claim | None:
    """Return what a finding claims of the patient.

    None for what they rejected, for what is left open or said of a relative, and for what a
    language model has proposed and they haven't decided on.
    """
    if view.read.origin is FindingOrigin.MODEL and view.status not in _DECIDED:
        return None
    told = view.read if view.correction is None else view.correction.applied_to(view.read)
    if view.status is FindingStatus.REJECTED or told.assertion not in _OF_THE_PATIENT:
        return None
    return Claim(view.id, view.record_id, told, normal_form(told), view.status in _DECIDED)


def statements_of(claims: Iterable[Claim]) -> list[Statement]:
    """Return claims with the same said once, in the order in which it is said first."""
    found: dict[tuple[object, ...], list[Statement]] = {}
    for claim in claims:
        alike = found.setdefault(_place(claim), [])
        for at, statement in enumerate(alike):
            if _is_same(statement, claim):
                alike[at] = _with(statement, claim)
                break
        else:
            alike.append(Statement((claim,), claim.told, claim.form, claim.told.observed_on))
    return [statement for alike in found.values() for statement in alike]


def _place(claim: Claim) -> tuple[object, ...]:
    """Return what two claims have to agree on to be compared at all."""
    told, form = claim.told, claim.form
    is_treatment = told.kind in TREATMENTS
    said: tuple[object, ...]
    if form is None:
        said = (told.key, fold(told.name), fold(told.value or ""), fold(told.unit or ""))
    elif form.is_measured:
        said = (form.key, form.scope, min(form.parts, key=len))
    else:
        said = (form.key, form.scope)
    return (
        told.kind,
        told.assertion,
        (told.treatment_status, told.line) if is_treatment else told.temporality,
        form is None,
        *said,
    )


def _is_same(statement: Statement, claim: Claim) -> bool:
    one, other = statement.form, claim.form
    if one is None or other is None:
        return True
    is_less_or_more = one.parts <= other.parts or other.parts <= one.parts
    if not one.is_measured:
        return is_less_or_more
    told = (one.unit, other.unit), (statement.day, claim.told.observed_on)
    # What one of them leaves out the other may say.
    return is_less_or_more and all(None in both or both[0] == both[1] for both in told)


def _with(statement: Statement, claim: Claim) -> Statement:
    """Return a statement with another claim of the same."""
    days = [day for day in (statement.day, claim.told.observed_on) if day is not None]
    says_more = _weight(claim.form) > _weight(statement.form)
    told = claim.told if says_more else statement.told
    if claim.told.temporality is not told.temporality:
        # Of treatments that are told of both as past and as now, now is what counts.
        told = replace(told, temporality=Temporality.CURRENT)
    return Statement(
        (*statement.claims, claim),
        told,
        claim.form if says_more else statement.form,
        max(days, default=None),
    )


def _weight(form: NormalForm | None) -> tuple[int, bool]:
    return (len(form.parts), form.unit is not None) if form is not None else (0, False)
