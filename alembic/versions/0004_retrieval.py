"""What searches of the whole corpus stand on: word counts, other names, letters without accents.

Revision: 0004, after 0003; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"

# As `sources.models` says it; a slash, two hyphens and an apostrophe come first.
_SEEN = "/\u2010\u2011\u2019ÀÁÂÃÄÅÈÉÊËÌÍÎÏÒÓÔÕÖÙÚÛÜÝÇÑàáâãäåèéêëìíîïòóôõöùúûüýÿçñ"
_AS = " --''AAAAAAEEEEIIIIOOOOOUUUUYCNaaaaaaeeeeiiiiooooouuuuyycn"
_PLAIN = (
    "setweight(to_tsvector('english', heading), 'A')"
    " || setweight(to_tsvector('english', text), 'B')"
)
_TRANSLATED = (
    f"setweight(to_tsvector('english', translate(heading, '{_SEEN}', '{_AS}')), 'A')"
    f" || setweight(to_tsvector('english', translate(text, '{_SEEN}', '{_AS}')), 'B')"
)

# A table is read while it is counted, so only what has changed is written.
_MEASURE = """
    CREATE OR REPLACE FUNCTION navis_measure_corpus() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('navis_measure_corpus', 0));
        WITH counted AS MATERIALIZED (
            SELECT word AS lexeme, ndoc AS passages
            FROM ts_stat('SELECT search FROM public.passages')
        ), gone AS (
            DELETE FROM corpus_words w
            WHERE NOT EXISTS (SELECT FROM counted c WHERE c.lexeme = w.lexeme)
        )
        INSERT INTO corpus_words AS w (lexeme, passages) SELECT lexeme, passages FROM counted
            ON CONFLICT (lexeme) DO UPDATE SET passages = excluded.passages
            WHERE w.passages <> excluded.passages;
        ANALYZE sources, source_versions, passages, corpus_words, other_names;
    END $$
"""
_MEASURE_BEFORE = """
    CREATE OR REPLACE FUNCTION navis_measure_corpus() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        ANALYZE sources, source_versions, passages;
    END $$
"""


def upgrade() -> None:
    op.create_table(
        "corpus_words",
        sa.Column("lexeme", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lexeme", name=op.f("pk_corpus_words")),
    )
    op.create_table(
        "other_names",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("other_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("other_name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "listed",
                "stated",
                "abbreviation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("name_key <> '' AND other_key <> ''", name=op.f("ck_other_names_keys")),
        sa.CheckConstraint("name_key <> other_key", name=op.f("ck_other_names_differ")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["source_versions.id"],
            name=op.f("fk_other_names_version_id_source_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "name_key", "other_key", name=op.f("pk_other_names")),
    )
    op.create_index("ix_other_names_name_key", "other_names", ["name_key"])
    op.create_index("ix_other_names_other_key", "other_names", ["other_key"])
    op.add_column(
        "source_versions",
        sa.Column("names_rules", sa.SmallInteger(), server_default="0", nullable=False),
    )
    op.execute("GRANT SELECT ON corpus_words TO navis_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON other_names TO navis_app")
    op.execute("GRANT UPDATE (names_rules) ON source_versions TO navis_app")
    _search_as(_TRANSLATED)
    op.execute(_MEASURE)
    op.execute("SELECT navis_measure_corpus()")


def downgrade() -> None:
    op.execute(_MEASURE_BEFORE)
    _search_as(_PLAIN)
    op.drop_column("source_versions", "names_rules")
    op.drop_table("other_names")
    op.drop_table("corpus_words")


def _search_as(expression: str) -> None:
    """Let Postgres make the search column anew; its expression can't be changed in place."""
    op.drop_index("ix_passages_search", "passages")
    op.drop_column("passages", "search")
    op.execute(
        "ALTER TABLE passages ADD COLUMN search tsvector"
        f" GENERATED ALWAYS AS ({expression}) STORED NOT NULL"
    )
    op.create_index("ix_passages_search", "passages", ["search"], postgresql_using="gin")
