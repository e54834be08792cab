"""Commands on partners: `partners create|key|list|rotate|revoke|origins|webhook`."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cli.administering import (
    OVERLAP_HOURS,
    AsJson,
    PartnerName,
    done,
    json_line,
    print_secret,
)
from navis_api.cli.partner_usage import reconcile, usage
from navis_api.cli.terminal_text import harmless
from navis_api.cli.webhooks import webhook
from navis_api.identity.viewer import KeyScope
from navis_api.kit.clock import utc_now
from navis_api.partners import keys as partner_keys
from navis_api.partners import repository, service
from navis_api.partners.acting import Acting
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.partners.keys import KeyDraft, NewKey
from navis_api.partners.models import Partner, PartnerKey

_MAX_DAYS = 3_650

Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", help="An origin of its pages: https://portal.example. Repeatable."),
]
KeyId = Annotated[UUID, typer.Argument(help="The key's id, as `partners list` has it.")]

partners = typer.Typer(
    name="partners", help="Partners, and the keys of their systems.", no_args_is_help=True
)
partners.add_typer(webhook)


@partners.command()
def create(name: PartnerName, *, origin: Origins = None, as_json: AsJson = False) -> None:
    """Add a partner."""
    made = done(
        lambda session, acting: service.create_partner(
            session, name=name, origins=origin or (), acting=acting
        )
    )
    typer.echo(_partner(made, as_json=as_json))


@partners.command()
def origins(name: PartnerName, *, origin: Origins = None, as_json: AsJson = False) -> None:
    """Put these in place of all origins of a partner's pages; without any, there are none."""

    async def change(session: AsyncSession, acting: Acting) -> Partner:
        found = await service.require_partner_named(session, name)
        return await service.update_partner(
            session, found.id, name=None, origins=origin or (), acting=acting
        )

    typer.echo(_partner(done(change), as_json=as_json))


@partners.command()
def key(
    name: PartnerName,
    *,
    kind: Annotated[
        KeyKind, typer.Option(case_sensitive=False, help="For pages, or for a server.")
    ],
    environment: Annotated[
        KeyEnvironment, typer.Option(case_sensitive=False, help="What it is for.")
    ] = KeyEnvironment.LIVE,
    scope: Annotated[
        list[KeyScope] | None,
        typer.Option(case_sensitive=False, help="What it may do: read_content unless given."),
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(min=1, max=_MAX_DAYS, help="Its end. Left out: none.")
    ] = None,
    points: Annotated[int | None, typer.Option(help="What its bucket of points holds.")] = None,
    restored_per_s: Annotated[int | None, typer.Option(help="Points back a second.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key for a partner and print it: this once, and never again."""

    async def make(session: AsyncSession, acting: Acting) -> NewKey:
        found = await service.require_partner_named(session, name)
        draft = KeyDraft(
            kind=kind,
            environment=environment,
            scopes=scope or (KeyScope.READ_CONTENT,),
            expires_at=acting.now + timedelta(days=expires_in_days) if expires_in_days else None,
            points=points,
            restored_per_s=restored_per_s,
        )
        return await partner_keys.create_key(session, found.id, draft, acting=acting)

    _print_new(done(make), as_json=as_json)


@partners.command()
def rotate(
    key_id: KeyId,
    *,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="For how many hours the old key goes on.")
    ] = OVERLAP_HOURS,
    as_json: AsJson = False,
) -> None:
    """Make a key in the place of another and print it: this once, and never again."""
    made = done(
        lambda session, acting: partner_keys.rotate_key(
            session, key_id, overlap=timedelta(hours=overlap_hours), acting=acting
        )
    )
    _print_new(made, as_json=as_json)


@partners.command()
def revoke(key_id: KeyId, *, as_json: AsJson = False) -> None:
    """Take a key back for good: within seconds it lets nobody in."""
    revoked = done(lambda session, acting: partner_keys.revoke_key(session, key_id, acting=acting))
    typer.echo(_key(revoked, utc_now(), as_json=as_json))


@partners.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Print the partners and their keys."""

    async def all_of_them(
        session: AsyncSession, acting: Acting
    ) -> list[tuple[Partner, list[PartnerKey]]]:
        del acting
        found = await repository.list_all(session)
        keys_of = await service.keys_by_partner(session, found)
        return [(each, keys_of[each.id]) for each in found]

    now = utc_now()
    for partner, its_keys in done(all_of_them):
        typer.echo(_partner(partner, its_keys, as_json=as_json))
        if not as_json:
            for each in its_keys:
                typer.echo(f"  {_key(each, now, as_json=False)}")


def _print_new(made: NewKey, *, as_json: bool) -> None:
    note = f"Key {made.key.id}. It is shown this once: keep it."
    print_secret(made.secret, _key_values(made.key), note, as_json=as_json)


def _partner(partner: Partner, its_keys: list[PartnerKey] | None = None, *, as_json: bool) -> str:
    if as_json:
        values: dict[str, Any] = {
            "id": partner.id,
            "name": partner.name,
            "origins": list(partner.origins),
        }
        if its_keys is not None:
            values["keys"] = [_key_values(each) for each in its_keys]
        return json_line(values)
    return " · ".join((harmless(partner.name), ", ".join(partner.origins) or "no origins"))


def _key(key: PartnerKey, now: datetime, *, as_json: bool) -> str:
    if as_json:
        return json_line(_key_values(key))
    if key.revoked_at is not None:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    elif key.expires_at is not None:
        verb = "expired" if partner_keys.has_ended(key, now=now) else "until"
        state = f"{verb} {key.expires_at:%Y-%m-%d %H:%M} UTC"
    else:
        state = "no end"
    used = f"used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
    kind = f"{key.kind.lower()} {key.environment.lower()}"
    scopes = ", ".join(key.scopes).lower()
    return " · ".join((str(key.id), kind, f"…{key.last_four}", scopes, state, used))


def _key_values(key: PartnerKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "partnerId": key.partner_id,
        "kind": key.kind.value,
        "environment": key.environment.value,
        "lastFour": key.last_four,
        "scopes": list(key.scopes),
        "apiVersion": key.api_version,
        "points": key.points,
        "restoredPerS": key.restored_per_s,
        "replaces": key.replaces_id,
        "createdAt": key.created_at,
        "expiresAt": key.expires_at,
        "revokedAt": key.revoked_at,
        "lastUsedAt": key.last_used_at,
    }


for command in (usage, reconcile):
    partners.command()(command)
