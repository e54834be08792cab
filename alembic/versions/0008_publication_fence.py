"""The publication fence: which processes keep published answers in memory.

Revision: 0008, after 0007; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"

_CHANGED = """
    CREATE OR REPLACE FUNCTION navis_publication_changed() RETURNS trigger LANGUAGE plpgsql
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
        PERFORM {tell};
        RETURN NULL;
    END $$
    """

_ERASED = """
    CREATE OR REPLACE FUNCTION navis_publication_erased() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM navis_hold_publications();
        UPDATE published_changes SET kind = 'RETRACTED', title = '', reason = NULL, at = now(),
            sequence = nextval('published_changes_sequence')
        WHERE answer_id = OLD.id;
        PERFORM {tell};
        RETURN NULL;
    END $$
    """

_FUNCTIONS = [
    # What is told of a publication: its sequence number (0: none), and the tags of what is
    # read differently from now on. Where a question is gone, nobody can tell: `all` of it.
    # Whoever changes what readers of an answer get in another way tells of it too.
    """
    CREATE FUNCTION navis_tell_published(answer uuid, question uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH RECURSIVE asked AS (
            SELECT q.id, q.cancer_id FROM questions q WHERE q.id = question
        ), above AS (
            SELECT c.id, c.parent_id FROM cancers c JOIN asked ON c.id = asked.cancer_id
            UNION
            SELECT c.id, c.parent_id FROM cancers c JOIN above ON c.id = above.parent_id
        )
        SELECT pg_notify('navis_published', concat_ws(' ',
            coalesce((SELECT p.sequence FROM published_changes p WHERE p.answer_id = answer), 0),
            CASE WHEN EXISTS (SELECT FROM asked) THEN 'answer:' || answer ELSE 'all' END,
            (SELECT 'question:' || id FROM asked),
            (SELECT string_agg('cancer:' || id, ' ' ORDER BY id) FROM above)
        ))
    $$
    """,
    "REVOKE EXECUTE ON FUNCTION navis_tell_published(uuid, uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION navis_tell_published(uuid, uuid) TO navis_app",
    """
    CREATE FUNCTION navis_reader_lease() RETURNS interval LANGUAGE sql IMMUTABLE AS
    $$ SELECT interval '3 seconds' $$
    """,
    # The row is held while its lease is looked at and prolonged: whoever waits for readers
    # sees the lease as it was before, and over, or as it is afterwards. What is newest is
    # read last, by a snapshot taken after the clock was: what a reader isn't told of here
    # was committed later than the lease began.
    """
    CREATE FUNCTION navis_hold_reader_lease(
        reader uuid, has_handled bigint, OUT continued boolean, OUT newest bigint
    ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        held timestamptz;
        moment timestamptz;
    BEGIN
        SELECT r.lease_until INTO held FROM publication_readers r WHERE r.id = reader FOR UPDATE;
        moment := clock_timestamp();
        continued := coalesce(held > moment, false);
        INSERT INTO publication_readers AS r (id, lease_until, handled)
        VALUES (reader, moment + navis_reader_lease(), has_handled)
        ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until,
            handled = greatest(r.handled, excluded.handled);
        SELECT coalesce(max(c.sequence), 0) INTO newest FROM published_changes c;
        IF NOT continued THEN
            -- It begins with nothing in memory, so there is nothing older that it has.
            UPDATE publication_readers r SET handled = newest WHERE r.id = reader;
            DELETE FROM publication_readers r WHERE r.id IN (
                SELECT gone.id FROM publication_readers gone
                WHERE gone.lease_until < moment - interval '1 minute'
                FOR UPDATE SKIP LOCKED
            );
        END IF;
    END $$
    """,
    """
    CREATE FUNCTION navis_end_reader_lease(reader uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ DELETE FROM publication_readers WHERE id = reader $$
    """,
    # Rows are locked before they are looked at, so that a lease which is being prolonged is
    # seen as prolonged; each statement here has a snapshot of its own.
    """
    CREATE FUNCTION navis_readers_behind(
        INOUT publication bigint, OUT behind bigint
    ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF publication IS NULL THEN
            SELECT coalesce(max(c.sequence), 0) INTO publication FROM published_changes c;
        END IF;
        PERFORM FROM publication_readers ORDER BY id FOR SHARE;
        SELECT count(*) INTO behind FROM publication_readers r
        WHERE r.handled < publication AND r.lease_until > clock_timestamp();
    END $$
    """,
    *(
        statement
        for name in (
            "navis_hold_reader_lease(uuid, bigint)",
            "navis_end_reader_lease(uuid)",
            "navis_readers_behind(bigint)",
        )
        for statement in (
            f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name} TO navis_app",
        )
    ),
    _CHANGED.format(
        tell="navis_tell_published(a.id, a.question_id) FROM answers a WHERE a.id = NEW.answer_id"
    ),
    _ERASED.format(tell="navis_tell_published(OLD.id, OLD.question_id)"),
]


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "publication_readers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_readers")),
    )
    # Each row is rewritten every second: there is room for that on its page.
    op.execute("ALTER TABLE publication_readers SET (fillfactor = 50)")
    # The app role gets at it through the functions alone.
    op.execute("ALTER TABLE publication_readers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE publication_readers FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner ON publication_readers TO navis_owner USING (true) WITH CHECK (true)"
    )
    for statement in _FUNCTIONS:
        op.execute(statement)


def downgrade() -> None:
    """Take it back."""
    op.execute(_CHANGED.format(tell="pg_notify('navis_published', NEW.answer_id::text)"))
    op.execute(_ERASED.format(tell="pg_notify('navis_published', OLD.id::text)"))
    for name in (
        "navis_tell_published(uuid, uuid)",
        "navis_readers_behind(bigint)",
        "navis_end_reader_lease(uuid)",
        "navis_hold_reader_lease(uuid, bigint)",
        "navis_reader_lease()",
    ):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_table("publication_readers")
