"""Registering documents: all or nothing, once, and never another text under an id."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.persisted import repository, service
from navis_api.persisted.errors import ClientInvalid, ClientUnknown, DocumentsRefused
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.models import DocumentKind
from navis_api.persisted.service import Checked, Client, Registered
from tests.db.rows import app_connection

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IOS = Client("ios", "5.2.0")
NEXT = Client("ios", "5.3.0")
VIEWER = ManifestOperation("viewer", "query Viewer { viewer { kind } }")
ASK = ManifestOperation("ask", "mutation Ask { ask }")
BAD = ManifestOperation("bad", "query Bad { bad }")
WORSE = ManifestOperation("worse", "query Worse { bad }")


def check(operation: ManifestOperation) -> Checked:
    """A schema that has everything but what is bad."""
    kind, name = operation.text.split()[:2]
    complaints = ("There is no `bad`.", "Nor will be.") if "{ bad }" in operation.text else ()
    return Checked(name, DocumentKind[kind.upper()], complaints)


async def register(
    database: Database, *operations: ManifestOperation, client: Client = IOS, at: datetime = NOON
) -> Registered:
    async with database.writing(SYSTEM_ROWS) as session:
        return await service.register(session, client, operations, check=check, now=at)


async def ids(database: Database) -> set[str]:
    async with database.reading(SYSTEM_ROWS) as session:
        return set(await repository.list_ids(session))


async def test_what_is_registered_says_whose_it_is(database: Database) -> None:
    assert await register(database, VIEWER, ASK) == Registered(new=2, operations=2)
    assert await register(database, VIEWER, client=NEXT) == Registered(new=1, operations=1)
    async with database.reading(SYSTEM_ROWS) as session:
        uses = await service.list_uses(session)
        assert [(use.client, use.version, use.operation, use.kind, use.id) for use in uses] == [
            ("ios", "5.2.0", "Ask", DocumentKind.MUTATION, "ask"),
            ("ios", "5.2.0", "Viewer", DocumentKind.QUERY, "viewer"),
            ("ios", "5.3.0", "Viewer", DocumentKind.QUERY, "viewer"),
        ]
        assert await service.list_uses(session, client="android") == []
        assert await repository.list_ids(session) == {"viewer": VIEWER.sha256, "ask": ASK.sha256}


async def test_registering_again_changes_nothing(database: Database) -> None:
    await register(database, VIEWER, ASK)
    async with database.reading(SYSTEM_ROWS) as session:
        before = await service.list_uses(session)
    again = await register(database, VIEWER, ASK, at=NOON + timedelta(days=1))
    assert again == Registered(new=0, operations=2)
    async with database.reading(SYSTEM_ROWS) as session:
        assert await service.list_uses(session) == before


async def test_every_operation_that_is_refused_is_named_and_none_is_registered(
    database: Database,
) -> None:
    with pytest.raises(DocumentsRefused) as refused:
        await register(database, VIEWER, BAD, WORSE)
    assert [(each.operation, each.id, each.reasons) for each in refused.value.refused] == [
        ("Bad", "bad", ("There is no `bad`.", "Nor will be.")),
        ("Worse", "worse", ("There is no `bad`.", "Nor will be.")),
    ]
    assert "Bad (bad): There is no `bad`. Nor will be." in str(refused.value)
    assert await ids(database) == set()


async def test_an_id_never_comes_to_mean_another_text(database: Database) -> None:
    await register(database, VIEWER)
    other = ManifestOperation("viewer", "query Viewer { viewer { subject } }")
    with pytest.raises(DocumentsRefused, match="another text"):
        await register(database, ASK, other, client=NEXT)
    assert await ids(database) == {"viewer"}
    # Also after nobody sends it any more.
    async with database.writing(SYSTEM_ROWS) as session:
        await service.remove(session, IOS)
    with pytest.raises(DocumentsRefused, match="another text"):
        await register(database, other)
    assert await ids(database) == set()
    assert await register(database, VIEWER) == Registered(new=1, operations=1)


async def test_two_who_register_an_id_at_once_do_not_both_succeed(database: Database) -> None:
    texts = [ManifestOperation("same", f"query Same{n} {{ viewer }}") for n in range(6)]
    done = await asyncio.gather(
        *(register(database, text, client=Client("c", str(n))) for n, text in enumerate(texts)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Registered) for each in done) == 1
    assert sum(isinstance(each, DocumentsRefused) for each in done) == 5


async def test_a_removed_version_leaves_what_others_send(database: Database) -> None:
    await register(database, VIEWER, ASK)
    await register(database, VIEWER, client=NEXT)
    async with database.writing(SYSTEM_ROWS) as session:
        assert await service.remove(session, IOS) == 2
    assert await ids(database) == {"viewer"}
    with pytest.raises(ClientUnknown, match=r"ios 5\.2\.0"):
        async with database.writing(SYSTEM_ROWS) as session:
            await service.remove(session, IOS)


async def test_a_document_that_can_not_be_served_any_more_is_named_with_who_sends_it(
    database: Database,
) -> None:
    await register(database, VIEWER, ASK)
    await register(database, ASK, client=Client("android", "1.0"))

    def without_mutations(operation: ManifestOperation) -> Checked:
        found = check(operation)
        gone = ("Nothing can be asked.",) if found.kind is DocumentKind.MUTATION else ()
        return Checked(found.operation, found.kind, gone)

    async with database.reading(SYSTEM_ROWS) as session:
        assert await service.check_all(session, check=check) == []
        broken = await service.check_all(session, check=without_mutations)
    assert [
        (each.use.client, each.use.version, each.use.operation, each.complaints) for each in broken
    ] == [
        ("android", "1.0", "Ask", ("Nothing can be asked.",)),
        ("ios", "5.2.0", "Ask", ("Nothing can be asked.",)),
    ]


@pytest.mark.parametrize("given", ["", " ", "a b", "-ios", "i" * 101, "ios\n", "ios;", "ïos", "\0"])
def test_what_is_no_name_or_version_is_refused(given: str) -> None:
    with pytest.raises(ClientInvalid):
        Client(given, "1.0")
    with pytest.raises(ClientInvalid):
        Client("ios", given)


# Behind the rules


@pytest.mark.parametrize("table", ["persisted_documents", "persisted_document_uses"])
@pytest.mark.parametrize("role", ["", "patient", "reviewer", "administrator"])
async def test_only_our_own_code_sees_or_registers(
    database: Database, database_url: str, table: str, role: str
) -> None:
    await register(database, VIEWER)
    async with app_connection(database_url, role=role, subject="somebody") as connection:
        assert await connection.fetch(f"SELECT FROM {table}") == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute(
                "INSERT INTO persisted_documents (id, sha256, text, operation, kind)"
                " VALUES ('x', repeat('0', 64), 'query { a }', '', 'QUERY')"
            )
    assert await ids(database) == {"viewer"}


async def test_a_document_can_not_be_changed_or_removed(
    database: Database, database_url: str
) -> None:
    await register(database, VIEWER)
    async with app_connection(database_url, role="system") as connection:
        for statement in (
            "UPDATE persisted_documents SET text = 'query { other }'",
            "DELETE FROM persisted_documents",
            "UPDATE persisted_document_uses SET client = 'other'",
            "TRUNCATE persisted_document_uses",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
