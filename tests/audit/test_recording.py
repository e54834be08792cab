"""Recording an act: what is kept, and that nobody's words are."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.exc import ProgrammingError

from navis_api.audit.detail import MAX_DEPTH, MAX_ENTRIES, MAX_TOKEN_CHARS
from navis_api.audit.service import SYSTEM_ACTOR, Origin, record
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from tests.audit.records import NOON, REVIEWER

ID = UUID("0193c9a0-0000-7000-8000-000000000001")
WORDS = "I found a lump and I am afraid"


async def test_an_act_is_kept_with_who_when_and_from_where(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.writing(RowViewer("reviewer", "reviewer-1")) as session:
        await record(
            session,
            REVIEWER,
            "answer.request_changes",
            object_type="answer_revision",
            object_id=ID,
            detail={"before": "IN_REVIEW", "claims": [ID], "due": date(2027, 11, 21), "n": 3},
            origin=Origin("2001:db8::7", "0f3b"),
            now=NOON,
        )
    row = await owner.fetchrow(
        "SELECT at, actor_kind, actor, action, object_type, object_id, detail::text, origin,"
        " request_id FROM audit_events"
    )
    assert row is not None
    assert tuple(row.values()) == (
        NOON,
        "REVIEWER",
        "reviewer-1",
        "answer.request_changes",
        "answer_revision",
        str(ID),
        f'{{"n": 3, "due": "2027-11-21", "before": "IN_REVIEW", "claims": ["{ID}"]}}',
        "2001:db8::7",
        "0f3b",
    )


async def test_an_act_that_is_not_done_is_not_recorded(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await record(session, SYSTEM_ACTOR, "answer.approve", now=NOON)
        await session.rollback()
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == 0


async def test_another_cannot_be_recorded_in_ones_own_session(
    database: Database, owner: asyncpg.Connection
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.writing(RowViewer("reviewer", "reviewer-2")) as session:
            await record(session, REVIEWER, "answer.approve", now=NOON)
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == 0


REFUSED: dict[str, dict[str, Any]] = {
    "words in the detail": {"detail": {"text": WORDS}},
    "words further in": {"detail": {"a": [{"b": WORDS}]}},
    "words as a key": {"detail": {WORDS: 1}},
    "an address as a key": {"detail": {"somebody@example.org": 1}},
    "words as an id": {"object_id": WORDS},
    "words as a kind": {"object_type": WORDS},
    "words as an action": {"action": WORDS},
    "an action without an object": {"action": "approve"},
    "a long word": {"detail": {"a": "x" * (MAX_TOKEN_CHARS + 1)}},
    "letters with accents": {"detail": {"a": "größer"}},
    "a line's end": {"detail": {"a": "x\n"}},
    "an empty string": {"detail": {"a": ""}},
    "bytes": {"detail": {"a": WORDS.encode()}},
    "a measured number": {"detail": {"a": 0.5}},
    "something else": {"detail": {"a": object()}},
    "a long list": {"detail": {"a": list(range(MAX_ENTRIES))}},
    "a deep one": {"detail": {"a": {"b": {"c": {"d": {"e": 1}}}}}},
}


@pytest.mark.parametrize("what", REFUSED)
async def test_words_are_refused_and_not_repeated(
    database: Database, owner: asyncpg.Connection, what: str
) -> None:
    values: dict[str, Any] = {"action": "answer.approve"} | REFUSED[what]
    with pytest.raises(ValueError, match=r"audit record|object\.verb") as refused:
        async with database.writing(SYSTEM_ROWS) as session:
            await record(session, SYSTEM_ACTOR, values.pop("action"), **values, now=NOON)
    assert "lump" not in str(refused.value)
    assert "example.org" not in str(refused.value)
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == 0


async def test_what_is_just_within_the_bounds_is_recorded(
    database: Database, owner: asyncpg.Connection
) -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH):
        deep = {"a": deep}
    async with database.writing(SYSTEM_ROWS) as session:
        for detail in (
            {"a": "x" * MAX_TOKEN_CHARS},
            {"a": list(range(MAX_ENTRIES - 2))},
            deep,
            {"at": datetime(2026, 11, 21, tzinfo=UTC), "none": None, "yes": True},
        ):
            await record(session, SYSTEM_ACTOR, "answer.approve", detail=detail, now=NOON)
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == 4


@pytest.mark.parametrize("outside", [WORDS, "", "x" * 201, "a\0b", "a\nb", "größer"])
async def test_what_clients_send_as_ids_is_kept_only_if_it_is_one(
    database: Database, owner: asyncpg.Connection, outside: str
) -> None:
    async with database.writing(SYSTEM_ROWS) as session:
        await record(
            session, SYSTEM_ACTOR, "answer.read", origin=Origin(outside, outside), now=NOON
        )
    row = await owner.fetchrow("SELECT origin, request_id FROM audit_events")
    assert row is not None
    assert tuple(row.values()) == (None, None)
