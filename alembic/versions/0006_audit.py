"""The audit record: rows that are only added, each carrying the hash of the one before.

Revision: 0006, after 0005; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0006"
down_revision = "0005"

_FUNCTIONS = [
    # What is hashed of a row: every column in turn, with its length in bytes before it.
    # `navis_api.audit.chain` says the same in Python.
    """
    CREATE FUNCTION navis_audit_digest(entry audit_events) RETURNS bytea LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
        SELECT sha256(convert_to(string_agg(
            CASE WHEN part IS NULL THEN '-' ELSE octet_length(part) || ':' || part END,
            ',' ORDER BY place
        ), 'UTF8'))
        FROM unnest(ARRAY[
            entry.sequence::text,
            to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            entry.actor_kind, entry.actor, entry.action, entry.object_type, entry.object_id,
            entry.detail::text, entry.origin, entry.request_id, encode(entry.previous, 'hex')
        ]) WITH ORDINALITY AS parts(part, place)
    $$
    """,
    # The head is held until the transaction ends, so that the chain has one order.
    """
    CREATE FUNCTION navis_audit_chain() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE head audit_head;
    BEGIN
        SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
        NEW.sequence := head.sequence + 1;
        NEW.previous := head.hash;
        NEW.hash := navis_audit_digest(NEW);
        UPDATE audit_head SET sequence = NEW.sequence, hash = NEW.hash;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit record is only added to' USING ERRCODE = 'check_violation';
    END $$
    """,
]

_TRIGGERS = [
    "CREATE TRIGGER chain BEFORE INSERT ON audit_events"
    " FOR EACH ROW EXECUTE FUNCTION navis_audit_chain()",
    "CREATE TRIGGER final BEFORE UPDATE OR DELETE ON audit_events"
    " FOR EACH ROW EXECUTE FUNCTION navis_audit_is_final()",
    "CREATE TRIGGER whole BEFORE TRUNCATE ON audit_events"
    " FOR EACH STATEMENT EXECUTE FUNCTION navis_audit_is_final()",
]

_RULES = [
    # The trigger gives number and hashes: nobody else does.
    "GRANT SELECT, INSERT (at, actor_kind, actor, action, object_type, object_id, detail, origin,"
    " request_id) ON audit_events TO navis_app",
    "GRANT SELECT ON audit_head TO navis_app",
    *(
        statement
        for table in ("audit_events", "audit_head")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY seen ON {table} FOR SELECT TO navis_app USING (navis_is_system()"
            " OR coalesce(current_setting('navis.role', true), '') = 'administrator')",
        )
    ),
    # Nobody records in another's name or as another kind; our own code records for everybody.
    "CREATE POLICY added ON audit_events FOR INSERT TO navis_app WITH CHECK (navis_is_system()"
    " OR (actor IS NOT DISTINCT FROM navis_subject() AND actor_kind ="
    " upper(coalesce(nullif(current_setting('navis.role', true), ''), 'anonymous'))))",
]


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=True),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("action <> ''", name=op.f("ck_audit_events_action")),
        # Years of four digits: others have no one form to be hashed in.
        sa.CheckConstraint(
            "at BETWEEN '2000-01-01Z' AND '9999-12-30Z'", name=op.f("ck_audit_events_at")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 65536",
            name=op.f("ck_audit_events_detail"),
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_object", "audit_events", ["object_type", "object_id"])
    op.create_table(
        "audit_head",
        sa.Column("only", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("ck_audit_head_only")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_audit_head")),
    )
    op.execute("INSERT INTO audit_head (sequence, hash) VALUES (0, sha256('navis-api audit'))")
    for statement in (*_FUNCTIONS, *_TRIGGERS, *_RULES):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE audit_events CASCADE")
    op.execute("DROP TABLE audit_head")
    for name in ("digest(audit_events)", "chain()", "is_final()"):
        op.execute(f"DROP FUNCTION IF EXISTS navis_audit_{name}")
