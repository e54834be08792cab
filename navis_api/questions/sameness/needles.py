"""Letters that stand in every text that a pattern fits, so that few patterns have to be tried."""

import re
from collections.abc import Iterator
from functools import cache

_LOOKING = re.compile(r"\?(?:=|!|<=|<!)")
_QUANTIFIER = re.compile(r"[?*+]\??|\{(?P<least>\d*)[^}]*\}\??")
_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]")


@cache
def needles(pattern: str) -> tuple[str, ...]:
    """Return letters in small type of which a text has some, wherever the pattern fits.

    Of all that a pattern needs it is the part whose shortest alternative is longest; a part
    that may be missing, and what only looks around, counts for nothing. One empty needle
    says that there is no telling.
    """
    found = {needle for option in _options(pattern) for needle in _best(option)}
    # "chemotherapy" is in no text that "chemo" isn't in.
    return tuple(
        sorted(
            each for each in found if not any(other != each and other in each for other in found)
        )
    )


def _best(option: str) -> tuple[str, ...]:
    return max(_parts(option), key=lambda part: min(len(each.strip()) for each in part))


def _parts(option: str) -> Iterator[tuple[str, ...]]:
    """Yield what each part of a pattern without alternatives needs."""
    yield ("",)
    literal, at = "", 0
    while at < len(option):
        end, told = _next(option, at)
        quantifier = _QUANTIFIER.match(option, end)
        optional = quantifier is not None and not (
            quantifier[0].startswith("+") or quantifier["least"] not in {None, "", "0"}
        )
        if isinstance(told, str) and quantifier is None:
            literal += told
        else:
            yield (literal + (told if isinstance(told, str) and not optional else ""),)
            literal = ""
            if isinstance(told, tuple) and not optional:
                yield told
        at = quantifier.end() if quantifier is not None else end
    yield (literal,)


def _next(option: str, at: int) -> tuple[int, str | tuple[str, ...]]:
    """Return where a letter, a class or a group ends, and the letter or what it needs."""
    letter = option[at]
    if letter == "\\":
        return at + 2, ("",)
    if letter == "[":
        found = _CLASS.match(option, at)
        return (found.end() if found else at + 1), ("",)
    if letter == "(":
        end = _closing(option, at)
        inside = option[at + 1 : end]
        looks = _LOOKING.match(inside) is not None
        return end + 1, ("",) if looks else needles(inside.removeprefix("?:"))
    return at + 1, ("",) if letter in ".^$" else letter.lower()


def _options(pattern: str) -> list[str]:
    options: list[str] = []
    start = at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            options.append(pattern[start:at])
            start = at + 1
        at = _step(pattern, at)
    return [*options, pattern[start:]]


def _closing(pattern: str, opening: int) -> int:
    at = opening + 1
    while at < len(pattern) and pattern[at] != ")":
        at = _step(pattern, at)
    return at


def _step(pattern: str, at: int) -> int:
    if pattern[at] == "(":
        return _closing(pattern, at) + 1
    if pattern[at] == "\\":
        return at + 2
    found = _CLASS.match(pattern, at) if pattern[at] == "[" else None
    return found.end() if found else at + 1
