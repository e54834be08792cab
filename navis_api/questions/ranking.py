"""The statement that finds and ranks answered questions, at most so many of them.

A word such as "chemotherapy" is in a tenth of all questions. To rank those, Postgres would have
to read each of their vectors, and the time for one search would grow with the corpus. So
candidates are taken from the index up to a number, and those alone are ranked: among the
questions that have everything, those of a fixed sample first, which has all brief questions
that it can and few of the others, since a brief one is the best answer to a broad search.
The index of that sample is small, and a search that finds enough there reads nothing else.
With fewer questions than that number for a search, the ranking is exact.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Double,
    Float,
    FromClause,
    Integer,
    Text,
    Uuid,
    any_,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from navis_api.db.published import AnySelect, Statement, constant, parameter, statement_of
from navis_api.questions.published_repository import COLUMNS, PUBLISHED, Beside

MAX_RANKED: Final = 200
"""Questions with everything that was searched for, of which the best are shown."""

_ENOUGH: Final = 40
"""So many of the sample are enough: the search is a broad one, and the rest is not read."""

_PART: Final = 60
"""Questions for each part of what was searched for, when none has everything."""

_BRIEF_CHARS = 48
_BRIEF_SHARE = 64
_OTHER_SHARE = 4
"""In 256ths, what of the questions is in the sample: a quarter of the brief, a 64th of the rest."""

_NUMBER = Integer()
_ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")


def in_sample() -> ColumnElement[bool]:
    """Return the condition of the index `ix_questions_search_sample`, to the letter.

    An id's last byte is chance.
    """
    share = case(
        (
            func.length(PUBLISHED.c.text) <= constant(_BRIEF_CHARS, _NUMBER),
            constant(_BRIEF_SHARE, _NUMBER),
        ),
        else_=constant(_OTHER_SHARE, _NUMBER),
    )
    return func.get_byte(func.uuid_send(PUBLISHED.c.id), constant(15, _NUMBER)) < share


def _groups() -> FromClause:
    """Return what was searched for: the query of each thing, numbered."""
    lexemes = func.unnest(parameter("lexemes", ARRAY(Text()))).table_valued(
        column("lexeme", Text())
    )
    words = func.unnest(parameter("words", ARRAY(Text()))).table_valued(column("word", Text()))
    lexemes, words = lexemes.render_derived("lexemes"), words.render_derived("words")
    things = union_all(
        select(cast(lexemes.c.lexeme, TSQUERY).label("query")),
        select(func.plainto_tsquery(_ENGLISH, words.c.word)),
    ).subquery("things")
    # A word that English leaves out of an index can't be searched for.
    has_lexemes = func.numnode(things.c.query) > constant(0, _NUMBER)
    number = func.row_number().over()
    return select(number.label("number"), things.c.query).where(has_lexemes).cte("groups")


def _joined(groups: FromClause, operator: str) -> AnySelect:
    """Return the query for all, or for any, of the groups."""
    texts = constant("(", Text()).concat(cast(groups.c.query, Text)).concat(constant(")", Text()))
    return select(cast(func.string_agg(texts, constant(operator, Text())), TSQUERY))


def _about_cancers(query: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a query for those of its questions that are about the cancers asked for."""
    return func.coalesce(query.op("&&")(cast(parameter("about", Text()), TSQUERY)), query)


def _having(query: ColumnElement[Any], *where: ColumnElement[bool], limit: int) -> AnySelect:
    """Return some questions that a query finds."""
    cancers = parameter("cancer_ids", ARRAY(Uuid()))
    return (
        select(PUBLISHED.c.id)
        .where(
            PUBLISHED.c.search.op("@@")(query),
            or_(cancers.is_(None), PUBLISHED.c.cancer_id == any_(cancers)),
            *where,
        )
        .limit(constant(limit, _NUMBER))
        .correlate_except(PUBLISHED)
    )


def _some(*selects: AnySelect, limit: int) -> AnySelect:
    """Return the ids that several statements find, in their order, up to a number."""
    found: CompoundSelect[Any] = union_all(*selects)
    return select(found.subquery().c.id).limit(constant(limit, _NUMBER))


def _strict(groups: FromClause) -> FromClause:
    """Return the ids of some questions that have everything."""
    wanted = parameter("match", Text())
    is_wanted = func.coalesce(wanted, constant("all", Text())) == constant("all", Text())
    joined = _joined(groups, " & ").scalar_subquery()
    whole = select(_about_cancers(joined).label("query")).cte("whole")
    query = select(whole.c.query).scalar_subquery()
    sampled = _having(query, is_wanted, in_sample(), limit=MAX_RANKED).cte("sampled")
    count = select(func.count()).select_from(sampled).scalar_subquery()
    is_too_few = count < constant(_ENOUGH, _NUMBER)
    others = _having(query, is_wanted, not_(in_sample()), is_too_few, limit=MAX_RANKED)
    return _some(select(sampled.c.id), others, limit=MAX_RANKED).cte("strict")


def _loose(groups: FromClause, strict: FromClause) -> FromClause:
    """Return the ids of some questions that have a part, when none has everything.

    For each thing that was searched for: some that have everything else, and some that
    have it, so that what is rare is not lost beside what is common.
    """
    wanted = parameter("match", Text())
    is_wanted = func.coalesce(wanted == constant("any", Text()), not_(exists(select(strict.c.id))))
    others = groups.alias("others")
    of_others = (
        _joined(others, " & ")
        .where(others.c.number != groups.c.number)
        .correlate(groups)
        .scalar_subquery()
    )
    parts = (
        select(
            _about_cancers(of_others).label("others"), _about_cancers(groups.c.query).label("own")
        )
        .where(is_wanted)
        .cte("parts")
    )
    of_own = _some(
        _having(parts.c.own, in_sample(), limit=_PART),
        _having(parts.c.own, not_(in_sample()), limit=_PART),
        limit=_PART,
    )
    found = _some(
        _having(parts.c.others, limit=_PART), select(of_own.subquery().c.id), limit=2 * _PART
    ).lateral("found")
    return select(found.c.id).select_from(parts.join(found, true())).distinct().cte("loose")


@cache
def ranked(*, backward: bool, beside: Beside | None = None) -> Statement:
    """Return the statement of a page of hits, in reading order: a question's columns, match, score.

    Last come the columns of what stands beside it.

    Parameters: `lexemes` (queries, one for each thing) and `words`; `about` (a query) and
    `cancer_ids`, both or neither; `match` ("all" or "any"), `score` and `id` of a cursor,
    all or none; `size`.
    """
    groups = _groups()
    strict = _strict(groups)
    loose = _loose(groups, strict)
    of_all, of_any = constant("all", Text()), constant("any", Text())
    both = union_all(
        select(strict.c.id, of_all.label("match")), select(loose.c.id, of_any.label("match"))
    ).subquery("hits")
    anything = _joined(groups, " | ").scalar_subquery()
    some_of_it = (
        select(func.count())
        .select_from(groups)
        .where(PUBLISHED.c.search.op("@@")(groups.c.query))
        .correlate(PUBLISHED)
        .scalar_subquery()
    )
    all_of_it = select(func.count()).select_from(groups).scalar_subquery()
    had = case((both.c.match == of_all, all_of_it), else_=some_of_it)
    rank = func.ts_rank(PUBLISHED.c.search, anything, constant(1, _NUMBER))
    scored = (
        select(*COLUMNS, both.c.match, cast(had + rank, Double).label("score"))
        .join(both, both.c.id == PUBLISHED.c.id)
        .subquery("scored")
    )
    after = parameter("score", Float())
    edge = tuple_(after, parameter("id", Uuid()))
    keys = (scored.c.score, scored.c.id)
    place = tuple_(*keys) > edge if backward else tuple_(*keys) < edge
    best = (
        select(*scored.c)
        .where(or_(after.is_(None), place))
        .order_by(*(key.asc() if backward else key.desc() for key in keys))
        .limit(parameter("size", _NUMBER))
    )
    if beside is None:
        return statement_of(best)
    page = best.subquery("page")
    keys = (page.c.score, page.c.id)
    return statement_of(
        beside.joined(page).order_by(*(key.asc() if backward else key.desc() for key in keys))
    )
