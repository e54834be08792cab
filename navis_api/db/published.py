"""The short way to published content: read-only, for everybody alike, one statement at a time.

A session costs more than the statement that it is opened for: a transaction, a reset, and
SQLAlchemy's own work (READ_PATH 5). What is published is the same for all viewers, so
these connections speak for nobody and keep nothing between two statements; they are asyncpg's
own, without a transaction around each statement and without a reset after it.

Statements are written as SQLAlchemy Core, so that tables and columns are checked, and made
into text once.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none
from sqlalchemy import BindParameter, Column, MetaData, Select, Table, bindparam, literal
from sqlalchemy.dialects.postgresql.asyncpg import (
    PGDialect_asyncpg,  # pyright: ignore[reportUnknownVariableType] - SQLAlchemy leaves it untyped
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine, UserDefinedType

from navis_api.db.away import is_away
from navis_api.db.engine import asyncpg_address, published_settings
from navis_api.db.errors import DatabaseBusy
from navis_api.db.hearing import miss, note
from navis_api.db.patience import CONNECT_PATIENCE_S
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.replicas import Replicas
from navis_api.kit.bounded import BoundedMemory
from navis_api.metrics import PoolState

Row = Sequence[Any]
"""What a statement returns: its columns in order."""

AnySelect = Select[*tuple[Any, ...]]

_DIALECT: Any = cast("Any", PGDialect_asyncpg)(paramstyle="numeric_dollar")
_CLOSE_PATIENCE_S = 5.0

# Statements are few and stay the same: they are kept prepared for as long as a connection lives.
_KEPT_STATEMENTS = 256

_LOST: tuple[type[Exception], ...] = (
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    # A connection that ends just as a statement begins is out of step (asyncpg 0.32).
    asyncpg.InternalClientError,
    ConnectionResetError,
    BrokenPipeError,
)
"""What a connection ends with that was lost while it lay idle, or in the middle of a statement."""

Value = TypeVar("Value")


class _Connection(Protocol):
    async def fetch(self, query: str, *args: object) -> list[Row]: ...

    async def close(self, *, timeout: float | None = None) -> None: ...  # noqa: ASYNC109 - asyncpg's own signature

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as Postgres reads it, and the names of its `$1`, `$2` … in order."""

    text: str
    names: tuple[str, ...]


def view(name: str, *columns: InstrumentedAttribute[Any]) -> Table:
    """Return a view of what everybody may see, with columns as the tables below it have them.

    Views are read as their owner, without row security: with it Postgres uses no index for
    a full-text search, since `@@` isn't leakproof.
    """
    return Table(name, MetaData(), *(Column(each.key, each.type) for each in columns))


def statement_of(select: AnySelect) -> Statement:
    """Return the text of a statement of which all parameters are `parameter`s.

    What a partial index must recognise, or never changes, is a `constant`.
    """
    compiled = select.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    valued = [name for name, value in compiled.params.items() if value is not None]
    if valued:
        message = f"These parameters have a value already; make them constants: {valued}"
        raise ValueError(message)
    return Statement(str(compiled), tuple(compiled.positiontup or ()))


class Place(UserDefinedType[tuple[int, int]]):
    """Where a row lies in its table: the number of the page, and that of the row on it."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Return Postgres's name of the type."""
        return "TID"


def parameter(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    """Return what stands for a value that `Published.fetch` is given under this name."""
    return bindparam(name, type_=kind, required=False)


def constant(value: Value, kind: TypeEngine[Any]) -> BindParameter[Value]:
    """Return a value that stands in the statement's text."""
    return literal(value, kind, literal_execute=True)


def one_of(values: Sequence[Value], kind: TypeEngine[Any]) -> BindParameter[Sequence[Value]]:
    """Return values for `in_` that stand in the statement's text."""
    return bindparam(None, value=values, type_=kind, expanding=True, literal_execute=True)


class Published:
    """Connections that read published content. Opened as they are needed.

    `memory` is for what was read and never changes. `address` is the primary's; `replicas`
    are asked first.
    """

    def __init__(
        self,
        address: str,
        *,
        size: int,
        wait_s: float,
        command_timeout_s: float,
        memory_bytes: int = 0,
        replicas: Replicas | None = None,
    ) -> None:
        self.replicas = replicas
        self.memory = BoundedMemory[Any, Any](memory_bytes)
        self._address = address
        self._size = size
        self._wait_s = wait_s
        self._command_timeout_s = command_timeout_s
        self._idle: list[_Connection] = []
        self._open = 0
        self._is_closed = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._watchers: tuple[Callable[[str], object], ...] = ()

    @property
    def state(self) -> PoolState:
        """How many connections are open, and idle."""
        return PoolState(self._open - len(self._idle), len(self._idle), self._size)

    async def fetch(self, statement: Statement, **values: object) -> list[Row]:
        """Return the rows of a statement. `values` are those of its parameters, by name.

        They are a replica's where one may be asked. A connection that was lost while it lay
        idle is replaced, and the statement done again: it only reads. Raises DatabaseBusy
        when no connection becomes free in time, or the database is away or gives no answer
        in time.
        """
        return await self.ask(statement, [values[name] for name in statement.names])

    async def ask(self, statement: Statement, given: Sequence[object]) -> list[Row]:
        """Return the rows of a statement for the values of `$1`, `$2` …, in order. As `fetch`."""
        for watcher in self._watchers:
            watcher(statement.text)
        rows = None
        if self.replicas is not None:
            rows = await self.replicas.fetch(statement.text, given)
        if rows is None:
            rows = await self.run(statement.text, given)
        note(statement, given, rows)
        return rows

    async def fetch_newest(self, statement: Statement, **values: object) -> list[Row]:
        """Return the rows of a statement as the primary has them. As for `fetch`."""
        for watcher in self._watchers:
            watcher(statement.text)
        miss()
        return await self.run(statement.text, [values[name] for name in statement.names])

    async def run(self, text: str, given: Sequence[object]) -> list[Row]:
        """Return the rows of a statement's text, with what stands for its `$1`, `$2` …, in order.

        Raises as `fetch` does.
        """
        try:
            try:
                return await self._fetch(text, given)
            except _LOST:
                return await self._fetch(text, given)
        except CONNECTION_FAILURES as failure:
            if is_away(failure):
                raise DatabaseBusy from failure
            raise

    async def _fetch(self, text: str, given: Sequence[object]) -> list[Row]:
        connection = self._pop() or await self._take()
        try:
            return await connection.fetch(text, *given)
        except asyncpg.InternalClientError:
            connection.terminate()
            raise
        finally:
            self._give_back(connection)

    def _pop(self) -> _Connection | None:
        """Return a connection that is idle and lives."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open -= 1
        return None

    async def _take(self) -> _Connection:
        """Return a new connection or, when there may be no more, the next that becomes free."""
        try:
            async with asyncio.timeout(self._wait_s):
                while self._open >= self._size:
                    await self._wait()
                    if connection := self._pop():
                        return connection
                return await self._connect()
        except (TimeoutError, asyncpg.TooManyConnectionsError):
            raise DatabaseBusy from None

    async def _wait(self) -> None:
        """Wait until a connection is given back."""
        free = asyncio.get_running_loop().create_future()
        self._waiting.append(free)
        try:
            await free
        except BaseException:
            if free.done() and not free.cancelled():
                # It was our turn, and now it is the next one's.
                self._wake()
            raise

    async def _connect(self) -> _Connection:
        self._open += 1
        open_connection: Any = cast("Any", asyncpg).connect
        try:
            return await open_connection(
                asyncpg_address(self._address),
                timeout=CONNECT_PATIENCE_S,
                command_timeout=self._command_timeout_s,
                statement_cache_size=_KEPT_STATEMENTS,
                max_cached_statement_lifetime=0,
                server_settings={
                    "application_name": "navis-api published",
                    **published_settings(self._address, self._command_timeout_s),
                },
            )
        except BaseException:
            self._open -= 1
            self._wake()
            raise

    def _give_back(self, connection: _Connection) -> None:
        if connection.is_closed():
            self._open -= 1
        elif self._is_closed:
            self._open -= 1
            connection.terminate()
        else:
            self._idle.append(connection)
        if self._waiting:
            self._wake()

    def _wake(self) -> None:
        """Let the one who has waited longest look again."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return

    async def follow_replicas(self) -> None:
        """Look after the replicas, for ever, where there are any."""
        if self.replicas is not None:
            await self.replicas.run()

    @contextmanager
    def watched(self, watcher: Callable[[str], object]) -> Generator[None]:
        """Tell `watcher` of each statement while the block lasts."""
        self._watchers = (*self._watchers, watcher)
        try:
            yield
        finally:
            self._watchers = tuple(each for each in self._watchers if each is not watcher)

    async def close(self) -> None:
        """Close every connection: those that are idle now, the others after their statement."""
        if self.replicas is not None:
            await self.replicas.close()
        self._is_closed = True
        while self._idle:
            connection = self._idle.pop()
            self._open -= 1
            try:
                await connection.close(timeout=_CLOSE_PATIENCE_S)
            except TimeoutError:
                connection.terminate()
