"""Answered questions near another one.

Nearness is the rank of a question's words and concepts against the other's own lexemes.
Candidates are taken from indexes up to a number, as in `ranking`: those that share all
slots of the question's own words, those that share a slot or concept, and the newest.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    SQLColumnExpression,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    column,
    func,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from navis_api.db.published import (
    AnySelect,
    Published,
    Statement,
    constant,
    parameter,
    statement_of,
)
from navis_api.questions.published_repository import (
    COLUMNS,
    PUBLISHED,
    WIDTH,
    PublishedQuestion,
    question_of,
)
from navis_api.questions.ranking import in_sample

_ALIKE: Final = 60
"""Candidates that share all slots, and of the newest."""

_SHARING: Final = 20
"""Candidates that share one concept, for each."""

_NUMBER = Integer()


async def related(
    published: Published, asked: Mapping[UUID, UUID | None], first: int
) -> dict[UUID, list[PublishedQuestion]]:
    """Return, for each question, answered ones on the same cancer, nearest first.

    `asked` has each question's cancer. One that has no published answer itself has no
    lexemes: all others are equally near to it, and the newest ids come first.
    """
    rows = await published.fetch(
        _related(), asked=list(asked), cancers=list(asked.values()), first=first
    )
    found: dict[UUID, list[PublishedQuestion]] = {each: [] for each in asked}
    for row in rows:
        found[row[WIDTH]].append(question_of(row))
    return found


@cache
def _related() -> Statement:
    asked = (
        func.unnest(parameter("asked", ARRAY(Uuid())), parameter("cancers", ARRAY(Uuid())))
        .table_valued(column("id", Uuid()), column("cancer_id", Uuid()))
        .render_derived("asked")
    )
    own = PUBLISHED.alias("own")
    sought = _sought(own.c.search).correlate(own).lateral("sought")
    near = _near(asked, sought)
    rank = func.ts_rank(PUBLISHED.c.search, sought.c.anything)
    best = (
        select(*COLUMNS, rank.label("rank"))
        .join(near, near.c.id == PUBLISHED.c.id)
        .order_by(rank.desc(), PUBLISHED.c.id.desc())
        .limit(parameter("first", _NUMBER))
        .correlate(asked, sought)
        .lateral("best")
    )
    return statement_of(
        select(*(best.c[each.key] for each in COLUMNS), asked.c.id.label("asked"))
        .select_from(
            asked.outerjoin(own, own.c.id == asked.c.id).join(sought, true()).join(best, true())
        )
        .order_by(best.c.rank.desc(), best.c.id.desc())
    )


def _sought(search: SQLColumnExpression[Any]) -> AnySelect:
    """Return what a vector is near to: `anything` of it, all its own concepts, and each."""
    lexemes = (
        func.unnest(search)
        .table_valued(
            column("lexeme", Text()), column("positions"), column("weights", ARRAY(Text()))
        )
        .render_derived("lexemes")
    )
    # Quoted, since a plain cast would read the colon in `concept:x` as a weight.
    quoted = func.quote_literal(lexemes.c.lexeme)
    is_own = constant("A", Text()) == any_(lexemes.c.weights)

    def like(prefix: str) -> ColumnElement[bool]:
        return and_(lexemes.c.lexeme.like(constant(prefix + "%", Text())), is_own)

    concepts = or_(like("concept:"), like("slot:"))
    return select(
        cast(_joined(quoted, " | "), TSQUERY).label("anything"),
        cast(_joined(quoted, " & ", like("slot:")), TSQUERY).label("everything"),
        cast(_joined(quoted, " & ", like("cancer:")), TSQUERY).label("cancers"),
        func.array_agg(quoted).filter(concepts).label("concepts"),
    ).select_from(lexemes)


def _joined(
    texts: ColumnElement[str], operator: str, *where: ColumnElement[bool]
) -> ColumnElement[Any]:
    joined: Any = func.string_agg(texts, constant(operator, Text()))
    return joined.filter(*where) if where else joined


def _near(asked: FromClause, sought: FromClause) -> FromClause:
    """Return the ids of the candidates, each once."""
    newest = (PUBLISHED.c.answered_at.desc(), PUBLISHED.c.id.desc())
    same = PUBLISHED.c.cancer_id == asked.c.cancer_id
    neither = and_(PUBLISHED.c.cancer_id.is_(None), asked.c.cancer_id.is_(None))
    # In a form that no index serves: theirs would cost more than what they leave to read.
    on_cancer = PUBLISHED.c.cancer_id.is_not_distinct_from(asked.c.cancer_id)

    def some(limit: int, *where: ColumnElement[bool]) -> AnySelect:
        return (
            select(PUBLISHED.c.id)
            .where(PUBLISHED.c.id != asked.c.id, *where)
            .limit(constant(limit, _NUMBER))
            .correlate_except(PUBLISHED)
        )

    def matching(query: ColumnElement[Any], limit: int) -> AnySelect:
        """Return some that match: those of the sample, and others where these are too few."""
        matches = PUBLISHED.c.search.op("@@")(query)
        found = union_all(
            some(limit, on_cancer, matches, in_sample()),
            some(limit, on_cancer, matches, not_(in_sample())),
        )
        return select(found.subquery().c.id).limit(constant(limit, _NUMBER))

    concepts = (
        func.unnest(sought.c.concepts)
        .table_valued(column("concept", Text()))
        .render_derived("concepts")
        .lateral()
    )
    lexeme = cast(concepts.c.concept, TSQUERY)
    of_cancers = func.coalesce(lexeme.op("&&")(sought.c.cancers), lexeme)
    sharing = matching(of_cancers, _SHARING).lateral("sharing")
    found = union_all(
        matching(sought.c.everything, _ALIKE),
        select(sharing.c.id).select_from(concepts.join(sharing, true())),
        some(_ALIKE, same).order_by(*newest),
        some(_ALIKE, neither).order_by(*newest),
    ).subquery("found")
    return select(found.c.id).distinct().correlate(asked, sought).lateral("near")
