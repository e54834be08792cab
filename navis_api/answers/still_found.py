"""Whether a search would still find the same: asked without the words that were searched for.

What a search finds is made of what is published. Each publication has a number, drawn under a
lock, and whatever makes a question findable is written with one. So where the newest number is
still the one that it was before the search, the same is found, in the same order; and the
versions of the rows that were found say whether anything of them was changed in another way.

They are looked at where they lie, which no index has to be asked for: a row that was changed
lies elsewhere, and whatever lies in its place by then is another or in another version.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    any_,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from navis_api.answers.published_repository import PUBLISHED as ANSWERS
from navis_api.answers.publishing_models import PublishedChange
from navis_api.db.hearing import unheard
from navis_api.db.published import (
    Place,
    Published,
    Statement,
    constant,
    parameter,
    statement_of,
)
from navis_api.questions.published_repository import PUBLISHED as QUESTIONS
from navis_api.questions.published_repository import QuestionVersion


async def newest_publication(published: Published) -> int:
    """Return the number of the newest publication. What is read afterwards is at least as new."""
    rows = await published.fetch(_newest())
    return rows[0][0]


async def is_still_found(
    published: Published, found: Sequence[QuestionVersion], *, newest: int, with_answers: bool
) -> bool:
    """Return whether nothing was published since, and all that was found is in this version.

    That is asked in one statement, of which equal rows say the same at any later time.
    """
    with unheard():
        # Only how to look at them again: what lies there is compared below.
        rows = await published.fetch(_places(with_answers), ids=[each.id for each in found])
    if any(None in row for row in rows):
        return False
    names = _ANSWERED_PLACES if with_answers else _ASKED_PLACES
    places = {name: _array([row[at] for row in rows]) for at, name in enumerate(names)}
    [(number, *lying)] = await published.fetch(_lying(with_answers), **places)
    return number == newest and all(
        sorted((lines or "").splitlines())
        == sorted(f"{each.id} {each.version[at]}" for each in found)
        for at, lines in enumerate(lying)
    )


_ASKED_PLACES = ("places",)
_ANSWERED_PLACES = (*_ASKED_PLACES, "answer_places", "revision_places")


def _array(places: Sequence[tuple[int, int]]) -> str:
    """Return places as the text of an array: the driver takes longer to write one in binary."""
    return "{" + ",".join(f'"({page},{row})"' for page, row in places) + "}"


def _number() -> Select[int]:
    return select(func.coalesce(func.max(PublishedChange.sequence), constant(0, BigInteger())))


@cache
def _newest() -> Statement:
    return statement_of(_number())


@cache
def _places(with_answers: bool) -> Statement:  # noqa: FBT001 - the cache's key
    columns: list[ColumnElement[Any]] = [QUESTIONS.c.place]
    rows: FromClause = QUESTIONS
    if with_answers:
        columns += [ANSWERS.c.place, ANSWERS.c.revision_place]
        rows = QUESTIONS.outerjoin(ANSWERS, ANSWERS.c.question_id == QUESTIONS.c.id)
    ids = parameter("ids", ARRAY(Uuid()))
    return statement_of(select(*columns).select_from(rows).where(QUESTIONS.c.id == any_(ids)))


@cache
def _lying(with_answers: bool) -> Statement:  # noqa: FBT001 - the cache's key
    columns = [_number().scalar_subquery(), _lines(QUESTIONS.c.id, {"place": "places"})]
    if with_answers:
        where = {"place": "answer_places", "revision_place": "revision_places"}
        columns.append(_lines(ANSWERS.c.question_id, where))
    return statement_of(select(*columns))


def _lines(question_id: Column[UUID], where: Mapping[str, str]) -> ScalarSelect[str]:
    """Return a line for each row that lies at these places: its question and its version."""
    rows = question_id.table.c
    line = func.concat_ws(constant(" ", Text()), question_id, rows.row_version)
    in_order = aggregate_order_by(constant("\n", Text()), rows.place)
    lying = [
        rows[name] == any_(cast(parameter(given, Text()), ARRAY(Place())))
        for name, given in where.items()
    ]
    return select(func.string_agg(line, in_order)).where(*lying).scalar_subquery()
