"""The key that patients' keys are wrapped with: a port for a KMS, and a file for one machine."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, Protocol, cast

import orjson
import tink  # pyright: ignore[reportMissingTypeStubs] - Tink 1.16 ships none
from tink import (  # pyright: ignore[reportMissingTypeStubs]
    aead,
    json_proto_keyset_format,
    secret_key_access,
)

from navis_api.records.sealing.errors import MasterKeyInvalid

_tink: Any = cast("Any", tink)
_aead: Any = cast("Any", aead)
_formats: Any = cast("Any", json_proto_keyset_format)
_ACCESS: Any = cast("Any", secret_key_access).TOKEN

_OURS_ALONE: Final = 0o600


class MasterKey(Protocol):
    """Wraps patients' keys. A KMS does it where the key itself never leaves the KMS.

    What is wrapped says by which key: after the key was changed, what older keys wrapped still
    opens. `bound_to` holds our own ids and no patient's words, since a KMS may log it.
    """

    async def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Return the key wrapped with the newest master key."""
        ...

    async def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Return the key. Raises MasterKeyInvalid unless it was wrapped so, bound to the same."""
        ...


class LocalMasterKey:
    """A Tink keyset of AES-256-GCM keys in a file that only we can read, made at its first use.

    What it wraps begins with the id of the key (Tink's wire format: a byte 1 and four of the id).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Return the key wrapped with the file's primary key."""
        cipher = await asyncio.to_thread(self._cipher)
        return bytes(cipher.encrypt(key, bound_to))

    async def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Return the key, whichever of the file's keys wrapped it. Raises MasterKeyInvalid."""
        cipher = await asyncio.to_thread(self._cipher)
        try:
            return bytes(cipher.decrypt(wrapped, bound_to))
        except _tink.TinkError:
            raise MasterKeyInvalid from None

    def renew(self) -> None:
        """Let a new key be the primary one. The older ones stay, for what they have wrapped."""
        self._cipher()
        keyset = orjson.loads(self._path.read_bytes())
        newer = orjson.loads(_new_keyset())
        newer["key"] = [*keyset["key"], *newer["key"]]
        self._write(orjson.dumps(newer), os.replace)

    def forget_older(self) -> None:
        """Remove all but the primary key: what they have wrapped can't be opened any more."""
        keyset = orjson.loads(self._path.read_bytes())
        primary = keyset["primaryKeyId"]
        keyset["key"] = [each for each in keyset["key"] if each["keyId"] == primary]
        self._write(orjson.dumps(keyset), os.replace)

    def _cipher(self) -> Any:  # noqa: ANN401 - an Aead of Tink's
        _aead.register()
        if not self._path.exists():
            # Two processes may get here at once: the first one's key stays.
            with contextlib.suppress(FileExistsError):
                self._write(_new_keyset(), os.link)
        try:
            handle = _formats.parse(self._path.read_text(encoding="utf-8"), _ACCESS)
            return handle.primitive(_aead.Aead)
        except (_tink.TinkError, ValueError):
            raise MasterKeyInvalid from None

    def _write(self, keyset: bytes, put: Callable[[str, Path], None]) -> None:
        """Have the file hold this, whole and on the disk, or not at all."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._path.parent, delete=False) as draft:
            try:
                os.fchmod(draft.fileno(), _OURS_ALONE)
                draft.write(keyset)
                draft.flush()
                os.fsync(draft.fileno())
                put(draft.name, self._path)
            finally:
                Path(draft.name).unlink(missing_ok=True)


def _new_keyset() -> bytes:
    handle = _tink.new_keyset_handle(_aead.aead_key_templates.AES256_GCM)
    return str(_formats.serialize(handle, _ACCESS)).encode()
