"""Waiting, after something was published or retracted, until no process serves what was before.

What was committed is committed, whatever happens here; this is about when to say so. See
docs/decisions/0022.
"""

import asyncio
import time

import structlog
from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.exc import DBAPIError

from navis_api.answers.publication_lease import LEASE_S
from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import ANONYMOUS_ROWS, Database, DatabaseBusy
from navis_api.telemetry import describe_failure

_log = structlog.get_logger(__name__)

_FIRST_PAUSE_S = 0.002
_LONGEST_PAUSE_S = 0.05
_BEHIND = text("SELECT publication, behind FROM navis_readers_behind(:publication)").bindparams(
    bindparam("publication", type_=BigInteger)
)


async def until_readers_follow(database: Database) -> None:
    """Wait until every process serves what is published now, and nothing that was before.

    To be called after the commit and before the response to whoever had it done. It takes
    as long as the processes need to hear of it, some milliseconds; a process that is deaf
    is waited for until its lease is over, and never longer.
    """
    over_at = time.monotonic() + LEASE_S
    publication: int | None = None
    pause = _FIRST_PAUSE_S
    try:
        while time.monotonic() < over_at:
            publication, behind = await _behind(database, publication)
            if not behind:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)
    except (DBAPIError, DatabaseBusy, *CONNECTION_FAILURES) as failure:
        # Nobody can be asked. Every lease that was given before the commit ends by itself.
        _log.warning("fence.unseen", failure=describe_failure(failure))
        await asyncio.sleep(max(over_at - time.monotonic(), 0))
        return
    _log.warning("fence.waited_for_a_lease", publication=publication)


async def _behind(database: Database, publication: int | None) -> tuple[int, int]:
    """Return which publication is waited for, and how many processes may not know of it."""
    async with database.writing(ANONYMOUS_ROWS) as session:
        row = (await session.execute(_BEHIND, {"publication": publication})).one()
    return row.publication, row.behind
