"""The line grammar of a source text: what `cleaning` writes and `passages` reads.

A source text has headings (`## Heading`), bullets (`- item`, two spaces a level), numbered items
(`1. item`), table rows (`cell | cell`) and paragraphs of one line each, with one blank line
between blocks. Any other string is read too: what is nothing else is a paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_HEADING = re.compile(r"(#{1,6}) +(?=\S)")
_ITEM = re.compile(r"( *)(?:-|\d{1,3}\.) +(?=\S)")
SPACES_A_LEVEL = 2


class LineKind(StrEnum):
    """What one line of a source text is."""

    BLANK = "blank"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: offsets into the text, without its newline.

    `content` is where the words begin (behind a heading's or an item's marker); `depth` is a
    heading's level (1 to 6) or an item's nesting (0 is the outermost).
    """

    start: int
    content: int
    end: int
    kind: LineKind
    depth: int = 0


def read_lines(text: str) -> Iterator[Line]:
    """Each line of the text in order, blank ones too."""
    start = 0
    length = len(text)
    while start < length:
        newline = text.find("\n", start)
        end = length if newline < 0 else newline
        yield _read_line(text, start, end)
        start = end + 1


def _read_line(text: str, start: int, end: int) -> Line:
    if start == end or text[start:end].isspace():
        return Line(start, end, end, LineKind.BLANK)
    heading = _HEADING.match(text, start, end)
    if heading:
        return Line(start, heading.end(), end, LineKind.HEADING, len(heading[1]))
    item = _ITEM.match(text, start, end)
    if item:
        return Line(start, item.end(), end, LineKind.ITEM, len(item[1]) // SPACES_A_LEVEL)
    kind = LineKind.ROW if text.find(" | ", start, end) >= 0 else LineKind.TEXT
    return Line(start, start, end, kind)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at both its ends; empty when there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
