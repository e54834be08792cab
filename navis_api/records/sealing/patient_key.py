"""A patient's own key, and sealing with it: Tink's streaming AEAD.

The format of what is sealed is Tink's AES-GCM-HKDF streaming AEAD with 256-bit keys and
segments of 4 KiB (developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming): a header
with a random salt, from which each text gets a key of its own, and segments that are
authenticated with their place and with whether they are the last.
"""

from io import BytesIO
from typing import Any, Final, Self, cast

import tink  # pyright: ignore[reportMissingTypeStubs] - Tink 1.16 ships none
from tink import (  # pyright: ignore[reportMissingTypeStubs]
    proto_keyset_format,
    secret_key_access,
    streaming_aead,
)

from navis_api.records.sealing.errors import SealBroken

# Tink 1.16 ships no types, so what we use of it is written down here once.
_tink: Any = cast("Any", tink)
_streaming: Any = cast("Any", streaming_aead)
_formats: Any = cast("Any", proto_keyset_format)
_ACCESS: Any = cast("Any", secret_key_access).TOKEN

_READ_BYTES: Final = 1 << 20


class PatientKey:
    """Seals what is one patient's, and opens it again."""

    def __init__(self, handle: Any) -> None:  # noqa: ANN401 - a KeysetHandle of Tink's
        self._handle = handle
        self._cipher: Any = handle.primitive(_streaming.StreamingAead)

    @classmethod
    def make(cls) -> Self:
        """Return a new random key."""
        _streaming.register()
        template = _streaming.streaming_aead_key_templates.AES256_GCM_HKDF_4KB
        return cls(_tink.new_keyset_handle(template))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Return the key that `to_bytes` wrote. Raises SealBroken for anything else."""
        _streaming.register()
        try:
            return cls(_formats.parse(packed, _ACCESS))
        except _tink.TinkError:
            raise SealBroken from None

    def to_bytes(self) -> bytes:
        """Return the key itself, as a keyset of Tink's in the clear: only for wrapping it."""
        return bytes(_formats.serialize(self._handle, _ACCESS))

    def seal(self, plain: bytes | bytearray, bound_to: bytes) -> bytes:
        """Return the text sealed: some 56 bytes longer, and 16 for each 4 KiB."""
        sealed = _Kept()
        with self._cipher.new_encrypting_stream(sealed, bound_to) as stream:
            stream.write(plain)
        return sealed.getvalue()

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Return what was sealed.

        Raises SealBroken unless it is all of what was sealed with this key and bound to the
        same; then nothing of it is returned.
        """
        plain = bytearray()
        try:
            with self._cipher.new_decrypting_stream(BytesIO(sealed), bound_to) as stream:
                while read := stream.read(_READ_BYTES):
                    plain += read
        except _tink.TinkError:
            raise SealBroken from None
        return bytes(plain)


class _Kept(BytesIO):
    """Keeps what was written when Tink closes it."""

    def close(self) -> None:
        """Leave it open."""
