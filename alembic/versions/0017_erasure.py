"""Erasing what is a patient's: receipts, our id in the audit record, and who has to hear of it.

Revision: 0017, after 0018; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0017"
down_revision = "0018"

# Whoever records gives the identity provider's name, as for everybody; what is kept is the id
# that leads to that name only through the row that an erasure removes, and nothing where nothing
# is held of them. So code of the release before, which knows nothing of it, records rightly too.
# Of who has just been erased only that id is left to give.
_PSEUDONYM = """\
        IF NEW.actor_kind = 'PATIENT' THEN
            NEW.actor := (
                SELECT p.id::text FROM patients p WHERE p.subject = NEW.actor
                UNION ALL
                SELECT e.pseudonym::text FROM erasures e WHERE e.pseudonym::text = NEW.actor
                LIMIT 1
            );
        END IF;
"""

_OWN_KIND = (
    "actor_kind = upper(coalesce(nullif(current_setting('navis.role', true), ''), 'anonymous'))"
)
_OWN_NAME_BEFORE = f"actor IS NOT DISTINCT FROM navis_subject() AND {_OWN_KIND}"
_OWN_NAME = (
    f"{_OWN_KIND} AND actor IS NOT DISTINCT FROM"
    " CASE WHEN navis_acts_as_patient() THEN navis_patient()::text ELSE navis_subject() END"
)


def _chain(first: str = "") -> str:
    return f"""
    CREATE OR REPLACE FUNCTION navis_audit_chain() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE head audit_head;
    BEGIN
{first}\
        SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
        NEW.sequence := head.sequence + 1;
        NEW.previous := head.hash;
        NEW.hash := navis_audit_digest(NEW);
        UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash;
        RETURN NEW;
    END $$
    """


def _let_add(own_name: str) -> None:
    op.execute(f"ALTER POLICY added ON audit_events WITH CHECK (navis_is_system() OR ({own_name}))")


_FUNCTIONS = [
    # A receipt is for good: what it says has happened has happened.
    """
    CREATE FUNCTION navis_erasure_stands() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'DELETE'
            OR (OLD.key_destroyed_at IS DISTINCT FROM NEW.key_destroyed_at
                AND OLD.key_destroyed_at IS NOT NULL)
            OR (OLD.objects_removed_at IS DISTINCT FROM NEW.objects_removed_at
                AND OLD.objects_removed_at IS NOT NULL)
            OR (OLD.settled_at IS DISTINCT FROM NEW.settled_at AND OLD.settled_at IS NOT NULL)
            OR (OLD.id, OLD.pseudonym, OLD.erased_by, OLD.erased_at, OLD.removed)
                IS DISTINCT FROM (NEW.id, NEW.pseudonym, NEW.erased_by, NEW.erased_at, NEW.removed)
        THEN
            RAISE EXCEPTION 'the receipt of an erasure stands' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    # Whoever follows something, or works on it, looks again and finds it gone.
    """
    CREATE FUNCTION navis_record_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('navis_record', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_generation_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('navis_generation', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_asking_gone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_notify('navis_generation', g.id::text)
        FROM generations g WHERE g.question_id = OLD.question_id AND g.finished_at IS NULL;
        RETURN NULL;
    END $$
    """,
]

_TRIGGERS = {
    "erasures": ("stands", "BEFORE UPDATE OR DELETE", "navis_erasure_stands"),
    "records": ("gone", "AFTER DELETE", "navis_record_gone"),
    "generations": ("gone", "AFTER DELETE", "navis_generation_gone"),
    "askings": ("gone", "AFTER DELETE", "navis_asking_gone"),
}

_RULES = [
    "GRANT SELECT, INSERT, UPDATE (key_destroyed_at, objects_removed_at, settled_at) ON erasures"
    " TO navis_app",
    "ALTER TABLE erasures ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE erasures FORCE ROW LEVEL SECURITY",
    "CREATE POLICY owner ON erasures TO navis_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY seen ON erasures FOR SELECT TO navis_app USING (navis_is_system())",
    "CREATE POLICY added ON erasures FOR INSERT TO navis_app WITH CHECK (navis_is_system())",
    "CREATE POLICY changed ON erasures FOR UPDATE TO navis_app"
    " USING (navis_is_system()) WITH CHECK (navis_is_system())",
    # What readers have said goes with them, and by nobody else's hand.
    "GRANT DELETE ON answer_feedback TO navis_app",
    "ALTER POLICY removed ON answer_feedback USING (navis_is_system())",
]


def upgrade() -> None:
    """Make the receipts, and have the database put our id in the place of the name."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.Column(
            "erased_by",
            sa.Enum(
                "PATIENT",
                "OPERATOR",
                name="erased_by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("key_destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objects_removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("jsonb_typeof(removed) = 'object'", name=op.f("ck_erasures_removed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_erasures_pseudonym")),
    )
    op.create_index(
        "ix_erasures_unsettled",
        "erasures",
        ["erased_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    for statement in (*_FUNCTIONS, *_RULES):
        op.execute(statement)
    for table, (name, when, function) in _TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    op.execute(_chain(_PSEUDONYM))
    _let_add(_OWN_NAME)


def downgrade() -> None:
    """Drop them, and record patients under the identity provider's name again."""
    _let_add(_OWN_NAME_BEFORE)
    op.execute(_chain())
    op.execute("ALTER POLICY removed ON answer_feedback USING (navis_is_staff())")
    op.execute("REVOKE DELETE ON answer_feedback FROM navis_app")
    op.execute("DROP TABLE erasures CASCADE")
    for _, _, function in _TRIGGERS.values():
        op.execute(f"DROP FUNCTION {function}() CASCADE")
