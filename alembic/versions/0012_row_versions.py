"""What is published tells the version of its rows, so that what was made of them can be kept.

Revision: 0012, after 0011; 2026-11-21

A row's `xmin` is the transaction that wrote it, so it differs after every update, whoever
made it (PostgreSQL documentation, "System Columns").
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_QUESTIONS = """
    SELECT id, slug, text, cancer_id, locale, asked_at, answered_at, search{version}
    FROM questions WHERE status = 'ANSWERED'
"""
_ANSWERS = """
    SELECT a.id, a.question_id, a.scope, a.slug, r.id AS revision_id, r.number, r.state,
        r.author, r.lock_version, r.title, r.summary, r.doctor_questions, r.next_steps,
        r.gaps, r.disclaimer_id, r.call_to_action, r.reading_grade, r.approved_by,
        r.approver_credentials, r.approved_at, r.next_review_on, r.published_at,
        r.publish_at, r.state_reason, r.stale_claims, r.updated_at, r.content{version}
    FROM answers a JOIN answer_revisions r ON r.answer_id = a.id
    WHERE r.state IN ('PUBLISHED', 'STALE') AND a.slug IS NOT NULL
"""


def upgrade() -> None:
    """Add the versions, as the views' last columns."""
    versioned = _QUESTIONS.format(version=", xmin::text AS row_version")
    op.execute(f"CREATE OR REPLACE VIEW published_questions AS {versioned}")
    versioned = _ANSWERS.format(version=", concat_ws('-', a.xmin, r.id, r.xmin) AS row_version")
    op.execute(f"CREATE OR REPLACE VIEW published_answers AS {versioned}")


def downgrade() -> None:
    """Make the views without them."""
    for name, shown in (("published_questions", _QUESTIONS), ("published_answers", _ANSWERS)):
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {shown.format(version='')}")
        op.execute(f"GRANT SELECT ON {name} TO navis_app")
