"""A small language for the wording that matters, and how a text is read by it.

A pattern is one line of words:

    cant|trouble breath*      a word of the first kind and then, with at most three
                              others between, one of the second
    kill+myself               words next to each other
    @cannot swallow           any of a named list of words
    chest ~ pain|tight*       both in one sentence, at most ten words apart, in either order
    fever & chemo*            the first as above, and the second anywhere in the text
    temperature #38-43        a number in a range
    dont+want+to+live+,       a comma stands for the end of a clause
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from navis_api.kit.text import fold, words
from navis_api.kit.typing_errors import deletions, is_one_error_away
from navis_api.questions.safety.wording import (
    CLAUSE_END,
    SENTENCE_END,
    TURN,
    Atom,
    Chain,
    Phrase,
    Term,
    Wording,
)

MIN_LETTERS = 5
"""Shorter words are never meant by a misspelt one: too many real ones are one letter apart."""
MAX_LETTERS = 20
"""Longer runs of letters are no words that anyone could mistype."""

_DECIMAL_POINT = re.compile(r"(?<=\d)[.,](?=\d(?!\d))")
_STOP = re.compile(r"([.!?;\n]+)|([,:()\u2013\u2014]|\s-+\s)")
_NUMBER = re.compile(r"(\d{1,4})(?:d(\d))?(?:c|f)?")


class Lexicon:
    """The words that patterns are made of: it compiles patterns and reads texts by them."""

    def __init__(
        self,
        *,
        sets: Mapping[str, Sequence[str]],
        rewrites: Mapping[str, str],
        telling: Iterable[str],
        real_words: Iterable[str],
    ) -> None:
        self._sets = sets
        self._rewrites = {tuple(said.split()): meant.split() for said, meant in rewrites.items()}
        self._longest_rewrite = max((len(said) for said in self._rewrites), default=0)
        self._left_alone = frozenset(real_words)
        self._meant: dict[str, list[str]] = {}
        self._literals: set[Atom] = set()
        rewritten = (word for said in self._rewrites for word in said)
        for word in (CLAUSE_END, SENTENCE_END, TURN, *telling, *rewritten):
            self._learn(word)
        self._affixes: set[Atom] = set()
        self._ranges: dict[Atom, tuple[float, float]] = {}

    def compile(self, pattern: str) -> Phrase:
        """Return the pattern ready to be looked for; unknown sets raise KeyError."""
        place, *beside = pattern.split(" & ")
        chain, *near = place.split(" ~ ")
        return Phrase(
            self._chain(chain),
            tuple(self._chain(side) for side in near),
            tuple(self._chain(side) for side in beside),
        )

    def read(self, text: str) -> Wording:
        """Return the text as words and stops, its misspelt telling words put right."""
        tokens = self._tokens(text)
        known: dict[str, frozenset[Atom]] = {token: self._atoms(token) for token in set(tokens)}
        where: dict[Atom, list[int]] = {}
        for position, token in enumerate(tokens):
            for atom in known[token]:
                where.setdefault(atom, []).append(position)
        return Wording(tokens, [known[token] for token in tokens], where)

    def _chain(self, side: str) -> Chain:
        return tuple(self._term(term) for term in side.split())

    def _term(self, term: str) -> Term:
        ways: list[tuple[Atom, ...]] = []
        for way in term.split("|"):
            if way.startswith("@"):
                ways += [tuple(said.split()) for said in self._sets[way[1:]]]
            else:
                ways.append(tuple(way.split("+")))
        for atom in (atom for way in ways for atom in way):
            self._learn(atom)
        by_first: dict[Atom, list[tuple[Atom, ...]]] = {}
        for said in ways:
            by_first.setdefault(said[0], []).append(said)
        return by_first

    def _learn(self, atom: Atom) -> None:
        if atom.startswith("#"):
            low, _, high = atom[1:].partition("-")
            self._ranges[atom] = (float(low), float(high))
        elif "*" in atom:
            self._affixes.add(atom)
        elif atom not in self._literals:
            self._literals.add(atom)
            if len(atom) >= MIN_LETTERS and atom.isalpha():
                for form in deletions(atom):
                    self._meant.setdefault(form, []).append(atom)

    def _tokens(self, text: str) -> list[str]:
        # A decimal point isn't a stop, and the words of kit.text hold no points.
        folded = _DECIMAL_POINT.sub("d", fold(text))
        tokens: list[str] = []
        for at, piece in enumerate(_STOP.split(folded)):
            kind = at % 3
            if kind == 0 and piece:
                plain = [word.replace("'", "") for word in words(piece)]
                tokens += self._rewritten([self._put_right(word) for word in plain])
            elif kind and piece:
                tokens.append(SENTENCE_END if kind == 1 else CLAUSE_END)
        return [*tokens, SENTENCE_END]

    def _rewritten(self, said: list[str]) -> Iterator[str]:
        at = 0
        while at < len(said):
            for length in range(self._longest_rewrite, 0, -1):
                meant = self._rewrites.get(tuple(said[at : at + length]))
                if meant is not None and at + length <= len(said):
                    yield from meant
                    at += length
                    break
            else:
                yield said[at]
                at += 1

    def _put_right(self, word: str) -> str:
        if not MIN_LETTERS - 1 <= len(word) <= MAX_LETTERS or self._atoms(word):
            return word
        if word in self._left_alone:
            return word
        meant = {
            likely
            for form in deletions(word)
            for likely in self._meant.get(form, ())
            if likely[0] == word[0] and is_one_error_away(word, likely)
        }
        return min(meant) if meant else word

    def _atoms(self, token: str) -> frozenset[Atom]:
        atoms = {token} & self._literals
        # Sentences end clauses too.
        if token == SENTENCE_END:
            atoms.add(CLAUSE_END)
        for cut in range(1, min(len(token), MAX_LETTERS) + 1):
            atoms |= {f"{token[:cut]}*", f"*{token[-cut:]}"} & self._affixes
        number = _NUMBER.fullmatch(token)
        if number:
            value = float(f"{number[1]}.{number[2] or 0}")
            atoms |= {atom for atom, (low, high) in self._ranges.items() if low <= value <= high}
        return frozenset(atoms)
