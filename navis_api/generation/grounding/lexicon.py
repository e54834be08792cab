"""The words of grounding: what says the same, what is its opposite, what says nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

from navis_api.generation.grounding.roots import root, without_contraction
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import ConceptKind, concepts

Roots = tuple[str, ...]


class _LexiconData(TypedDict):
    same: list[list[str]]
    same_plain: list[list[str]]
    parts: dict[str, list[str]]
    hard: list[str]
    exact: list[str]
    hard_endings: list[str]
    broader: dict[str, list[str]]
    general: list[str]
    function: list[str]
    soft: list[str]
    not_denying: list[str]
    opposites: list[list[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an opposition: `dimension` names it, `pole` tells its sides apart."""

    dimension: str
    pole: int


@dataclass(frozen=True)
class Lexicon:
    """Look-ups by roots.

    `phrases` gives each way to say something the keys of what it says, `broader` what a key
    says besides ("mastectomy" speaks of surgery), `sides` the oppositions that a key is on a
    side of. A word of `general` may stand
    in a claim although its evidence hasn't got it, one of `soft` too, but only few of them.
    """

    phrases: dict[Roots, tuple[str, ...]]
    longest: int
    broader: dict[str, tuple[str, ...]]
    sides: dict[str, tuple[Side, ...]]
    by_dimension: dict[str, tuple[tuple[str, int], ...]]
    general: frozenset[str]
    function: frozenset[str]
    soft: frozenset[str]
    not_denying: tuple[str, ...]
    parts: dict[str, tuple[tuple[str, ...], ...]]
    medical: frozenset[Roots]
    hard: frozenset[str]
    exact: frozenset[str]
    hard_endings: tuple[str, ...]

    def is_hard(self, said: Sequence[str]) -> bool:
        """Whether words name something that nothing else stands for: a symptom, an organ."""
        if all(word in self.soft for word in said):
            return False
        roots = tuple(root(word) for word in said)
        if roots in self.medical or any(each in self.hard for each in roots):
            return True
        return any(word.endswith(self.hard_endings) for word in said)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of grounding, read once."""
    data: _LexiconData = json.loads(
        files("navis_api.generation.grounding").joinpath("lexicon.json").read_text("utf-8")
    )
    phrases: dict[Roots, dict[str, None]] = {}
    for group in (*data["same"], *data["same_plain"]):
        for phrase in group:
            phrases.setdefault(roots_of(phrase), {})[group[0]] = None
    medical = {roots_of(phrase) for group in data["same"] for phrase in group}
    broader = {key: tuple(_keys(phrases, wider)) for key, wider in data["broader"].items()}
    sides: dict[str, dict[Side, None]] = {}
    for opposition in data["opposites"]:
        for pole, side in enumerate(opposition):
            for word in side.split():
                # A word that names a meaning has that one, though it may be said for others.
                meant = _keys(phrases, [word])
                for key in [word] if word in meant else meant:
                    sides.setdefault(key, {})[Side(opposition[0].split()[0], pole)] = None
    by_dimension: dict[str, list[tuple[str, int]]] = {}
    for key, found in sides.items():
        for side in found:
            by_dimension.setdefault(side.dimension, []).append((key, side.pole))
    return Lexicon(
        phrases={said: tuple(keys) for said, keys in phrases.items()},
        longest=max(map(len, phrases)),
        broader=broader,
        sides={key: tuple(found) for key, found in sides.items()},
        by_dimension={name: tuple(found) for name, found in by_dimension.items()},
        general=frozenset(form for word in data["general"] for form in _forms(word)),
        function=frozenset(data["function"]),
        not_denying=tuple(data["not_denying"]),
        parts={
            key: tuple(tuple(_keys(phrases, [part])) for part in parts)
            for key, parts in data["parts"].items()
        },
        medical=frozenset(medical) | _thesaurus(),
        hard=frozenset(root(word) for word in data["hard"]),
        exact=frozenset(_keys(phrases, data["exact"])),
        hard_endings=tuple(data["hard_endings"]),
        soft=frozenset(form for word in data["soft"] for form in _forms(word)),
    )


def roots_of(phrase: str) -> Roots:
    """Return the roots of a phrase's words."""
    return tuple(root(said) for word in words(phrase) for said in without_contraction(word).split())


_DENYING_PREFIXES = ("un", "non", "in", "im", "ir", "dis")
_SHORTEST_REST = 4


def denied_inside(word: str) -> str | None:
    """Return the key of what a word denies by its beginning: "unlikely" denies what is likely."""
    lex = lexicon()
    if word.endswith("less") and (root(word[:-4]),) in lex.phrases:
        return lex.phrases[(root(word[:-4]),)][0]
    if not word.startswith(_DENYING_PREFIXES):
        return None
    own = root(word)
    if (own,) in lex.phrases or word in lex.general or word in lex.soft:
        return None
    if own.startswith(lex.not_denying):
        return None
    for prefix in _DENYING_PREFIXES:
        rest = word.removeprefix(prefix)
        if rest == word or len(rest) < _SHORTEST_REST:
            continue
        bare = root(rest)
        if (bare,) in lex.phrases:
            return lex.phrases[(bare,)][0]
        if rest in lex.general or rest in lex.soft:
            return bare
    return None


def _thesaurus() -> frozenset[Roots]:
    """Return what the thesaurus has on effects, factors and populations."""
    return frozenset(
        roots_of(phrase)
        for concept in concepts().values()
        if concept.kind in {ConceptKind.EFFECT, ConceptKind.FACTOR, ConceptKind.POPULATION}
        for phrase in concept.written
    )


def _forms(word: str) -> tuple[str, ...]:
    """Return a word with its inflections, as far as they are regular; others are never met."""
    stem = word.removesuffix("e")
    return (word, f"{word}s", f"{word}es", f"{stem}ed", f"{stem}ing", f"{word}ly", f"{word}'s")


def _keys(phrases: dict[Roots, dict[str, None]], said: list[str]) -> list[str]:
    found: list[str] = []
    for phrase in said:
        spoken = roots_of(phrase)
        found += phrases.get(spoken, {" ".join(spoken): None})
    return list(dict.fromkeys(found))
