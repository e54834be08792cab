"""What happens to the world. Each event undoes itself, and returns when it has."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable, Mapping

from bench.chaos.ledger import Ledger
from bench.chaos.world import World

_CUT_S = 4.0
_SILENCE_S = 8.0
_SLOW_S = 8.0
_LATENCY_S = 0.15
_FULL_S = 6.0
_BALANCER_NOTICES_S = 1.0
# Longer than a statement that waits for a lock.
_CALM_S = 7.0

Event = Callable[[World, Ledger, random.Random], Awaitable[None]]


async def kill_api(world: World, _ledger: Ledger, dice: random.Random) -> None:
    """Kill -9 of an API process, and another in its place."""
    process, port = world.apis.pop(dice.randrange(len(world.apis)))
    await process.kill()
    world.balancing.remove(port)
    await world.start_api()


async def kill_worker(world: World, _ledger: Ledger, dice: random.Random) -> None:
    """Kill -9 of a worker, and another in its place."""
    await world.workers.pop(dice.randrange(len(world.workers))).kill()
    await world.start_worker()


async def cut_database(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """Every connection to Postgres ends, and none is taken for a while."""
    world.link.cut()
    await asyncio.sleep(_CUT_S)
    world.link.mend()


async def silence_database(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """Half-open connections: nothing comes through, and neither side is told."""
    world.link.silence()
    await asyncio.sleep(_SILENCE_S)
    world.link.mend()


async def slow_database(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """Each packet to and from Postgres takes its time."""
    world.link.slow(_LATENCY_S)
    await asyncio.sleep(_SLOW_S)
    world.link.mend()


async def restart_postgres(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """As an administrator restarts it."""
    await world.postgres.stop()
    await _start_postgres(world)


async def abort_postgres(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """Its immediate shutdown: it comes back by its log."""
    await world.postgres.crash(signal.SIGQUIT)
    await _start_postgres(world)


async def kill_postgres(world: World, _ledger: Ledger, _dice: random.Random) -> None:
    """Kill -9 of its first process."""
    await world.postgres.crash(signal.SIGKILL)
    await _start_postgres(world)


async def fill_database_disk(world: World, ledger: Ledger, _dice: random.Random) -> None:
    """No room under Postgres, for its tables or its log."""
    if not world.postgres.disk.is_small:
        ledger.say("left out: only root may mount a small disk")
        return
    world.postgres.disk.fill()
    await asyncio.sleep(_FULL_S)
    world.postgres.disk.free()
    # Without room for its log it ends, as it must; its supervisor starts it again.
    if not world.postgres.is_running:
        ledger.say("Postgres had ended")
        await world.postgres.stop()
        await _start_postgres(world)


async def fill_objects_disk(world: World, ledger: Ledger, _dice: random.Random) -> None:
    """No room for what patients upload."""
    if not world.objects.is_small:
        ledger.say("left out: only root may mount a small disk")
        return
    world.objects.fill()
    await asyncio.sleep(_FULL_S)
    world.objects.free()


async def rolling_restart(world: World, ledger: Ledger, _dice: random.Random) -> None:
    """SIGTERM to each process, one after the other, when another is ready. Nothing may fail."""
    # What an event before it has left may fail until then.
    while ledger.last_failure > time.monotonic() - _CALM_S:  # noqa: ASYNC110 - it is others who fail
        await asyncio.sleep(0.2)
    ledger.calm_since = time.monotonic()
    for process, port in list(world.apis):
        await world.start_api()
        if code := await process.stop():
            ledger.broken("an API process didn't end well", (code, process.log))
        world.balancing.remove(port)
        world.apis.remove((process, port))
    for worker in list(world.workers):
        await world.start_worker()
        if code := await worker.stop():
            ledger.broken("a worker didn't end well", (code, worker.log))
        world.workers.remove(worker)
    await asyncio.sleep(_BALANCER_NOTICES_S)
    ledger.calm_since = None


async def _start_postgres(world: World) -> None:
    await world.postgres.start()
    world.link.target_port = world.postgres.port


EVENTS: Mapping[str, Event] = {
    "kill an API process": kill_api,
    "kill a worker": kill_worker,
    "cut the database": cut_database,
    "silence the database": silence_database,
    "slow the database": slow_database,
    "restart Postgres": restart_postgres,
    "abort Postgres": abort_postgres,
    "kill Postgres": kill_postgres,
    "fill the database's disk": fill_database_disk,
    "fill the objects' disk": fill_objects_disk,
    "rolling restart": rolling_restart,
}
