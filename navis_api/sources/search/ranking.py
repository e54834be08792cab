"""What each word of a question is worth, and which words bring the passages to be ranked.

The measure is BM25's (Robertson and Zaragoza, 2009): a rare word counts more than a common one,
its further occurrences count less and less, and a long passage has to say more. Postgres' own
`ts_rank` knows no rarity; of one word it gives just such a falling sum of occurrences.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from uuid import UUID

from navis_api.sources.search.question_reading import SAME_THING, Reading

MOST_RANKED = 800
"""About how many passages the rare words of a question bring, and how many its common ones."""
# Of these only the passages about the cancer in question are ranked.
_MOST_BESIDE_CANCER = 4_000
_ABOUT_THE_CANCER = 0.15


# Words of one question stand together this many times as often as chance would have it.
_TOGETHER = 3
_MOST_PAIRED = 4
# Of a long letter the rarest words tell what it is about, and each word costs time.
_MOST_LOOSE_WORDS = 16


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word as Postgres' search has it, where it stands, and how many passages hold it."""

    lexeme: str
    place: int
    passages: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A tsquery and what a passage that it matches is worth."""

    query: str
    weight: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing looked for: all of its own words add up, or the best other name counts."""

    own: tuple[Weighed, ...]
    others: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class AboutCancer:
    """Passages about one of these cancers are worth more."""

    cancer_ids: tuple[UUID, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """How to find and to rank: `bring` is a tsquery of those that are ranked.

    Passages about one of `cancers` are ranked too, where they match `with_cancer`.
    """

    bring: str
    with_cancer: str
    wanted: tuple[Wanted, ...]
    cancers: tuple[AboutCancer, ...]


def texts_of(reading: Reading) -> list[str]:
    """Return the texts whose lexemes `plan_search` needs, in its order."""
    return [
        reading.words,
        *(text for named in reading.named for text in (named.words, *named.others)),
    ]


def plan_search(reading: Reading, lexemes: Sequence[Sequence[Lexeme]], passages: int) -> SearchPlan:
    """Weigh what a question looks for.

    `lexemes` belong to `texts_of(reading)`; `passages` is the size of the corpus.
    """
    each = iter(lexemes)
    own = {lexeme.lexeme: lexeme for lexeme in next(each)}
    worth = {name: _rarity(lexeme.passages, passages) for name, lexeme in own.items()}
    free = {name for name, lexeme in own.items() if lexeme.passages}
    wanted: list[Wanted] = []
    cancers: list[AboutCancer] = []
    brought: list[tuple[int, str]] = []
    of_cancers: set[str] = set()
    taken: set[str] = set()
    for named in reading.named:
        name, *others = [next(each) for _ in range(1 + len(named.others))]
        if any(lexeme.lexeme in taken for lexeme in name):
            continue
        mine = [lexeme.lexeme for lexeme in name if lexeme.lexeme in free]
        free.difference_update(mine)
        taken.update(mine)
        told = sum(worth[lexeme] for lexeme in mine)
        known = [
            other
            for other in others
            if all(x.passages for x in other) and not {x.lexeme for x in other} <= set(mine)
        ]
        if not mine or not all(lexeme.passages for lexeme in name):
            told = max(
                [told, *(sum(_rarity(x.passages, passages) for x in other) for other in known[:1])]
            )
        queries = list(dict.fromkeys(map(_phrase, known)))
        wanted.append(
            Wanted(
                tuple(Weighed(_quoted(x), worth[x]) for x in mine),
                tuple(Weighed(query, named.strength * told) for query in queries),
            )
        )
        if named.strength == SAME_THING:
            brought += [(min(x.passages for x in other), _phrase(other)) for other in known]
        if named.cancer_ids:
            of_cancers.update(mine)
            cancers.append(AboutCancer(named.cancer_ids, _ABOUT_THE_CANCER * told))
    loose = sorted(free, key=lambda word: (-worth[word], word))[:_MOST_LOOSE_WORDS]
    wanted.extend(Wanted((Weighed(_quoted(word), worth[word]),), ()) for word in loose)
    present = sorted((x.passages, x.lexeme) for x in own.values() if x.passages)
    beside = [(count, _quoted(word)) for count, word in present if word not in of_cancers]
    return SearchPlan(
        bring=_bring(present, brought, passages),
        with_cancer=" | ".join(_rarest(beside, _MOST_BESIDE_CANCER) or _least(beside)),
        wanted=tuple(each for each in wanted if each.own or each.others),
        cancers=tuple(cancers),
    )


def _bring(
    present: Sequence[tuple[int, str]], named: Sequence[tuple[int, str]], passages: int
) -> str:
    """Return a tsquery of the rare words, and of each two commoner ones that come together.

    Where a question has common words only, passages with two of them are what is looked for.
    """
    rare = _rarest([*((count, _quoted(word)) for count, word in present), *named], MOST_RANKED)
    common = [(count, _quoted(word)) for count, word in present if _quoted(word) not in rare]
    pairs = [
        (int(_TOGETHER * one * other / max(passages, 1)) + 1, f"({word} & {second})")
        for (one, word), (other, second) in combinations(common[:_MOST_PAIRED], 2)
    ]
    together = _rarest(pairs, MOST_RANKED)
    return " | ".join([*rare, *together] or _least(pairs) or _least(common))


def _least(counted: Sequence[tuple[int, str]]) -> list[str]:
    return [query for _, query in sorted(counted)[:1]]


def _rarest(counted: Sequence[tuple[int, str]], at_most: int) -> list[str]:
    """Return the rarest of these queries, as many as bring so many passages."""
    taken: list[str] = []
    brought = 0
    for count, query in sorted(set(counted)):
        if brought + count > at_most:
            break
        taken.append(query)
        brought += count
    return taken


def _rarity(holding: int, passages: int) -> float:
    holding = min(holding, passages)
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _phrase(lexemes: Sequence[Lexeme]) -> str:
    """Return a tsquery of these words at the distances at which they stand."""
    ordered = sorted(lexemes, key=lambda lexeme: lexeme.place)
    parts = [_quoted(ordered[0].lexeme)]
    for before, lexeme in pairwise(ordered):
        parts.append(f"<{lexeme.place - before.place}> {_quoted(lexeme.lexeme)}")
    return f"({' '.join(parts)})"


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
