"""`navis-api staff` and `navis-api token`, as they are typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from navis_api.cli.staff import DEVELOPMENT_CREDENTIALS
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.review.models import StaffMember, StaffRole
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.review.world import LIVER_REVIEWER, World, build_world

NEW = "somebody|new"


@pytest.fixture
async def world(database: Database) -> World:
    return await build_world(database)


@pytest.fixture
def env(tmp_path: Path, database_url: str, world: World) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)


async def found(world: World, subject: str) -> StaffMember | None:
    async with world.database.reading(SYSTEM_ROWS) as session:
        return await session.scalar(select(StaffMember).where(StaffMember.subject == subject))


def saving(*more: str, role: str = "reviewer", name: str = "Nia Jones") -> list[str]:
    return ["staff", "save", "--subject", NEW, "--role", role, "--name", name, *more]


async def test_somebody_is_put_on_the_staff_and_changed(env: dict[str, str], world: World) -> None:
    saved = typed(
        saving(
            "--credentials", "MD", "--cancer", "liver-cancer", "--cancer", "breast-cancer"
        ),
        env,
    )  # fmt: skip
    assert (saved.returncode, saved.stdout) == (0, "Nia Jones is reviewer.\n")
    member = await found(world, NEW)
    assert member is not None
    assert (member.role, member.credentials) == (StaffRole.REVIEWER, "MD")
    assert set(member.cancer_ids) == {
        world.cancer_id("liver-cancer"),
        world.cancer_id("breast-cancer"),
    }

    gone = typed(saving("--no-active", role="EDITOR"), env)
    assert gone.stdout == "Nia Jones is editor, inactive.\n"
    changed = await found(world, NEW)
    assert changed is not None
    assert (changed.id, changed.role, changed.active) == (member.id, StaffRole.EDITOR, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (saving("--credentials", "MD", "--cancer", "no-such-cancer"), "no cancer"),
        (saving("--all-cancers"), "credentials"),
        (saving("--credentials", "MD", name=" "), "name"),
        (saving("--credentials", "MD", name="n" * 201), "name"),
        (saving(role="patient"), "patient"),
    ],
)
async def test_what_is_incomplete_is_refused_in_a_sentence(
    env: dict[str, str], world: World, arguments: list[str], said: str
) -> None:
    refused = typed(arguments, env)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert await found(world, NEW) is None


async def test_the_staff_are_listed(env: dict[str, str]) -> None:
    lines = typed(["staff", "list"], env).stdout.splitlines()
    listed = [
        json.loads(line) for line in typed(["staff", "list", "--json"], env).stdout.split("\n")[:-1]
    ]
    assert f"{LIVER_REVIEWER} · reviewer · Lea Ahmed · MD · liver-cancer" in lines
    assert "reviewer-gone · reviewer · Sam Fox · MD · all cancers · inactive" in lines
    assert len(listed) == len(lines) == 9
    assert next(each for each in listed if each["subject"] == LIVER_REVIEWER) == {
        "subject": LIVER_REVIEWER,
        "role": "REVIEWER",
        "name": "Lea Ahmed",
        "credentials": "MD",
        "cancers": ["liver-cancer"],
        "allCancers": False,
        "active": True,
    }


@pytest.mark.parametrize(
    ("role", "stored"),
    [
        ("reviewer", StaffRole.REVIEWER),
        ("editor", StaffRole.EDITOR),
        ("admin", StaffRole.ADMINISTRATOR),
    ],
)
async def test_a_token_in_development_registers_a_made_up_person(
    env: dict[str, str], world: World, role: str, stored: StaffRole
) -> None:
    done = typed(["token", "--role", role, "--subject", NEW], env)
    assert done.returncode == 0, done.stderr
    # The token alone, so that it can be put into a variable.
    assert done.stdout.count(".") == 2
    assert done.stdout.count("\n") == 1
    assert f"{NEW} is on the staff now" in done.stderr
    member = await found(world, NEW)
    assert member is not None
    assert (member.role, member.name) == (stored, NEW)
    assert (member.credentials, member.all_cancers) == (DEVELOPMENT_CREDENTIALS, True)
    acts = typed(["review", "counts"], env | {"NAVIS_TOKEN": done.stdout.strip()})
    assert acts.returncode == 0, acts.stderr


@pytest.mark.parametrize("role", ["patient", "editor"])
@pytest.mark.parametrize("subject", ["", "a\nb", "x" * 201])
def test_a_token_that_the_api_would_refuse_is_not_printed(
    env: dict[str, str], role: str, subject: str
) -> None:
    done = typed(["token", "--role", role, "--subject", subject], env)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--subject" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_token_for_some_cancers_and_for_somebody_known(
    env: dict[str, str], world: World
) -> None:
    typed(["token", "--role", "reviewer", "--subject", NEW, "--cancer", "liver-cancer"], env)
    member = await found(world, NEW)
    assert member is not None
    assert (member.all_cancers, member.cancer_ids) == (False, [world.cancer_id("liver-cancer")])

    # Somebody who is there stays as they are, whatever the token's role.
    known = typed(["token", "--role", "editor", "--subject", LIVER_REVIEWER], env)
    assert known.stderr == ""
    unchanged = await found(world, LIVER_REVIEWER)
    assert unchanged is not None
    assert (unchanged.role, unchanged.name) == (StaffRole.REVIEWER, "Lea Ahmed")

    unknown = typed(
        ["token", "--role", "reviewer", "--subject", "other", "--cancer", "no-such"], env
    )
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert await found(world, "other") is None


async def test_a_patients_token_registers_nobody(env: dict[str, str], world: World) -> None:
    assert typed(["token", "--role", "patient", "--subject", NEW], env).returncode == 0
    assert await found(world, NEW) is None


async def test_production_makes_nobody_up(env: dict[str, str], world: World) -> None:
    done = typed(
        ["token", "--role", "reviewer", "--subject", NEW], env | {"NAVIS_ENVIRONMENT": "production"}
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "production" in done.stderr
    assert await found(world, NEW) is None
