"""What a patient puts right in a finding: what it says, and never what it is about."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self

from navis_api.errors import InvalidInput
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    TreatmentStatus,
)

MAX_VALUE_CHARS: Final = 200
MAX_UNIT_CHARS: Final = 40

_EARLIEST: Final = date(1900, 1, 1)
# Control characters, half surrogates, and what isn't assigned.
_NO_LETTERS = frozenset({"Cc", "Cs", "Cn"})
_TREATMENTS = frozenset({FindingKind.MEDICATION, FindingKind.PROCEDURE, FindingKind.RADIOTHERAPY})


@dataclass(frozen=True, slots=True)
class Correction:
    """What is otherwise than it was read. What is None stays as it was read.

    A finding about something else is another finding: that one is rejected.
    """

    value: str | None = None
    unit: str | None = None
    observed_on: date | None = None
    assertion: Assertion | None = None
    treatment_status: TreatmentStatus | None = None

    def checked(self, finding: Finding, *, today: date, path: tuple[str, ...]) -> "Correction":
        """Return it in its one form. Raises InvalidInput, which never quotes what was sent.

        `path` leads to it in the input.
        """
        told = replace(
            self,
            value=_text(self.value, MAX_VALUE_CHARS, (*path, "value")),
            unit=_text(self.unit, MAX_UNIT_CHARS, (*path, "unit")),
        )
        if told == Correction():
            raise InvalidInput("Say what is otherwise than it was read.", path=path)
        if told.observed_on is not None and not _EARLIEST <= told.observed_on <= today:
            raise InvalidInput(
                "The day has to be between 1900 and today.", path=(*path, "observedOn")
            )
        if told.treatment_status is not None and finding.kind not in _TREATMENTS:
            raise InvalidInput(
                "Only treatments have a treatment status.", path=(*path, "treatmentStatus")
            )
        return told

    def applied_to(self, finding: Finding) -> Finding:
        """Return the finding as the patient has it."""
        changes = {
            name: value for name in self.__slots__ if (value := getattr(self, name)) is not None
        }
        return replace(finding, **changes)

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON; `from_json` reads it back."""
        told: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        if self.observed_on is not None:
            told["observed_on"] = self.observed_on.isoformat()
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Return the correction that `as_json` gave."""
        day, assertion, treatment = (
            told[name] for name in ("observed_on", "assertion", "treatment_status")
        )
        return cls(
            value=told["value"],
            unit=told["unit"],
            observed_on=None if day is None else date.fromisoformat(day),
            assertion=None if assertion is None else Assertion(assertion),
            treatment_status=None if treatment is None else TreatmentStatus(treatment),
        )


def _text(given: str | None, most: int, path: tuple[str, ...]) -> str | None:
    if given is None:
        return None
    text = given.strip()
    if not 1 <= len(text) <= most or any(
        unicodedata.category(each) in _NO_LETTERS for each in text
    ):
        raise InvalidInput(f"Write 1 to {most} characters on one line.", path=path)
    return text
