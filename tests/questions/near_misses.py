"""Further pairs that are nearly the same: kinds that likeness and single words are blind to.

The kinds are data (`near_misses.json`). A kind of "sides" has the ways to say each of two
questions, with `{c}` for the cancer; every way of one is paired with every way of the other.
A kind of "lists" has sentences, and things for their gap: any two of them are not the same.
The pairs are always the same ones, in the same order.
"""

import json
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import TypedDict

from tests.questions.one_slot_pairs import CANCERS, SEED, Pair

KINDS = Path(__file__).parent / "near_misses.json"

_Kind = tuple[str, list[str], list[str]]


class _Kinds(TypedDict):
    sides: list[_Kind]
    lists: list[_Kind]


def near_misses() -> list[Pair]:
    """Return all pairs, each once."""
    kinds: _Kinds = json.loads(KINDS.read_text(encoding="utf-8"))
    choice = Random(SEED)
    return list(dict.fromkeys([*_sides(kinds, choice), *_lists(kinds, choice)]))


def _sides(kinds: _Kinds, choice: Random) -> Iterator[Pair]:
    for kind, one_side, other_side in kinds["sides"]:
        for one, other in product(one_side, other_side):
            for cancer in choice.sample(CANCERS, 3):
                yield Pair(kind, one.format(c=cancer), other.format(c=cancer))


def _lists(kinds: _Kinds, choice: Random) -> Iterator[Pair]:
    for kind, sentences, things in kinds["lists"]:
        for first, second in combinations(things, 2):
            a, b = choice.choice(sentences), choice.choice(sentences)
            for one, other in ((a, b), (a, a)):
                yield Pair(kind, _filled(one, first), _filled(other, second))


def _filled(sentence: str, thing: str) -> str:
    return " ".join(sentence.format(thing).split())
