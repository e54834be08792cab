"""Changes of published content: their order, tombstones, and cursors that lead nowhere."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.relay import global_id
from navis_api.questions.models import Question
from tests import publications
from tests.graphql.client import Client
from tests.graphql.world import NOON, World

CHANGES = """
query ($since: String, $first: Int) {
  changes(since: $since, first: $first) {
    edges { cursor node { slug } }
    nodes {
      kind at answerId slug revision reason
      answer { id title state revision }
      question { text }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
LATER = NOON + timedelta(days=1)
SLUGS = [
    "my-liver-cancer-came-back-what-are-my-options",
    "how-is-hepatocellular-carcinoma-treated",
    "what-is-ablation",
    "what-is-breast-cancer",
]


async def changes(client: Client, since: str | None = None, first: int = 100) -> dict[str, Any]:
    found = await client.data(CHANGES, {"since": since, "first": first})
    return found["changes"]


async def end_of(client: Client) -> str:
    return (await changes(client))["pageInfo"]["endCursor"]


async def refused(client: Client, since: str) -> tuple[str, str]:
    result = await client.run(CHANGES, {"since": since})
    (error,) = result["errors"]
    assert error["extensions"]["argument"] == "since"
    return error["extensions"]["code"], error["message"]


async def take(
    database: Database, question_id: UUID, step: Callable[..., Awaitable[Any]], **facts: Any
) -> None:
    """Take one step with a question in a transaction of its own."""
    async with database.writing(SYSTEM_ROWS) as session:
        await step(session, await session.get_one(Question, question_id), **facts)


async def correct(
    database: Database, world: World, question_id: UUID, *, title: str, why: str | None = None
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, question_id)
        await publications.publish(session, world, question, title=title, why=why, now=LATER)


async def test_everything_published_comes_in_the_order_of_publication(
    client: Client, world: World
) -> None:
    page = await changes(client)

    assert [node["slug"] for node in page["nodes"]] == SLUGS
    assert {node["kind"] for node in page["nodes"]} == {"PUBLISHED"}
    assert [edge["node"]["slug"] for edge in page["edges"]] == SLUGS
    first = page["nodes"][0]
    assert first["answerId"] == first["answer"]["id"]
    assert first["answer"]["state"] == "PUBLISHED"
    assert first["question"]["text"] == "My liver cancer came back, what are my options?"
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": page["edges"][0]["cursor"],
        "endCursor": page["edges"][-1]["cursor"],
    }


async def test_what_is_not_reviewed_is_no_change(client: Client, world: World) -> None:
    drafts = {
        global_id("Answer", world.own.answer_id),
        global_id("Answer", world.anonymous.answer_id),
    }
    found = {node["answerId"] for node in (await changes(client))["nodes"]}
    assert not found & drafts


async def test_pages_follow_each_other_without_gap_or_repetition(
    client: Client, world: World
) -> None:
    first = await changes(client, first=3)
    rest = await changes(client, first["pageInfo"]["endCursor"], first=3)

    assert [node["slug"] for node in first["nodes"] + rest["nodes"]] == SLUGS
    assert first["pageInfo"]["hasNextPage"] is True
    assert rest["pageInfo"]["hasNextPage"] is False
    assert rest["pageInfo"]["hasPreviousPage"] is True


async def test_an_empty_page_ends_where_it_began(client: Client, world: World) -> None:
    end = await end_of(client)

    page = await changes(client, end)

    assert page["nodes"] == []
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": None,
        "endCursor": end,
    }


async def test_a_correction_comes_with_its_reason_and_the_new_text(
    client: Client, database: Database, world: World
) -> None:
    end = await end_of(client)
    await correct(database, world, world.published[2], title="Ablation, corrected", why="A typo.")

    (change,) = (await changes(client, end))["nodes"]

    assert change["kind"] == "UPDATED"
    assert (change["slug"], change["revision"], change["reason"]) == (SLUGS[2], 2, "A typo.")
    assert change["answer"]["title"] == "Ablation, corrected"
    assert change["at"] == LATER.isoformat()


async def test_an_answer_that_changes_again_is_there_once_and_last(
    client: Client, database: Database, world: World
) -> None:
    end = (await changes(client, first=2))["pageInfo"]["endCursor"]
    await correct(database, world, world.published[0], title="Newer")
    await correct(database, world, world.published[2], title="Newer")
    await correct(database, world, world.published[0], title="Newest")

    nodes = (await changes(client, end))["nodes"]

    assert [node["slug"] for node in nodes] == [SLUGS[3], SLUGS[2], SLUGS[0]]
    assert nodes[-1]["answer"]["title"] == "Newest"


async def test_an_answer_due_for_review_comes_with_its_text_and_the_reason(
    client: Client, database: Database, world: World
) -> None:
    end = await end_of(client)
    await take(database, world.published[2], publications.expire, reason="A source changed.")

    (change,) = (await changes(client, end))["nodes"]

    assert (change["kind"], change["reason"]) == ("STALE", "A source changed.")
    assert change["answer"]["state"] == "STALE"


@pytest.mark.parametrize("viewer", ["anonymous", "reviewer"])
async def test_a_retracted_answer_is_a_tombstone_for_everybody(
    client: Client, database: Database, world: World, tokens: dict[str, str], viewer: str
) -> None:
    end = await end_of(client)
    await take(database, world.published[2], publications.retract, reason="It was wrong.")

    found = await client.data(CHANGES, {"since": end}, authorization=tokens.get(viewer))

    (change,) = found["changes"]["nodes"]
    assert (change["kind"], change["reason"]) == ("RETRACTED", "It was wrong.")
    assert change["slug"] == SLUGS[2]
    assert change["answer"] is None
    assert change["question"] is None


async def test_an_answer_published_again_after_its_retraction_is_new(
    client: Client, database: Database, world: World
) -> None:
    await take(database, world.published[2], publications.retract, reason="It was wrong.")
    await correct(database, world, world.published[2], title="Right")

    change = (await changes(client))["nodes"][-1]

    assert (change["kind"], change["answer"]["title"]) == ("PUBLISHED", "Right")
    assert change["revision"] == 2


async def test_an_erased_answer_is_a_tombstone_without_words(
    client: Client, database: Database, world: World
) -> None:
    end = await end_of(client)
    await take(database, world.published[2], publications.erase)

    (change,) = (await changes(client, end))["nodes"]

    assert (change["kind"], change["slug"]) == ("RETRACTED", SLUGS[2])
    assert change["reason"] is None
    assert change["answer"] is None


async def test_a_cursor_whose_answer_was_erased_still_leads_on(
    client: Client, database: Database, world: World
) -> None:
    end = await end_of(client)
    await take(database, world.published[3], publications.erase)

    (change,) = (await changes(client, end))["nodes"]
    assert change["slug"] == SLUGS[3]
    after = await changes(client, await end_of(client))
    assert after["nodes"] == []


@pytest.mark.parametrize(
    "since", ["", "nonsense", "MQ", "e30", "x" * 3_000], ids=["empty", "word", "1", "{}", "long"]
)
async def test_what_is_no_cursor_is_refused(client: Client, world: World, since: str) -> None:
    code, message = await refused(client, since)
    assert code == "CURSOR_INVALID"
    assert "Start anew" in message


async def test_a_cursor_of_another_list_is_refused(client: Client, world: World) -> None:
    found = await client.data("{ questions(first: 1) { pageInfo { endCursor } } }")
    code, _ = await refused(client, found["questions"]["pageInfo"]["endCursor"])
    assert code == "CURSOR_INVALID"


async def test_a_cursor_of_changes_that_a_restored_backup_lacks_is_refused(
    client: Client, database: Database, world: World, owner: asyncpg.Connection
) -> None:
    """The lost change's number may be given out again: the cursor must not pass for the new one."""
    before = await end_of(client)
    await owner.execute("CREATE TABLE backup AS SELECT * FROM published_changes")
    await correct(database, world, world.published[2], title="Lost", why="It will be lost.")
    lost = await end_of(client)
    (steps,) = await owner.fetch("SELECT max(sequence) FROM answer_history")
    # As if the database were restored to the moment before, and went on from there.
    await owner.execute("DELETE FROM answer_history WHERE sequence > $1 - 5", steps[0])
    await owner.execute("DELETE FROM published_changes")
    await owner.execute("INSERT INTO published_changes SELECT * FROM backup")

    code, message = await refused(client, lost)
    assert code == "CURSOR_INVALID"
    assert "Start anew" in message
    assert (await changes(client, before))["nodes"] == []

    await owner.execute(
        "UPDATE published_changes SET sequence = (SELECT max(sequence) + 1 FROM published_changes)"
        " WHERE slug = $1",
        SLUGS[0],
    )
    assert (await refused(client, lost))[0] == "CURSOR_INVALID"


async def test_a_page_larger_than_allowed_is_refused(client: Client, world: World) -> None:
    for first in (0, 101):
        assert await client.code(CHANGES, {"first": first}) == "BAD_USER_INPUT"


async def test_no_reader_passes_a_change_that_is_not_committed_yet(
    client: Client, database: Database, world: World
) -> None:
    """Two writers at once: the one who took the first number commits last, if it were let."""
    end = await end_of(client)
    slow_has_written, slow_may_commit = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, world.published[0])
            await publications.expire(session, question, reason="Slow.", now=LATER)
            slow_has_written.set()
            await slow_may_commit.wait()

    async def quick() -> None:
        await slow_has_written.wait()
        await take(database, world.published[1], publications.expire, reason="Quick.", now=LATER)

    writers = [asyncio.create_task(slow()), asyncio.create_task(quick())]
    await slow_has_written.wait()
    done, _ = await asyncio.wait(writers, timeout=0.3)
    assert not done, "the quick writer has to wait until the slow one's change can be read"
    assert (await changes(client, end))["nodes"] == []

    slow_may_commit.set()
    await asyncio.gather(*writers)
    nodes = (await changes(client, end))["nodes"]
    assert [node["reason"] for node in nodes] == ["Slow.", "Quick."]


async def test_the_database_itself_makes_writers_wait_for_each_other(
    client: Client, world: World, owner: asyncpg.Connection, database_url: str
) -> None:
    """As above, by plain statements: no code of ours has to remember the lock."""
    end = await end_of(client)
    expire = (
        "UPDATE answer_revisions r SET state = 'STALE', state_reason = $2, updated_at = now()"
        " FROM answers a WHERE a.id = r.answer_id AND a.slug = $1"
    )
    other = await asyncpg.connect(asyncpg_address(database_url))
    slow = owner.transaction()
    await slow.start()
    await owner.execute(expire, SLUGS[0], "Slow.")
    quick = asyncio.create_task(other.execute(expire, SLUGS[1], "Quick."))
    done, _ = await asyncio.wait([quick], timeout=0.3)
    assert not done
    await slow.commit()
    await quick
    await other.close()

    nodes = (await changes(client, end))["nodes"]
    assert [node["reason"] for node in nodes] == ["Slow.", "Quick."]
