"""What patients consent to: given and taken back by themselves alone, and never rewritten.

Revision: 0015, after 0014; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"

_PURPOSES = ("PERSONAL_ANSWERS", "REVIEW", "EXTERNAL_PROCESSING")

_SEEN = "navis_is_system() OR patient_id = (SELECT navis_patient())"

# Not our own code: nobody consents for somebody else.
_OWN = "patient_id = (SELECT navis_patient())"

_STEP = """
    CREATE FUNCTION navis_consent_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.revoked_at IS NOT NULL THEN
                RAISE EXCEPTION 'a consent begins when it is given'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END IF;
        IF (OLD.patient_id, OLD.id, OLD.purpose, OLD.version, OLD.granted_at)
            IS DISTINCT FROM (NEW.patient_id, NEW.id, NEW.purpose, NEW.version, NEW.granted_at)
            OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL THEN
            RAISE EXCEPTION 'what was consented to stays, and ends once'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                *_PURPOSES, name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_consents_version")),
        sa.CheckConstraint(
            "revoked_at >= granted_at", name=op.f("ck_consents_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name=op.f("fk_consents_patient_id_patients"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_list", "consents", ["patient_id", "purpose", "granted_at"])
    op.create_index(
        "uq_consents_open",
        "consents",
        ["patient_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.execute(_STEP)
    op.execute(
        "CREATE TRIGGER step BEFORE INSERT OR UPDATE ON consents"
        " FOR EACH ROW EXECUTE FUNCTION navis_consent_step()"
    )
    for statement in (
        "GRANT SELECT, INSERT, UPDATE (revoked_at) ON consents TO navis_app",
        "ALTER TABLE consents ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE consents FORCE ROW LEVEL SECURITY",
        "CREATE POLICY owner ON consents TO navis_owner USING (true) WITH CHECK (true)",
        f"CREATE POLICY seen ON consents FOR SELECT TO navis_app USING ({_SEEN})",
        f"CREATE POLICY added ON consents FOR INSERT TO navis_app WITH CHECK ({_OWN})",
        f"CREATE POLICY changed ON consents FOR UPDATE TO navis_app"
        f" USING ({_OWN}) WITH CHECK ({_OWN})",
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE consents CASCADE")
    op.execute("DROP FUNCTION navis_consent_step()")
