"""What kept responses are found by: hashes under a key that never leaves the process.

A variable may hold a patient's words: no memory of this process holds them as they are,
nor anything that could be found again by trying words out (law 8).
"""

import secrets
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

_SIZE = 16
_OPERATION, _WIRE = b"operation", b"wire"


class Keys:
    """Makes the keys of one process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def of_request(self, *parts: bytes) -> bytes:
        """Return the key of a request. No part but the last may hold a NUL: no header does."""
        return blake2b(b"\0".join(parts), digest_size=_SIZE, key=self._secret).digest()

    def of_wire(self, data: bytes) -> bytes:
        """Return the key of a request's very bytes, head and body."""
        return blake2b(data, digest_size=_SIZE, key=self._secret, person=_WIRE).digest()

    def of_operation(
        self, text: str, name: str | None, variables: Mapping[str, Any], language: str
    ) -> bytes | None:
        """Return the key of an operation; None where it has variables that can't be written.

        The order of variables, and of what is in them, makes no difference.
        """
        try:
            parts = orjson.dumps([language, name, text, variables], option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            # An integer of more than 64 bits, half a surrogate pair, or too many levels.
            return None
        return blake2b(parts, digest_size=_SIZE, key=self._secret, person=_OPERATION).digest()
