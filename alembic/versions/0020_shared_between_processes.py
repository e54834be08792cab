"""What processes share: buckets of limits, a secret of the deployment, and signals by another way.

Revision: 0020, after 0019; 2026-11-21
"""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"

_TABLES_RULES = [
    # A secret that all processes of one deployment have, and whoever reads only Redis hasn't.
    "INSERT INTO deployment (secret) SELECT decode("
    "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')",
    # Written four times a second, and worth nothing after a crash: no log of it is kept, and
    # a page has room for the next version of its rows.
    "ALTER TABLE limit_buckets SET (fillfactor = 50)",
    *(
        statement
        for table in ("deployment", "limit_buckets")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
        )
    ),
]

_FUNCTIONS = [
    # The secret is of this database: a copy of it beside it on the same server is another.
    """
    CREATE FUNCTION navis_deployment() RETURNS bytea LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT sha256(d.secret || convert_to(b.oid::text, 'UTF8'))
        FROM deployment d, pg_database b WHERE b.datname = current_database()
    $$
    """,
    # Time gives back what was taken. `taken` is added to what is missing; or nothing is, and as
    # much is missing as whoever was alone for a while knows of, at least. In the order of keys,
    # so that no two wait for each other. A clock that was set back gives nothing back.
    """
    CREATE FUNCTION navis_settle_buckets(keys bytea[], seconds double precision[], adds boolean)
    RETURNS TABLE (settled bytea, full_in_s double precision) LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        INSERT INTO limit_buckets AS b (key, full_in_s, settled_at)
        SELECT given.key, given.seconds, clock_timestamp()
        FROM unnest(keys, seconds) AS given (key, seconds) ORDER BY given.key
        ON CONFLICT (key) DO UPDATE SET settled_at = clock_timestamp(), full_in_s = (
            SELECT CASE WHEN adds THEN missing + excluded.full_in_s
                ELSE greatest(missing, excluded.full_in_s) END
            FROM (SELECT greatest(b.full_in_s - greatest(
                extract(epoch FROM clock_timestamp() - b.settled_at)::double precision, 0
            ), 0)) AS now (missing)
        )
        RETURNING b.key, greatest(b.full_in_s, 0)
    $$
    """,
    """
    CREATE FUNCTION navis_forget_full_buckets() RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM limit_buckets WHERE key IN (
            SELECT full_again.key FROM limit_buckets full_again
            WHERE full_again.settled_at + make_interval(secs => greatest(full_again.full_in_s, 0))
                < clock_timestamp() - interval '1 second'
            FOR UPDATE SKIP LOCKED
        )
    $$
    """,
    # A transaction whose process tells by another way, once this is committed, gathers what is
    # to be told; what is too much for that, and everybody else's, is notified as ever. Whoever
    # gathers listens here too.
    """
    CREATE FUNCTION navis_stir(channel text, payload text) RETURNS void LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        gathered text := coalesce(current_setting('navis.stirred', true), '');
        line text := channel || ' ' || payload || E'\\n';
    BEGIN
        IF coalesce(current_setting('navis.gathers', true), '') <> 'on'
            OR length(gathered) > 8000 THEN
            PERFORM pg_notify(channel, payload);
        ELSIF position(line IN gathered) = 0 THEN
            PERFORM set_config('navis.stirred', gathered || line, true);
        END IF;
    END $$
    """,
    "REVOKE EXECUTE ON FUNCTION navis_deployment(), navis_forget_full_buckets(),"
    " navis_settle_buckets(bytea[], double precision[], boolean) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION navis_deployment(), navis_forget_full_buckets(),"
    " navis_settle_buckets(bytea[], double precision[], boolean) TO navis_app",
]

# As 0003, 0013, 0016 and 0017 have them, but for how they tell.
_TELLING = [
    """
    CREATE OR REPLACE FUNCTION navis_events_have_no_gap() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.sequence > 1 AND NOT EXISTS (
            SELECT FROM generation_events
            WHERE generation_id = NEW.generation_id AND sequence = NEW.sequence - 1
        ) THEN
            RAISE EXCEPTION 'an event is missing before this one' USING ERRCODE = 'check_violation';
        END IF;
        -- The same text twice in a transaction is sent once.
        PERFORM {tell}('navis_generation', NEW.generation_id::text);
        RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_record_step_was_taken() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
            RETURN NULL;
        END IF;
        INSERT INTO record_events (patient_id, record_id, sequence, state, failure, at)
        SELECT NEW.patient_id, NEW.id, coalesce(max(e.sequence), 0) + 1, NEW.state, NEW.failure,
            NEW.updated_at
        FROM record_events e WHERE e.patient_id = NEW.patient_id AND e.record_id = NEW.id;
        PERFORM {tell}('navis_record', NEW.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_personal_question_is_gone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM {tell}('navis_generation', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_personal_events_have_no_gap() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF NEW.sequence > 1 AND NOT EXISTS (
            SELECT FROM personal_events e WHERE e.patient_id = NEW.patient_id
            AND e.question_id = NEW.question_id AND e.sequence = NEW.sequence - 1
        ) THEN
            RAISE EXCEPTION 'an event is missing before this one' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM {tell}('navis_generation', NEW.question_id::text);
        RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_record_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM {tell}('navis_record', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_generation_gone() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM {tell}('navis_generation', OLD.id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION navis_asking_gone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM {tell}('navis_generation', g.id::text)
        FROM generations g WHERE g.question_id = OLD.question_id AND g.finished_at IS NULL;
        RETURN NULL;
    END $$
    """,
]


def upgrade() -> None:
    """Make both tables, and have signals go the way that a transaction's process chooses."""
    op.create_table(
        "deployment",
        sa.Column("one", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("one", name=op.f("ck_deployment_one")),
        sa.CheckConstraint("octet_length(secret) = 32", name=op.f("ck_deployment_secret")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_deployment")),
    )
    op.create_table(
        "limit_buckets",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("full_in_s", sa.Double(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(key) = 16", name=op.f("ck_limit_buckets_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_buckets")),
        prefixes=["UNLOGGED"],
    )
    for statement in (*_TABLES_RULES, *_FUNCTIONS):
        op.execute(statement)
    for function in _TELLING:
        op.execute(function.format(tell="navis_stir"))


def downgrade() -> None:
    """Notify of everything again, and drop what was shared."""
    for function in _TELLING:
        op.execute(function.format(tell="pg_notify"))
    for function in (
        "stir(text, text)",
        "forget_full_buckets()",
        "settle_buckets(bytea[], double precision[], boolean)",
        "deployment()",
    ):
        op.execute(f"DROP FUNCTION navis_{function}")
    op.drop_table("limit_buckets")
    op.drop_table("deployment")
