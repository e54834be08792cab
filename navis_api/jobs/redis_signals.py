"""Signals by Redis: published once a transaction is committed, and heard by every process.

Redis keeps nothing for whoever doesn't listen. So whenever this process may have missed
something it says so, and all who wait look at the rows (law 3). That it still hears shows in a
message of its own, sent every second by the way that all signals take.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import uuid4

import structlog
from pydantic import SecretStr

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.signals import Signal, signal_in
from navis_api.jobs.deployment import deployment_at
from navis_api.jobs.redis_link import RedisAway, redis_at, told_as_away
from navis_api.telemetry import describe_failure

_RECONNECT_S = 0.5
_ECHO_EVERY_S = 1.0
_ECHO_WITHIN_S = 2.0
_AT_A_TIME = 500
"""Signals in one message, of some 55 bytes each."""

_log = structlog.get_logger(__name__)


class RedisSignals:
    """See `Signals`. `address` is the database's, over which the processes are one deployment.

    `heard` is called with each signal, `doubted` whenever some may have been missed, and
    `untold` with those that have to be told otherwise: they weren't sent, or nobody knows.
    Raises RedisAddressInvalid.
    """

    def __init__(
        self,
        redis: SecretStr,
        address: str,
        *,
        heard: Callable[[Signal], None],
        doubted: Callable[[], None],
        untold: Callable[[Sequence[Signal]], None],
    ) -> None:
        self._redis = redis_at(redis)
        self._address = address
        self._heard = heard
        self._doubted = doubted
        self._untold = untold
        self._outbox: list[Signal] = []
        self._filled = asyncio.Event()
        self._channel = ""
        # An echo is for this process alone.
        self._own = uuid4().hex
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """See `Signals`: whether this process hears what it publishes."""
        return self._is_open

    def send(self, signals: Sequence[Signal]) -> None:
        """See `Signals`."""
        if not self._is_open:
            self._untold(signals)
            return
        self._outbox.extend(signals)
        self._filled.set()

    async def run(self) -> None:
        """Publish and hear until cancelled, connecting again whenever Redis is lost."""
        is_told = False
        try:
            while True:
                try:
                    await self._work_until_lost()
                except (RedisAway, TimeoutError, *CONNECTION_FAILURES) as lost:
                    is_told = is_told and not self._is_open
                    if not is_told:
                        failure = (
                            lost.reason if isinstance(lost, RedisAway) else describe_failure(lost)
                        )
                        _log.warning("signals.redis_lost", failure=failure)
                        is_told = True
                finally:
                    await self._end()
                await asyncio.sleep(_RECONNECT_S)
        finally:
            await self._redis.aclose()

    async def _work_until_lost(self) -> None:
        if not self._channel:
            deployment = await deployment_at(self._address)
            self._channel = f"navis:signals:{deployment.digest('', kind=b'signals').hex()}"
        pubsub: Any = cast("Any", self._redis).pubsub()
        try:
            with told_as_away():
                await pubsub.subscribe(self._channel, f"{self._channel}:{self._own}")
                for _ in range(2):
                    await self._next(pubsub)
            self._is_open = True
            self._doubted()
            _log.info("signals.by_redis")
            tasks = [
                asyncio.create_task(work)
                for work in (self._hear(pubsub), self._publish_on(), self._echo_on())
            ]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                await _stop(tasks)
        except asyncio.CancelledError:
            with suppress(RedisAway):
                await self._publish()
            raise
        finally:
            # With all connections, so that none that is lost is tried again afterwards.
            with suppress(RedisAway), told_as_away():
                async with asyncio.timeout(_ECHO_WITHIN_S):
                    await pubsub.aclose()
                    await cast("Any", self._redis).connection_pool.disconnect()

    async def _hear(self, pubsub: Any) -> None:  # noqa: ANN401 - redis-py's own, which has no types
        """Pass on what comes. Raises RedisAway, or TimeoutError when not even an echo does."""
        while True:
            message = await self._next(pubsub)
            if message["type"] != "message" or message["channel"] != self._channel.encode():
                continue
            for line in message["data"].decode("utf-8", "replace").splitlines():
                self._heard(signal_in(line))

    async def _next(self, pubsub: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        with told_as_away():
            message = await pubsub.get_message(timeout=_ECHO_EVERY_S + _ECHO_WITHIN_S)
        if message is None:
            raise TimeoutError
        return message

    async def _echo_on(self) -> None:
        while True:
            await self._published(f"{self._channel}:{self._own}", "")
            await asyncio.sleep(_ECHO_EVERY_S)

    async def _publish_on(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            await self._publish()

    async def _publish(self) -> None:
        while self._outbox:
            some = self._outbox[:_AT_A_TIME]
            lines = "\n".join(f"{channel} {payload}" for channel, payload in some)
            await self._published(self._channel, lines)
            # Only now: what may not have come is told otherwise.
            del self._outbox[: len(some)]

    async def _published(self, channel: str, data: str) -> None:
        publish: Any = cast("Any", self._redis).publish
        with told_as_away():
            async with asyncio.timeout(_ECHO_WITHIN_S):
                await publish(channel, data)

    async def _end(self) -> None:
        """Leave this way, and let nothing that was to go by it be lost."""
        was_open, self._is_open = self._is_open, False
        untold, self._outbox = self._outbox, []
        if untold:
            self._untold(untold)
        if was_open:
            self._doubted()


async def _stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: a time limit within redis-py may take one for its own."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_ECHO_EVERY_S)
