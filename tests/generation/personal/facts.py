"""Facts of patients who don't exist, in short."""

from collections.abc import Sequence
from typing import Any

from navis_api.generation.contract import PatientFact
from navis_api.records.extraction.findings import Assertion, FindingKind, TreatmentStatus

_TREATMENTS = {FindingKind.MEDICATION, FindingKind.PROCEDURE, FindingKind.RADIOTHERAPY}


def facts_of(*told: Sequence[Any]) -> tuple[PatientFact, ...]:
    """Return facts, each told as kind, key, value, and maybe assertion and whether disputed.

    The value of a treatment is how far it has come.
    """
    return tuple(_fact(number, *each) for number, each in enumerate(told, start=1))


def _fact(
    number: int,
    kind: str,
    key: str,
    value: str | None,
    assertion: str = "PRESENT",
    disputed: bool = False,  # noqa: FBT001, FBT002 - the last of a row
) -> PatientFact:
    of = FindingKind(kind)
    is_treatment = of in _TREATMENTS
    return PatientFact(
        number=number,
        kind=of,
        name=key.replace("_", " ").replace("-", " "),
        key=key,
        value=None if is_treatment else value,
        assertion=Assertion(assertion),
        treatment_status=TreatmentStatus(value) if is_treatment and value else None,
        disputed=disputed,
    )
