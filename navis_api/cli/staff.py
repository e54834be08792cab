"""Commands on the staff: `staff save`, `staff list`. They make the first administrator, too."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import SYSTEM_ACTOR, Origin
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import InvalidInput
from navis_api.kit.clock import utc_now
from navis_api.review import people
from navis_api.review import repository as reviews
from navis_api.review.models import StaffMember, StaffRole
from navis_api.review.people import StaffDraft
from navis_api.settings import Settings

DEVELOPMENT_CREDENTIALS = "Made up for development"

_ORIGIN = Origin(address="navis-api", request_id=None)

staff = typer.Typer(
    name="staff",
    help="Who reviews, publishes and administers.",
    no_args_is_help=True,
)


@staff.command()
def save(
    *,
    subject: Annotated[str, typer.Option(help="The `sub` of their access tokens.")],
    role: Annotated[StaffRole, typer.Option(help="What they do.", case_sensitive=False)],
    name: Annotated[str, typer.Option(help="Their name, as readers see it.")],
    credentials: Annotated[str, typer.Option(help="What qualifies a reviewer; shown.")] = "",
    cancer: Annotated[
        list[str] | None,
        typer.Option(help="Slug of a cancer that a reviewer decides on. May be repeated."),
    ] = None,
    all_cancers: Annotated[bool, typer.Option(help="They decide on every cancer.")] = False,
    active: Annotated[bool, typer.Option(help="Whether they are on the staff.")] = True,
) -> None:
    """Put somebody on the staff, or change what is known under their subject."""
    with database_address(Settings()) as address:
        member = run(
            _save(
                command_database(address),
                subject=subject,
                role=role,
                name=name,
                credentials=credentials,
                slugs=cancer or (),
                all_cancers=all_cancers,
                active=active,
            )
        )
    typer.echo(f"{member.name} is {member.role.lower()}{'' if member.active else ', inactive'}.")


@staff.command("list")
def list_(
    *, as_json: Annotated[bool, typer.Option("--json", help="As JSON lines.")] = False
) -> None:
    """Print who is on the staff."""
    with database_address(Settings()) as address:
        for line in run(_listed(command_database(address), as_json=as_json)):
            typer.echo(line)


async def _save(
    database: Database,
    *,
    subject: str,
    role: StaffRole,
    name: str,
    credentials: str,
    slugs: Sequence[str],
    all_cancers: bool,
    active: bool,
) -> StaffMember:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            catalogue = await cancers.load_catalogue(session)
            draft = StaffDraft(
                subject=subject,
                role=role,
                name=name,
                credentials=credentials,
                cancer_ids=_ids(catalogue, slugs),
                all_cancers=all_cancers,
                active=active,
            )
            return await _saved(session, draft, catalogue)
    finally:
        await database.close()


async def _saved(session: AsyncSession, draft: StaffDraft, catalogue: Catalogue) -> StaffMember:
    return await people.save_member(
        session, draft, actor=SYSTEM_ACTOR, catalogue=catalogue, now=utc_now(), origin=_ORIGIN
    )


def _ids(catalogue: Catalogue, slugs: Sequence[str]) -> tuple[UUID, ...]:
    unknown = [slug for slug in slugs if slug not in catalogue.by_slug]
    if unknown:
        raise InvalidInput(f"The catalogue has no cancer `{unknown[0]}`.")
    return tuple(catalogue.by_slug[slug].id for slug in slugs)


async def register_made_up(
    database: Database, *, subject: str, role: StaffRole, slugs: Sequence[str]
) -> StaffMember | None:
    """Put a made-up person on the staff, for development; None when they are there already.

    Without `slugs` they decide on every cancer.
    """
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            if await reviews.get_member(session, subject) is not None:
                return None
            catalogue = await cancers.load_catalogue(session)
            draft = StaffDraft(
                subject=subject,
                role=role,
                name=subject,
                credentials=DEVELOPMENT_CREDENTIALS,
                cancer_ids=_ids(catalogue, slugs),
                all_cancers=not slugs,
            )
            return await _saved(session, draft, catalogue)
    finally:
        await database.close()


async def _listed(database: Database, *, as_json: bool) -> list[str]:
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            members = await people.list_members(session)
            catalogue = await cancers.load_catalogue(session)
    finally:
        await database.close()
    return [_line(member, catalogue, as_json=as_json) for member in members]


def _line(member: StaffMember, catalogue: Catalogue, *, as_json: bool) -> str:
    slugs = sorted(catalogue.by_id[id_].slug for id_ in member.cancer_ids if id_ in catalogue.by_id)
    if as_json:
        return orjson.dumps(
            {
                "subject": member.subject,
                "role": member.role.value,
                "name": member.name,
                "credentials": member.credentials,
                "cancers": slugs,
                "allCancers": member.all_cancers,
                "active": member.active,
            }
        ).decode()
    on = "all cancers" if member.all_cancers else ", ".join(slugs)
    parts = [member.subject, member.role.lower(), member.name, member.credentials, on]
    return " · ".join(part for part in parts if part) + ("" if member.active else " · inactive")
