"""What commands on partners have in common: a transaction of ours, and JSON lines."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias, TypeVar

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.service import SYSTEM_ACTOR, Origin
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.kit.clock import utc_now
from navis_api.partners.acting import Acting
from navis_api.settings import Settings

OVERLAP_HOURS = 24

_ORIGIN = Origin(address="navis-api", request_id=None)

Result = TypeVar("Result")
Work = Callable[[AsyncSession, Acting], Awaitable[Result]]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON lines.")]
PartnerName: TypeAlias = Annotated[str, typer.Argument(help="The partner's name.")]


def done(work: Work[Result]) -> Result:
    """Do something in one transaction, acting for whoever operates the service."""
    with database_address(Settings()) as address:
        return run(_in_a_transaction(command_database(address), work))


async def _in_a_transaction(database: Database, work: Work[Result]) -> Result:
    try:
        async with database.writing(SYSTEM_ROWS) as session:
            return await work(session, Acting(SYSTEM_ACTOR, utc_now(), _ORIGIN))
    finally:
        await database.close()


def json_line(values: dict[str, Any]) -> str:
    """Return values as one line of JSON."""
    return orjson.dumps(values, default=str).decode()
