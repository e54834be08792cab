"""Translations of answers: nobody reads one that a second person hasn't approved.

Revision: 0010, after 0009; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0010"
down_revision = "0009"

_APPROVAL = "(approved_by, approver_subject, approver_credentials, approved_at)"
_WITHDRAWAL = "(withdrawn_at, withdrawn_by, withdrawn_reason)"

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_translation_is_allowed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        acting text := coalesce(current_setting('navis.role', true), '');
        ours boolean := current_user <> 'navis_app' OR acting = 'system';
        translated answer_revisions;
    BEGIN
        SELECT * INTO STRICT translated FROM answer_revisions WHERE id = NEW.revision_id;
        IF TG_OP = 'INSERT' THEN
            IF NEW.approved_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
                RAISE EXCEPTION 'a translation is approved after it was stored'
                    USING ERRCODE = 'check_violation';
            END IF;
            -- Claim by claim, so that each keeps the quotes that it rests on.
            IF (SELECT coalesce(jsonb_agg(jsonb_array_length(s -> 'claims') ORDER BY place), '[]')
                FROM jsonb_array_elements(NEW.sections) WITH ORDINALITY AS each(s, place))
                <> (SELECT coalesce(
                    jsonb_agg(jsonb_array_length(s -> 'claims') ORDER BY place), '[]')
                FROM jsonb_array_elements(translated.content -> 'sections')
                    WITH ORDINALITY AS each(s, place))
            THEN
                RAISE EXCEPTION 'a translation has the sections and claims of its revision'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT ours AND NOT (acting IN ('reviewer', 'editor')
                AND NEW.translator_subject = navis_subject()
                AND navis_is_on_staff(translated.answer_id))
            THEN
                RAISE EXCEPTION 'staff hand in translations, in their own name'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        END IF;
        IF (to_jsonb(NEW) - ARRAY['approved_by', 'approver_subject', 'approver_credentials',
                'approved_at', 'withdrawn_at', 'withdrawn_by', 'withdrawn_reason'])
            <> (to_jsonb(OLD) - ARRAY['approved_by', 'approver_subject', 'approver_credentials',
                'approved_at', 'withdrawn_at', 'withdrawn_by', 'withdrawn_reason'])
        THEN
            RAISE EXCEPTION 'a translation keeps its words: hand in another'
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.withdrawn_at IS NOT NULL THEN
            RAISE EXCEPTION 'a translation that was withdrawn stays so'
                USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.approved_by, NEW.approver_subject, NEW.approver_credentials, NEW.approved_at)
            IS DISTINCT FROM
            (OLD.approved_by, OLD.approver_subject, OLD.approver_credentials, OLD.approved_at)
        THEN
            IF OLD.approved_at IS NOT NULL OR NEW.approved_at IS NULL THEN
                RAISE EXCEPTION 'an approval stays as it is' USING ERRCODE = 'check_violation';
            END IF;
            IF translated.state NOT IN ('APPROVED', 'PUBLISHED', 'STALE') THEN
                RAISE EXCEPTION 'what is approved itself can have an approved translation'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT ours AND NOT (acting = 'reviewer' AND navis_is_on_staff(translated.answer_id)
                AND EXISTS (
                    SELECT FROM staff s WHERE s.subject = navis_subject()
                    AND (s.subject, s.name, s.credentials)
                        = (NEW.approver_subject, NEW.approved_by, NEW.approver_credentials)
                ))
            THEN
                RAISE EXCEPTION 'reviewers of its cancer approve a translation, in their own name'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
        END IF;
        IF NEW.withdrawn_at IS NOT NULL AND NOT ours AND NOT (
            acting IN ('reviewer', 'editor') AND navis_is_on_staff(translated.answer_id)
            AND NEW.withdrawn_by = navis_subject()
        ) THEN
            RAISE EXCEPTION 'staff withdraw translations, in their own name'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$
    """,
    # Copies and caches hear of it: the answer reads differently in this language from now on.
    """
    CREATE FUNCTION navis_translation_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        translated answer_revisions;
        asked uuid;
    BEGIN
        SELECT * INTO STRICT translated FROM answer_revisions WHERE id = NEW.revision_id;
        IF translated.state NOT IN ('PUBLISHED', 'STALE') THEN
            RETURN NULL;
        END IF;
        PERFORM navis_hold_publications();
        UPDATE published_changes SET sequence = nextval('published_changes_sequence'),
            kind = CASE WHEN kind = 'PUBLISHED' THEN 'UPDATED' ELSE kind END
        WHERE answer_id = translated.answer_id;
        SELECT question_id INTO asked FROM answers WHERE id = translated.answer_id;
        PERFORM navis_tell_published(translated.answer_id, asked);
        RETURN NULL;
    END $$
    """,
]

_TRIGGERS = [
    "CREATE TRIGGER allowed BEFORE INSERT OR UPDATE ON answer_translations"
    " FOR EACH ROW EXECUTE FUNCTION navis_translation_is_allowed()",
    "CREATE TRIGGER changed AFTER UPDATE OF approved_at, withdrawn_at ON answer_translations"
    " FOR EACH ROW WHEN (NEW.approved_at IS NOT NULL)"
    " EXECUTE FUNCTION navis_translation_changed()",
]

# Row security of the revision holds in the inner select too.
_SEEN = (
    "navis_is_staff() OR (approved_at IS NOT NULL AND withdrawn_at IS NULL"
    " AND EXISTS (SELECT FROM answer_revisions r WHERE r.id = revision_id))"
)


def upgrade() -> None:
    """Make the table, and its rules."""
    op.create_table(
        "answer_translations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "en", "es", name="language", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("doctor_questions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("next_steps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("gaps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sections", postgresql.JSONB(), nullable=False),
        sa.Column("translator", sa.Text(), nullable=False),
        sa.Column("translator_subject", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approver_subject", sa.Text(), nullable=True),
        sa.Column("approver_credentials", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "language <> 'en'", name=op.f("ck_answer_translations_is_another_language")
        ),
        sa.CheckConstraint(
            "question <> '' AND title <> '' AND translator <> ''",
            name=op.f("ck_answer_translations_words"),
        ),
        sa.CheckConstraint(
            "approved_by <> translator AND approver_subject <> translator_subject",
            name=op.f("ck_answer_translations_approver_is_not_translator"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL) = (approver_credentials IS NULL)",
            name=op.f("ck_answer_translations_approval_is_whole"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_answer_translations_withdrawal_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_answer_translations_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_translations")),
    )
    op.create_index(
        "ix_answer_translations_revision_id", "answer_translations", ["revision_id", "language"]
    )
    for statement in (*_FUNCTIONS, *_TRIGGERS):
        op.execute(statement)
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE {_APPROVAL}, UPDATE {_WITHDRAWAL}"
        " ON answer_translations TO navis_app"
    )
    op.execute("ALTER TABLE answer_translations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE answer_translations FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner ON answer_translations TO navis_owner USING (true) WITH CHECK (true)"
    )
    op.execute(f"CREATE POLICY seen ON answer_translations FOR SELECT TO navis_app USING ({_SEEN})")
    op.execute(
        "CREATE POLICY added ON answer_translations FOR INSERT TO navis_app"
        " WITH CHECK (navis_is_staff())"
    )
    op.execute(
        "CREATE POLICY changed ON answer_translations FOR UPDATE TO navis_app"
        " USING (navis_is_staff()) WITH CHECK (navis_is_staff())"
    )


def downgrade() -> None:
    """Take it back. The translations are gone then."""
    op.drop_table("answer_translations")
    op.execute("DROP FUNCTION navis_translation_changed()")
    op.execute("DROP FUNCTION navis_translation_is_allowed()")
