"""Keeping a job until it is done, also where the queue itself could not be asked."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pgqueuer.adapters.persistence.queries import Queries

if TYPE_CHECKING:
    from pgqueuer.domain.models import Job, TracebackRecord
    from pgqueuer.domain.types import JOB_STATUS

_DONE = "successful"


class KeepingQueries(Queries):
    """The queue's statements, by which only what was done leaves the queue.

    pgqueuer 1.6 gives a job back by one statement. Where that fails, because the database is
    away, or where its task was cancelled meanwhile, it writes the job down as one that ended
    in an error, as soon as the database is there again, and removes it: nobody does it any
    more.
    """

    async def log_jobs(
        self, job_status: "list[tuple[Job, JOB_STATUS, TracebackRecord | None]]"
    ) -> None:
        """Remove what was done, and put everything else back.

        What can't be written is given here again, or lies with this worker until its heartbeat
        is too old, and another takes it. What is put back twice is done once.
        """
        done = [each for each in job_status if each[1] == _DONE]
        if done:
            await super().log_jobs(done)
        for job, status, _ in job_status:
            if status != _DONE:
                await self.retry_job(job, timedelta(0), None)
