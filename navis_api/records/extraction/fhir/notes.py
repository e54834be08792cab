"""Notes in FHIR: attached documents, conclusions of reports, and narratives without entries."""

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from navis_api.records.extraction.fhir.elements import Element, code_of, element, elements, text
from navis_api.records.extraction.fhir.loading import Located
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.notes import (
    AttachmentReader,
    findings_of_attachment,
    findings_of_note,
    text_of_markup,
)

NOTES: Final = frozenset({"DocumentReference", "DiagnosticReport", "Composition", "Observation"})
_WITHDRAWN: Final = frozenset({"entered-in-error", "cancelled", "superseded", "registered"})
# What is longer isn't the answer to a test, but a report that was sent as one.
_SHORTEST_REPORT: Final = 60
_MOST_ATTACHMENTS: Final = 100


def notes_in(located: Located, read_attachment: AttachmentReader) -> Iterator[Finding]:
    """Give what the notes of a resource say; nothing of those that were withdrawn."""
    resource, path = located.resource, located.path
    if code_of(resource, "status") in _WITHDRAWN or code_of(resource, "docStatus") in _WITHDRAWN:
        return
    yield from findings_of_note([*_texts(located)])
    for attachment, here in _attachments(resource, path):
        content = _decoded(text(attachment, "data"))
        if content:
            yield from findings_of_attachment(content, here, read_attachment)


def _texts(located: Located) -> Iterator[tuple[str, str]]:
    resource, path = located.resource, located.path
    if located.type == "DiagnosticReport" and text(resource, "conclusion"):
        yield text(resource, "conclusion"), f"{path}.conclusion"
    if located.type == "Observation" and len(text(resource, "valueString")) >= _SHORTEST_REPORT:
        yield text(resource, "valueString"), f"{path}.valueString"
    if located.type == "Composition":
        yield from _narratives(resource, path)


def _narratives(parent: Element, path: str) -> Iterator[tuple[str, str]]:
    """Give the narratives of sections without entries: with them, it repeats what they say."""
    for at, section in enumerate(elements(parent, "section")):
        here = f"{path}.section[{at}]"
        said = text_of_markup(text(element(section, "text"), "div"))
        if said and not elements(section, "entry"):
            title = text(section, "title")
            yield (f"{title}:\n{said}" if title else said), f"{here}.text"
        yield from _narratives(section, here)


def _attachments(resource: Element, path: str) -> Iterator[tuple[Element, str]]:
    held = [
        (element(content, "attachment"), f"{path}.content[{at}].attachment")
        for at, content in enumerate(elements(resource, "content"))
    ]
    held += [
        (form, f"{path}.presentedForm[{at}]")
        for at, form in enumerate(elements(resource, "presentedForm"))
    ]
    return iter(held[:_MOST_ATTACHMENTS])


def _decoded(data: str) -> bytes:
    """Return the bytes of Base64, none where it isn't any."""
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
