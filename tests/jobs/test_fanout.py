"""Hearing of changes, also over a connection that is lost and comes back (law 3)."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from navis_api.jobs.fanout import Fanout
from tests.waiting import PATIENCE_S

CHANNEL = "navis_test"


class Heard:
    """What a fanout calls back with."""

    def __init__(self, address: str) -> None:
        self.fanout = Fanout(address)
        self.payloads: asyncio.Queue[str] = asyncio.Queue()
        self.trusted: asyncio.Queue[bool] = asyncio.Queue()
        self.fanout.on(CHANNEL, self.payloads.put_nowait)
        self.fanout.on_trust(self.trusted.put_nowait)

    async def next_payload(self) -> str:
        return await asyncio.wait_for(self.payloads.get(), PATIENCE_S)

    async def next_trust(self) -> bool:
        return await asyncio.wait_for(self.trusted.get(), PATIENCE_S)


@pytest.fixture
async def heard(database_url: str) -> AsyncIterator[Heard]:
    heard = Heard(database_url)
    running = asyncio.create_task(heard.fanout.run())
    assert await heard.next_trust() is True
    yield heard
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def notify(owner: asyncpg.Connection, payload: str, channel: str = CHANNEL) -> None:
    await owner.execute("SELECT pg_notify($1, $2)", channel, payload)


async def cut_off(owner: asyncpg.Connection) -> None:
    """End the fanout's connection from the server's side."""
    ended = await owner.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'navis-api fanout'"
    )
    assert ended == 1


async def test_a_notification_calls_back_with_its_payload(
    heard: Heard, owner: asyncpg.Connection
) -> None:
    await notify(owner, "elsewhere", channel="navis_other")
    await notify(owner, "one")
    await notify(owner, "two")
    assert [await heard.next_payload(), await heard.next_payload()] == ["one", "two"]


async def test_who_waits_is_woken_by_their_own_payload_alone(
    heard: Heard, owner: asyncpg.Connection
) -> None:
    with (
        heard.fanout.waiting(CHANNEL, "mine") as mine,
        heard.fanout.waiting(CHANNEL, "mine") as mine_too,
        heard.fanout.waiting(CHANNEL, "theirs") as theirs,
    ):
        await notify(owner, "mine")
        await asyncio.wait_for(mine.wait(), PATIENCE_S)
        await asyncio.wait_for(mine_too.wait(), PATIENCE_S)
        assert not theirs.is_set()


async def test_nothing_is_kept_of_those_who_wait_no_longer(heard: Heard) -> None:
    with heard.fanout.waiting(CHANNEL, "a"), heard.fanout.waiting(CHANNEL, "a"):
        assert len(heard.fanout._waiting) == 1
    assert heard.fanout._waiting == {}


async def test_a_lost_connection_is_told_wakes_everybody_and_is_made_again(
    heard: Heard, owner: asyncpg.Connection
) -> None:
    with heard.fanout.waiting(CHANNEL, "x") as event:
        await cut_off(owner)
        assert await heard.next_trust() is False
        await asyncio.wait_for(event.wait(), PATIENCE_S)
    assert await heard.next_trust() is True
    assert heard.fanout.connected.is_set()
    await notify(owner, "after")
    assert await heard.next_payload() == "after"


async def test_what_is_sent_while_deaf_wakes_who_waits(
    heard: Heard, owner: asyncpg.Connection
) -> None:
    await cut_off(owner)
    assert await heard.next_trust() is False
    with heard.fanout.waiting(CHANNEL, "unheard") as event:
        await notify(owner, "unheard")
        await asyncio.wait_for(event.wait(), PATIENCE_S)


async def test_a_listener_that_is_stopped_is_trusted_no_longer(
    database_url: str,
) -> None:
    heard = Heard(database_url)
    running = asyncio.create_task(heard.fanout.run(CHANNEL))
    assert await heard.next_trust() is True
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await heard.next_trust() is False
    assert not heard.fanout.connected.is_set()


async def test_a_server_out_of_reach_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("navis_api.jobs.fanout._RECONNECT_S", 0.01)
    heard = Heard("postgresql://nobody@127.0.0.1:1/nowhere")
    running = asyncio.create_task(heard.fanout.run())
    assert [await heard.next_trust() for _ in range(3)] == [False, False, False]
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
