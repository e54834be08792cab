"""What must never happen, held by the database: quotes, publications, visibility (law 4).

Revision: 0003, after 0002; 2026-11-21
"""

from alembic import op

revision = "0003"
down_revision = "0002"

# A table of ours, and what the app role may do with it. Updates are granted by
# column where the rest of a row never changes.
_GRANTS = {
    "alembic_version": "SELECT",
    "cancers": "SELECT, INSERT, UPDATE, DELETE",
    "cancer_names": "SELECT, INSERT, UPDATE, DELETE",
    "sources": "SELECT, INSERT, UPDATE",
    "source_versions": "SELECT, INSERT, UPDATE (superseded_at)",
    "passages": "SELECT, INSERT, DELETE, UPDATE (cancer_ids)",
    "questions": "SELECT, INSERT, UPDATE, DELETE",
    "askings": "SELECT, INSERT, DELETE",
    "search_words": "SELECT, INSERT, UPDATE, DELETE",
    "answers": "SELECT, INSERT, DELETE, UPDATE (slug)",
    "answer_revisions": (
        "SELECT, INSERT, DELETE, UPDATE (state, state_reason, approved_by, approver_credentials,"
        " approved_at, next_review_on, published_at, updated_at)"
    ),
    "answer_sections": "SELECT, INSERT, DELETE",
    "claims": "SELECT, INSERT, DELETE",
    "citations": "SELECT, INSERT, DELETE",
    "generations": "SELECT, INSERT, UPDATE, DELETE",
    "generation_events": "SELECT, INSERT, DELETE",
    "idempotency_keys": "SELECT, INSERT, DELETE",
    "pgqueuer": "SELECT, INSERT, UPDATE, DELETE, TRIGGER",
    "pgqueuer_log": "SELECT, INSERT, UPDATE, DELETE",
    "pgqueuer_schedules": "SELECT, INSERT, UPDATE, DELETE",
    "pgqueuer_statistics": "SELECT, INSERT, UPDATE, DELETE",
}

# A temporary table must not stand for one of ours: triggers look for tables there last.
_FUNCTIONS = [
    # The viewer whom the session speaks for; unset and empty both mean: nobody.
    """
    CREATE FUNCTION navis_subject() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('navis.subject', true), '') $$
    """,
    """
    CREATE FUNCTION navis_is_system() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('navis.role', true), '') = 'system' $$
    """,
    """
    CREATE FUNCTION navis_is_staff() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('navis.role', true), '')
        IN ('system', 'reviewer', 'editor', 'administrator') $$
    """,
    """
    CREATE FUNCTION navis_cancers_are_a_tree() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF EXISTS (
            WITH RECURSIVE above(id, parent_id) AS (
                SELECT id, parent_id FROM cancers WHERE id = NEW.parent_id
                UNION
                SELECT c.id, c.parent_id FROM cancers c JOIN above ON c.id = above.parent_id
            ) SELECT FROM above WHERE id = NEW.id
        ) THEN
            RAISE EXCEPTION 'a cancer cannot stand below itself' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_quote_is_exact() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM source_versions v WHERE v.id = NEW.source_version_id
            AND substr(v.text, NEW.start + 1, NEW."end" - NEW.start) = NEW.quote
            AND char_length(NEW.quote) = NEW."end" - NEW.start
        ) THEN
            RAISE EXCEPTION 'a quote is not what its source says' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_content_is_final() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        touched record := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        revision uuid;
    BEGIN
        IF TG_TABLE_NAME = 'answer_sections' THEN
            revision := touched.revision_id;
        ELSIF TG_TABLE_NAME = 'claims' THEN
            SELECT s.revision_id INTO revision
            FROM answer_sections s WHERE s.id = touched.section_id;
        ELSE
            SELECT s.revision_id INTO revision
            FROM claims c JOIN answer_sections s ON s.id = c.section_id
            WHERE c.id = touched.claim_id;
        END IF;
        -- A row that is gone already is being erased with all that hangs on it.
        IF EXISTS (SELECT FROM answer_revisions WHERE id = revision AND state <> 'DRAFT') THEN
            RAISE EXCEPTION 'only a draft can be rewritten: make a new revision'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN touched;
    END $$
    """,
    """
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
    """,
    """
    CREATE FUNCTION navis_published_is_cited() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM answer_revisions WHERE id = NEW.id
                       AND state IN ('APPROVED', 'PUBLISHED', 'STALE')) THEN
            RETURN NULL;
        END IF;
        IF NOT EXISTS (
            SELECT FROM answer_sections s JOIN claims c ON c.section_id = s.id
            WHERE s.revision_id = NEW.id
        ) OR EXISTS (
            SELECT FROM answer_sections s JOIN claims c ON c.section_id = s.id
            WHERE s.revision_id = NEW.id
            AND NOT EXISTS (SELECT FROM citations t WHERE t.claim_id = c.id)
        ) THEN
            RAISE EXCEPTION 'a published answer needs a citation for every claim'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_answered_has_live_revision() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE question uuid;
    BEGIN
        IF TG_TABLE_NAME = 'questions' THEN
            question := NEW.id;
        ELSIF TG_TABLE_NAME = 'answers' THEN
            question := OLD.question_id;
        ELSE
            SELECT a.question_id INTO question FROM answers a
            WHERE a.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.answer_id ELSE NEW.answer_id END;
        END IF;
        IF EXISTS (SELECT FROM questions WHERE id = question AND status = 'ANSWERED')
            <> EXISTS (
                SELECT FROM answers a JOIN answer_revisions r ON r.answer_id = a.id
                WHERE a.question_id = question AND a.scope = 'GENERAL'
                AND r.state IN ('PUBLISHED', 'STALE')
            ) THEN
            RAISE EXCEPTION 'a question is answered exactly when a reviewed answer is live'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION navis_events_have_no_gap() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.sequence > 1 AND NOT EXISTS (
            SELECT FROM generation_events
            WHERE generation_id = NEW.generation_id AND sequence = NEW.sequence - 1
        ) THEN
            RAISE EXCEPTION 'an event is missing before this one' USING ERRCODE = 'check_violation';
        END IF;
        -- The same text twice in a transaction is sent once.
        PERFORM pg_notify('navis_generation', NEW.generation_id::text);
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION navis_catalogue_changed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM pg_notify('navis_catalogue', '');
        RETURN NULL;
    END $$
    """,
]

_STATISTICS = [
    # Only an owner may ANALYZE, and after an import searches are slow until somebody has.
    """
    CREATE FUNCTION navis_measure_corpus() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        ANALYZE sources, source_versions, passages;
    END $$
    """,
    "REVOKE EXECUTE ON FUNCTION navis_measure_corpus() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION navis_measure_corpus() TO navis_app",
]

_TRIGGERS = [
    "CREATE TRIGGER tree BEFORE INSERT OR UPDATE OF parent_id ON cancers"
    " FOR EACH ROW EXECUTE FUNCTION navis_cancers_are_a_tree()",
    "CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE ON cancers"
    " FOR EACH STATEMENT EXECUTE FUNCTION navis_catalogue_changed()",
    "CREATE TRIGGER quote BEFORE INSERT OR UPDATE ON citations"
    " FOR EACH ROW EXECUTE FUNCTION navis_quote_is_exact()",
    *(
        f"CREATE TRIGGER final BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION navis_content_is_final()"
        for table in ("answer_sections", "claims", "citations")
    ),
    "CREATE TRIGGER forward BEFORE UPDATE OF state ON answer_revisions"
    " FOR EACH ROW EXECUTE FUNCTION navis_states_go_forward()",
    "CREATE CONSTRAINT TRIGGER cited AFTER INSERT OR UPDATE OF state ON answer_revisions"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION navis_published_is_cited()",
    "CREATE CONSTRAINT TRIGGER live AFTER INSERT OR UPDATE OF status ON questions"
    " DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION navis_answered_has_live_revision()",
    "CREATE CONSTRAINT TRIGGER live AFTER INSERT OR DELETE OR UPDATE OF state ON answer_revisions"
    " DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION navis_answered_has_live_revision()",
    # The revisions that go with an answer no longer know its question.
    "CREATE CONSTRAINT TRIGGER live AFTER DELETE ON answers DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION navis_answered_has_live_revision()",
    "CREATE TRIGGER sequence BEFORE INSERT ON generation_events"
    " FOR EACH ROW EXECUTE FUNCTION navis_events_have_no_gap()",
]

_ASKED = "EXISTS (SELECT FROM questions q WHERE q.id = question_id)"

# Table: who may see a row, and who may write one.
_POLICIES = {
    "questions": (
        "status = 'ANSWERED' OR asked_anonymously OR navis_is_staff() OR EXISTS"
        " (SELECT FROM askings a WHERE a.question_id = id AND a.subject = navis_subject())",
        "navis_is_staff()",
    ),
    # Not even a reviewer sees who asked.
    "askings": (
        "navis_is_system() OR subject = navis_subject()",
        "navis_is_system()",
    ),
    "answers": (f"slug IS NOT NULL OR {_ASKED}", "navis_is_staff()"),
    "answer_revisions": (
        "state IN ('PUBLISHED', 'STALE') OR navis_is_staff()"
        " OR EXISTS (SELECT FROM answers a JOIN questions q ON q.id = a.question_id"
        " WHERE a.id = answer_id AND q.status <> 'ANSWERED')",
        "navis_is_staff()",
    ),
    "answer_sections": ("navis_is_staff()", "navis_is_staff()"),
    "claims": ("navis_is_staff()", "navis_is_staff()"),
    "citations": ("navis_is_staff()", "navis_is_staff()"),
    "generations": (_ASKED, "navis_is_system()"),
    "generation_events": (
        "EXISTS (SELECT FROM generations g WHERE g.id = generation_id)",
        "navis_is_system()",
    ),
    "idempotency_keys": ("navis_is_system()", "navis_is_system()"),
}


def upgrade() -> None:
    for table, rights in _GRANTS.items():
        op.execute(f"GRANT {rights} ON {table} TO navis_app")
    op.execute("GRANT USAGE ON SCHEMA public TO navis_app")
    op.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO navis_app")
    for statement in (*_FUNCTIONS, *_STATISTICS, *_TRIGGERS):
        op.execute(statement)
    for table, (seen, written) in _POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY seen ON {table} FOR SELECT TO navis_app USING ({seen})")
        op.execute(f"CREATE POLICY added ON {table} FOR INSERT TO navis_app WITH CHECK ({written})")
        op.execute(
            f"CREATE POLICY changed ON {table} FOR UPDATE TO navis_app"
            f" USING ({written}) WITH CHECK ({written})"
        )
        op.execute(f"CREATE POLICY removed ON {table} FOR DELETE TO navis_app USING ({written})")


def downgrade() -> None:
    for table in _POLICIES:
        for policy in ("owner", "seen", "added", "changed", "removed"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in (
        "measure_corpus",
        "subject",
        "is_system",
        "is_staff",
        "cancers_are_a_tree",
        "quote_is_exact",
        "content_is_final",
        "states_go_forward",
        "published_is_cited",
        "answered_has_live_revision",
        "events_have_no_gap",
        "catalogue_changed",
    ):
        op.execute(f"DROP FUNCTION navis_{name}() CASCADE")
    for table in _GRANTS:
        op.execute(f"REVOKE ALL ON {table} FROM navis_app")
