"""What differs between two texts, in runs of words."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_RUNS = re.compile(r"\w+|\s+|[^\w\s]")


class DifferenceKind(StrEnum):
    """What became of something between two revisions."""

    SAME = "SAME"
    ADDED = "ADDED"
    DROPPED = "DROPPED"
    CHANGED = "CHANGED"
    MOVED = "MOVED"
    """It stands elsewhere, and is to the letter as it was."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is SAME, ADDED or DROPPED.

    The pieces that aren't ADDED, joined, are the old text; those that aren't DROPPED the new.
    """

    kind: DifferenceKind
    text: str


def kind_of(before: str | None, after: str | None) -> DifferenceKind:
    """Return what became of a text; None where it isn't there."""
    if before == after:
        return DifferenceKind.SAME
    if before is None:
        return DifferenceKind.ADDED
    return DifferenceKind.DROPPED if after is None else DifferenceKind.CHANGED


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """Return what was kept, dropped and added, in reading order; dropped stands before added."""
    old, new = _RUNS.findall(before), _RUNS.findall(after)
    found: list[Piece] = []
    for action, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            found.append(Piece(DifferenceKind.SAME, "".join(old[a:b])))
            continue
        if a < b:
            found.append(Piece(DifferenceKind.DROPPED, "".join(old[a:b])))
        if c < d:
            found.append(Piece(DifferenceKind.ADDED, "".join(new[c:d])))
    return tuple(found)


def likeness(before: str, after: str) -> float:
    """Return how alike two texts are in their words, from 0 to 1."""
    old = [run.casefold() for run in _RUNS.findall(before) if not run.isspace()]
    new = [run.casefold() for run in _RUNS.findall(after) if not run.isspace()]
    return SequenceMatcher(None, old, new, autojunk=False).ratio()
