"""Who may use each operation of the review, held against the endpoint; and who sees what is theirs.

The table is `staff_operations`; that each operation stands in one is asked in
`test_authorization_matrix`.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.answers.models import AnswerState
from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import Database
from tests.conftest import app_database, at_database
from tests.graphql.client import Client
from tests.graphql.conftest import authorization
from tests.graphql.staff_operations import (
    OPERATIONS,
    READS,
    VIEWERS,
    on_answer,
)
from tests.graphql.world import ASKER, OTHER
from tests.review.world import (
    ADMINISTRATOR,
    BREAST_REVIEWER,
    EDITOR,
    FORMER_REVIEWER,
    LIVER_REVIEWER,
    World,
    build_world,
)


@pytest.fixture(scope="session")
def with_staff(postgres: str, built: tuple[str, object]) -> Iterator[tuple[str, World]]:
    """A copy of the small world with the staff in it, built once."""
    name = f"navis_staff_{uuid4().hex[:8]}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(asyncpg_address(postgres))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def make() -> World:
        await run(f"CREATE DATABASE {name} TEMPLATE {built[0]}")
        database = app_database(at_database(postgres, name), pooled=False)
        try:
            return await build_world(database)
        finally:
            await database.close()

    yield name, asyncio.run(make())
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def template(with_staff: tuple[str, World]) -> str:
    """In this module each test's database is a copy of that."""
    return with_staff[0]


@pytest.fixture
def staffed(with_staff: tuple[str, World], database: Database) -> World:
    """The staff, and the way to give answers."""
    return replace(with_staff[1], database=database)


@pytest.fixture
def headers(signing_key: ECKey, tokens: dict[str, str]) -> dict[str, str]:
    """An Authorization header for each viewer of the table but the anonymous one."""
    people = {
        "asker": ("patient", ASKER),
        "other": ("patient", OTHER),
        "reviewer": ("reviewer", LIVER_REVIEWER),
        "other reviewer": ("reviewer", BREAST_REVIEWER),
        "former reviewer": ("reviewer", FORMER_REVIEWER),
        "editor": ("editor", EDITOR),
        "administrator": ("admin", ADMINISTRATOR),
        "partner": ("partner", "partner-1"),
    }
    keys = {name: tokens[name] for name in ("public key", "secret key")}
    return keys | {
        name: authorization(signing_key, role, subject) for name, (role, subject) in people.items()
    }


def is_allowed(result: dict[str, Any]) -> bool:
    """Whether a result says nothing of who the viewer is. Failures of ours are none."""
    codes = {error["extensions"]["code"] for error in result.get("errors", ())}
    assert codes <= {"FORBIDDEN"}, codes
    payloads = [each for each in (result.get("data") or {}).values() if isinstance(each, dict)]
    kinds = {error["__typename"] for each in payloads for error in each.get("errors", ())}
    return not codes and "NotAllowed" not in kinds


ALLOWED = [
    (name, viewer)
    for name, case in OPERATIONS.items()
    for viewer in VIEWERS
    if viewer in case.allowed
]


@pytest.mark.parametrize(("name", "viewer"), ALLOWED)
async def test_an_operation_of_the_review_is_for_those_in_the_table(
    client: Client, staffed: World, headers: dict[str, str], name: str, viewer: str
) -> None:
    case = OPERATIONS[name]
    given = await staffed.given(case.state)
    result = await client.run(case.query, case.variables(given), authorization=headers.get(viewer))
    assert is_allowed(result), result
    assert "data" in result


@pytest.mark.parametrize("name", OPERATIONS)
async def test_nobody_else_gets_or_changes_anything_by_it(
    client: Client, staffed: World, headers: dict[str, str], tokens: dict[str, str], name: str
) -> None:
    case = OPERATIONS[name]
    given = await staffed.given(case.state)
    for viewer in (viewer for viewer in VIEWERS if viewer not in case.allowed):
        result = await client.run(
            case.query, case.variables(given), authorization=headers.get(viewer)
        )
        assert not is_allowed(result), (viewer, result)
        # Keys are kept from it before anything is executed, whatever its resolver says.
        assert ("data" in result) is not viewer.endswith("key"), (viewer, result)
    for invalid in ("expired", "forged"):
        response = await client.send(
            case.query, case.variables(given), authorization=tokens[invalid]
        )
        assert response.status_code == 401, invalid
        assert "data" not in response.json(), invalid
    assert (await staffed.revision(given)).lock_version == given.version
    assert (await staffed.newest(given)).number == given.number


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_what_the_staff_say_of_an_answer_shows_to_the_staff_alone(
    client: Client, staffed: World, headers: dict[str, str], viewer: str
) -> None:
    given = await staffed.given(AnswerState.STALE)
    await client.data(
        OPERATIONS["Mutation.addComment"].query,
        OPERATIONS["Mutation.addComment"].variables(given),
        authorization=headers["reviewer"],
    )
    await client.data(
        OPERATIONS["Mutation.translateAnswer"].query,
        OPERATIONS["Mutation.translateAnswer"].variables(given),
        authorization=headers["editor"],
    )
    found = await client.data(
        "query ($id: ID!) { node(id: $id) { ... on Answer { title reviewItem { urgency }"
        " comments { text } decisions { reviewer } feedback { harm } translations { title } } } }",
        on_answer(given),
        authorization=headers.get(viewer),
    )
    shown = found["node"]
    # Published, so everybody sees the answer itself.
    assert shown["title"]
    assert bool(shown["reviewItem"]) is (viewer in READS)
    assert bool(shown["comments"]) is (viewer in READS)
    assert bool(shown["translations"]) is (viewer in READS)
    assert (shown["feedback"] is not None) is (viewer in READS)


async def test_a_reader_sees_no_unpublished_revision_of_a_published_answer(
    client: Client, staffed: World, headers: dict[str, str]
) -> None:
    live = await staffed.given(AnswerState.PUBLISHED)
    await staffed.next_given(live)
    query = "query ($id: ID!) { node(id: $id) { ... on Answer { revision } } }"
    for viewer in ("asker", "partner", "reviewer"):
        found = await client.data(query, on_answer(live), authorization=headers[viewer])
        assert found["node"]["revision"] == live.number
