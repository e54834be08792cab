"""Partners and keys, as administrators keep them, and as the database does."""

import json
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.identity.viewer import KeyScope
from navis_api.partners import keys, service
from navis_api.partners.acting import Acting
from navis_api.partners.errors import AdministratorsOnly, PartnerKeyUnknown, PartnerUnknown
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.partners.keys import KeyDraft
from tests.db.rows import app_connection
from tests.partners.world import ADMINISTRATOR, NOON, PORTAL, Partners, acting

HOUR = timedelta(hours=1)


@pytest.fixture
def partners(database: Database) -> Partners:
    return Partners(database)


async def test_a_key_is_stored_as_a_hash_and_nowhere_as_itself(
    partners: Partners, owner: asyncpg.Connection
) -> None:
    made = await partners.key(await partners.partner())
    stored = str(await owner.fetchval("SELECT to_jsonb(k)::text FROM partner_keys k"))
    recorded = str(
        await owner.fetchval("SELECT string_agg(to_jsonb(e)::text, '') FROM audit_events e")
    )
    body = made.secret.split("_")[3][:43]
    assert body not in stored
    assert body not in recorded
    assert made.secret not in repr(made)
    assert json.loads(stored)["last_four"] == made.secret[-4:]


async def test_what_is_done_is_recorded(partners: Partners, owner: asyncpg.Connection) -> None:
    partner = await partners.partner()
    made = await partners.key(partner)
    async with partners.database.writing(ADMINISTRATOR) as session:
        await service.update_partner(session, partner.id, name=None, origins=[], acting=acting())
    async with partners.database.writing(ADMINISTRATOR) as session:
        new = await keys.rotate_key(session, made.key.id, overlap=HOUR, acting=acting())
    await partners.revoke(made)
    rows = await owner.fetch("SELECT action, object_id, detail FROM audit_events ORDER BY sequence")
    assert [(row[0], row[1]) for row in rows] == [
        ("partner.create", str(partner.id)),
        ("partner_key.create", str(made.key.id)),
        ("partner.update", str(partner.id)),
        ("partner_key.rotate", str(new.key.id)),
        ("partner_key.revoke", str(made.key.id)),
    ]
    assert json.loads(rows[3][2])["replaces"] == str(made.key.id)


async def test_a_rotated_key_goes_on_until_the_overlap_is_over(partners: Partners) -> None:
    partner = await partners.partner()
    made = await partners.key(partner, points=500, restored_per_s=5)
    async with partners.database.writing(ADMINISTRATOR) as session:
        new = await keys.rotate_key(session, made.key.id, overlap=HOUR, acting=acting())
    old, stored = await partners.keys(partner)
    assert old.expires_at == NOON + HOUR
    assert not keys.has_ended(old, now=NOON + HOUR - timedelta(seconds=1))
    assert keys.has_ended(old, now=NOON + HOUR)
    assert stored.replaces_id == old.id
    assert (stored.kind, stored.scopes, stored.points) == (old.kind, old.scopes, 500)
    assert stored.expires_at is None
    assert new.secret != made.secret


async def test_rotating_again_puts_no_end_off(partners: Partners) -> None:
    partner = await partners.partner()
    made = await partners.key(partner)
    for overlap in (HOUR, 5 * HOUR):
        async with partners.database.writing(ADMINISTRATOR) as session:
            await keys.rotate_key(session, made.key.id, overlap=overlap, acting=acting())
    assert (await partners.keys(partner))[0].expires_at == NOON + HOUR


async def test_a_key_that_has_ended_is_not_rotated(
    partners: Partners, owner: asyncpg.Connection
) -> None:
    made = await partners.key(await partners.partner())
    await partners.revoke(made)
    with pytest.raises(InvalidInput):
        async with partners.database.writing(ADMINISTRATOR) as session:
            await keys.rotate_key(session, made.key.id, overlap=HOUR, acting=acting())
    assert await owner.fetchval("SELECT count(*) FROM partner_keys") == 1


async def test_revoking_twice_changes_nothing(
    partners: Partners, owner: asyncpg.Connection
) -> None:
    made = await partners.key(await partners.partner())
    await partners.revoke(made)
    async with partners.database.writing(ADMINISTRATOR) as session:
        again = await keys.revoke_key(session, made.key.id, acting=acting(NOON + HOUR))
    assert again.revoked_at == NOON
    count = "SELECT count(*) FROM audit_events WHERE action = 'partner_key.revoke'"
    assert await owner.fetchval(count) == 1


async def test_two_partners_have_no_name_in_common(
    partners: Partners, owner: asyncpg.Connection
) -> None:
    partner = await partners.partner("A portal")
    await partners.partner("Another")
    with pytest.raises(InvalidInput):
        await partners.partner("  a   PORTAL ")
    async with partners.database.writing(ADMINISTRATOR) as session:
        # Its own name is no obstacle.
        renamed = await service.update_partner(
            session, partner.id, name="a Portal", origins=None, acting=acting()
        )
    assert renamed.origins == [PORTAL]
    assert await owner.fetchval("SELECT count(*) FROM partners") == 2


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb\x07", "a\u202eb"])
async def test_a_name_is_one_line_that_can_be_read(
    partners: Partners, owner: asyncpg.Connection, name: str
) -> None:
    with pytest.raises(InvalidInput):
        await partners.partner(name)
    assert await owner.fetchval("SELECT count(*) FROM partners") == 0


PUBLIC = KeyDraft(KeyKind.PUBLIC)
SECRET = KeyDraft(KeyKind.SECRET)


@pytest.mark.parametrize(
    "draft",
    [
        replace(SECRET, scopes=[]),
        replace(PUBLIC, scopes=[KeyScope.READ_CONTENT, KeyScope.WEBHOOKS]),
        replace(SECRET, expires_at=NOON),
        replace(SECRET, expires_at=(NOON + HOUR).replace(tzinfo=None)),
        replace(SECRET, points=5),
        replace(SECRET, restored_per_s=5),
        replace(SECRET, points=0, restored_per_s=5),
        replace(SECRET, points=-1, restored_per_s=5),
        replace(SECRET, points=5, restored_per_s=10**12),
        replace(SECRET, api_version="2020-01-01"),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(
    partners: Partners, owner: asyncpg.Connection, draft: KeyDraft
) -> None:
    partner = await partners.partner()
    with pytest.raises(InvalidInput):
        async with partners.database.writing(ADMINISTRATOR) as session:
            await keys.create_key(session, partner.id, draft, acting=acting())
    assert await owner.fetchval("SELECT count(*) FROM partner_keys") == 0


@pytest.mark.parametrize("kind", ["ANONYMOUS", "PATIENT", "REVIEWER", "EDITOR", "PARTNER"])
async def test_only_administrators_keep_partners(partners: Partners, kind: str) -> None:
    made = await partners.key(partner := await partners.partner())
    someone = acting(kind=kind)
    async with partners.database.writing(ADMINISTRATOR) as session:
        for refused in (
            service.create_partner(session, name="New", origins=[], acting=someone),
            service.update_partner(session, partner.id, name="x", origins=None, acting=someone),
            keys.create_key(session, partner.id, SECRET, acting=someone),
            keys.rotate_key(session, made.key.id, overlap=HOUR, acting=someone),
            keys.revoke_key(session, made.key.id, acting=someone),
        ):
            with pytest.raises(AdministratorsOnly):
                await refused


async def test_what_is_not_there_is_not_found(partners: Partners) -> None:
    made = await partners.key(partner := await partners.partner())
    async with partners.database.writing(ADMINISTRATOR) as session:
        with pytest.raises(PartnerKeyUnknown):
            await keys.revoke_key(session, partner.id, acting=acting())
        with pytest.raises(PartnerUnknown):
            await keys.create_key(session, made.key.id, SECRET, acting=acting())


# The database's own rules

ROWS = {
    "anonymous": ("", ""),
    "patient": ("patient", "patient-1"),
    "reviewer": ("reviewer", "reviewer-1"),
    "editor": ("editor", "editor-1"),
    "partner": ("partner", "partner-1"),
    "unknown role": ("Administrator", "x"),
}
KEEPERS = {"administrator": ("administrator", "administrator-1"), "system": ("system", "")}


async def _counts(address: str, role: str, subject: str) -> tuple[int | None, ...]:
    async with app_connection(address, role=role, subject=subject) as connection:
        seen = [
            await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("partners", "partner_keys")
        ]
        changed = [
            int((await connection.execute(statement)).split()[-1])
            for statement in (
                "UPDATE partners SET origins = origins",
                "UPDATE partner_keys SET last_used_at = last_used_at",
            )
        ]
    return (*seen, *changed)


async def test_by_sql_nobody_but_administrators_and_ourselves_gets_at_partners(
    partners: Partners, database_url: str
) -> None:
    await partners.key(await partners.partner())
    for name, viewer in ROWS.items():
        assert await _counts(database_url, *viewer) == (0, 0, 0, 0), name
        async with app_connection(database_url, role=viewer[0], subject=viewer[1]) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "INSERT INTO partners VALUES (gen_random_uuid(), 'x', '{}', now(), now())"
                )
    for name, viewer in KEEPERS.items():
        assert await _counts(database_url, *viewer) == (1, 1, 1, 1), name


async def test_the_check_above_would_see_a_broken_policy(
    partners: Partners, database_url: str, owner: asyncpg.Connection
) -> None:
    await partners.key(await partners.partner())
    for table in ("partners", "partner_keys"):
        await owner.execute(f"ALTER POLICY ours ON {table} USING (true) WITH CHECK (true)")
    for viewer in ROWS.values():
        assert await _counts(database_url, *viewer) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("UPDATE partner_keys SET revoked_at = NULL", asyncpg.CheckViolationError),
        (
            "UPDATE partner_keys SET expires_at = expires_at + interval '1s'",
            asyncpg.CheckViolationError,
        ),
        ("UPDATE partner_keys SET expires_at = NULL", asyncpg.CheckViolationError),
        ("UPDATE partner_keys SET digest = digest", asyncpg.InsufficientPrivilegeError),
        ("UPDATE partner_keys SET scopes = '{ASK}'", asyncpg.InsufficientPrivilegeError),
        ("DELETE FROM partner_keys", asyncpg.InsufficientPrivilegeError),
        ("DELETE FROM partners", asyncpg.InsufficientPrivilegeError),
    ],
)
async def test_a_key_that_has_ended_can_not_be_brought_back_by_sql(
    partners: Partners, database_url: str, statement: str, refused: type[Exception]
) -> None:
    made = await partners.key(await partners.partner(), expires_at=NOON + HOUR)
    await partners.revoke(made)
    async with app_connection(database_url, role="system") as connection:
        with pytest.raises(refused):
            await connection.execute(statement)
        # Sooner is allowed.
        await connection.execute("UPDATE partner_keys SET expires_at = '2020-01-01Z'")


@pytest.mark.parametrize(
    "change",
    [
        "scopes = '{}'",
        "scopes = '{EVERYTHING}'",
        "kind = 'PUBLIC', scopes = '{WEBHOOKS}'",
        "kind = 'OTHER'",
        "environment = 'OTHER'",
        "points = 5",
        "points = 0, restored_per_s = 1",
        "digest = '\\x00'",
    ],
)
async def test_the_table_holds_no_key_that_makes_no_sense(
    partners: Partners, owner: asyncpg.Connection, change: str
) -> None:
    await partners.key(await partners.partner(), environment=KeyEnvironment.TEST)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(f"UPDATE partner_keys SET {change}")


async def test_our_own_code_keeps_partners_too(partners: Partners) -> None:
    async with partners.database.writing(SYSTEM_ROWS) as session:
        made = await service.create_partner(
            session, name="By command", origins=[], acting=Acting(SYSTEM_ACTOR, NOON)
        )
    assert made.name == "By command"
