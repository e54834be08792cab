"""Finding answered questions by what people type (and mistype).

A question is indexed under its words, its concepts ("came back" is `recurrence`), its
slots, and its cancer with all that stand above it. A search is read the same way, so the
two meet whichever words, spelling or abbreviation either of them used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.db.paging import (
    CursorInvalid,
    Order,
    PageRequest,
    decode_cursor,
    page_of_rows,
)
from navis_api.db.published import Published, Statement, parameter, statement_of
from navis_api.kit.text import words
from navis_api.kit.typing_errors import MIN_LETTERS, best_correction, deletions
from navis_api.questions.models import Question, SearchWord
from navis_api.questions.published_repository import (
    WIDTH,
    Beside,
    PublishedQuestion,
    QuestionVersion,
    question_of,
    version_of,
)
from navis_api.questions.ranking import Hits, ranked, ranked_versions
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import slot_lexemes
from navis_api.vocabulary.understanding import common_words, concepts, phrases, understand

MAX_SEARCH_CHARS = 500
MAX_SEARCH_WORDS = 24

Match: TypeAlias = Literal["all", "any"]
_MATCHES: Final[tuple[Match, Match]] = ("all", "any")

_KNOWN_WORD = "known word"
_WORD_BYTES = 250
"""What it takes to remember that a word is no typing error."""


Shown = TypeVar("Shown")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class SearchHit(Generic[Shown]):
    """A question that was found, and how well it fits: higher is better, in no unit."""

    question: Shown
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage(Generic[Shown]):
    """Hits, best first. `corrected_text` is what was searched when the typed words led nowhere."""

    questions: Sequence[Shown]
    scores: Sequence[float]
    cursors: Sequence[str]
    has_next: bool
    corrected_text: str | None

    @property
    def hits(self) -> list[SearchHit[Shown]]:
        """The questions with their scores."""
        pairs = zip(self.questions, self.scores, strict=True)
        return [SearchHit(question, score) for question, score in pairs]

    def showing(self, others: Sequence[Other]) -> "SearchPage[Other]":
        """Return the page with something else in place of each question."""
        return SearchPage(others, self.scores, self.cursors, self.has_next, self.corrected_text)


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


async def _corrected(published: Published, text: str) -> str | None:
    """Return the text with mistyped words put right, or None when there is none."""
    typed = words(text)[: MAX_SEARCH_WORDS * 2]
    doubtful = {
        word
        for word in typed
        if len(word) >= MIN_LETTERS and word.isalpha() and word not in common_words()
    }
    if not doubtful:
        return None
    doubtful = {word for word in doubtful if not published.memory.find((_KNOWN_WORD, word))}
    if not doubtful:
        return None
    forms = sorted({form for word in doubtful for form in deletions(word)})
    rows = await published.fetch(_alike(), forms=forms)
    known: dict[str, int] = {row[0]: row[1] for row in rows}
    # Words of published questions, and not what else was typed: they are never taken back.
    for word in doubtful & known.keys():
        published.memory.keep((_KNOWN_WORD, word), word, _WORD_BYTES)
    meant = {
        word: better
        for word in doubtful - known.keys()
        if (better := best_correction(word, known.items())) is not None
    }
    return " ".join(meant.get(word, word) for word in typed) if meant else None


@cache
def _alike() -> Statement:
    forms = parameter("forms", ARRAY(Text()))
    return statement_of(
        select(SearchWord.word, SearchWord.uses).where(SearchWord.deletions.overlap(forms))
    )


def search_groups(catalogue: Catalogue, text: str) -> list[ColumnElement[Any]]:
    """Return what a question that fits a text should have, as `search` reads the text."""
    return _groups(catalogue, _read(catalogue, text))


def _groups(catalogue: Catalogue, reading: _Reading) -> list[ColumnElement[Any]]:
    """Return what a hit should have: each an alternative of the forms of one thing."""
    groups: list[ColumnElement[Any]] = [
        cast(literal(group), TSQUERY)
        for group in (
            *_cancer_groups(catalogue, reading),
            *map(_concept_group, reading.concepts),
        )
    ]
    groups.extend(func.plainto_tsquery("english", word) for word in reading.words)
    return groups


def _cancer_groups(catalogue: Catalogue, reading: _Reading) -> list[str]:
    """Return the search for each cancer that is named, or for any that stands above it."""
    return [
        " | ".join(_quoted(_cancer_lexeme(each)) for each in (entry, *catalogue.ancestors(entry)))
        for entry in reading.cancers
    ]


def _concept_group(key: str) -> str:
    return _quoted(_concept_lexeme(key))


def any_lexeme(lexemes: Sequence[str]) -> ColumnElement[Any]:
    """Return the search for any of some lexemes of the index."""
    return cast(literal(" | ".join(map(_quoted, lexemes))), TSQUERY)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Search:
    """A page of a search: what somebody typed, and on which cancers, where any are given."""

    text: str
    cancer_ids: Sequence[UUID] | None
    page: PageRequest


@dataclass(frozen=True, slots=True)
class SearchVersions:
    """Which hits a page has, in which versions, as a text: a line each."""

    text: str
    match: Match
    asked: "_Asked"

    @property
    def corrected_text(self) -> str | None:
        """What was searched for instead of what was typed."""
        return self.asked.corrected_text

    @property
    def page(self) -> SearchPage[QuestionVersion]:
        """The page of the versions."""
        found = map(version_of, self.text.splitlines())
        return self.asked.page([(each, float(score)) for each, score in found], self.match)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search as the index is asked."""

    page_request: PageRequest
    lexemes: Sequence[str]
    words: Sequence[str]
    further: Mapping[str, object]
    matches: Sequence[Match]
    corrected_text: str | None

    def parameters(self, match: Match) -> dict[str, object]:
        """Return the parameters of the statement for what has everything, or a part."""
        asked = _everything if match == "all" else _a_part
        return {**asked(self.lexemes, self.words), **self.further}

    def page(self, found: Sequence[tuple[Any, float]], match: Match) -> SearchPage[Any]:
        """Return the page of what was found, with its scores."""
        hits = [((each, score), score, each.id) for each, score in found]
        page = page_of_rows(hits, _order(match), self.page_request)
        questions, scores = [row[0] for row in page.rows], [row[1] for row in page.rows]
        return SearchPage(questions, scores, page.cursors, page.has_next, self.corrected_text)


async def search(
    published: Published, catalogue: Catalogue, wanted: Search, *, beside: Beside | None = None
) -> SearchPage[PublishedQuestion]:
    """Return the answered questions that fit a text, best first.

    Those that have all of it come alone; only when there are none, those that have
    some of it. Of very many that fit, a part is ranked: see `ranking`. Raises CursorInvalid.
    """
    asked = await _asked(published, catalogue, wanted)
    made = beside.question_of if beside else question_of
    for match in asked.matches:
        hits = Hits(match, backward=wanted.page.backward, beside=beside)
        rows = await published.fetch(ranked(hits), **asked.parameters(match))
        if rows:
            scored = [(made(row), row[WIDTH]) for row in rows]
            return asked.page(scored, match)
    return asked.page([], "all")


async def search_versions(
    published: Published, catalogue: Catalogue, wanted: Search, *, beside: Beside | None
) -> SearchVersions:
    """Return which versions of which questions `search` would bring.

    What stands beside a question has its version in the last column. Raises CursorInvalid.
    """
    asked = await _asked(published, catalogue, wanted)
    for match in asked.matches:
        hits = Hits(match, backward=wanted.page.backward, beside=beside)
        rows = await published.fetch(ranked_versions(hits), **asked.parameters(match))
        if rows[0][0]:
            return SearchVersions(rows[0][0], match, asked)
    return SearchVersions("", "all", asked)


async def _asked(published: Published, catalogue: Catalogue, wanted: Search) -> _Asked:
    # Looked at before any other work: a cursor of another list is refused at once.
    only, edge = _edge(wanted.page)
    text = wanted.text[:MAX_SEARCH_CHARS]
    corrected = await _corrected(published, text)
    reading = _read(catalogue, corrected or text)
    lexemes = [*_cancer_groups(catalogue, reading), *map(_concept_group, reading.concepts)]
    matches = (only,) if only else _MATCHES
    return _Asked(
        wanted.page,
        lexemes,
        reading.words,
        {
            "about": _about(catalogue, wanted.cancer_ids),
            "cancer_ids": wanted.cancer_ids,
            "score": edge[0] if edge else None,
            "id": edge[1] if edge else None,
            "size": wanted.page.size + 1,
        },
        matches if lexemes or reading.words else (),
        corrected,
    )


def _everything(lexemes: Sequence[str], words: Sequence[str]) -> dict[str, object]:
    """Return the parameters of a search for what has all of it."""
    return {
        "lexemes": " & ".join(f"({each})" for each in lexemes) or None,
        "any_lexemes": " | ".join(lexemes) or None,
        "words": " ".join(words) or None,
        "things": len(lexemes) + len(words),
    }


def _a_part(lexemes: Sequence[str], words: Sequence[str]) -> dict[str, object]:
    """Return the parameters of a search for what has a part of it."""
    return {"lexemes": list(lexemes), "words": list(words)}


def _order(match: Match) -> Order:
    return Order(f"search:{match}", columns=(), kinds=(float, UUID), descending=True)


def _edge(page: PageRequest) -> tuple[Match | None, tuple[float, UUID] | None]:
    """Return which of the two lists a cursor is from, and where; None without one.

    Raises CursorInvalid.
    """
    if page.cursor is None:
        return None, None
    argument = "before" if page.backward else "after"
    for match in _MATCHES:
        try:
            score, id_ = decode_cursor(_order(match), page.cursor, argument=argument)
        except CursorInvalid:
            continue
        return match, (score, id_)
    raise CursorInvalid(argument)


def _about(catalogue: Catalogue, cancer_ids: Sequence[UUID] | None) -> str | None:
    """Return the search for any of these cancers: an index finds what a filter would look for."""
    if cancer_ids is None:
        return None
    slugs = [catalogue.by_id[id_] for id_ in cancer_ids if id_ in catalogue.by_id]
    return " | ".join(_quoted(_cancer_lexeme(entry)) for entry in slugs)
