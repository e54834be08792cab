"""Administrators keep endpoints over GraphQL: secrets are shown once, logs are read."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.relay import global_id
from navis_api.identity.viewer import KeyScope
from navis_api.kit.ids import new_id
from navis_api.partners.key_text import KeyKind
from tests import publications
from tests.graphql.client import Client
from tests.graphql.reviewing import Reviewing
from tests.graphql.world import NOON, World
from tests.partners.world import Partners
from tests.review.world import ADMINISTRATOR

_SHOWN = "id url events cancers state failingSince disabledAt oldSecretUntil createdAt updatedAt"


def mutation(name: str, shown: str) -> str:
    kind = f"{name[0].upper()}{name[1:]}Input"
    return (
        f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {shown}"
        " errors { __typename ... on UserError { message path } } } }"
    )


CREATE = mutation("createWebhookEndpoint", f"secret endpoint {{ {_SHOWN} }}")
UPDATE = mutation("updateWebhookEndpoint", f"endpoint {{ {_SHOWN} }}")
ROTATE = mutation("rotateWebhookSecret", f"secret endpoint {{ {_SHOWN} }}")
REMOVE = mutation("removeWebhookEndpoint", "removedId")
REDELIVER = mutation("redeliverWebhook", "delivery { id state webhookId nextAttemptAt endedAt }")
LIST = f"{{ partners {{ nodes {{ id name webhookEndpoints {{ {_SHOWN} }} }} }} }}"
DELIVERIES = """query ($id: ID!, $state: WebhookDeliveryState, $first: Int, $after: String) {
  webhookDeliveries(endpointId: $id, state: $state, first: $first, after: $after) {
    nodes {
      id webhookId type at answerId slug revision state nextAttemptAt endedAt
      attempts { number at tookMs status failure }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
URL = "https://portal.example/hooks?token=canary"


@pytest.fixture
def administrator(reviewing: Reviewing) -> str:
    header = reviewing.header(ADMINISTRATOR)
    assert header is not None
    return header


@pytest.fixture
async def partner_id(database: Database, client: Client) -> str:
    """A partner that may be told of changes."""
    partners = Partners(database)
    partner = await partners.partner("Clinic")
    await partners.key(partner, KeyKind.SECRET, scopes=(KeyScope.WEBHOOKS,))
    return global_id("Partner", partner.id)


async def one(client: Client, query: str, authorization: str, **given: Any) -> dict[str, Any]:
    data = await client.data(query, {"input": given}, authorization=authorization)
    (payload,) = data.values()
    return payload


async def test_from_an_endpoint_to_its_removal(
    client: Client, administrator: str, partner_id: str, owner: asyncpg.Connection
) -> None:
    made = await one(
        client,
        CREATE,
        administrator,
        partnerId=partner_id,
        url=URL,
        events=["ANSWER_RETRACTED", "ANSWER_PUBLISHED", "ANSWER_PUBLISHED"],
        cancers=["liver-cancer"],
    )
    assert made["errors"] == []
    endpoint = made["endpoint"]
    assert made["secret"].startswith("whsec_")
    assert (endpoint["url"], endpoint["state"]) == (URL, "ACTIVE")
    assert endpoint["events"] == ["ANSWER_PUBLISHED", "ANSWER_RETRACTED"]
    assert endpoint["cancers"] == ["liver-cancer"]

    changed = await one(
        client, UPDATE, administrator, endpointId=endpoint["id"], enabled=False, cancers=[]
    )
    assert (changed["endpoint"]["state"], changed["endpoint"]["cancers"]) == ("DISABLED", [])
    # What isn't named stays.
    assert changed["endpoint"]["url"] == URL
    rotated = await one(client, ROTATE, administrator, endpointId=endpoint["id"], overlapHours=1)
    assert rotated["secret"] != made["secret"]
    assert rotated["endpoint"]["oldSecretUntil"]
    at_once = await one(client, ROTATE, administrator, endpointId=endpoint["id"], overlapHours=0)
    assert at_once["endpoint"]["oldSecretUntil"] is None

    listed = await client.data(LIST, authorization=administrator)
    (shown,) = [each for each in listed["partners"]["nodes"] if each["name"] == "Clinic"]
    assert [each["id"] for each in shown["webhookEndpoints"]] == [endpoint["id"]]
    # The secrets are in no answer after the first, no column and no record; nor is the address
    # in the record, since it may hold one.
    stored = str(await owner.fetch("SELECT to_jsonb(e)::text FROM webhook_endpoints e"))
    recorded = str(await owner.fetch("SELECT to_jsonb(e)::text FROM audit_events e"))
    for each in (made, rotated, at_once):
        for place in (str(listed), stored, recorded):
            assert each["secret"].removeprefix("whsec_")[:20] not in place
    assert "canary" not in recorded

    removed = await one(client, REMOVE, administrator, endpointId=endpoint["id"])
    assert removed == {"removedId": endpoint["id"], "errors": []}
    assert await owner.fetchval("SELECT count(*) FROM webhook_endpoints") == 0
    actions = await owner.fetch(
        "SELECT action FROM audit_events WHERE action LIKE 'webhook%' ORDER BY sequence"
    )
    assert [row[0].partition(".")[2] for row in actions] == [
        *("create", "update", "rotate", "rotate", "remove")
    ]


async def test_the_log_is_paged_and_what_is_in_it_is_told_once_more(
    client: Client,
    administrator: str,
    partner_id: str,
    database: Database,
    world: World,
    owner: asyncpg.Connection,
) -> None:
    made = await one(
        client, CREATE, administrator, partnerId=partner_id, url=URL, events=["ANSWER_PUBLISHED"]
    )
    id_ = made["endpoint"]["id"]
    async with database.writing(SYSTEM_ROWS) as session:
        for number in range(3):
            asked = await publications.ask(session, world, f"What is procedure number {number}?")
            await publications.publish(session, world, asked, now=NOON)
    await owner.execute(
        "UPDATE webhook_deliveries SET state = 'GIVEN_UP', ended_at = now(), tries = 10,"
        " attempts = 10 WHERE sequence = (SELECT min(sequence) FROM webhook_deliveries)"
    )
    await owner.execute(
        "INSERT INTO webhook_attempts SELECT id, 10, now(), 42, 503, 'STATUS'"
        " FROM webhook_deliveries WHERE state = 'GIVEN_UP'"
    )
    slugs: list[str] = []
    after: str | None = None
    while True:
        data = await client.data(
            DELIVERIES, {"id": id_, "first": 2, "after": after}, authorization=administrator
        )
        page = data["webhookDeliveries"]
        slugs += [node["slug"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert slugs == [f"what-is-procedure-number-{number}" for number in (2, 1, 0)]
    data = await client.data(
        DELIVERIES, {"id": id_, "state": "GIVEN_UP"}, authorization=administrator
    )
    (given_up,) = data["webhookDeliveries"]["nodes"]
    (attempt,) = given_up["attempts"]
    assert (attempt["number"], attempt["status"], attempt["failure"]) == (10, 503, "STATUS")
    assert (given_up["type"], given_up["revision"]) == ("ANSWER_PUBLISHED", 1)

    again = await one(client, REDELIVER, administrator, deliveryId=given_up["id"])
    assert again["errors"] == []
    assert again["delivery"]["state"] == "PENDING"
    assert again["delivery"]["webhookId"] == given_up["webhookId"]
    # The log goes on, and three days begin anew.
    rows = await owner.fetch("SELECT attempts, tries FROM webhook_deliveries ORDER BY sequence")
    assert tuple(rows[0]) == (10, 0)

    await one(client, UPDATE, administrator, endpointId=id_, enabled=False)
    refused = await one(client, REDELIVER, administrator, deliveryId=given_up["id"])
    assert refused["errors"][0]["path"] == ["input", "deliveryId"]
    states = await owner.fetch("SELECT DISTINCT state FROM webhook_deliveries")
    assert [row[0] for row in states] == ["GIVEN_UP"]


async def test_an_endpoint_of_a_partner_without_a_key_for_it_says_so(
    client: Client, administrator: str, partner_id: str, database: Database
) -> None:
    made = await one(
        client, CREATE, administrator, partnerId=partner_id, url=URL, events=["ANSWER_STALE"]
    )
    assert made["endpoint"]["state"] == "ACTIVE"
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(text("UPDATE partner_keys SET revoked_at = created_at"))
    listed = await client.data(LIST, authorization=administrator)
    found = [each for node in listed["partners"]["nodes"] for each in node["webhookEndpoints"]]
    assert [each["state"] for each in found] == ["KEYLESS"]
    refused = await one(
        client, CREATE, administrator, partnerId=partner_id, url=URL, events=["ANSWER_STALE"]
    )
    assert refused["errors"][0]["path"] == ["input", "partnerId"]
    assert refused["secret"] is None


_NEW = {"url": URL, "events": ["ANSWER_STALE"]}


@pytest.mark.parametrize(
    ("query", "given", "path"),
    [
        (CREATE, {**_NEW, "partnerId": "x"}, ["partnerId"]),
        (CREATE, {**_NEW, "partnerId": global_id("Partner", new_id())}, ["input", "partnerId"]),
        (CREATE, {**_NEW, "events": []}, ["input", "events"]),
        (CREATE, {**_NEW, "url": ""}, ["input", "url"]),
        (CREATE, {**_NEW, "url": "ftp://portal.example/"}, ["input", "url"]),
        (CREATE, {**_NEW, "url": "https://portal.example/" + "x" * 3_000}, ["input", "url"]),
        (CREATE, {**_NEW, "cancers": ["no-such-cancer"]}, ["input", "cancers"]),
        (CREATE, {**_NEW, "cancers": ["liver-cancer"] * 101}, ["input", "cancers"]),
        (UPDATE, {"url": "https://u@portal.example/"}, ["input", "url"]),
        (UPDATE, {"events": []}, ["input", "events"]),
        (UPDATE, {"endpointId": global_id("Partner", new_id())}, ["endpointId"]),
        (UPDATE, {"endpointId": global_id("WebhookEndpoint", new_id())}, ["input", "endpointId"]),
        (ROTATE, {"overlapHours": -1}, ["input", "overlapHours"]),
        (ROTATE, {"overlapHours": 721}, ["input", "overlapHours"]),
        (ROTATE, {"overlapHours": 2_147_483_647}, ["input", "overlapHours"]),
        (REMOVE, {"endpointId": global_id("WebhookEndpoint", new_id())}, ["input", "endpointId"]),
        (REDELIVER, {"deliveryId": "x"}, ["deliveryId"]),
        (
            REDELIVER,
            {"deliveryId": global_id("WebhookDelivery", new_id())},
            ["input", "deliveryId"],
        ),
    ],
)
async def test_bad_input_is_told_and_changes_nothing(
    client: Client,
    administrator: str,
    partner_id: str,
    owner: asyncpg.Connection,
    query: str,
    given: dict[str, Any],
    path: list[str],
) -> None:
    made = await one(client, CREATE, administrator, partnerId=partner_id, **_NEW)
    rows = "SELECT * FROM webhook_endpoints"
    before = await owner.fetch(rows)
    ids = {
        CREATE: {"partnerId": partner_id},
        REDELIVER: {},
    }.get(query, {"endpointId": made["endpoint"]["id"]})
    payload = await one(client, query, administrator, **{**ids, **given})
    assert [each["path"] for each in payload["errors"]] == [path]
    assert [value for name, value in payload.items() if name != "errors" and value] == []
    assert await owner.fetch(rows) == before


async def test_a_partner_has_so_many_endpoints_and_no_more(
    client: Client, administrator: str, partner_id: str
) -> None:
    for _ in range(20):
        made = await one(client, CREATE, administrator, partnerId=partner_id, **_NEW)
        assert made["errors"] == []
    refused = await one(client, CREATE, administrator, partnerId=partner_id, **_NEW)
    assert refused["errors"][0]["path"] == ["input", "partnerId"]


ASK = """mutation ($text: String!, $cancer: String = "liver-cancer") {
  askQuestion(input: {text: $text, cancer: $cancer}) {
  question { id } errors { __typename } } }"""


async def test_a_question_that_is_asked_with_a_key_is_noted_for_its_partner_and_no_other(
    client: Client, world: World, tokens: dict[str, str], owner: asyncpg.Connection
) -> None:
    noted = "SELECT q.text, p.name FROM partner_questions a"
    noted += " JOIN questions q ON q.id = a.question_id JOIN partners p ON p.id = a.partner_id"
    for who in (None, "asker", "partner"):
        variables = {"text": f"What is a margin in the words of {who}?"}
        asked = await client.data(ASK, variables, authorization=tokens.get(who or ""))
        assert asked["askQuestion"]["errors"] == []
    assert await owner.fetch(noted) == []
    # Twice the same question, by one key and by the other: noted once, and it has no name.
    for who in ("public key", "secret key", "secret key"):
        asked = await client.data(
            ASK, {"text": "What is a margin of surgery?"}, authorization=tokens[who]
        )
        assert asked["askQuestion"]["errors"] == []
    assert [tuple(row) for row in await owner.fetch(noted)] == [
        ("What is a margin of surgery?", "The portal")
    ]
    # What has a reviewed answer already is answered at once: nobody waits for it.
    answered = {"text": "What is ablation?", "cancer": "hepatocellular-carcinoma"}
    await client.data(ASK, answered, authorization=tokens["secret key"])
    assert len(await owner.fetch(noted)) == 1
