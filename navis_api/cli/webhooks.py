"""Commands on webhooks: `partners webhook add|list|set|rotate|remove|deliveries|redeliver`."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.repository import load_catalogue
from navis_api.cli.administering import (
    OVERLAP_HOURS,
    AnyPartnerName,
    AsJson,
    PartnerName,
    done,
    json_line,
    partners_named,
    print_secret,
)
from navis_api.cli.terminal_text import harmless
from navis_api.db.paging import MAX_PAGE, PageRequest
from navis_api.partners.acting import Acting
from navis_api.partners.models import Partner
from navis_api.partners.service import require_partner_named
from navis_api.partners.webhooks import log, service
from navis_api.partners.webhooks.message import webhook_id
from navis_api.partners.webhooks.models import DeliveryState, EventType
from navis_api.partners.webhooks.repository import Told
from navis_api.partners.webhooks.service import Endpoint, EndpointRules, NewSecret
from navis_api.records.sealing.storage import local_master_key
from navis_api.settings import Settings

_A_SCREEN = 20

EndpointId = Annotated[UUID, typer.Argument(help="Its id, as `webhook list` has it.")]
Events = Annotated[
    list[EventType] | None,
    typer.Option("--event", help="What it is told of: answer.published. Repeatable."),
]
Cancers = Annotated[
    list[str] | None,
    typer.Option("--cancer", help="Slug of a cancer, its subtypes included. Repeatable."),
]

webhook = typer.Typer(
    name="webhook", help="Where partners are told of changes.", no_args_is_help=True
)


@webhook.command()
def add(
    name: PartnerName,
    *,
    url: Annotated[str, typer.Option(help="Where to post: https://portal.example/webhooks.")],
    event: Events = None,
    cancer: Cancers = None,
    as_json: AsJson = False,
) -> None:
    """Tell a partner of changes at an address, of all unless named; print the secret this once."""

    async def make(session: AsyncSession, acting: Acting) -> tuple[NewSecret, Catalogue]:
        partner = await require_partner_named(session, name)
        catalogue = await load_catalogue(session)
        made = await service.create_endpoint(
            session,
            partner.id,
            url=url,
            events=event or tuple(EventType),
            cancers=cancer or (),
            rules=_rules(),
            catalogue=catalogue,
            acting=acting,
        )
        return made, catalogue

    _print_new(*done(make), as_json=as_json)


@webhook.command("list")
def list_(
    name: AnyPartnerName = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the endpoints of a partner, or of all."""

    async def all_of_them(
        session: AsyncSession, acting: Acting
    ) -> tuple[list[tuple[Partner, list[Endpoint]]], Catalogue]:
        found = await partners_named(session, name)
        endpoints = await service.endpoints_by_partner(
            session, [each.id for each in found], now=acting.now
        )
        return [(each, endpoints[each.id]) for each in found], await load_catalogue(session)

    found, catalogue = done(all_of_them)
    for partner, endpoints in found:
        for each in endpoints:
            if as_json:
                typer.echo(json_line({"partner": partner.name, **_values(each, catalogue)}))
            else:
                typer.echo(f"{harmless(partner.name)} · {_line(each, catalogue)}")


@webhook.command("set")
def set_(
    endpoint_id: EndpointId,
    *,
    url: Annotated[str | None, typer.Option(help="Its new address.")] = None,
    event: Events = None,
    cancer: Cancers = None,
    all_cancers: Annotated[bool, typer.Option("--all-cancers", help="Of every cancer.")] = False,
    enabled: Annotated[
        bool | None,
        typer.Option("--enable/--disable", help="Whether anything is sent to it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change an endpoint; what isn't named stays as it is."""

    async def change(session: AsyncSession, acting: Acting) -> tuple[Endpoint, Catalogue]:
        catalogue = await load_catalogue(session)
        changed = await service.update_endpoint(
            session,
            endpoint_id,
            url=url,
            events=event or None,
            cancers=[] if all_cancers else cancer or None,
            enabled=enabled,
            rules=_rules(),
            catalogue=catalogue,
            acting=acting,
        )
        return changed, catalogue

    changed, catalogue = done(change)
    typer.echo(json_line(_values(changed, catalogue)) if as_json else _line(changed, catalogue))


@webhook.command()
def rotate(
    endpoint_id: EndpointId,
    *,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="For how many hours the old secret signs too.")
    ] = OVERLAP_HOURS,
    as_json: AsJson = False,
) -> None:
    """Make a secret in the place of an endpoint's and print it: this once, and never again."""

    async def make(session: AsyncSession, acting: Acting) -> tuple[NewSecret, Catalogue]:
        made = await service.rotate_secret(
            session,
            endpoint_id,
            overlap=timedelta(hours=overlap_hours),
            rules=_rules(),
            acting=acting,
        )
        return made, await load_catalogue(session)

    _print_new(*done(make), as_json=as_json)


@webhook.command()
def remove(endpoint_id: EndpointId, *, as_json: AsJson = False) -> None:
    """Remove an endpoint for good, with the log of what was sent to it."""
    done(lambda session, acting: service.remove_endpoint(session, endpoint_id, acting=acting))
    typer.echo(json_line({"removed": endpoint_id}) if as_json else f"{endpoint_id} is removed.")


@webhook.command()
def deliveries(
    endpoint_id: EndpointId,
    *,
    state: Annotated[
        DeliveryState | None, typer.Option(case_sensitive=False, help="Only those in this state.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MAX_PAGE, help="How many.")] = _A_SCREEN,
    as_json: AsJson = False,
) -> None:
    """Print what an endpoint was to be told, the newest first, and how it went."""
    page = done(
        lambda session, acting: log.list_deliveries(
            session, endpoint_id, state, PageRequest(limit), acting=acting
        )
    )
    for told in page.rows:
        typer.echo(json_line(_delivery(told)) if as_json else _delivery_line(told))


@webhook.command()
def redeliver(
    delivery_id: Annotated[UUID, typer.Argument(help="Its id, as `webhook deliveries` has it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell an endpoint of something once more, or now and not only later."""
    told = done(lambda session, acting: log.redeliver(session, delivery_id, acting=acting))
    typer.echo(json_line(_delivery(told)) if as_json else _delivery_line(told))


def _rules() -> EndpointRules:
    settings = Settings()
    return EndpointRules(private=settings.webhooks_to_private, sealing=local_master_key(settings))


def _print_new(made: NewSecret, catalogue: Catalogue, *, as_json: bool) -> None:
    note = f"Endpoint {made.endpoint.row.id}. The secret is shown this once: keep it."
    print_secret(made.secret, _values(made.endpoint, catalogue), note, as_json=as_json)


def _line(endpoint: Endpoint, catalogue: Catalogue) -> str:
    row = endpoint.row
    cancers = ", ".join(_cancers(endpoint, catalogue)) or "every cancer"
    state = endpoint.state.lower()
    if row.failing_since is not None:
        state += f", failing since {row.failing_since:%Y-%m-%d %H:%M} UTC"
    return " · ".join((str(row.id), harmless(row.url), ", ".join(row.events), cancers, state))


def _values(endpoint: Endpoint, catalogue: Catalogue) -> dict[str, Any]:
    row = endpoint.row
    return {
        "id": row.id,
        "partnerId": row.partner_id,
        "url": row.url,
        "events": list(row.events),
        "cancers": _cancers(endpoint, catalogue),
        "state": endpoint.state.value,
        "failingSince": row.failing_since,
        "disabledAt": row.disabled_at,
        "oldSecretUntil": row.old_secret_until,
        "createdAt": row.created_at,
    }


def _cancers(endpoint: Endpoint, catalogue: Catalogue) -> list[str]:
    known = catalogue.by_id
    return [known[each].slug for each in endpoint.row.cancer_ids if each in known]


def _delivery_line(told: Told) -> str:
    last = told.attempts[-1] if told.attempts else None
    how = "not tried" if last is None else str(last.status or (last.failure or "").lower())
    return " · ".join(
        (
            str(told.delivery.id),
            f"{told.event.at:%Y-%m-%d %H:%M} UTC",
            told.event.type.value,
            told.event.slug,
            told.delivery.state.lower(),
            f"{how}, attempt {told.delivery.attempts}",
        )
    )


def _delivery(told: Told) -> dict[str, Any]:
    return {
        "id": told.delivery.id,
        "webhookId": webhook_id(told.event.id),
        "type": told.event.type.value,
        "at": told.event.at,
        "answerId": told.event.answer_id,
        "slug": told.event.slug,
        "revision": told.event.revision,
        "state": told.delivery.state.value,
        "nextAttemptAt": told.delivery.next_attempt_at,
        "endedAt": told.delivery.ended_at,
        "attempts": [
            {
                "number": each.number,
                "at": each.at,
                "tookMs": each.took_ms,
                "status": each.status,
                "failure": each.failure,
            }
            for each in told.attempts
        ],
    }
