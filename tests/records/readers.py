"""Readers of records that say what they are told to, in place of the sandbox."""

from collections.abc import AsyncIterable
from uuid import UUID

import asyncpg

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import Assertion, Finding, FindingKind, TreatmentStatus
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.extraction.sniffing import ContentKind
from navis_api.records.findings.task import ExtractionTask, RecordReader
from tests.records.world import RecordWorld

STAGE = Finding(
    kind=FindingKind.STAGE_GROUP,
    name="Stage group",
    key="stage_group",
    quote="Stage IIIC",
    confidence=0.9,
    value="IIIC",
    page=1,
    start=10,
    end=20,
)
MARKER = Finding(
    kind=FindingKind.TUMOR_MARKER,
    name="Alpha-fetoprotein",
    key="afp",
    quote="AFP 412 ng/mL",
    confidence=0.95,
    value="412",
    unit="ng/mL",
    page=1,
    start=30,
    end=43,
)
DRUG = Finding(
    kind=FindingKind.MEDICATION,
    name="Sorafenib",
    key="sorafenib",
    quote="started sorafenib",
    confidence=0.8,
    page=1,
    start=50,
    end=67,
    treatment_status=TreatmentStatus.CURRENT,
)
DENIED = Finding(
    kind=FindingKind.METASTATIC_SITE,
    name="Metastasis",
    key="metastasis",
    quote="no evidence of metastatic disease",
    confidence=0.9,
    page=1,
    start=70,
    end=103,
    assertion=Assertion.ABSENT,
)
READ = (STAGE, MARKER, DRUG, DENIED)


class Reading:
    """A reader that takes everything, and then gives these findings or raises this."""

    def __init__(self, *findings: Finding, raising: Exception | None = None) -> None:
        self.findings = findings
        self.raising = raising
        self.received: list[bytes] = []
        self.is_busy = False
        self.is_kept_waiting = False

    async def extract(self, content: bytes | AsyncIterable[bytes]) -> Extraction:
        assert not isinstance(content, bytes)
        if self.is_kept_waiting:
            raise ExtractionFailed(FailureCode.TOO_COSTLY)
        self.received.append(b"".join([piece async for piece in content]))
        if self.raising is not None:
            raise self.raising
        return Extraction(ContentKind.TEXT, ("",), self.findings)


async def finding_of(owner: asyncpg.Connection, record_id: UUID) -> UUID:
    """The id of a record's first finding."""
    found = await owner.fetchval(
        "SELECT id FROM findings WHERE record_id = $1 ORDER BY number LIMIT 1", record_id
    )
    assert isinstance(found, UUID)
    return found


def extraction(world: RecordWorld, reader: RecordReader) -> ExtractionTask:
    """The job, with a lease of five seconds."""
    return ExtractionTask(world.database, world.storage, reader, clock=lambda: world.now, lease_s=5)
