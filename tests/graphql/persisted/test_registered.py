"""Registered documents in memory: found, taken back, and few statements whatever is asked."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from unittest import mock

import pytest
from sqlalchemy import event

from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.graphql.persisted.registered import (
    HIT_INTERVAL_S,
    MISS_INTERVAL_S,
    RegisteredDocuments,
)
from navis_api.persisted import repository, service
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.models import DocumentKind
from navis_api.persisted.own import own_documents
from navis_api.persisted.service import Checked, Client

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
CLIENT = Client("ios", "1.0.0")
VIEWER = ManifestOperation("viewer-1", "query Viewer { viewer { kind } }")
CANCERS = ManifestOperation("cancers-1", "query Cancers { cancers { nodes { slug } } }")


class Ticks:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def register(database: Database, *operations: ManifestOperation) -> None:
    def check(_operation: ManifestOperation) -> Checked:
        return Checked("Name", DocumentKind.QUERY)

    async with database.writing(SYSTEM_ROWS) as session:
        await service.register(session, CLIENT, operations, check=check, now=NOON)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def documents(database: Database, ticks: Ticks) -> RegisteredDocuments:
    return RegisteredDocuments(database, ticks=ticks)


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """Grows by each statement that is sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_a_document_is_found_by_its_id_and_by_its_hash(
    database: Database, documents: RegisteredDocuments
) -> None:
    await register(database, VIEWER, CANCERS)
    assert await documents.by_id("viewer-1") == VIEWER.text
    assert await documents.by_id(CANCERS.sha256) == CANCERS.text
    assert await documents.by_hash(CANCERS.sha256) == CANCERS.text
    assert await documents.by_hash("viewer-1") is None
    assert await documents.by_id("other") is None


async def test_what_is_known_needs_no_statement(
    database: Database, documents: RegisteredDocuments, statements: list[str]
) -> None:
    await register(database, VIEWER)
    await documents.by_id("viewer-1")
    statements.clear()
    for _ in range(100):
        assert await documents.by_id("viewer-1") == VIEWER.text
    assert statements == []


async def test_ids_that_are_made_up_cost_no_statement_each(
    database: Database, documents: RegisteredDocuments, ticks: Ticks, statements: list[str]
) -> None:
    await register(database, VIEWER)
    await documents.by_id("viewer-1")
    statements.clear()
    ticks.now += MISS_INTERVAL_S
    found = await asyncio.gather(*(documents.by_id(f"made-up-{n}") for n in range(2_000)))
    assert set(found) == {None}
    # The viewer is set, and the list of ids is read: once, for all of them.
    assert len(statements) <= 2


async def test_one_that_is_registered_later_is_found_after_a_moment(
    database: Database, documents: RegisteredDocuments, ticks: Ticks
) -> None:
    assert await documents.by_id("viewer-1") is None
    await register(database, VIEWER)
    assert await documents.by_id("viewer-1") is None
    ticks.now += MISS_INTERVAL_S
    assert await documents.by_id("viewer-1") == VIEWER.text


async def test_one_that_is_taken_back_ends_after_a_minute(
    database: Database, documents: RegisteredDocuments, ticks: Ticks
) -> None:
    await register(database, VIEWER)
    assert await documents.by_id("viewer-1") == VIEWER.text
    async with database.writing(SYSTEM_ROWS) as session:
        await service.remove(session, CLIENT)
    ticks.now += HIT_INTERVAL_S
    assert await documents.by_id("viewer-1") is None
    assert await documents.by_hash(VIEWER.sha256) is None


async def test_many_who_ask_at_once_read_once(
    database: Database, documents: RegisteredDocuments
) -> None:
    await register(database, VIEWER)
    with mock.patch.object(repository, "list_ids", wraps=repository.list_ids) as listed:
        found = await asyncio.gather(*(documents.by_id("viewer-1") for _ in range(50)))
    assert set(found) == {VIEWER.text}
    assert listed.await_count == 1


@pytest.fixture
async def away() -> AsyncIterator[Database]:
    """A database that nobody reaches."""
    nowhere = "postgresql://navis:made-up@127.0.0.1:1/navis"
    database = Database(create_app_engine(nowhere, pool_size=1, pool_wait_s=1, command_timeout_s=1))
    yield database
    await database.close()


async def test_without_a_database_from_the_start_nobody_is_told_that_it_is_unknown(
    away: Database, ticks: Ticks
) -> None:
    documents = RegisteredDocuments(away, ticks=ticks)
    for _ in range(2):
        with pytest.raises(DatabaseBusy):
            await documents.by_id("viewer-1")
        with pytest.raises(DatabaseBusy):
            await documents.by_hash(VIEWER.sha256)


async def test_what_was_read_holds_while_the_database_is_away(
    database: Database, documents: RegisteredDocuments, away: Database, ticks: Ticks
) -> None:
    await register(database, VIEWER)
    assert await documents.by_id("viewer-1") == VIEWER.text
    documents._database = away
    ticks.now += HIT_INTERVAL_S
    assert await documents.by_id("viewer-1") == VIEWER.text
    assert await documents.by_id("other") is None
    # And it is asked again once it is back.
    documents._database = database
    await register(database, CANCERS)
    ticks.now += MISS_INTERVAL_S
    assert await documents.by_id("cancers-1") == CANCERS.text


async def test_what_our_own_pages_send_is_known_without_the_database(
    documents: RegisteredDocuments, statements: list[str]
) -> None:
    for own in own_documents():
        assert await documents.by_id(own.operation.id) == own.operation.text
        assert await documents.by_id(own.operation.sha256) == own.operation.text
        assert await documents.by_hash(own.operation.sha256) == own.operation.text
    assert statements == []
