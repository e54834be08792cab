"""Decisions on other names: reading them out of documents and keeping them by version."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.sources.names import repository
from navis_api.sources.names.reading import RULES, LearnedName, learn_names, name_key

_VERSIONS_AT_ONCE = 20


async def keep_names(
    session: AsyncSession,
    version_id: UUID,
    title: str,
    passages: Iterable[str],
    catalogue: Catalogue,
    *,
    listed: Sequence[str] = (),
) -> None:
    """Keep the other names that a version gives; `listed` are those its publisher lists."""
    learned = [
        each
        for each in learn_names(title, passages, listed)
        if not _are_two_cancers(catalogue, each)
    ]
    await repository.add_names(
        session,
        [
            {
                "version_id": version_id,
                "name_key": name_key(each.name),
                "other_key": name_key(each.other),
                "name": each.name,
                "other_name": each.other,
                "kind": each.kind,
            }
            for each in learned
        ],
    )


async def learn_again(session: AsyncSession, catalogue: Catalogue) -> int:
    """Read names anew out of some current versions that were last read by older rules.

    Returns how many versions were read; nothing is left to do once that is 0. To be called
    after an import: a corpus may be older than the rules.
    """
    versions = await repository.versions_read_before(session, RULES, limit=_VERSIONS_AT_ONCE)
    for version_id, title, texts in versions:
        await repository.remove_names_in_text(session, version_id)
        await keep_names(session, version_id, title, texts, catalogue)
        await repository.mark_read(session, version_id, RULES)
    return len(versions)


def _are_two_cancers(catalogue: Catalogue, learned: LearnedName) -> bool:
    """Whether the catalogue knows both names, as those of different cancers."""
    one, two = _cancer_named(catalogue, learned.name), _cancer_named(catalogue, learned.other)
    return one is not None and two is not None and one.id != two.id


def _cancer_named(catalogue: Catalogue, name: str) -> CatalogueEntry | None:
    singular = name_key(name)
    for mention in catalogue.mentions(singular):
        if mention.word_count == len(singular.split()):
            return mention.cancer
    return None
