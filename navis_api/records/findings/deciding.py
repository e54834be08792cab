"""What a patient decides on findings: that they are right, how they are right, or that they aren't.

A decision may be changed for another one, and never taken back to none: whatever rests on it
has to know that somebody looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import InvalidInput
from navis_api.records.acting import Acting
from navis_api.records.findings import repository
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.errors import FindingNotReady, FindingUnknown
from navis_api.records.findings.models import FindingStatus, StoredFinding
from navis_api.records.findings.sealed import finding_in, sealed_correction, view_of
from navis_api.records.findings.views import FindingView
from navis_api.records.models import RecordState
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage

_A_DAY: Final = timedelta(days=1)

MAX_DECISIONS: Final = 100
"""Decisions at a time: as many as a page of a list has at most."""


class FindingDecision(StrEnum):
    """What a patient decides on a finding."""

    CONFIRM = "CONFIRM"
    CORRECT = "CORRECT"
    REJECT = "REJECT"


_STATUS: Final = {
    FindingDecision.CONFIRM: FindingStatus.CONFIRMED,
    FindingDecision.CORRECT: FindingStatus.CORRECTED,
    FindingDecision.REJECT: FindingStatus.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on one finding. `correction` comes with CORRECT, and with nothing else."""

    finding_id: UUID
    decision: FindingDecision
    correction: Correction | None = None


async def decide(
    session: AsyncSession, storage: SealedStorage, decisions: Sequence[Decided], acting: Acting
) -> list[FindingView]:
    """Write what a patient decided, all of it or nothing; return the findings in that order.

    The same decision once more changes nothing but its time. Raises InvalidInput,
    FindingUnknown and FindingNotReady, each with the place in the input; then nothing is
    changed. Raises StorageUnavailable.
    """
    _require_form(decisions)
    ids = [each.finding_id for each in decisions]
    # Records before findings, as whoever works on a record holds them.
    records = {row.id: row for row in await repository.lock_records_of(session, ids)}
    rows = {row.id: row for row in await repository.lock_findings(session, ids)}
    for place, each in enumerate(decisions):
        row = rows.get(each.finding_id)
        if row is None:
            raise FindingUnknown(path=(*_path(place), "id"))
        if records[row.record_id].state is not RecordState.READY:
            raise FindingNotReady(path=(*_path(place), "id"))
    # Row security shows the findings of one patient only, so that there is one key to open.
    key = await storage.keys.open(rows[ids[0]].patient_id)
    corrections = [
        _correction(each, rows[each.finding_id], key, place=place, acting=acting)
        for place, each in enumerate(decisions)
    ]
    for each, sealed in zip(decisions, corrections, strict=True):
        row = rows[each.finding_id]
        row.status = _STATUS[each.decision]
        row.correction_sealed = sealed
        row.decided_at = acting.now
    await session.flush()
    views = [view_of(rows[id_], key) for id_ in ids]
    await acting.note(
        session,
        "finding.decide",
        detail={
            "findings": [
                {"id": each.finding_id, "decision": each.decision.value} for each in decisions
            ]
        },
    )
    return views


def _require_form(decisions: Sequence[Decided]) -> None:
    if not 1 <= len(decisions) <= MAX_DECISIONS:
        raise InvalidInput(
            f"Decide on 1 to {MAX_DECISIONS} findings at a time.", path=("input", "findings")
        )
    seen: set[UUID] = set()
    for place, each in enumerate(decisions):
        if each.finding_id in seen:
            raise InvalidInput("Decide on each finding once.", path=(*_path(place), "id"))
        seen.add(each.finding_id)
        if (each.decision is FindingDecision.CORRECT) is not (each.correction is not None):
            raise InvalidInput(
                "A correction comes with the decision `CORRECT`, and with no other.",
                path=(*_path(place), "correction"),
            )


def _correction(
    each: Decided, row: StoredFinding, key: PatientKey, *, place: int, acting: Acting
) -> bytes | None:
    if each.correction is None:
        return None
    checked = each.correction.checked(
        finding_in(row, key),
        # East of us it may be tomorrow already.
        today=acting.now.date() + _A_DAY,
        path=(*_path(place), "correction"),
    )
    return sealed_correction(row, checked, key)


def _path(place: int) -> tuple[str, ...]:
    return ("input", "findings", str(place))
