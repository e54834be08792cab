"""Finding answered questions by what people type (and mistype): see `index_terms`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import (
    CursorInvalid,
    Order,
    PageRequest,
    decode_cursor,
    page_of_rows,
)
from navis_api.db.published import Published
from navis_api.questions.correcting import corrected
from navis_api.questions.index_terms import (
    any_of,
    cancer_groups,
    cancer_lexeme,
    concept_lexeme,
    terms_of,
)
from navis_api.questions.published_repository import (
    WIDTH,
    Beside,
    PublishedQuestion,
    QuestionVersion,
    question_of,
    version_of,
)
from navis_api.questions.ranking import Hits, Match, ranked, ranked_versions
from navis_api.questions.ways import Things

MAX_SEARCH_CHARS = 500

_MATCHES: Final[tuple[Match, Match]] = ("all", "any")

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
    def found(self) -> list[QuestionVersion]:
        """All that was read, which may be one more than the page has."""
        return [version_of(line)[0] for line in self.text.splitlines()]

    @property
    def page(self) -> SearchPage[QuestionVersion]:
        """The page of the versions."""
        found = map(version_of, self.text.splitlines())
        return self.asked.page([(each, float(score)) for each, score in found], self.match)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search as the index is asked."""

    page_request: PageRequest
    things: Things
    further: Mapping[str, object]
    matches: Sequence[Match]
    corrected_text: str | None

    def parameters(self, match: Match) -> dict[str, object]:
        """Return the parameters of the statement for what has everything, or a part."""
        asked = _everything if match == "all" else _a_part
        return {**asked(self.things), **self.further}

    def hits(self, match: Match, beside: Beside | None) -> Hits:
        """Return which hits the statement is to bring."""
        way = self.things.way if match == "all" else self.things.way_of_parts
        return Hits(match, backward=self.page_request.backward, beside=beside, way=way)

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
    return await _found(published, await _asked(published, catalogue, wanted), beside=beside)


async def search_in_full(
    published: Published, versions: SearchVersions, *, beside: Beside | None
) -> SearchPage[PublishedQuestion]:
    """Return the questions themselves, of a search whose versions were asked for before."""
    return await _found(published, versions.asked, beside=beside)


async def _found(
    published: Published, asked: "_Asked", *, beside: Beside | None
) -> SearchPage[PublishedQuestion]:
    made = beside.question_of if beside else question_of
    for match in asked.matches:
        statement = ranked(asked.hits(match, beside))
        rows = await published.fetch(statement, **asked.parameters(match))
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
        statement = ranked_versions(asked.hits(match, beside))
        rows = await published.fetch(statement, **asked.parameters(match))
        if rows[0][0]:
            return SearchVersions(rows[0][0], match, asked)
    return SearchVersions("", "all", asked)


async def _asked(published: Published, catalogue: Catalogue, wanted: Search) -> _Asked:
    # Looked at before any other work: a cursor of another list is refused at once.
    only, edge = _edge(wanted.page)
    text = wanted.text[:MAX_SEARCH_CHARS]
    meant = await corrected(published, text)
    terms = terms_of(catalogue, meant or text)
    about = _about(catalogue, wanted.cancer_ids)
    things = Things(
        cancers=cancer_groups(catalogue, terms),
        concepts=[[concept_lexeme(key)] for key in terms.concepts],
        words=terms.words,
        about=about or [],
    )
    matches = (only,) if only else _MATCHES
    return _Asked(
        wanted.page,
        things,
        {
            "about": None if about is None else any_of(about),
            "cancer_ids": wanted.cancer_ids,
            "score": edge[0] if edge else None,
            "id": edge[1] if edge else None,
            "size": wanted.page.size + 1,
        },
        matches if things.count else (),
        meant,
    )


def _everything(things: Things) -> dict[str, object]:
    """Return the parameters of a search for what has all of it."""
    lexemes = things.lexemes
    return {
        "lexemes": " & ".join(f"({each})" for each in lexemes) or None,
        "any_lexemes": " | ".join(lexemes) or None,
        "words": " ".join(things.words) or None,
        "things": things.count,
        **things.parameters(),
    }


def _a_part(things: Things) -> dict[str, object]:
    """Return the parameters of a search for what has a part of it."""
    return {
        "lexemes": things.lexemes,
        "words": list(things.words),
        **things.parameters_of_parts(),
    }


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


def _about(catalogue: Catalogue, cancer_ids: Sequence[UUID] | None) -> list[str] | None:
    """Return the lexemes of these cancers: an index finds what a filter would look for."""
    if cancer_ids is None:
        return None
    return [cancer_lexeme(catalogue.by_id[id_]) for id_ in cancer_ids if id_ in catalogue.by_id]
