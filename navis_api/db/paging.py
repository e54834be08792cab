"""Keyset paging: a page starts after a row, not after a count: none is shown twice or missed."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

import orjson
from pydantic import ConfigDict, TypeAdapter
from sqlalchemy import Select, SQLColumnExpression, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.errors import InvalidInput

MAX_PAGE = 100
DEFAULT_PAGE = 20
MAX_CURSOR_CHARS = 2_000
_BIGINT = 2**63
_PARTS = TypeAdapter(list[str | int | float], config=ConfigDict(strict=True, allow_inf_nan=False))

Row = TypeVar("Row")
Other = TypeVar("Other")


class CursorInvalid(InvalidInput):
    """A cursor that this list did not give out."""

    def __init__(self, argument: str) -> None:
        super().__init__(
            f"`{argument}` is not a cursor of this list. Use `endCursor` or `startCursor` of a page"
            " that was asked for with the same arguments.",
            path=(argument,),
        )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How much of a list, in which direction, from where."""

    size: int
    backward: bool = False
    cursor: str | None = None


def page_request(
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    default: int = DEFAULT_PAGE,
) -> PageRequest:
    """Return the page that Relay's four arguments ask for.

    Raises InvalidInput when they contradict each other or a size is not 1 to 100.
    """
    if first is not None and last is not None:
        raise InvalidInput("Give `first` or `last`, not both.", path=("last",))
    if last is not None and after is not None:
        raise InvalidInput("`after` goes with `first`; `last` takes `before`.", path=("after",))
    if last is None and before is not None:
        raise InvalidInput("`before` goes with `last`; `first` takes `after`.", path=("before",))
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= MAX_PAGE:
            raise InvalidInput(f"`{name}` must be from 1 to {MAX_PAGE}.", path=(name,))
    if last is not None:
        return PageRequest(size=last, backward=True, cursor=before)
    return PageRequest(size=default if first is None else first, cursor=after)


KeyKind = type[str] | type[int] | type[float] | type[datetime] | type[UUID]


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: columns that together are unique, all in one direction.

    `name` stands in the cursors, so that a cursor of one list is refused by another.
    """

    name: str
    columns: tuple[SQLColumnExpression[Any], ...]
    kinds: tuple[KeyKind, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the list's own order, each with its cursor, and whether more lie around them."""

    rows: Sequence[Row]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool

    def showing(self, others: Sequence[Other]) -> "Page[Other]":
        """Return the page with something else in place of each row."""
        return Page(others, self.cursors, self.has_next, self.has_previous)


def encode_cursor(order: Order, values: Sequence[Any]) -> str:
    """Return the opaque cursor of the row whose key has these values."""
    # asyncpg has a UUID class of its own, which orjson doesn't know.
    packed = orjson.dumps([order.name, *values], default=str)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(order: Order, cursor: str, *, argument: str) -> tuple[Any, ...]:
    """Return the key's values.

    Raises CursorInvalid, naming `argument`, for anything that `encode_cursor`
    with this order didn't make.
    """
    if len(cursor) > MAX_CURSOR_CHARS:
        raise CursorInvalid(argument)
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = _PARTS.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
        if parts[:1] != [order.name]:
            raise CursorInvalid(argument)
        return tuple(
            _value(kind, value) for kind, value in zip(order.kinds, parts[1:], strict=True)
        )
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise CursorInvalid(argument) from None


def _value(kind: KeyKind, value: object) -> str | float | datetime | UUID:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is int and isinstance(value, int) and abs(value) < _BIGINT:
        return value
    if isinstance(value, str):
        if kind is datetime:
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if kind is UUID:
            return UUID(value)
        if kind is str and "\0" not in value:
            return value
    raise TypeError


def page_statement(statement: Select[Any], order: Order, request: PageRequest) -> Select[Any]:
    """Return the statement for one page and one row more, with the key as its last columns."""
    descending = order.descending is not request.backward
    if request.cursor is not None:
        argument = "before" if request.backward else "after"
        edge = tuple_(
            *(literal(value) for value in decode_cursor(order, request.cursor, argument=argument))
        )
        key = tuple_(*order.columns)
        statement = statement.where(key < edge if descending else key > edge)
    return (
        statement.add_columns(*order.columns)
        .order_by(*(column.desc() if descending else column.asc() for column in order.columns))
        .limit(request.size + 1)
    )


class _Cursors(Sequence[str]):
    """The cursors of a page's rows, each made when it is asked for: most are not."""

    def __init__(self, order: Order, rows: Sequence[Sequence[Any]]) -> None:
        self._order = order
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return _Cursors(self._order, self._rows[index])
        key = tuple(self._rows[index])[-len(self._order.kinds) :]
        return encode_cursor(self._order, key)


def page_of_rows(rows: Sequence[Any], order: Order, request: PageRequest) -> Page[Any]:
    """Return the page that the rows of a `page_statement` make, from each row's first column."""
    kept = list(rows[: request.size])
    more = len(rows) > request.size
    if request.backward:
        kept.reverse()
    return Page(
        rows=[row[0] for row in kept],
        cursors=_Cursors(order, kept),
        has_next=request.cursor is not None if request.backward else more,
        has_previous=more if request.backward else request.cursor is not None,
    )


async def fetch_page(
    session: AsyncSession, statement: Select[Row], order: Order, request: PageRequest
) -> Page[Row]:
    """Return one page of a statement that selects a single entity."""
    rows = (await session.execute(page_statement(statement, order, request))).all()
    return page_of_rows(rows, order, request)
