"""Where objects lie: a folder, or a bucket of S3, Google Cloud Storage or Azure."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from navis_api.records.sealing.errors import StorageAddressInvalid, StorageUnavailable

if TYPE_CHECKING:
    from obstore import ListStream, ObjectMeta

_NOBODYS = "ready"
_SCHEMES = frozenset({"s3", "gs", "az", "file"})


class ObjectTaken(Exception):
    """There is an object under this key already."""


class ObjectMissing(Exception):
    """There is no object under this key."""


class Objects:
    """Objects under keys such as `folder/name`. What was put is durable when `put` returns."""

    def __init__(self, opened: Callable[[], ObjectStore], *, folder: Path | None = None) -> None:
        self._opened = opened
        self._folder = folder

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Return objects as files, readable to us only; the folder is made at its first use."""

        def opened() -> ObjectStore:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            return LocalStore(folder, automatic_cleanup=True)

        return cls(opened, folder=folder)

    @classmethod
    def at(cls, address: str, *, setting: str) -> Self:
        """Return the objects at `s3://…`, `gs://…`, `az://…` or `file:///…`.

        Credentials come from the environment, as each provider's tools take them. Raises
        StorageAddressInvalid, which names the setting.
        """
        parts = urlsplit(address)
        if parts.scheme not in _SCHEMES:
            raise StorageAddressInvalid(setting)
        if parts.scheme == "file":
            return cls.in_folder(Path(unquote(parts.path)))
        try:
            store = from_url(address)
        except (BaseError, ValueError):
            raise StorageAddressInvalid(setting) from None
        return cls(lambda: store)

    @cached_property
    def _store(self) -> ObjectStore:
        return self._opened()

    async def put(self, key: str, content: bytes, *, replacing: bool = False) -> None:
        """Store an object. Raises StorageUnavailable, and ObjectTaken unless it may replace one."""
        with _failures():
            try:
                await obstore.put_async(
                    self._store, key, content, mode="overwrite" if replacing else "create"
                )
            except AlreadyExistsError:
                raise ObjectTaken from None
            if self._folder is not None:
                # obstore 0.12 leaves that to the system, which may take half a minute.
                await asyncio.to_thread(_settle, self._folder, key)

    async def get(self, key: str) -> bytes:
        """Return an object. Raises ObjectMissing and StorageUnavailable."""
        with _failures():
            try:
                found = await obstore.get_async(self._store, key)
                return bytes(await found.bytes_async())
            except FileNotFoundError:
                raise ObjectMissing from None

    async def require_reachable(self) -> None:
        """Return if the place answers. Raises StorageUnavailable."""
        with suppress(ObjectMissing):
            await self.get(_NOBODYS)

    async def keys(self, folder: str) -> AsyncGenerator[str]:
        """Give the keys below a folder. Raises StorageUnavailable."""
        with _failures():
            # obstore 0.12 leaves open which arrays it would return to whoever asked for those.
            found: ListStream[Sequence[ObjectMeta]] = obstore.list(  # pyright: ignore[reportUnknownMemberType]
                self._store, folder
            )
            async for batch in found:
                for each in batch:
                    yield each["path"]

    async def remove(self, key: str) -> None:
        """Remove an object; it need not be there. Raises StorageUnavailable."""
        with _failures():
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                return


def _settle(folder: Path, key: str) -> None:
    """Have the disk hold a file, and the folders that lead to it."""
    path = folder / key
    while True:
        # Whoever removed it meanwhile came after us, and leaves nothing of it to hold.
        with suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        if path == folder:
            return
        path = path.parent


@contextmanager
def _failures() -> Generator[None]:
    """Raise what a store may raise as StorageUnavailable, without its text: it has keys in it."""
    try:
        yield
    except (BaseError, OSError) as failure:
        raise StorageUnavailable from failure
