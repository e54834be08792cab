"""A text as words with stops between them, and phrases found in it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

GAP_WORDS = 3
"""So many words may stand between two terms: "trouble with all my breathing"."""
NEAR_WORDS = 10
"""So far apart may be what belongs together: "my chest, well, all of it feels so tight"."""
CLAUSE_END = ","
SENTENCE_END = "."
TURN = "but"
"""What follows it isn't denied or excused by what went before."""

Atom = str
Term = Mapping[Atom, Sequence[Sequence[Atom]]]
"""Ways to say one thing by their first words, each of words next to each other."""
Span = tuple[int, int]
"""The positions of a first word and past a last one."""
Chain = tuple[Term, ...]
"""Terms in their order."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled pattern: what is looked for, what stands near it, what else is said."""

    chain: Chain
    near: tuple[Chain, ...]
    beside: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text's words with stops between them, and which atoms of the lexicon each one is."""

    tokens: Sequence[str]
    atoms: Sequence[frozenset[Atom]]
    where: Mapping[Atom, Sequence[int]]

    def ends(self, chain: Chain, start: int) -> Iterator[int]:
        """Yield where the chain ends, one past its last word, when it starts at `start`."""
        # Sorted, so that the same text is read in the same way each time.
        firsts = sorted(self.atoms[start] & chain[0].keys())
        ways = (way for first in firsts for way in chain[0][first])
        for way in ways:
            end = start + len(way)
            if end > len(self.tokens) or not all(
                atom in self.atoms[start + step] for step, atom in enumerate(way)
            ):
                continue
            if len(chain) == 1:
                yield end
                continue
            for after in range(end, min(end + GAP_WORDS + 1, len(self.tokens))):
                yield from self.ends(chain[1:], after)
                if self.tokens[after] == SENTENCE_END:
                    break

    def spans(self, chain: Chain) -> Iterator[Span]:
        """Yield each place of the chain as the positions of its first word and past its last."""
        starts = {start for first in chain[0] for start in self.where.get(first, ())}
        for start in sorted(starts):
            end = next(self.ends(chain, start), None)
            if end is not None:
                yield start, end

    def places(self, phrase: Phrase) -> Iterator[Span]:
        """Yield each place of the phrase, with what stands near it."""
        if not all(self.has(chain) for chain in phrase.beside):
            return
        near = [list(self.spans(chain)) for chain in phrase.near]
        if not all(near):
            return
        for start, end in self.spans(phrase.chain):
            low, high = self.statement(start)
            low, high = max(low, start - NEAR_WORDS), min(high, end + NEAR_WORDS)
            beside = [
                next((span for span in spans if low <= span[0] < high), None) for spans in near
            ]
            found = [span for span in beside if span is not None]
            if len(found) == len(near):
                yield (
                    min([start, *(begin for begin, _ in found)]),
                    max([end, *(finish for _, finish in found)]),
                )

    def has(self, chain: Chain) -> bool:
        """Whether the chain stands anywhere in the text."""
        return next(self.spans(chain), None) is not None

    def sentence(self, position: int) -> Span:
        """Return where the sentence around a position starts and ends."""
        return self._between((SENTENCE_END,), position)

    def statement(self, position: int) -> Span:
        """Return the part of the sentence that no "but" turns round."""
        return self._between((SENTENCE_END, TURN), position)

    def clause(self, position: int) -> Span:
        """Return where the clause around a position starts and ends."""
        return self._between((CLAUSE_END, TURN), position)

    def _between(self, stops: Sequence[Atom], position: int) -> Span:
        start, end = 0, len(self.tokens)
        for stop in stops:
            at = self.where.get(stop, ())
            after = bisect_left(at, position)
            if after:
                start = max(start, at[after - 1] + 1)
            if after < len(at):
                end = min(end, at[after])
        return start, end
