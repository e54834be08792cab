"""Lines that a page or a program broke in the middle of a sentence, put together again.

What we import has each paragraph in one line. What somebody else hands us may be cut at a width,
or at each link, and a sentence that is read in pieces supports nothing. Two statements that are
read as one are worse: what the second denies is then denied of the first.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from navis_api.generation.wording import introduces_a_list
from navis_api.sources.layout import Line, LineKind, read_lines

_ENDS = (".", "!", "?", ":", ";")
_SENTENCE_END = re.compile(r"[.!?:;] ")
_WORD = re.compile(r"[^\W_](?:[\w'-]*\w)?")
_OPENS = "([\"'\u201c\u2018"
_END_NO_LINE = frozenset(
    {"a", "an", "the", "of", "and", "or", "by", "from", "your", "their", "its", "our"}
)
# Nor do these, and what introduces a list, in front of small letters.
_END_NO_STATEMENT = _END_NO_LINE | frozenset(
    {"been", "was", "were", "had", "would", "his", "her", "those", "this", "each", "such", "not",
     "between", "during", "after", "before", "through", "under", "over", "both", "either", "but",
     "very", "more", "most", "less"}
)  # fmt: skip
_VERBS = frozenset(
    {"is", "are", "was", "were", "be", "been", "has", "have", "had", "does", "do", "did", "may",
     "might", "can", "could", "will", "would", "should", "must", "include", "includes"}
)  # fmt: skip
_DENIALS = frozenset({"not", "no", "never", "cannot", "nor", "neither", "without"})
_SUBORDINATES = frozenset(
    {"and", "or", "but", "that", "which", "who", "whom", "whose", "when", "if", "because",
     "although", "though", "while", "where", "until", "unless", "than", "so", "nor"}
)  # fmt: skip
_PREPOSITIONS = frozenset(
    {"of", "to", "with", "by", "from", "in", "on", "for", "at", "into", "as", "after", "before",
     "during", "between", "through", "without", "such"}
)  # fmt: skip
# A statement has its verb, or its denial, behind so many words of a subject at most.
_SUBJECT_WORDS = 5
# No page is set so narrow: shorter lines aren't broken at a width.
_LEAST_WIDTH = 45
# An item of a list without marks is no longer, …
_WORDS_OF_ITEM = 12
_WORDS_OF_LAST = 4
"""… nor than this where the last one ends in a full stop, as a broken sentence does."""


def flowing(text: str) -> str:
    """Return a passage with each sentence in one line, as far as its lines tell.

    A line in small letters goes on with the one before where that one is left open ("of", a
    comma), where it begins as no statement does ("that", "is"), or where it wouldn't have fitted
    into the width of the text. Behind a colon, or behind "include" with nothing of the kind, lines
    in small letters are the items of a list that lost its marks. A line that is a statement of its
    own stays one.
    """
    return "".join(_put_together(text)) if "\n" in text else text


def _put_together(text: str) -> Iterator[str]:
    lines = list(read_lines(text))
    written = [text[line.start : line.end].rstrip() for line in lines]
    width = max(map(len, written))
    goes_on: set[int] = set()
    is_list = False
    for first, behind in _blocks(lines, written):
        if _may_follow(lines, written, first) and _is_left_open(written[first - 1], _END_NO_LINE):
            goes_on.add(first)
        block, is_item = written[first:behind], lines[first].kind is LineKind.ITEM
        if lines[first].kind is not LineKind.BLANK:
            is_list = is_list and _is_small(block[0])
        found = _of_a_list(block) if is_list else _of_prose(block, width, is_item=is_item)
        goes_on.update(first + at for at in found)
        is_list = is_list or block[-1].endswith(":")
    for at, said in enumerate(written):
        if at in goes_on:
            yield f" {said.lstrip()}"
        else:
            yield f"\n{said}" if at else said


def _blocks(lines: Sequence[Line], written: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give lines that may be one sentence: the first one, and what stands behind the last one."""
    first = 0
    for at in range(1, len(lines)):
        if not (_may_follow(lines, written, at) and _is_small(written[at])):
            yield first, at
            first = at
    yield first, len(lines)


def _may_follow(lines: Sequence[Line], written: Sequence[str], at: int) -> bool:
    """Whether a line may go on with the one before, which has no end of its own."""
    if not at or lines[at].kind is not LineKind.TEXT:
        return False
    flows = lines[at - 1].kind in {LineKind.TEXT, LineKind.ITEM}
    return flows and not written[at - 1].endswith(_ENDS)


def _of_a_list(lines: Sequence[str]) -> Iterator[int]:
    """Give which of several lines, items that lost their marks, go on with the one before."""
    for at in range(1, len(lines)):
        if _is_left_wide_open(lines[at - 1]):
            yield at


def _of_prose(lines: Sequence[str], width: int, *, is_item: bool) -> Iterator[int]:
    """Give which of several lines, all but the first in small letters, go on with the one before.

    The lines below an item that has its mark are that item's.
    """
    fitting = [_has_no_room(one, following, width) for one, following in pairwise(lines)]
    # What is broken at its width throughout is one text, whatever its lines begin with.
    is_set = len(fitting) > 1 and all(fitting)
    marked = [fits or _goes_on(lines, at) for at, fits in enumerate(fitting, 1)]
    is_list = not is_item and introduces_a_list(lines[0]) and not all(marked[1:])
    if is_list and _are_items(lines[1:]):
        yield from (at + 1 for at in _of_a_list(lines[1:]))
        return
    mostly = is_item or lines[-1].endswith(":") or sum(marked) * 2 >= len(marked)
    for at, is_marked in enumerate(marked, 1):
        if is_set or ((is_marked or mostly) and not _is_statement(lines, at)):
            yield at


def _are_items(lines: Sequence[str]) -> bool:
    most = _WORDS_OF_LAST if lines[-1].endswith(_ENDS) else _WORDS_OF_ITEM
    return all(len(line.split()) <= most for line in lines)


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Whether the line before is left open, or this one begins as no statement and no item does."""
    if _is_left_wide_open(lines[at - 1]):
        return True
    first = _words(lines[at])[0]
    # "For men", "for women" below one another are items.
    alone = sum(_words(line)[0] == first for line in lines[1:]) == 1
    return alone and first in _VERBS | _SUBORDINATES | _PREPOSITIONS


def _is_statement(lines: Sequence[str], at: int) -> bool:
    """Whether a line is a statement of its own, behind lines that are one already."""
    if _is_left_wide_open(lines[at - 1]):
        return False
    before = _SENTENCE_END.split(" ".join(lines[:at]))[-1]
    if _words(before)[:1] and _words(before)[0] in _SUBORDINATES:
        before = before.rsplit(",", 1)[-1]
    words = _words(_SENTENCE_END.split(lines[at])[0])
    begins = words[0] not in _VERBS | _SUBORDINATES
    if not begins or not any(map(_tells, _words(before))):
        return False
    joint = next((n for n, word in enumerate(words) if word in _SUBORDINATES), len(words))
    return any(map(_tells, words[: min(joint, _SUBJECT_WORDS)]))


def _tells(word: str) -> bool:
    return word in _VERBS or word in _DENIALS or word.endswith("n't")


def _has_no_room(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line wouldn't have fitted behind a line."""
    return width >= _LEAST_WIDTH and len(line) + 1 + len(following.split(maxsplit=1)[0]) >= width


def _is_left_open(line: str, ends: frozenset[str]) -> bool:
    """Whether a line ends as no sentence and no item does: with a comma, or one of some words."""
    last = line.rsplit(maxsplit=1)[-1].lower()
    return last.endswith((",", "'s", "\u2019s")) or last in ends


def _is_left_wide_open(line: str) -> bool:
    """Whether a line before one in small letters ends as no statement does."""
    return _is_left_open(line, _END_NO_STATEMENT) or introduces_a_list(line)


def _is_small(line: str) -> bool:
    """Whether a line begins in small letters; "mRNA" and "pH" are names."""
    first = line.split(maxsplit=1)[0].lstrip(_OPENS) if line.strip() else ""
    return first[:1].islower() and not first[1:2].isupper()


def _words(line: str) -> list[str]:
    return _WORD.findall(line.lower().replace("\u2019", "'"))
