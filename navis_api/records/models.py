"""Tables of patients' records. Each row is one patient's, and row security holds it so."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from navis_api.db.base import Base, choice
from navis_api.kit.ids import new_id


class RecordState(StrEnum):
    """What has become of a record. A trigger holds which state may follow which."""

    UPLOADING = "UPLOADING"
    SCANNING = "SCANNING"
    EXTRACTING = "EXTRACTING"
    READY = "READY"
    QUARANTINED = "QUARANTINED"
    FAILED = "FAILED"
    DELETED = "DELETED"


class RecordFailure(StrEnum):
    """Why a record is FAILED or QUARANTINED, beside the codes of `extraction.failures`.

    The column takes any name of this form, so that whatever else works on records can add its
    own without a migration.
    """

    UPLOAD_EXPIRED = "UPLOAD_EXPIRED"
    HASH_MISMATCH = "HASH_MISMATCH"
    MALWARE = "MALWARE"
    TOO_LARGE_TO_SCAN = "TOO_LARGE_TO_SCAN"
    NOT_SCANNED = "NOT_SCANNED"
    NOT_READ = "NOT_READ"


class Patient(Base):
    """A patient under an id of ours: the one that keys, objects and records are found by."""

    __tablename__ = "patients"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[str] = mapped_column(unique=True)
    """The identity provider's name for them."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Record(Base):
    """A file of a patient's own. Its contents lie sealed in the object storage, as parts.

    Media type, size and hash are what the patient's app announced; size and hash are true once
    the state has left UPLOADING. What is DELETED keeps its row and nothing that was in it.
    """

    __tablename__ = "records"
    __table_args__ = (
        Index("ix_records_list", "patient_id", "created_at", "id"),
        Index("ix_records_working", "state", "updated_at"),
        Index(
            "uq_records_idempotency",
            "patient_id",
            "idempotency_hash",
            unique=True,
            postgresql_where="idempotency_hash IS NOT NULL",
        ),
        CheckConstraint("failure ~ '^[A-Z][A-Z_]{0,59}$'", name="failure"),
        CheckConstraint(
            "(state IN ('FAILED', 'QUARANTINED')) = (failure IS NOT NULL)", name="failure_is_said"
        ),
        CheckConstraint(
            "CASE WHEN state = 'DELETED' THEN num_nonnulls(filename_sealed, media_type,"
            " size_bytes, sha256, idempotency_hash) = 0 ELSE num_nulls(filename_sealed,"
            " media_type, size_bytes, sha256) = 0 END",
            name="deleted_is_empty",
        ),
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)", name="lease_is_whole"
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(
        ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[RecordState] = mapped_column(choice(RecordState, name="state"))
    failure: Mapped[str | None]
    filename_sealed: Mapped[bytes | None]
    """The name that the patient gave it, sealed with their key."""
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    idempotency_hash: Mapped[bytes | None]
    """SHA-256 of the key that the app sent: it may be anything, also words."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    """How many workers have begun what this state is for."""
    lease_token: Mapped[UUID | None]
    lease_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RecordEvent(Base):
    """A state that a record came to, numbered from 1 without gaps. A trigger writes these."""

    __tablename__ = "record_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "record_id"], ["records.patient_id", "records.id"], ondelete="CASCADE"
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RecordState] = mapped_column(choice(RecordState, name="state"))
    failure: Mapped[str | None]
    at: Mapped[datetime]


class RecordUpload(Base):
    """The open upload of a record: until when, how far, and whose turn it is to write."""

    __tablename__ = "record_uploads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "record_id"], ["records.patient_id", "records.id"], ondelete="CASCADE"
        ),
        Index("ix_record_uploads_expires_at", "expires_at"),
        CheckConstraint("received_bytes >= 0", name="received_bytes"),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256 of the secret in the upload's address, which itself is kept nowhere."""
    expires_at: Mapped[datetime]
    received_bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """How much is durably stored: what has been acknowledged, and never more."""
    parts: Mapped[int] = mapped_column(server_default="0")
    writer: Mapped[UUID | None]
    """The request that may add to it: any that came before can't any more."""


class RecordPart(Base):
    """A part of a record's contents, `size_bytes` long from byte `start` on; `id` is its object."""

    __tablename__ = "record_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["patient_id", "record_id"], ["records.patient_id", "records.id"], ondelete="CASCADE"
        ),
        CheckConstraint("number >= 0 AND start >= 0 AND size_bytes > 0", name="place"),
    )

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    start: Mapped[int] = mapped_column(BigInteger)
    size_bytes: Mapped[int]
