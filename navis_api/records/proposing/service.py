"""Having more findings proposed for a record: where its patient allows it at that moment."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import Clock
from navis_api.language_models.errors import ModelFailed
from navis_api.records.acting import as_ourselves
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.service import has_consent_of
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.proposing.accepting import accepted
from navis_api.records.proposing.proposal import Proposer
from navis_api.settings import Settings

_log = structlog.get_logger(__name__)

_MOST_PAGES: Final = 200


class Proposing:
    """Asks a proposer about records that were read, and keeps of its answers what holds."""

    def __init__(
        self, database: Database, proposer: Proposer, *, clock: Clock, max_chars: int
    ) -> None:
        self._database = database
        self._proposer = proposer
        self._clock = clock
        self._max_chars = max_chars

    async def more_of(
        self, extraction: Extraction, *, patient_id: UUID, record_id: UUID
    ) -> tuple[Finding, ...]:
        """Return findings beside those of the extraction; none where its patient doesn't allow it.

        The consent is looked up right before anything is sent, and the sending is noted in the
        audit record with it. A proposer that fails has proposed nothing.
        """
        pages = shown(extraction.pages, self._max_chars)
        if not pages or not await self._may_send(pages, patient_id, record_id):
            return ()
        try:
            proposals = await self._proposer.propose(pages, extraction.findings)
        except ModelFailed as failed:
            _log.warning(
                "records.model_failed",
                record_id=str(record_id),
                model=failed.model,
                fault=failed.fault.value,
            )
            return ()
        found = await asyncio.to_thread(accepted, pages, extraction.findings, proposals)
        _log.info(
            "records.proposed",
            record_id=str(record_id),
            proposals=len(proposals),
            accepted=len(found),
        )
        return tuple(found)

    async def _may_send(self, pages: Sequence[str], patient_id: UUID, record_id: UUID) -> bool:
        async with self._database.writing(SYSTEM_ROWS) as session:
            purpose = ConsentPurpose.READING_BY_MODEL
            if not await has_consent_of(session, patient_id, purpose):
                return False
            await as_ourselves(self._clock()).note(
                session,
                "record.send_to_model",
                record_id=record_id,
                detail={"pages": len(pages), "chars": sum(map(len, pages))},
            )
        return True


def proposing_from(settings: Settings, database: Database, *, clock: Clock) -> Proposing | None:
    """Return who has more findings proposed; None where no model is set. Raises ModelUnusable."""
    if settings.records_model is None:
        return None
    # Here, since its libraries take a second to import and nothing else needs them.
    from navis_api.records.proposing.model import model_proposer  # noqa: PLC0415

    return Proposing(
        database,
        model_proposer(settings.records_model, settings),
        clock=clock,
        max_chars=settings.records_model_max_chars,
    )


def shown(pages: Sequence[str], max_chars: int) -> list[str]:
    """Return the pages that are sent: the first ones, and the last of these perhaps in part.

    Empty where they have no words at all, as coded files.
    """
    kept: list[str] = []
    left = max_chars
    for page in pages[:_MOST_PAGES]:
        if left <= 0:
            break
        kept.append(page[:left])
        left -= len(page)
    return kept if any(page.strip() for page in kept) else []
