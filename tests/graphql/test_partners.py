"""Administrators keep partners and their keys; a key is shown once and works."""

from typing import Any

import asyncpg
import pytest

from navis_api.graphql.relay import global_id
from navis_api.kit.ids import new_id
from tests.graphql.client import Client
from tests.graphql.reviewing import Reviewing
from tests.review.world import ADMINISTRATOR

CREATE = """mutation ($input: CreatePartnerInput!) { createPartner(input: $input) {
  partner { id name origins keys { id } } errors { __typename ... on UserError { message path } }
} }"""
UPDATE = """mutation ($input: UpdatePartnerInput!) { updatePartner(input: $input) {
  partner { name origins keys { lastFour } } errors { __typename ... on UserError { path } }
} }"""
KEY = """mutation ($input: CreatePartnerKeyInput!) { createPartnerKey(input: $input) {
  secret
  key { id kind environment lastFour scopes apiVersion expiresAt revokedAt points restoredPerS }
  errors { __typename ... on UserError { message path } }
} }"""
ROTATE = """mutation ($input: RotatePartnerKeyInput!) { rotatePartnerKey(input: $input) {
  secret key { id replaces kind } errors { __typename ... on UserError { message path } }
} }"""
REVOKE = """mutation ($input: RevokePartnerKeyInput!) { revokePartnerKey(input: $input) {
  key { revokedAt } errors { __typename ... on UserError { message path } }
} }"""
LIST = """query ($first: Int, $after: String) { partners(first: $first, after: $after) {
  nodes { name origins keys { id kind revokedAt expiresAt replaces } }
  pageInfo { hasNextPage endCursor }
} }"""


@pytest.fixture
def administrator(reviewing: Reviewing) -> str:
    header = reviewing.header(ADMINISTRATOR)
    assert header is not None
    return header


async def _one(client: Client, query: str, authorization: str, **given: Any) -> dict[str, Any]:
    data = await client.data(query, {"input": given}, authorization=authorization)
    (payload,) = data.values()
    return payload


async def test_from_a_partner_to_a_key_that_works_and_is_taken_back(
    client: Client, administrator: str
) -> None:
    made = await _one(
        client, CREATE, administrator, name="Clinic", origins=["HTTPS://Clinic.Example:443"]
    )
    assert made["errors"] == []
    partner = made["partner"]
    assert (partner["origins"], partner["keys"]) == (["https://clinic.example"], [])

    made = await _one(client, KEY, administrator, partnerId=partner["id"], kind="SECRET")
    key, secret = made["key"], made["secret"]
    assert made["errors"] == []
    assert secret.startswith("nvk_sec_live_")
    assert secret.endswith(key["lastFour"])
    assert (key["scopes"], key["expiresAt"], key["revokedAt"]) == (["READ_CONTENT"], None, None)
    by_key = f"Bearer {secret}"
    viewer = await client.data("{ viewer { kind } }", authorization=by_key)
    assert viewer["viewer"]["kind"] == "PARTNER"

    rotated = await _one(client, ROTATE, administrator, keyId=key["id"], overlapHours=1)
    assert rotated["key"]["replaces"] == key["id"]
    for each in (by_key, f"Bearer {rotated['secret']}"):
        assert (await client.send("{ viewer { kind } }", authorization=each)).status_code == 200

    revoked = await _one(client, REVOKE, administrator, keyId=key["id"])
    assert revoked["key"]["revokedAt"]
    listed = await client.data(LIST, {}, authorization=administrator)
    (found,) = [each for each in listed["partners"]["nodes"] if each["name"] == "Clinic"]
    assert [bool(each["revokedAt"]) for each in found["keys"]] == [True, False]
    assert secret not in str(listed)


async def test_origins_are_changed_and_what_is_left_out_stays(
    client: Client, administrator: str
) -> None:
    made = await _one(client, CREATE, administrator, name="Clinic", origins=["https://a.example"])
    id_ = made["partner"]["id"]
    changed = await _one(client, UPDATE, administrator, partnerId=id_, origins=[])
    assert (changed["partner"]["name"], changed["partner"]["origins"]) == ("Clinic", [])
    changed = await _one(client, UPDATE, administrator, partnerId=id_, name="Hospital")
    assert (changed["partner"]["name"], changed["partner"]["origins"]) == ("Hospital", [])


async def test_partners_are_paged_by_name(client: Client, administrator: str) -> None:
    for name in ("c", "B", "a2"):
        await _one(client, CREATE, administrator, name=name)
    names: list[str] = []
    after: str | None = None
    while True:
        data = await client.data(LIST, {"first": 1, "after": after}, authorization=administrator)
        names += [node["name"] for node in data["partners"]["nodes"]]
        after = data["partners"]["pageInfo"]["endCursor"]
        if not data["partners"]["pageInfo"]["hasNextPage"]:
            break
    assert names == ["a2", "B", "c", "The portal"]


@pytest.mark.parametrize(
    ("query", "given", "path"),
    [
        (CREATE, {"name": ""}, ["input", "name"]),
        (CREATE, {"name": "x" * 201}, ["input", "name"]),
        (CREATE, {"name": "the PORTAL"}, ["input", "name"]),
        (CREATE, {"name": "New", "origins": ["https://a.example/x"]}, ["input", "origins"]),
        (CREATE, {"name": "New", "origins": ["https://a.example"] * 101}, ["input", "origins"]),
        (KEY, {"partnerId": "x", "kind": "SECRET"}, ["partnerId"]),
        (KEY, {"kind": "SECRET", "scopes": []}, ["input", "scopes"]),
        (KEY, {"kind": "PUBLIC", "scopes": ["WEBHOOKS"]}, ["input", "scopes"]),
        (KEY, {"kind": "SECRET", "expiresAt": "2020-01-01T00:00:00Z"}, ["input", "expiresAt"]),
        (KEY, {"kind": "SECRET", "expiresAt": "2030-01-01T00:00:00"}, ["input", "expiresAt"]),
        (KEY, {"kind": "SECRET", "points": 5}, ["input", "points"]),
        (KEY, {"kind": "SECRET", "points": -1, "restoredPerS": 1}, ["input", "points"]),
        (KEY, {"kind": "SECRET", "apiVersion": "1"}, ["input", "apiVersion"]),
        (ROTATE, {"keyId": "x"}, ["keyId"]),
        (ROTATE, {"overlapHours": -1}, ["input", "overlapHours"]),
        (ROTATE, {"overlapHours": 2_147_483_647}, ["input", "overlapHours"]),
        (REVOKE, {"keyId": global_id("Partner", new_id())}, ["keyId"]),
    ],
)
async def test_bad_input_is_told_and_changes_nothing(
    client: Client,
    administrator: str,
    owner: asyncpg.Connection,
    query: str,
    given: dict[str, Any],
    path: list[str],
) -> None:
    partner_id = await owner.fetchval("SELECT id FROM partners")
    key_id = await owner.fetchval("SELECT id FROM partner_keys WHERE kind = 'SECRET'")
    ids = {"partnerId": global_id("Partner", str(partner_id))} if query == KEY else {}
    if query in {ROTATE, REVOKE}:
        ids = {"keyId": global_id("PartnerKey", str(key_id))}
    state = "SELECT string_agg(x::text, '') FROM (TABLE partners) x"
    keys = "SELECT string_agg(x::text, '' ORDER BY id) FROM (TABLE partner_keys) x"
    before = (await owner.fetchval(state), await owner.fetchval(keys))
    refused = await _one(client, query, administrator, **{**ids, **given})
    assert [each["__typename"] for each in refused.pop("errors")] == ["InvalidInput"]
    assert set(refused.values()) == {None}
    assert (await owner.fetchval(state), await owner.fetchval(keys)) == before
    again = await client.data(query, {"input": {**ids, **given}}, authorization=administrator)
    (payload,) = again.values()
    assert payload["errors"][0]["path"] == path


async def test_what_is_not_there_is_said_to_be_missing(client: Client, administrator: str) -> None:
    missing = global_id("PartnerKey", new_id())
    for query in (ROTATE, REVOKE):
        refused = await _one(client, query, administrator, keyId=missing)
        assert refused["errors"][0]["__typename"] == "NotThere"


async def test_an_administrator_who_left_keeps_no_partners(
    client: Client, administrator: str, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE staff SET active = false WHERE subject = $1", ADMINISTRATOR)
    refused = await _one(client, CREATE, administrator, name="Clinic")
    assert refused["errors"][0]["__typename"] == "NotAllowed"
    assert await client.code(LIST, {}, authorization=administrator) == "FORBIDDEN"
    assert await owner.fetchval("SELECT count(*) FROM partners") == 1
