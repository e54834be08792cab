"""Which app sends a request, as far as it is one whose operations are registered here.

Names and versions come in headers that anybody can write. What isn't registered is
counted as `other`, so that no stranger makes the metrics grow, or writes words into them.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.metrics import OTHER, UNSAID, ClientLabel
from navis_api.persisted import repository
from navis_api.persisted.own import own_documents
from navis_api.telemetry import describe_failure

NAME_HEADERS = ("apollographql-client-name", "graphql-client-name")
VERSION_HEADERS = ("apollographql-client-version", "graphql-client-version")
"""As Apollo's clients send them, and others by their example."""

_NAMES = tuple(each.encode() for each in NAME_HEADERS)
_VERSIONS = tuple(each.encode() for each in VERSION_HEADERS)
_REFRESH_S = 60.0

Text = TypeVar("Text", str, bytes)

_log = structlog.get_logger(__name__)


class KnownClients:
    """The apps, versions and operations that are registered, looked up once a minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        own = own_documents()
        self._own_labels = {
            (each.client, each.version): ClientLabel(each.client, each.version) for each in own
        }
        self._own_operations = frozenset(each.operation.name for each in own)
        self._labels: Mapping[tuple[str, str], ClientLabel] = self._own_labels
        self._operations: frozenset[str | None] = self._own_operations

    async def refresh(self) -> None:
        """Look up what is registered now."""
        async with self._database.reading(SYSTEM_ROWS) as session:
            uses = await repository.list_uses(session)
        self._labels = self._own_labels | {
            (each.client, each.version): ClientLabel(each.client, each.version) for each in uses
        }
        self._operations = self._own_operations | {each.operation for each in uses}

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
        return self.label(_first(headers, NAME_HEADERS), _first(headers, VERSION_HEADERS))

    def label_of_bytes(self, headers: Mapping[bytes, bytes]) -> ClientLabel:
        """Return the same for headers as ASGI has them."""
        name = _first(headers, _NAMES)
        if name is None:
            return UNSAID
        version = _first(headers, _VERSIONS) or b""
        return self.label(name.decode("latin-1"), version.decode("latin-1"))

    def registered(self, name: str | None) -> str | None:
        """Return an operation's name, if some app has registered one with it."""
        return name if name in self._operations else None

    def operation(self, name: str | None) -> str:
        """Return what figures call an operation: `other` unless its name is registered."""
        return self.registered(name) or "other"


def _first(headers: Mapping[Text, Text], names: Sequence[Text]) -> Text | None:
    """Return the first of these headers that is there."""
    return next((headers[each] for each in names if each in headers), None)
