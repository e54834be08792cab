"""Passages: what retrieval finds and a claim cites, cut where an author would pause."""

from collections.abc import Iterator
from dataclasses import dataclass

from navis_api.sources.layout import Line, LineKind, read_lines, trimmed
from navis_api.sources.sentences import sentence_spans

# A passage is closed once it has this many characters and the next piece would carry it past the
# upper size: enough for a thought with its context, little enough to be about one thing.
FULL_CHARS = 900
UPPER_CHARS = 1_200
# A list stays with its lead-in up to this size; beyond, it is cut between its items.
ENORMOUS_LIST_CHARS = 2_400


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a source text: its text is `source_text[start:end]`, in code points.

    `heading_path` holds the headings above it from the outermost to the nearest, without their
    marks; `position` counts from 0 within the document.
    """

    start: int
    end: int
    heading_path: tuple[str, ...]
    position: int


def split_passages(source_text: str) -> Iterator[Passage]:
    """Cut a source text at its headings, then at paragraphs and lists, last at sentences.

    Each character that is neither white space nor part of a heading line is in exactly one
    passage. A sentence is never cut.
    """
    position = 0
    path: list[tuple[int, str]] = []
    section: list[Line] = []
    for line in (*read_lines(source_text), None):
        if line is not None and line.kind is not LineKind.HEADING:
            if line.kind is not LineKind.BLANK:
                section.append(line)
            continue
        headings = tuple(title for _, title in path)
        for start, end in _packed(_pieces(source_text, section)):
            yield Passage(start, end, headings, position)
            position += 1
        section = []
        if line is not None:
            level = line.depth
            path = [above for above in path if above[0] < level]
            path.append((level, source_text[line.content : line.end].strip()))


def _packed(pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join neighbouring pieces up to the size of a passage."""
    held: tuple[int, int] | None = None
    for start, end in pieces:
        if held is None:
            held = (start, end)
        elif end - held[0] <= UPPER_CHARS and held[1] - held[0] < FULL_CHARS:
            held = (held[0], end)
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def _pieces(text: str, section: list[Line]) -> Iterator[tuple[int, int]]:
    """What should not be cut: a paragraph, a list with its lead-in, a sentence of long ones."""
    at = 0
    while at < len(section):
        first = section[at]
        after = at + 1
        if first.kind is LineKind.TEXT and not _is_lead_in(text, first, section[after : after + 1]):
            yield from _paragraph(text, first)
            at = after
            continue
        block = LineKind.ITEM if first.kind is LineKind.TEXT else first.kind
        while after < len(section) and section[after].kind is block:
            after += 1
        yield from _list(text, section[at:after])
        at = after


def _is_lead_in(text: str, line: Line, following: list[Line]) -> bool:
    listed = any(after.kind is LineKind.ITEM for after in following)
    last = text[line.start : line.end].rstrip()[-1:]
    return listed and (last in {":", ","} or last.isalnum())


def _paragraph(text: str, line: Line) -> Iterator[tuple[int, int]]:
    start, end = trimmed(text, line.start, line.end)
    if end - start <= UPPER_CHARS:
        yield start, end
        return
    yield from sentence_spans(text, start, end)


def _list(text: str, lines: list[Line]) -> Iterator[tuple[int, int]]:
    start, end = trimmed(text, lines[0].start, lines[-1].end)
    if end - start <= ENORMOUS_LIST_CHARS:
        yield start, end
        return
    # The lead-in keeps its first item, so that it never stands alone.
    together = lines[:2]
    yield trimmed(text, together[0].start, together[-1].end)
    for line in lines[2:]:
        yield trimmed(text, line.start, line.end)
