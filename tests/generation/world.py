"""A question that is being answered, for tests of the writing itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from navis_api.asking.asked import Asked, AskQuestion
from navis_api.asking.service import AskingService
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation import repository, service
from navis_api.generation.contract import Engine
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.keeping import Lease
from navis_api.generation.models import Generation, GenerationEventRow
from navis_api.generation.tasks import GenerationTask
from navis_api.identity.viewer import ANONYMOUS, Viewer
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock, utc_now

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEW_QUESTION = "My liver cancer came back - what are my options now"


def asking_service(database: Database) -> AskingService:
    return AskingService(
        CatalogueKeeper(database),
        engine="extractive",
        max_question_chars=1_000,
        idempotency_ttl_s=86_400,
    )


async def ask(
    database: Database,
    text: str = NEW_QUESTION,
    *,
    viewer: Viewer = ANONYMOUS,
    now: datetime = NOON,
    cancer: str | None = None,
    locale: str = "en",
    personal: bool = False,
    idempotency_key: str | None = None,
) -> Asked:
    question = AskQuestion(
        text=text,
        cancer=cancer,
        locale=locale,
        personal=personal,
        idempotency_key=idempotency_key,
    )
    async with database.writing(SYSTEM_ROWS) as session:
        return await asking_service(database).ask(session, question, viewer=viewer, now=now)


async def generation_of(database: Database, text: str = NEW_QUESTION) -> UUID:
    asked = await ask(database, text)
    assert asked.generation_id is not None
    return asked.generation_id


def extractive(database: Database) -> ExtractiveEngine:
    return ExtractiveEngine(database, CatalogueKeeper(database))


def task(
    database: Database,
    engine: Engine | None = None,
    *,
    clock: Clock = utc_now,
    lease_s: float = 15,
    max_attempts: int = 3,
    patience_s: float = 180,
    fanout: Fanout | None = None,
    outcomes: Counter[str] | None = None,
) -> GenerationTask[Lease]:
    """Without a fanout that runs, the task looks at its lease every half second."""
    engines: Mapping[str, Engine] = {"extractive": engine or extractive(database)}
    return GenerationTask(
        service,
        database,
        fanout or Fanout("postgresql://nobody@127.0.0.1:1/nowhere"),
        engines,
        clock=clock,
        lease_s=lease_s,
        max_attempts=max_attempts,
        patience_s=patience_s,
        outcomes=outcomes,
    )


async def generation(database: Database, generation_id: UUID) -> Generation:
    async with database.reading(SYSTEM_ROWS) as session:
        return (await repository.get_many(session, [generation_id]))[generation_id]


async def events(database: Database, generation_id: UUID) -> list[GenerationEventRow]:
    async with database.reading(SYSTEM_ROWS) as session:
        return await repository.events_after(session, generation_id, 0)
