"""Telling endpoints what happened: a part of the worker, with places of its own.

Jobs of the queue wait for one another; a partner's server that doesn't answer for a quarter of a
minute must not make patients wait for their answers.
"""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic
from typing import Final

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.exc import DBAPIError

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.errors import OperatorFault
from navis_api.jobs.fanout import Fanout
from navis_api.kit.clock import Clock
from navis_api.kit.ids import new_id
from navis_api.metrics import Metrics
from navis_api.partners.webhooks import message, queue_repository, repository, schedule
from navis_api.partners.webhooks.models import Failure
from navis_api.partners.webhooks.queue_repository import Claimed
from navis_api.partners.webhooks.schedule import MOST_TRIES, Chance
from navis_api.partners.webhooks.secrets import Sealing, Secret, unseal
from navis_api.partners.webhooks.sending import Outcome, Sender
from navis_api.partners.webhooks.settling import Ended, settle
from navis_api.telemetry import describe_failure
from navis_api.tracing import Attribute, failed, span

WEBHOOKS_CHANNEL: Final = "navis_webhooks"
"""The database notifies here of every event that is to be delivered."""

DELIVER_WEBHOOK: Final = "deliver-webhook"
"""What a delivery is called among the jobs, in traces and figures."""

MOST_AT_AN_ENDPOINT: Final = 4
"""Requests to one endpoint at a time: the others have places left when it hangs."""

# What a look-up, a request and writing down how it ended may take, and some.
_LEASE_MARGIN_S: Final = 45.0
_LOOK_AGAIN_S: Final = 2.0
_TIDY_S: Final = 600.0
_TIDY_AT_ONCE: Final = 1_000
_FAILURES: Final = (*CONNECTION_FAILURES, DBAPIError, DatabaseBusy)

_log = structlog.get_logger(__name__)


class Deliveries:
    """Delivers what is due, some at a time, until it is stopped. Any number of these at once.

    `site` is the API's address; `kept` for how long the log is.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        sealing: Sealing,
        *,
        site: str,
        clock: Clock,
        metrics: Metrics,
        concurrency: int,
        timeout_s: float,
        kept: timedelta,
        by_chance: Chance = schedule.chance,
    ) -> None:
        self._database = database
        self._sender = sender
        self._sealing = sealing
        self._site = site
        self._clock = clock
        self._metrics = metrics
        self._concurrency = concurrency
        self._lease = timedelta(seconds=timeout_s + _LEASE_MARGIN_S)
        self._kept = kept
        self._by_chance = by_chance
        self._stirred = asyncio.Event()
        self._stopping = False
        self._at_work: dict[asyncio.Task[None], Claimed] = {}
        self._unbegun: list[Claimed] = []

    def hear(self, fanout: Fanout) -> None:
        """Look at once when there is something to deliver. Before the fanout runs."""
        fanout.on(WEBHOOKS_CHANNEL, lambda _: self._stirred.set())

    def stop(self) -> None:
        """Take nothing more, and hand back what is at work. Again changes nothing."""
        if self._stopping:
            return
        self._stopping = True
        self._stirred.set()
        for work in self._at_work:
            work.cancel()

    async def run(self) -> None:
        """Deliver until `stop` is called, or this is cancelled."""
        tidied: float | None = None
        try:
            while not self._stopping:
                self._stirred.clear()
                try:
                    await self._begin_due()
                    if tidied is None or monotonic() - tidied >= _TIDY_S:
                        await self.tidy()
                        tidied = monotonic()
                except _FAILURES as lost:
                    _log.warning("webhooks.not_looked", failure=describe_failure(lost))
                await self._until_stirred()
        finally:
            self.stop()
            await asyncio.gather(*self._at_work, return_exceptions=True)
            for claimed in self._unbegun:
                await self._hand_back(claimed)

    async def deliver_due(self) -> None:
        """Deliver all that is due now, and what becomes due by that; return when it is done."""
        while await self._begin_due() or self._at_work:
            if self._at_work:
                await asyncio.wait(self._at_work, return_when=asyncio.FIRST_COMPLETED)

    async def tidy(self) -> None:
        """Drop what nobody is told of any more, and forget what is too long ago."""
        now = self._clock()
        async with self._database.writing(SYSTEM_ROWS) as session:
            await repository.give_up_for_deaf(session, now=now)
        while True:
            async with self._database.writing(SYSTEM_ROWS) as session:
                gone = await repository.forget_before(
                    session, now - self._kept, limit=_TIDY_AT_ONCE
                )
            if gone < _TIDY_AT_ONCE:
                return

    async def _until_stirred(self) -> None:
        """Wait for news, for a place, or for a while in which something may have become due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_AGAIN_S):
                await self._stirred.wait()

    async def _begin_due(self) -> bool:
        """Begin with what is due, as long as there are places; return whether anything was."""
        began = False
        while not self._stopping and len(self._at_work) < self._concurrency:
            claimed = await self._claim()
            if claimed is None:
                break
            if self._stopping:
                await self._hand_back(claimed)
                break
            began = True
            work = asyncio.create_task(self._deliver(claimed))
            self._at_work[work] = claimed
            work.add_done_callback(self._ended)
        return began

    def _ended(self, work: asyncio.Task[None]) -> None:
        claimed = self._at_work.pop(work)
        if work.cancelled():
            # Before its first step, and so before it could hand anything back itself.
            self._unbegun.append(claimed)
        self._stirred.set()

    async def _claim(self) -> Claimed | None:
        now = self._clock()
        counted = Counter(claimed.endpoint.id for claimed in self._at_work.values())
        full = [endpoint for endpoint, count in counted.items() if count >= MOST_AT_AN_ENDPOINT]
        async with self._database.writing(SYSTEM_ROWS) as session:
            return await queue_repository.claim(
                session, new_id(), now=now, until=now + self._lease, without=full
            )

    async def _deliver(self, claimed: Claimed) -> None:
        """Deliver one, and say how it ended. Where nobody can be told, its lease runs out."""
        about = {Attribute.TASK: DELIVER_WEBHOOK, Attribute.JOB_ID: str(claimed.delivery_id)}
        with (
            span(f"job {DELIVER_WEBHOOK}", about, kind=SpanKind.CONSUMER) as running,
            self._counted() as ends,
        ):
            try:
                outcome = await self._sent(claimed)
                if running is not None and outcome.status is not None:
                    running.set_attribute(Attribute.STATUS, outcome.status)
                if running is not None and outcome.failure is not None:
                    failed(running, outcome.failure.value)
                async with self._database.writing(SYSTEM_ROWS) as session:
                    ended = await settle(
                        session,
                        claimed,
                        outcome,
                        now=self._clock(),
                        by_chance=self._by_chance,
                    )
                ends.append(ended)
            except asyncio.CancelledError:
                await self._hand_back(claimed)
                ends.append(Ended.HANDED_BACK)
            except Exception as failure:  # noqa: BLE001 - the one place where its failure ends
                _log.error("webhooks.not_settled", failure=describe_failure(failure))

    async def _sent(self, claimed: Claimed) -> Outcome:
        if claimed.tries > MOST_TRIES:
            # Each time somebody began with it and couldn't say how it ended.
            return Outcome(Failure.BROKEN)
        now = self._clock()
        try:
            secrets = await self._secrets(claimed)
        except OperatorFault as fault:
            _log.error("webhooks.secret_lost", failure=describe_failure(fault))
            return Outcome(Failure.SECRET_LOST)
        body = message.payload(claimed.event, site=self._site)
        headers = message.headers(claimed.event.id, body, secrets, now=now)
        return await self._sender.post(claimed.endpoint.url, body, headers)

    async def _secrets(self, claimed: Claimed) -> list[Secret]:
        """Return what to sign with: the secret and, while both are good, the one before it."""
        endpoint = claimed.endpoint
        sealed = [endpoint.secret]
        until = endpoint.old_secret_until
        if endpoint.old_secret is not None and until is not None and self._clock() < until:
            sealed.append(endpoint.old_secret)
        return [await unseal(each, endpoint.id, self._sealing) for each in sealed]

    async def _hand_back(self, claimed: Claimed) -> None:
        try:
            async with self._database.writing(SYSTEM_ROWS) as session:
                await queue_repository.hand_back(session, claimed)
        except _FAILURES as lost:
            _log.warning("webhooks.not_handed_back", failure=describe_failure(lost))

    @contextmanager
    def _counted(self) -> Generator[list[Ended]]:
        """Give a list for how it ended, and count that. An empty one: nobody could be told."""
        began = monotonic()
        ends: list[Ended] = []
        yield ends
        ended = ends[0].value if ends else "not_settled"
        self._metrics.webhooks[ended] += 1
        self._metrics.job(DELIVER_WEBHOOK, ended, monotonic() - began)
