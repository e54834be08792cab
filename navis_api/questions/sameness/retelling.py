"""Everyday wording put into usual words before a question is read.

"What do they do to your bones?" asks what "How does it affect bones?" asks, and a letter in
which it says so is no fact. Every rule (`retelling.json`) leaves the names, numbers and
denials of a question as they are, so that what is asked and of whom is still compared.
"""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypedDict


class _Rule(TypedDict):
    meant: str
    said: list[str]


class _Rules(TypedDict):
    parts: dict[str, str]
    rules: dict[str, list[_Rule]]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A rule ready to use; a text without any of its needles needs no trying."""

    pattern: re.Pattern[str]
    meant: str
    needles: tuple[str, ...]


_GAP_MARK = "\0"
_GROUP = re.compile(r"\((?:[^()\\]|\\.)*\)[?*+]?\??|\[[^\]]*\](?:[?*+]|\{[^}]*\})?\??")
_NO_LITERAL = re.compile(r"@\w+|\\.(?:[?*+]|\{[^}]*\})?\??|.(?:[?*]|\{[^}]*\})\??|[.^$+]")
_PART = re.compile(r"@(\w+)")
_GAP = re.compile(r"\\(\d)")
_SPACES = re.compile(r"[ \t]{2,}")
_LONGEST = 1_000
"""A longer text is a story of many sentences; it is read as it stands."""


@lru_cache(maxsize=2_048)
def retold(plain: str) -> str:
    """Return a plain text in usual words. A text to which no rule applies stays as it is."""
    if len(plain) > _LONGEST:
        return plain
    told = _SPACES.sub(" ", plain)
    lowered = told.lower()
    for rule in _rules():
        if any(needle in lowered for needle in rule.needles):
            told = rule.pattern.sub(lambda found, meant=rule.meant: _filled(meant, found), told)
            lowered = told.lower()
    return plain if told == plain else _SPACES.sub(" ", told).strip()


@cache
def _rules() -> tuple[_Compiled, ...]:
    data: _Rules = json.loads(
        files("navis_api.questions.sameness").joinpath("retelling.json").read_text(encoding="utf-8")
    )
    return tuple(
        _Compiled(
            _pattern(rule["said"], data["parts"]),
            rule["meant"],
            tuple(dict.fromkeys(_needle(way) for way in rule["said"])),
        )
        for rules in data["rules"].values()
        for rule in rules
    )


def _needle(way: str) -> str:
    """Return letters that are in every text that a pattern fits, so that few have to be tried."""
    bare, shorter = way, _GROUP.sub(_GAP_MARK, way)
    while shorter != bare:
        bare, shorter = shorter, _GROUP.sub(_GAP_MARK, shorter)
    if "|" in bare:
        return ""
    literal = _NO_LITERAL.sub(_GAP_MARK, bare).lower()
    return max(literal.split(_GAP_MARK), key=len)


def _filled(meant: str, found: re.Match[str]) -> str:
    r"""Return what is meant, with what was said in its gaps: `\1` is the first group found."""
    said = [group for group in found.groups() if group is not None]
    return _GAP.sub(lambda gap: said[int(gap[1]) - 1], meant)


def _pattern(said: list[str], parts: dict[str, str]) -> re.Pattern[str]:
    """Return one pattern for all ways to say it, in whole words.

    `@name` stands for one of the file's parts, which may hold other parts.
    """
    written = "|".join(said)
    while _PART.search(written):
        written = _PART.sub(lambda found: f"(?:{parts[found[1]]})", written)
    return re.compile(rf"(?<!\w)(?:{written})(?:(?<=\s)|(?!\w))", re.IGNORECASE)
