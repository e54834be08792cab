"""Vectors of passages, and pgvector where the server has it.

The vectors are arrays of a core type: nothing of ours depends on the extension, so
a dump can be restored where there is none.

Revision: 0005, after 0004; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0005"
down_revision = "0004"

# pgvector isn't a trusted extension: only a superuser may make it. Where the login of the
# migration isn't one, an administrator may run CREATE EXTENSION at any time, in any schema.
_MAKE_EXTENSION = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')
        AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') THEN
        CREATE SCHEMA IF NOT EXISTS navis_vector;
        CREATE EXTENSION vector SCHEMA navis_vector;
        GRANT USAGE ON SCHEMA navis_vector TO navis_owner, navis_app;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$
"""

_DROP_EXTENSION = """
DO $$
BEGIN
    DROP SCHEMA IF EXISTS navis_vector CASCADE;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "passage_vectors",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("vector", postgresql.ARRAY(sa.REAL(), dimensions=1), nullable=False),
        sa.CheckConstraint("cardinality(vector) >= 1", name=op.f("ck_passage_vectors_dimensions")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_passage_vectors")),
        sa.UniqueConstraint(
            "model", "passage_id", name=op.f("uq_passage_vectors_model_passage_id")
        ),
    )
    op.create_index("ix_passage_vectors_model_digest", "passage_vectors", ["model", "digest"])
    # In the row as long as a page has room for it (2,000 dimensions): a search reads every
    # vector, and fetching each from beside the table made it take twice as long.
    op.execute("ALTER TABLE passage_vectors ALTER COLUMN vector SET STORAGE MAIN")
    op.create_table(
        "embedding_runs",
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_embedding_runs_attempts")),
        sa.CheckConstraint(
            "(lease_token IS NULL) = (lease_expires_at IS NULL)",
            name=op.f("ck_embedding_runs_lease"),
        ),
        sa.PrimaryKeyConstraint("model", name=op.f("pk_embedding_runs")),
    )
    op.execute("GRANT SELECT, INSERT, DELETE ON passage_vectors TO navis_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON embedding_runs TO navis_app")
    op.execute("RESET ROLE")
    op.execute(_MAKE_EXTENSION)
    op.execute("SET LOCAL ROLE navis_owner")


def downgrade() -> None:
    op.execute("RESET ROLE")
    op.execute(_DROP_EXTENSION)
    op.execute("SET LOCAL ROLE navis_owner")
    op.drop_table("embedding_runs")
    op.drop_table("passage_vectors")
