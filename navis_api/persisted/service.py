"""Registering clients' documents: a whole manifest or nothing, and one text for an id."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.persisted import repository
from navis_api.persisted.errors import (
    ClientInvalid,
    ClientUnknown,
    DocumentsRefused,
    RefusedDocument,
)
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.models import DocumentKind
from navis_api.persisted.own import own_texts
from navis_api.persisted.repository import Use

MAX_NAME_CHARS = 100
MAX_VERSION_CHARS = 50
_FORM = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Client:
    """A version of an app. Raises ClientInvalid for a name or a version that can be none."""

    name: str
    version: str

    def __post_init__(self) -> None:
        for what, given, most in (
            ("name", self.name, MAX_NAME_CHARS),
            ("version", self.version, MAX_VERSION_CHARS),
        ):
            if len(given) > most or not _FORM.fullmatch(given):
                raise ClientInvalid(what, most)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found out about a document. `complaints` is empty when it can be served."""

    operation: str
    kind: DocumentKind
    complaints: tuple[str, ...] = ()


Check = Callable[[ManifestOperation], Checked]
"""Judges a document by the schema and the limits, of which this room knows nothing."""


@dataclass(frozen=True, slots=True)
class Registered:
    """How many documents of a manifest are new for the client's version, of how many."""

    new: int
    operations: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A registered document that can't be served any more, and a client that sends it."""

    use: Use
    complaints: tuple[str, ...]


async def register(
    session: AsyncSession,
    client: Client,
    operations: Sequence[ManifestOperation],
    *,
    check: Check,
    now: datetime,
) -> Registered:
    """Register what a version of a client sends. Doing it again changes nothing.

    Raises DocumentsRefused, with every reason, when an operation can't be served or its
    id stands for another text; nothing is registered then.
    """
    checked = {operation.id: check(operation) for operation in operations}
    known = await repository.get_texts(session, list(checked))
    _refuse_any(
        (operation, checked[operation.id].operation, reasons)
        for operation in operations
        if (reasons := (*checked[operation.id].complaints, *_taken(operation, known)))
    )
    await repository.add_documents(
        session,
        [
            {
                "id": each.id,
                "sha256": each.sha256,
                "text": each.text,
                "operation": checked[each.id].operation,
                "kind": checked[each.id].kind,
                "registered_at": now,
            }
            for each in operations
        ],
    )
    # Somebody else may have taken an id meanwhile.
    known = await repository.get_texts(session, list(checked))
    _refuse_any(
        (operation, checked[operation.id].operation, reasons)
        for operation in operations
        if (reasons := _taken(operation, known))
    )
    uses = [
        {
            "client": client.name,
            "version": client.version,
            "document_id": each.id,
            "registered_at": now,
        }
        for each in operations
    ]
    return Registered(await repository.add_uses(session, uses), len(operations))


async def list_uses(session: AsyncSession, *, client: str | None = None) -> list[Use]:
    """Return what clients send, by client, version and operation."""
    return await repository.list_uses(session, client=client)


async def check_all(session: AsyncSession, *, check: Check) -> list[Broken]:
    """Return every registered document that can't be served any more, with who sends it."""
    complaints = {
        document.id: found
        for document in await repository.list_documents(session)
        if (found := check(ManifestOperation(document.id, document.text)).complaints)
    }
    uses = await repository.list_uses(session) if complaints else []
    return [Broken(use, complaints[use.id]) for use in uses if use.id in complaints]


async def remove(session: AsyncSession, client: Client) -> int:
    """Take back what a version of a client sends; return how many documents that were.

    Its documents are not served any more unless others send them too. Raises ClientUnknown.
    """
    removed = await repository.remove_uses(session, client.name, client.version)
    if not removed:
        raise ClientUnknown(client.name, client.version)
    return removed


def _taken(operation: ManifestOperation, known: dict[str, str]) -> tuple[str, ...]:
    taken = own_texts().get(operation.id) or known.get(operation.id, operation.text)
    if taken == operation.text:
        return ()
    return ("Its id is registered with another text, and an id never changes its meaning.",)


def _refuse_any(refused: Iterable[tuple[ManifestOperation, str, tuple[str, ...]]]) -> None:
    found = [
        RefusedDocument(name or operation.name or "", operation.id, reasons)
        for operation, name, reasons in refused
    ]
    if found:
        raise DocumentsRefused(found)
