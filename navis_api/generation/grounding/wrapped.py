"""Lines that a page or a program broke in the middle of a sentence, put together again.

What we import has each paragraph in one line. What somebody else hands us may be cut at a width,
or at each link, and a sentence that is read in pieces supports nothing.
"""

from collections.abc import Iterator

from navis_api.sources.layout import LineKind, read_lines

_ENDS = (".", "!", "?", ":", ";")
_END_NO_LINE = frozenset(
    {"a", "an", "the", "of", "and", "or", "by", "from", "your", "their", "its", "our"}
)
_OPENS = "([\"'\u201c\u2018"


def flowing(text: str) -> str:
    """Return a passage with each sentence in one line, as far as its lines tell.

    A line goes on with the one before where it begins in small letters, or where that one ends
    with a comma or a word that ends nothing ("of", "the"). Behind a colon, lines in small letters
    are the items of a list that lost its marks.
    """
    return "".join(_joined(text)) if "\n" in text else text


def _joined(text: str) -> Iterator[str]:
    before = ""
    behind_colon = is_list = False
    for line in read_lines(text):
        written = text[line.start : line.end].rstrip()
        is_small = line.kind is LineKind.TEXT and written.lstrip().lstrip(_OPENS)[:1].islower()
        may_go_on = line.kind is LineKind.TEXT and bool(before)
        if may_go_on and (_is_left_open(before) or (is_small and not is_list)):
            yield f" {written.lstrip()}"
        else:
            yield f"\n{written}" if line.start else written
            is_list = is_small and (is_list or behind_colon)
        if line.kind is not LineKind.BLANK:
            behind_colon = written.endswith(":")
        flows = line.kind in {LineKind.TEXT, LineKind.ITEM} and not written.endswith(_ENDS)
        before = written if flows else ""


def _is_left_open(line: str) -> bool:
    """Whether a line ends as no sentence and no item does."""
    last = line.rsplit(maxsplit=1)[-1].lower()
    return last.endswith(",") or last in _END_NO_LINE
