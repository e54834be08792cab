"""MedQuAD's answers to Markdown: their white space is all that is left of lists and headings.

A page's paragraphs and lists became runs of spaces: four or more before "- " for a list item,
three or more after a sentence for a new paragraph. A section's heading stands on a line of its
own, with its text on the next. Words are not changed.
"""

import re
from collections.abc import Iterator

_SECTION = re.compile(r"\n[ \t]*\n\s*")
_ITEM_GAP = re.compile(r"(?:\A|(\s{2,}|\n\s*))-\s+(?=\S)")
# Behind an item, text after a gap like this belongs to the paragraph below the list.
_PARAGRAPH_GAP = re.compile(r"(?<=[.:?!)”\"])\s{3,}(?=\S)|\s{6,}(?=\S)")
# A gap this wide opens a list inside a list, or closes one.
_LEVEL_GAP = 8
_HEADING_CHARS = 240
_ARE = re.compile(r"\s*\(are\)")
_QUESTION_MARKS = re.compile(r"\s*\?(?:\s*\?)*\s*\Z")


def question_heading(question: str) -> str:
    """A question as a heading: of "What is (are) Thymoma ?" it makes "What is Thymoma?"."""
    words = " ".join(_ARE.sub("", question).split())
    return _QUESTION_MARKS.sub("?", words)


def answer_markdown(answer: str) -> str:
    """An answer with its headings (level 3), paragraphs and bullets restored."""
    return "\n\n".join(
        block for section in _SECTION.split(answer.strip()) for block in _blocks(section.strip())
    )


def _blocks(section: str) -> Iterator[str]:
    first, newline, rest = section.partition("\n")
    if newline and len(first) <= _HEADING_CHARS and not _ITEM_GAP.search(first):
        yield f"### {first.strip()}"
        section = rest.strip()
    yield from _paragraphs_and_lists(section)


def _paragraphs_and_lists(text: str) -> Iterator[str]:
    items: list[str] = []
    depth = 0
    at = 0
    gap = ""
    is_item = False
    for match in (*_ITEM_GAP.finditer(text), None):
        piece = text[at : match.start() if match else len(text)]
        if is_item:
            words, *paragraphs = _PARAGRAPH_GAP.split(piece.strip())
            depth = _depth_of(items, depth, gap)
            items.append(f"{'  ' * depth}- {_plain(words)}")
            if paragraphs:
                yield "\n".join(items)
                items, depth = [], 0
                yield from map(_plain, paragraphs)
        elif piece.strip():
            yield from map(_plain, _PARAGRAPH_GAP.split(piece.strip()))
        if match:
            is_item, at, gap = True, match.end(), match[1] or ""
    if items:
        yield "\n".join(items)


def _depth_of(items: list[str], depth: int, gap: str) -> int:
    if not items:
        return 0
    if "\n" in gap or len(gap) < _LEVEL_GAP:
        return depth
    return depth + 1 if items[-1].endswith(":") else max(0, depth - 1)


def _plain(text: str) -> str:
    return " ".join(text.split())
