"""The tables that the peers read: the same content, as a team that built on them would lay it.

Finished at publication as well: a section's text stands there rendered, no row security is
on them, and every look-up of the queries has its index. They are searched as ours are
(`read_path.searching`).
"""

from bench.data.database import Connection
from navis_api.answers.document import content_from_json
from navis_api.answers.rendering import section_markdown

ROLE = "bench_peer"

_TABLES = f"""
DROP SCHEMA IF EXISTS peers CASCADE;
CREATE SCHEMA peers;
CREATE TABLE peers.cancers (id uuid PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL);
CREATE INDEX ON peers.cancers (name, id);
CREATE TABLE peers.sources (
    id uuid PRIMARY KEY, title text NOT NULL, publisher text NOT NULL, url text,
    version text, licence text NOT NULL
);
CREATE TABLE peers.questions (
    id uuid PRIMARY KEY, cancer_id uuid NOT NULL REFERENCES peers.cancers,
    slug text NOT NULL UNIQUE, text text NOT NULL, answered_at timestamptz NOT NULL
);
CREATE INDEX ON peers.questions (cancer_id, answered_at, id);
CREATE TABLE peers.answers (
    id uuid PRIMARY KEY, question_id uuid NOT NULL UNIQUE REFERENCES peers.questions,
    slug text NOT NULL UNIQUE, title text NOT NULL, summary text NOT NULL, author text NOT NULL,
    reviewed boolean NOT NULL, revision int NOT NULL, reading_grade float8,
    doctor_questions text[] NOT NULL, next_steps text[] NOT NULL
);
CREATE TABLE peers.sections (
    answer_id uuid NOT NULL REFERENCES peers.answers, position int NOT NULL,
    kind text NOT NULL, heading text NOT NULL, markdown text NOT NULL,
    PRIMARY KEY (answer_id, position)
);
CREATE TABLE peers.citations (
    answer_id uuid NOT NULL REFERENCES peers.answers, position int NOT NULL,
    source_id uuid NOT NULL REFERENCES peers.sources, number int NOT NULL,
    quote text NOT NULL, start int NOT NULL, "end" int NOT NULL, locator text,
    PRIMARY KEY (answer_id, position)
);
DO $$ BEGIN
    CREATE ROLE {ROLE} LOGIN;
EXCEPTION
    -- Another database of this server has it, or is making it.
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA peers TO {ROLE};
GRANT SELECT ON ALL TABLES IN SCHEMA peers TO {ROLE};
"""

_ROWS = """
INSERT INTO peers.cancers SELECT id, slug, name FROM cancers;
INSERT INTO peers.sources
    SELECT v.id, s.title, s.publisher, s.url, v.version, s.licence
    FROM source_versions v JOIN sources s ON s.id = v.source_id;
INSERT INTO peers.questions
    SELECT id, cancer_id, slug, text, answered_at FROM questions
    WHERE status = 'ANSWERED';
INSERT INTO peers.answers
    SELECT a.id, a.question_id, a.slug, r.title, r.summary, r.author, true, r.number,
           r.reading_grade, r.doctor_questions, r.next_steps
    FROM answers a JOIN answer_revisions r ON r.answer_id = a.id AND r.state = 'PUBLISHED';
"""


async def make_peer_tables(connection: Connection) -> None:
    """Make the tables anew, with what is published so far."""
    await connection.execute(_TABLES + _ROWS)
    rows = await connection.fetch(
        "SELECT answer_id, content FROM answer_revisions WHERE state = 'PUBLISHED'"
    )
    for row in rows:
        content = content_from_json(row["content"])
        await connection.executemany(
            "INSERT INTO peers.sections VALUES ($1, $2, $3, $4, $5)",
            [
                (row["answer_id"], at, each.kind, each.heading, section_markdown(content, each))
                for at, each in enumerate(content.sections)
            ],
        )
        await connection.executemany(
            "INSERT INTO peers.citations VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                (
                    row["answer_id"],
                    at,
                    each.source.version_id,
                    each.number,
                    each.quote,
                    each.start,
                    each.end,
                    each.locator,
                )
                for at, each in enumerate(content.citations)
            ],
        )
