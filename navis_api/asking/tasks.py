"""What the worker does for asking, from time to time."""

from datetime import datetime, timedelta

from navis_api.asking import repository
from navis_api.db.sessions import SYSTEM_ROWS, Database


async def forget_idempotency_keys(database: Database, *, now: datetime, ttl_s: float) -> None:
    """Remove the idempotency keys whose time is over."""
    async with database.writing(SYSTEM_ROWS) as session:
        await repository.forget_keys(session, before=now - timedelta(seconds=ttl_s))
