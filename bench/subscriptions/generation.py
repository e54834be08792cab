"""A generation that is written by the measurement itself, an event at a time."""

from datetime import UTC, date, datetime
from uuid import uuid4

import navis_api.cancers.models  # noqa: F401  # pyright: ignore[reportUnusedImport] - the table of questions refers to theirs
from navis_api.answers.document import ContentCitation, ContentSource, citation_to_json
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation import service
from navis_api.generation.models import Generation, GenerationEventKind
from navis_api.generation.service import Event, Lease
from navis_api.kit.ids import new_id
from navis_api.questions.models import Question, QuestionStatus

_SENTENCE = "Ask your care team which of these choices fit you, and what each would mean for you. "
_LEASE_S = 3_600.0
_SOURCE = ContentSource(
    id=uuid4(),
    version_id=uuid4(),
    title="Liver cancer treatment",
    publisher="A public institute",
    url="https://example.org/liver",
    version="2025",
    published_on=None,
    last_reviewed_on=None,
    accessed_on=date(2025, 5, 6),
    licence="Public domain",
)
_CITATION = ContentCitation(
    number=1, source=_SOURCE, quote=_SENTENCE, start=0, end=len(_SENTENCE), locator="Treatment"
)


class Written:
    """A generation that waits for its next event."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database = database
        self._lease = lease

    @property
    def id(self) -> str:
        """Its id, in hexadecimal."""
        return str(self._lease.generation_id)

    @classmethod
    async def begin(cls, database: Database) -> "Written":
        """Ask a question that nobody answers, and take its writing in hand."""
        now = datetime.now(UTC)
        async with database.writing(SYSTEM_ROWS) as session:
            question = Question(
                id=new_id(),
                text="What can be done about liver cancer?",
                match_key=f"bench {uuid4()}",
                locale="en",
                status=QuestionStatus.GENERATING,
                asked_anonymously=True,
                asked_at=now,
                search="",
            )
            session.add(question)
            await session.flush()
            generation: Generation = await service.start(
                session, question, engine="extractive", now=now
            )
        async with database.writing(SYSTEM_ROWS) as session:
            lease = await service.claim(
                session, generation.id, lease_s=_LEASE_S, max_attempts=1, now=now
            )
        assert lease is not None, "nobody else writes it"
        return cls(database, lease)

    async def add_text(self) -> None:
        """Add a sentence with a citation."""
        payload = {
            "sectionIndex": 0,
            "sectionKind": "OPTIONS",
            "heading": "Options",
            "style": "SENTENCE",
            "text": _SENTENCE,
            "citations": [citation_to_json(_CITATION)],
        }
        event = Event(GenerationEventKind.TEXT_ADDED, payload)
        async with self._database.writing(SYSTEM_ROWS) as session:
            await service.advance(session, self._lease, [event], now=datetime.now(UTC))
