"""Searches that name a cancer have indexes of their own, and no index of words has a queue.

Revision: 0021, after 0020; 2026-11-22

Whatever is said beside a cancer stands there together with it, so that a list is as short as
what is found: see `questions.ways`. What is indexed is made of the vector by a function, so no
row is written anew.

What was published lately stood at an index's end, unsorted, up to 4 MB of it, and each search
read it from beginning to end.
"""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"

_SORTED = ("ix_questions_search", "ix_questions_search_sample")
_WITHIN_CANCERS = {
    "ix_questions_search_within_cancers": "status = 'ANSWERED'",
    # The part that is searched first, as `ix_questions_search_sample` has it.
    "ix_questions_search_within_cancers_sample": (
        "status = 'ANSWERED' AND get_byte(uuid_send(id), 15)"
        " < CASE WHEN length(text) <= 48 THEN 64 ELSE 4 END"
    ),
}

# A vector holds 1 MB, and a lexeme 2,046 bytes. What would have more is found by `*` alone:
# nobody can search for that, and whatever is found is compared with the question's own vector.
# It takes some 15 µs, which nobody spends on what an index finds. Postgres would count them for
# each row, and begin parallel workers for the work: several milliseconds for nothing.
_FUNCTION = """
    CREATE OR REPLACE FUNCTION navis_search_within_cancers(search tsvector) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1 AS $$
        SELECT CASE
            WHEN max(octet_length(lexeme)) > 1000
                OR count(*) FILTER (WHERE is_cancer) * sum(octet_length(lexeme) + 1)
                + count(*) * sum(octet_length(lexeme)) FILTER (WHERE is_cancer) > 500000
            THEN '''*'''::tsvector
            ELSE array_to_tsvector(ARRAY(
                SELECT cancer || ' ' || other
                FROM unnest(array_agg(lexeme) FILTER (WHERE is_cancer)) AS cancer,
                    unnest(array_agg(lexeme)) AS other
            ))
        END
        FROM unnest(tsvector_to_array(search)) AS lexeme,
            LATERAL (SELECT lexeme ^@ 'cancer:') AS kind (is_cancer)
        WHERE NOT lexeme ^@ 'slot:'
    $$
"""


def upgrade() -> None:
    """Make the indexes, and have the others sorted at once."""
    op.execute(_FUNCTION)
    for name in _SORTED:
        op.execute(f"ALTER INDEX {name} SET (fastupdate = off)")
        op.execute(f"SELECT gin_clean_pending_list('{name}')")
    with op.get_context().autocommit_block():
        for name, where in _WITHIN_CANCERS.items():
            # What an attempt has left that was broken off.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(
                name,
                "questions",
                [sa.text("navis_search_within_cancers(search)")],
                postgresql_using="gin",
                postgresql_where=sa.text(where),
                postgresql_with={"fastupdate": "off"},
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    """Drop them, and let the others have a queue."""
    for name in _WITHIN_CANCERS:
        op.execute(f"DROP INDEX {name}")
    op.execute("DROP FUNCTION navis_search_within_cancers(tsvector)")
    for name in _SORTED:
        op.execute(f"ALTER INDEX {name} RESET (fastupdate)")
