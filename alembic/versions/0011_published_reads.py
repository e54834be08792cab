"""What reading published content needs: views past row security, and indexes for long lists.

Revision: 0011, after 0010; 2026-11-21

Row security keeps Postgres from using an index for an operator that isn't leakproof, and `@@`
isn't: every search read the whole table. The views show what everybody may see and
nothing else, and are read as their owner, whom row security lets through.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_VIEWS = {
    "published_questions": """
        SELECT id, slug, text, cancer_id, locale, asked_at, answered_at, search
        FROM questions WHERE status = 'ANSWERED'
    """,
    "published_answers": """
        SELECT a.id, a.question_id, a.scope, a.slug, r.id AS revision_id, r.number, r.state,
            r.author, r.lock_version, r.title, r.summary, r.doctor_questions, r.next_steps,
            r.gaps, r.disclaimer_id, r.call_to_action, r.reading_grade, r.approved_by,
            r.approver_credentials, r.approved_at, r.next_review_on, r.published_at,
            r.publish_at, r.state_reason, r.stale_claims, r.updated_at, r.content
        FROM answers a JOIN answer_revisions r ON r.answer_id = a.id
        WHERE r.state IN ('PUBLISHED', 'STALE') AND a.slug IS NOT NULL
    """,
}

_INDEXES = {
    # A part of the questions that is searched first: see `questions.ranking`.
    "ix_questions_search_sample": (
        "USING gin (search) WHERE status = 'ANSWERED' AND get_byte(uuid_send(id), 15)"
        " < CASE WHEN length(text) <= 48 THEN 64 ELSE 4 END"
    ),
    # Lists by when a question was asked: of everybody's questions, and with a viewer's own.
    "ix_questions_asked": "(asked_at, id)",
    "ix_questions_asked_of_cancer": "(cancer_id, asked_at, id)",
}


def upgrade() -> None:
    """Make the views and indexes."""
    for name, shown in _VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {shown}")
        op.execute(f"GRANT SELECT ON {name} TO navis_app")
    for name, index in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON questions {index}")


def downgrade() -> None:
    """Drop them."""
    for name in _INDEXES:
        op.execute(f"DROP INDEX {name}")
    for name in _VIEWS:
        op.execute(f"DROP VIEW {name}")
