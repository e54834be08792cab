from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from navis_api.audit.service import SYSTEM_ACTOR, Actor
from navis_api.db.sessions import SYSTEM_ROWS, RowViewer
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.review.errors import NotOnStaff, RoleNotAllowed
from navis_api.review.models import StaffMember, StaffRole
from navis_api.review.people import StaffDraft, list_members, require_member, save_member
from navis_api.review.periods import add_months, set_period
from tests.review.world import (
    ADMINISTRATOR,
    EDITOR,
    FORMER_REVIEWER,
    LIVER_REVIEWER,
    NOON,
    World,
)

NEW = StaffDraft("somebody", StaffRole.REVIEWER, "  Joy   Kim ", "MD, oncology", all_cancers=True)


async def save(world: World, draft: StaffDraft, *, actor: Actor, viewer: RowViewer) -> StaffMember:
    async with world.database.writing(viewer) as session:
        return await save_member(session, draft, actor=actor, catalogue=world.catalogue, now=NOON)


async def test_an_administrator_keeps_the_staff(world: World) -> None:
    actor, viewer = world.acting(ADMINISTRATOR).actor, world.rows(ADMINISTRATOR)
    await save(world, NEW, actor=actor, viewer=viewer)
    async with world.database.reading(world.rows(EDITOR)) as session:
        member = await require_member(session, "somebody", "REVIEWER")
    assert (member.name, member.credentials) == ("Joy Kim", "MD, oncology")

    gone = StaffDraft("somebody", StaffRole.REVIEWER, "Joy Kim", "MD", active=False)
    await save(world, gone, actor=actor, viewer=viewer)
    async with world.database.reading(world.rows(EDITOR)) as session:
        with pytest.raises(NotOnStaff):
            await require_member(session, "somebody", "REVIEWER")
        names = [each.name for each in await list_members(session)]
        active = [each.name for each in await list_members(session, active_only=True)]
    assert set(names) - set(active) == {"Joy Kim", "Sam Fox"}


async def test_the_first_administrator_registers_themselves(world: World) -> None:
    draft = StaffDraft("first", StaffRole.ADMINISTRATOR, "Ada Lu")
    viewer = RowViewer("administrator", "first")
    member = await save(world, draft, actor=Actor("ADMINISTRATOR", "first"), viewer=viewer)
    assert member.role is StaffRole.ADMINISTRATOR


@pytest.mark.parametrize("by", [EDITOR, LIVER_REVIEWER])
async def test_nobody_else_does(world: World, by: str) -> None:
    with pytest.raises(RoleNotAllowed):
        await save(world, NEW, actor=world.acting(by).actor, viewer=world.rows(by))
    with pytest.raises(DBAPIError, match="row-level security"):
        await save(world, NEW, actor=SYSTEM_ACTOR, viewer=world.rows(by))
    async with world.database.reading(SYSTEM_ROWS) as session:
        with pytest.raises(NotOnStaff):
            await require_member(session, "somebody", "REVIEWER")


@pytest.mark.parametrize(
    ("subject", "role"),
    [
        (None, "REVIEWER"),
        ("stranger", "REVIEWER"),
        (FORMER_REVIEWER, "REVIEWER"),
        (LIVER_REVIEWER, "EDITOR"),
        (EDITOR, "ADMINISTRATOR"),
    ],
)
async def test_a_token_alone_makes_nobody_staff(
    world: World, subject: str | None, role: str
) -> None:
    async with world.database.reading(SYSTEM_ROWS) as session:
        with pytest.raises(NotOnStaff, match=role.lower()):
            await require_member(session, subject, role)


@pytest.mark.parametrize(
    "draft",
    [
        StaffDraft("", StaffRole.EDITOR, "Joy Kim"),
        StaffDraft("somebody", StaffRole.EDITOR, "  "),
        StaffDraft("somebody", StaffRole.EDITOR, "J" * 201),
        StaffDraft("somebody", StaffRole.REVIEWER, "Joy Kim", "  "),
        StaffDraft("somebody", StaffRole.REVIEWER, "Joy Kim", "MD", cancer_ids=(new_id(),)),
    ],
    ids=["no subject", "no name", "long name", "no credentials", "unknown cancer"],
)
async def test_incomplete_staff_is_refused(world: World, draft: StaffDraft) -> None:
    with pytest.raises(InvalidInput):
        await save(world, draft, actor=SYSTEM_ACTOR, viewer=SYSTEM_ROWS)


async def test_the_next_review_follows_the_nearest_period(world: World) -> None:
    acting = world.acting(ADMINISTRATOR)

    async def set_to(cancer: str, months: int | None) -> None:
        async with world.database.writing(world.rows(ADMINISTRATOR)) as session:
            await set_period(session, world.cancer_id(cancer), months, acting=acting)

    async def due() -> date | None:
        given = await world.given(cancer="hepatocellular-carcinoma")
        return (await world.decide(given)).next_review_on

    assert await due() == date(2027, 11, 21)
    await set_to("liver-cancer", 6)
    assert await due() == date(2027, 5, 21)
    await set_to("hepatocellular-carcinoma", 3)
    assert await due() == date(2027, 2, 21)
    await set_to("hepatocellular-carcinoma", None)
    assert await due() == date(2027, 5, 21)


async def test_only_an_administrator_sets_a_period_of_a_sensible_length(world: World) -> None:
    liver = world.cancer_id("liver-cancer")
    async with world.database.writing(world.rows(EDITOR)) as session:
        with pytest.raises(RoleNotAllowed):
            await set_period(session, liver, 6, acting=world.acting(EDITOR))
        for months in (0, 61):
            with pytest.raises(InvalidInput):
                await set_period(session, liver, months, acting=world.acting(ADMINISTRATOR))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 60, date(2031, 1, 31)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then
