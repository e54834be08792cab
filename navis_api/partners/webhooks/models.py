"""Tables of webhooks: where partners are told of changes, of what, and how it went."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice


class EventType(StrEnum):
    """What an endpoint can be told of, as it stands in the payload's `type`."""

    ANSWER_PUBLISHED = "answer.published"
    ANSWER_UPDATED = "answer.updated"
    ANSWER_STALE = "answer.stale"
    ANSWER_RETRACTED = "answer.retracted"
    QUESTION_ANSWERED = "question.answered"


class DisabledFor(StrEnum):
    """Why nothing is sent to an endpoint any more."""

    ADMINISTRATOR = "ADMINISTRATOR"
    GONE = "GONE"
    FAILING = "FAILING"


class DeliveryState(StrEnum):
    """What has become of telling one endpoint of one event."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    GIVEN_UP = "GIVEN_UP"


class Failure(StrEnum):
    """Why an attempt came to nothing."""

    STATUS = "STATUS"
    REDIRECT = "REDIRECT"
    TIMED_OUT = "TIMED_OUT"
    UNRESOLVED = "UNRESOLVED"
    UNREACHABLE = "UNREACHABLE"
    NOT_TRUSTED = "NOT_TRUSTED"
    BROKEN = "BROKEN"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    SECRET_LOST = "SECRET_LOST"  # noqa: S105 - what became of one


class WebhookEndpoint(Base):
    """An address of a partner's, and what it wants to be told of.

    Secrets are sealed (`webhooks.secrets`); the old one is good until its time.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        Index("ix_webhook_endpoints_partner_id", "partner_id", "created_at", "id"),
        CheckConstraint("url <> ''", name="url"),
        CheckConstraint(
            "events <> '{}' AND events <@ ARRAY['answer.published', 'answer.updated',"
            " 'answer.stale', 'answer.retracted', 'question.answered']",
            name="events",
        ),
        CheckConstraint("(old_secret IS NULL) = (old_secret_until IS NULL)", name="old_secret"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_for IS NULL)", name="disabled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"))
    url: Mapped[str]
    events: Mapped[list[str]]
    cancer_ids: Mapped[list[UUID]]
    """Those it is told of, with their subtypes. Empty: all."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_secret_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    """When the first attempt failed since one succeeded."""
    disabled_at: Mapped[datetime | None]
    disabled_for: Mapped[DisabledFor | None] = mapped_column(
        choice(DisabledFor, name="disabled_for")
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class WebhookEvent(Base):
    """Something that was to be told. A trigger writes it, with the change itself.

    `id` is what receivers know it by. Events are committed in the order of `sequence`, since
    publications are made one after the other.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (Index("ix_webhook_events_at", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    type: Mapped[EventType] = mapped_column(choice(EventType, name="type"))
    at: Mapped[datetime]
    answer_id: Mapped[UUID]
    question_id: Mapped[UUID | None]
    """The question that was answered, in an event that says so."""
    slug: Mapped[str]
    revision: Mapped[int]


class WebhookDelivery(Base):
    """That one endpoint is told of one event: until it was, or until it is given up.

    `tries` counts the attempts since it began, or was asked for anew; `attempts` all of them.
    Whoever is at it holds a lease.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "sequence"),
        Index(
            "ix_webhook_deliveries_pending",
            "endpoint_id",
            "answer_id",
            "sequence",
            postgresql_where="state = 'PENDING'",
        ),
        Index(
            "ix_webhook_deliveries_in_order",
            "sequence",
            "id",
            postgresql_where="state = 'PENDING'",
        ),
        CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name="lease"),
        CheckConstraint(
            "(state = 'PENDING') = (ended_at IS NULL) AND (state = 'PENDING' OR lease IS NULL)",
            name="ended",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_events.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    answer_id: Mapped[UUID]
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, name="state"))
    attempts: Mapped[int]
    tries: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    """None: at once."""
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class WebhookAttempt(Base):
    """One request that was made, or would have been: nothing of what came back but its status."""

    __tablename__ = "webhook_attempts"

    delivery_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    took_ms: Mapped[int]
    status: Mapped[int | None]
    failure: Mapped[Failure | None] = mapped_column(choice(Failure, name="failure"))
    """None: it was taken."""


class PartnerQuestion(Base):
    """That a question was asked with a key of a partner's, by whomever."""

    __tablename__ = "partner_questions"

    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partners.id"), primary_key=True)
    asked_at: Mapped[datetime]
