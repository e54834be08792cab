"""The review: allowed steps, who may take them, what waits, history and changes (law 4).

Revision: 0007, after 0006; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0007"
down_revision = "0006"

# From, to, what it is called, and the viewers' roles that may take the step. As in
# `navis_api.answers.states`, when this was written.
_TRANSITIONS = [
    ("DRAFT", "IN_REVIEW", "submit", "system,reviewer,editor"),
    ("DRAFT", "SUPERSEDED", "replace", "system,reviewer,editor"),
    ("DRAFT", "REJECTED", "reject", "system,reviewer"),
    ("IN_REVIEW", "APPROVED", "approve", "system,reviewer"),
    ("IN_REVIEW", "CHANGES_REQUESTED", "request_changes", "system,reviewer"),
    ("IN_REVIEW", "REJECTED", "reject", "system,reviewer"),
    ("IN_REVIEW", "SUPERSEDED", "replace", "system,reviewer,editor"),
    ("CHANGES_REQUESTED", "SUPERSEDED", "replace", "system,reviewer,editor"),
    ("CHANGES_REQUESTED", "REJECTED", "reject", "system,reviewer"),
    ("APPROVED", "PUBLISHED", "publish", "system,editor"),
    ("APPROVED", "CHANGES_REQUESTED", "request_changes", "system,reviewer"),
    ("APPROVED", "REJECTED", "reject", "system,reviewer"),
    ("APPROVED", "SUPERSEDED", "replace", "system,reviewer,editor"),
    ("PUBLISHED", "STALE", "expire", "system"),
    ("PUBLISHED", "SUPERSEDED", "supersede", "system,editor"),
    ("PUBLISHED", "RETRACTED", "retract", "system,editor,administrator"),
    ("STALE", "PUBLISHED", "renew", "system,reviewer"),
    ("STALE", "SUPERSEDED", "supersede", "system,editor"),
    ("STALE", "RETRACTED", "retract", "system,editor,administrator"),
]

# A row of the review, and what the app role may do with it: histories are only added to,
# and by triggers.
_GRANTS = {
    "answer_transitions": "SELECT",
    "answer_history": "SELECT",
    "published_changes": "SELECT",
    "staff": "SELECT, INSERT, UPDATE",
    "review_periods": "SELECT, INSERT, UPDATE, DELETE",
    "review_items": (
        "SELECT, INSERT, DELETE, UPDATE (rank, queued_at, reasons, claimed_by, claimed_until)"
    ),
    "review_decisions": "SELECT, INSERT",
    "claim_comments": "SELECT, INSERT, UPDATE (resolved_at, resolved_by)",
    "answer_feedback": "SELECT, INSERT, UPDATE (resolved_at, resolved_by, resolution)",
}
_REVISION_GRANT = "(approver_subject, publish_at, publish_by, stale_claims)"

_STAFF, _SYSTEM = "navis_is_staff()", "navis_is_system()"
_ADMINISTRATOR = "navis_is_administrator()"
_IN_OWN_NAME = "navis_is_system() OR (navis_is_staff() AND subject = navis_subject())"

# Table: who may see a row, who may add one, and who may change or remove one.
_POLICIES = {
    "answer_history": (f"public OR {_STAFF}", "false", "false"),
    "staff": (_STAFF, _ADMINISTRATOR, _ADMINISTRATOR),
    "review_periods": (_STAFF, _ADMINISTRATOR, _ADMINISTRATOR),
    "review_items": (_STAFF, _STAFF, _STAFF),
    "review_decisions": (_STAFF, _IN_OWN_NAME, "false"),
    "claim_comments": (_STAFF, _IN_OWN_NAME, _STAFF),
    # Readers' own words: they see what they said themselves.
    "answer_feedback": (f"{_STAFF} OR subject = navis_subject()", _SYSTEM, _STAFF),
}

# What is taken back or refused shows to nobody but the staff, not even to whoever asked.
_REVISION_SEEN = (
    "state IN ('PUBLISHED', 'STALE') OR navis_is_staff()"
    " OR (state IN ('DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED')"
    " AND EXISTS (SELECT FROM answers a JOIN questions q ON q.id = a.question_id"
    " WHERE a.id = answer_id AND q.status <> 'ANSWERED'))"
)
# Nor does the text that was streamed while it was written.
_EVENT_SEEN = (
    "EXISTS (SELECT FROM generations g WHERE g.id = generation_id"
    " AND (kind <> 'TEXT_ADDED' OR g.revision_id IS NULL"
    " OR EXISTS (SELECT FROM answer_revisions r WHERE r.id = g.revision_id)))"
)
_EVENT_SEEN_BEFORE = "EXISTS (SELECT FROM generations g WHERE g.id = generation_id)"
_REVISION_SEEN_BEFORE = (
    "state IN ('PUBLISHED', 'STALE') OR navis_is_staff()"
    " OR EXISTS (SELECT FROM answers a JOIN questions q ON q.id = a.question_id"
    " WHERE a.id = answer_id AND q.status <> 'ANSWERED')"
)

# What was any staff's to add or to remove, and isn't any more: nothing that was reviewed goes
# away by anybody's hand, and questions come from askers.
_OURS_ALONE = {
    "added": ("questions", "answers"),
    "removed": (
        "questions",
        "answers",
        "answer_revisions",
        "answer_sections",
        "claims",
        "citations",
    ),
}

_FUNCTIONS = [
    """
    CREATE FUNCTION navis_is_administrator() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('navis.role', true), '') IN ('system', 'administrator') $$
    """,
    # Reviewers decide on the cancers that are theirs, and on those below them.
    """
    CREATE FUNCTION navis_is_on_staff(answer uuid) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT EXISTS (
            SELECT FROM staff s
            WHERE s.subject = navis_subject() AND s.active
            AND s.role = upper(current_setting('navis.role', true))
            AND (s.role <> 'REVIEWER' OR s.all_cancers OR s.cancer_ids && ARRAY(
                WITH RECURSIVE above(id, parent_id) AS (
                    SELECT c.id, c.parent_id
                    FROM answers a JOIN questions q ON q.id = a.question_id
                    JOIN cancers c ON c.id = q.cancer_id
                    WHERE a.id = answer
                    UNION
                    SELECT c.id, c.parent_id FROM cancers c JOIN above ON c.id = above.parent_id
                ) SELECT id FROM above
            ))
        )
    $$
    """,
    """
    CREATE FUNCTION navis_step_is_allowed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        acting text := coalesce(current_setting('navis.role', true), '');
        ours boolean := current_user <> 'navis_app' OR acting = 'system';
        step answer_transitions;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.state <> 'DRAFT' OR NEW.approved_by IS NOT NULL
                OR NEW.approver_subject IS NOT NULL OR NEW.published_at IS NOT NULL THEN
                RAISE EXCEPTION 'a revision begins as a draft that nobody has approved'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT ours AND NEW.author_subject IS DISTINCT FROM navis_subject() THEN
                RAISE EXCEPTION 'nobody writes a revision in the name of somebody else'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            NEW.lock_version := 1;
            RETURN NEW;
        END IF;
        NEW.lock_version := OLD.lock_version + 1;
        IF NEW.state <> OLD.state THEN
            SELECT * INTO step FROM answer_transitions t
            WHERE t.before = OLD.state AND t.after = NEW.state;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state
                    USING ERRCODE = 'check_violation';
            END IF;
            IF NOT ours AND NOT (
                acting = ANY (step.roles) AND navis_is_on_staff(NEW.answer_id)
            ) THEN
                RAISE EXCEPTION 'this viewer may not %', step.action
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            -- What is said of a state doesn't outlive it.
            IF NEW.state <> 'APPROVED' THEN
                NEW.publish_at := NULL;
                NEW.publish_by := NULL;
            END IF;
            IF NEW.state <> 'STALE' THEN
                NEW.stale_claims := NULL;
            END IF;
        END IF;
        IF NEW.state = OLD.state AND NOT ours
            AND (NEW.state_reason, NEW.stale_claims)
                IS DISTINCT FROM (OLD.state_reason, OLD.stale_claims) THEN
            RAISE EXCEPTION 'what is said of a state comes with the step to it'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.publish_at IS NOT NULL AND NOT ours
            AND (NEW.publish_at, NEW.publish_by)
                IS DISTINCT FROM (OLD.publish_at, OLD.publish_by)
            AND NOT (
                acting = 'editor' AND navis_is_on_staff(NEW.answer_id)
                AND NEW.publish_by = navis_subject()
            ) THEN
            RAISE EXCEPTION 'only an editor schedules a publication, and in their own name'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF step.action IN ('approve', 'renew') THEN
            IF NOT ours AND NOT EXISTS (
                SELECT FROM staff s WHERE s.subject = navis_subject()
                AND s.subject = NEW.approver_subject AND s.name = NEW.approved_by
                AND s.credentials = NEW.approver_credentials
            ) THEN
                RAISE EXCEPTION 'nobody approves in the name of somebody else'
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
        ELSIF (NEW.approved_by, NEW.approver_credentials, NEW.approver_subject, NEW.approved_at,
               NEW.next_review_on)
            IS DISTINCT FROM (OLD.approved_by, OLD.approver_credentials, OLD.approver_subject,
                              OLD.approved_at, OLD.next_review_on) THEN
            RAISE EXCEPTION 'an approval comes with the decision to approve'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.published_at IS DISTINCT FROM OLD.published_at
            AND step.action IS DISTINCT FROM 'publish' THEN
            RAISE EXCEPTION 'the time of publication comes with the publication'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_step_was_taken() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE old_state text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
    BEGIN
        IF NEW.state = old_state THEN
            RETURN NULL;
        END IF;
        INSERT INTO answer_history (answer_id, revision_id, revision, before, after, at, reason,
            reviewer, credentials, actor_subject, public)
        VALUES (NEW.answer_id, NEW.id, NEW.number, old_state, NEW.state,
            CASE WHEN old_state IS NULL THEN NEW.created_at ELSE NEW.updated_at END,
            CASE WHEN NEW.state = 'PUBLISHED' OR old_state IS NULL
                THEN coalesce(NEW.state_reason, NEW.edit_reason) ELSE NEW.state_reason END,
            NEW.approved_by, NEW.approver_credentials, navis_subject(),
            NEW.state IN ('PUBLISHED', 'STALE', 'RETRACTED')
            OR (NEW.state = 'SUPERSEDED' AND old_state IN ('PUBLISHED', 'STALE')));
        IF NEW.state IN ('IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'STALE') THEN
            INSERT INTO review_items AS item (revision_id, rank, queued_at, reasons)
            VALUES (NEW.id,
                CASE WHEN NEW.stale_claims IS NOT NULL THEN 1 WHEN NEW.state = 'STALE' THEN 3
                    ELSE NEW.priority END,
                NEW.updated_at,
                CASE WHEN NEW.state_reason IS NULL THEN '{}' ELSE ARRAY[NEW.state_reason] END)
            ON CONFLICT (revision_id) DO UPDATE SET rank = least(item.rank, excluded.rank),
                queued_at = excluded.queued_at, reasons = item.reasons || excluded.reasons,
                claimed_by = NULL, claimed_until = NULL;
        ELSE
            DELETE FROM review_items WHERE revision_id = NEW.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    # One change after the other: whoever has seen a sequence number has seen all before it.
    """
    CREATE FUNCTION navis_hold_publications() RETURNS void LANGUAGE sql AS
    $$ SELECT pg_advisory_xact_lock(hashtextextended('navis publications', 0)) $$
    """,
    """
    CREATE FUNCTION navis_publication_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.state NOT IN ('PUBLISHED', 'STALE', 'RETRACTED') OR (
            NEW.state = OLD.state AND (NEW.stale_claims, NEW.state_reason)
                IS NOT DISTINCT FROM (OLD.stale_claims, OLD.state_reason)
        ) THEN
            RETURN NULL;
        END IF;
        PERFORM navis_hold_publications();
        INSERT INTO published_changes AS change
            (answer_id, sequence, kind, slug, title, revision, at, reason)
        SELECT NEW.answer_id, nextval('published_changes_sequence'),
            NEW.state, a.slug, NEW.title, NEW.number, NEW.updated_at,
            CASE WHEN NEW.state = 'PUBLISHED' THEN coalesce(NEW.state_reason, NEW.edit_reason)
                ELSE NEW.state_reason END
        FROM answers a WHERE a.id = NEW.answer_id
        ON CONFLICT (answer_id) DO UPDATE SET
            sequence = excluded.sequence,
            kind = CASE WHEN excluded.kind = 'PUBLISHED' AND change.kind <> 'RETRACTED'
                THEN 'UPDATED' ELSE excluded.kind END,
            slug = excluded.slug, title = excluded.title, revision = excluded.revision,
            at = excluded.at, reason = excluded.reason;
        PERFORM pg_notify('navis_published', NEW.answer_id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_public_is_replaced() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.state IN ('PUBLISHED', 'STALE') AND NEW.state = 'SUPERSEDED' AND NOT EXISTS (
            SELECT FROM published_changes c
            WHERE c.answer_id = NEW.answer_id AND c.revision <> NEW.number
        ) THEN
            RAISE EXCEPTION 'what was public is superseded by what is published, or retracted'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_address_stays() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.slug IS DISTINCT FROM OLD.slug AND EXISTS (
            SELECT FROM published_changes c WHERE c.answer_id = NEW.id
        ) THEN
            RAISE EXCEPTION 'an answer that was public keeps its address'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    # What is erased with its question is gone from readers' copies too, without its words.
    """
    CREATE FUNCTION navis_publication_erased() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM navis_hold_publications();
        UPDATE published_changes SET kind = 'RETRACTED', title = '', reason = NULL, at = now(),
            sequence = nextval('published_changes_sequence')
        WHERE answer_id = OLD.id;
        PERFORM pg_notify('navis_published', OLD.id::text);
        RETURN NULL;
    END $$
    """,
]

_FORWARD_BEFORE = """
    CREATE FUNCTION navis_states_go_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> OLD.state AND (
            NEW.state = 'DRAFT' OR OLD.state IN ('SUPERSEDED', 'RETRACTED', 'REJECTED')
        ) THEN
            RAISE EXCEPTION 'a revision that was read by others cannot become a draft, nor one'
                ' that is over come back: make a new revision' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """

_TRIGGERS = [
    "CREATE TRIGGER step BEFORE INSERT OR UPDATE ON answer_revisions"
    " FOR EACH ROW EXECUTE FUNCTION navis_step_is_allowed()",
    "CREATE TRIGGER taken AFTER INSERT OR UPDATE OF state ON answer_revisions"
    " FOR EACH ROW EXECUTE FUNCTION navis_step_was_taken()",
    # Also where more of a stale answer is lost: its notice says so.
    "CREATE TRIGGER changed AFTER UPDATE OF state, stale_claims, state_reason ON answer_revisions"
    " FOR EACH ROW EXECUTE FUNCTION navis_publication_changed()",
    "CREATE CONSTRAINT TRIGGER replaced AFTER UPDATE OF state ON answer_revisions"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION navis_public_is_replaced()",
    "CREATE TRIGGER address BEFORE UPDATE OF slug ON answers"
    " FOR EACH ROW EXECUTE FUNCTION navis_address_stays()",
    "CREATE TRIGGER erased AFTER DELETE ON answers"
    " FOR EACH ROW EXECUTE FUNCTION navis_publication_erased()",
]

# What stands already, as if the triggers had been there.
_CARRIED_OVER = [
    """
    INSERT INTO answer_history (answer_id, revision_id, revision, before, after, at, reason,
        reviewer, credentials, public)
    SELECT r.answer_id, r.id, r.number, NULL, r.state, r.updated_at, r.state_reason,
        r.approved_by, r.approver_credentials,
        r.state IN ('PUBLISHED', 'STALE', 'RETRACTED')
        OR (r.state = 'SUPERSEDED' AND r.published_at IS NOT NULL)
    FROM answer_revisions r ORDER BY r.answer_id, r.number
    """,
    """
    INSERT INTO published_changes (answer_id, sequence, kind, slug, title, revision, at, reason)
    SELECT r.answer_id, nextval('published_changes_sequence'), r.state, a.slug, r.title,
        r.number, r.updated_at, r.state_reason
    FROM answer_revisions r JOIN answers a ON a.id = r.answer_id
    WHERE r.state IN ('PUBLISHED', 'STALE') AND a.slug IS NOT NULL
    ORDER BY r.published_at, r.id
    """,
    """
    INSERT INTO review_items (revision_id, rank, queued_at)
    SELECT r.id, CASE WHEN r.state = 'STALE' THEN 3 ELSE 5 END, r.updated_at
    FROM answer_revisions r
    WHERE r.state IN ('IN_REVIEW', 'CHANGES_REQUESTED', 'APPROVED', 'STALE')
    """,
]


def _protect(table: str, seen: str, added: str, changed: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT TO navis_app USING ({seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT TO navis_app WITH CHECK ({added})")
    op.execute(
        f"CREATE POLICY changed ON {table} FOR UPDATE TO navis_app"
        f" USING ({changed}) WITH CHECK ({changed})"
    )
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE TO navis_app USING ({changed})")


def _narrow(rule: str) -> None:
    for table in _OURS_ALONE["added"]:
        op.execute(f"ALTER POLICY added ON {table} WITH CHECK ({rule})")
    for table in _OURS_ALONE["removed"]:
        op.execute(f"ALTER POLICY removed ON {table} USING ({rule})")


def upgrade() -> None:
    _make_tables()
    op.execute("CREATE SEQUENCE published_changes_sequence")
    op.drop_constraint("approver_is_not_author", "answer_revisions", type_="check")
    op.create_check_constraint(
        "approver_is_not_author",
        "answer_revisions",
        "approved_by <> author AND approver_subject <> author_subject",
    )
    for name, rule in _REVISION_CHECKS.items():
        op.create_check_constraint(name, "answer_revisions", rule)
    for before, after, action, roles in _TRANSITIONS:
        op.execute(
            "INSERT INTO answer_transitions (before, after, action, roles)"
            f" VALUES ('{before}', '{after}', '{action}', string_to_array('{roles}', ','))"
        )
    for table, rights in _GRANTS.items():
        op.execute(f"GRANT {rights} ON {table} TO navis_app")
    op.execute(f"GRANT UPDATE {_REVISION_GRANT} ON answer_revisions TO navis_app")
    op.execute("DROP FUNCTION navis_states_go_forward() CASCADE")
    for statement in (*_FUNCTIONS, *_TRIGGERS):
        op.execute(statement)
    for table, (seen, added, changed) in _POLICIES.items():
        _protect(table, seen, added, changed)
    op.execute("DROP POLICY seen ON answer_revisions")
    op.execute(
        f"CREATE POLICY seen ON answer_revisions FOR SELECT TO navis_app USING ({_REVISION_SEEN})"
    )
    op.execute(f"ALTER POLICY seen ON generation_events USING ({_EVENT_SEEN})")
    _narrow("navis_is_system()")
    for statement in _CARRIED_OVER:
        op.execute(statement)


_REVISION_CHECKS = {
    "scheduled_by_somebody": "(publish_at IS NULL) = (publish_by IS NULL)",
    "scheduled_is_approved": "publish_at IS NULL OR state = 'APPROVED'",
    "stale_claims": "stale_claims IS NULL OR state = 'STALE'",
    "priority": "priority BETWEEN 0 AND 9",
}


def _make_tables() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "answer_transitions",
        sa.Column(
            "before",
            sa.Enum(
                "DRAFT",
                "IN_REVIEW",
                "CHANGES_REQUESTED",
                "APPROVED",
                "PUBLISHED",
                "STALE",
                "SUPERSEDED",
                "RETRACTED",
                "REJECTED",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "DRAFT",
                "IN_REVIEW",
                "CHANGES_REQUESTED",
                "APPROVED",
                "PUBLISHED",
                "STALE",
                "SUPERSEDED",
                "RETRACTED",
                "REJECTED",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("before", "after", name=op.f("pk_answer_transitions")),
    )
    op.create_table(
        "published_changes",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "PUBLISHED",
                "UPDATED",
                "STALE",
                "RETRACTED",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_published_changes_sequence")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_published_changes")),
        sa.UniqueConstraint("sequence", name=op.f("uq_published_changes_sequence")),
    )
    op.create_index("ix_published_changes_slug", "published_changes", ["slug"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "REVIEWER",
                "EDITOR",
                "ADMINISTRATOR",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), server_default="", nullable=False),
        sa.Column("cancer_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("all_cancers", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role <> 'REVIEWER' OR credentials <> ''", name=op.f("ck_staff_reviewer_is_qualified")
        ),
        sa.CheckConstraint("subject <> '' AND name <> ''", name=op.f("ck_staff_subject_and_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("subject", name=op.f("uq_staff_subject")),
    )
    op.create_table(
        "review_periods",
        sa.Column("cancer_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_review_periods_months")),
        sa.ForeignKeyConstraint(
            ["cancer_id"],
            ["cancers.id"],
            name=op.f("fk_review_periods_cancer_id_cancers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cancer_id", name=op.f("pk_review_periods")),
    )
    op.create_table(
        "answer_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "HELPFUL",
                "NOT_HELPFUL",
                "PROBLEM",
                "HARM",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), server_default="", nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)",
            name=op.f("ck_answer_feedback_resolved"),
        ),
        sa.CheckConstraint(
            "(section IS NULL) = (claim IS NULL)", name=op.f("ck_answer_feedback_place")
        ),
        sa.CheckConstraint(
            "section >= 0 AND claim >= 0", name=op.f("ck_answer_feedback_place_counts_from_0")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name=op.f("fk_answer_feedback_answer_id_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_answer_feedback_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_feedback")),
    )
    op.create_index(
        "ix_answer_feedback_answer_id_at", "answer_feedback", ["answer_id", "at"], unique=False
    )
    op.create_index(
        "uq_answer_feedback_client_key",
        "answer_feedback",
        ["client", "idempotency_key"],
        unique=True,
        postgresql_where="idempotency_key IS NOT NULL",
    )
    op.create_table(
        "answer_history",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "DRAFT",
                "IN_REVIEW",
                "CHANGES_REQUESTED",
                "APPROVED",
                "PUBLISHED",
                "STALE",
                "SUPERSEDED",
                "RETRACTED",
                "REJECTED",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "DRAFT",
                "IN_REVIEW",
                "CHANGES_REQUESTED",
                "APPROVED",
                "PUBLISHED",
                "STALE",
                "SUPERSEDED",
                "RETRACTED",
                "REJECTED",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=True),
        sa.Column("credentials", sa.Text(), nullable=True),
        sa.Column("actor_subject", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
            name=op.f("fk_answer_history_answer_id_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_answer_history_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_answer_history")),
    )
    op.create_index(
        "ix_answer_history_answer_id_sequence",
        "answer_history",
        ["answer_id", "sequence"],
        unique=False,
    )
    op.create_table(
        "claim_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_claim_comments_text")),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name=op.f("ck_claim_comments_resolved")
        ),
        sa.CheckConstraint(
            "(section IS NULL) = (claim IS NULL)", name=op.f("ck_claim_comments_place")
        ),
        sa.CheckConstraint(
            "section >= 0 AND claim >= 0", name=op.f("ck_claim_comments_place_counts_from_0")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_claim_comments_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_comments")),
    )
    op.create_index(
        "ix_claim_comments_revision_id", "claim_comments", ["revision_id"], unique=False
    )
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "APPROVE",
                "REQUEST_CHANGES",
                "REJECT",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_review_decisions_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decisions")),
    )
    op.create_index(
        "ix_review_decisions_revision_id", "review_decisions", ["revision_id"], unique=False
    )
    op.create_table(
        "review_items",
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_review_items_claim")
        ),
        sa.CheckConstraint("rank BETWEEN 0 AND 9", name=op.f("ck_review_items_rank")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["answer_revisions.id"],
            name=op.f("fk_review_items_revision_id_answer_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_review_items")),
    )
    op.create_index(
        "ix_review_items_queue", "review_items", ["rank", "queued_at", "revision_id"], unique=False
    )
    op.add_column("answer_revisions", sa.Column("author_subject", sa.Text(), nullable=True))
    op.add_column("answer_revisions", sa.Column("edit_reason", sa.Text(), nullable=True))
    op.add_column(
        "answer_revisions",
        sa.Column("priority", sa.SmallInteger(), server_default="5", nullable=False),
    )
    op.add_column(
        "answer_revisions",
        sa.Column("lock_version", sa.Integer(), server_default="1", nullable=False),
    )
    op.add_column("answer_revisions", sa.Column("approver_subject", sa.Text(), nullable=True))
    op.add_column(
        "answer_revisions", sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("answer_revisions", sa.Column("publish_by", sa.Text(), nullable=True))
    op.add_column(
        "answer_revisions",
        sa.Column("stale_claims", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.create_index(
        "ix_answer_revisions_next_review_on",
        "answer_revisions",
        ["next_review_on"],
        unique=False,
        postgresql_where="state = 'PUBLISHED'",
    )
    op.create_index(
        "ix_answer_revisions_publish_at",
        "answer_revisions",
        ["publish_at"],
        unique=False,
        postgresql_where="publish_at IS NOT NULL",
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    _narrow("navis_is_staff()")
    op.execute(f"ALTER POLICY seen ON generation_events USING ({_EVENT_SEEN_BEFORE})")
    op.execute("DROP POLICY seen ON answer_revisions")
    op.execute(
        "CREATE POLICY seen ON answer_revisions FOR SELECT TO navis_app"
        f" USING ({_REVISION_SEEN_BEFORE})"
    )
    for name in (
        "step_is_allowed",
        "step_was_taken",
        "publication_changed",
        "publication_erased",
        "public_is_replaced",
        "address_stays",
    ):
        op.execute(f"DROP FUNCTION navis_{name}() CASCADE")
    op.execute("DROP FUNCTION navis_hold_publications()")
    op.execute("DROP FUNCTION navis_is_on_staff(uuid)")
    op.execute(_FORWARD_BEFORE)
    op.execute(
        "CREATE TRIGGER forward BEFORE UPDATE OF state ON answer_revisions"
        " FOR EACH ROW EXECUTE FUNCTION navis_states_go_forward()"
    )
    for name in (*_REVISION_CHECKS, "approver_is_not_author"):
        op.drop_constraint(name, "answer_revisions", type_="check")
    op.create_check_constraint(
        "approver_is_not_author", "answer_revisions", "approved_by <> author"
    )
    op.execute(f"REVOKE UPDATE {_REVISION_GRANT} ON answer_revisions FROM navis_app")
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(
        "ix_answer_revisions_publish_at",
        table_name="answer_revisions",
        postgresql_where="publish_at IS NOT NULL",
    )
    op.drop_index(
        "ix_answer_revisions_next_review_on",
        table_name="answer_revisions",
        postgresql_where="state = 'PUBLISHED'",
    )
    op.drop_column("answer_revisions", "stale_claims")
    op.drop_column("answer_revisions", "publish_by")
    op.drop_column("answer_revisions", "publish_at")
    op.drop_column("answer_revisions", "approver_subject")
    op.drop_column("answer_revisions", "lock_version")
    op.drop_column("answer_revisions", "priority")
    op.drop_column("answer_revisions", "edit_reason")
    op.drop_column("answer_revisions", "author_subject")
    op.drop_index("ix_review_items_queue", table_name="review_items")
    op.drop_table("review_items")
    op.drop_index("ix_review_decisions_revision_id", table_name="review_decisions")
    op.drop_table("review_decisions")
    op.drop_index("ix_claim_comments_revision_id", table_name="claim_comments")
    op.drop_table("claim_comments")
    op.drop_index("ix_answer_history_answer_id_sequence", table_name="answer_history")
    op.drop_table("answer_history")
    op.drop_index(
        "uq_answer_feedback_client_key",
        table_name="answer_feedback",
        postgresql_where="idempotency_key IS NOT NULL",
    )
    op.drop_index("ix_answer_feedback_answer_id_at", table_name="answer_feedback")
    op.drop_table("answer_feedback")
    op.drop_table("review_periods")
    op.drop_table("staff")
    op.drop_index("ix_published_changes_slug", table_name="published_changes")
    op.drop_table("published_changes")
    op.drop_table("answer_transitions")
    # ### end Alembic commands ###
    op.execute("DROP SEQUENCE published_changes_sequence")
    op.execute("DROP FUNCTION navis_is_administrator()")
