"""`navis-api partners`, as it is typed."""

import json
import re
from pathlib import Path

import asyncpg
import pytest

from navis_api.partners.key_text import PATTERN
from tests.cli.typing_commands import typed
from tests.flows.processes import environment


@pytest.fixture
def env(tmp_path: Path, database_url: str) -> dict[str, str]:
    return environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)


def test_a_partner_gets_a_key_which_is_rotated_and_revoked(env: dict[str, str]) -> None:
    made = typed(["partners", "create", "Clinic", "--origin", "https://Clinic.example"], env)
    assert (made.returncode, made.stdout) == (0, "Clinic · https://clinic.example\n"), made.stderr
    new = typed(["partners", "key", "clinic", "--kind", "public", "--scope", "ask"], env)
    assert re.fullmatch(PATTERN, new.stdout.strip()), new.stderr
    assert new.stdout.startswith("nvk_pub_live_")
    (listed,) = map(json.loads, typed(["partners", "list", "--json"], env).stdout.splitlines())
    (key,) = listed["keys"]
    assert (key["scopes"], key["lastFour"]) == (["ASK"], new.stdout.strip()[-4:])

    rotated = json.loads(typed(["partners", "rotate", key["id"], "--json"], env).stdout)
    assert rotated["replaces"] == key["id"]
    assert rotated["secret"] != new.stdout.strip()
    revoked = typed(["partners", "revoke", key["id"]], env)
    assert "revoked" in revoked.stdout
    shown = typed(["partners", "list"], env).stdout
    assert len(shown.splitlines()) == 3
    for secret in (new.stdout.strip(), rotated["secret"]):
        assert secret not in shown


def test_origins_are_replaced(env: dict[str, str]) -> None:
    typed(["partners", "create", "Clinic", "--origin", "https://a.example"], env)
    changed = typed(["partners", "origins", "Clinic", "--origin", "https://b.example"], env)
    assert changed.stdout == "Clinic · https://b.example\n"
    assert typed(["partners", "origins", "Clinic"], env).stdout == "Clinic · no origins\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["create", ""],
        ["create", "Clinic"],
        ["create", "New", "--origin", "portal.example"],
        ["key", "Nobody", "--kind", "secret"],
        ["key", "Clinic", "--kind", "other"],
        ["key", "Clinic", "--kind", "public", "--scope", "webhooks"],
        ["key", "Clinic", "--kind", "secret", "--points", "5"],
        ["key", "Clinic", "--kind", "secret", "--expires-in-days", "0"],
        ["revoke", "x"],
        ["revoke", "00000000-0000-0000-0000-000000000000"],
        ["rotate", "00000000-0000-0000-0000-000000000000"],
    ],
)
async def test_what_makes_no_sense_ends_with_2_and_changes_nothing(
    env: dict[str, str], owner: asyncpg.Connection, arguments: list[str]
) -> None:
    assert typed(["partners", "create", "Clinic"], env).returncode == 0
    refused = typed(["partners", *arguments], env)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr
    assert await owner.fetchval("SELECT count(*) FROM partners") == 1
    assert await owner.fetchval("SELECT count(*) FROM partner_keys") == 0


async def test_what_is_typed_is_recorded(env: dict[str, str], owner: asyncpg.Connection) -> None:
    typed(["partners", "create", "Clinic"], env)
    secret = typed(["partners", "key", "Clinic", "--kind", "secret"], env).stdout.strip()
    rows = await owner.fetch("SELECT action, actor_kind, detail::text FROM audit_events")
    assert [tuple(row)[:2] for row in rows] == [
        ("partner.create", "SYSTEM"),
        ("partner_key.create", "SYSTEM"),
    ]
    assert secret not in str(rows)
