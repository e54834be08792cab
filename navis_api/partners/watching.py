"""Ending what was begun with a key when the key ends: streams and sockets that are still open."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.identity.viewer import Viewer
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock
from navis_api.partners import repository
from navis_api.partners.keeping import KEPT_S, PARTNERS_CHANNEL, KeyKeeper
from navis_api.telemetry import describe_failure

_USES_WRITTEN_EVERY_S = 30.0

_log = structlog.get_logger(__name__)


class KeyWatch:
    """Looks every few seconds whether the keys of open streams still hold. One for a process.

    One statement for all of them, and none while there are none.
    """

    def __init__(self, database: Database, keeper: KeyKeeper, clock: Clock) -> None:
        self._database = database
        self._keeper = keeper
        self._clock = clock
        self._stirred = asyncio.Event()
        self._open: dict[UUID, dict[object, Callable[[], None]]] = defaultdict(dict)

    def hear(self, fanout: Fanout) -> None:
        """Look at once when a key is changed. Before the fanout runs."""
        fanout.on(PARTNERS_CHANNEL, lambda _: self._stirred.set())

    @contextmanager
    def watching(self, viewer: Viewer, callback: Callable[[], None]) -> Generator[None]:
        """Call back when the viewer's key, if they came with one, has ended in the block's time."""
        if viewer.by_key is None:
            yield
            return
        key_id, own = viewer.by_key.key_id, object()
        self._open[key_id][own] = callback
        try:
            yield
        finally:
            self._open[key_id].pop(own, None)
            if not self._open[key_id]:
                del self._open[key_id]

    async def look(self) -> None:
        """End what is open with keys that have ended."""
        if not self._open:
            return
        watched = list(self._open)
        async with self._database.reading(SYSTEM_ROWS) as session:
            valid = await repository.valid_among(session, watched, now=self._clock())
        for key_id in set(watched) - valid:
            for callback in tuple(self._open.get(key_id, {}).values()):
                callback()

    async def run(self) -> None:
        """Look again and again, and write down which keys were used, until cancelled."""
        written = monotonic()
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(KEPT_S):
                        await self._stirred.wait()
                self._stirred.clear()
                try:
                    await self.look()
                except (SQLAlchemyError, OSError, TimeoutError, DatabaseBusy) as failure:
                    _log.warning("partner_keys.not_watched", failure=describe_failure(failure))
                if monotonic() - written >= _USES_WRITTEN_EVERY_S:
                    written = monotonic()
                    await self._keeper.write_uses()
        finally:
            await self._keeper.write_uses()
