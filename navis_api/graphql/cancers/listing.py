"""Pages of the catalogue, cut out of memory with the same cursors that tables have."""

from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry, name_key
from navis_api.db.paging import Order, Page, PageRequest, decode_cursor, encode_cursor

_BY_NAME = Order(name="cancers:name", columns=(), kinds=(str, UUID))


def catalogue_page(
    catalogue: Catalogue, request: PageRequest, *, search: str | None
) -> tuple[Page[CatalogueEntry], int]:
    """Return a page by name, and how many cancers there are on all pages.

    Raises CursorInvalid.
    """
    found = sorted(
        (entry for entry in catalogue.entries if search is None or _is_named(entry, search)),
        key=_key,
    )
    rest = found
    if request.cursor is not None:
        argument = "before" if request.backward else "after"
        edge = decode_cursor(_BY_NAME, request.cursor, argument=argument)
        rest = [
            entry
            for entry in found
            if (_key(entry) < edge if request.backward else _key(entry) > edge)
        ]
    rows = rest[-request.size :] if request.backward else rest[: request.size]
    more, onward = len(rest) > request.size, request.cursor is not None
    page = Page(
        rows=rows,
        cursors=[encode_cursor(_BY_NAME, _key(entry)) for entry in rows],
        has_next=onward if request.backward else more,
        has_previous=more if request.backward else onward,
    )
    return page, len(found)


def _key(entry: CatalogueEntry) -> tuple[str, UUID]:
    return entry.name, entry.id


def _is_named(entry: CatalogueEntry, search: str) -> bool:
    """Return whether one name has every word searched for, the last of them perhaps unfinished."""
    wanted = name_key(search).split()
    if not wanted:
        return True
    whole, last = set(wanted[:-1]), wanted[-1]
    for name in (*entry.names, *entry.abbreviations):
        spoken = name_key(name).split()
        if whole.issubset(spoken) and any(word.startswith(last) for word in spoken):
            return True
    return False
