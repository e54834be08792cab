"""The lease on what is kept in memory: when it holds, and when everything is forgotten."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from navis_api.answers.publication_lease import LEASE_S, PublicationLease
from navis_api.db.raw import RawConnection, connect
from navis_api.db.sessions import Database
from navis_api.jobs.fanout import Fanout
from tests.waiting import until

ALL = "all"


class Memory:
    """What is kept: it only notes what is forgotten."""

    def __init__(self) -> None:
        self.forgotten: list[tuple[str, ...] | str] = []

    def forget(self, tags: tuple[str, ...]) -> None:
        self.forgotten.append(tags)

    def forget_all(self) -> None:
        self.forgotten.append(ALL)


class Following:
    """What follows the primary: it only notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str | int] = []

    def doubt(self) -> None:
        self.told.append("doubt")

    def need(self, position: int) -> None:
        self.told.append(position)

    def note_written(self, position: int) -> None:
        pass

    @property
    def needed(self) -> str | int:
        """Up to where it must have come to be read from, or that this isn't known."""
        return self.told[-1]


class Connection:
    """The database's end of it, as it is told to be."""

    def __init__(self, clock: "Clock") -> None:
        self.clock = clock
        self.continued = False
        self.newest = 0
        self.position = 0
        self.takes_s = 0.0
        self.told: list[int] = []
        self.meanwhile: Callable[[], None] = lambda: None

    async def fetchrow(self, _query: str, _id: object, handled: int, **_: float) -> dict[str, Any]:
        self.told.append(handled)
        position = self.position
        self.meanwhile()
        self.clock.now += self.takes_s
        found = {"continued": self.continued, "newest": self.newest, "position": position}
        self.continued = True
        return found


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Holding:
    """A lease, and everything around it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.memory = Memory()
        self.fanout = Fanout("postgresql://nowhere/at-all")
        self.following = Following()
        self.lease = PublicationLease(self.fanout, self.memory, self.following, clock=self.clock)
        self.database = Connection(self.clock)

    async def beat(self) -> None:
        await self.lease.beat(self.database)  # pyright: ignore[reportArgumentType]

    def hear(self, payload: str) -> None:
        self.fanout._heard(None, 0, "navis_published", payload)


@pytest.fixture
def held() -> Holding:
    return Holding()


async def test_nothing_is_served_before_the_first_lease_and_that_begins_with_nothing(
    held: Holding,
) -> None:
    assert not held.lease.is_held()
    held.database.newest = 7
    await held.beat()
    assert held.lease.is_held()
    assert held.memory.forgotten == [ALL]
    # What was published before it is said to be handled: there is nothing older in memory.
    await held.beat()
    assert held.database.told == [0, 7]
    assert held.memory.forgotten == [ALL]


async def test_a_lease_counts_from_when_its_renewal_was_sent(held: Holding) -> None:
    await held.beat()
    held.database.takes_s = 1.0
    sent = held.clock.now
    await held.beat()
    held.clock.now = sent + LEASE_S - 0.5
    assert held.lease.is_held()
    held.clock.now = sent + LEASE_S - 0.1
    assert not held.lease.is_held()


async def test_a_renewal_that_comes_back_too_late_gives_nothing(held: Holding) -> None:
    await held.beat()
    held.database.takes_s = LEASE_S
    await held.beat()
    assert not held.lease.is_held()


async def test_a_lease_that_had_run_out_begins_with_nothing(held: Holding) -> None:
    await held.beat()
    held.clock.now += LEASE_S
    await held.beat()
    assert held.lease.is_held()
    assert held.memory.forgotten == [ALL, ALL]


async def test_a_lease_that_the_database_had_given_up_begins_with_nothing(held: Holding) -> None:
    await held.beat()
    held.database.continued = False
    await held.beat()
    assert held.memory.forgotten == [ALL, ALL]


async def test_a_publication_is_forgotten_by_its_tags_and_then_said_to_be_handled(
    held: Holding,
) -> None:
    await held.beat()
    held.hear("4 answer:a question:b cancer:c")
    assert held.memory.forgotten[1:] == [("answer:a", "question:b", "cancer:c", "published")]
    assert held.fanout._hurried.is_set()
    held.database.newest = 4
    await held.beat()
    assert held.database.told[-1] == 4
    assert held.lease.is_held()


@pytest.mark.parametrize("payload", ["9 all", "", "x", "9", "0a0b-uuid-of-an-older-release"])
async def test_what_isnt_told_apart_forgets_everything(held: Holding, payload: str) -> None:
    await held.beat()
    held.hear(payload)
    assert held.memory.forgotten == [ALL, ALL]


async def test_a_lease_is_not_taken_with_a_publication_that_was_not_heard_of(
    held: Holding,
) -> None:
    await held.beat()
    until = held.lease.until
    held.database.newest = 3
    held.clock.now += 1
    await held.beat()
    assert held.lease.until == until
    assert held.memory.forgotten == [ALL]
    # It was only a moment behind.
    held.hear("3 answer:a")
    await held.beat()
    assert held.lease.until > until
    assert ALL not in held.memory.forgotten[1:]


async def test_a_deaf_process_forgets_everything_before_it_goes_on(held: Holding) -> None:
    await held.beat()
    held.database.newest = 3
    await held.beat()
    await held.beat()
    assert held.memory.forgotten == [ALL, ALL]
    assert held.lease.is_held()
    await held.beat()
    assert held.database.told[-1] == 3


async def test_a_lost_connection_ends_it_at_once(held: Holding) -> None:
    await held.beat()
    held.fanout._trust(trusted=False)
    assert not held.lease.is_held()
    assert held.memory.forgotten == [ALL, ALL]


async def test_what_follows_the_primary_needs_what_was_written_when_the_lease_was_given(
    held: Holding,
) -> None:
    held.database.position = 70
    await held.beat()
    assert held.following.needed == 70
    # Whatever is written later is needed by nobody, unless it is heard of.
    held.database.position = 80
    await held.beat()
    assert held.following.needed == 70
    held.hear("4 answer:a")
    assert held.following.needed == "doubt"
    held.database.newest, held.database.position = 4, 90
    await held.beat()
    assert held.following.needed == 90


async def test_what_is_heard_while_a_lease_is_renewed_is_not_taken_for_seen(held: Holding) -> None:
    await held.beat()
    held.hear("4 answer:a")
    held.database.newest, held.database.position = 4, 90
    held.database.meanwhile = lambda: held.hear("5 answer:b")
    await held.beat()
    assert held.following.needed == "doubt"
    held.database.meanwhile = lambda: None
    held.database.newest, held.database.position = 5, 95
    await held.beat()
    assert held.following.needed == 95


async def test_nothing_is_known_of_what_follows_without_a_lease_that_is_taken(
    held: Holding,
) -> None:
    held.database.position = 70
    await held.beat()
    held.fanout._trust(trusted=False)
    assert held.following.needed == "doubt"
    held.database.continued = False
    held.database.newest, held.database.position = 3, 75
    await held.beat()
    assert held.following.needed == 75
    held.hear("4 answer:a")
    # Another that isn't heard of yet: the lease isn't taken, and neither is its place.
    held.database.newest, held.database.position = 5, 99
    await held.beat()
    assert held.following.needed == "doubt"


@pytest.fixture
async def listening(database_url: str) -> AsyncIterator[RawConnection]:
    connection = await connect(database_url, purpose="test")
    yield connection
    connection.terminate()


async def test_the_database_knows_whether_a_lease_went_on(
    held: Holding, listening: RawConnection, owner: Any
) -> None:
    lease = held.lease
    await lease.beat(listening)
    assert held.memory.forgotten == [ALL]
    await lease.beat(listening)
    assert held.memory.forgotten == [ALL]
    seconds = await owner.fetchval("SELECT extract(epoch FROM navis_reader_lease())")
    assert float(seconds) == LEASE_S, "both sides count with the same lease"
    await owner.execute("UPDATE publication_readers SET lease_until = now() - interval '1 s'")
    await lease.beat(listening)
    assert held.memory.forgotten == [ALL, ALL]


async def test_rows_of_processes_that_are_gone_are_removed(
    held: Holding, listening: RawConnection, owner: Any, database: Database
) -> None:
    await owner.execute(
        "INSERT INTO publication_readers VALUES"
        " (gen_random_uuid(), now() - interval '2 minutes', 0),"
        " (gen_random_uuid(), now() + interval '2 seconds', 0)"
    )
    await held.lease.beat(listening)
    assert await owner.fetchval("SELECT count(*) FROM publication_readers") == 2
    await held.lease.end(database)
    assert await owner.fetchval("SELECT count(*) FROM publication_readers") == 1
    assert not held.lease.is_held()


async def test_leases_are_renewed_by_the_fanout_for_as_long_as_it_hears(
    database_url: str, owner: Any
) -> None:
    memory, fanout = Memory(), Fanout(database_url)
    lease = PublicationLease(fanout, memory)
    running = asyncio.create_task(fanout.run())
    try:
        await until(lease.is_held)
        first = lease.until
        await until(lambda: lease.until > first)
        await owner.execute("SELECT pg_notify('navis_published', '12 answer:x')")
        await until(lambda: ("answer:x", "published") in memory.forgotten)
        for _ in range(1_000):
            if await owner.fetchval("SELECT handled FROM publication_readers") == 12:
                break
            await asyncio.sleep(0.01)
        assert await owner.fetchval("SELECT handled FROM publication_readers") == 12
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert not lease.is_held()
