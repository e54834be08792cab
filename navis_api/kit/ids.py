"""Identifiers: UUID version 7, so that keys sort by the moment they were made."""

import binascii
import secrets
import time
from uuid import UUID

_VERSION_7 = 0x7000
_RFC_9562_VARIANT = 0x8000_0000_0000_0000


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562, section 5.7).

    48 bits of Unix time in milliseconds and 74 random bits from the system's
    secure source: an id sorts by time and can't be guessed.
    """
    milliseconds = time.time_ns() // 1_000_000
    high = (milliseconds << 16) | _VERSION_7 | secrets.randbits(12)
    low = _RFC_9562_VARIANT | secrets.randbits(62)
    return UUID(int=(high << 64) | low)


def packed_id(type_name: str, key: UUID | str) -> str:
    """Return the id that clients see: `Type:uuid`, in base64."""
    return binascii.b2a_base64(f"{type_name}:{key}".encode(), newline=False).decode()
