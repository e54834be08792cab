"""Partners and their keys, as administrators see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import Page
from navis_api.graphql.enums import KeyEnvironment, KeyKind, KeyScope
from navis_api.graphql.partners.webhook_types import WebhookEndpoint
from navis_api.graphql.relay import Connection, global_id, page_info
from navis_api.partners import models
from navis_api.partners.webhooks.service import Endpoint


@strawberry.type(description="A key of a partner's. The key itself was shown once.")
class PartnerKey:
    """A key, without what makes it one."""

    id: strawberry.ID = strawberry.field(description="Its id, for rotating and revoking it.")
    kind: KeyKind = strawberry.field(description="Where it is used.")
    environment: KeyEnvironment = strawberry.field(description="What it is for.")
    last_four: str = strawberry.field(description="The last characters of the key.")
    scopes: list[KeyScope] = strawberry.field(description="What it may be used for.")
    api_version: str = strawberry.field(description="The version of the contract it is pinned to.")
    points: int | None = strawberry.field(
        description="What its bucket of points holds. Null: what partners have by default."
    )
    restored_per_s: int | None = strawberry.field(
        description="How many points come back a second. Null: as many as by default."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(
        description="When it ends, or ended. Null: it has no end."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When it was taken back. Null: it wasn't."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When it was used last, to the hour. Null: it never was."
    )
    replaces: strawberry.ID | None = strawberry.field(
        description="The id of the key in whose place it was made."
    )

    @classmethod
    def of(cls, model: models.PartnerKey) -> Self:
        """Return a key as clients see it."""
        return cls(
            id=global_id("PartnerKey", model.id),
            kind=model.kind,
            environment=model.environment,
            last_four=model.last_four,
            scopes=[KeyScope(each) for each in model.scopes],
            api_version=model.api_version,
            points=model.points,
            restored_per_s=model.restored_per_s,
            created_at=model.created_at,
            expires_at=model.expires_at,
            revoked_at=model.revoked_at,
            last_used_at=model.last_used_at,
            replaces=global_id("PartnerKey", model.replaces_id) if model.replaces_id else None,
        )


@strawberry.type(description="An organisation whose portal or app shows our content.")
class Partner:
    """A partner with its keys."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    name: str = strawberry.field(description="Its name.")
    origins: list[str] = strawberry.field(
        description="The origins of pages on which its public keys may be used."
        " `https://*.portal.example` is every host below that one."
    )
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When its name or origins were changed.")
    keys: list[PartnerKey] = strawberry.field(
        description="Its keys, the oldest first, those that have ended too."
    )
    webhook_endpoints: list[WebhookEndpoint] = strawberry.field(
        description="Where it is told of changes, the oldest first, those that are disabled too."
    )

    @classmethod
    def of(
        cls,
        model: models.Partner,
        keys: Sequence[models.PartnerKey],
        endpoints: Sequence[Endpoint],
        catalogue: Catalogue,
    ) -> Self:
        """Return a partner as clients see it."""
        return cls(
            id=global_id("Partner", model.id),
            name=model.name,
            origins=list(model.origins),
            created_at=model.created_at,
            updated_at=model.updated_at,
            keys=[PartnerKey.of(key) for key in keys],
            webhook_endpoints=[WebhookEndpoint.of(each, catalogue) for each in endpoints],
        )


@strawberry.type(description="A page of partners, by name.")
class PartnerConnection(Connection[Partner]):
    """Partners."""

    @classmethod
    def of(
        cls,
        page: Page[models.Partner],
        keys: Mapping[UUID, Sequence[models.PartnerKey]],
        endpoints: Mapping[UUID, Sequence[Endpoint]],
        catalogue: Catalogue,
    ) -> Self:
        """Return a page of them."""
        return cls(
            nodes=[
                Partner.of(row, keys[row.id], endpoints[row.id], catalogue) for row in page.rows
            ],
            cursors=page.cursors,
            page_info=page_info(page),
        )
