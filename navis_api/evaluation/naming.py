"""The cancer that a case names, by slug or by one of its names."""

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry


def cancers_named(name: str | None, catalogue: Catalogue) -> list[CatalogueEntry]:
    """Return the cancer of this slug, or those that a name of one speaks of; none for None."""
    if name is None:
        return []
    entry = catalogue.by_slug.get(name)
    if entry is not None:
        return [entry]
    mentioned = {mention.cancer.id: mention.cancer for mention in catalogue.mentions(name)}
    return catalogue.most_specific(mentioned.values())
