"""The resources of a FHIR file: a bundle, one resource, or one a line (NDJSON)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, cast

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.fhir.elements import Element, element, elements, text

_DEEPEST: Final = 4
_MOST_RESOURCES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Located:
    """A resource and its path in the file."""

    resource: Element
    path: str

    @property
    def type(self) -> str:
        """The resource's type."""
        return text(self.resource, "resourceType")


@dataclass(slots=True)
class Record:
    """All resources of a file, and those that others refer to by their names."""

    resources: list[Located] = field(default_factory=list[Located])
    by_reference: dict[str, Located] = field(default_factory=dict[str, Located])

    def referred(self, reference: str) -> Located | None:
        """Return the resource of a reference: "Condition/1", "urn:uuid:…", or "#1"."""
        return self.by_reference.get(
            reference.split("/_history/", maxsplit=1)[0]
        ) or self.by_reference.get("/".join(reference.split("/")[-2:]))


def load(content: bytes) -> Record:
    """Return the resources of a file. Raises ExtractionFailed when it isn't whole JSON."""
    record = Record()
    for document, path in _documents(content):
        _collect(document, path, "", record, 0)
    return record


def _documents(content: bytes) -> Iterator[tuple[Element, str]]:
    try:
        whole = _parse(content)
    except _NotOneDocument:
        lines = [line for line in content.split(b"\n") if line.strip()]
    else:
        yield whole, ""
        return
    for number, line in enumerate(lines, start=1):
        try:
            yield _parse(line), f"line {number}: "
        except _NotOneDocument:
            raise ExtractionFailed(FailureCode.DAMAGED) from None


class _NotOneDocument(Exception):
    """More than one document, which lines of resources are, or none."""


def _parse(content: bytes) -> Element:
    try:
        read: Any = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise ExtractionFailed(FailureCode.UNSAFE) from None
    except (UnicodeDecodeError, ValueError):
        raise _NotOneDocument from None
    if not isinstance(read, dict):
        raise ExtractionFailed(FailureCode.UNSUPPORTED)
    return cast("Element", read)


def _no_number(_: str) -> NoReturn:
    raise ValueError


def _collect(document: Element, path: str, url: str, record: Record, depth: int) -> None:
    kind = text(document, "resourceType")
    if not kind or depth > _DEEPEST or len(record.resources) >= _MOST_RESOURCES:
        return
    here = path + kind
    if kind in {"Bundle", "Parameters"}:
        listed = "entry" if kind == "Bundle" else "parameter"
        for at, entry in _current(elements(document, listed), text(document, "type")):
            for inner in elements(entry, "resource"):
                below = f"{here}.{listed}[{at}].resource:"
                _collect(inner, below, text(entry, "fullUrl"), record, depth + 1)
        return
    located = Located(document, here)
    record.resources.append(located)
    own = text(document, "id")
    if own:
        record.by_reference.setdefault(f"{kind}/{own}", located)
    if url:
        record.by_reference.setdefault(url, located)
    for at, inner in enumerate(elements(document, "contained")):
        contained = Located(inner, f"{here}.contained[{at}]:{text(inner, 'resourceType')}")
        record.by_reference.setdefault(f"#{text(inner, 'id')}", contained)
        if text(document, "status") != "entered-in-error":
            record.resources.append(contained)


def _current(entries: list[Element], kind: str) -> Iterator[tuple[int, Element]]:
    """Give a bundle's entries with their places; of a history, which is newest first, the latest.

    What was deleted has an entry without a resource before its versions (FHIR R4, 3.1.0.10).
    """
    known: set[str] = set()
    for at, entry in enumerate(entries):
        inner = element(entry, "resource")
        name = f"{text(inner, 'resourceType')}/{text(inner, 'id')}"
        if not inner:
            name = "/".join(text(element(entry, "request"), "url").split("/")[-2:])
        if kind == "history" and name in known:
            continue
        known.add(name)
        yield at, entry
