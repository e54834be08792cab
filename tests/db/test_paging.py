"""Keyset paging: no row twice, none missed, whatever ties and changes there are."""

import base64
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime, Integer, Select, Uuid, column, literal_column, select, values
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.db.paging import (
    MAX_CURSOR_CHARS,
    MAX_PAGE,
    CursorInvalid,
    Order,
    Page,
    PageRequest,
    decode_cursor,
    encode_cursor,
    fetch_page,
    page_request,
    page_statement,
)
from navis_api.db.sessions import Database
from navis_api.errors import InvalidInput

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)

Row = tuple[datetime, UUID]
AT, ID = literal_column("at", DateTime(timezone=True)), literal_column("id", Uuid())


def order(*, descending: bool, name: str = "things") -> Order:
    return Order(name, columns=(AT, ID), kinds=(datetime, UUID), descending=descending)


def listing(rows: Sequence[Row]) -> Select[Any]:
    """Return a statement over rows that lie in no table."""
    columns = (column("number", Integer), column("at", AT.type), column("id", ID.type))
    listed = values(*columns, name="things").data([(at, *row) for at, row in enumerate(rows)])
    return select(listed.c.number).select_from(listed)


def tied_rows(seed: int, count: int) -> list[Row]:
    """Return rows of which many share their moment, in no order."""
    chance = random.Random(seed)
    rows = [
        (MONDAY + timedelta(microseconds=chance.randrange(5)), UUID(int=chance.getrandbits(128)))
        for _ in range(count)
    ]
    chance.shuffle(rows)
    return rows


async def walk(
    session: AsyncSession, rows: Sequence[Row], ordered: Order, size: int, *, backward: bool
) -> list[int]:
    """Return the numbers that pages show from one end to the other, in the list's own order."""
    seen: list[int] = []
    cursor: str | None = None
    while True:
        request = PageRequest(size=size, backward=backward, cursor=cursor)
        page: Page[int] = await fetch_page(session, listing(rows), ordered, request)
        assert len(page.rows) <= size
        seen = [*page.rows, *seen] if backward else [*seen, *page.rows]
        if not (page.has_previous if backward else page.has_next):
            return seen
        cursor = page.cursors[0] if backward else page.cursors[-1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("descending", [True, False])
async def test_pages_either_way_give_what_one_query_gives(
    database: Database, *, seed: int, descending: bool
) -> None:
    rows = tied_rows(seed, 7 * seed + 1)
    expected = sorted(range(len(rows)), key=lambda at: rows[at], reverse=descending)
    ordered = order(descending=descending)
    async with database.reading() as session:
        for size in (1, 2, 3, 7, 100):
            assert await walk(session, rows, ordered, size, backward=False) == expected
            assert await walk(session, rows, ordered, size, backward=True) == expected


async def test_what_lies_around_a_page_is_said(database: Database) -> None:
    rows = sorted(tied_rows(1, 5))
    ordered = order(descending=False)
    async with database.reading() as session:
        first = await fetch_page(session, listing(rows), ordered, PageRequest(2))
        middle = await fetch_page(
            session, listing(rows), ordered, PageRequest(2, cursor=first.cursors[-1])
        )
        last = await fetch_page(session, listing(rows), ordered, PageRequest(2, backward=True))
        exact = await fetch_page(session, listing(rows), ordered, PageRequest(5))
    assert [list(page.rows) for page in (first, middle, last)] == [[0, 1], [2, 3], [3, 4]]
    assert [(page.has_previous, page.has_next) for page in (first, middle, last, exact)] == [
        (False, True),
        (True, True),
        (True, False),
        (False, False),
    ]


async def test_rows_that_come_between_pages_are_neither_repeated_nor_skipped(
    database: Database,
) -> None:
    chance = random.Random(7)
    rows, pool = tied_rows(2, 20), tied_rows(3, 40)
    there_all_along = set(rows)
    ordered = order(descending=True)
    shown: list[Row] = []
    cursor: str | None = None
    async with database.reading() as session:
        while True:
            page = await fetch_page(session, listing(rows), ordered, PageRequest(3, cursor=cursor))
            shown += [rows[number] for number in page.rows]
            if not page.has_next:
                break
            cursor = page.cursors[-1]
            for _ in range(2):
                rows.insert(chance.randrange(len(rows)), pool.pop())
    assert len(shown) == len(set(shown))
    assert there_all_along <= set(shown)
    assert shown == sorted(shown, reverse=True)


async def test_a_row_that_is_gone_still_marks_its_place(database: Database) -> None:
    rows = sorted(tied_rows(5, 6))
    ordered = order(descending=False)
    async with database.reading() as session:
        page = await fetch_page(session, listing(rows), ordered, PageRequest(3))
        without = [row for row in rows if row != rows[2]]
        rest = await fetch_page(
            session, listing(without), ordered, PageRequest(3, cursor=page.cursors[-1])
        )
    assert [without[number] for number in rest.rows] == rows[3:]


def _cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(parts))).decode().rstrip("=")


SOMEWHEN, SOMEONE = MONDAY.isoformat(), str(UUID(int=5))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "\0",
        "garbage!",
        "äöü",
        "YWJj",
        "=" * 5,
        "A",
        "A" * (MAX_CURSOR_CHARS + 1),
        _cursor("others", SOMEWHEN, SOMEONE),
        _cursor("things"),
        _cursor("things", SOMEWHEN),
        _cursor("things", SOMEWHEN, SOMEONE, 1),
        _cursor("things", SOMEONE, SOMEWHEN),
        _cursor("things", 1, SOMEONE),
        _cursor("things", "2026-13-45", SOMEONE),
        _cursor("things", SOMEWHEN, "\0"),
        _cursor("things", None, SOMEONE),
        _cursor("things", [SOMEWHEN], SOMEONE),
        _cursor({"things": 1}),
        base64.urlsafe_b64encode(b"[" * 900).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe[]").decode(),
        base64.urlsafe_b64encode(orjson.dumps("things")).decode(),
    ],
)
@pytest.mark.parametrize("backward", [True, False])
def test_a_cursor_of_another_making_is_refused(*, cursor: str, backward: bool) -> None:
    request = PageRequest(2, backward=backward, cursor=cursor)
    with pytest.raises(CursorInvalid) as refused:
        page_statement(listing(tied_rows(1, 3)), order(descending=True), request)
    assert refused.value.path == ("before" if backward else "after",)
    assert cursor not in refused.value.message or cursor in {"", "A"}


@given(st.text(max_size=80))
def test_no_text_makes_decoding_fail_in_another_way(cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        decode_cursor(order(descending=True), cursor, argument="after")


@pytest.mark.parametrize(
    ("kind", "value"),
    [(str, "a\0b"), (int, 2**63), (int, True), (int, "1"), (float, True), (float, "1.5"), (str, 3)],
)
def test_a_value_that_the_column_cannot_hold_is_refused(kind: Any, value: object) -> None:
    ordered = Order("one", columns=(), kinds=(kind,))
    with pytest.raises(CursorInvalid):
        decode_cursor(ordered, _cursor("one", value), argument="after")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    raw = base64.urlsafe_b64encode(f'["one",{number}]'.encode()).decode()
    with pytest.raises(CursorInvalid):
        decode_cursor(Order("one", columns=(), kinds=(float,)), raw, argument="after")


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_a_cursor_gives_back_what_it_was_made_of(
    at: datetime, id_: UUID, word: str, whole: int, part: float
) -> None:
    ordered = Order("all", columns=(), kinds=(datetime, UUID, str, int, float))
    key = (at, id_, word, whole, part)
    assert decode_cursor(ordered, encode_cursor(ordered, key), argument="after") == key


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"first": 1, "last": 1}, "last"),
        ({"last": 1, "after": "x"}, "after"),
        ({"first": 1, "before": "x"}, "before"),
        ({"before": "x"}, "before"),
        ({"first": 0}, "first"),
        ({"first": -1}, "first"),
        ({"first": MAX_PAGE + 1}, "first"),
        ({"last": 0}, "last"),
        ({"last": MAX_PAGE + 1}, "last"),
    ],
)
def test_contradictions_and_sizes_out_of_range_are_refused(
    arguments: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        page_request(**arguments)
    assert refused.value.path == (path,)


def test_the_bounds_themselves_are_sizes() -> None:
    assert page_request(first=1) == PageRequest(1)
    assert page_request(first=MAX_PAGE, after="x") == PageRequest(MAX_PAGE, cursor="x")
    assert page_request(last=MAX_PAGE, before="x") == PageRequest(
        MAX_PAGE, backward=True, cursor="x"
    )
    assert page_request(default=7) == PageRequest(7)
