"""Personal questions with their answers: sealed, asked and seen by their patient alone.

Revision: 0016, after 0017; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0017"

_STATUSES = (
    "QUEUED",
    "RETRIEVING",
    "DRAFTING",
    "CHECKING",
    "COMPLETED",
    "ABSTAINED",
    "CANCELLED",
    "FAILED",
)
_KINDS = ("PROGRESSED", "TEXT_ADDED", "COMPLETED", "FAILED")

_OWN = "navis_is_system() OR patient_id = (SELECT navis_patient())"

_GRANTS = {
    # What was asked stays as it was asked, and by which engine it is answered.
    "personal_questions": (
        "SELECT, INSERT, DELETE, UPDATE (status, answer_sealed, idempotency_hash, attempts,"
        " lease_token, lease_expires_at, failure_code, finished_at)"
    ),
    "personal_events": "SELECT, INSERT",
}

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_personal_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        app boolean := current_user = 'navis_app';
        allowed boolean := NOT app OR EXISTS (
            SELECT FROM consents c WHERE c.patient_id = NEW.patient_id
            AND c.purpose = 'PERSONAL_ANSWERS' AND c.revoked_at IS NULL
        );
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF app AND navis_is_system() THEN
                RAISE EXCEPTION 'only a patient asks a personal question'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF NEW.status <> 'QUEUED' OR NEW.attempts <> 0 OR NEW.lease_token IS NOT NULL THEN
                RAISE EXCEPTION 'a personal question begins before its answer'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT allowed THEN
                RAISE EXCEPTION 'a personal answer needs a consent'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF OLD.finished_at IS NOT NULL AND (OLD.status, OLD.answer_sealed, OLD.finished_at)
            IS DISTINCT FROM (NEW.status, NEW.answer_sealed, NEW.finished_at) THEN
            RAISE EXCEPTION 'a personal answer that has ended stays as it is'
                USING ERRCODE = 'check_violation';
        END IF;
        IF app AND NOT navis_is_system() AND (
            NEW.answer_sealed IS DISTINCT FROM OLD.answer_sealed
            OR NEW.attempts <> OLD.attempts
            OR NEW.status NOT IN (OLD.status, 'CANCELLED')
        ) THEN
            RAISE EXCEPTION 'this step is not a viewer''s to take'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.status = 'COMPLETED' AND OLD.status <> 'COMPLETED' AND NOT allowed THEN
            RAISE EXCEPTION 'a personal answer needs a consent'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_personal_question_is_gone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_notify('navis_generation', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    # Whoever adds an event holds the question's row.
    """
    CREATE FUNCTION navis_personal_events_have_no_gap() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.sequence > 1 AND NOT EXISTS (
            SELECT FROM personal_events e WHERE e.patient_id = NEW.patient_id
            AND e.question_id = NEW.question_id AND e.sequence = NEW.sequence - 1
        ) THEN
            RAISE EXCEPTION 'an event is missing before this one' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM pg_notify('navis_generation', NEW.question_id::text);
        RETURN NEW;
    END $$
    """,
]

_TRIGGERS = [
    "CREATE TRIGGER step BEFORE INSERT OR UPDATE ON personal_questions"
    " FOR EACH ROW EXECUTE FUNCTION navis_personal_step()",
    "CREATE TRIGGER gone AFTER DELETE ON personal_questions"
    " FOR EACH ROW EXECUTE FUNCTION navis_personal_question_is_gone()",
    "CREATE TRIGGER sequence BEFORE INSERT ON personal_events"
    " FOR EACH ROW EXECUTE FUNCTION navis_personal_events_have_no_gap()",
]


def upgrade() -> None:
    op.create_table(
        "personal_questions",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *_STATUSES, name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_hash", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('COMPLETED', 'ABSTAINED', 'CANCELLED', 'FAILED'))"
            " = (finished_at IS NOT NULL)",
            name=op.f("ck_personal_questions_finished_at"),
        ),
        sa.CheckConstraint(
            "(status = 'COMPLETED') = (answer_sealed IS NOT NULL)",
            name=op.f("ck_personal_questions_completed_has_answer"),
        ),
        sa.CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)",
            name=op.f("ck_personal_questions_lease_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_personal_questions_patient_id_patients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "id", name=op.f("pk_personal_questions")),
    )
    op.create_index(
        "ix_personal_questions_list", "personal_questions", ["patient_id", "asked_at", "id"]
    )
    op.create_index("ix_personal_questions_id", "personal_questions", ["id"])
    op.create_index(
        "ix_personal_questions_working",
        "personal_questions",
        ["asked_at"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(
        "uq_personal_questions_idempotency",
        "personal_questions",
        ["patient_id", "idempotency_hash"],
        unique=True,
        postgresql_where=sa.text("idempotency_hash IS NOT NULL"),
    )
    op.create_table(
        "personal_events",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_personal_events_sequence")),
        sa.ForeignKeyConstraint(
            ["patient_id", "question_id"],
            ["personal_questions.patient_id", "personal_questions.id"],
            name=op.f("fk_personal_events_patient_id_personal_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "patient_id", "question_id", "sequence", name=op.f("pk_personal_events")
        ),
    )
    for statement in (*_FUNCTIONS, *_TRIGGERS):
        op.execute(statement)
    for table, rights in _GRANTS.items():
        for statement in (
            f"GRANT {rights} ON {table} TO navis_app",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY seen ON {table} FOR SELECT TO navis_app USING ({_OWN})",
            f"CREATE POLICY added ON {table} FOR INSERT TO navis_app WITH CHECK ({_OWN})",
            f"CREATE POLICY changed ON {table} FOR UPDATE TO navis_app"
            f" USING ({_OWN}) WITH CHECK ({_OWN})",
            f"CREATE POLICY removed ON {table} FOR DELETE TO navis_app USING ({_OWN})",
        ):
            op.execute(statement)


def downgrade() -> None:
    for table in ("personal_events", "personal_questions"):
        op.execute(f"DROP TABLE {table} CASCADE")
    for name in ("personal_step", "personal_question_is_gone", "personal_events_have_no_gap"):
        op.execute(f"DROP FUNCTION navis_{name}()")
