import pytest
from sqlalchemy.exc import DBAPIError

from navis_api.answers.models import AnswerState
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.review.comments import MAX_COMMENT_CHARS, ClaimPlace, add, list_on, resolve
from navis_api.review.errors import RevisionUnknown
from navis_api.review.models import ClaimComment
from tests.review.world import EDITOR, LIVER_REVIEWER, Given, World


async def say(
    world: World, given: Given, text: str, place: ClaimPlace | None = None, by: str = LIVER_REVIEWER
) -> ClaimComment:
    async with world.database.writing(world.rows(by)) as session:
        return await add(session, given.revision_id, place, text, acting=world.acting(by))


async def said(world: World, given: Given) -> list[ClaimComment]:
    async with world.database.reading(world.rows(EDITOR)) as session:
        return (await list_on(session, [given.revision_id]))[given.revision_id]


async def test_the_staff_comment_on_a_claim_and_on_the_whole(world: World) -> None:
    given = await world.given()
    await say(world, given, "Too sure.", ClaimPlace(0, 1))
    await say(world, given, "Well written.", by=EDITOR)
    assert [
        (each.name, each.section, each.claim, each.text) for each in await said(world, given)
    ] == [
        ("Lea Ahmed", 0, 1, "Too sure."),
        ("Eve Gray", None, None, "Well written."),
    ]


async def test_a_comment_is_resolved_once(world: World) -> None:
    given = await world.given()
    comment = await say(world, given, "Too sure.")
    for by in (EDITOR, LIVER_REVIEWER):
        async with world.database.writing(world.rows(by)) as session:
            await resolve(session, comment.id, acting=world.acting(by))
    (resolved,) = await said(world, given)
    assert resolved.resolved_by == "Eve Gray"


async def test_comments_are_for_the_staff_alone(world: World) -> None:
    given = await world.given(AnswerState.PUBLISHED)
    await say(world, given, "Too sure.")
    async with world.database.reading() as session:
        assert await list_on(session, [given.revision_id]) == {given.revision_id: []}


async def test_nobody_comments_in_the_name_of_somebody_else(world: World) -> None:
    given = await world.given()
    async with world.database.writing(world.rows(EDITOR)) as session:
        with pytest.raises(DBAPIError, match="row-level security"):
            await add(
                session, given.revision_id, None, "Fine.", acting=world.acting(LIVER_REVIEWER)
            )
        await session.rollback()
    assert await said(world, given) == []


@pytest.mark.parametrize("place", [ClaimPlace(0, 2), ClaimPlace(1, 0), ClaimPlace(-1, 0)], ids=str)
async def test_a_comment_on_no_claim_is_refused(world: World, place: ClaimPlace) -> None:
    given = await world.given()
    with pytest.raises(InvalidInput, match="no such claim"):
        await say(world, given, "Too sure.", place)


async def test_a_comment_has_words_and_a_revision(world: World) -> None:
    given = await world.given()
    for text in (" ", "x" * (MAX_COMMENT_CHARS + 1)):
        with pytest.raises(InvalidInput):
            await say(world, given, text)
    nowhere = Given(given.question_id, given.answer_id, new_id(), 1, 1)
    with pytest.raises(RevisionUnknown):
        await say(world, nowhere, "Fine.")
    async with world.database.writing(world.rows(EDITOR)) as session:
        with pytest.raises(InvalidInput):
            await resolve(session, new_id(), acting=world.acting(EDITOR))
