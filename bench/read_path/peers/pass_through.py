"""The limit that passing through sets: Postgres builds the final JSON, Starlette sends it on.

One statement for each query, prepared once, over a bare asyncpg pool; the text of the query
isn't even looked at.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg ships none
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_CITATIONS = """
    (SELECT json_agg(json_build_object('number', c.number, 'quote', c.quote, 'start', c.start,
        'end', c."end", 'locator', c.locator, 'source', json_build_object('title', s.title,
        'publisher', s.publisher, 'url', s.url, 'version', s.version, 'licence', s.licence))
        ORDER BY c.position)
     FROM peers.citations c JOIN peers.sources s ON s.id = c.source_id WHERE c.answer_id = a.id)
"""
_CARD = "json_build_object('slug', a.slug, 'title', a.title, 'summary', a.summary)"
_QUESTION = f"json_build_object('slug', q.slug, 'text', q.text, 'answer', {_CARD})"

STATEMENTS = {
    "Q1": f"""
        SELECT json_build_object('data', json_build_object('answer', (
            SELECT json_build_object('slug', a.slug, 'title', a.title, 'summary', a.summary,
                'author', a.author, 'reviewed', a.reviewed, 'revision', a.revision,
                'readingGrade', a.reading_grade, 'doctorQuestions', a.doctor_questions,
                'nextSteps', a.next_steps,
                'sections', (SELECT json_agg(json_build_object('kind', p.kind, 'heading',
                    p.heading, 'markdown', p.markdown) ORDER BY p.position)
                    FROM peers.sections p WHERE p.answer_id = a.id),
                'citations', {_CITATIONS})
            FROM peers.answers a WHERE a.slug = $1)))::text
        """,
    "Q2": f"""
        SELECT json_build_object('data', json_build_object('cancer', (
            SELECT json_build_object('slug', c.slug, 'name', c.name, 'questions', (
                SELECT json_build_object(
                    'nodes', json_agg({_QUESTION} ORDER BY q.place) FILTER (WHERE q.place <= 20),
                    'pageInfo', json_build_object('hasNextPage', count(*) > 20))
                FROM (SELECT *, row_number() OVER () AS place FROM (
                    SELECT id, slug, text FROM peers.questions WHERE cancer_id = c.id
                    ORDER BY answered_at DESC, id DESC LIMIT 21) AS first) AS q
                JOIN peers.answers a ON a.question_id = q.id))
            FROM peers.cancers c WHERE c.slug = $1)))::text
        """,
    "Q3": f"""
        SELECT json_build_object('data', json_build_object('cancers', json_build_object('nodes', (
            SELECT json_agg(json_build_object('slug', c.slug, 'name', c.name, 'questions',
                json_build_object('nodes', (
                    SELECT json_agg(json_build_object('slug', q.slug, 'text', q.text, 'answer',
                        json_build_object('slug', a.slug, 'title', a.title, 'summary', a.summary,
                            'citations', {_CITATIONS})) ORDER BY q.answered_at DESC, q.id DESC)
                    FROM (SELECT id, slug, text, answered_at FROM peers.questions
                          WHERE cancer_id = c.id
                          ORDER BY answered_at DESC, id DESC LIMIT 5) AS q
                    JOIN peers.answers a ON a.question_id = q.id)))
                ORDER BY c.name, c.id)
            FROM (SELECT * FROM peers.cancers ORDER BY name, id LIMIT 10 OFFSET $1) AS c
            ))))::text
        """,
    "Q4": f"""
        SELECT json_build_object('data', json_build_object('searchQuestions', (
            SELECT json_build_object(
                'nodes', json_agg({_QUESTION} ORDER BY q.place) FILTER (WHERE q.place <= 10),
                'pageInfo', json_build_object('hasNextPage', count(*) > 10))
            FROM (SELECT id, slug, text, row_number() OVER () AS place
                  FROM peers.search_questions($1)) AS q
            JOIN peers.answers a ON a.question_id = q.id)))::text
        """,
}


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncGenerator[None]:
    size = int(os.environ["POOL_SIZE"])
    async with cast("Any", asyncpg).create_pool(
        os.environ["DATABASE_URL"], min_size=size, max_size=size, reset=_keep_as_it_is
    ) as pool:
        app.state.pool = pool
        yield


async def _keep_as_it_is(_connection: object) -> None:
    """Nothing is left on these connections that would have to be put back."""


async def _graphql(request: Request) -> Response:
    asked: dict[str, Any] = orjson.loads(await request.body())
    values = asked["variables"].values()
    built: str = await request.app.state.pool.fetchval(STATEMENTS[asked["operationName"]], *values)
    return Response(built, media_type="application/json")


app = Starlette(routes=[Route("/graphql", _graphql, methods=["POST"])], lifespan=_lifespan)
