"""The words of a sentence with what each says: names, numbers, stages, phrases, single words."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from navis_api.generation.grounding.figures import quantities_of
from navis_api.generation.grounding.lexicon import Lexicon, denied_inside, lexicon
from navis_api.generation.grounding.pieces import Piece, pieces_of
from navis_api.generation.grounding.roots import root
from navis_api.vocabulary.quantities import Quantity
from navis_api.vocabulary.stages import StageKind, StageMention, stages_in
from navis_api.vocabulary.terms import Term, TermKind, find_terms

# Written with capitals or digits inside, as names of genes, drugs' codes and regimens are.
_WRITTEN_AS_NAME = re.compile(r"[A-Z]{2,}[a-z]?\d*[A-Z]*|[A-Za-z]*\d+\w*")
_STAGE = re.compile(r"\bstages?\b", re.IGNORECASE)
_NUMBER_WORDS = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
     "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
     "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
     "thousand", "million", "dozen", "half", "third", "thirds", "quarter", "quarters", "fifth",
     "fifths", "tenth", "tenths"}
)  # fmt: skip
_NAMES = frozenset({TermKind.DRUG, TermKind.REGIMEN, TermKind.GENE})
TREATMENTS = (f"{TermKind.DRUG}:", f"{TermKind.REGIMEN}:")
"""What the keys of drugs and regimens begin with."""
OF_A_DRUG = TREATMENTS[0]
# What a vaccine is against is something else: "HPV".
_VACCINE = re.compile("vaccin", re.IGNORECASE)

_Named = TypeVar("_Named")


class Kind(StrEnum):
    """What a word is to grounding."""

    FUNCTION = "function"
    """Holds a sentence together."""
    GENERAL = "general"
    """Says so little that another word may stand for it."""
    TELLING = "telling"
    NAME = "name"
    """A drug, a gene, a regimen or an abbreviation: nothing stands for it but itself."""
    NUMBER = "number"
    STAGE = "stage"
    STOP = "stop"
    """A comma or another sign."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word or a phrase of a sentence; any of `keys` stands for it.

    `implied` are keys of what it is one of, `parts` of a phrase the keys of each of its words.
    `called` are keys of words out of a drug's name that are names by themselves: "MIBG" and "131"
    for "131-I MIBG".
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    kind: Kind
    implied: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    quantity: Quantity | None = None
    called: tuple[str, ...] = ()


def words_of(text: str) -> list[Said]:
    """Return the words of a sentence in order, phrases of one meaning as one."""
    pieces = pieces_of(text)
    quantities = _spans(pieces, ((each.start, each.end, each) for each in quantities_of(text)))
    return _tokens(pieces, quantities, _spans(pieces, _names(text)))


def _names(text: str) -> Iterator[tuple[int, int, Term | StageMention]]:
    """Give the drugs, regimens, genes and stages of a text with where each stands."""
    for mention in find_terms(text):
        if mention.term.kind in _NAMES:
            yield mention.start, mention.end, mention.term
    if _STAGE.search(text):
        for stage in stages_in(text):
            if stage.kind is StageKind.STAGE:
                yield stage.start, stage.end, stage


def _spans(
    pieces: Sequence[Piece], found: Iterable[tuple[int, int, _Named]]
) -> dict[int, tuple[int, list[_Named]]]:
    """Return what was found by its first piece: the piece behind it, and all that stands there."""
    starts = [piece.start for piece in pieces]
    spans: dict[int, tuple[int, list[_Named]]] = {}
    for start, end, named in found:
        first = bisect_left(starts, start)
        behind = max(bisect_left(starts, end), first + 1)
        before, others = spans.get(first, (behind, []))
        spans[first] = (max(behind, before), [*others, named])
    return spans


def _tokens(
    pieces: Sequence[Piece],
    quantities: Mapping[int, tuple[int, list[Quantity]]],
    names: Mapping[int, tuple[int, list[Term | StageMention]]],
) -> list[Said]:
    lex = lexicon()
    words = [piece.word for piece in pieces]
    roots = [root(word) for word in words]
    numbers = dict(_numbers(words, quantities))
    found: list[Said] = []
    at = 0
    while at < len(pieces):
        if at in names:
            end, named = names[at]
            found.extend(_named(pieces[at:end], each) for each in named)
            at = end
            continue
        if at in numbers:
            end, quantity = numbers[at]
            said = tuple(words[at:end])
            found.append(Said(said, ("number",), Kind.NUMBER, quantity=quantity))
            at = end
            continue
        length, keys = _phrase(roots, at)
        if length:
            said = tuple(words[at : at + length])
            general = all(word in lex.general for word in said)
            function = length == 1 and words[at] in lex.function
            named = length > 1 and tuple(roots[at : at + length]) in lex.medical
            kind = Kind.GENERAL if general and not named else Kind.TELLING
            parts = next((lex.parts[key] for key in keys if key in lex.parts), ())
            parts = parts or (_parts(said, lex) if length > 1 else ())
            found.append(Said(said, keys, Kind.FUNCTION if function else kind, (), parts))
            at += length
            continue
        found.append(_single(pieces[at], roots[at], lex))
        at += 1
    return found


def _named(pieces: Sequence[Piece], named: Term | StageMention) -> Said:
    words = tuple(piece.word for piece in pieces)
    if isinstance(named, StageMention):
        return Said(words, (f"stage:{named.key}",), Kind.STAGE)
    keys = (f"{named.kind}:{named.key}",)
    if named.kind is TermKind.GENE:
        return Said(words, keys, Kind.NAME)
    implied = tuple(f"{OF_A_DRUG}{part}" for part in named.components)
    implied += (*named.classes, "drug", "treat")
    return Said(words, keys, Kind.NAME, implied, called=tuple(_called(pieces)))


def _called(pieces: Sequence[Piece]) -> Iterator[str]:
    """Give the keys of the words out of a drug's name that are written as names."""
    if len(pieces) == 1 or any(_VACCINE.match(piece.word) for piece in pieces):
        return
    for piece in pieces:
        if _WRITTEN_AS_NAME.fullmatch(piece.written):
            yield _as_name(root(piece.word))


def _as_name(word_root: str) -> str:
    """Return the key of a word that is written as a name: RICE isn't rice."""
    return f"name:{word_root}"


def _numbers(
    words: Sequence[str], quantities: Mapping[int, tuple[int, list[Quantity]]]
) -> Iterator[tuple[int, tuple[int, Quantity]]]:
    """Give the pieces that say a quantity's number, without its bound and its unit."""
    for first, (behind, (quantity, *_)) in quantities.items():
        numeric = [at for at in range(first, behind) if _is_numeric(words[at])]
        if numeric:
            yield numeric[0], (numeric[-1] + 1, quantity)


def _is_numeric(word: str) -> bool:
    return word[0].isdigit() or word in {"%", "percent"} or word in _NUMBER_WORDS


def _phrase(roots: Sequence[str], at: int) -> tuple[int, tuple[str, ...]]:
    lex = lexicon()
    for length in range(min(lex.longest, len(roots) - at), 0, -1):
        keys = lex.phrases.get(tuple(roots[at : at + length]))
        if keys is not None:
            return length, keys
    return 0, ()


def _parts(said: Sequence[str], lex: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the keys of each word of a phrase but those that only hold it together."""
    return tuple(
        lex.phrases.get((root(word),), (root(word),)) for word in said if word not in lex.function
    )


def _single(piece: Piece, word_root: str, lex: Lexicon) -> Said:
    word = piece.word
    if not word[0].isalnum():
        return Said((word,), (), Kind.STOP)
    if word in lex.function:
        return Said((word,), (word_root,), Kind.FUNCTION)
    if word in lex.general:
        return Said((word,), (word_root,), Kind.GENERAL)
    if _WRITTEN_AS_NAME.fullmatch(piece.written):
        return Said((word,), (word_root, _as_name(word_root)), Kind.NAME)
    denied = denied_inside(word)
    keys = (word_root, denied) if denied else (word_root,)
    return Said((word,), keys, Kind.TELLING)
