"""Text of others for a terminal: nothing in it can move the cursor, change colours or reorder."""

import unicodedata

# Characters that turn the direction of what follows, so that a text reads otherwise than it is.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> str:
    """Return a text in one line, with control characters as escapes that can be read."""
    return "".join(map(_shown, " ".join(text.split())))


def _shown(letter: str) -> str:
    if letter in _TURNING or unicodedata.category(letter) in {"Cc", "Cs"}:
        return f"\\u{ord(letter):04x}"
    return letter
