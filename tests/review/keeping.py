"""What tests of keeping answers true have in common: sources that change, and looking at it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from navis_api.answers.document import content_source
from navis_api.answers.models import AnswerRevision
from navis_api.answers.publishing_models import AnswerHistoryRow, PublishedChange
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.review.models import ReviewItem
from navis_api.review.tasks import KeepingTrue
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Source
from navis_api.sources.repository import views_of_versions
from navis_api.sources.service import Saved, save_document
from tests.review.world import ABLATION, COMES_BACK, NOON, SOURCE_KEY, SURGERY, Given, World

WITHOUT_ABLATION = f"# Liver cancer treatment\n\n{COMES_BACK}\n\n## Treatment\n\n{SURGERY}\n"
MOVED = f"# Liver cancer treatment\n\n- {SURGERY}\n- {ABLATION}\n\nMore.\n\n{COMES_BACK}\n"


async def save_source(
    world: World, markdown: str, *, key: str = SOURCE_KEY, version: str | None = None
) -> Saved:
    """Take a text into the corpus, as an import does."""
    document = SourceDocument(
        key=key,
        title="Liver cancer treatment",
        publisher="A public institute",
        url=f"https://example.org/{key.rpartition(':')[2]}",
        licence="Public domain",
        markdown=markdown,
        where="test",
        version=version,
        last_reviewed_on=date(2026, 1, 2),
    )
    async with world.database.writing(SYSTEM_ROWS) as session:
        return await save_document(session, document, catalogue=world.catalogue, now=NOON)


async def elsewhere(world: World, key: str) -> World:
    """The same world, whose answers quote another source with the same words."""
    await save_source(world, world.text, key=key)
    async with world.database.reading() as session:
        version_id = await session.scalar(
            text(
                "SELECT v.id FROM source_versions v JOIN sources s ON s.id = v.source_id"
                " WHERE s.key = :key AND v.superseded_at IS NULL"
            ),
            {"key": key},
        )
        assert version_id is not None
        view = (await views_of_versions(session, [version_id]))[version_id]
        found = await session.scalar(
            text("SELECT text FROM source_versions WHERE id = :id"), {"id": version_id}
        )
    assert isinstance(found, str)
    return replace(world, source=content_source(view), text=found, asked=100)


async def source_id(world: World, key: str = SOURCE_KEY) -> UUID:
    async with world.database.reading() as session:
        return (await session.scalars(select(Source.id).where(Source.key == key))).one()


def keeping(world: World, *, now: datetime = NOON) -> KeepingTrue:
    return KeepingTrue(world.database, clock=lambda: now)


async def jobs(database: Database, task: str) -> list[bytes]:
    """The payloads that wait for a worker."""
    async with database.reading(SYSTEM_ROWS) as session:
        rows = await session.execute(
            text("SELECT payload FROM pgqueuer WHERE entrypoint = :task ORDER BY id"),
            {"task": task},
        )
        return [bytes(row.payload) for row in rows]


async def item(world: World, given: Given) -> ReviewItem | None:
    """A revision's place in the queue."""
    async with world.database.reading(SYSTEM_ROWS) as session:
        return await session.get(ReviewItem, given.revision_id)


async def steps(world: World, given: Given) -> list[str]:
    """The states that a revision came to, in order."""
    async with world.database.reading(SYSTEM_ROWS) as session:
        rows = await session.scalars(
            select(AnswerHistoryRow)
            .where(AnswerHistoryRow.revision_id == given.revision_id)
            .order_by(AnswerHistoryRow.sequence)
        )
        return [row.after.value for row in rows]


async def change(world: World, given: Given) -> PublishedChange | None:
    """What those who keep a copy are told of an answer."""
    async with world.database.reading(SYSTEM_ROWS) as session:
        return await session.get(PublishedChange, given.answer_id)


async def untouched(world: World, given: Given) -> dict[str, Any]:
    """Everything of a revision that a change would change."""
    async with world.database.reading(SYSTEM_ROWS) as session:
        revision = await session.get_one(AnswerRevision, given.revision_id)
    told = await change(world, given)
    return {
        "state": revision.state,
        "version": revision.lock_version,
        "reason": revision.state_reason,
        "claims": revision.stale_claims,
        "updated": revision.updated_at,
        "change": told.sequence if told else None,
        "steps": await steps(world, given),
    }
