"""Text of a C-CDA document that no entry repeats: narrative sections, and bodies without XML."""

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from navis_api.records.extraction.ccda.document import Node
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.notes import (
    AttachmentReader,
    findings_of_attachment,
    findings_of_note,
)

# LOINC codes of sections whose narrative says something else than their title may tell.
_HEADINGS: Final = {
    "10157-6": "FAMILY HISTORY", "48765-2": "ALLERGIES", "29762-2": "SOCIAL HISTORY",
    "10160-0": "MEDICATIONS", "10183-2": "DISCHARGE MEDICATIONS", "11348-0": "PAST HISTORY",
    "18776-5": "PLAN", "61146-7": "PLAN", "47519-4": "PROCEDURES", "10187-3": "REVIEW OF SYSTEMS",
}  # fmt: skip
_UNREAD: Final = frozenset({"42348-3", "48768-6", "11369-6"})
_ROWS: Final = frozenset(
    {"tr", "paragraph", "item", "list", "table", "caption", "br", "thead", "tbody"}
)


def narrative_findings(sections: list[Node]) -> Iterator[Finding]:
    """Give what sections without entries say in words."""
    pages: list[tuple[str, str]] = []
    for section in sections:
        text = section.first("text")
        code = code_of(section)
        if text is None or code in _UNREAD or next(section.all("entry"), None) is not None:
            continue
        words = "\n".join(_lines(text))
        title = section.first("title")
        heading = _HEADINGS.get(code) or (title.text if title is not None else "")
        if words:
            pages.append((f"{heading}:\n{words}" if heading else words, text.path))
    yield from findings_of_note(pages)


def body_findings(root: Node, read_attachment: AttachmentReader) -> Iterator[Finding]:
    """Give what a document without a structured body says: a text, or a file in Base64."""
    for body in (node for node in root.walk() if node.name == "nonXMLBody"):
        held = body.first("text")
        if held is None:
            continue
        if held.get("representation") != "B64":
            yield from findings_of_note([(held.text, held.path)])
            continue
        try:
            content = base64.b64decode("".join(held.text.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        yield from findings_of_attachment(content, held.path, read_attachment)


def code_of(section: Node) -> str:
    """Return the LOINC code of a section."""
    code = section.first("code")
    return code.get("code") if code is not None else ""


def _lines(text: Node) -> list[str]:
    """Return a narrative's lines: one for each row, item and paragraph."""
    lines: list[list[str]] = [[]]
    for node in text.walk():
        if node.name in _ROWS:
            lines.append([])
        lines[-1].extend(node.words)
    return [" ".join(words) for words in lines if words]
