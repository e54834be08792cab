"""Patients' records: sealed names, open uploads and parts, each seen by their patient alone.

Revision: 0013, after 0012; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"

_STATES = ("UPLOADING", "SCANNING", "EXTRACTING", "READY", "QUARANTINED", "FAILED", "DELETED")

# Steps that a patient's own requests take, and those that only our own code does.
_OF_PATIENTS = ["UPLOADING>SCANNING", "UPLOADING>FAILED", *(f"{s}>DELETED" for s in _STATES[:6])]
_OURS = [
    "SCANNING>EXTRACTING",
    "SCANNING>READY",
    "SCANNING>QUARANTINED",
    "SCANNING>FAILED",
    "EXTRACTING>READY",
    "EXTRACTING>FAILED",
    "EXTRACTING>QUARANTINED",
    # What is read out of records gets better: they may be read once more.
    "READY>EXTRACTING",
]

_GRANTS = {
    "patients": "SELECT, INSERT, DELETE, UPDATE (created_at)",
    "records": (
        "SELECT, INSERT, DELETE, UPDATE (state, failure, filename_sealed, media_type, size_bytes,"
        " sha256, idempotency_hash, attempts, lease_token, lease_expires_at, updated_at)"
    ),
    "record_uploads": (
        "SELECT, INSERT, DELETE, UPDATE (token_hash, expires_at, received_bytes, parts, writer)"
    ),
    "record_parts": "SELECT, INSERT, DELETE",
    "record_events": "SELECT, DELETE",
}

_OWN = "navis_is_system() OR patient_id = (SELECT navis_patient())"
_SYSTEM = "navis_is_system()"
_SELF = "navis_is_system() OR (subject = navis_subject() AND navis_acts_as_patient())"

# Table: who may see and change a row, and who may remove one.
_POLICIES = {
    "patients": (_SELF, _SYSTEM),
    "records": (_OWN, _SYSTEM),
    "record_uploads": (_OWN, _OWN),
    "record_parts": (_OWN, _OWN),
    "record_events": (_OWN, _SYSTEM),
}


def _quoted(steps: list[str]) -> str:
    return ", ".join(f"'{step}'" for step in steps)


_FUNCTIONS = [
    """
    CREATE FUNCTION navis_acts_as_patient() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('navis.role', true), '') = 'patient' $$
    """,
    # Whoever is signed in as something else has no records, whatever their subject is.
    """
    CREATE FUNCTION navis_patient() RETURNS uuid LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT p.id FROM patients p
        WHERE p.subject = navis_subject() AND navis_acts_as_patient()
    $$
    """,
    f"""
    CREATE FUNCTION navis_record_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        ours boolean := current_user <> 'navis_app' OR navis_is_system();
        step text;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'UPLOADING' THEN
                RAISE EXCEPTION 'a record begins with its upload' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
        step := OLD.state || '>' || NEW.state;
        IF step NOT IN ({_quoted(_OF_PATIENTS + _OURS)}) THEN
            RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        IF NOT ours AND step NOT IN ({_quoted(_OF_PATIENTS)}) THEN
            RAISE EXCEPTION 'this step is not a viewer''s to take'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state <> 'DELETED' AND (OLD.size_bytes, OLD.sha256)
            IS DISTINCT FROM (NEW.size_bytes, NEW.sha256) THEN
            RAISE EXCEPTION 'what a record is announced as stays' USING ERRCODE = 'check_violation';
        END IF;
        -- What was counted and leased was for the state before.
        NEW.attempts := 0;
        NEW.lease_token := NULL;
        NEW.lease_expires_at := NULL;
        RETURN NEW;
    END $$
    """,
    # Whoever changes a record holds its row, so that numbers have no gap.
    """
    CREATE FUNCTION navis_record_step_was_taken() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
            RETURN NULL;
        END IF;
        INSERT INTO record_events (patient_id, record_id, sequence, state, failure, at)
        SELECT NEW.patient_id, NEW.id, coalesce(max(e.sequence), 0) + 1, NEW.state, NEW.failure,
            NEW.updated_at
        FROM record_events e WHERE e.patient_id = NEW.patient_id AND e.record_id = NEW.id;
        PERFORM pg_notify('navis_record', NEW.id::text);
        RETURN NULL;
    END $$
    """,
]


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("subject", name=op.f("uq_patients_subject")),
    )
    op.create_table(
        "records",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("filename_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("idempotency_hash", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("failure ~ '^[A-Z][A-Z_]{0,59}$'", name=op.f("ck_records_failure")),
        sa.CheckConstraint(
            "(state IN ('FAILED', 'QUARANTINED')) = (failure IS NOT NULL)",
            name=op.f("ck_records_failure_is_said"),
        ),
        sa.CheckConstraint(
            "CASE WHEN state = 'DELETED' THEN num_nonnulls(filename_sealed, media_type,"
            " size_bytes, sha256, idempotency_hash) = 0 ELSE num_nulls(filename_sealed,"
            " media_type, size_bytes, sha256) = 0 END",
            name=op.f("ck_records_deleted_is_empty"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_records_size_bytes")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_records_sha256")),
        sa.CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)",
            name=op.f("ck_records_lease_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_records_patient_id_patients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "id", name=op.f("pk_records")),
    )
    op.create_index("ix_records_list", "records", ["patient_id", "created_at", "id"])
    op.create_index("ix_records_working", "records", ["state", "updated_at"])
    op.create_index(
        "uq_records_idempotency",
        "records",
        ["patient_id", "idempotency_hash"],
        unique=True,
        postgresql_where=sa.text("idempotency_hash IS NOT NULL"),
    )
    op.create_table(
        "record_uploads",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=True),
        sa.CheckConstraint("received_bytes >= 0", name=op.f("ck_record_uploads_received_bytes")),
        sa.ForeignKeyConstraint(
            ["patient_id", "record_id"],
            ["records.patient_id", "records.id"],
            name=op.f("fk_record_uploads_patient_id_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "record_id", name=op.f("pk_record_uploads")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_record_uploads_token_hash")),
    )
    op.create_index("ix_record_uploads_expires_at", "record_uploads", ["expires_at"])
    op.create_table(
        "record_parts",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "number >= 0 AND start >= 0 AND size_bytes > 0", name=op.f("ck_record_parts_place")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id", "record_id"],
            ["records.patient_id", "records.id"],
            name=op.f("fk_record_parts_patient_id_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "record_id", "number", name=op.f("pk_record_parts")),
    )
    op.create_table(
        "record_events",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id", "record_id"],
            ["records.patient_id", "records.id"],
            name=op.f("fk_record_events_patient_id_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "patient_id", "record_id", "sequence", name=op.f("pk_record_events")
        ),
    )
    for statement in _FUNCTIONS:
        op.execute(statement)
    op.execute(
        "CREATE TRIGGER step BEFORE INSERT OR UPDATE ON records"
        " FOR EACH ROW EXECUTE FUNCTION navis_record_step()"
    )
    op.execute(
        "CREATE TRIGGER taken AFTER INSERT OR UPDATE OF state ON records"
        " FOR EACH ROW EXECUTE FUNCTION navis_record_step_was_taken()"
    )
    for table, (own, removed) in _POLICIES.items():
        for statement in (
            f"GRANT {_GRANTS[table]} ON {table} TO navis_app",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY seen ON {table} FOR SELECT TO navis_app USING ({own})",
            f"CREATE POLICY added ON {table} FOR INSERT TO navis_app WITH CHECK ({own})",
            f"CREATE POLICY changed ON {table} FOR UPDATE TO navis_app"
            f" USING ({own}) WITH CHECK ({own})",
            f"CREATE POLICY removed ON {table} FOR DELETE TO navis_app USING ({removed})",
        ):
            op.execute(statement)


def downgrade() -> None:
    for table in ("record_events", "record_parts", "record_uploads", "records", "patients"):
        op.execute(f"DROP TABLE {table} CASCADE")
    for name in ("record_step_was_taken", "record_step", "patient", "acts_as_patient"):
        op.execute(f"DROP FUNCTION navis_{name}()")
