"""Parts of a claim: the whole sentence, or a piece that may rest on a sentence of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from navis_api.generation.grounding.figures import Figure
from navis_api.generation.grounding.reading import Reading, Token
from navis_api.generation.grounding.tokens import OF_A_DRUG, Kind

_SAYING_SOMETHING = 2
_CUTS = frozenset(
    {"and", "but", "while", "whereas", "because", "since", "so", "which", "who", ";", "."}
)


@dataclass(frozen=True)
class Part:
    """The tokens of a claim at some places.

    `known` are the places of words that need no support here: the name of the answer's cancer.
    """

    claim: Reading
    places: tuple[int, ...]
    known: frozenset[int]

    @cached_property
    def needed(self) -> tuple[int, ...]:
        """The places of the words that evidence has to have; numbers are looked for apart."""
        return tuple(
            at
            for at in self.places
            if self.token(at).tells
            and self.token(at).kind is not Kind.NUMBER
            and at not in self.known
        )

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The places of the words that say something, also in general."""
        return tuple(at for at in self.places if says_something(self.token(at)))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The numbers that it says, but for one that only counts what it lists."""
        among = set(self.places)
        return tuple(
            figure
            for figure in self.claim.figures
            if figure.place in among and not self._counts_own_list(figure)
        )

    @cached_property
    def telling_keys(self) -> frozenset[str]:
        """The keys of its telling words."""
        return frozenset(
            key for at in self.places if self.token(at).tells for key in self.token(at).keys
        )

    def token(self, at: int) -> Token:
        """Return the token at a place."""
        return self.claim.tokens[at]

    def missing_in(self, window: Reading) -> list[int]:
        """Return the places of needed words that a window hasn't got."""
        return [at for at in self.needed if not stands(self.token(at), window)]

    def _counts_own_list(self, figure: Figure) -> bool:
        """Whether a number only counts what the claim lists: "three drugs: …, … and …"."""
        if not figure.is_mere_count:
            return False
        joints = 0
        before = ""
        for at in self.places:
            word = self.token(at).word
            if word in {",", "and"} and before != ",":
                joints += 1
            before = word
        return figure.quantity.values == (joints + 1,) and joints > 0


def says_something(token: Token) -> bool:
    """Whether a token is more than a joint or a sign."""
    return token.kind not in {Kind.FUNCTION, Kind.STOP}


def stands(token: Token, window: Reading) -> bool:
    """Whether a window says what a token does, by its name or by all its parts."""
    if any(key in window.said for key in token.keys):
        return True
    if token.parts and all(any(key in window.said for key in part) for part in token.parts):
        return True
    # A regimen's drugs may be named one by one.
    drugs = [key for key in token.implied if key.startswith(OF_A_DRUG)]
    return bool(drugs) and all(drug in window.said for drug in drugs)


def cut_in_parts(whole: Part) -> list[Part]:
    """Cut a sentence where a part may rest on another sentence than the one before."""
    cut: list[list[int]] = [[]]
    for at in whole.places:
        token = whole.token(at)
        joins = token.word in _CUTS and len(token.words) == 1
        if joins and _count(whole, cut[-1]) >= _SAYING_SOMETHING:
            cut.append([])
        cut[-1].append(at)
    merged: list[list[int]] = []
    for places in cut:
        if merged and _count(whole, places) < _SAYING_SOMETHING:
            merged[-1] += places
        else:
            merged.append(places)
    return [Part(whole.claim, tuple(places), whole.known) for places in merged]


def joined(parts: Iterable[Part]) -> Part:
    """Return neighbouring parts as one."""
    first, *rest = parts
    places = first.places + tuple(at for part in rest for at in part.places)
    return Part(first.claim, places, first.known)


def _count(whole: Part, places: Iterable[int]) -> int:
    return sum(says_something(whole.token(at)) for at in places)
