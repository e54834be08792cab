"""Responses from memory, over HTTP: the same as executed, for whom, and until when."""

import asyncio
from typing import Any

import httpx
import orjson
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.questions.models import Question
from tests import publications
from tests.graphql.client import JSON, RESPONSE_JSON
from tests.graphql.response_cache.conftest import Remembering
from tests.graphql.world import NOON, World

ANSWER = """
query Show($slug: String!) {
  answer(slug: $slug) { id title reviewed sections { heading claims { text citations { quote } } }
    question { text cancer { name } } history { revision state } }
}
"""
LIST = """
{ cancer(slug: "liver-cancer") { answeredQuestionCount
    questions(first: 5) { nodes { text answer { title } } } } }
"""
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "answer": (ANSWER, {"slug": "slug"}),
    "nothing": (ANSWER, {"slug": "there-is-none"}),
    "list": (LIST, {}),
    "questions": ("{ questions { nodes { slug } pageInfo { endCursor } } }", {}),
    "search": ('{ searchQuestions(text: "liver") { nodes { slug } } }', {}),
    "changes": ("{ changes { nodes { kind slug answer { title } } } }", {}),
    "catalogue": ("{ cancers { nodes { name subtypes { slug } } } }", {}),
    "fragments": (
        (
            'query { a: cancer(slug: "liver-cancer") { ...F } __typename }'
            " fragment F on Cancer { name ... on Node { id } }"
        ),
        {},
    ),
}


@pytest.fixture
async def slug(database: Database, world: World) -> str:
    async with database.reading(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[0])
    assert question.slug is not None
    return question.slug


def given(name: str, slug: str) -> tuple[str, dict[str, Any]]:
    query, variables = QUERIES[name]
    return query, {"slug": slug} if variables == {"slug": "slug"} else variables


def seen(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    return response.status_code, dict(response.headers), response.content


@pytest.mark.parametrize("media", [JSON, RESPONSE_JSON, "*/*"])
@pytest.mark.parametrize("name", QUERIES)
async def test_what_is_remembered_is_what_execution_gives_byte_for_byte(
    remembering: Remembering, slug: str, name: str, media: str
) -> None:
    query, variables = given(name, slug)
    executed = await remembering.plain.send(query, variables, accept=media)
    assert executed.status_code == 200
    # Executed and kept; known as a request; and known as an operation, in other words.
    first = await remembering.client.send(query, variables, accept=media)
    second = await remembering.client.send(query, variables, accept=media)
    body = orjson.dumps({"variables": variables, "query": query, "operationName": None})
    headers = {"Accept": media, "Content-Type": JSON}
    third = await remembering.client.http.post("/graphql", content=body, headers=headers)
    assert len(remembering.cache) == 1
    assert seen(first) == seen(second) == seen(third) == seen(executed)


@pytest.mark.parametrize("name", QUERIES)
async def test_gets_are_the_same_too(remembering: Remembering, slug: str, name: str) -> None:
    query, variables = given(name, slug)
    asked = {"query": query, "variables": orjson.dumps(variables).decode()}
    executed = await remembering.plain.http.get("/graphql", params=asked)
    for path in ("/graphql", "/graphql", "/graphql/public"):
        found = await remembering.client.http.get(path, params=asked)
        assert seen(found) == seen(executed)
    assert len(remembering.cache) == 1


async def test_what_is_remembered_is_really_served(remembering: Remembering, slug: str) -> None:
    """A control: without it, all that stands here could be true of an empty memory."""
    await remembering.client.send(ANSWER, {"slug": slug})
    (kept,) = remembering.cache._kept.values()
    kept.body = b'{"data":"from memory"}'
    body = orjson.dumps({"query": ANSWER, "variables": {"slug": slug}, "operationName": "Show"})
    headers = {"Content-Type": JSON}
    reply = await remembering.client.http.post("/graphql", content=body, headers=headers)
    # Under another operation name it is another operation.
    assert b"from memory" not in reply.content
    (*_, kept) = remembering.cache._kept.values()
    kept.body = b'{"data":"from memory"}'
    reply = await remembering.client.http.post("/graphql?x", content=body, headers=headers)
    assert reply.json()["data"] == "from memory"


async def test_somebody_who_is_signed_in_neither_reads_nor_fills_it(
    remembering: Remembering, slug: str, tokens: dict[str, str]
) -> None:
    query, variables = ANSWER, {"slug": slug}
    for who in ("asker", "reviewer", "partner"):
        await remembering.client.data(query, variables, authorization=tokens[who])
    assert len(remembering.cache) == 0
    await remembering.client.data(query, variables)
    (kept,) = remembering.cache._kept.values()
    kept.body = b'{"data":"from memory"}'
    for who in ("asker", "reviewer", "partner"):
        found = await remembering.client.data(query, variables, authorization=tokens[who])
        assert found["answer"]["id"]
    refused = await remembering.client.send(query, variables, authorization=tokens["expired"])
    assert refused.status_code == 401
    assert len(remembering.cache) == 1


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { kind } }",
        '{ answer(slug: "x") { version } }',
        "{ cancers(first: 1000) { nodes { name } } questions(first: 0) { nodes { slug } } }",
        "{ nothing }",
        "query($s: String!) { answer(slug: $s) { title } }",
        '{ questions(cancer: "no-such") { nodes { slug } } }',
        "{",
    ],
)
async def test_errors_and_what_is_not_content_are_not_kept(
    remembering: Remembering, query: str
) -> None:
    for _ in range(2):
        await remembering.client.send(query)
    assert len(remembering.cache) == 0


async def test_hostile_variables_are_refused_as_ever(remembering: Remembering) -> None:
    for hostile in (r'"\ud800"', r'"\u0000"', "1" + "0" * 5_000, "[" * 200 + "]" * 200, "1e999"):
        body = b'{"query":%b,"variables":{"slug":%b}}' % (orjson.dumps(ANSWER), hostile.encode())
        for _ in range(2):
            headers = {"Content-Type": JSON}
            one = await remembering.client.http.post("/graphql", content=body, headers=headers)
            other = await remembering.plain.http.post("/graphql", content=body, headers=headers)
            assert (one.status_code, one.json()) == (other.status_code, other.json())
    assert len(remembering.cache) == 0


async def publish(remembering: Remembering, world: World, text: str) -> Question:
    async with remembering.database.writing(SYSTEM_ROWS) as session:
        question = await publications.ask(session, world, text)
        await publications.publish(session, world, question)
    await remembering.settle()
    return question


async def test_a_new_answer_shows_where_there_was_none_and_in_every_list(
    remembering: Remembering, world: World
) -> None:
    asked = [
        (ANSWER, {"slug": "what-is-new-in-the-liver"}),
        *(given(name, "") for name in ("list", "questions", "changes")),
    ]
    before = [await remembering.client.data(*each) for each in asked]
    assert before[0] == {"answer": None}
    await publish(remembering, world, "What is new in the liver?")
    after = [await remembering.client.data(*each) for each in asked]
    assert after == [await remembering.plain.data(*each) for each in asked]
    assert all(one != other for one, other in zip(before, after, strict=True))


async def test_a_retraction_reaches_the_answer_and_leaves_what_it_does_not_concern(
    remembering: Remembering, world: World
) -> None:
    question = await publish(remembering, world, "What is new in the liver?")
    asked = (ANSWER, {"slug": question.slug})
    assert (await remembering.client.data(*asked))["answer"] is not None
    await remembering.client.data(*given("catalogue", ""))
    async with remembering.database.writing(SYSTEM_ROWS) as session:
        asked_of = await session.get_one(Question, question.id)
        await publications.retract(session, asked_of, reason="Wrong.", now=NOON)
    await remembering.settle()
    assert await remembering.client.data(*asked) == {"answer": None}
    assert b"Hepatocellular" in b"".join(each.body for each in remembering.cache._kept.values()), (
        "the catalogue has not changed"
    )


async def test_an_erased_question_empties_everything(
    remembering: Remembering, world: World
) -> None:
    question = await publish(remembering, world, "What is new in the liver?")
    asked = (ANSWER, {"slug": question.slug})
    await remembering.client.data(*asked)
    await remembering.client.data(*given("catalogue", ""))
    async with remembering.database.writing(SYSTEM_ROWS) as session:
        await publications.erase(session, question)
    await remembering.settle()
    assert len(remembering.cache) == 0
    assert await remembering.client.data(*asked) == {"answer": None}


async def test_a_change_of_the_catalogue_empties_everything(
    remembering: Remembering, owner: Any
) -> None:
    asked = given("catalogue", "")
    before = await remembering.client.data(*asked)
    await owner.execute("UPDATE cancers SET name = 'Cancer of the liver' WHERE name LIKE 'Liver%'")
    for _ in range(500):
        if not len(remembering.cache):
            break
        await asyncio.sleep(0.01)
    after = await remembering.client.data(*asked)
    assert after != before
    assert "Cancer of the liver" in {each["name"] for each in after["cancers"]["nodes"]}


async def test_a_copy_that_still_holds_is_not_sent_again(
    remembering: Remembering, slug: str
) -> None:
    asked = {"query": ANSWER, "variables": orjson.dumps({"slug": slug}).decode()}
    http, plain = remembering.client.http, remembering.plain.http
    first = await http.get("/graphql", params=asked)
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert first.headers["vary"] == "Accept, Accept-Language"
    assert "answer:" in first.headers["surrogate-key"]
    etag = first.headers["etag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        for client in (http, plain):
            again = await client.get("/graphql", params=asked, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            kept = {"etag", "cache-control", "vary", "surrogate-key", "x-frame-options"}
            assert kept <= again.headers.keys()
            assert "content-length" not in again.headers
    other = await http.get("/graphql", params=asked, headers={"If-None-Match": '"x"'})
    assert (other.status_code, other.content) == (200, first.content)
    typed = await http.get("/graphql", params=asked, headers={"Accept": RESPONSE_JSON})
    assert typed.headers["etag"] != etag, "another representation has another tag"


async def test_what_somebody_typed_is_for_no_other_cache(remembering: Remembering) -> None:
    for query in (
        '{ searchQuestions(text: "my lump") { nodes { slug } } }',
        '{ cancers(search: "liver") { nodes { slug } } }',
        "{ viewer { kind } }",
        "{ answer(slug: 1) { title } }",
    ):
        reply = await remembering.client.http.get("/graphql", params={"query": query})
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers
        assert "surrogate-key" not in reply.headers


async def test_nothing_typed_stands_in_memory(remembering: Remembering) -> None:
    await remembering.client.data('{ searchQuestions(text: "xylophone") { nodes { slug } } }')
    cache = remembering.cache
    assert len(cache) == 1
    held = repr((cache._kept, cache._replies, cache._by_tag))
    assert "xylophone" not in held


async def test_a_request_that_is_cancelled_leaves_nothing_half_done(
    remembering: Remembering, slug: str
) -> None:
    async def ask() -> None:
        await remembering.client.data(ANSWER, {"slug": slug})

    for pause in (0, 0.001, 0.003, 0.01):
        asking = asyncio.create_task(ask())
        await asyncio.sleep(pause)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    executed = await remembering.plain.data(ANSWER, {"slug": slug})
    assert await remembering.client.data(ANSWER, {"slug": slug}) == executed


async def test_each_language_is_kept_by_itself(remembering: Remembering, slug: str) -> None:
    for language in ("en", "es", "es-MX", "fr"):
        for _ in range(2):
            one = await remembering.client.send(ANSWER, {"slug": slug}, accept_language=language)
            other = await remembering.plain.send(ANSWER, {"slug": slug}, accept_language=language)
            assert seen(one) == seen(other)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": JSON, "Content-Encoding": "gzip"},
        {"Content-Type": JSON, "Last-Event-ID": "x"},
        {"Content-Type": JSON, "Accept": "text/html"},
        {"Content-Type": JSON, "Authorization": "Bearer nobody"},
    ],
)
async def test_what_is_refused_is_refused_although_its_answer_is_known(
    remembering: Remembering, slug: str, headers: dict[str, str]
) -> None:
    body = orjson.dumps({"query": ANSWER, "variables": {"slug": slug}})
    known = {"Content-Type": JSON}
    for _ in range(2):
        await remembering.client.http.post("/graphql", content=body, headers=known)
    one = await remembering.client.http.post("/graphql", content=body, headers=headers)
    other = await remembering.plain.http.post("/graphql", content=body, headers=headers)
    assert one.status_code >= 400
    assert seen(one) == seen(other)
