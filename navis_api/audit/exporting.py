"""The record as JSONL: one row a line, with its hashes, so that it can be verified on its own."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit import repository
from navis_api.audit.breaks import Report
from navis_api.audit.chain import Head, Row
from navis_api.audit.checking import ChainCheck
from navis_api.audit.json_form import json_form
from navis_api.errors import InvalidInput

_LINES_BETWEEN_SIGNS = 2_000

_Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ExportBroken(InvalidInput):
    """A file that isn't an export, or a line of it that isn't a row. Says where."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Some rows as lines, and the newest of them."""

    lines: bytes
    rows: int
    head: Head


async def export(
    session: AsyncSession, *, since: datetime | None = None, until: datetime | None = None
) -> AsyncGenerator[Exported]:
    """Give the rows from `since` on and before `until`, a batch at a time.

    Without gaps: what stands between the first and the last row of the time comes too.
    """
    found = await repository.get_range(session, since=since, until=until)
    if found is None:
        return
    async for rows in repository.read_rows(session, first=found[0], last=found[1]):
        yield Exported(
            lines=b"".join(_line(row) for row in rows),
            rows=len(rows),
            head=Head(rows[-1].sequence, rows[-1].hash),
        )


def verify_export(
    lines: Iterable[bytes],
    *,
    noted: Head | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Say what is wrong with an export. Memory doesn't grow with it.

    An export may begin and end anywhere: that its end was cut off is found with `noted`
    alone. Raises ExportBroken, with the number of the line, for what is no row.
    """
    check = ChainCheck(start=None, noted=noted)
    for number, line in enumerate(lines, start=1):
        check.take(_row(line, number))
        if progress is not None and number % _LINES_BETWEEN_SIGNS == 0:
            progress(number)
    if check.report.rows == 0:
        message = "The file holds no rows."
        raise ExportBroken(message)
    return check.finish()


def _line(row: Row) -> bytes:
    return orjson.dumps(
        {
            "sequence": row.sequence,
            "at": row.at,
            "actor_kind": row.actor_kind,
            "actor": row.actor,
            "action": row.action,
            "object_type": row.object_type,
            "object_id": row.object_id,
            "detail": orjson.Fragment(row.detail),
            "origin": row.origin,
            "request_id": row.request_id,
            "previous": row.previous.hex(),
            "hash": row.hash.hex(),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


class _Line(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    sequence: int
    at: str
    actor_kind: str
    actor: str | None
    action: str
    object_type: str | None
    object_id: str | None
    detail: Any
    origin: str | None
    request_id: str | None
    previous: _Hash
    hash: _Hash


def _row(line: bytes, number: int) -> Row:
    try:
        # Numbers keep their digits: 1.10 was hashed as that.
        read = _Line.model_validate(json.loads(line, parse_float=Decimal))
        return Row(
            sequence=read.sequence,
            at=read.at,
            actor_kind=read.actor_kind,
            actor=read.actor,
            action=read.action,
            object_type=read.object_type,
            object_id=read.object_id,
            detail=json_form(read.detail),
            origin=read.origin,
            request_id=read.request_id,
            previous=bytes.fromhex(read.previous),
            hash=bytes.fromhex(read.hash),
        )
    except (ValueError, ValidationError, RecursionError):
        message = f"Line {number:,} is not a row of an audit export."
        raise ExportBroken(message) from None
