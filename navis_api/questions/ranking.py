"""The statement that finds and ranks answered questions, at most so many of them.

A word such as "chemotherapy" is in a tenth of all questions. To rank those, Postgres would have
to read each of their vectors, and the time for one search would grow with the corpus. So
candidates are taken from the index up to a number, and those alone are ranked: among the
questions that have everything, those of a fixed sample first, which has all brief questions
that it can and few of the others, since a brief one is the best answer to a broad search.
The index of that sample is small, and a search that finds enough there reads nothing else.
With fewer questions than that number for a search, the ranking is exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
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
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, aggregate_order_by

from navis_api.db.paging import MAX_PAGE
from navis_api.db.published import AnySelect, Statement, constant, parameter, statement_of
from navis_api.questions.published_repository import (
    COLUMNS,
    PUBLISHED,
    VERSION_COLUMNS,
    Beside,
    version_line,
)
from navis_api.questions.ways import (
    Way,
    asked_columns,
    conditions,
    pairs_of,
)

MAX_RANKED: Final = 200
"""Questions with everything that was searched for, of which the best are shown."""

_ENOUGH: Final = 40
"""So many of the sample are enough: the search is a broad one, and the rest is not read."""

_PART: Final = 60
"""Questions for each part of what was searched for, when none has everything."""

_PLENTY: Final = MAX_PAGE
"""So many that lack one thing fill any page, so that what has a single thing is not read."""

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
    return _chance() < share


def outside_sample() -> ColumnElement[bool]:
    """Return that it isn't in the sample: of most, without a look at how long the text is."""
    return or_(_chance() >= constant(_BRIEF_SHARE, _NUMBER), not_(in_sample()))


def _chance() -> ColumnElement[int]:
    """Return the last byte of a question's id."""
    return func.get_byte(func.uuid_send(PUBLISHED.c.id), constant(15, _NUMBER))


Match: TypeAlias = Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Hits:
    """Which hits are wanted: those that have everything, or those that have a part.

    `backward`: in the order of a page before a cursor. `beside`: what is read with each question.
    `way`: how the index is asked for those that have everything, or everything but one thing.
    """

    match: Match
    backward: bool
    beside: Beside | None = None
    way: Way = 1


@cache
def ranked(hits: Hits) -> Statement:
    """Return the statement of a page of hits, in reading order: a question's columns, its score.

    Last come the columns of what stands beside it.

    Parameters: `about` (a query) and `cancer_ids`, both or neither; `score` and `id` of a cursor,
    both or neither; `size`; and what was searched for. For those that have everything: `lexemes`
    (a query) or None, `any_lexemes` (the same, for any of it), `words` (a text) or None, and
    `things`, how many there are; and what the way takes besides. For those that have a part:
    `lexemes` (queries, one for each thing) and `words` (a list).
    """
    page = _page(hits, COLUMNS)
    return statement_of(_in_order(select(*page.c), page, hits))


@cache
def ranked_versions(hits: Hits) -> Statement:
    """Return the statement of which versions `ranked` would bring: a text, a line each.

    What stands beside a question has its version in the last column; the score ends a line.
    """
    page = _page(hits, VERSION_COLUMNS)
    line = version_line(page, page.c.score, beside=hits.beside)
    order = aggregate_order_by(constant("\n", Text()), *_order(page, hits))
    return statement_of(select(func.string_agg(line, order)))


def _page(hits: Hits, columns: Sequence[ColumnElement[Any]]) -> FromClause:
    scored = _with_everything(hits.way) if hits.match == "all" else _with_a_part(hits.way)
    after = parameter("score", Float())
    edge = tuple_(after, parameter("id", Uuid()))
    place = tuple_(scored.c.score, scored.c.id)
    is_onward = or_(after.is_(None), place > edge if hits.backward else place < edge)
    best = _in_order(select(*scored.c).where(is_onward), scored, hits)
    first = best.limit(parameter("size", _NUMBER)).subquery("best")
    page = select(*columns, first.c.score).join(first, first.c.id == PUBLISHED.c.id)
    shown = page.subquery("page")
    return hits.beside.joined(shown).subquery("shown") if hits.beside else shown


def _order(of: FromClause, hits: Hits) -> list[ColumnElement[Any]]:
    return [key.asc() if hits.backward else key.desc() for key in (of.c.score, of.c.id)]


def _in_order(statement: AnySelect, of: FromClause, hits: Hits) -> AnySelect:
    """Return a statement in reading order."""
    return statement.order_by(*_order(of, hits))


def _about_cancers(query: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a query for those of its questions that are about the cancers asked for."""
    return func.coalesce(query.op("&&")(cast(parameter("about", Text()), TSQUERY)), query)


def _found(
    *where: ColumnElement[bool],
    limit: int,
    reading: Sequence[ColumnElement[Any]] = (PUBLISHED.c.id,),
) -> AnySelect:
    """Return some questions that fulfil conditions."""
    cancers = parameter("cancer_ids", ARRAY(Uuid()))
    return (
        select(*reading)
        .where(*where, or_(cancers.is_(None), PUBLISHED.c.cancer_id == any_(cancers)))
        .limit(constant(limit, _NUMBER))
        .correlate_except(PUBLISHED)
    )


def _some(*selects: AnySelect, limit: int) -> AnySelect:
    """Return what several statements find, in their order, up to a number."""
    found = union_all(*selects).subquery()
    return select(*found.c).limit(constant(limit, _NUMBER))


def _rank(anything: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.ts_rank(PUBLISHED.c.search, anything, constant(1, _NUMBER))


def _with_everything(way: Way) -> FromClause:
    """Return some questions that have all that was searched for, with their scores.

    They are scored as they are found: looking them up once more would cost as much again.
    """
    # Read once: each mention of it in the statement would read the text anew.
    said = (
        select(
            cast(parameter("lexemes", Text()), TSQUERY).label("lexemes"),
            cast(parameter("any_lexemes", Text()), TSQUERY).label("any_lexemes"),
            func.plainto_tsquery(_ENGLISH, parameter("words", Text())).label("words"),
        )
        .cte("said")
        .prefix_with("MATERIALIZED")
    )
    lexemes, any_lexemes, words = said.c.lexemes, said.c.any_lexemes, said.c.words
    both, either = constant(" & ", Text()), constant(" | ", Text())
    any_words = cast(func.replace(cast(words, Text), both, either), TSQUERY)
    asked = select(
        _about_cancers(func.coalesce(lexemes.op("&&")(words), lexemes, words)).label("whole"),
        func.coalesce(any_lexemes.op("||")(any_words), any_lexemes, any_words).label("anything"),
        *asked_columns(way, words),
    ).cte("asked")
    has_all = conditions(way, asked)
    rank = _rank(select(asked.c.anything).scalar_subquery())
    score = cast(parameter("things", _NUMBER) + rank, Double).label("score")
    reading = (PUBLISHED.c.id, score)
    sampled = _found(*has_all, in_sample(), limit=MAX_RANKED, reading=reading).cte("sampled")
    count = select(func.count()).select_from(sampled).scalar_subquery()
    is_too_few = count < constant(_ENOUGH, _NUMBER)
    others = _found(*has_all, outside_sample(), is_too_few, limit=MAX_RANKED, reading=reading)
    return _some(select(*sampled.c), others, limit=MAX_RANKED).subquery("scored")


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


def _with_a_part(way: Way) -> FromClause:
    """Return some questions that have a part of what was searched for, with their scores.

    For each thing that was searched for: some that have everything else, so that what is rare
    is not lost beside what is common; and where these are few, some that have it. Those of
    the sample come first here as well, and where they are as many as are taken, nothing else
    is read.
    """
    groups = _groups()
    had = (
        select(func.count())
        .select_from(groups)
        .where(PUBLISHED.c.search.op("@@")(groups.c.query))
        .correlate(PUBLISHED)
        .scalar_subquery()
    )
    rank = _rank(_joined(groups, " | ").scalar_subquery())
    reading = (PUBLISHED.c.id, cast(had + rank, Double).label("score"))

    def taken(part: FromClause, way: Way, *where: ColumnElement[bool]) -> AnySelect:
        has_part = conditions(way, part, read=lambda column: column)
        some = _some(
            _found(*has_part, in_sample(), *where, limit=_PART, reading=reading),
            _found(*has_part, outside_sample(), *where, limit=_PART, reading=reading),
            limit=_PART,
        ).lateral()
        return select(*some.c).select_from(part.join(some, true()))

    others, own = _parts(groups, way)
    lacking_one = taken(others, way).cte("lacking_one")
    count = select(func.count()).select_from(lacking_one).scalar_subquery()
    is_too_few = count < constant(_PLENTY, _NUMBER)
    having_one = taken(own, "cancer" if way == "cancer" else 1, is_too_few)
    found = union_all(select(*lacking_one.c), having_one).subquery("found")
    return select(*found.c).distinct().subquery("scored")


def _parts(groups: FromClause, way: Way) -> tuple[FromClause, FromClause]:
    """Return what to ask the index for: all things but one, for each of them, and it alone."""
    others = groups.alias("others")
    is_other = others.c.number != groups.c.number
    of_others = _about_cancers(
        _joined(others, " & ").where(is_other).correlate(groups).scalar_subquery()
    )
    # Words are the last, and rarer than concepts.
    texts = aggregate_order_by(cast(others.c.query, Text), others.c.number.desc())
    each = select(func.array_agg(texts, type_=ARRAY(Text()))).where(is_other).correlate(groups)
    own = _about_cancers(groups.c.query)
    if way == "cancer":
        for_others, for_own = [pairs_of(of_others).label("pairs")], [pairs_of(own).label("pairs")]
    else:
        for_others, for_own = [each.scalar_subquery().label("things")], []
    # Read once: what has them is found by each of them.
    return (
        select(of_others.label("whole"), *for_others)
        .select_from(groups)
        .cte("all_but_one")
        .prefix_with("MATERIALIZED"),
        select(own.label("whole"), *for_own).cte("one").prefix_with("MATERIALIZED"),
    )
