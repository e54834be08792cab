"""The patterns of urgent wording, as they stand in `patterns.json`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from navis_api.questions.safety.lexicon import Lexicon
from navis_api.questions.safety.notices import SafetyKind
from navis_api.questions.safety.wording import Phrase, Term


class Excuse(BaseModel):
    """Words that show that a phrase means something else, and where they would stand."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    said: str
    where: Literal["just before", "inside", "clause", "sentence", "text", "impersonal"]


class Group(BaseModel):
    """Phrases for one kind of need.

    `source` is the National Cancer Institute's patient page that names the sign or says
    that it needs care, "general first aid" where none does, or the house rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: SafetyKind
    source: str
    patterns: tuple[str, ...]
    happening_now: bool = False
    may_be_slight: bool = False
    unless: tuple[Excuse, ...] = ()


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    rewrites: dict[str, str]
    telling: tuple[str, ...]
    real_words: tuple[str, ...]
    sets: dict[str, tuple[str, ...]]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern with the group whose excuses hold for it."""

    group: Group
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Rules:
    """All patterns by the words that they may start with, and the named sets of words."""

    lexicon: Lexicon
    by_first_atom: dict[str, list[Pattern]]
    sets: dict[str, Term]


@cache
def urgency_rules() -> Rules:
    """Return the compiled patterns. They are read once."""
    data = _Data.model_validate_json(
        files("navis_api.questions.safety").joinpath("patterns.json").read_bytes()
    )
    lexicon = Lexicon(
        sets=data.sets,
        rewrites=data.rewrites,
        telling=data.telling,
        real_words=data.real_words,
    )
    by_first_atom: dict[str, list[Pattern]] = {}
    for group in data.groups:
        for line in group.patterns:
            pattern = Pattern(group, lexicon.compile(line))
            for atom in pattern.phrase.chain[0]:
                by_first_atom.setdefault(atom, []).append(pattern)
    sets = {name: lexicon.compile(f"@{name}").chain[0] for name in data.sets}
    return Rules(lexicon, by_first_atom, sets)
