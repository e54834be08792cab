"""Webhooks: endpoints of partners, and events that are written with the changes they tell of.

Revision: 0019, after 0025; 2026-11-21
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0019"
down_revision = "0025"

_OURS = "navis_is_system() OR coalesce(current_setting('navis.role', true), '') = 'administrator'"
_TYPES = (
    "answer.published",
    "answer.updated",
    "answer.stale",
    "answer.retracted",
    "question.answered",
)

# Events and deliveries come from the trigger alone.
_GRANTS = {
    "webhook_endpoints": "SELECT, INSERT, UPDATE, DELETE",
    "webhook_events": "SELECT, DELETE",
    "webhook_deliveries": "SELECT, UPDATE",
    "webhook_attempts": "SELECT, INSERT",
    "partner_questions": "SELECT, INSERT",
}

_FUNCTIONS = [
    # Whoever has no key for it is told of nothing: to take a partner's keys is enough.
    """
    CREATE FUNCTION navis_may_hear(partner uuid, moment timestamptz) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT EXISTS (
            SELECT FROM partner_keys k
            WHERE k.partner_id = partner AND 'WEBHOOKS' = ANY (k.scopes)
            AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > moment)
        )
    $$
    """,
    "REVOKE EXECUTE ON FUNCTION navis_may_hear(uuid, timestamptz) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION navis_may_hear(uuid, timestamptz) TO navis_app",
    # An event, and a delivery for each endpoint that wants it. One that nobody wants isn't
    # written. What is no longer known to be of a cancer goes to all: it was erased, and
    # whoever has a copy should hear of that.
    """
    CREATE FUNCTION navis_tell_endpoints(
        kind text, change published_changes, of_question uuid, of_cancer uuid
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        listening uuid[];
        event uuid := gen_random_uuid();
        place bigint;
    BEGIN
        SELECT array_agg(e.id) INTO listening FROM webhook_endpoints e
        WHERE kind = ANY (e.events) AND e.disabled_at IS NULL
        AND navis_may_hear(e.partner_id, change.at)
        AND (kind <> 'question.answered' OR EXISTS (
            SELECT FROM partner_questions p
            WHERE p.partner_id = e.partner_id AND p.question_id = of_question
        ))
        AND (e.cancer_ids = '{}' OR of_cancer IS NULL OR EXISTS (
            WITH RECURSIVE above AS (
                SELECT c.id, c.parent_id FROM cancers c WHERE c.id = of_cancer
                UNION
                SELECT c.id, c.parent_id FROM cancers c JOIN above ON c.id = above.parent_id
            )
            SELECT FROM above WHERE above.id = ANY (e.cancer_ids)
        ));
        IF listening IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO webhook_events (id, type, at, answer_id, question_id, slug, revision)
        VALUES (event, kind, change.at, change.answer_id, of_question, change.slug,
            change.revision)
        RETURNING sequence INTO place;
        INSERT INTO webhook_deliveries
            (id, endpoint_id, event_id, sequence, answer_id, state, attempts, tries)
        SELECT gen_random_uuid(), each, event, place, change.answer_id, 'PENDING', 0, 0
        FROM unnest(listening) AS each;
        PERFORM pg_notify('navis_webhooks', '');
    END $$
    """,
    """
    CREATE FUNCTION navis_change_is_told() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        asked uuid;
        about uuid;
    BEGIN
        -- What is erased after it was taken back is nothing new.
        IF TG_OP = 'UPDATE' AND OLD.kind = 'RETRACTED' AND NEW.kind = 'RETRACTED' THEN
            RETURN NULL;
        END IF;
        SELECT q.id, q.cancer_id INTO asked, about
        FROM answers a JOIN questions q ON q.id = a.question_id WHERE a.id = NEW.answer_id;
        PERFORM navis_tell_endpoints('answer.' || lower(NEW.kind), NEW, NULL, about);
        IF NEW.kind = 'PUBLISHED' THEN
            PERFORM navis_tell_endpoints('question.answered', NEW, asked, about);
        END IF;
        RETURN NULL;
    END $$
    """,
    "REVOKE EXECUTE ON FUNCTION"
    " navis_tell_endpoints(text, published_changes, uuid, uuid) FROM PUBLIC",
    "CREATE TRIGGER tell_endpoints AFTER INSERT OR UPDATE ON published_changes"
    " FOR EACH ROW EXECUTE FUNCTION navis_change_is_told()",
]


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cancer_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "disabled_for",
            _choice("disabled_for", "ADMINISTRATOR", "GONE", "FAILING"),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("url <> ''", name=op.f("ck_webhook_endpoints_url")),
        sa.CheckConstraint(
            "events <> '{}' AND events <@ ARRAY['answer.published', 'answer.updated',"
            " 'answer.stale', 'answer.retracted', 'question.answered']",
            name=op.f("ck_webhook_endpoints_events"),
        ),
        sa.CheckConstraint(
            "(old_secret IS NULL) = (old_secret_until IS NULL)",
            name=op.f("ck_webhook_endpoints_old_secret"),
        ),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_for IS NULL)",
            name=op.f("ck_webhook_endpoints_disabled"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_webhook_endpoints_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(
        "ix_webhook_endpoints_partner_id", "webhook_endpoints", ["partner_id", "created_at", "id"]
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", _choice("type", *_TYPES), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("sequence", name=op.f("uq_webhook_events_sequence")),
    )
    op.create_index("ix_webhook_events_at", "webhook_events", ["at"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("state", _choice("state", "PENDING", "DELIVERED", "GIVEN_UP"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(lease IS NULL) = (lease_until IS NULL)", name=op.f("ck_webhook_deliveries_lease")
        ),
        sa.CheckConstraint(
            "(state = 'PENDING') = (ended_at IS NULL) AND (state = 'PENDING' OR lease IS NULL)",
            name=op.f("ck_webhook_deliveries_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["webhook_events.id"],
            name=op.f("fk_webhook_deliveries_event_id_webhook_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "event_id", "endpoint_id", name=op.f("uq_webhook_deliveries_event_id_endpoint_id")
        ),
    )
    op.create_index(
        "ix_webhook_deliveries_endpoint_id",
        "webhook_deliveries",
        ["endpoint_id", "sequence"],
    )
    op.create_index(
        "ix_webhook_deliveries_pending",
        "webhook_deliveries",
        ["endpoint_id", "answer_id", "sequence"],
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_index(
        "ix_webhook_deliveries_in_order",
        "webhook_deliveries",
        ["sequence", "id"],
        postgresql_where=sa.text("state = 'PENDING'"),
    )
    op.create_table(
        "webhook_attempts",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column(
            "failure",
            _choice(
                "failure",
                "STATUS",
                "REDIRECT",
                "TIMED_OUT",
                "UNRESOLVED",
                "UNREACHABLE",
                "NOT_TRUSTED",
                "BROKEN",
                "ADDRESS_REFUSED",
                "SECRET_LOST",
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id_webhook_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_webhook_attempts")),
    )
    op.create_table(
        "partner_questions",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_questions_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_partner_questions_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "partner_id", name=op.f("pk_partner_questions")),
    )
    for statement in _FUNCTIONS:
        op.execute(statement)
    for table, rights in _GRANTS.items():
        for statement in (
            f"GRANT {rights} ON {table} TO navis_app",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY owner ON {table} TO navis_owner USING (true) WITH CHECK (true)",
            f"CREATE POLICY ours ON {table} TO navis_app USING ({_OURS}) WITH CHECK ({_OURS})",
        ):
            op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER tell_endpoints ON published_changes")
    op.execute("DROP FUNCTION navis_change_is_told()")
    op.execute("DROP FUNCTION navis_tell_endpoints(text, published_changes, uuid, uuid)")
    op.execute("DROP FUNCTION navis_may_hear(uuid, timestamptz)")
    op.drop_table("partner_questions")
    op.drop_table("webhook_attempts")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_events")
    op.drop_table("webhook_endpoints")
