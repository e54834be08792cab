"""All queries on the catalogue of cancers."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.cancers.models import Cancer, CancerName


async def load_catalogue(session: AsyncSession) -> Catalogue:
    """Return the whole catalogue, by name."""
    rows = await session.scalars(select(Cancer).order_by(Cancer.name, Cancer.id))
    return Catalogue(tuple(_entry(row) for row in rows))


def _entry(row: Cancer) -> CatalogueEntry:
    return CatalogueEntry(
        id=row.id,
        slug=row.slug,
        name=row.name,
        clinical_name=row.clinical_name,
        aliases=tuple(row.aliases),
        abbreviations=tuple(row.abbreviations),
        body_site=row.body_site,
        icd10_codes=tuple(row.icd10_codes),
        summary=row.summary,
        parent_id=row.parent_id,
    )


async def list_by_slug(session: AsyncSession, slugs: Iterable[str]) -> dict[str, Cancer]:
    """Return the cancers that have these slugs."""
    rows = await session.scalars(select(Cancer).where(Cancer.slug.in_(list(slugs))))
    return {row.slug: row for row in rows}


async def remove_names(session: AsyncSession, cancers: Iterable[Cancer]) -> None:
    """Take away every name that leads to these cancers."""
    ids = [cancer.id for cancer in cancers]
    await session.execute(delete(CancerName).where(CancerName.cancer_id.in_(ids)))


async def add_names(session: AsyncSession, names: Mapping[str, Cancer]) -> None:
    """Let each of these folded names lead to its cancer."""
    await session.execute(
        insert(CancerName),
        [{"name": name, "cancer_id": cancer.id} for name, cancer in names.items()],
    )


async def owners_of_names(session: AsyncSession, names: Collection[str]) -> dict[str, str]:
    """Return the slug of the cancer that each of these folded names belongs to."""
    rows = await session.execute(
        select(CancerName.name, Cancer.slug)
        .join(Cancer, Cancer.id == CancerName.cancer_id)
        .where(CancerName.name.in_(names))
    )
    return dict(rows.all())
