"""Queries on other names."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Row,
    Select,
    Text,
    any_,
    bindparam,
    delete,
    false,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.sources.models import NameKind, OtherName, PassageRow, Source, SourceVersion
from navis_api.sources.retrieval_repository import usable


async def add_names(session: AsyncSession, names: Sequence[dict[str, object]]) -> None:
    """Add names; those that are there already stay as they are."""
    if names:
        await session.execute(insert(OtherName).on_conflict_do_nothing(), names)


async def remove_names(session: AsyncSession, version_id: UUID) -> None:
    """Remove the names of a version that another one takes the place of."""
    await session.execute(delete(OtherName).where(OtherName.version_id == version_id))


async def remove_names_in_text(session: AsyncSession, version_id: UUID) -> None:
    """Remove the names that were read out of a version's text; what was listed stays."""
    await session.execute(
        delete(OtherName).where(
            OtherName.version_id == version_id, OtherName.kind != NameKind.LISTED
        )
    )


async def mark_read(session: AsyncSession, version_id: UUID, rules: int) -> None:
    """Say by which rules the names of a version were read."""
    await session.execute(
        update(SourceVersion)
        .where(SourceVersion.id == version_id)
        .values(names_rules=rules)
        .execution_options(synchronize_session=False)
    )


async def versions_read_before(
    session: AsyncSession, rules: int, *, limit: int
) -> Sequence[tuple[UUID, str, list[str]]]:
    """Return id, title and passages of current versions that were read by older rules.

    They are held against others who read them too; what those hold is left out.
    """
    versions = (
        select(SourceVersion.id, Source.title)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(SourceVersion.superseded_at.is_(None), SourceVersion.names_rules < rules)
        .limit(limit)
        .with_for_update(of=SourceVersion, skip_locked=True)
    )
    titles = {row.id: row.title for row in await session.execute(versions)}
    texts = await session.execute(
        select(
            PassageRow.version_id,
            func.array_agg(aggregate_order_by(PassageRow.text, PassageRow.position)),
        )
        .where(PassageRow.version_id.in_(titles))
        .group_by(PassageRow.version_id)
    )
    passages = {row[0]: list(row[1]) for row in texts}
    return [(id_, title, passages.get(id_, [])) for id_, title in titles.items()]


async def learned_names(
    session: AsyncSession, keys: Sequence[str]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return key, other name, whether the key is a short form, and in how many sources.

    Only names of usable sources, those of the same key by how many sources give them.
    """
    rows = await session.execute(_learned(), {"keys": list(keys)})
    return rows.all()


@cache
def _learned() -> Select[*tuple[Any, ...]]:
    keys = bindparam("keys", type_=ARRAY(Text))
    here = (
        select(
            OtherName.name_key.label("key"),
            OtherName.other_name.label("other"),
            OtherName.other_key.label("other_key"),
            false().label("short"),
            OtherName.version_id,
        )
        .where(OtherName.name_key == any_(keys))
        .union_all(
            select(
                OtherName.other_key,
                OtherName.name,
                OtherName.name_key,
                OtherName.kind == NameKind.ABBREVIATION,
                OtherName.version_id,
            ).where(OtherName.other_key == any_(keys))
        )
        .subquery("here")
    )
    count = func.count()
    return (
        select(
            here.c.key,
            func.min(here.c.other).label("other"),
            func.bool_or(here.c.short).label("short"),
            count.label("sources"),
        )
        .join(SourceVersion, SourceVersion.id == here.c.version_id)
        .join(Source, Source.id == SourceVersion.source_id)
        .where(SourceVersion.superseded_at.is_(None), *usable())
        .group_by(here.c.key, here.c.other_key)
        .order_by(here.c.key, count.desc(), here.c.other_key)
    )
