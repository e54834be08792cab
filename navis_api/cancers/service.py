"""Decisions on the catalogue: keeping it at hand, and writing it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers import repository
from navis_api.cancers.catalogue import Catalogue, name_key
from navis_api.cancers.errors import CatalogueInvalid
from navis_api.cancers.models import Cancer
from navis_api.db.sessions import Database
from navis_api.jobs.fanout import Fanout

CATALOGUE_CHANNEL = "navis_catalogue"
"""The database notifies here whenever a cancer changes."""


class CatalogueKeeper:
    """Keeps the catalogue in memory for as long as we'd be told of a change.

    `forget` is called by every notification and `trust(False)` when the listener
    has lost its connection: from then on each use reads the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._catalogue: Catalogue | None = None
        self._changes = 0
        self._trusted = False
        self._loading = asyncio.Lock()

    def hear(self, fanout: Fanout) -> None:
        """Learn of changes from the process's one listener. Before it runs."""
        fanout.on(CATALOGUE_CHANNEL, lambda _: self.forget())
        fanout.on_trust(self.trust)

    def forget(self) -> None:
        """Read the catalogue again at its next use."""
        self._changes += 1
        self._catalogue = None

    def trust(self, trusted: bool) -> None:  # noqa: FBT001 - a switch is what this is
        """Say whether a change would be heard of."""
        self._trusted = trusted
        self.forget()

    @property
    def kept(self) -> Catalogue | None:
        """The catalogue as it is now, where it need not be read first."""
        return self._catalogue

    async def current(self, session: AsyncSession | None = None) -> Catalogue:
        """Return the catalogue as it is now, read through `session` where there is one.

        Whoever holds a connection must give its session: waiting for a second one
        while holding the first is how a pool locks up.
        """
        kept = self._catalogue
        if kept is not None:
            return kept
        async with self._loading:
            if self._catalogue is not None:
                return self._catalogue
            before = self._changes
            if session is not None:
                loaded = await repository.load_catalogue(session)
            else:
                async with self._database.reading() as own:
                    loaded = await repository.load_catalogue(own)
            # What changed while we read may be missing from what we read.
            if self._trusted and before == self._changes:
                self._catalogue = loaded
            return loaded


@dataclass(frozen=True, slots=True)
class CancerDraft:
    """A cancer as a content bundle describes it. `parent` is a slug."""

    slug: str
    name: str
    clinical_name: str | None
    aliases: tuple[str, ...]
    abbreviations: tuple[str, ...]
    body_site: str
    icd10_codes: tuple[str, ...]
    summary: str
    parent: str | None


async def save_cancers(
    session: AsyncSession, drafts: Sequence[CancerDraft], *, now: datetime
) -> int:
    """Add or update cancers by slug, and return how many are new or different.

    Raises CatalogueInvalid when a parent is missing or two cancers share a name.
    """
    _require_unique_names(drafts)
    known = await repository.list_by_slug(
        session,
        {draft.slug for draft in drafts} | {draft.parent for draft in drafts if draft.parent},
    )
    changed: list[tuple[CancerDraft, Cancer]] = []
    for draft in _parents_first(drafts, known=set(known)):
        parent = known.get(draft.parent) if draft.parent else None
        if draft.parent and parent is None:
            raise CatalogueInvalid(
                f"The cancer `{draft.slug}` names the parent `{draft.parent}`, which is not there."
            )
        values = {
            "name": draft.name,
            "clinical_name": draft.clinical_name,
            "aliases": list(draft.aliases),
            "abbreviations": list(draft.abbreviations),
            "body_site": draft.body_site,
            "icd10_codes": list(draft.icd10_codes),
            "summary": draft.summary,
            "parent_id": parent.id if parent else None,
        }
        cancer = known.get(draft.slug)
        if cancer is None:
            cancer = Cancer(slug=draft.slug, updated_at=now, **values)
            session.add(cancer)
            known[draft.slug] = cancer
        elif all(getattr(cancer, name) == value for name, value in values.items()):
            continue
        else:
            for name, value in values.items():
                setattr(cancer, name, value)
            cancer.updated_at = now
        await session.flush()
        changed.append((draft, cancer))
    if changed:
        await _save_names(session, changed)
    return len(changed)


def _names(draft: CancerDraft) -> list[str]:
    spoken = (draft.name, *([draft.clinical_name] if draft.clinical_name else []), *draft.aliases)
    return list(dict.fromkeys(name_key(name) for name in spoken))


def _require_unique_names(drafts: Sequence[CancerDraft]) -> None:
    owners: dict[str, str] = {}
    for draft in drafts:
        for name in _names(draft):
            owner = owners.setdefault(name, draft.slug)
            if owner != draft.slug:
                raise CatalogueInvalid(
                    f"The name `{name}` belongs to `{owner}` and to `{draft.slug}`; it names one."
                )


def _parents_first(drafts: Sequence[CancerDraft], *, known: set[str]) -> list[CancerDraft]:
    """Return the drafts so that each stands after its parent; a circle ends the ordering."""
    waiting = list(drafts)
    ordered: list[CancerDraft] = []
    placed = known - {draft.slug for draft in drafts}
    while waiting:
        ready = [draft for draft in waiting if draft.parent is None or draft.parent in placed]
        if not ready:
            missing = ", ".join(sorted({draft.parent or "" for draft in waiting}))
            raise CatalogueInvalid(f"These parents are missing or stand in a circle: {missing}.")
        ordered.extend(ready)
        placed.update(draft.slug for draft in ready)
        waiting = [draft for draft in waiting if draft.slug not in placed]
    return ordered


async def _save_names(session: AsyncSession, changed: Sequence[tuple[CancerDraft, Cancer]]) -> None:
    # All old names go first, so that one may move from a cancer to another.
    await repository.remove_names(session, (cancer for _, cancer in changed))
    names = {name: cancer for draft, cancer in changed for name in _names(draft)}
    for name, owner in (await repository.owners_of_names(session, names.keys())).items():
        raise CatalogueInvalid(
            f"The name `{name}` of `{names[name].slug}` already belongs to `{owner}`."
        )
    await repository.add_names(session, names)
