"""Answers that are published, partners that are told of it, and a clock that tests move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.identity.viewer import KeyScope
from navis_api.metrics import Metrics
from navis_api.partners.models import Partner
from navis_api.partners.webhooks import service
from navis_api.partners.webhooks.delivering import Deliveries
from navis_api.partners.webhooks.models import EventType
from navis_api.partners.webhooks.sending import Sender
from navis_api.partners.webhooks.service import Endpoint, EndpointRules, NewSecret
from navis_api.questions.models import Question
from navis_api.records.sealing.master_key import LocalMasterKey
from tests import publications
from tests.graphql.world import NOON, World
from tests.partners.world import ADMINISTRATOR, Partners, acting

SITE = "https://api.example.org"
EVERY = tuple(EventType)


@dataclass
class Hooks:
    """Publishes, and tells of it. `now` is what every clock here says."""

    database: Database
    world: World
    folder: Path
    now: datetime = NOON
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def partners(self) -> Partners:
        return Partners(self.database)

    @property
    def sealing(self) -> LocalMasterKey:
        return LocalMasterKey(self.folder / "master.json")

    @property
    def rules(self) -> EndpointRules:
        return EndpointRules(private=True, sealing=self.sealing)

    def clock(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def deliveries(self, sender: Sender | None = None, **changed: Any) -> Deliveries:
        values: dict[str, Any] = {
            "site": SITE,
            "clock": self.clock,
            "metrics": self.metrics,
            "concurrency": 16,
            "timeout_s": 15.0,
            "kept": timedelta(days=30),
            "by_chance": lambda: 0.5,
            **changed,
        }
        return Deliveries(
            self.database,
            sender or Sender(timeout_s=5.0, private=True),
            self.sealing,
            **values,
        )

    async def partner(self, name: str = "A portal", *, hears: bool = True) -> Partner:
        partner = await self.partners.partner(name)
        if hears:
            await self.partners.key(partner, scopes=(KeyScope.WEBHOOKS,))
        return partner

    async def endpoint(
        self,
        url: str,
        *,
        partner: Partner | None = None,
        events: Sequence[EventType] = EVERY,
        cancers: Sequence[str] = (),
    ) -> NewSecret:
        owner = partner or await self.partner()
        async with self.database.writing(ADMINISTRATOR) as session:
            return await service.create_endpoint(
                session,
                owner.id,
                url=url,
                events=events,
                cancers=cancers,
                rules=self.rules,
                catalogue=self.world.catalogue,
                acting=acting(self.now),
            )

    async def update(self, endpoint_id: UUID, **changed: Any) -> Endpoint:
        given: dict[str, Any] = dict.fromkeys(("url", "events", "cancers", "enabled"))
        async with self.database.writing(ADMINISTRATOR) as session:
            return await service.update_endpoint(
                session,
                endpoint_id,
                **{**given, **changed},
                rules=self.rules,
                catalogue=self.world.catalogue,
                acting=acting(self.now),
            )

    async def ask(self, words: str = "What is embolization?") -> Question:
        async with self.database.writing(SYSTEM_ROWS) as session:
            return await publications.ask(session, self.world, words)

    async def publish(self, question: Question, summary: str = "A summary.") -> None:
        async with self.database.writing(SYSTEM_ROWS) as session:
            asked = await session.get_one(Question, question.id)
            await publications.publish(session, self.world, asked, summary=summary, now=self.now)

    async def expire(self, question: Question) -> None:
        async with self.database.writing(SYSTEM_ROWS) as session:
            await publications.expire(session, question, reason="It is old.", now=self.now)

    async def renew(self, question: Question) -> None:
        async with self.database.writing(SYSTEM_ROWS) as session:
            await publications.renew(session, question, now=self.now)

    async def retract(self, question: Question) -> None:
        async with self.database.writing(SYSTEM_ROWS) as session:
            asked = await session.get_one(Question, question.id)
            await publications.retract(session, asked, reason="It is wrong.", now=self.now)

    async def rows(self, statement: str, **given: Any) -> list[tuple[Any, ...]]:
        async with self.database.reading(SYSTEM_ROWS) as session:
            return [tuple(row) for row in await session.execute(text(statement), given)]

    async def states(self) -> list[tuple[str, int]]:
        """State and number of attempts of each delivery, in order."""
        found = await self.rows(
            "SELECT state, attempts FROM webhook_deliveries ORDER BY sequence, endpoint_id"
        )
        return [(row[0], row[1]) for row in found]
