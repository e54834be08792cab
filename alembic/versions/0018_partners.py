"""Partners and their keys: seen and changed by administrators alone, and a key's end is final.

Revision: 0018, after 0015; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0018"
down_revision = "0015"

_OURS = "navis_is_system() OR coalesce(current_setting('navis.role', true), '') = 'administrator'"

# Nobody removes either: the audit record and the figures name them for good.
_GRANTS = {
    "partners": "SELECT, INSERT, UPDATE (name, origins, updated_at)",
    "partner_keys": "SELECT, INSERT, UPDATE (expires_at, revoked_at, last_used_at)",
}

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_partner_key_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
            RAISE EXCEPTION 'a key that was revoked stays revoked'
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.expires_at IS NOT NULL
            AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
            RAISE EXCEPTION 'the end of a key is not put off' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    # Every process keeps keys for a few seconds, and forgets them when it hears of this.
    """
    CREATE FUNCTION navis_tell_partners() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_notify('navis_partners', '');
        RETURN NULL;
    END $$
    """,
]

_TRIGGERS = [
    "CREATE TRIGGER step BEFORE UPDATE ON partner_keys"
    " FOR EACH ROW EXECUTE FUNCTION navis_partner_key_step()",
    "CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE OF name, origins ON partners"
    " FOR EACH STATEMENT EXECUTE FUNCTION navis_tell_partners()",
    # Not of when one was used last, which is written all day long.
    "CREATE TRIGGER tell AFTER DELETE OR UPDATE OF expires_at, revoked_at ON partner_keys"
    " FOR EACH STATEMENT EXECUTE FUNCTION navis_tell_partners()",
]


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origins", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_partners_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
    )
    op.create_index("uq_partners_name", "partners", [sa.text("lower(name)")], unique=True)
    op.create_table(
        "partner_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("kind", "PUBLIC", "SECRET"), nullable=False),
        sa.Column("environment", _choice("environment", "LIVE", "TEST"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("restored_per_s", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_partner_keys_digest")),
        sa.CheckConstraint("length(last_four) = 4", name=op.f("ck_partner_keys_last_four")),
        sa.CheckConstraint(
            "scopes <> '{}' AND scopes <@ ARRAY['READ_CONTENT', 'ASK', 'WEBHOOKS']",
            name=op.f("ck_partner_keys_scopes"),
        ),
        sa.CheckConstraint(
            "kind = 'SECRET' OR NOT 'WEBHOOKS' = ANY (scopes)",
            name=op.f("ck_partner_keys_public_scopes"),
        ),
        sa.CheckConstraint(
            "(points IS NULL) = (restored_per_s IS NULL) AND points > 0 AND restored_per_s > 0",
            name=op.f("ck_partner_keys_limit"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_keys_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["partner_keys.id"],
            name=op.f("fk_partner_keys_replaces_id_partner_keys"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_partner_keys_digest")),
    )
    op.create_index(
        "ix_partner_keys_partner_id", "partner_keys", ["partner_id", "created_at", "id"]
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
    op.drop_table("partner_keys")
    op.drop_table("partners")
    op.execute("DROP FUNCTION navis_partner_key_step()")
    op.execute("DROP FUNCTION navis_tell_partners()")
