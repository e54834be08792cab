"""Notes within coded files: reports and letters that stand in an element, or are attached to it.

They are read as a report of their own would be. What is found has the element's path for its
locator, and no page: the file has none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Final

from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.text.reading import findings_of_text

AttachmentReader = Callable[[bytes], Sequence[Finding]]
"""Reads an attached file; what can't be read has no findings."""

_BREAKS: Final = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6",
     "paragraph", "item", "list", "caption", "section", "pre", "title", "hr", "dt", "dd"}
)  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
_UNREAD: Final = frozenset({"script", "style"})


def no_attachments(_: bytes) -> Sequence[Finding]:
    """Read nothing: for files that are themselves attached."""
    return ()


def findings_of_note(pages: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Give the findings of texts, each with the path of the element that it stands in."""
    for finding in findings_of_text([text for text, _ in pages]):
        _, locator = pages[(finding.page or 1) - 1]
        yield replace(finding, page=None, start=None, end=None, locator=locator)


def findings_of_attachment(
    content: bytes, locator: str, read_attachment: AttachmentReader
) -> Iterator[Finding]:
    """Give the findings of an attached file, with the path of the element that holds it."""
    for finding in read_attachment(content):
        inner = f"{locator} {finding.locator}" if finding.locator else locator
        yield replace(finding, page=None, start=None, end=None, locator=inner)


def text_of_markup(markup: str) -> str:
    """Return the words of HTML or a narrative block, a line for each paragraph, item and row."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = ("".join(line).split() for line in reader.lines)
    return "\n".join(" ".join(words) for words in lines if words)


class _Words(HTMLParser):
    """Collects text; markup that isn't well formed is taken as it comes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _UNREAD:
            self._unread += 1
        elif tag in _BREAKS:
            self.lines.append([])
        elif tag in _CELLS:
            self.lines[-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _BREAKS:
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.lines[-1].append(data)
