"""Everyday wording put into usual words before a question is read.

"What do they do to your bones?" asks what "How does it affect bones?" asks, and a letter in
which it says so is no fact. Every rule (`retelling.json`) leaves the names, numbers and
denials of a question as they are, so that what is asked and of whom is still compared.
"""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TypedDict

from navis_api.questions.sameness.asides import without_asides
from navis_api.questions.sameness.needles import needles
from navis_api.questions.sameness.written import effects


class _Rule(TypedDict):
    meant: str
    said: list[str]


class _Rules(TypedDict):
    parts: dict[str, str]
    rules: dict[str, list[_Rule]]


@dataclass(frozen=True)
class Compiled:
    """A rule ready to use; a text without any of its needles needs no trying."""

    written: str
    meant: str
    needles: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern in whole words, compiled for the first text that needs trying."""
        return re.compile(rf"(?<!\w)(?:{self.written})(?:(?<=\s)|(?!\w))", re.IGNORECASE)


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
    told = _SPACES.sub(" ", without_asides(plain))
    lowered = told.lower()
    for rule in rules():
        if not _may_fit(rule, lowered):
            continue
        told, count = rule.pattern.subn(lambda found, meant=rule.meant: _filled(meant, found), told)
        if count:
            told = _SPACES.sub(" ", told)
            lowered = told.lower()
    return plain if told == plain else told.strip()


def _may_fit(rule: Compiled, lowered: str) -> bool:
    # A loop, since "any" of a generator takes thrice as long here, and this is asked most.
    for needle in rule.needles:  # noqa: SIM110
        if needle in lowered:
            return True
    return False


@cache
def rules() -> tuple[Compiled, ...]:
    """Return the rules in the order in which they are tried. They are read once."""
    data: _Rules = json.loads(
        files("navis_api.questions.sameness").joinpath("retelling.json").read_text(encoding="utf-8")
    )
    parts = data["parts"] | {"effects": _effects()}
    return tuple(_compiled(rule, parts) for rules in data["rules"].values() for rule in rules)


def _effects() -> str:
    """Return a pattern of the names of all effects: what one can have from care.

    Those that are written with alternatives tell what somebody feels or does; no rule needs them.
    """
    named = {name for written in effects().values() for name in written if "(" not in name}
    return "|".join(
        re.escape(phrase) for phrase in sorted(named, key=lambda each: (-len(each), each))
    )


def _compiled(rule: _Rule, parts: dict[str, str]) -> Compiled:
    written = _written(rule["said"], parts)
    return Compiled(written, rule["meant"], needles(written))


def _filled(meant: str, found: re.Match[str]) -> str:
    r"""Return what is meant, with what was said in its gaps: `\1` is the first group found."""
    said = [group for group in found.groups() if group is not None]
    return _GAP.sub(lambda gap: said[int(gap[1]) - 1], meant)


def _written(said: list[str], parts: dict[str, str]) -> str:
    """Return one pattern for all ways to say it.

    `@name` stands for one of the file's parts, which may hold other parts.
    """
    written = "|".join(said)
    while _PART.search(written):
        written = _PART.sub(lambda found: f"(?:{parts[found[1]]})", written)
    return written
