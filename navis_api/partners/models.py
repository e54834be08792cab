"""Tables of partners: who embeds our content, with which keys their systems come, and how often."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
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


class PartnerUsage(Base):
    """What a partner's systems did on one day, by operation: sums of lines of the access log.

    `day` is the one in UTC on which an operation ended, `operation` what the log calls it.
    """

    __tablename__ = "partner_usage"
    __table_args__ = (
        CheckConstraint("served >= 0 AND refused >= 0 AND points >= 0", name="counts"),
    )

    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    served: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)


class PartnerMeter(Base):
    """A process that meters. The lines of its access log up to `settled` are in the sums.

    Both are written in one transaction, so that no line is summed twice or half.
    """

    __tablename__ = "partner_meters"
    __table_args__ = (CheckConstraint("settled >= 0", name="settled"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    settled: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[datetime]
