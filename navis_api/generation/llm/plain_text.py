"""What may stand in an answer at all, whoever says it: plain words in plain characters."""

import re
import unicodedata
from collections.abc import Collection

_MARKUP = re.compile(
    r"[<>`{}|\\^~#@]|\[[^\]]*\]|!\[|\]\(|\*\*|__|&\w+;"
    r"|https?:|www\.|\b(?:javascript|data|mailto):"
    r"|\b[\w-]+\.(?:com|org|net|gov|edu|io|info|test|example)\b"
    r"|\bsystem prompt\b|\bignore (?:all|any|previous|the above)\b|\bas an ai\b"
    r"|\blanguage model\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"\byou (?:should|must|need to|have to|ought to|had better)\b|\b(?:i|we) (?:recommend|advise)\b"
    r"|\b(?:stop|start|keep|avoid|increase|reduce|double|skip) taking\b|^(?:take|stop|start)\b",
    re.IGNORECASE,
)
_SIGNS = frozenset(" .,;:!?'\"()/-%+&=\u2018\u2019\u201c\u201d\u2013\u2014\u2026")
# The last letter of Latin Extended-B. Behind it stand letters that look like plain ones.
_LAST_LATIN = "\u024f"
# Letters of languages in use that aren't plain ones with marks.
_LETTERS = frozenset("ßæœøłđðþÆŒØŁĐÐÞ")


def plain(text: str) -> str:
    """Return a text in one line and in composed characters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_plain(text: str, *, beside: Collection[str] = ()) -> bool:
    """Whether a text is words and punctuation alone: no markup, no links, no odd characters.

    A Cyrillic "а" in a drug's name would hide it from every check, and so would a character
    without a width. Other characters are allowed where they stand in `beside`, a source's text.
    """
    return not _MARKUP.search(text) and all(
        _is_usual(character) or character in beside for character in text
    )


def tells_what_to_do(text: str) -> bool:
    """Whether a text tells its reader what to do about treatment."""
    return _TELLING.search(text) is not None


def _is_usual(character: str) -> bool:
    if character.isascii() or character in _SIGNS:
        return character.isalnum() or character in _SIGNS
    return character <= _LAST_LATIN and (character in _LETTERS or _is_marked(character))


def _is_marked(character: str) -> bool:
    """Whether a character is a plain letter with marks: "é", but neither "ſ" nor "²"."""
    base, *marks = unicodedata.normalize("NFD", character)
    return base.isascii() and base.isalpha() and all(map(unicodedata.combining, marks))
