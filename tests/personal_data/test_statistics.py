"""What Postgres counts for its plans: no words of patients, and nothing that says who they are."""

import asyncpg
from sqlalchemy import Column, Enum

from navis_api.db.base import Base
from navis_api.db.engine import asyncpg_address
from navis_api.db.migrations import migrate
from tests.personal_data.looking import forms
from tests.personal_data.person import Person

# Statistics of columns, and of what indexes make of them.
_MENTIONED = """
    SELECT tablename || '.' || attname FROM pg_stats s
    WHERE schemaname = 'public' AND EXISTS (
        SELECT FROM unnest($1::text[]) needle
        WHERE position(lower(needle) IN lower(to_jsonb(s)::text)) > 0
    )
"""

_TEXTS = """
    SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f')
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget IS DISTINCT FROM 0
        AND coalesce(nullif(e.typname, 'char'), t.typname) NOT IN (
            'uuid', 'bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'date', 'timestamptz'
        )
"""

# What everybody may read, or could: what was published stays when its asker is erased.
_PUBLIC = {
    "answers": "slug",
    "cancer_names": "name",
    "cancers": ("slug name clinical_name aliases abbreviations body_site icd10_codes summary"),
    "corpus_words": "lexeme",
    "other_names": "name_key other_key name other_name",
    "passage_vectors": "model digest",
    "passages": "heading text search",
    "published_changes": "slug title reason",
    # Written when a question is published, and not before.
    "questions": "slug search",
    "search_words": "word deletions",
    "source_versions": "text content_hash version",
    "sources": "key title publisher url licence language",
    "webhook_events": "slug",
}
# Fixed words and numbers of ours, and what partners and apps are called.
_CODES = {
    "alembic_version": "version_num",
    "answer_revisions": "disclaimer_id",
    "answer_transitions": "action roles",
    "embedding_runs": "model failure",
    "erasures": "removed",
    "generations": "engine failure_code",
    "partner_keys": "last_four scopes api_version",
    "partner_usage": "operation",
    "partners": "name origins",
    "persisted_document_uses": "client version document_id",
    "persisted_documents": "id sha256 operation",
    "personal_questions": "engine failure_code",
    "pgqueuer": "status entrypoint",
    "pgqueuer_log": "status entrypoint",
    "pgqueuer_schedules": "expression entrypoint status",
    "pgqueuer_statistics": "status entrypoint",
    "questions": "locale",
    "record_events": "failure",
    "records": "failure media_type",
    "review_items": "reasons",
    "webhook_endpoints": "url events",
}
# Rows that nobody ever removes: statistics hold nothing that they don't.
_FOR_GOOD = {
    "audit_events": (
        "actor_kind actor action object_type object_id detail origin request_id previous hash"
    ),
    "audit_head": "hash",
}


async def counted(owner: asyncpg.Connection) -> set[tuple[str, str]]:
    """The columns of which values are kept, but for numbers, times and ids."""
    return {(row[0], row[1]) for row in await owner.fetch(_TEXTS)}


def is_of_fixed_words(table: str, column: str) -> bool:
    found: Column[object] | None = (
        Base.metadata.tables[table].c.get(column) if table in Base.metadata.tables else None
    )
    return found is not None and isinstance(found.type, Enum)


async def test_what_isnt_public_has_no_statistics(owner: asyncpg.Connection) -> None:
    """A new column of text has to be told of here, or to have a target of 0."""
    allowed = {
        (table, column)
        for listed in (_PUBLIC, _CODES, _FOR_GOOD)
        for table, columns in listed.items()
        for column in columns.split()
    }
    found = {each for each in await counted(owner) if not is_of_fixed_words(*each)}
    assert found - allowed == set()
    assert allowed - found == set()


async def test_no_expression_of_an_index_is_made_of_what_isnt_public(
    owner: asyncpg.Connection,
) -> None:
    """Postgres counts what an index makes of a column whatever is said of the column."""
    made = await owner.fetch(
        "SELECT indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND i.indexprs IS NOT NULL"
    )
    assert {row[0] for row in made} == {
        "ix_questions_search_within_cancers",
        "ix_questions_search_within_cancers_sample",
        "pgqueuer_log_not_aggregated",
        "pgqueuer_statistics_unique_count",
        "uq_partners_name",
    }
    assert await owner.fetchval("SELECT count(*) FROM pg_statistic_ext") == 0


async def mentioned(owner: asyncpg.Connection, *needles: str) -> set[str]:
    await owner.execute("ANALYZE")
    wanted = [form for needle in needles for form in forms(needle)]
    return {row[0] for row in await owner.fetch(_MENTIONED, wanted)}


async def test_nothing_of_who_was_counted_and_erased_is_left(
    owner: asyncpg.Connection, person: Person, other: Person
) -> None:
    await other.live()
    await person.live()
    assert await mentioned(owner, person.mark, person.subject) == set()
    # The look is no empty one: these are found where they are counted.
    await owner.execute(
        "ALTER TABLE questions ALTER text SET STATISTICS -1, ALTER match_key SET STATISTICS -1"
    )
    await owner.execute("ALTER TABLE askings ALTER subject SET STATISTICS -1")
    assert {"questions.text", "askings.subject"} <= await mentioned(
        owner, person.mark, person.subject
    )


async def test_what_was_counted_before_is_removed(empty_url: str) -> None:
    await migrate(empty_url, revision="0026")
    owner = await asyncpg.connect(asyncpg_address(empty_url))
    await owner.execute(
        "INSERT INTO patients (id, subject) SELECT gen_random_uuid(), 'zaunkoenig-' || i"
        " FROM generate_series(1, 300) i"
    )
    await owner.execute(
        "INSERT INTO search_words (word, deletions) VALUES ('a', '{}'), ('b', '{}')"
    )
    assert await mentioned(owner, "zaunkoenig") == {"patients.subject"}
    await owner.execute("DELETE FROM patients")
    assert await mentioned(owner, "zaunkoenig") == {"patients.subject"}
    await migrate(empty_url)
    assert await mentioned(owner, "zaunkoenig") == set()
    kept = await owner.fetchval(
        "SELECT count(*) FROM pg_stats WHERE tablename = 'search_words' AND attname = 'word'"
    )
    assert kept == 1
    await owner.close()
