"""The cancers that an argument naming one is about."""

from uuid import UUID

from navis_api.cancers.catalogue import Catalogue
from navis_api.graphql.cancers.errors import CancerUnknown


def family_of(catalogue: Catalogue, slug: str | None) -> list[UUID] | None:
    """Return a cancer and everything below it; None without a slug. Raises CancerUnknown."""
    if slug is None:
        return None
    entry = catalogue.by_slug.get(slug)
    if entry is None:
        raise CancerUnknown
    return catalogue.family_ids(entry)
