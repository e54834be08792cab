"""Responses that are said again: only while the database says again what they were made of."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from navis_api.db.sessions import SYSTEM_ROWS, Database, DatabaseBusy
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.questions import loading
from navis_api.graphql.response_cache.unchanged import UNCHANGED, Unchanged
from navis_api.questions.models import Question
from navis_api.questions.search import SearchVersions
from tests import publications
from tests.graphql.client import JSON, RESPONSE_JSON, Client
from tests.graphql.compiled.test_remembered import CHANGES
from tests.graphql.conftest import Build
from tests.graphql.world import World

SHOW = """query Show($slug: String!) { answer(slug: $slug) {
    slug title summary state sections { heading markdown } citations { number quote } } }"""
CARD = "slug text answer { slug title summary }"
OF_CANCER = f"""{{ cancer(slug: "liver-cancer") {{ name questions(first: 5, answered: true) {{
    nodes {{ {CARD} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
OF_CANCERS = f"""{{ cancers {{ nodes {{ slug questions(first: 5, answered: true) {{
    nodes {{ {CARD} }} }} }} }} }}"""
TWO_ROOTS = f"{{ questions(answered: true) {{ nodes {{ {CARD} }} }} a: cancers {{ totalCount }} }}"
CHANGED = "{ changes { nodes { kind slug answer { title } } } }"
CATALOGUE = "{ cancers { nodes { name subtypes { slug } } } }"
SEARCH = f"""{{ searchQuestions(text: "liver cancer") {{
    nodes {{ {CARD} }} correctedText pageInfo {{ endCursor }} }} }}"""
FOUND_IN_PART = f"""{{ searchQuestions(text: "ablation nowhere", first: 2) {{
    edges {{ score cursor node {{ {CARD} }} }} }} }}"""
QUERIES = {
    "answer": SHOW,
    "of a cancer": OF_CANCER,
    "of cancers": OF_CANCERS,
    "two roots": TWO_ROOTS,
    "changes": CHANGED,
    "catalogue": CATALOGUE,
    "search": SEARCH,
    "found in part": FOUND_IN_PART,
    "counted": '{ cancer(slug: "liver-cancer") { answeredQuestionCount } }',
}
WORDS = "is my liver cancer back"


@dataclass
class Saying:
    """An endpoint that says again what holds, and one that is asked for the first time."""

    endpoint: GraphQLEndpoint
    client: Client
    fresh: Client
    database: Database
    slug: str

    @property
    def again(self) -> int:
        """How many requests were answered without being executed."""
        return self.endpoint.services.metrics.compiled[UNCHANGED]

    @property
    def kept(self) -> list[Unchanged]:
        kept = self.database.published.memory._kept
        return [value for value, _ in kept.values() if isinstance(value, Unchanged)]

    async def show(self, query: str, **options: Any) -> httpx.Response:
        return await self.client.send(query, self._given(query), **options)

    async def settled(self, query: str) -> httpx.Response:
        """Return the response to a request that is said again from here on."""
        responses = [await self.show(query) for _ in range(4)]
        assert self.again, "it isn't said again"
        return responses[-1]

    async def as_it_is(self, query: str, **options: Any) -> bytes:
        """Return what execution gives now."""
        return (await self.fresh.send(query, self._given(query), **options)).content

    def _given(self, query: str) -> dict[str, Any]:
        return {"slug": self.slug} if "$slug" in query else {}


@pytest.fixture
async def saying(build: Build, world: World, database: Database) -> AsyncIterator[Saying]:
    endpoint, plain = build(throttle_address_points=0), build(throttle_address_points=0)
    plain.unchanged.is_on = False
    async with database.reading(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[0])
    assert question.slug is not None
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(endpoint), base_url="http://test") as http,
        httpx.AsyncClient(transport=httpx.ASGITransport(plain), base_url="http://test") as fresh,
    ):
        yield Saying(endpoint, Client(http), Client(fresh), database, question.slug)


@pytest.mark.parametrize("media", [JSON, RESPONSE_JSON])
async def test_it_is_the_same_response_and_the_same_is_asked_of_the_database(
    saying: Saying, media: str
) -> None:
    for name, query in QUERIES.items():
        executed = [await saying.show(query, accept=media) for _ in range(3)]
        before = saying.again
        asked: list[list[str]] = []
        for _ in range(2):
            asked.append([])
            with saying.database.published.watched(asked[-1].append):
                said = await saying.show(query, accept=media)
            assert said.content == executed[0].content == await saying.as_it_is(query, accept=media)
            assert said.headers == executed[0].headers
            assert said.status_code == 200
        assert saying.again == before + 2, name
        assert asked[0] == asked[1]
        assert bool(asked[0]) == (name != "catalogue")
        assert not [each for each in asked[0] if "tsquery" in each]


@pytest.mark.parametrize("name", ["answer", "of a cancer", "of cancers", "two roots", "search"])
async def test_what_anybody_changed_by_whatever_way_is_shown_at_once(
    saying: Saying, world: World, owner: asyncpg.Connection, name: str
) -> None:
    query = QUERIES[name]
    before = (await saying.settled(query)).content
    await owner.execute("SET session_replication_role = replica")
    # At the address of the answer there is nothing any more, once that has changed.
    for changed in ("question", "revision", "answer", "state"):
        await owner.execute(CHANGES[changed], world.published[0])
        if changed == "state":
            await owner.execute(
                "UPDATE questions SET status = 'DECLINED', answered_at = NULL WHERE id = $1",
                world.published[0],
            )
        now = await saying.as_it_is(query)
        assert [(await saying.show(query)).content for _ in range(4)] == [now] * 4
        not_shown = name == "answer" and changed in {"question", "state"}
        assert (now == before) == not_shown, changed
        before = now


async def test_what_was_taken_back_is_never_said_again(saying: Saying, world: World) -> None:
    lasting = {"catalogue", "found in part"}
    shown = [query for name, query in QUERIES.items() if name not in lasting]
    before = [(await saying.settled(query)).content for query in shown]
    async with saying.database.writing(SYSTEM_ROWS) as session:
        question = await session.get_one(Question, world.published[0])
        await publications.retract(session, question, reason="It was wrong.")
    after = [(await saying.show(query)).content for query in shown]
    assert after == [await saying.as_it_is(query) for query in shown]
    assert set(before).isdisjoint(after)


async def test_a_new_catalogue_is_another_answer(saying: Saying, owner: asyncpg.Connection) -> None:
    await saying.settled(CATALOGUE)
    await owner.execute("UPDATE cancers SET name = 'Another name' WHERE slug = 'liver-cancer'")
    saying.endpoint.services.catalogue.forget()
    assert "Another name" in (await saying.show(CATALOGUE)).text
    assert "Another name" in (await saying.show(CATALOGUE)).text


async def test_what_nobody_published_is_not_kept(saying: Saying) -> None:
    for query, name in (
        ("query Q($slug: String!) { answer(slug: $slug) { title } }", "slug"),
        ("query Q($slug: String!) { question(slug: $slug) { text } }", "slug"),
        ("query Q($after: String) { questions(after: $after) { nodes { slug } } }", "after"),
    ):
        for _ in range(4):
            await saying.client.send(query, {name: WORDS})
        assert saying.again == 0
        assert saying.kept == []


async def test_a_search_is_said_again_and_nothing_of_its_words_is_kept(saying: Saying) -> None:
    for query in (
        f"query Q($text: String!) {{ searchQuestions(text: $text) {{ nodes {{ {CARD} }} }} }}",
        "query Q($text: String) { cancers(search: $text) { nodes { slug } } }",
    ):
        before = saying.again
        said = [(await saying.client.send(query, {"text": WORDS})).content for _ in range(4)]
        assert len(set(said)) == 1
        assert saying.again >= before + 2
    kept = str(list(saying.database.published.memory._kept.items())).lower()
    assert WORDS not in kept
    # As the index has them.
    assert "recurrence" not in kept


async def test_what_was_corrected_is_searched_for_each_time(saying: Saying) -> None:
    query = """query Q($text: String!) { searchQuestions(text: $text) {
        nodes { slug } correctedText } }"""
    for _ in range(4):
        found = await saying.client.data(query, {"text": "ablatoin"})
        assert found["searchQuestions"]["correctedText"] == "ablation"
    assert saying.again == 0
    assert "ablatoin" not in str(list(saying.database.published.memory._kept.items()))


@pytest.mark.parametrize("table", ["questions", "answers", "answer_revisions"])
async def test_a_search_is_right_wherever_its_rows_have_gone(
    saying: Saying, owner: asyncpg.Connection, table: str
) -> None:
    before = await saying.settled(SEARCH)
    # Written once more as they are, and then closed up: others lie where these lay.
    await owner.execute(f"UPDATE {table} SET id = id WHERE id IN (SELECT id FROM {table} LIMIT 2)")
    await owner.execute(f"VACUUM FULL {table}")
    after = await saying.show(SEARCH)
    assert after.content == before.content == (await saying.fresh.send(SEARCH)).content
    again = saying.again
    await saying.settled(SEARCH)
    assert saying.again > again, "it is no longer said again"


@pytest.mark.parametrize("name", ["search", "found in part"])
async def test_a_new_answer_is_found_at_once(saying: Saying, world: World, name: str) -> None:
    before = await saying.settled(QUERIES[name])
    async with saying.database.writing(SYSTEM_ROWS) as session:
        text = "Is ablation ever done twice for liver cancer?"
        question = await publications.ask(session, world, text)
        await publications.publish(session, world, question)
    now = await saying.as_it_is(QUERIES[name])
    assert (await saying.show(QUERIES[name])).content == now != before.content
    said = saying.again
    assert [(await saying.show(QUERIES[name])).content for _ in range(4)] == [now] * 4
    assert saying.again > said


async def test_what_is_taken_back_while_it_is_searched_for_is_not_kept(
    saying: Saying, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saying.show(SEARCH)
    searched = loading.search_versions

    async def search_and_retract(*given: Any, **named: Any) -> SearchVersions:
        found = await searched(*given, **named)
        async with saying.database.writing(SYSTEM_ROWS) as session:
            question = await session.get_one(Question, world.published[0])
            await publications.retract(session, question, reason="It was wrong.")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(loading, "search_versions", search_and_retract)
        before = await saying.show(SEARCH)
    now = await saying.as_it_is(SEARCH)
    assert before.content != now
    assert [(await saying.show(SEARCH)).content for _ in range(4)] == [now] * 4


async def test_where_replicas_are_read_a_search_is_done_each_time(
    saying: Saying, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Replicas:
        async def fetch(self, *_args: Any) -> None:
            """None may be asked now."""

    monkeypatch.setattr(saying.database.published, "replicas", Replicas())
    for _ in range(4):
        await saying.show(SEARCH)
    assert saying.again == 0
    for _ in range(4):
        await saying.show(OF_CANCER)
    assert saying.again >= 2


async def test_words_beside_the_operation_are_not_kept_either(saying: Saying) -> None:
    for _ in range(4):
        await saying.client.data(SHOW, {"slug": saying.slug, "note": WORDS})
    assert saying.again == 2
    assert WORDS not in str(list(saying.database.published.memory._kept.items()))


async def test_nothing_is_said_to_somebody_that_was_said_to_nobody_in_particular(
    saying: Saying, tokens: dict[str, str]
) -> None:
    query = "{ questions { nodes { slug text } } }"
    everybodys = await saying.settled(query)
    said = saying.again
    own = await saying.show(query, authorization=tokens["asker"])
    assert saying.again == said
    assert own.content != everybodys.content
    assert (await saying.show(query)).content == everybodys.content
    refused = await saying.show(query, authorization=tokens["forged"])
    assert refused.status_code == 401


async def test_what_is_a_viewers_own_is_not_kept(saying: Saying, tokens: dict[str, str]) -> None:
    query = "{ questions { nodes { slug text } } viewer { kind } }"
    for authorization in (tokens["asker"], None, None, None):
        await saying.show(query, authorization=authorization)
    assert saying.again == 0
    assert saying.kept == []


async def test_languages_are_kept_apart(saying: Saying) -> None:
    english = await saying.settled(CATALOGUE)
    said = saying.again
    await saying.show(CATALOGUE, accept_language="es")
    assert saying.again == said
    assert (await saying.show(CATALOGUE)).content == english.content


async def test_what_is_refused_is_refused_each_time(saying: Saying) -> None:
    headers = {"Content-Type": JSON, "Accept": RESPONSE_JSON}
    for body in (
        {"query": CATALOGUE, "documentId": "a-name"},
        {"query": CATALOGUE, "variables": []},
        {"query": "mutation { retractMyself }"},
        {"query": CATALOGUE, "operationName": "Another"},
    ):
        for _ in range(3):
            response = await saying.client.http.post(
                "/graphql", content=orjson.dumps(body), headers=headers
            )
            assert response.status_code == 400
    assert saying.again == 0


async def test_it_costs_what_it_cost_and_ends_where_points_end(build: Build, world: World) -> None:
    endpoint = build(throttle_address_points=100, throttle_address_restore_per_s=1)
    seen: list[tuple[int, int]] = []
    result: dict[str, Any] = {}
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for _ in range(40):
            result = await Client(http).run(OF_CANCER)
            if "errors" in result:
                break
            cost = result["extensions"]["cost"]
            left = cost["throttleStatus"]["currentlyAvailable"]
            seen.append((cost["actualQueryCost"], left))
    assert endpoint.services.metrics.compiled[UNCHANGED] > 2
    assert result["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert len({cost for cost, _ in seen}) == 1
    assert seen[-1][1] < seen[-2][1] < seen[-3][1]


async def test_a_busy_database_is_503_and_asked_once(
    saying: Saying, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saying.settled(OF_CANCER)
    said, asked = saying.again, 0

    async def busy(*_args: Any) -> None:
        nonlocal asked
        asked += 1
        raise DatabaseBusy

    with monkeypatch.context() as patched:
        patched.setattr(saying.database.published, "run", busy)
        response = await saying.show(OF_CANCER, accept=RESPONSE_JSON)
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE"}
    assert (asked, saying.again) == (1, said)
    assert (await saying.show(OF_CANCER)).status_code == 200


async def test_an_operation_that_is_registered_no_more_is_not_answered(
    saying: Saying, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = saying.endpoint.services.operations
    texts = {"shown": "query Shown { cancers { totalCount } }"}

    async def by_id(id_: str) -> str | None:
        return texts.get(id_)

    monkeypatch.setattr(operations._registered, "by_id", by_id)
    body = orjson.dumps({"documentId": "shown"})
    headers = {"Content-Type": JSON, "Accept": JSON}

    async def show() -> dict[str, Any]:
        response = await saying.client.http.post("/graphql", content=body, headers=headers)
        return response.json()

    assert [list((await show())["data"]["cancers"]) for _ in range(3)] == [["totalCount"]] * 3
    assert saying.again == 1
    texts["shown"] = "query Shown { cancers { nodes { slug } } }"
    assert list((await show())["data"]["cancers"]) == ["nodes"]
    texts.clear()
    assert "errors" in await show()


async def test_without_compilation_nothing_is_said_again(build: Build, world: World) -> None:
    endpoint = build(compiled_queries=False)
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for _ in range(4):
            await Client(http).data(OF_CANCER)
    assert endpoint.services.metrics.compiled == {}
