"""All queries on published answers that are the same for every viewer.

Which revision of an answer readers get, and what lists show of it, is read each time. Its
content, which never changes, is read with it unless the process knows it already. Each
statement is made once for each part of the answers that it can bring. See `db.published`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cache, cached_property
from typing import Any, Final, cast
from uuid import UUID

import orjson
from sqlalchemy import Column, ColumnElement, Text, Uuid, any_, case, null, select
from sqlalchemy.dialects.postgresql import ARRAY

from navis_api.answers.document import AnswerContent
from navis_api.answers.known_content import ContentMemory, KnownContent
from navis_api.answers.models import Answer, AnswerRevision, AnswerScope, AnswerState
from navis_api.answers.personal_view import PersonalRevision, PersonalView
from navis_api.answers.repository import AnswerView
from navis_api.db.hearing import miss
from navis_api.db.published import (
    AnySelect,
    Place,
    Published,
    Row,
    Statement,
    constant,
    parameter,
    statement_of,
    view,
)
from navis_api.questions import published_repository as questions
from navis_api.questions.models import Question
from navis_api.questions.published_repository import Beside, PublishedQuestion

_STATES = {state.value: state for state in AnswerState}
_SCOPES = {scope.value: scope for scope in AnswerScope}


class AnswerPart(Enum):
    """How much of an answer is read: of its row, and of its content, which costs most to read."""

    TITLE = "title"
    """Of the row, what most lists show: slug, state, title, summary and version."""
    TITLE_AND_CITATIONS = "title and citations"
    CARD = "card"
    """The row alone."""
    CITATIONS = "citations"
    WHOLE = "whole"

    @cached_property
    def has_row(self) -> bool:
        """Whether the row is read in full."""
        return self is not AnswerPart.TITLE and self is not AnswerPart.TITLE_AND_CITATIONS


@dataclass(slots=True)
class PublishedAnswer:
    """The answer to a question, as its row has it. The fields are columns of the view."""

    id: UUID
    question_id: UUID
    scope: AnswerScope
    slug: str


@dataclass(slots=True)
class PublishedRevision:
    """The live revision of an answer, as its row has it.

    The fields are columns of the view, where `id` is `revision_id`. Those from `number` on are
    missing where the row isn't read in full.
    """

    id: UUID
    state: AnswerState
    title: str
    summary: str
    lock_version: int
    row_version: str
    number: int
    author: str
    doctor_questions: list[str]
    next_steps: list[str]
    gaps: list[str]
    disclaimer_id: str
    call_to_action: str | None
    reading_grade: float | None
    approved_by: str
    approver_credentials: str
    approved_at: datetime
    next_review_on: date
    published_at: datetime
    publish_at: datetime | None
    state_reason: str | None
    stale_claims: list[Any] | None
    updated_at: datetime


class PublishedView:
    """A published answer as readers get it: an `AnswerView` that is the same for everybody."""

    __slots__ = ("_known", "answer", "part", "revision")

    def __init__(
        self,
        answer: PublishedAnswer,
        revision: PublishedRevision,
        part: AnswerPart,
        known: KnownContent | None,
    ) -> None:
        self.answer = answer
        self.revision = revision
        self.part = part
        self._known = known

    @property
    def reviewed(self) -> bool:
        """Whether somebody qualified approved this very revision."""
        return True

    @property
    def document(self) -> Mapping[str, Any]:
        """The revision's content as it is stored."""
        return self._whole.stored

    @property
    def cited(self) -> Sequence[Mapping[str, Any]]:
        """The citations of the content, as they are stored."""
        if self.part is AnswerPart.WHOLE:
            return self.document["citations"]
        if self._known is None:
            raise self._lacks("citations")
        return self._known.stored

    @property
    def content(self) -> AnswerContent:
        """The revision's sections and citations."""
        return self._whole.content

    @property
    def unchanging(self) -> KnownContent | None:
        """Where to keep what is made of the content alone; None where it isn't the revision's."""
        return self._known

    @property
    def _whole(self) -> KnownContent:
        if self._known is None or self.part is not AnswerPart.WHOLE:
            raise self._lacks("content")
        return self._known

    def _lacks(self, what: str) -> LookupError:
        return LookupError(f"the answer was read as a {self.part.value}: its {what} is missing")


ShownAnswer = AnswerView | PublishedView | PersonalView
"""An answer as some viewer gets to see it, or as everybody does, or as one patient alone."""

ShownRevision = AnswerRevision | PublishedRevision | PersonalRevision
ShownQuestion = Question | PublishedQuestion

_ANSWER: list[str] = [each.name for each in fields(PublishedAnswer)]
_REVISION = [each.name for each in fields(PublishedRevision)]
_TITLE = _REVISION[: _REVISION.index("number")]

_TEXT_AT, _ANSWER_AT = 0, 1
_REVISION_AT = _ANSWER_AT + len(_ANSWER)
_REVISION_END = _REVISION_AT + len(_REVISION)
_ID, _QUESTION, _SLUG = (_ANSWER_AT + _ANSWER.index(name) for name in ("id", "question_id", "slug"))

_NAME_BYTES = 300
"""What it takes to remember which revision an answer had."""

PUBLISHED = view(
    "published_answers",
    *(getattr(Answer, name) for name in _ANSWER),
    *(
        getattr(AnswerRevision, name)
        for name in (*_REVISION[1:], "content")
        if name != "row_version"
    ),
)
"""The view of answers with their live revision."""

PUBLISHED.append_column(Column("revision_id", Uuid()))
PUBLISHED.append_column(Column("row_version", Text()))
PUBLISHED.append_column(Column("place", Place()))
PUBLISHED.append_column(Column("revision_place", Place()))

_CITATIONS: ColumnElement[Any] = PUBLISHED.c.content.op("->")(constant("citations", Text()))
_CONTENT: dict[AnswerPart, tuple[str, ColumnElement[Any]]] = {
    AnswerPart.TITLE_AND_CITATIONS: ("citations", _CITATIONS),
    AnswerPart.CITATIONS: ("citations", _CITATIONS),
    AnswerPart.WHOLE: ("whole", PUBLISHED.c.content),
}
"""What is read of the content, and under which name it is remembered."""


def _selected(part: AnswerPart, *further: Any) -> AnySelect:  # noqa: ANN401 - columns
    return select(*_columns(part), *further)


def _columns(part: AnswerPart) -> list[ColumnElement[Any]]:
    names = _REVISION if part.has_row else _TITLE
    columns = [PUBLISHED.c[name] for name in (*_ANSWER, "revision_id", *names[1:])]
    return [_text(part).label("text"), *columns]


def _text(part: AnswerPart) -> ColumnElement[Any]:
    """Return what is read of the content, but of the revisions whose content is known."""
    if part not in _CONTENT:
        return null()
    is_known = PUBLISHED.c.revision_id == any_(parameter("known", ARRAY(Uuid())))
    return case((is_known, null()), else_=_CONTENT[part][1])


async def _views(
    published: Published,
    statement: Statement,
    part: AnswerPart,
    key: int,
    given: Sequence[Any],
    **values: object,
) -> list[tuple[Row, PublishedView]]:
    """Return the answers that a statement finds, with their rows: by column `key`, one of `given`.

    Their content is read where the revision isn't one whose content the process knows.
    """
    view = _whole_row if part.has_row else _title
    if part not in _CONTENT:
        rows = await published.fetch(statement, **values)
        return [(row, view(row, part, None)) for row in rows]
    name, memory = _CONTENT[part][0], published.memory
    known: dict[UUID, KnownContent] = {}
    for each in given:
        revision_id: UUID | None = memory.find((key, each))
        content: KnownContent | None = memory.find((revision_id, name)) if revision_id else None
        if revision_id is not None and content is not None:
            known[revision_id] = content
    rows = await published.fetch(statement, known=list(known), **values)
    return [(row, view(row, part, _known(row, name, key, known, memory))) for row in rows]


def _known(
    row: Row, name: str, key: int, known: Mapping[UUID, KnownContent], memory: ContentMemory
) -> KnownContent:
    """Return the content of a row's revision, and remember whose it is."""
    revision_id, text = row[_REVISION_AT], row[_TEXT_AT]
    if text is None:
        return known[revision_id]
    # From now on it need not be read again.
    miss()
    memory.keep((key, row[key]), revision_id, _NAME_BYTES)
    return memory.find((revision_id, name)) or KnownContent(text, (revision_id, name), memory)


def _whole_row(row: Row, part: AnswerPart, known: KnownContent | None) -> PublishedView:
    revision = PublishedRevision(*row[_REVISION_AT:_REVISION_END])
    revision.state = _STATES[revision.state]
    if revision.stale_claims is not None:
        revision.stale_claims = orjson.loads(cast("str", revision.stale_claims))
    return PublishedView(_answer(row), revision, part, known)


def _title(row: Row, part: AnswerPart, known: KnownContent | None) -> PublishedView:
    revision = PublishedRevision.__new__(PublishedRevision)
    (
        revision.id,
        state,
        revision.title,
        revision.summary,
        revision.lock_version,
        revision.row_version,
    ) = row[_REVISION_AT : _REVISION_AT + len(_TITLE)]
    revision.state = _STATES[state]
    return PublishedView(_answer(row), revision, part, known)


def _answer(row: Row) -> PublishedAnswer:
    id_, question_id, scope, slug = row[_ANSWER_AT:_REVISION_AT]
    return PublishedAnswer(id_, question_id, _SCOPES[scope], slug)


async def get_by_slug(published: Published, slug: str, part: AnswerPart) -> PublishedView | None:
    """Return the live revision at an address."""
    found = await _views(published, _by_slug(part), part, _SLUG, [slug], slug=slug)
    return found[0][1] if found else None


@cache
def _by_slug(part: AnswerPart) -> Statement:
    return statement_of(_selected(part).where(PUBLISHED.c.slug == parameter("slug", Text())))


async def by_question(
    published: Published, question_ids: Sequence[UUID], part: AnswerPart
) -> dict[UUID, PublishedView]:
    """Return the answers of these questions, by question, where they are published."""
    statement = _by_question(part)
    found = await _views(published, statement, part, _QUESTION, question_ids, ids=question_ids)
    return {row[_QUESTION]: view for row, view in found}


@cache
def _by_question(part: AnswerPart) -> Statement:
    ids = parameter("ids", ARRAY(Uuid()))
    return statement_of(_selected(part).where(PUBLISHED.c.question_id == any_(ids)))


@cache
def beside_questions(part: AnswerPart) -> Beside | None:
    """Return what a list of questions reads of their answers in its own statement.

    None where the content is needed: which is known already can't be told before the list.
    """
    if part in _CONTENT:
        return None
    columns = [each.label(f"answer_{each.key}") for each in _columns(part)]
    return Beside(columns, PUBLISHED.c.question_id)


VERSIONS_BESIDE: Final = Beside(
    [PUBLISHED.c.row_version.label("answer_row_version")], PUBLISHED.c.question_id
)
"""Of the answers of a list of questions, which version of the live revision's rows there is."""


def answers_beside(
    listed: Iterable[PublishedQuestion], part: AnswerPart
) -> dict[UUID, PublishedView]:
    """Return the answers that were read beside these questions, by question."""
    made = _whole_row if part.has_row else _title
    return {
        each.id: made(each.beside, part, None)
        for each in listed
        if each.beside and each.beside[_ID] is not None
    }


async def by_answer(
    published: Published, answer_ids: Sequence[UUID], part: AnswerPart
) -> dict[UUID, PublishedView]:
    """Return these answers, by id, where they are published."""
    found = await _views(published, _by_answer(part), part, _ID, answer_ids, ids=answer_ids)
    return {row[_ID]: view for row, view in found}


@cache
def _by_answer(part: AnswerPart) -> Statement:
    return statement_of(
        _selected(part).where(PUBLISHED.c.id == any_(parameter("ids", ARRAY(Uuid()))))
    )


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """An answer that readers are served, with its question, both as of one moment."""

    view: PublishedView
    question: PublishedQuestion


async def live_by_answer(
    published: Published, answer_ids: Sequence[UUID], part: AnswerPart
) -> dict[UUID, LiveAnswer]:
    """Return these answers, by id, with their questions, where they are published."""
    found = await _views(published, _live_by_answer(part), part, _ID, answer_ids, ids=answer_ids)
    return {
        row[_ID]: LiveAnswer(view, questions.question_of(row[-questions.WIDTH :]))
        for row, view in found
    }


@cache
def _live_by_answer(part: AnswerPart) -> Statement:
    named = [each.label(f"question_{each.key}") for each in questions.COLUMNS]
    return statement_of(
        _selected(part, *named)
        .join(questions.PUBLISHED, questions.PUBLISHED.c.id == PUBLISHED.c.question_id)
        .where(PUBLISHED.c.id == any_(parameter("ids", ARRAY(Uuid()))))
    )
