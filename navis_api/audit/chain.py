"""The chain: each row carries the hash of the one before, and a hash of itself."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from navis_api.errors import InvalidInput

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the record, with its columns in the form in which they are hashed."""

    sequence: int
    at: str
    """In UTC, with microseconds: `2026-11-21T12:00:00.000000Z`."""
    actor_kind: str
    actor: str | None
    action: str
    object_type: str | None
    object_id: str | None
    detail: str
    """As Postgres prints its jsonb."""
    origin: str | None
    request_id: str | None
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The number and hash of a row that was the newest, written `10000:6f1c…`."""

    sequence: int
    hash: bytes

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return the head that `str(head)` wrote. Raises InvalidInput for anything else."""
        found = _HEAD.fullmatch(written.strip())
        if found is None:
            message = "A head is a number, a colon and 64 hexadecimal digits."
            raise InvalidInput(message, path=("head",))
        return cls(int(found[1]), bytes.fromhex(found[2]))

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash.hex()}"


BEGINNING = Head(0, sha256(b"navis-api audit").digest())
"""What the first row is chained to."""


def digest(row: Row, *, sequence: int | None = None) -> bytes:
    """Return what the row's hash has to be, or would be under another number.

    SHA-256 over every column in turn, each as text with its length in bytes before it, so
    that nothing can move from one into the next. `navis_audit_digest` says the same in SQL.
    """
    columns = (
        str(row.sequence if sequence is None else sequence),
        row.at,
        row.actor_kind,
        row.actor,
        row.action,
        row.object_type,
        row.object_id,
        row.detail,
        row.origin,
        row.request_id,
        row.previous.hex(),
    )
    return sha256(b",".join(_measured(column) for column in columns)).digest()


def _measured(column: str | None) -> bytes:
    if column is None:
        return b"-"
    written = column.encode()
    return b"%d:%b" % (len(written), written)
