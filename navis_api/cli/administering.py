"""What commands on partners have in common: a transaction of ours, partners, what is printed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import SYSTEM_ACTOR, Origin
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.partners import repository
from navis_api.partners.acting import Acting
from navis_api.partners.models import Partner
from navis_api.partners.service import require_partner_named
from navis_api.settings import Settings

OVERLAP_HOURS = 24

_ORIGIN = Origin(address="navis-api", request_id=None)

Result = TypeVar("Result")
Work = Callable[[AsyncSession, Acting], Awaitable[Result]]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON lines.")]
PartnerName: TypeAlias = Annotated[str, typer.Argument(help="The partner's name.")]
AnyPartnerName: TypeAlias = Annotated[
    str | None, typer.Argument(help="A partner's name. Left out: all.")
]


def done(work: Work[Result]) -> Result:
    """Do something in one transaction, acting for whoever operates the service."""
    with database_address(Settings()) as address:
        return run(_in_a_transaction(command_database(address), work))


async def partners_named(session: AsyncSession, name: str | None) -> list[Partner]:
    """Return the partner with this name; None: all of them. Raises PartnerUnknown."""
    if name is None:
        return list(await repository.list_all(session))
    return [await require_partner_named(session, name)]


async def _in_a_transaction(database: Database, work: Work[Result]) -> Result:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            return await work(session, Acting(SYSTEM_ACTOR, utc_now(), _ORIGIN))
    finally:
        await database.close()


def print_secret(secret: str, values: Mapping[str, Any], note: str, *, as_json: bool) -> None:
    """Print a secret that is shown once: alone, with a note beside the output, or with values."""
    if as_json:
        typer.echo(json_line({**values, "secret": secret}))
        return
    # Alone on the output, so that it can be piped to where secrets are kept.
    typer.echo(secret)
    typer.echo(note, err=True)


def json_line(values: Mapping[str, Any]) -> str:
    """Return values as one line of JSON."""
    return orjson.dumps(values, default=str).decode()
