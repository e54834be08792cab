"""Registered documents as a process knows them: all in memory, read anew now and then.

Those of our own pages come with the code and need no database (`navis_api.persisted.own`).
Whoever asks for ids that don't exist makes no statement for each of them: after a miss the
list of ids is read again, but not more often than every few seconds, whatever is asked.
"""

import asyncio
import time
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.persisted import repository
from navis_api.persisted.own import own_documents, own_texts
from navis_api.telemetry import describe_failure

MISS_INTERVAL_S = 5.0
"""How long an id that is registered may stay unknown to a process that was just asked for it."""

HIT_INTERVAL_S = 60.0
"""How long a document that was taken back may still be served."""

_FAILURES = (DatabaseBusy, SQLAlchemyError, *CONNECTION_FAILURES)
_log = structlog.get_logger(__name__)


class RegisteredDocuments:
    """The texts of all registered documents, by id and by hash. One for a process.

    A text never changes under its id, so what was read stays right while the database
    is away. `ticks` counts seconds from any point, and never goes back.
    """

    def __init__(self, database: Database, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._ticks = ticks
        self._own = own_texts()
        self._own_by_hash = {each.operation.sha256: each.operation.text for each in own_documents()}
        self._texts: dict[str, str] = {}
        self._by_hash: dict[str, str] = {}
        self._tried_at: float | None = None
        self._is_read = False
        self._reading = asyncio.Lock()

    async def by_id(self, id_: str) -> str | None:
        """Return the text that is registered under an id, or whose hash that is.

        Raises DatabaseBusy when nothing is known yet and the database can't be asked.
        """
        own = self._own.get(id_) or self._own_by_hash.get(id_)
        return own or await self._found(lambda: self._texts.get(id_) or self._by_hash.get(id_))

    async def by_hash(self, sha256: str) -> str | None:
        """Return the registered text with a hash, given as lower-case hex.

        Raises DatabaseBusy when nothing is known yet and the database can't be asked.
        """
        own = self._own_by_hash.get(sha256)
        return own or await self._found(lambda: self._by_hash.get(sha256))

    async def _found(self, known: Callable[[], str | None]) -> str | None:
        found = known()
        if found is None:
            await self._refresh(MISS_INTERVAL_S)
            return known()
        # One request waits for what is read anew; the others take what is known.
        if self._is_due(HIT_INTERVAL_S) and not self._reading.locked():
            await self._refresh(HIT_INTERVAL_S)
            return known()
        return found

    def _is_due(self, interval_s: float) -> bool:
        return self._tried_at is None or self._ticks() - self._tried_at >= interval_s

    async def _refresh(self, interval_s: float) -> None:
        """Read what is registered, unless that was done or tried so short a time ago."""
        async with self._reading:
            # Whoever held the lock has done it for those who waited.
            if self._is_due(interval_s):
                await self._read()
                self._tried_at = self._ticks()
        if not self._is_read:
            raise DatabaseBusy

    async def _read(self) -> None:
        try:
            async with self._database.reading(SYSTEM_ROWS) as session:
                hashes = await repository.list_ids(session)
                new = [id_ for id_ in hashes if id_ not in self._texts]
                texts = self._texts | (await repository.get_texts(session, new) if new else {})
        except _FAILURES as error:
            _log.warning("graphql.registered_documents_unread", failure=describe_failure(error))
            return
        self._texts = {id_: texts[id_] for id_ in hashes}
        self._by_hash = {sha256: texts[id_] for id_, sha256 in hashes.items()}
        self._is_read = True
