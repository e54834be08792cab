"""Queries of the search by vectors: which passages may be found, and their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    cast,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType

from navis_api.sources.embedding.vectors import Vector, Vectors, read_sent, read_sent_array
from navis_api.sources.models import PassageRow, PassageVector, Source, SourceVersion
from navis_api.sources.retrieval_repository import (
    usable,
)

# An empty array has no overlap with any other: a general text is found by its length.
_NO_CANCER = 0

_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages may be found: as in `retrieval_repository.list_passages`.

    `model` is the name that vectors are stored under.
    """

    model: str
    cancer_ids: Sequence[UUID] | None
    language: str
    without_heading: str | None


class _VectorOf(UserDefinedType[Any]):
    """pgvector's type, in whatever schema the extension was made."""

    cache_ok = True

    def __init__(self, schema: str, dimensions: int) -> None:
        self.schema = schema
        self.dimensions = dimensions

    def get_col_spec(self, **_: object) -> str:
        return f"{self.schema}.vector({self.dimensions})"


async def extension_schema(session: AsyncSession) -> str | None:
    """Return the schema that pgvector is in, quoted for SQL; None where there is no pgvector."""
    return await session.scalar(
        text(
            "SELECT quote_ident(n.nspname) FROM pg_extension e"
            " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"
            " AND has_schema_privilege(n.oid, 'USAGE')"
        )
    )


def _among(statement: Select[*_Columns], wanted: Wanted) -> Select[*_Columns]:
    """Add to a query of vectors what they belong to, and the conditions on that."""
    conditions: list[ColumnElement[bool]] = [
        PassageVector.model == wanted.model,
        *usable(),
        Source.language == wanted.language,
        SourceVersion.superseded_at.is_(None),
    ]
    if wanted.cancer_ids is not None:
        conditions.append(
            PassageRow.cancer_ids.op("&&")(list(wanted.cancer_ids))
            if wanted.cancer_ids
            else func.cardinality(PassageRow.cancer_ids) == _NO_CANCER
        )
    if wanted.without_heading is not None:
        conditions.append(~PassageRow.heading.regexp_match(wanted.without_heading, flags="i"))
    return (
        statement.join(PassageRow, PassageRow.id == PassageVector.passage_id)
        .join(SourceVersion, SourceVersion.id == PassageRow.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(*conditions)
    )


async def nearest_in_postgres(
    session: AsyncSession, schema: str, vector: Vector, wanted: Wanted, *, limit: int
) -> list[tuple[UUID, float]]:
    """Return passages and their similarity, nearest first, as pgvector compares them.

    All that may be found are compared: an index of pgvector's would answer sooner and,
    under conditions as narrow as one cancer, leave out some of the nearest.
    """
    kind = _VectorOf(schema, len(vector))
    asked = cast(bindparam("asked", vector.tolist(), type_=ARRAY(REAL, dimensions=1)), kind)
    # On vectors of unit length the inner product is the cosine; `<#>` is its negative.
    distance: ColumnElement[float] = cast(PassageVector.vector, kind).op(f"OPERATOR({schema}.<#>)")(
        asked
    )
    statement = _among(
        select(PassageVector.passage_id, distance.label("distance")).select_from(PassageVector),
        wanted,
    )
    rows = await session.execute(statement.order_by("distance", PassageVector.number).limit(limit))
    return [(passage_id, -float(away)) for passage_id, away in rows]


async def numbers(session: AsyncSession, wanted: Wanted) -> NDArray[np.int64]:
    """Return the numbers of the vectors whose passages may be found, ascending."""
    statement = _among(
        select(_sent_numbers(PassageVector.number)).select_from(PassageVector), wanted
    )
    return _read_numbers(await session.scalar(statement))


async def all_numbers(session: AsyncSession, model: str) -> NDArray[np.int64]:
    """Return the numbers of all vectors of a model, ascending."""
    statement = select(_sent_numbers(PassageVector.number)).where(PassageVector.model == model)
    return _read_numbers(await session.scalar(statement))


async def vectors_of(
    session: AsyncSession, numbers: NDArray[np.int64], dimensions: int
) -> tuple[NDArray[np.int64], Vectors]:
    """Return the vectors with these numbers, as far as they are still there, by number."""
    rows = (
        await session.execute(
            select(PassageVector.number, func.array_send(PassageVector.vector))
            .where(PassageVector.number == func.any(_array(numbers)))
            .order_by(PassageVector.number)
        )
    ).all()
    return (
        np.array([row[0] for row in rows], dtype=np.int64),
        read_sent([row[1] for row in rows], dimensions),
    )


async def passages_of(session: AsyncSession, numbers: Sequence[int]) -> dict[int, UUID]:
    """Return the passage of each vector."""
    rows = await session.execute(
        select(PassageVector.number, PassageVector.passage_id).where(
            PassageVector.number.in_(numbers)
        )
    )
    return {row[0]: row[1] for row in rows}


def _array(numbers: NDArray[np.int64]) -> ColumnElement[Any]:
    return bindparam("numbers", numbers.tolist(), type_=ARRAY(BigInteger, dimensions=1))


def _sent_numbers(column: Any) -> ColumnElement[bytes | None]:  # noqa: ANN401 - a mapped column
    return func.array_send(func.array_agg(column))


def _read_numbers(sent: bytes | None) -> NDArray[np.int64]:
    """Return the numbers in what `array_send(bigint[])` gave, ascending."""
    if sent is None:
        return np.empty(0, dtype=np.int64)
    return np.sort(read_sent_array(sent, ">i8").astype(np.int64))
