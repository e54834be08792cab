"""Documents on a kind of a cancer that the catalogue doesn't know: they don't tell of the whole.

A page on germ cell tumors of the brain names brain tumors in a heading or two. What it says of
symptoms holds for that rare kind, and whoever asks about brain tumors has another one more often.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.blocks import Block
from navis_api.sources.subjects import named_cancers, names_disease

# A document that tells so many kinds of a cancer apart is on all of it.
_SEVERAL_KINDS = 2


def on_unknown_kinds(
    guides: Sequence[Block], cancer: CatalogueEntry | None, catalogue: Catalogue
) -> frozenset[UUID]:
    """Return the versions of documents on a disease of their own, beside those on known kinds.

    None where no document on a kind that the catalogue knows was found: then they are all there is.
    """
    below = {kind.id for kind in catalogue.descendants(cancer)} if cancer else set[UUID]()
    if not below:
        return frozenset()
    about = _cancers_by_version(guides)
    titles = {block.first.version_id: block.first.title for block in guides}
    unknown = frozenset(
        version
        for version, title in titles.items()
        if names_disease(title)
        and not named_cancers(catalogue, title)
        and len(about[version] & below) < _SEVERAL_KINDS
    )
    is_known = any(about[version] & below for version in titles.keys() - unknown)
    return unknown if is_known else frozenset()


def _cancers_by_version(guides: Sequence[Block]) -> Mapping[UUID, AbstractSet[UUID]]:
    about: dict[UUID, set[UUID]] = {}
    for block in guides:
        about.setdefault(block.first.version_id, set()).update(block.first.cancer_ids)
    return about
