"""Whether a quote of an earlier version still stands in a text.

It stands when its very words are there, wherever that is. What only lays a text out doesn't
count: white space and line breaks, the marks of headings and list items at the beginning of a
line, and whether a letter is composed (NFC). Letters, digits, case and punctuation count, and
words have to be whole: "small cell" doesn't stand in "non-small cell", nor "5" in "5.5".
"""

import re
import unicodedata
from collections.abc import Iterator

_LAYOUT = re.compile(r"^[^\S\n]*(?:#{1,6}|-)[^\S\n]+", re.MULTILINE)
_SPACE = re.compile(r"\s+")
_JOINTS = "-\u2010\u2011\u2012\u2013"
_POINTS = ".,"


class StandingText:
    """A text in which many quotes are looked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: str | None = None

    def holds(self, quote: str) -> bool:
        """Whether the quote stands in the text."""
        if _stands(quote, self._text):
            return True
        if self._words is None:
            self._words = _words_alone(self._text)
        return _stands(_words_alone(quote), self._words)


def _words_alone(text: str) -> str:
    """Return the text without what only lays it out."""
    plain = _LAYOUT.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", plain).strip()


def _stands(quote: str, text: str) -> bool:
    return bool(quote) and any(
        not _cut_before(text, start) and not _cut_after(text, start + len(quote))
        for start in _places(quote, text)
    )


def _places(quote: str, text: str) -> Iterator[int]:
    start = text.find(quote)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1)


def _cut_before(text: str, at: int) -> bool:
    """Whether a word or a number begins before a place and goes on behind it."""
    if at == 0 or not text[at].isalnum():
        return False
    before = text[at - 1]
    if before in _JOINTS or before in _POINTS:
        # A hyphen that stands alone joins nothing; a point joins digits.
        wanted = str.isdigit if before in _POINTS else str.isalnum
        return at > 1 and wanted(text[at - 2]) and (before in _JOINTS or text[at].isdigit())
    return before.isalnum()


def _cut_after(text: str, at: int) -> bool:
    """Whether a word or a number that ends at a place goes on behind it."""
    if at == len(text) or not text[at - 1].isalnum():
        return False
    after = text[at]
    if after in _JOINTS or after in _POINTS:
        wanted = str.isdigit if after in _POINTS else str.isalnum
        return (
            at + 1 < len(text)
            and wanted(text[at + 1])
            and (after in _JOINTS or text[at - 1].isdigit())
        )
    return after.isalnum()
