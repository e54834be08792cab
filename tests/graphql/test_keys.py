"""Partners' keys over HTTP: whom they let in, from where, to what, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from navis_api.db.sessions import Database
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.relay import global_id
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.front import KnownRequests
from navis_api.identity.viewer import KeyScope
from navis_api.jobs.fanout import Fanout
from navis_api.partners import keys as partner_keys
from navis_api.partners import service
from navis_api.partners.keeping import KEPT_S, KeyKeeper
from navis_api.partners.key_text import KeyEnvironment, KeyKind, new_key_text, read_key_text
from navis_api.partners.keys import NewKey
from tests.db.rows import app_connection
from tests.graphql.client import Client
from tests.graphql.conftest import Clock
from tests.graphql.socket_client import open_socket
from tests.graphql.world import NOON, World, start_generation
from tests.partners.world import ADMINISTRATOR, PORTAL, Partners, acting
from tests.waiting import PATIENCE_S, until

CANCERS = "{ cancers(first: 1) { nodes { slug } } viewer { kind subject } }"
ANSWER = '{ answer(slug: "what-is-ablation") { title } }'
ASK = """mutation {
  askQuestion(input: { text: "What is ablation?", cancer: "hepatocellular-carcinoma" }) { outcome }
}"""
FOLLOW = "subscription ($id: ID!) { generationEvents(generationId: $id, after: 99) { sequence } }"


class Ticks:
    """The keeper's clock, which a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def partners(database: Database) -> Partners:
    return Partners(database)


@pytest.fixture
def endpoint(build: Callable[..., GraphQLEndpoint], database: Database, ticks: Ticks) -> Any:
    def make(**changed: Any) -> GraphQLEndpoint:
        return build(keys=KeyKeeper(database, ticks=ticks), **changed)

    return make


@pytest.fixture
async def http(endpoint: Any, world: World) -> AsyncIterator[httpx.AsyncClient]:
    del world
    transport = httpx.ASGITransport(endpoint())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def post(
    http: httpx.AsyncClient,
    key: str | None,
    *,
    query: str = CANCERS,
    origin: str | None = None,
    path: str = "/graphql",
    **headers: str,
) -> httpx.Response:
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    if origin is not None:
        headers["Origin"] = origin
    return await http.post(path, json={"query": query}, headers=headers)


def code(response: httpx.Response) -> str:
    assert "data" not in response.json()
    return response.json()["errors"][0]["extensions"]["code"]


def allowed_origin(response: httpx.Response) -> str | None:
    return response.headers.get("access-control-allow-origin")


async def test_a_secret_key_reads_content_as_a_partner(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    made = await partners.key(await partners.partner())
    response = await post(http, made.secret)
    assert response.status_code == 200
    assert response.json()["data"]["cancers"]["nodes"]
    assert response.json()["data"]["viewer"] == {"kind": "PARTNER", "subject": None}
    # A server is on no origin, and no page is to use a secret key.
    assert allowed_origin(response) is None
    assert allowed_origin(await post(http, made.secret, origin=PORTAL)) is None


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/graphql", "/graphql/public"])
async def test_a_public_key_is_taken_in_the_header_and_in_the_address(
    http: httpx.AsyncClient, partners: Partners, method: str, path: str
) -> None:
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    for headers, parameters in (
        ({"Authorization": f"Bearer {made.secret}"}, {}),
        ({}, {"key": made.secret}),
    ):
        sent: dict[str, Any] = (
            {"params": {**parameters, "query": CANCERS}}
            if method == "GET"
            else {"params": parameters, "json": {"query": CANCERS}}
        )
        url = "http://test" + ("/graphql" if path == "/graphql" else path)
        response = await http.request(method, url, headers={**headers, "Origin": PORTAL}, **sent)
        assert response.json()["data"]["viewer"]["kind"] == "PARTNER"
        assert allowed_origin(response) == PORTAL
        assert "Origin" in response.headers["vary"]
        assert "no-store" in response.headers["cache-control"]
        refused = await http.request(method, url, headers=headers, **sent)
        assert (refused.status_code, code(refused)) == (403, "ORIGIN_REQUIRED")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://portal.example",
        "https://portal.example:8443",
        "https://sub.portal.example",
        "https://portal.example.evil.example",
        "null",
        "",
    ],
)
async def test_a_public_key_is_refused_on_other_origins_and_says_what_to_do(
    http: httpx.AsyncClient, partners: Partners, origin: str
) -> None:
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    response = await post(http, made.secret, origin=origin)
    assert (response.status_code, code(response)) == (403, "ORIGIN_NOT_ALLOWED")
    assert "origins" in response.json()["errors"][0]["message"]
    assert allowed_origin(response) is None


async def test_our_own_page_for_asking_may_use_a_key_that_asks_and_can_be_framed(
    endpoint: Any, partners: Partners, world: World
) -> None:
    del world
    partner = await partners.partner(origins=["https://portal.example"])
    local = await partners.partner("At home", origins=["http://localhost:3000"])
    nowhere = await partners.partner("Nowhere", origins=())
    asks = await partners.key(partner, KeyKind.PUBLIC)
    reads = await partners.key(partner, KeyKind.PUBLIC, scopes=[KeyScope.READ_CONTENT])
    live = await partners.key(local, KeyKind.PUBLIC)
    homeless = await partners.key(nowhere, KeyKind.PUBLIC)
    # As a browser writes the origin, however the setting is written.
    transport = httpx.ASGITransport(endpoint(public_url="https://Answers.example:443/"))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for key, origin, status in (
            (asks, "https://answers.example", 200),
            (reads, "https://answers.example", 403),
            (live, "https://answers.example", 403),
            (homeless, "https://answers.example", 403),
            (asks, "http://answers.example", 403),
            (asks, "https://answers.example:8443", 403),
            (asks, "https://answers.example.evil.example", 403),
            (asks, "null", 403),
            (asks, None, 403),
        ):
            response = await post(http, key.secret, origin=origin)
            assert response.status_code == status, (key.key.scopes, origin)
            # No page elsewhere may read it.
            assert allowed_origin(response) is None


async def test_a_key_is_refused_on_the_origin_of_another_partner_which_may_read_why(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    await partners.partner("Another", ["https://other.example"])
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    response = await post(http, made.secret, origin="https://other.example")
    assert (response.status_code, code(response)) == (403, "ORIGIN_NOT_ALLOWED")
    assert allowed_origin(response) == "https://other.example"


async def test_wildcards_and_a_developers_own_machine(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    partner = await partners.partner(origins=["https://*.portal.example", "http://localhost:3000"])
    live = await partners.key(partner, KeyKind.PUBLIC)
    test = await partners.key(partner, KeyKind.PUBLIC, environment=KeyEnvironment.TEST)
    for key, origin, status in (
        (live, "https://a.portal.example", 200),
        (test, "https://a.portal.example", 200),
        (live, PORTAL, 403),
        (test, "http://localhost:3000", 200),
        (live, "http://localhost:3000", 403),
        (test, "http://localhost:3001", 403),
    ):
        response = await post(http, key.secret, origin=origin)
        assert response.status_code == status, (key.key.environment, origin)


async def test_a_preflight_is_answered_for_origins_of_partners_alone(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    before = await http.options("/graphql", headers={**asked, "Origin": PORTAL})
    assert (before.status_code, code(before)) == (403, "ORIGIN_NOT_ALLOWED")
    assert allowed_origin(before) is None


async def test_a_preflight_says_what_may_be_sent(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    await partners.partner()
    asked = {"Origin": PORTAL, "Access-Control-Request-Method": "POST"}
    for path in ("/graphql", "/graphql/public"):
        response = await http.options(path, headers=asked)
        assert response.status_code == 204
        assert allowed_origin(response) == PORTAL
        assert "access-control-allow-credentials" not in response.headers
        allowed = response.headers["access-control-allow-headers"].lower()
        assert {"authorization", "content-type"} <= set(allowed.split(", "))
        assert response.headers["access-control-allow-methods"] == "GET, POST"
    other = await http.options("/graphql", headers={**asked, "Origin": "https://evil.example"})
    assert (other.status_code, allowed_origin(other)) == (403, None)
    # That isn't a preflight.
    plain = await http.options("/graphql", headers={"Origin": PORTAL})
    assert plain.status_code == 405


async def test_without_a_key_no_origin_may_read_anything(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    await partners.partner()
    response = await post(http, None, origin=PORTAL)
    assert response.status_code == 200
    assert allowed_origin(response) is None


async def test_a_typo_is_told_from_a_key_that_is_not_known(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    made = await partners.key(await partners.partner())
    letter = "a" if made.secret[20] != "a" else "b"
    typo = made.secret[:20] + letter + made.secret[21:]
    unknown = new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE).secret
    for sent, expected in (
        (typo, "KEY_MALFORMED"),
        (made.secret[:-1], "KEY_MALFORMED"),
        ("nvk_", "KEY_MALFORMED"),
        (unknown, "KEY_UNKNOWN"),
    ):
        response = await post(http, sent)
        assert (response.status_code, code(response)) == (401, expected)
        assert response.headers["www-authenticate"] == "Bearer"
        assert sent == "nvk_" or sent not in response.text


async def test_a_typo_asks_the_database_nothing(
    http: httpx.AsyncClient, database: Database
) -> None:
    await database.close()
    assert code(await post(http, "nvk_sec_live_" + "a" * 49)) == "KEY_MALFORMED"


async def test_a_secret_key_in_an_address_is_refused(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    made = await partners.key(await partners.partner())
    response = await http.post(f"/graphql?key={made.secret}", json={"query": CANCERS})
    assert (response.status_code, code(response)) == (403, "KEY_EXPOSED")
    assert made.secret not in response.text


async def test_a_key_comes_once_and_with_no_token(
    http: httpx.AsyncClient, partners: Partners, tokens: dict[str, str]
) -> None:
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    for address, headers in (
        (f"/graphql?key={made.secret}&key={made.secret}", {}),
        (f"/graphql?key={made.secret}", {"Authorization": tokens["asker"]}),
    ):
        response = await http.post(
            address, json={"query": CANCERS}, headers={**headers, "Origin": PORTAL}
        )
        assert response.status_code == 400
        assert made.secret not in response.text


async def test_a_revoked_key_is_refused_at_once_where_that_is_heard(
    endpoint: Any, partners: Partners, database: Database, database_url: str, world: World
) -> None:
    del world
    made = await partners.key(await partners.partner())
    graphql = endpoint()
    keeper, fanout = graphql.services.keys, Fanout(database_url)
    keeper.hear(fanout)
    listening = asyncio.create_task(fanout.run())
    await asyncio.wait_for(fanout.connected.wait(), PATIENCE_S)
    transport = httpx.ASGITransport(graphql)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await post(http, made.secret)).status_code == 200
        kept = read_key_text(made.secret)
        assert keeper.kept(kept) is not None
        await partners.revoke(made)
        # The keeper's own clock stands still: nothing but the notification makes it forget.
        await until(lambda: keeper.kept(kept) is None)
        response = await post(http, made.secret)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert (response.status_code, code(response)) == (401, "KEY_REVOKED")


async def test_a_deaf_process_goes_on_with_a_revoked_key_for_seconds_and_no_longer(
    http: httpx.AsyncClient, partners: Partners, ticks: Ticks
) -> None:
    made = await partners.key(await partners.partner())
    assert (await post(http, made.secret)).status_code == 200
    await partners.revoke(made)
    ticks.now += KEPT_S - 0.1
    assert (await post(http, made.secret)).status_code == 200
    ticks.now += 0.1
    assert code(await post(http, made.secret)) == "KEY_REVOKED"


async def test_a_key_is_looked_up_once_in_those_seconds(
    http: httpx.AsyncClient, partners: Partners, database: Database, ticks: Ticks
) -> None:
    made = await partners.key(await partners.partner())
    assert (await post(http, made.secret, query="{ viewer { kind } }")).status_code == 200
    await database.close()
    assert (await post(http, made.secret, query="{ viewer { kind } }")).status_code == 200
    del ticks


async def test_an_expired_key_is_refused_to_the_second(
    http: httpx.AsyncClient, partners: Partners, clock: Clock
) -> None:
    made = await partners.key(await partners.partner(), expires_at=NOON + timedelta(hours=1))
    assert (await post(http, made.secret)).status_code == 200
    clock.now = NOON + timedelta(hours=1)
    response = await post(http, made.secret)
    assert (response.status_code, code(response)) == (401, "KEY_EXPIRED")


async def test_both_keys_hold_while_one_is_rotated(
    http: httpx.AsyncClient, partners: Partners, clock: Clock, ticks: Ticks
) -> None:
    made = await partners.key(await partners.partner())
    async with partners.database.writing(ADMINISTRATOR) as session:
        new = await partner_keys.rotate_key(
            session, made.key.id, overlap=timedelta(hours=24), acting=acting()
        )
    for key in (made, new):
        assert (await post(http, key.secret)).status_code == 200
    clock.now = NOON + timedelta(hours=24)
    ticks.now += 24 * 3_600
    assert code(await post(http, made.secret)) == "KEY_EXPIRED"
    assert (await post(http, new.secret)).status_code == 200


async def test_when_origins_change_a_page_is_let_in_or_not(
    http: httpx.AsyncClient, partners: Partners, endpoints: list[GraphQLEndpoint]
) -> None:
    partner = await partners.partner()
    made = await partners.key(partner, KeyKind.PUBLIC)
    assert (await post(http, made.secret, origin=PORTAL)).status_code == 200
    async with partners.database.writing(ADMINISTRATOR) as session:
        await service.update_partner(
            session, partner.id, name=None, origins=["https://new.example"], acting=acting()
        )
    endpoints[0].services.keys.forget()
    refused = await post(http, made.secret, origin=PORTAL)
    assert (refused.status_code, allowed_origin(refused)) == (403, None)
    assert (await post(http, made.secret, origin="https://new.example")).status_code == 200


async def test_a_scope_that_is_missing_is_named(
    http: httpx.AsyncClient, partners: Partners, owner: asyncpg.Connection
) -> None:
    partner = await partners.partner()
    reads = await partners.key(partner, scopes=[KeyScope.READ_CONTENT])
    asks = await partners.key(partner, scopes=[KeyScope.ASK])
    hooks = await partners.key(partner, scopes=[KeyScope.WEBHOOKS])
    before = await owner.fetchval("SELECT sum(times_asked) FROM questions")
    for key, query, scope in (
        (reads, ASK, "ASK"),
        (asks, ANSWER, "READ_CONTENT"),
        (hooks, ANSWER, "READ_CONTENT"),
        (hooks, ASK, "ASK"),
    ):
        result = (await post(http, key.secret, query=query)).json()
        assert result["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert scope in result["errors"][0]["message"]
        assert not result.get("data")
    assert await owner.fetchval("SELECT sum(times_asked) FROM questions") == before
    asked = (await post(http, asks.secret, query=ASK)).json()
    assert asked["data"]["askQuestion"]["outcome"] == "REVIEWED_ANSWER"


async def test_a_field_hidden_in_a_fragment_is_found(
    http: httpx.AsyncClient, partners: Partners
) -> None:
    made = await partners.key(await partners.partner())
    for query in (
        "query { ...A } fragment A on Query { ... on Query { mine: records { nodes { id } } } }",
        "{ viewer { kind } ... @include(if: true) { reviewQueue { nodes { id } } } }",
    ):
        result = (await post(http, made.secret, query=query)).json()
        assert result["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert not result.get("data")


async def test_what_is_remembered_for_everybody_is_not_served_without_the_scope(
    endpoint: Any, partners: Partners, world: World
) -> None:
    del world
    cache = ResponseCache(2**20)
    cache.usable = lambda: True
    asks = await partners.key(await partners.partner(), scopes=[KeyScope.ASK])
    transport = httpx.ASGITransport(endpoint(responses=cache))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await post(http, None, query=ANSWER)).json()["data"]["answer"]
        assert len(cache) == 1
        refused = (await post(http, asks.secret, query=ANSWER)).json()
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert not refused.get("data")


async def test_keys_get_what_is_remembered_and_it_is_remembered_of_them(
    endpoint: Any, partners: Partners, world: World
) -> None:
    del world
    cache = ResponseCache(2**20)
    cache.usable = lambda: True
    made = await partners.key(await partners.partner())
    graphql = endpoint(responses=cache)
    transport = httpx.ASGITransport(graphql)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        first = (await post(http, made.secret, query=ANSWER)).json()
        second = (await post(http, made.secret, query=ANSWER)).json()
        nobody = (await post(http, None, query=ANSWER)).json()
    assert first["data"] == second["data"] == nobody["data"]
    assert graphql.services.metrics.kept.total() == 2


async def test_when_a_key_was_used_is_known_to_the_hour(
    http: httpx.AsyncClient,
    endpoints: list[GraphQLEndpoint],
    partners: Partners,
    owner: asyncpg.Connection,
    clock: Clock,
    ticks: Ticks,
) -> None:
    made = await partners.key(await partners.partner())
    unused = await partners.key(await partners.partner("Another"))
    keeper = endpoints[0].services.keys

    async def used(key: NewKey) -> object:
        return await owner.fetchval(
            "SELECT last_used_at FROM partner_keys WHERE id = $1", key.key.id
        )

    for minutes, expected in ((0, 0), (59, 0), (61, 61), (119, 61)):
        clock.now = NOON + timedelta(minutes=minutes)
        ticks.now += KEPT_S
        assert (await post(http, made.secret)).status_code == 200
        await keeper.write_uses()
        assert await used(made) == NOON + timedelta(minutes=expected)
    assert await used(unused) is None


async def test_noting_a_use_makes_nobody_forget_keys(
    partners: Partners, owner: asyncpg.Connection, database_url: str
) -> None:
    made = await partners.key(await partners.partner())
    heard: list[str] = []
    await owner.add_listener("navis_partners", lambda *said: heard.append(str(said[-2])))
    async with app_connection(database_url, role="system") as connection:
        await connection.execute("UPDATE partner_keys SET last_used_at = now()")
        await connection.execute("SELECT pg_notify('navis_partners', 'now')")
    await until(lambda: len(heard) == 1)
    await partners.revoke(made)
    await until(lambda: len(heard) == 2)


async def test_a_key_stands_in_no_log_and_no_metric(
    http: httpx.AsyncClient,
    endpoints: list[GraphQLEndpoint],
    partners: Partners,
    database: Database,
    owner: asyncpg.Connection,
    ticks: Ticks,
) -> None:
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    body = made.secret.split("_")[3]
    with capture_logs() as logs:
        for address in ("/graphql", f"/graphql?key={made.secret}"):
            headers = {} if "?" in address else {"Authorization": f"Bearer {made.secret}"}
            for origin in (PORTAL, "https://evil.example"):
                await http.post(
                    address, json={"query": CANCERS}, headers={**headers, "Origin": origin}
                )
        # And where looking it up fails.
        ticks.now += KEPT_S
        await database.engine.dispose()
        await owner.execute("ALTER TABLE partner_keys RENAME TO gone")
        response = await post(http, made.secret, origin=PORTAL)
    assert (response.status_code, code(response)) == (503, "SERVICE_UNAVAILABLE")
    assert response.headers["retry-after"]
    assert any("partner_keys.not_looked_up" in str(each) for each in logs)
    assert body not in str(logs)
    assert body not in response.text
    assert body.encode() not in endpoints[0].services.metrics.text()


async def test_whoever_tries_many_unknown_keys_has_to_wait(
    endpoint: Any, partners: Partners, world: World
) -> None:
    del world
    made = await partners.key(await partners.partner())
    graphql = endpoint(throttle_address_points=30, throttle_address_restore_per_s=1)
    transport = httpx.ASGITransport(graphql)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        assert (await post(http, made.secret, query="{ viewer { kind } }")).status_code == 200
        codes = [
            code(await post(http, new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE).secret))
            for _ in range(5)
        ]
        # A good key, which is at hand, has its own bucket and goes on.
        assert (await post(http, made.secret, query="{ viewer { kind } }")).status_code == 200
    assert codes[:3] == ["KEY_UNKNOWN"] * 3
    assert codes[-1] == "THROTTLED"


async def test_on_a_websocket_a_key_introduces_and_its_end_closes(
    url: str, endpoints: list[GraphQLEndpoint], partners: Partners, world: World
) -> None:
    made = await partners.key(await partners.partner())
    watch = endpoints[0].services.key_watch
    async with open_socket(url) as socket:
        await socket.introduce({"authorization": f"Bearer {made.secret}"})
        await socket.subscribe(
            FOLLOW, {"id": global_id("Generation", world.anonymous.generation_id)}
        )
        await watch.look()
        await partners.revoke(made)
        await watch.look()
        assert (await socket.closed())[0] == 4403


async def test_a_stream_ends_when_its_key_does(
    url: str,
    endpoints: list[GraphQLEndpoint],
    partners: Partners,
    database: Database,
    world: World,
) -> None:
    made = await partners.key(partner := await partners.partner())
    other = await partners.key(partner)
    watch = endpoints[0].services.key_watch
    generation_id = await start_generation(database, world, "Who is ahead?")
    body = {
        "query": FOLLOW.replace(", after: 99", ""),
        "variables": {"id": global_id("Generation", generation_id)},
    }

    def opened(http: httpx.AsyncClient, key: NewKey) -> Any:
        headers = {"Authorization": f"Bearer {key.secret}", "Accept": "text/event-stream"}
        return http.stream("POST", url, json=body, headers=headers)

    async with (
        httpx.AsyncClient() as http,
        asyncio.timeout(PATIENCE_S),
        opened(http, made) as ended,
        opened(http, other) as open_still,
    ):
        assert (ended.status_code, open_still.status_code) == (200, 200)
        pieces = ended.aiter_bytes()
        await anext(pieces)
        await until(lambda: len(watch._open) == 2)
        await partners.revoke(made)
        await watch.look()
        rest = b"".join([piece async for piece in pieces])
        # Not complete: whoever has another key goes on from where this one ended.
        assert b"complete" not in rest
        assert list(watch._open) == [other.key.id]
    await until(lambda: not watch._open)


async def test_a_websocket_with_a_public_key_looks_at_the_origin(
    url: str, partners: Partners
) -> None:
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    async with open_socket(url) as socket:
        await socket.send(
            {"type": "connection_init", "payload": {"authorization": f"Bearer {made.secret}"}}
        )
        assert (await socket.closed())[0] == 4403


async def test_a_client_that_is_not_a_partner_is_as_before(client: Client) -> None:
    data = await client.data("{ viewer { kind } }")
    assert data["viewer"]["kind"] == "ANONYMOUS"


async def test_what_came_with_a_key_in_its_address_is_never_answered_unread(
    endpoint: Any, partners: Partners, world: World
) -> None:
    del world
    cache = ResponseCache(2**20)
    cache.usable = lambda: True
    made = await partners.key(await partners.partner(), KeyKind.PUBLIC)
    graphql = endpoint(responses=cache)
    known = KnownRequests(graphql, cache, graphql.services, ("/graphql",))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(known), base_url="http://test"
    ) as http:
        sent: dict[str, Any] = {"params": {"query": ANSWER, "key": made.secret}}
        sent["headers"] = {"Origin": PORTAL}
        for _ in range(3):
            assert (await http.get("/graphql", **sent)).json()["data"]["answer"]
        elsewhere = await http.get("/graphql", **{**sent, "headers": {}})
        await partners.revoke(made)
        graphql.services.keys.forget()
        revoked = await http.get("/graphql", **sent)
    assert (elsewhere.status_code, code(elsewhere)) == (403, "ORIGIN_REQUIRED")
    assert (revoked.status_code, code(revoked)) == (401, "KEY_REVOKED")


ASK_ONCE = """mutation ($text: String!) {
  askQuestion(input: { text: $text, cancer: "liver-cancer", idempotencyKey: "same" }) {
    question { id } errors { __typename }
  }
}"""


async def test_what_is_asked_with_a_key_belongs_to_nobody(
    http: httpx.AsyncClient, partners: Partners, owner: asyncpg.Connection
) -> None:
    made = await partners.key(await partners.partner())
    asked = await http.post(
        "/graphql",
        json={"query": ASK_ONCE, "variables": {"text": "Is fatigue usual with liver cancer?"}},
        headers={"Authorization": f"Bearer {made.secret}"},
    )
    payload = asked.json()["data"]["askQuestion"]
    assert payload["errors"] == []
    rows = await owner.fetch(
        "SELECT asked_anonymously, (SELECT count(*) FROM askings a WHERE a.question_id = q.id)"
        " FROM questions q ORDER BY asked_at DESC LIMIT 1"
    )
    assert [tuple(row) for row in rows] == [(True, 0)]
    # Another's idempotency keys are no partner's, though neither has a subject.
    other = await http.post(
        "/graphql",
        json={"query": ASK_ONCE, "variables": {"text": "Can I fly with liver cancer?"}},
    )
    assert other.json()["data"]["askQuestion"]["errors"] == []
    again = await http.post(
        "/graphql",
        json={"query": ASK_ONCE, "variables": {"text": "Is pain usual with liver cancer?"}},
        headers={"Authorization": f"Bearer {made.secret}"},
    )
    (error,) = again.json()["data"]["askQuestion"]["errors"]
    assert error["__typename"] == "IdempotencyConflict"
