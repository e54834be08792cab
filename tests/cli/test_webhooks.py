"""`navis-api partners webhook`, as it is typed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from navis_api.db.engine import asyncpg_address
from navis_api.partners.webhooks.secrets import unseal
from navis_api.records.sealing.master_key import LocalMasterKey
from tests.cli.typing_commands import typed
from tests.flows.processes import environment

WEBHOOK = ["partners", "webhook"]
URL = "https://portal.example/hooks?token=canary"


@pytest.fixture
def env(tmp_path: Path, sample_database_url: str) -> dict[str, str]:
    env = environment(tmp_path / "data", NAVIS_DATABASE_URL=sample_database_url)
    typed(["partners", "create", "Clinic"], env)
    typed(["partners", "key", "Clinic", "--kind", "secret", "--scope", "webhooks"], env)
    return env


@pytest.fixture
async def rows(sample_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(asyncpg_address(sample_database_url))
    yield connection
    await connection.close()


async def test_an_endpoint_is_added_changed_told_once_more_and_removed(
    env: dict[str, str], rows: asyncpg.Connection
) -> None:
    made = typed([*WEBHOOK, "add", "clinic", "--url", URL, "--event", "answer.stale"], env)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("whsec_")
    (listed,) = map(json.loads, typed([*WEBHOOK, "list", "--json"], env).stdout.splitlines())
    assert (listed["url"], listed["events"], listed["state"]) == (URL, ["answer.stale"], "ACTIVE")
    id_ = listed["id"]
    changed = typed(
        [*WEBHOOK, "set", id_, "--cancer", "liver-cancer", "--event", "answer.retracted"], env
    )
    assert "answer.retracted · liver-cancer · active" in changed.stdout, changed.stderr
    rotated = json.loads(typed([*WEBHOOK, "rotate", id_, "--json"], env).stdout)
    assert rotated["secret"] != secret
    assert rotated["oldSecretUntil"]

    # As if an answer on liver cancer had been taken back.
    await rows.execute(
        "UPDATE published_changes SET kind = 'RETRACTED' WHERE answer_id = (SELECT a.id"
        " FROM answers a JOIN questions q ON q.id = a.question_id"
        " JOIN cancers c ON c.id = q.cancer_id WHERE c.slug = 'liver-cancer' LIMIT 1)"
    )
    shown = typed([*WEBHOOK, "deliveries", id_, "--json"], env)
    (delivery,) = map(json.loads, shown.stdout.splitlines())
    assert (delivery["type"], delivery["state"]) == ("answer.retracted", "PENDING")
    await rows.execute("UPDATE webhook_deliveries SET state = 'GIVEN_UP', ended_at = now()")
    again = typed([*WEBHOOK, "redeliver", delivery["id"]], env)
    assert "answer.retracted" in again.stdout
    assert "pending" in again.stdout, again.stderr
    assert typed([*WEBHOOK, "deliveries", id_, "--state", "delivered"], env).stdout == ""

    disabled = json.loads(typed([*WEBHOOK, "set", id_, "--disable", "--json"], env).stdout)
    assert disabled["state"] == "DISABLED"
    everything = typed([*WEBHOOK, "list", "Clinic"], env).stdout
    for each in (secret, rotated["secret"]):
        assert each not in everything
    assert typed([*WEBHOOK, "remove", id_], env).returncode == 0
    assert await rows.fetchval("SELECT count(*) FROM webhook_endpoints") == 0
    recorded = await rows.fetch(
        "SELECT action, actor_kind, detail::text FROM audit_events"
        " WHERE action LIKE 'webhook%' ORDER BY sequence"
    )
    assert [row[0].partition(".")[2] for row in recorded] == [
        *("create", "update", "rotate", "list", "redeliver", "list", "update", "remove")
    ]
    assert {row[1] for row in recorded} == {"SYSTEM"}
    assert "canary" not in str(recorded)


NOBODY = "00000000-0000-0000-0000-000000000000"


async def test_what_makes_no_sense_ends_with_2_and_changes_nothing(
    env: dict[str, str], rows: asyncpg.Connection
) -> None:
    for arguments in (
        ["add", "Nobody", "--url", URL],
        ["add", "Clinic", "--url", "portal.example"],
        ["add", "Clinic", "--url", URL, "--event", "answer.eaten"],
        ["add", "Clinic", "--url", URL, "--cancer", "no-such-cancer"],
        ["set", NOBODY, "--enable"],
        ["deliveries", NOBODY],
        ["redeliver", NOBODY],
        ["remove", "x"],
    ):
        refused = typed([*WEBHOOK, *arguments], env)
        assert (refused.returncode, refused.stdout) == (2, ""), (arguments, refused.stderr)
        assert refused.stderr
    assert await rows.fetchval("SELECT count(*) FROM webhook_endpoints") == 0


async def test_in_production_no_private_address_is_taken_whatever_is_set(
    env: dict[str, str], rows: asyncpg.Connection
) -> None:
    production = {
        **env,
        "NAVIS_ENVIRONMENT": "production",
        "NAVIS_WEBHOOK_PRIVATE_ADDRESSES": "true",
    }
    for url in ("http://portal.example/", "https://localhost/", "https://10.0.0.1/"):
        assert typed([*WEBHOOK, "add", "Clinic", "--url", url], production).returncode == 2
        assert await rows.fetchval("SELECT count(*) FROM webhook_endpoints") == 0
    assert typed([*WEBHOOK, "add", "Clinic", "--url", URL], production).returncode == 0


async def test_a_new_master_key_opens_the_secrets_and_the_former_one_does_not(
    env: dict[str, str], tmp_path: Path, rows: asyncpg.Connection
) -> None:
    made = json.loads(typed([*WEBHOOK, "add", "Clinic", "--url", URL, "--json"], env).stdout)
    new = json.loads(typed([*WEBHOOK, "rotate", made["id"], "--json"], env).stdout)
    place = tmp_path / "data" / "keys" / "master.json"
    before = place.read_bytes()
    rotated = typed(["keys", "rotate"], env)
    assert "1 webhook endpoints" in rotated.stdout, rotated.stderr
    assert place.read_bytes() != before
    row = await rows.fetchrow("SELECT id, secret, old_secret FROM webhook_endpoints")
    assert row is not None
    for sealed, text in ((row["secret"], new["secret"]), (row["old_secret"], made["secret"])):
        secret = await unseal(sealed, UUID(str(row["id"])), LocalMasterKey(place))
        assert secret.text == text
