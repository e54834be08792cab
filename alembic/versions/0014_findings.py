"""Findings out of patients' records: sealed, and each seen and decided on by its patient alone.

Revision: 0014, after 0013; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"

_STATUSES = ("EXTRACTED", "CONFIRMED", "CORRECTED", "REJECTED")

_OWN = "navis_is_system() OR patient_id = (SELECT navis_patient())"

# What was read stays as it was read, and where: only what its patient says of it changes.
_GRANT = "SELECT, INSERT, DELETE, UPDATE (status, correction_sealed, decided_at)"

_STEP = """
    CREATE FUNCTION navis_finding_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        app boolean := current_user = 'navis_app';
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF app AND NOT navis_is_system() THEN
                RAISE EXCEPTION 'findings are read out of records, and not made by a viewer'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF NEW.status <> 'EXTRACTED' OR NOT EXISTS (
                SELECT FROM records r WHERE r.patient_id = NEW.patient_id
                AND r.id = NEW.record_id AND r.state = 'EXTRACTING'
            ) THEN
                RAISE EXCEPTION 'a finding begins when its record is read'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF app AND navis_is_system() THEN
            RAISE EXCEPTION 'only the patient decides on a finding'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.status = 'EXTRACTED' AND OLD.status <> 'EXTRACTED' THEN
            RAISE EXCEPTION 'no step leads from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "findings",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *_STATUSES, name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("correction_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("extracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 0", name=op.f("ck_findings_number")),
        sa.CheckConstraint(
            "(status = 'CORRECTED') = (correction_sealed IS NOT NULL)",
            name=op.f("ck_findings_correction_is_there"),
        ),
        sa.CheckConstraint(
            "(status = 'EXTRACTED') = (decided_at IS NULL)",
            name=op.f("ck_findings_decision_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id", "record_id"],
            ["records.patient_id", "records.id"],
            name=op.f("fk_findings_patient_id_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_list", "findings", ["patient_id", "record_id", "number"])
    op.execute(_STEP)
    op.execute(
        "CREATE TRIGGER step BEFORE INSERT OR UPDATE ON findings"
        " FOR EACH ROW EXECUTE FUNCTION navis_finding_step()"
    )
    for statement in (
        f"GRANT {_GRANT} ON findings TO navis_app",
        "ALTER TABLE findings ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE findings FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON findings TO navis_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY seen ON findings FOR SELECT TO navis_app USING ({_OWN})",
        f"CREATE POLICY added ON findings FOR INSERT TO navis_app WITH CHECK ({_OWN})",
        f"CREATE POLICY changed ON findings FOR UPDATE TO navis_app"
        f" USING ({_OWN}) WITH CHECK ({_OWN})",
        f"CREATE POLICY removed ON findings FOR DELETE TO navis_app USING ({_OWN})",
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE findings CASCADE")
    op.execute("DROP FUNCTION navis_finding_step()")
