"""Statistics hold no words of patients, nothing that says who somebody is, and no secrets.

Revision: 0027, after 0026; 2026-11-23

ANALYZE keeps frequent and evenly spread values of a column as they are, and they stay when
their rows are removed: an erased question stood in `pg_stats`. Postgres collects none for a
column with a target of 0 (PostgreSQL documentation, "ALTER TABLE", SET STATISTICS), but it
doesn't remove what is there either.
"""

from alembic import op

revision = "0027"
down_revision = "0026"

# What is public, and codes, keep theirs: plans of searches rest on them.
_WITHOUT = {
    "answer_feedback": "text, subject, client, idempotency_key, resolved_by, resolution",
    "answer_history": "reason, reviewer, credentials, actor_subject",
    "answer_revisions": (
        "author, title, summary, doctor_questions, next_steps, gaps, call_to_action, content,"
        " approved_by, approver_credentials, state_reason, author_subject, edit_reason,"
        " approver_subject, publish_by, stale_claims"
    ),
    "answer_sections": "heading",
    "answer_translations": (
        "question, title, summary, doctor_questions, next_steps, gaps, sections, translator,"
        " translator_subject, approved_by, approver_subject, approver_credentials, withdrawn_by,"
        " withdrawn_reason"
    ),
    "askings": "subject",
    "citations": "quote, locator",
    "claim_comments": "subject, name, text, resolved_by",
    "claims": "text",
    "deployment": "secret",
    "findings": "content_sealed, correction_sealed",
    "generation_events": "payload",
    "idempotency_keys": "client, key, request_hash, result",
    "limit_buckets": "key",
    "partner_keys": "digest",
    "patients": "subject",
    "persisted_documents": "text",
    "personal_events": "payload_sealed",
    "personal_questions": "asked_sealed, answer_sealed, idempotency_hash",
    "personal_reviews": "subject, reviewer, credentials",
    "pgqueuer": "dedupe_key, payload, headers",
    "pgqueuer_log": "traceback",
    "questions": "text, match_key",
    "record_uploads": "token_hash",
    "records": "filename_sealed, sha256, idempotency_hash",
    "review_decisions": "subject, name, credentials, comment",
    "review_items": "claimed_by",
    "staff": "subject, name, credentials",
    "webhook_endpoints": "secret, old_secret",
}

_COLUMNS = """
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND a.attstattarget = 0
"""
_CLEAR = f"SELECT pg_clear_attribute_stats('public', c.relname, a.attname, false) {_COLUMNS}"
# No function does it before Postgres 18, and of those who own no catalogue only a superuser can.
_DELETE = f"""
    DO $$
    BEGIN
        DELETE FROM pg_catalog.pg_statistic
        WHERE (starelid, staattnum) IN (SELECT c.oid, a.attnum {_COLUMNS});
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE WARNING 'what was collected stays until a superuser removes it';
    END $$
"""
_SINCE_THERE_IS_A_FUNCTION = (18,)


def upgrade() -> None:
    """Collect none of them any more, and remove what was collected."""
    for table, columns in _WITHOUT.items():
        changes = ", ".join(f"ALTER {name} SET STATISTICS 0" for name in columns.split(", "))
        op.execute(f"ALTER TABLE {table} {changes}")
    if (op.get_bind().dialect.server_version_info or ()) >= _SINCE_THERE_IS_A_FUNCTION:
        op.execute(_CLEAR)
        return
    # The login may do what the role that owns the tables can't.
    op.execute("RESET ROLE")
    op.execute(_DELETE)
    op.execute("SET ROLE navis_owner")


def downgrade() -> None:
    """Collect them as before."""
    for table, columns in _WITHOUT.items():
        changes = ", ".join(f"ALTER {name} SET STATISTICS -1" for name in columns.split(", "))
        op.execute(f"ALTER TABLE {table} {changes}")
