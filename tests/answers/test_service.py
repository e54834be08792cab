"""Writing a revision: what it is refused for, and what is stored of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from navis_api.answers.document import ContentSource, content_source
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftFrame, DraftSection
from navis_api.answers.errors import ClaimWithoutCitation
from navis_api.answers.models import (
    Answer,
    AnswerRevision,
    AnswerState,
    Citation,
    Claim,
    ClaimStyle,
    SectionKind,
)
from navis_api.answers.repository import views_by_question
from navis_api.answers.service import write_revision
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources.repository import views_of_versions
from tests.db.rows import QUOTE, Rows, app_connection

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FRAME = DraftFrame("A title", "A summary.", ("A question?",), ("A step.",), ("A gap.",))


class Given:
    """A question, and a source that its answer may quote."""

    def __init__(self, database: Database, question_id: UUID, source: ContentSource) -> None:
        self.database, self.question_id, self.source = database, question_id, source

    def cite(self, start: int = 0) -> DraftCitation:
        return DraftCitation(self.source.version_id, QUOTE, start, start + len(QUOTE), None)

    async def write(self, *claims: DraftClaim) -> AnswerRevision:
        section = DraftSection(SectionKind.OPTIONS, "Options", claims)
        async with self.database.writing(SYSTEM_ROWS) as session:
            return await write_revision(
                session,
                self.question_id,
                [section],
                FRAME,
                author="Navis AI",
                sources={self.source.version_id: self.source},
                now=NOON,
            )


@pytest.fixture
async def given(database: Database, database_url: str) -> Given:
    async with app_connection(database_url, role="system") as connection:
        rows = Rows(connection)
        question_id = await rows.question(asked_anonymously=True)
        version_id = await rows.source_version()
    async with database.reading() as session:
        view = (await views_of_versions(session, [version_id]))[version_id]
    return Given(database, question_id, content_source(view))


def claim(*citations: DraftCitation, text: str = QUOTE) -> DraftClaim:
    return DraftClaim(text, ClaimStyle.SENTENCE, citations)


async def count(database: Database, table: type) -> int | None:
    async with database.reading(SYSTEM_ROWS) as session:
        return await session.scalar(select(func.count()).select_from(table))


async def test_a_revision_is_a_draft_with_rows_and_a_document_that_agree(
    database: Database, given: Given
) -> None:
    revision = await given.write(claim(given.cite()), claim(given.cite(), text="Another."))
    assert (revision.number, revision.state) == (1, AnswerState.DRAFT)
    assert await count(database, Claim) == await count(database, Citation) == 2
    async with database.reading() as session:
        view = (await views_by_question(session, [given.question_id]))[given.question_id]
    assert not view.reviewed
    assert [each.text for each in view.content.sections[0].claims] == [QUOTE, "Another."]
    assert [each.quote for each in view.content.citations] == [QUOTE]
    assert view.revision.gaps == ["A gap."]
    assert view.revision.reading_grade is not None


async def test_the_next_revision_has_the_next_number_in_the_same_answer(
    database: Database, given: Given
) -> None:
    first = await given.write(claim(given.cite()))
    second = await given.write(claim(given.cite()))
    assert (second.answer_id, second.number) == (first.answer_id, 2)
    assert await count(database, Answer) == 1


async def test_a_claim_that_rests_on_nothing_is_refused(database: Database, given: Given) -> None:
    with pytest.raises(ClaimWithoutCitation):
        await given.write(claim(given.cite()), claim())
    assert await count(database, Answer) == 0


async def test_the_database_refuses_a_quote_that_stands_elsewhere(
    database: Database, given: Given
) -> None:
    with pytest.raises(DBAPIError, match="not what its source says"):
        await given.write(claim(given.cite(start=1)))
    assert await count(database, AnswerRevision) == 0
