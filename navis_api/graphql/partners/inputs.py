"""What the mutations on partners take."""

from datetime import datetime, timedelta

import strawberry

from navis_api.errors import InvalidInput
from navis_api.graphql.enums import KeyEnvironment, KeyKind, KeyScope
from navis_api.partners.keys import API_VERSIONS, MAX_OVERLAP, KeyDraft

_OVERLAP_HOURS = 24


@strawberry.input(description="A new partner.")
class CreatePartnerInput:
    """What createPartner takes."""

    name: str = strawberry.field(description="Its name, which no other partner has.")
    origins: list[str] = strawberry.field(
        default_factory=list[str],
        description="The origins of its pages: `https://portal.example`, or with a wildcard"
        " `https://*.portal.example`.",
    )


@strawberry.input(description="What is to be otherwise about a partner.")
class UpdatePartnerInput:
    """What updatePartner takes."""

    partner_id: strawberry.ID = strawberry.field(description="The partner's `id`.")
    name: str | None = strawberry.field(
        default=None, description="Its new name. Left out: as it is."
    )
    origins: list[str] | None = strawberry.field(
        default=None,
        description="All origins of its pages, in place of those there were. Left out: as they"
        " are.",
    )


@strawberry.input(description="A new key.")
class CreatePartnerKeyInput:
    """What createPartnerKey takes."""

    partner_id: strawberry.ID = strawberry.field(description="The partner's `id`.")
    kind: KeyKind = strawberry.field(description="Where it is to be used.")
    environment: KeyEnvironment = strawberry.field(
        default=KeyEnvironment.LIVE, description="What it is for."
    )
    scopes: list[KeyScope] = strawberry.field(
        default_factory=lambda: [KeyScope.READ_CONTENT],
        description="What it may be used for.",
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends, with a time zone. Left out: never."
    )
    points: int | None = strawberry.field(
        default=None, description="What its bucket of points holds. Left out: the default."
    )
    restored_per_s: int | None = strawberry.field(
        default=None,
        description="How many points come back a second. It goes with `points`.",
    )
    api_version: str | None = strawberry.field(
        default=None,
        description="The version of the contract to pin it to. Left out: the newest.",
    )

    def draft(self) -> KeyDraft:
        """Return it as the service takes it."""
        return KeyDraft(
            kind=self.kind,
            environment=self.environment,
            scopes=self.scopes,
            expires_at=self.expires_at,
            points=self.points,
            restored_per_s=self.restored_per_s,
            api_version=API_VERSIONS[-1] if self.api_version is None else self.api_version,
        )


@strawberry.input(description="A key that another takes the place of.")
class RotatePartnerKeyInput:
    """What rotatePartnerKey takes."""

    key_id: strawberry.ID = strawberry.field(description="The key's `id`.")
    overlap_hours: int = strawberry.field(
        default=_OVERLAP_HOURS,
        description="For how many hours the old key goes on: 0 to 720.",
    )

    def overlap(self) -> timedelta:
        """Return it. Raises InvalidInput for what no timedelta holds, or is too long."""
        return overlap_of(self.overlap_hours)


@strawberry.input(description="A key that is to be taken back.")
class RevokePartnerKeyInput:
    """What revokePartnerKey takes."""

    key_id: strawberry.ID = strawberry.field(description="The key's `id`.")


def overlap_of(hours: int) -> timedelta:
    """Return hours for which two are good. Raises InvalidInput for what is too long."""
    most = int(MAX_OVERLAP.total_seconds()) // 3_600
    if not 0 <= hours <= most:
        raise InvalidInput(f"`overlapHours` is from 0 to {most}.", path=("input", "overlapHours"))
    return timedelta(hours=hours)
