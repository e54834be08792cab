"""Records: a DocumentReference for each, and its file as a Binary, written piece by piece."""

import base64
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from navis_api.personal_data.exporting.fhir import (
    Json,
    concept,
    extension,
    instant,
    part_id,
    parts,
    reference,
    resource,
    said,
    some,
    text,
)
from navis_api.records.models import Record, RecordEvent, RecordState, RecordUpload

_LARGEST = 2**31 - 1
"""FHIR's `unsignedInt` ends there."""


@dataclass(frozen=True, slots=True)
class Document:
    """A record with what hangs on it. `filename` is None where it can't be opened, or is gone.

    `contents_at` is where its file is: an entry of the bundle, an address of ours, or None.
    """

    record: Record
    filename: str | None
    events: Sequence[RecordEvent]
    upload: RecordUpload | None
    contents_at: str | None


def contents_id(record_id: UUID) -> UUID:
    """Return the id that a record's file has in a bundle."""
    return part_id(record_id, "contents")


def document_reference(document: Document) -> Json:
    """Return a record as a DocumentReference, whatever has become of it."""
    record = document.record
    gone = record.state is RecordState.DELETED
    size = record.size_bytes
    attachment = {
        "contentType": record.media_type,
        "url": document.contents_at,
        "size": size if size is not None and size <= _LARGEST else None,
        "title": text(document.filename),
        "creation": instant(record.created_at),
        "extension": some(said("sha256", record.sha256)),
    }
    return resource(
        "DocumentReference",
        record.id,
        status="entered-in-error" if gone else "current",
        type=concept("A record that the patient uploaded"),
        subject=reference(record.patient_id),
        date=instant(record.created_at),
        content=[{"attachment": {name: each for name, each in attachment.items() if each}}],
        extension=some(
            extension("state", valueCode=record.state.value),
            extension("failure", valueCode=record.failure) if record.failure else None,
            _received(document.upload),
            *(_event(each) for each in document.events),
        ),
    )


def _received(upload: RecordUpload | None) -> Json | None:
    if upload is None:
        return None
    return parts(
        "upload",
        said("received-bytes", str(upload.received_bytes)),
        extension("expires-at", valueInstant=instant(upload.expires_at)),
    )


def _event(event: RecordEvent) -> Json | None:
    return parts(
        "came-to",
        extension("state", valueCode=event.state.value),
        extension("failure", valueCode=event.failure) if event.failure else None,
        extension("at", valueInstant=instant(event.at)),
    )


async def binary_entry(record: Record, contents: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Give a record's file as an entry of a bundle, holding no more of it than a piece."""
    id_ = contents_id(record.id)
    head = orjson.dumps(
        {
            "fullUrl": f"urn:uuid:{id_}",
            "resource": resource(
                "Binary", id_, contentType=record.media_type, securityContext=reference(record.id)
            ),
        }
    )
    yield head.removesuffix(b"}}") + b',"data":"'
    rest = b""
    async for piece in contents:
        # Three bytes are four letters: what is left over waits for the next piece.
        whole = len(rest) + len(piece)
        whole -= whole % 3
        taken = whole - len(rest)
        if taken <= 0:
            rest += piece
            continue
        yield base64.b64encode(rest + piece[:taken])
        rest = piece[taken:]
    yield base64.b64encode(rest) + b'"}}'
