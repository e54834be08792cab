"""What a reader of two texts learns from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts, and whether it is so of them."""

    one: str
    other: str
    is_so: bool
