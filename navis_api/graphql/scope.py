"""What all loaders of one operation share: as whom they read, and where they note it."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.graphql.data_loader import DataLoader
from navis_api.graphql.reads import ReadLog
from navis_api.identity.viewer import Viewer

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Fetch = Callable[[AsyncSession, Sequence[Key]], Awaitable[Mapping[Key, Value]]]
FieldNames = frozenset[str] | None


class Scope:
    """One operation: its viewer, its moment, its fields, the database and the log of its reads.

    `field_names` are those that it asks for anywhere; None where that isn't known.
    """

    def __init__(
        self,
        database: Database,
        keeper: CatalogueKeeper,
        *,
        viewer: Viewer,
        now: datetime,
        reads: ReadLog,
        field_names: FieldNames,
    ) -> None:
        self.database = database
        self.published = database.published
        self.viewer = viewer
        self.now = now
        self.reads = reads
        self.field_names = field_names
        self._keeper = keeper
        self._kept_catalogue: Catalogue | None = None

    async def catalogue(self) -> Catalogue:
        """Return the catalogue, the same one for the whole operation."""
        if self._kept_catalogue is None:
            self._kept_catalogue = self._keeper.kept or await self._catalogue.load(None)
        return self._kept_catalogue

    async def families(self, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """Return, for each cancer, itself and everything below it."""
        catalogue = await self.catalogue()
        return {
            id_: catalogue.family_ids(catalogue.by_id[id_]) for id_ in ids if id_ in catalogue.by_id
        }

    def batched(self, fetch: Fetch[Key, Value]) -> DataLoader[Key, Value | None]:
        """Return a loader of what the viewer may see. It makes the response private."""

        async def load(keys: list[Key]) -> list[Value | None]:
            async with self.database.reading(self.viewer.rows) as session:
                found = await fetch(session, keys)
            self.reads.keep_private()
            return [found.get(key) for key in keys]

        return DataLoader(load_fn=load)

    @cached_property
    def _catalogue(self) -> DataLoader[None, Catalogue]:
        return DataLoader(load_fn=self._load_catalogue)

    async def _load_catalogue(self, keys: list[None]) -> list[Catalogue]:
        return [await self._keeper.current()] * len(keys)
