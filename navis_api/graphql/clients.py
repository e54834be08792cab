"""Which app sends a request, as far as it is one whose operations are registered here.

Names and versions come in headers that anybody can write. What isn't registered is
counted as `other`, so that no stranger makes the metrics grow, or writes words into them.
"""

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.metrics import OTHER, UNSAID, ClientLabel
from navis_api.persisted import repository
from navis_api.telemetry import describe_failure

NAME_HEADERS = ("apollographql-client-name", "graphql-client-name")
VERSION_HEADERS = ("apollographql-client-version", "graphql-client-version")
"""As Apollo's clients send them, and others by their example."""

_NAMES = tuple(each.encode() for each in NAME_HEADERS)
_VERSIONS = tuple(each.encode() for each in VERSION_HEADERS)
_REFRESH_S = 60.0

_log = structlog.get_logger(__name__)


class KnownClients:
    """The apps, versions and operations that are registered, looked up once a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._labels: Mapping[tuple[str, str], ClientLabel] = {}
        self._operations: frozenset[str] = frozenset()

    async def refresh(self) -> None:
        """Look up what is registered now."""
        async with self._database.reading(SYSTEM_ROWS) as session:
            uses = await repository.list_uses(session)
        self._labels = {
            (each.client, each.version): ClientLabel(each.client, each.version) for each in uses
        }
        self._operations = frozenset(each.operation for each in uses)

    async def keep_fresh(self) -> None:
        """Look it up again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except (SQLAlchemyError, OSError, TimeoutError, DatabaseBusy) as failure:
                _log.warning("clients.not_refreshed", failure=describe_failure(failure))
            await asyncio.sleep(_REFRESH_S)

    def label(self, name: str | None, version: str | None) -> ClientLabel:
        """Return the app that these headers name."""
        if not name:
            return UNSAID
        return self._labels.get((name, version or ""), OTHER)

    def label_of(self, headers: Mapping[str, str]) -> ClientLabel:
        """Return the app that a request's headers name."""
        name = next((headers[each] for each in NAME_HEADERS if each in headers), None)
        version = next((headers[each] for each in VERSION_HEADERS if each in headers), None)
        return self.label(name, version)

    def label_of_bytes(self, headers: Mapping[bytes, bytes]) -> ClientLabel:
        """Return the same for headers as ASGI has them."""
        name = next((headers[each] for each in _NAMES if each in headers), None)
        if name is None:
            return UNSAID
        version = next((headers[each] for each in _VERSIONS if each in headers), b"")
        return self.label(name.decode("latin-1"), version.decode("latin-1"))

    def operation(self, name: str | None) -> str:
        """Return an operation's name, if some app has registered one with it."""
        return name if name in self._operations else "other"
