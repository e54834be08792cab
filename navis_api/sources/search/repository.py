"""Queries of the search over the whole corpus."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.sources.models import (
    Audience,
    PassageRow,
    Source,
    SourceVersion,
)
from navis_api.sources.retrieval_repository import usable
from navis_api.sources.search.ranking import SearchPlan

Rows = Sequence[Row[*tuple[Any, ...]]]

# Of `ts_rank` for the labels D, C, B (text) and A (headings).
_WORD_WEIGHTS: ColumnElement[Any] = literal_column("'{0.1, 0.1, 1.0, 1.0}'::real[]")
_PHRASE_WEIGHTS: ColumnElement[Any] = literal_column("'{0.1, 0.1, 0.7, 1.0}'::real[]")
# A passage of this many characters is neither long nor short; the share of its score that
# depends on its length, and the length beyond which that grows no more.
_USUAL_CHARS = 800
_BY_LENGTH = 0.3
_LONGEST_CHARS = 4_000
_MOST_RANKED = 6_000
# Of two passages that are worth about the same, the one for patients comes first.
_FOR_PATIENTS = 1.05


class _Only(StrEnum):
    """Which passages may be found."""

    ANY = "any"
    ABOUT_CANCERS = "about cancers"
    GENERAL = "general"


async def ranked_passages(
    session: AsyncSession,
    plan: SearchPlan,
    *,
    cancer_ids: Sequence[UUID] | None,
    language: str,
    limit: int,
) -> Rows:
    """Return the passages of usable sources that are worth most, with a Candidate's columns."""
    each = [
        (weighed, thing, own)
        for thing, wanted in enumerate(plan.wanted)
        for own, some in ((True, wanted.own), (False, wanted.others))
        for weighed in some
    ]
    given = {
        "queries": [weighed.query for weighed, _, _ in each],
        "things": [thing for _, thing, _ in each],
        "own": [own for _, _, own in each],
        "weights": [weighed.weight for weighed, _, _ in each],
        "bring": plan.bring,
        "beside": plan.with_cancer,
        "cancers": [id_ for cancer in plan.cancers for id_ in cancer.cancer_ids],
        "about": max((cancer.weight for cancer in plan.cancers), default=0.0),
        "language": language,
        "at_most": limit,
    }
    only = _Only.ANY
    if cancer_ids is not None:
        only = _Only.ABOUT_CANCERS if cancer_ids else _Only.GENERAL
    if cancer_ids:
        given["only"] = list(cancer_ids)
    return (await session.execute(_ranked(only), given)).all()


async def passages_by_id(session: AsyncSession, ids: Sequence[UUID]) -> Rows:
    """Return these passages in no order, with the columns of a Candidate and a rank of 0."""
    statement = _candidates(literal(0.0)).where(PassageRow.id.in_(ids))
    return (await session.execute(statement)).all()


@cache
def _ranked(only: _Only) -> Select[*tuple[Any, ...]]:
    """Return the one statement of the search: it is compiled and prepared once.

    What is wanted comes in as a table, so that no question makes a statement of its own.
    """
    wanted = (
        func.unnest(
            cast(bindparam("queries", type_=ARRAY(Text)), ARRAY(TSQUERY)),
            bindparam("things", type_=ARRAY(Integer)),
            bindparam("own", type_=ARRAY(Boolean)),
            bindparam("weights", type_=ARRAY(Float)),
        )
        .table_valued(
            column("query", TSQUERY),
            column("thing", Integer),
            column("own", Boolean),
            column("weight", Float),
        )
        .render_derived(name="wanted")
    )
    brought = _brought(only)
    worth = func.greatest(
        func.sum(
            wanted.c.weight * func.ts_rank(_WORD_WEIGHTS, brought.c.search, wanted.c.query)
        ).filter(wanted.c.own),
        func.max(
            wanted.c.weight * func.ts_rank(_PHRASE_WEIGHTS, brought.c.search, wanted.c.query)
        ).filter(~wanted.c.own, brought.c.search.op("@@")(wanted.c.query)),
    )
    told = (
        select(brought.c.id, worth.label("worth"))
        .join(wanted, true())
        .group_by(brought.c.id, wanted.c.thing)
        .subquery("told")
    )
    is_about: ColumnElement[bool] = brought.c.cancer_ids.op("&&")(
        bindparam("cancers", type_=ARRAY(Uuid))
    )
    weight: ColumnElement[float] = bindparam("about", type_=Float)
    about = case((is_about, weight), else_=0.0)
    chars = func.least(brought.c.chars, _LONGEST_CHARS)
    rank = (
        (func.sum(told.c.worth) + about)
        * brought.c.favor
        / (1 - _BY_LENGTH + _BY_LENGTH * chars / float(_USUAL_CHARS))
    )
    best = (
        select(brought.c.id, rank.label("rank"))
        .join(told, told.c.id == brought.c.id)
        .group_by(brought.c.id, brought.c.cancer_ids, brought.c.chars, brought.c.favor)
        .order_by(rank.desc(), brought.c.id)
        .limit(bindparam("at_most", type_=Integer))
        .subquery("best")
    )
    return (
        _candidates(best.c.rank)
        .join(best, best.c.id == PassageRow.id)
        .order_by(best.c.rank.desc(), Source.key, PassageRow.position)
    )


def _brought(only: _Only) -> CTE:
    """Return the passages that are ranked: those that hold a rare word, or are about the cancer."""
    matches = PassageRow.search.op("@@")
    bring = matches(cast(bindparam("bring", type_=Text), TSQUERY))
    beside = matches(cast(bindparam("beside", type_=Text), TSQUERY))
    about = PassageRow.cancer_ids.op("&&")(bindparam("cancers", type_=ARRAY(Uuid)))
    conditions: list[ColumnElement[bool]] = [
        or_(bring, and_(about, beside)),
        *usable(),
        Source.language == bindparam("language", type_=Text),
        SourceVersion.superseded_at.is_(None),
    ]
    if only is _Only.ABOUT_CANCERS:
        conditions.append(PassageRow.cancer_ids.op("&&")(bindparam("only", type_=ARRAY(Uuid))))
    if only is _Only.GENERAL:
        conditions.append(func.cardinality(PassageRow.cancer_ids) == 0)
    return (
        select(
            PassageRow.id,
            PassageRow.search,
            PassageRow.cancer_ids,
            (PassageRow.end - PassageRow.start).label("chars"),
            case((Source.audience == Audience.PATIENT, _FOR_PATIENTS), else_=1.0).label("favor"),
        )
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(*conditions)
        .limit(_MOST_RANKED)
        .cte("brought")
    )


def _candidates(rank: ColumnElement[float]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PassageRow.id,
            PassageRow.version_id,
            PassageRow.position,
            PassageRow.start,
            PassageRow.end,
            PassageRow.heading,
            PassageRow.text,
            PassageRow.cancer_ids,
            Source.id.label("source_id"),
            Source.title,
            Source.url,
            Source.audience,
            rank.label("rank"),
        )
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
    )
