"""Reviews of personal answers: seen and given only while the patient consents to them.

Revision: 0023, after 0022; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"

_REASONS = (
    "NOT_SUPPORTED",
    "FACTS_MISREAD",
    "OUT_OF_DATE",
    "MISLEADING",
    "UNSAFE",
)

_CONSENTED = "navis_review_consent(patient_id) IS NOT NULL"
# A subquery is asked once for a statement, and before the consent of each row.
_REVIEWER = "(SELECT navis_reviews_personally())"

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_reviews_personally() RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT current_setting('navis.role', true) = 'reviewer' AND EXISTS (
            SELECT FROM staff s
            WHERE s.subject = navis_subject() AND s.active AND s.role = 'REVIEWER'
        )
    $$
    """,
    # Version 1 of the text said nothing of answers that are taken back, and nobody's review was
    # ever given on it. Who is the patient themselves isn't their reviewer.
    """
    CREATE FUNCTION navis_review_consent(patient uuid) RETURNS integer LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT c.version FROM consents c JOIN patients p ON p.id = c.patient_id
        WHERE navis_reviews_personally() AND c.patient_id = patient
        AND c.purpose = 'REVIEW' AND c.version >= 2 AND c.revoked_at IS NULL
        AND p.subject <> navis_subject()
    $$
    """,
    # The patient first, as erasure does it: whoever takes these rows takes them in one order.
    """
    CREATE FUNCTION navis_hold_for_review(patient uuid, question uuid, text_version integer)
    RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM FROM patients p WHERE p.id = patient AND p.subject <> navis_subject()
            AND navis_reviews_personally() FOR KEY SHARE;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM FROM consents c WHERE c.patient_id = patient AND c.purpose = 'REVIEW'
            AND c.version = text_version AND c.version >= 2 AND c.revoked_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM FROM personal_questions q WHERE q.patient_id = patient AND q.id = question
            AND q.status = 'COMPLETED' FOR KEY SHARE;
        RETURN FOUND;
    END $$
    """,
    """
    CREATE FUNCTION navis_personal_review_step() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF current_user <> 'navis_app' THEN
            RETURN NEW;
        END IF;
        IF NOT coalesce(navis_hold_for_review(
            NEW.patient_id, NEW.question_id, navis_review_consent(NEW.patient_id)
        ), false) THEN
            RAISE EXCEPTION 'this answer is not a viewer''s to review'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (
            SELECT FROM staff s WHERE s.subject = navis_subject() AND s.subject = NEW.subject
            AND s.name = NEW.reviewer AND s.credentials = NEW.credentials
        ) THEN
            RAISE EXCEPTION 'nobody reviews in the name of somebody else'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$
    """,
]

_STATEMENTS = (
    "CREATE TRIGGER step BEFORE INSERT ON personal_reviews"
    " FOR EACH ROW EXECUTE FUNCTION navis_personal_review_step()",
    # Given once: it is neither changed nor taken back, and goes with its question.
    "GRANT SELECT, INSERT ON personal_reviews TO navis_app",
    "ALTER TABLE personal_reviews ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE personal_reviews FORCE ROW LEVEL SECURITY",
    "CREATE POLICY owner ON personal_reviews TO navis_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY seen ON personal_reviews FOR SELECT TO navis_app"
    " USING (navis_is_system() OR patient_id = (SELECT navis_patient()))",
    "CREATE POLICY reviewed ON personal_reviews FOR SELECT TO navis_app"
    f" USING ({_REVIEWER} AND {_CONSENTED})",
    "CREATE POLICY added ON personal_reviews FOR INSERT TO navis_app"
    f" WITH CHECK ({_REVIEWER} AND {_CONSENTED} AND subject = navis_subject())",
    "CREATE POLICY reviewed ON personal_questions FOR SELECT TO navis_app"
    f" USING ({_REVIEWER} AND status = 'COMPLETED' AND {_CONSENTED})",
)


def upgrade() -> None:
    # First, since what stands after it begins a transaction anew.
    with op.get_context().autocommit_block():
        # What an attempt has left that was broken off.
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_personal_questions_answered")
        op.create_index(
            "ix_personal_questions_answered",
            "personal_questions",
            ["finished_at", "id"],
            postgresql_where=sa.text("status = 'COMPLETED'"),
            postgresql_concurrently=True,
        )
    op.create_table(
        "personal_reviews",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "APPROVE",
                "REJECT",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(*_REASONS, name="reason", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'REJECT') = (reason IS NOT NULL)",
            name=op.f("ck_personal_reviews_rejected_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(decision = 'APPROVE') = (next_review_on IS NOT NULL)",
            name=op.f("ck_personal_reviews_approved_until"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id", "question_id"],
            ["personal_questions.patient_id", "personal_questions.id"],
            name=op.f("fk_personal_reviews_patient_id_personal_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", "question_id", name=op.f("pk_personal_reviews")),
    )
    for statement in (*_FUNCTIONS, *_STATEMENTS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP POLICY reviewed ON personal_questions")
    op.execute("DROP TABLE personal_reviews CASCADE")
    op.drop_index("ix_personal_questions_answered", "personal_questions")
    for name in (
        "personal_review_step()",
        "hold_for_review(uuid, uuid, integer)",
        "review_consent(uuid)",
        "reviews_personally()",
    ):
        op.execute(f"DROP FUNCTION navis_{name}")
