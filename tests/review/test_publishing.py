from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text

from navis_api.answers.models import AnswerState
from navis_api.answers.repository import get_published_by_slug, views_by_question
from navis_api.db.paging import PageRequest
from navis_api.errors import InvalidInput
from navis_api.questions.models import QuestionStatus
from navis_api.questions.search import Search, search
from navis_api.review.addresses import made_from
from navis_api.review.errors import (
    AddressStays,
    AddressTaken,
    NewerRevision,
    PersonalAnswer,
    QuotesGone,
    ReasonRequired,
    RevisionConflict,
)
from tests.review.publication_race import approved_beside
from tests.review.world import ABLATION, EDITOR, NOON, OTHER_EDITOR, World


async def test_a_publication_is_live_at_a_readable_address_and_can_be_found(world: World) -> None:
    given = await world.given(AnswerState.APPROVED, text="Can liver cancer's lesions be ablated?")
    await world.publish(given)

    async with world.database.reading() as session:
        view = await get_published_by_slug(session, "can-liver-cancer-lesions-be-ablated")
        assert view is not None
        assert view.revision.id == given.revision_id
        assert view.revision.published_at == NOON
    wanted = Search("ablated lesions", None, PageRequest(5))
    found = await search(world.database.published, world.catalogue, wanted)
    assert [hit.question.id for hit in found.hits] == [given.question_id]
    assert (await world.question_of(given)).status is QuestionStatus.ANSWERED


async def test_what_was_live_is_superseded_by_what_is_published(world: World) -> None:
    first = await world.given(AnswerState.PUBLISHED)
    second = await world.next_given(first, AnswerState.APPROVED)
    await world.publish(second)

    assert (await world.revision(first)).state is AnswerState.SUPERSEDED
    assert (await world.revision(second)).state is AnswerState.PUBLISHED


async def test_an_answer_keeps_its_address(world: World) -> None:
    first = await world.given(AnswerState.PUBLISHED, text="Is it painful?")
    second = await world.next_given(first, AnswerState.APPROVED)
    with pytest.raises(AddressStays, match="is-it-painful"):
        await world.publish(second, slug="another-address")
    assert (await world.revision(first)).state is AnswerState.PUBLISHED
    await world.publish(second, slug="is-it-painful")
    assert (await world.question_of(first)).slug == "is-it-painful"


async def test_the_same_words_asked_of_two_cancers_get_two_addresses(world: World) -> None:
    for cancer in ("liver-cancer", "hepatocellular-carcinoma", "breast-cancer"):
        given = await world.given(AnswerState.APPROVED, text="What comes next?", cancer=cancer)
        await world.publish(given)
    async with world.database.reading() as session:
        slugs = await session.scalars(text("SELECT slug FROM questions ORDER BY answered_at, slug"))
        assert list(slugs) == ["what-comes-next", "what-comes-next-2", "what-comes-next-3"]


async def test_an_address_that_is_taken_or_no_address_is_refused(world: World) -> None:
    await world.given(AnswerState.PUBLISHED, text="Is it painful?")
    other = await world.given(AnswerState.APPROVED)
    with pytest.raises(AddressTaken):
        await world.publish(other, slug="is-it-painful")
    for slug in ("", "Upper", "two--hyphens", "-a", "ä", "a" * 121, "a b"):
        with pytest.raises(InvalidInput):
            await world.publish(other, slug=slug)
    assert (await world.revision(other)).state is AnswerState.APPROVED


@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("What is HER2-positive cancer?", "what-is-her2-positive-cancer"),
        ("Où est la tumeur?", "ou-est-la-tumeur"),
        ("???", "answer"),
        ("肝癌怎么办", "answer"),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "answer"),
    ],
)
def test_an_address_is_made_of_whole_words(asked: str, slug: str) -> None:
    assert made_from(asked) == slug
    assert len(slug) <= 80


async def test_what_no_longer_stands_in_its_source_isnt_published(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.source_becomes(f"# Liver cancer treatment\n\n## Treatment\n\n{ABLATION}\n")
    with pytest.raises(QuotesGone):
        await world.publish(given)
    assert (await world.revision(given)).state is AnswerState.APPROVED
    assert (await world.question_of(given)).slug is None


async def test_a_personal_answer_is_never_published(
    world: World, owner: asyncpg.Connection
) -> None:
    given = await world.given(AnswerState.APPROVED)
    await owner.execute("UPDATE answers SET scope = 'PERSONAL' WHERE id = $1", given.answer_id)
    with pytest.raises(PersonalAnswer):
        await world.publish(given)
    with pytest.raises(PersonalAnswer):
        await world.publish(given, at=NOON + timedelta(days=1))


async def test_a_retracted_answer_is_gone_at_once_and_says_why(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED, text="Is it painful?")
    await world.retract(given, by=OTHER_EDITOR, reason="  It named   the wrong drug. ")

    revision = await world.revision(given)
    assert revision.state is AnswerState.RETRACTED
    assert revision.state_reason == "It named the wrong drug."
    question = await world.question_of(given)
    assert question.status is QuestionStatus.DECLINED
    assert question.answered_at is None
    async with world.database.reading() as session:
        assert await get_published_by_slug(session, "is-it-painful") is None
        assert await views_by_question(session, [given.question_id]) == {}
        change = await session.execute(text("SELECT kind, slug, reason FROM published_changes"))
        assert [tuple(row) for row in change] == [
            ("RETRACTED", "is-it-painful", "It named the wrong drug.")
        ]


async def test_a_retraction_needs_its_reason(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    with pytest.raises(ReasonRequired):
        await world.retract(given, reason=" ")
    assert (await world.revision(given)).state is AnswerState.PUBLISHED


async def test_an_answer_comes_back_after_a_retraction_at_its_old_address(world: World) -> None:
    first = await world.given(AnswerState.PUBLISHED, text="Is it painful?")
    second = await world.next_given(first, AnswerState.IN_REVIEW)
    await world.retract(first)
    assert (await world.question_of(first)).status is QuestionStatus.AWAITING_REVIEW

    await world.decide(second)
    await world.publish(await world.reread(second))
    async with world.database.reading() as session:
        view = await get_published_by_slug(session, "is-it-painful")
    assert view is not None
    assert view.revision.id == second.revision_id


async def test_an_editor_who_comes_second_is_told_who_was_first(world: World) -> None:
    given = await world.given(AnswerState.APPROVED)
    await world.publish(given, by=OTHER_EDITOR)
    with pytest.raises(RevisionConflict) as refused:
        await world.publish(given, by=EDITOR)
    assert refused.value.last.by == "Max Hill"
    assert refused.value.last.after is AnswerState.PUBLISHED


async def test_an_older_revision_doesnt_replace_a_newer_one(world: World) -> None:
    older = await world.given(AnswerState.APPROVED)
    newer = await approved_beside(world, older)
    await world.publish(newer)
    with pytest.raises(NewerRevision) as refused:
        await world.publish(older)
    assert (refused.value.author, refused.value.revision) == ("Navis AI", 2)
    assert refused.value.last.after is AnswerState.PUBLISHED
    assert (await world.revision(older)).state is AnswerState.APPROVED
