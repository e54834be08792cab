"""Sentences as lines: what stands in one clause is near, what stands in another is far.

Along a line a word that tells something is one step long, and the start of another clause some
more. What goes with what can be told from the steps between two words, of a claim and of its
evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from navis_api.generation.grounding.reading import Reading, Token
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.tokens import Kind

_TELLS = 1.0
_HOLDS_TOGETHER = 0.2
_STOPS = {
    ",": 1.0, ";": 2.5, ":": 2.0, ".": 3.0, "?": 3.0, "!": 3.0, "(": 0.7, ")": 0.7, "\u2014": 1.5,
}  # fmt: skip
_JOINTS = {
    "and": 1.0, "or": 0.6, "but": 2.0, "while": 2.0, "whereas": 2.0, "although": 2.0, "unlike": 1.5,
    "than": 1.5, "compared": 1.5, "versus": 1.5, "vs": 1.5, "who": 0.5, "which": 0.5, "that": 0.4,
    "because": 1.0, "if": 1.0, "when": 1.0,
}  # fmt: skip
BOUNDARIES = frozenset(_STOPS) | frozenset(_JOINTS) - {"unlike", "than", "compared", "versus", "vs"}
_OTHER_SENTENCE = 3.0
_NO_GROUP = frozenset[int]()


@dataclass(frozen=True)
class Line:
    """The tokens of some sentences, how far along the line each stands, and what says what.

    `sentences` has the number of each token's sentence, `keys` and `groups` what each is said by,
    `said` and `grouped` where each key and each group is said.
    """

    tokens: tuple[Token, ...]
    along: tuple[float, ...]
    sentences: tuple[int, ...]
    tells: tuple[bool, ...]
    keys: tuple[frozenset[str], ...]
    groups: tuple[frozenset[int], ...]

    @cached_property
    def said(self) -> dict[str, list[int]]:
        """Where each key is said."""
        places: dict[str, list[int]] = {}
        for at, keys in enumerate(self.keys):
            for key in keys:
                places.setdefault(key, []).append(at)
        return places

    @cached_property
    def grouped(self) -> dict[int, list[int]]:
        """Where each group is said."""
        places: dict[int, list[int]] = {}
        for at, groups in enumerate(self.groups):
            for group in groups:
                places.setdefault(group, []).append(at)
        return places

    def word(self, at: int) -> str:
        """Return the first word of a token, nothing before and behind the line."""
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""


def line_of(reading: Reading, groups: Mapping[int, frozenset[int]]) -> Line:
    """Return a sentence as a line; `groups` are those of its tokens, by their identity."""
    along: list[float] = []
    keys: list[frozenset[str]] = []
    figures = {figure.place: figure.quantity for figure in reading.figures}
    place = 0.0
    for at, token in enumerate(reading.tokens):
        place += (_STOPS if token.kind is Kind.STOP else _JOINTS).get(token.word, 0.0)
        place += _TELLS if _tells(token) else _HOLDS_TOGETHER
        along.append(place)
        is_number = token.kind is Kind.NUMBER and at in figures
        keys.append(frozenset({f"# {figures[at].values}"}) if is_number else _keys(token))
    return Line(
        tokens=reading.tokens,
        along=tuple(along),
        sentences=(0,) * len(along),
        tells=tuple(map(_tells, reading.tokens)),
        keys=tuple(keys),
        groups=tuple(
            groups.get(id(token), _NO_GROUP) if _tells(token) else _NO_GROUP
            for token in reading.tokens
        ),
    )


def joined(lines: Sequence[Line]) -> Line:
    """Return the lines of several sentences as one, the sentences far apart."""
    if len(lines) == 1:
        return lines[0]
    along: list[float] = []
    for line in lines:
        before = along[-1] + _OTHER_SENTENCE if along else 0.0
        along += [before + place for place in line.along]
    return Line(
        tokens=tuple(token for line in lines for token in line.tokens),
        along=tuple(along),
        sentences=tuple(number for number, line in enumerate(lines) for _ in line.tokens),
        tells=tuple(tells for line in lines for tells in line.tells),
        keys=tuple(keys for line in lines for keys in line.keys),
        groups=tuple(groups for line in lines for groups in line.groups),
    )


def _tells(token: Token) -> bool:
    return token.kind not in {Kind.FUNCTION, Kind.STOP}


def _keys(token: Token) -> frozenset[str]:
    if len(token.words) > 1 or token.kind is Kind.STOP:
        return frozenset(token.keys)
    return frozenset({*token.keys, root(token.word)})
