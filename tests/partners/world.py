"""Partners for tests, made by the services as an administrator makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from navis_api.audit.service import Actor
from navis_api.db.sessions import Database, RowViewer
from navis_api.identity.viewer import KeyScope
from navis_api.partners import keys, service
from navis_api.partners.acting import Acting
from navis_api.partners.key_text import KeyKind
from navis_api.partners.keys import KeyDraft, NewKey
from navis_api.partners.models import Partner, PartnerKey

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PORTAL = "https://portal.example"
ADMINISTRATOR = RowViewer("administrator", "administrator-1")
BOTH = (KeyScope.READ_CONTENT, KeyScope.ASK)


def acting(now: datetime = NOON, kind: str = "ADMINISTRATOR") -> Acting:
    return Acting(Actor(kind, "administrator-1"), now)


@dataclass
class Partners:
    """Makes partners and keys in one database."""

    database: Database

    async def partner(self, name: str = "A portal", origins: Sequence[str] = (PORTAL,)) -> Partner:
        async with self.database.writing(ADMINISTRATOR) as session:
            return await service.create_partner(
                session, name=name, origins=origins, acting=acting()
            )

    async def key(self, partner: Partner, kind: KeyKind = KeyKind.SECRET, **draft: Any) -> NewKey:
        async with self.database.writing(ADMINISTRATOR) as session:
            return await keys.create_key(
                session, partner.id, KeyDraft(kind, **{"scopes": BOTH, **draft}), acting=acting()
            )

    async def revoke(self, made: NewKey) -> None:
        async with self.database.writing(ADMINISTRATOR) as session:
            await keys.revoke_key(session, made.key.id, acting=acting())

    async def keys(self, partner: Partner) -> list[PartnerKey]:
        async with self.database.reading(ADMINISTRATOR) as session:
            return (await service.keys_by_partner(session, [partner]))[partner.id]
