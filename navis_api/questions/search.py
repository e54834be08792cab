"""Finding answered questions by what people type (and mistype).

A question is indexed under its words, its concepts ("came back" is `recurrence`), its
slots, and its cancer with all that stand above it. A search is read the same way, so the
two meet whichever words, spelling or abbreviation either of them used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.db.paging import (
    CursorInvalid,
    Order,
    PageRequest,
    decode_cursor,
    page_of_rows,
    page_statement,
)
from navis_api.kit.text import words
from navis_api.kit.typing_errors import MIN_LETTERS, best_correction, deletions
from navis_api.questions.models import Question, QuestionStatus, SearchWord
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import slot_lexemes
from navis_api.vocabulary.understanding import common_words, concepts, phrases, understand

MAX_SEARCH_CHARS = 500
MAX_SEARCH_WORDS = 24


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A question that was found, and how well it fits: higher is better, in no unit."""

    question: Question
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Hits, best first. `corrected_text` is what was searched when the typed words led nowhere."""

    hits: Sequence[SearchHit]
    cursors: Sequence[str]
    has_next: bool
    corrected_text: str | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text speaks of, as the index has it."""

    concepts: tuple[str, ...]
    cancers: tuple[CatalogueEntry, ...]
    words: tuple[str, ...]


def _read(catalogue: Catalogue, text: str) -> _Reading:
    mentions = catalogue.mentions(text)
    of_cancers = {
        at
        for mention in mentions
        for at in range(mention.first_word, mention.first_word + mention.word_count)
    }
    spoken = words(text)
    rest = " ".join(word for at, word in enumerate(spoken) if at not in of_cancers)
    understood = understand(rest)
    named = catalogue.most_specific(mention.cancer for mention in mentions)
    return _Reading(
        concepts=tuple(sorted(understood.keys)),
        cancers=tuple(named),
        words=understood.remaining_words[:MAX_SEARCH_WORDS],
    )


def _concept_lexeme(key: str) -> str:
    return f"concept:{key}"


def _cancer_lexeme(entry: CatalogueEntry) -> str:
    return f"cancer:{entry.slug}"


async def index_question(
    session: AsyncSession,
    question: Question,
    *,
    catalogue: Catalogue,
    further_text: str,
) -> None:
    """Make an answered question findable; `further_text` is its answer's title and summary."""
    own = _read(catalogue, question.text)
    further = _read(catalogue, further_text)
    about = catalogue.by_id.get(question.cancer_id) if question.cancer_id else None
    cancers = {entry.id: entry for entry in (*own.cancers, *([about] if about else []))}
    for entry in list(cancers.values()):
        cancers.update({above.id: above for above in catalogue.ancestors(entry)})
    marks = {_cancer_lexeme(entry): "A" for entry in cancers.values()}
    marks |= {_concept_lexeme(key): "C" for key in further.concepts}
    marks |= {_concept_lexeme(key): "A" for key in own.concepts}
    marks |= dict.fromkeys(slot_lexemes(read_slots(question.text, about, catalogue)), "A")
    vector: ColumnElement[Any] = cast(
        " ".join(f"{_quoted(lexeme)}:1{weight}" for lexeme, weight in marks.items()), TSVECTOR
    )
    names = " ".join(about.names) if about else ""
    for text, weight in ((question.text, "A"), (names, "B"), (further_text, "C")):
        vector = vector.concat(
            func.setweight(
                func.to_tsvector("english", " ".join(words(text))), literal_column(f"'{weight}'")
            )
        )
    await session.execute(update(Question).where(Question.id == question.id).values(search=vector))
    await add_search_words(session, words(question.text))


async def add_search_words(session: AsyncSession, used: Iterable[str]) -> None:
    """Note words that a typing error may have been meant to be."""
    rows = [
        {"word": word, "deletions": deletions(word), "uses": 1}
        for word in sorted(set(used))
        if len(word) >= MIN_LETTERS and not any(letter.isdigit() for letter in word)
    ]
    if rows:
        added = insert(SearchWord).values(rows)
        await session.execute(
            added.on_conflict_do_update(
                index_elements=[SearchWord.word], set_={"uses": SearchWord.uses + 1}
            )
        )


def known_words(catalogue: Catalogue) -> set[str]:
    """Return the words of every cancer's names and of every concept's phrases."""
    named = {word for entry in catalogue.entries for name in entry.names for word in words(name)}
    said = {
        word
        for concept in concepts().values()
        for phrase in phrases(concept)
        for word in phrase.split()
    }
    return named | said


async def _corrected(session: AsyncSession, text: str) -> str | None:
    """Return the text with mistyped words put right, or None when there is none."""
    typed = words(text)[: MAX_SEARCH_WORDS * 2]
    doubtful = {
        word
        for word in typed
        if len(word) >= MIN_LETTERS and word.isalpha() and word not in common_words()
    }
    if not doubtful:
        return None
    forms = sorted({form for word in doubtful for form in deletions(word)})
    rows = await session.execute(
        select(SearchWord.word, SearchWord.uses).where(SearchWord.deletions.overlap(forms))
    )
    known = dict(rows.all())
    meant = {
        word: better
        for word in doubtful - known.keys()
        if (better := best_correction(word, known.items())) is not None
    }
    return " ".join(meant.get(word, word) for word in typed) if meant else None


def search_groups(catalogue: Catalogue, text: str) -> list[ColumnElement[Any]]:
    """Return what a question that fits a text should have, as `search` reads the text."""
    return _groups(catalogue, _read(catalogue, text))


def _groups(catalogue: Catalogue, reading: _Reading) -> list[ColumnElement[Any]]:
    """Return what a hit should have: each an alternative of the forms of one thing."""
    groups: list[ColumnElement[Any]] = []
    for entry in reading.cancers:
        lines = [entry, *catalogue.ancestors(entry)]
        groups.append(any_lexeme([_cancer_lexeme(each) for each in lines]))
    groups.extend(any_lexeme([_concept_lexeme(key)]) for key in reading.concepts)
    groups.extend(func.plainto_tsquery("english", word) for word in reading.words)
    return groups


def any_lexeme(lexemes: Sequence[str]) -> ColumnElement[Any]:
    """Return the search for any of some lexemes of the index."""
    return cast(literal(" | ".join(map(_quoted, lexemes))), TSQUERY)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("'", "''") + "'"


async def search(
    session: AsyncSession,
    catalogue: Catalogue,
    text: str,
    *,
    cancer_ids: Sequence[UUID] | None,
    page: PageRequest,
) -> SearchPage:
    """Return the answered questions that fit a text, best first.

    Those that have all of it come alone; only when there are none, those that have
    some of it. Raises CursorInvalid.
    """
    # Looked at before any other work: a cursor of another list is refused at once.
    match = _match_of_cursor(page)
    text = text[:MAX_SEARCH_CHARS]
    corrected = await _corrected(session, text)
    groups = _groups(catalogue, _read(catalogue, corrected or text))
    if not groups:
        return SearchPage([], [], has_next=False, corrected_text=corrected)
    lists = {each: _list(groups, each, cancer_ids=cancer_ids) for each in ("all", "any")}
    if match is None:
        match, rows = await _first_rows(session, lists, page)
    else:
        statement, order = lists[match]
        found = await session.execute(page_statement(statement, order, page))
        rows = [tuple(row) for row in found]
    shown = page_of_rows(rows, lists[match][1], page)
    scores: dict[UUID, float] = {row[0].id: row[-2] for row in rows}
    hits = [SearchHit(question, scores[question.id]) for question in shown.rows]
    return SearchPage(hits, shown.cursors, shown.has_next, corrected)


async def _first_rows(
    session: AsyncSession, lists: Mapping[str, tuple[Select[Any], Order]], page: PageRequest
) -> tuple[str, list[tuple[Any, ...]]]:
    """Return the first rows of the strict list or, when it is empty, of the other.

    One statement: Postgres reads the second list only when the first has nothing.
    """
    strict, loose = (
        _end_of_list(statement, order, page).add_columns(literal(match).label("match"))
        for match, (statement, order) in lists.items()
    )
    first = strict.cte("strict")
    second = loose.where(~select(first.c.id).exists()).cte("loose")
    both = union_all(select(first), select(second)).subquery("hits")
    question = aliased(Question, both)
    keys = (both.c.score, both.c.id)
    rows = (
        await session.execute(
            select(question, both.c.match, *keys).order_by(
                *(key.asc() if page.backward else key.desc() for key in keys)
            )
        )
    ).all()
    match = str(rows[0][1]) if rows else "all"
    return match, [(question, score, id_) for question, _, score, id_ in rows]


def _end_of_list(statement: Select[Any], order: Order, page: PageRequest) -> Select[Any]:
    score, id_ = order.columns
    return (
        statement.add_columns(score.label("score"))
        .order_by(*(key.asc() if page.backward else key.desc() for key in (score, id_)))
        .limit(page.size + 1)
    )


def _match_of_cursor(page: PageRequest) -> str | None:
    """Return which of the two lists a cursor is from, None without one. Raises CursorInvalid."""
    if page.cursor is None:
        return None
    argument = "before" if page.backward else "after"
    for match in ("all", "any"):
        order = Order(f"search:{match}", columns=(), kinds=(float, UUID))
        try:
            decode_cursor(order, page.cursor, argument=argument)
        except CursorInvalid:
            continue
        return match
    raise CursorInvalid(argument)


def _list(
    groups: Sequence[ColumnElement[Any]], match: str, *, cancer_ids: Sequence[UUID] | None
) -> tuple[Select[Any], Order]:
    hits = [Question.search.op("@@")(group) for group in groups]
    whole = groups[0]
    for group in groups[1:]:
        whole = whole.op("||")(group)
    had = sum((cast(hit, Integer) for hit in hits), start=cast(literal(0), Integer))
    score = cast(had + func.ts_rank(Question.search, whole, 1), Double)
    statement = select(Question).where(
        Question.status == QuestionStatus.ANSWERED,
        and_(*hits) if match == "all" else or_(*hits),
    )
    if cancer_ids is not None:
        statement = statement.where(Question.cancer_id.in_(cancer_ids))
    order = Order(
        f"search:{match}", columns=(score, Question.id), kinds=(float, UUID), descending=True
    )
    return statement, order
