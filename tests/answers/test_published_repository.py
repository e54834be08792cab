"""Published answers as everybody reads them: in parts, and never what isn't published."""

import pytest
from sqlalchemy import select

from navis_api.answers import published_repository as repository
from navis_api.answers.document import content_from_json
from navis_api.answers.models import AnswerRevision
from navis_api.answers.published_repository import AnswerPart
from navis_api.answers.rendering import TextFormat, section_markdown
from navis_api.answers.repository import get_published_by_slug
from navis_api.answers.service import body_of
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.answers.selection import (
    OF_CITATIONS,
    OF_ROW,
    OF_TITLE,
    OF_WHOLE,
    has_answers,
    part_of_answers,
)
from navis_api.graphql.schema import schema
from navis_api.kit.bounded import BoundedMemory
from navis_api.questions.models import Question
from tests import publications

SLUG = "liver-cancer-came-back-options"


async def test_it_is_what_a_session_reads(sample_database: Database) -> None:
    found = await repository.get_by_slug(sample_database.published, SLUG, AnswerPart.WHOLE)
    async with sample_database.reading() as session:
        wanted = await get_published_by_slug(session, SLUG)
    assert found is not None
    assert wanted is not None
    for name in repository.PublishedAnswer.__slots__:
        assert getattr(found.answer, name) == getattr(wanted.answer, name), name
    for name in set(repository.PublishedRevision.__slots__) - {"row_version"}:
        assert getattr(found.revision, name) == getattr(wanted.revision, name), name
    assert type(found.revision.state) is type(wanted.revision.state)
    assert found.content == wanted.content
    assert found.reviewed is wanted.reviewed is True
    assert list(found.cited) == list(wanted.cited)
    for text_format in TextFormat:
        assert body_of(found, text_format) == body_of(wanted, text_format)


async def test_a_part_has_no_more_than_was_asked_for(sample_database: Database) -> None:
    published = sample_database.published
    whole = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    cited = await repository.get_by_slug(published, SLUG, AnswerPart.CITATIONS)
    card = await repository.get_by_slug(published, SLUG, AnswerPart.CARD)
    assert whole is not None
    assert cited is not None
    assert card is not None
    assert whole.revision == cited.revision == card.revision
    assert cited.cited == whole.cited
    with pytest.raises(LookupError):
        _ = cited.document
    with pytest.raises(LookupError):
        _ = card.cited


async def test_content_is_read_once_and_who_is_live_each_time(sample_database: Database) -> None:
    published = sample_database.published
    first = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    assert first is not None
    again = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    assert again is not None
    assert again.document is first.document
    assert again.revision == first.revision
    assert again.revision is not first.revision
    async with sample_database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, first.answer.question_id)
        await publications.retract(session, question, reason="It was wrong.")
    assert await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE) is None


async def test_content_is_known_by_whatever_an_answer_is_found(sample_database: Database) -> None:
    published = sample_database.published
    by_slug = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    assert by_slug is not None
    key, question = by_slug.answer.id, by_slug.answer.question_id
    by_question = await repository.by_question(published, [question], AnswerPart.WHOLE)
    by_id = await repository.by_answer(published, [key], AnswerPart.WHOLE)
    assert by_question[question].document is by_slug.document
    assert by_id[key].document is by_slug.document


async def test_without_memory_content_is_read_each_time(sample_database: Database) -> None:
    published = sample_database.published
    published.memory = BoundedMemory(0)
    first = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    again = await repository.get_by_slug(published, SLUG, AnswerPart.WHOLE)
    assert first is not None
    assert again is not None
    assert again.document is not first.document
    assert again.document == first.document


async def test_a_row_that_is_read_in_part_has_what_lists_show(sample_database: Database) -> None:
    published = sample_database.published
    card = await repository.get_by_slug(published, SLUG, AnswerPart.CARD)
    titled = await repository.get_by_slug(published, SLUG, AnswerPart.TITLE)
    cited = await repository.get_by_slug(published, SLUG, AnswerPart.TITLE_AND_CITATIONS)
    assert card is not None
    assert titled is not None
    assert cited is not None
    for found in (titled, cited):
        assert found.answer == card.answer
        for name in ("id", "state", "title", "summary"):
            assert getattr(found.revision, name) == getattr(card.revision, name), name
        with pytest.raises(AttributeError):
            _ = found.revision.author
    assert cited.cited


def test_of_every_field_of_an_answer_it_is_known_what_it_needs() -> None:
    fields = schema().core.type_map["Answer"].fields  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - graphql-core's types
    named = [OF_TITLE, OF_ROW, OF_CITATIONS, OF_WHOLE]
    assert set(fields) == frozenset[str]().union(*named)  # pyright: ignore[reportUnknownArgumentType] - as above
    assert sum(map(len, named)) == len(fields)  # pyright: ignore[reportUnknownArgumentType] - as above


async def test_by_question_and_by_id_the_same_answers_are_found(
    sample_database: Database,
) -> None:
    published = sample_database.published
    one = await repository.get_by_slug(published, SLUG, AnswerPart.CARD)
    assert one is not None
    key, question = one.answer.id, one.answer.question_id
    of_question = await repository.by_question(published, [question, key], AnswerPart.CARD)
    by_id = await repository.by_answer(published, [question, key], AnswerPart.CARD)
    live = await repository.live_by_answer(published, [key], AnswerPart.CARD)
    assert {id_: view.revision for id_, view in of_question.items()} == {question: one.revision}
    assert {id_: view.revision for id_, view in by_id.items()} == {key: one.revision}
    assert live[key].view.revision == one.revision
    assert live[key].question.id == question
    assert await repository.get_by_slug(published, "x", AnswerPart.CARD) is None


async def test_a_document_is_finished_when_it_is_stored(sample_database: Database) -> None:
    async with sample_database.reading(SYSTEM_ROWS) as session:
        stored = (await session.scalars(select(AnswerRevision.content))).all()
    assert stored
    for document in stored:
        content = content_from_json(document)
        assert [section["markdown"] for section in document["sections"]] == [
            section_markdown(content, section) for section in content.sections
        ]


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (None, AnswerPart.WHOLE),
        ({"answer", "title"}, AnswerPart.TITLE),
        ({"answer", "title", "author"}, AnswerPart.CARD),
        ({"answer", "citations", "quote"}, AnswerPart.TITLE_AND_CITATIONS),
        ({"answer", "citations", "readingGrade"}, AnswerPart.CITATIONS),
        ({"answer", "citations", "sections", "kind"}, AnswerPart.WHOLE),
        ({"answer", "body"}, AnswerPart.WHOLE),
        ({"answer", "glossary"}, AnswerPart.WHOLE),
        ({"answer", "staleNotice"}, AnswerPart.WHOLE),
    ],
)
def test_fields_decide_how_much_is_read(names: set[str] | None, part: AnswerPart) -> None:
    assert part_of_answers(names) is part


def test_answers_of_listed_questions_are_read_when_they_are_asked_for() -> None:
    assert has_answers(None)
    assert has_answers({"questions", "answer"})
    assert not has_answers({"questions", "text"})
