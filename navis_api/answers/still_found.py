"""Whether a search would still find the same: asked without the words that were searched for.

What a search finds is made of what is published. Each publication has a number, drawn under a
lock, and whatever makes a question findable is written with one. So where the newest number is
still the one that it was before the search, the same is found, in the same order; and the
versions of the rows that were found say whether anything of them was changed in another way.
"""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, Uuid, any_, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from navis_api.answers.publishing_models import PublishedChange
from navis_api.db.published import Published, Statement, constant, parameter, statement_of
from navis_api.questions.published_repository import (
    PUBLISHED,
    VERSION_COLUMNS,
    Beside,
    QuestionVersion,
    version_line,
    version_of,
)


async def newest_publication(published: Published) -> int:
    """Return the number of the newest publication. What is read afterwards is at least as new."""
    rows = await published.fetch(_newest())
    return rows[0][0]


async def still_found(
    published: Published, ids: Sequence[UUID], *, beside: Beside | None
) -> tuple[int, dict[UUID, QuestionVersion]]:
    """Return the newest publication, and the versions in which these questions are published.

    What stands beside a question has its version in the last column.
    """
    rows = await published.fetch(_versions(beside), ids=list(ids))
    newest, lines = rows[0]
    found = [version_of(line)[0] for line in (lines or "").splitlines()]
    return newest, {each.id: each for each in found}


def _number() -> Select[int]:
    return select(func.coalesce(func.max(PublishedChange.sequence), constant(0, BigInteger())))


@cache
def _newest() -> Statement:
    return statement_of(_number())


@cache
def _versions(beside: Beside | None) -> Statement:
    wanted = PUBLISHED.c.id == any_(parameter("ids", ARRAY(Uuid())))
    found = select(*VERSION_COLUMNS).where(wanted).subquery("found")
    shown = beside.joined(found).subquery("shown") if beside else found
    line = version_line(shown, constant("", Text()), beside=beside)
    in_order = aggregate_order_by(constant("\n", Text()), shown.c.id)
    lines = select(func.string_agg(line, in_order)).scalar_subquery()
    return statement_of(select(_number().scalar_subquery(), lines))
