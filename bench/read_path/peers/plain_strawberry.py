"""Strawberry over an ORM as everybody writes it: eager loading, one session for each field.

Nothing is tuned, and nothing is made worse than a tutorial has it.
"""

import os
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import ForeignKey, select
from sqlalchemy import text as text_of_sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)
from sqlalchemy.types import Text
from strawberry.asgi import GraphQL


class Base(DeclarativeBase):
    """The peers' tables."""


class CancerRow(Base):
    """A cancer."""

    __tablename__ = "cancers"
    __table_args__ = ({"schema": "peers"},)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]


class QuestionRow(Base):
    """A question."""

    __tablename__ = "questions"
    __table_args__ = ({"schema": "peers"},)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    cancer_id: Mapped[UUID] = mapped_column(ForeignKey("peers.cancers.id"))
    slug: Mapped[str]
    text: Mapped[str]
    answered_at: Mapped[datetime]
    answer: Mapped["AnswerRow"] = relationship(uselist=False)


class AnswerRow(Base):
    """An answer."""

    __tablename__ = "answers"
    __table_args__ = ({"schema": "peers"},)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("peers.questions.id"))
    slug: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    author: Mapped[str]
    reviewed: Mapped[bool]
    revision: Mapped[int]
    reading_grade: Mapped[float | None]
    doctor_questions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    next_steps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sections: Mapped[list["SectionRow"]] = relationship(order_by="SectionRow.position")
    citations: Mapped[list["CitationRow"]] = relationship(order_by="CitationRow.position")


class SectionRow(Base):
    """A section."""

    __tablename__ = "sections"
    __table_args__ = ({"schema": "peers"},)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("peers.answers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    heading: Mapped[str]
    markdown: Mapped[str]


class CitationRow(Base):
    """A citation."""

    __tablename__ = "citations"
    __table_args__ = ({"schema": "peers"},)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("peers.answers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("peers.sources.id"))
    number: Mapped[int]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    locator: Mapped[str | None]
    source: Mapped["SourceRow"] = relationship()


class SourceRow(Base):
    """A source."""

    __tablename__ = "sources"
    __table_args__ = ({"schema": "peers"},)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    publisher: Mapped[str]
    url: Mapped[str | None]
    version: Mapped[str | None]
    licence: Mapped[str]


_engine = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=int(os.environ["POOL_SIZE"]),
)
_sessions = async_sessionmaker(_engine, expire_on_commit=False)


@strawberry.type
class Source:
    """A source."""

    title: str
    publisher: str
    url: str | None
    version: str | None
    licence: str

    @classmethod
    def of(cls, row: SourceRow) -> Self:
        """Return it as clients see it."""
        return cls(
            title=row.title,
            publisher=row.publisher,
            url=row.url,
            version=row.version,
            licence=row.licence,
        )


@strawberry.type
class Citation:
    """A citation."""

    number: int
    quote: str
    start: int
    end: int
    locator: str | None
    source: Source

    @classmethod
    def of(cls, row: CitationRow) -> Self:
        """Return it as clients see it."""
        return cls(
            number=row.number,
            quote=row.quote,
            start=row.start,
            end=row.end,
            locator=row.locator,
            source=Source.of(row.source),
        )


@strawberry.type
class Section:
    """A section."""

    kind: str
    heading: str
    markdown: str

    @classmethod
    def of(cls, row: SectionRow) -> Self:
        """Return it as clients see it."""
        return cls(kind=row.kind, heading=row.heading, markdown=row.markdown)


@strawberry.type
class Answer:
    """An answer."""

    row: strawberry.Private[AnswerRow]
    slug: str
    title: str
    summary: str
    author: str
    reviewed: bool
    revision: int
    reading_grade: float | None
    doctor_questions: list[str]
    next_steps: list[str]

    @classmethod
    def of(cls, row: AnswerRow) -> Self:
        """Return it as clients see it."""
        return cls(
            row=row,
            slug=row.slug,
            title=row.title,
            summary=row.summary,
            author=row.author,
            reviewed=row.reviewed,
            revision=row.revision,
            reading_grade=row.reading_grade,
            doctor_questions=row.doctor_questions,
            next_steps=row.next_steps,
        )

    @strawberry.field
    def sections(self) -> list[Section]:
        """Return its sections."""
        return [Section.of(row) for row in self.row.sections]

    @strawberry.field
    def citations(self) -> list[Citation]:
        """Return its citations."""
        return [Citation.of(row) for row in self.row.citations]


_WHOLE_ANSWER = (
    selectinload(AnswerRow.sections),
    selectinload(AnswerRow.citations).joinedload(CitationRow.source),
)


@strawberry.type
class Question:
    """A question."""

    slug: str
    text: str
    answer: Answer

    @classmethod
    def of(cls, row: QuestionRow) -> Self:
        """Return it as clients see it."""
        return cls(slug=row.slug, text=row.text, answer=Answer.of(row.answer))


@strawberry.type
class PageInfo:
    """Whether a list goes on."""

    has_next_page: bool


@strawberry.type
class QuestionConnection:
    """A page of questions."""

    nodes: list[Question]
    page_info: PageInfo

    @classmethod
    def of(cls, rows: list[QuestionRow], first: int) -> Self:
        """Return the page that these rows make, one of them too many."""
        return cls(
            nodes=[Question.of(row) for row in rows[:first]],
            page_info=PageInfo(has_next_page=len(rows) > first),
        )


_OF_QUESTION = selectinload(QuestionRow.answer).options(
    selectinload(AnswerRow.citations).options(joinedload(CitationRow.source))
)


@strawberry.type
class Cancer:
    """A cancer."""

    row: strawberry.Private[CancerRow]
    slug: str
    name: str

    @classmethod
    def of(cls, row: CancerRow) -> Self:
        """Return it as clients see it."""
        return cls(row=row, slug=row.slug, name=row.name)

    @strawberry.field
    async def questions(self, first: int) -> QuestionConnection:
        """Return its newest questions."""
        async with _sessions() as session:
            rows = await session.scalars(
                select(QuestionRow)
                .where(QuestionRow.cancer_id == self.row.id)
                .order_by(QuestionRow.answered_at.desc(), QuestionRow.id.desc())
                .limit(first + 1)
                .options(_OF_QUESTION)
            )
            return QuestionConnection.of(list(rows), first)


@strawberry.type
class CancerConnection:
    """A page of cancers."""

    nodes: list[Cancer]


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def answer(self, slug: str) -> Answer | None:
        """Return the answer at a slug."""
        async with _sessions() as session:
            row = await session.scalar(
                select(AnswerRow).where(AnswerRow.slug == slug).options(*_WHOLE_ANSWER)
            )
        return Answer.of(row) if row else None

    @strawberry.field
    async def cancer(self, slug: str) -> Cancer | None:
        """Return the cancer at a slug."""
        async with _sessions() as session:
            row = await session.scalar(select(CancerRow).where(CancerRow.slug == slug))
        return Cancer.of(row) if row else None

    @strawberry.field
    async def cancers(self, first: int, offset: int) -> CancerConnection:
        """Return cancers by name."""
        async with _sessions() as session:
            rows = await session.scalars(
                select(CancerRow).order_by(CancerRow.name, CancerRow.id).limit(first).offset(offset)
            )
            return CancerConnection(nodes=[Cancer.of(row) for row in rows])

    @strawberry.field
    async def search_questions(self, text: str, first: int) -> QuestionConnection:
        """Return what fits a text, best first."""
        found = text_of_sql("SELECT * FROM peers.search_questions(:text)").bindparams(text=text)
        async with _sessions() as session:
            rows = await session.scalars(
                select(QuestionRow).from_statement(found).options(selectinload(QuestionRow.answer))
            )
            return QuestionConnection.of(list(rows), first)


app = GraphQL(strawberry.Schema(Query), graphql_ide=None)
