"""What somebody proposes as a finding, and the port behind which they do: nobody is believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)

MAX_PROPOSALS: Final = 40
"""Proposals of one record that are looked at. Our own reader finds 60 in the fullest report."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A finding as it is proposed, with nothing of it checked.

    `page` counts from 1. `quote` is said to be copied from there, `value` and `unit` from the
    quote. The other fields are as in `Finding`.
    """

    kind: FindingKind
    name: str
    page: int
    quote: str
    value: str | None = None
    unit: str | None = None
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    treatment_status: TreatmentStatus | None = None
    observed_on: date | None = None


class Proposer(Protocol):
    """Proposes findings in the text of a record's pages."""

    async def propose(self, pages: Sequence[str], read: Sequence[Finding]) -> Sequence[Proposal]:
        """Return proposals, beside those that were `read` already.

        Raises ModelFailed, which holds no word of the record.
        """
        ...
