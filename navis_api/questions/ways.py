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

from collections.abc import Callable, Sequence
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
        if cancers and (others or self.words) and self._is_short:
            return "cancer"
        return _NUMBERS[min(self.count, len(_NUMBERS)) - 1]

    @property
    def way_of_parts(self) -> Way:
        """How the index is to be asked for what has all of them but one."""
        # Each part lacks another one, so none but a filter's cancers are there in all of them.
        if self.about:
            return "cancer" if self._is_short else 1
        return _NUMBERS[max(1, min(self.count - 1, len(_NUMBERS))) - 1]

    def parameters(self) -> dict[str, object]:
        """Return the parameters of this way's statement that others don't have."""
        if self.way == "cancer":
            cancers, others = self._paired
            return {
                "paired_lexemes": " & ".join(_paired(cancers, each) for each in others) or None,
                "paired_word": _with_each(cancers),
                "paired_cancers": _paired(cancers, cancers),
            }
        return {} if self.way == 1 else {"lexeme_list": self.lexemes}

    def parameters_of_parts(self) -> dict[str, object]:
        """Return the same for what has all but one."""
        return {"paired_word": _with_each(self.about)} if self.way_of_parts == "cancer" else {}

    @property
    def _is_short(self) -> bool:
        return all(len(word) <= _LONGEST_WORD for word in self.words)

    @property
    def _paired(self) -> tuple[Sequence[str], list[Sequence[str]]]:
        """Return the cancers that stand first in pairs, and the lexemes that stand beside them."""
        first, *others = [*self.cancers, *([self.about] if self.about else [])] or [[]]
        return first, [*others, *self.concepts]


def _paired(cancers: Sequence[str], others: Sequence[str]) -> str:
    return f"({any_of([f'{cancer} {other}' for cancer in cancers for other in others])})"


def _with_each(cancers: Sequence[str]) -> str:
    """Return what stands for a lexeme where there are pairs: it with any of some cancers."""
    return _paired(cancers, ["\\1"])


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


def pairs_of(query: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the query of pairs, of the cancers in the parameters with what is in a query."""
    return _each_paired(query).op("||")(_unpaired())


def once(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the only value of a column, read once for a statement."""
    return select(value).scalar_subquery()


def conditions(
    way: Way,
    asked: FromClause,
    read: Callable[[ColumnElement[Any]], ColumnElement[Any]] = once,
) -> list[ColumnElement[bool]]:
    """Return what a question has to fulfil; `asked` has `whole` and the columns of this way.

    `read`: how a column of it is read, where it has more than one row.
    """
    whole = read(asked.c.whole)
    if way == 1:
        return [_matching(whole)]
    # First, for when a table is so small that it is read as a whole.
    compared = func.ts_match_vq(PUBLISHED.c.search, whole)
    if way == "cancer":
        pairs = read(asked.c.pairs)
        return [compared, func.navis_search_within_cancers(PUBLISHED.c.search).op("@@")(pairs)]
    # Of so many, since English may have fewer in an index.
    numbers = (constant(number, Integer()) for number in range(1, way + 1))
    each = (func.coalesce(cast(asked.c.things[at], TSQUERY), asked.c.whole) for at in numbers)
    return [compared, *(_matching(read(query)) for query in each)]


def _matching(query: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an index of words serves."""
    return PUBLISHED.c.search.op("@@")(query)


def _pairs(words: ColumnElement[Any]) -> ColumnElement[Any]:
    lexemes = cast(parameter("paired_lexemes", Text()), TSQUERY)
    of_words = _each_paired(words)
    pairs = func.coalesce(lexemes.op("&&")(of_words), lexemes, of_words)
    # Words that English leaves out of an index leave the cancers alone.
    nothing = cast(constant("", Text()), TSQUERY)
    alone = cast(parameter("paired_cancers", Text()), TSQUERY)
    return func.coalesce(func.nullif(pairs, nothing), alone).op("||")(_unpaired())


def _each_paired(query: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(
        func.regexp_replace(
            cast(query, Text),
            constant(_A_LEXEME, Text()),
            parameter("paired_word", Text()),
            constant("g", Text()),
        ),
        TSQUERY,
    )


def _unpaired() -> ColumnElement[Any]:
    return cast(constant(_UNPAIRED, Text()), TSQUERY)
