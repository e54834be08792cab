"""How the queue stands: what waits in it, by task, and for how long."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_STANDING = text(
    "SELECT entrypoint, count(*) FILTER (WHERE status = 'queued'),"
    " count(*) FILTER (WHERE status = 'picked'),"
    " coalesce(extract(epoch FROM now() - min(execute_after)"
    " FILTER (WHERE status = 'queued' AND execute_after <= now())), 0)"
    " FROM pgqueuer GROUP BY entrypoint ORDER BY entrypoint"
)


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """A task's jobs: how many wait, how many are at work, how long the oldest has been due."""

    task: str
    waiting: int
    at_work: int
    oldest_s: float


async def standing_of_queue(session: AsyncSession) -> list[TaskStanding]:
    """Return it for each task that has a job."""
    rows = await session.execute(_STANDING)
    return [TaskStanding(task, waiting, at, float(age)) for task, waiting, at, age in rows]
