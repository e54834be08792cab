"""Tables of partners: who embeds our content, and the keys that their systems come with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.partners.key_text import KeyEnvironment, KeyKind


class Partner(Base):
    """An organisation whose portal or app shows our content.

    `origins` are those that its public keys may be used from (`partners.origins`).
    """

    __tablename__ = "partners"
    __table_args__ = (
        Index("uq_partners_name", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    origins: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PartnerKey(Base):
    """A key of a partner's. The key itself is not stored: only its SHA-256, and its end.

    A trigger holds that what was revoked stays revoked, and that an end is never put off.
    """

    __tablename__ = "partner_keys"
    __table_args__ = (
        Index("ix_partner_keys_partner_id", "partner_id", "created_at", "id"),
        CheckConstraint("octet_length(digest) = 32", name="digest"),
        CheckConstraint("length(last_four) = 4", name="last_four"),
        CheckConstraint(
            "scopes <> '{}' AND scopes <@ ARRAY['READ_CONTENT', 'ASK', 'WEBHOOKS']", name="scopes"
        ),
        CheckConstraint("kind = 'SECRET' OR NOT 'WEBHOOKS' = ANY (scopes)", name="public_scopes"),
        CheckConstraint(
            "(points IS NULL) = (restored_per_s IS NULL) AND points > 0 AND restored_per_s > 0",
            name="limit",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    kind: Mapped[KeyKind] = mapped_column(choice(KeyKind, name="kind"))
    environment: Mapped[KeyEnvironment] = mapped_column(choice(KeyEnvironment, name="environment"))
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    last_four: Mapped[str]
    scopes: Mapped[list[str]]
    api_version: Mapped[str]
    points: Mapped[int | None]
    """What its bucket holds. None: as the settings have it."""
    restored_per_s: Mapped[int | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_keys.id"))
    """The key in whose place it was made."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the hour: it is written once an hour at most."""
