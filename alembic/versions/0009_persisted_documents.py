"""Persisted documents: the operations that apps have registered.

Revision: 0009, after 0008; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"

# Operators register, and the API looks up: both as our own code. A document is never
# changed or removed, so that its id can't come to mean another text.
_GRANTS = {
    "persisted_documents": "SELECT, INSERT",
    "persisted_document_uses": "SELECT, INSERT, DELETE",
}


def upgrade() -> None:
    op.create_table(
        "persisted_documents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "QUERY",
                "MUTATION",
                "SUBSCRIPTION",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "id ~ '^[0-9A-Za-z._~-]{1,128}$'", name=op.f("ck_persisted_documents_id")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_persisted_documents_sha256")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_persisted_documents_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persisted_documents")),
    )
    op.create_table(
        "persisted_document_uses",
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "client <> '' AND version <> ''",
            name=op.f("ck_persisted_document_uses_client_and_version"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["persisted_documents.id"],
            name=op.f("fk_persisted_document_uses_document_id_persisted_documents"),
        ),
        sa.PrimaryKeyConstraint(
            "client", "version", "document_id", name=op.f("pk_persisted_document_uses")
        ),
    )
    op.create_index(
        "ix_persisted_document_uses_document_id", "persisted_document_uses", ["document_id"]
    )
    for table, rights in _GRANTS.items():
        for statement in (
            f"GRANT {rights} ON {table} TO navis_app",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY ours ON {table} TO navis_app"
            " USING (navis_is_system()) WITH CHECK (navis_is_system())",
        ):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("persisted_document_uses")
    op.drop_table("persisted_documents")
