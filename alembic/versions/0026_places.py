"""What is published tells where its rows lie, so that they can be looked at again without an index.

Revision: 0026, after 0021; 2026-11-22

A row's `ctid` is its place in its table. An update writes it elsewhere (PostgreSQL documentation,
"System Columns"), so whoever looks at a place has to look who lies there, and in which version.
"""

from alembic import op

revision = "0026"
down_revision = "0021"

_QUESTIONS = """
    SELECT id, slug, text, cancer_id, locale, asked_at, answered_at, search,
        xmin::text AS row_version{places}
    FROM questions WHERE status = 'ANSWERED'
"""
_ANSWERS = """
    SELECT a.id, a.question_id, a.scope, a.slug, r.id AS revision_id, r.number, r.state,
        r.author, r.lock_version, r.title, r.summary, r.doctor_questions, r.next_steps,
        r.gaps, r.disclaimer_id, r.call_to_action, r.reading_grade, r.approved_by,
        r.approver_credentials, r.approved_at, r.next_review_on, r.published_at,
        r.publish_at, r.state_reason, r.stale_claims, r.updated_at, r.content,
        concat_ws('-', a.xmin, r.id, r.xmin) AS row_version{places}
    FROM answers a JOIN answer_revisions r ON r.answer_id = a.id
    WHERE r.state IN ('PUBLISHED', 'STALE') AND a.slug IS NOT NULL
"""


def upgrade() -> None:
    """Add the places, as the views' last columns."""
    placed = _QUESTIONS.format(places=", ctid AS place")
    op.execute(f"CREATE OR REPLACE VIEW published_questions AS {placed}")
    placed = _ANSWERS.format(places=", a.ctid AS place, r.ctid AS revision_place")
    op.execute(f"CREATE OR REPLACE VIEW published_answers AS {placed}")


def downgrade() -> None:
    """Make the views without them."""
    for name, shown in (("published_questions", _QUESTIONS), ("published_answers", _ANSWERS)):
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {shown.format(places='')}")
        op.execute(f"GRANT SELECT ON {name} TO navis_app")
