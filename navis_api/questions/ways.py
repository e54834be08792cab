"""How the index of questions is asked for what has everything: by pairs, or thing by thing.

Asked for several things in one condition, Postgres goes through the whole list of one of
them and brings the others along, entry by entry: the time grows with the corpus, however few
questions have it all. Two ways are shorter:

- `cancer`: a second index has, for each cancer that a question is about, that cancer together
  with everything else it has. Its lists are as short as what is found.
- A number: so many things each have a condition of their own. Then lists are read in turns,
  and each skips what the others have passed. The rarer the first is, the more is skipped:
  words are rarer than concepts. What has all of these is compared with the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, FromClause, Integer, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from navis_api.db.published import constant, parameter
from navis_api.questions.index_terms import any_of
from navis_api.questions.published_repository import PUBLISHED

Way: TypeAlias = Literal["cancer", 1, 2, 3, 4]

_NUMBERS: Final[tuple[Way, ...]] = (1, 2, 3, 4)
WAYS: Final[tuple[Way, ...]] = ("cancer", *_NUMBERS)

_LONGEST_WORD = 100
"""Of more characters, a word and a cancer might be too long for one lexeme (2,046 bytes)."""

_A_LEXEME = "'((?:[^']|'')*)'"
_UNPAIRED = "'*'"
"""What the index of pairs has of a question with more than a vector can hold (migration 0021)."""


@dataclass(frozen=True, slots=True)
class Things:
    """What was searched for, as lexemes: any of each list. Words are as somebody typed them.

    `about` are the cancers of a filter; none where there is no filter.
    """

    cancers: Sequence[Sequence[str]]
    concepts: Sequence[Sequence[str]]
    words: Sequence[str]
    about: Sequence[str]

    @property
    def lexemes(self) -> list[str]:
        """The query of each cancer and concept that was searched for."""
        return [any_of(each) for each in (*self.cancers, *self.concepts)]

    @property
    def count(self) -> int:
        """How many things were searched for."""
        return len(self.cancers) + len(self.concepts) + len(self.words)

    @property
    def way(self) -> Way:
        """How the index is to be asked."""
        cancers, others = self._paired
        is_short = all(len(word) <= _LONGEST_WORD for word in self.words)
        if cancers and (others or self.words) and is_short:
            return "cancer"
        return _NUMBERS[min(self.count, len(_NUMBERS)) - 1]

    @property
    def way_of_others(self) -> Way:
        """How the index is to be asked for what has all of them but one."""
        # Fewer fit the cancers of a filter, which is one condition with all that is searched for.
        return 1 if self.about else _NUMBERS[max(1, min(self.count - 1, len(_NUMBERS))) - 1]

    def parameters(self) -> dict[str, object]:
        """Return the parameters of this way's statement that others don't have."""
        if self.way == "cancer":
            cancers, others = self._paired
            return {
                "paired_lexemes": " & ".join(_paired(cancers, each) for each in others) or None,
                "paired_word": _paired(cancers, ["\\1"]),
                "paired_cancers": _paired(cancers, cancers),
            }
        return {} if self.way == 1 else {"lexeme_list": self.lexemes}

    @property
    def _paired(self) -> tuple[Sequence[str], list[Sequence[str]]]:
        """Return the cancers that stand first in pairs, and the lexemes that stand beside them."""
        first, *others = [*self.cancers, *([self.about] if self.about else [])] or [[]]
        return first, [*others, *self.concepts]


def _paired(cancers: Sequence[str], others: Sequence[str]) -> str:
    return f"({any_of([f'{cancer} {other}' for cancer in cancers for other in others])})"


def asked_columns(way: Way, words: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """Return what is to be read from the parameters once, beside the whole query.

    `words`: the query of all words, or null.
    """
    if way == "cancer":
        return [_pairs(words).label("pairs")]
    if way == 1:
        return []
    both = constant(" & ", Text())
    split = func.string_to_array(cast(words, Text), both, type_=ARRAY(Text()))
    lexemes = parameter("lexeme_list", ARRAY(Text()))
    return [func.array_cat(split, lexemes, type_=ARRAY(Text())).label("things")]


def conditions(way: Way, asked: FromClause) -> list[ColumnElement[bool]]:
    """Return what a question has to fulfil; `asked` has `whole` and the columns of this way."""
    whole = select(asked.c.whole).scalar_subquery()
    if way == 1:
        return [matching(whole)]
    # First, for when a table is so small that it is read as a whole.
    compared = compared_with(whole)
    if way == "cancer":
        pairs = select(asked.c.pairs).scalar_subquery()
        return [compared, func.navis_search_within_cancers(PUBLISHED.c.search).op("@@")(pairs)]
    each = queries(way, asked.c.things, asked.c.whole)
    return [compared, *(matching(select(query).scalar_subquery()) for query in each)]


def matching(query: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an index of words serves."""
    return PUBLISHED.c.search.op("@@")(query)


def compared_with(query: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the same by the operator's own function, which no index serves."""
    return func.ts_match_vq(PUBLISHED.c.search, query)


def queries(
    way: int, things: ColumnElement[Any], whole: ColumnElement[Any]
) -> list[ColumnElement[Any]]:
    """Return the query of each thing: of so many, since English may have fewer in an index."""
    numbers = (constant(number, Integer()) for number in range(1, way + 1))
    return [func.coalesce(cast(things[number], TSQUERY), whole) for number in numbers]


def _pairs(words: ColumnElement[Any]) -> ColumnElement[Any]:
    lexemes = cast(parameter("paired_lexemes", Text()), TSQUERY)
    of_words = cast(
        func.regexp_replace(
            cast(words, Text),
            constant(_A_LEXEME, Text()),
            parameter("paired_word", Text()),
            constant("g", Text()),
        ),
        TSQUERY,
    )
    pairs = func.coalesce(lexemes.op("&&")(of_words), lexemes, of_words)
    # Words that English leaves out of an index leave the cancers alone.
    nothing = cast(constant("", Text()), TSQUERY)
    alone = cast(parameter("paired_cancers", Text()), TSQUERY)
    unpaired = cast(constant(_UNPAIRED, Text()), TSQUERY)
    return func.coalesce(func.nullif(pairs, nothing), alone).op("||")(unpaired)
