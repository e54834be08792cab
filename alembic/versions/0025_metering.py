"""What partners' systems do, by day and operation, and up to where each process has summed it.

Revision: 0025, after 0023; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0023"

_OURS = "navis_is_system() OR coalesce(current_setting('navis.role', true), '') = 'administrator'"

# Sums grow and are never taken back: what was metered is what somebody may have to pay.
_GRANTS = {
    "partner_usage": "SELECT, INSERT, UPDATE (served, refused, points)",
    "partner_meters": "SELECT, INSERT, UPDATE (settled, settled_at)",
}

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_partner_usage_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.served < OLD.served OR NEW.refused < OLD.refused OR NEW.points < OLD.points THEN
            RAISE EXCEPTION 'what was metered is not taken back'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_partner_meter_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.settled < OLD.settled THEN
            RAISE EXCEPTION 'what a meter has settled stays settled'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
]

_TRIGGERS = [
    "CREATE TRIGGER step BEFORE UPDATE ON partner_usage"
    " FOR EACH ROW EXECUTE FUNCTION navis_partner_usage_step()",
    "CREATE TRIGGER step BEFORE UPDATE ON partner_meters"
    " FOR EACH ROW EXECUTE FUNCTION navis_partner_meter_step()",
]


def upgrade() -> None:
    op.create_table(
        "partner_usage",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "served >= 0 AND refused >= 0 AND points >= 0", name=op.f("ck_partner_usage_counts")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_usage_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("partner_id", "day", "operation", name=op.f("pk_partner_usage")),
    )
    op.create_table(
        "partner_meters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("settled >= 0", name=op.f("ck_partner_meters_settled")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_meters")),
    )
    for statement in (*_FUNCTIONS, *_TRIGGERS):
        op.execute(statement)
    for table, rights in _GRANTS.items():
        for statement in (
            f"GRANT {rights} ON {table} TO navis_app",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY ours ON {table} TO navis_app USING ({_OURS}) WITH CHECK ({_OURS})",
        ):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("partner_meters")
    op.drop_table("partner_usage")
    op.execute("DROP FUNCTION navis_partner_meter_step()")
    op.execute("DROP FUNCTION navis_partner_usage_step()")
