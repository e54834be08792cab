"""One typing error: a letter dropped, added, changed, or swapped with its neighbour.

The symmetric-delete method (Garbe, SymSpell, 2012): two words that differ by one
such error share a form with one letter left out, so an index of those forms finds
each from the other.
"""

from collections.abc import Iterable

MIN_LETTERS = 4
"""Shorter words are left as they are: too many real ones are one letter apart."""


def deletions(word: str) -> list[str]:
    """Return the word and every form of it with one letter left out."""
    return list(dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]))


def is_one_error_away(typed: str, meant: str) -> bool:
    """Whether one typing error makes `typed` out of `meant`; equal words aren't."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    rest, wanted = typed[start:], meant[start:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )


def best_correction(typed: str, candidates: Iterable[tuple[str, int]]) -> str | None:
    """Return the likeliest word that was meant, out of words with the number of their uses.

    The first letter is seldom mistyped, so a candidate that shares it goes first.
    """
    fitting = [
        (word[0] == typed[0], uses, word)
        for word, uses in candidates
        if word and is_one_error_away(typed, word)
    ]
    return max(fitting, default=(False, 0, None))[2]
