"""Hostile values in every text, number and id that the review and feedback take.

A case is made for each such place by reading the schema, so that a new one is tried too.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLScalarType,
    get_named_type,
    is_non_null_type,
)
from graphql.type import GraphQLNonNull
from sqlalchemy import text

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.graphql.relay import global_id
from navis_api.graphql.schema import schema
from tests.graphql.reviewing import Reviewing, mutation
from tests.graphql.staff_operations import OPERATIONS
from tests.review.world import ABLATION, ADMINISTRATOR, EDITOR, LIVER_REVIEWER, Given

TEXTS = ("a\0b", "a\ud800b", "x" * 1_000_000, "\u202e" * 3, "'; DROP TABLE answers; --")
NUMBERS = (-1, -(2**31), 2**31 - 1, 2**31, 2**40)
IDS = ("", "a\0b", "a\ud800b", "x" * 1_000_000, "QW5zd2VyOg==", "QW5zd2VyOng=")
MOMENTS = ("", "yesterday", "2026-13-45T00:00:00Z", "2026-11-22T00:00:00", "x" * 1_000_000)

NAMES = sorted(name.removeprefix("Mutation.") for name in OPERATIONS if "Mutation." in name)
ACTORS = {
    "publishAnswer": EDITOR,
    "cancelScheduledPublication": EDITOR,
    "retractAnswer": EDITOR,
    "saveStaffMember": ADMINISTRATOR,
    "setReviewPeriod": ADMINISTRATOR,
    "createPartner": ADMINISTRATOR,
    "updatePartner": ADMINISTRATOR,
    "createPartnerKey": ADMINISTRATOR,
    "rotatePartnerKey": ADMINISTRATOR,
    "revokePartnerKey": ADMINISTRATOR,
    "createWebhookEndpoint": ADMINISTRATOR,
    "updateWebhookEndpoint": ADMINISTRATOR,
    "rotateWebhookSecret": ADMINISTRATOR,
    "removeWebhookEndpoint": ADMINISTRATOR,
    "redeliverWebhook": ADMINISTRATOR,
}
Path = tuple[str | int, ...]


def input_of(name: str) -> GraphQLInputObjectType:
    field = schema().core.mutation_type.fields[name]  # type: ignore[union-attr]
    found = get_named_type(field.args["input"].type)
    assert isinstance(found, GraphQLInputObjectType)
    return found


def places(type_: GraphQLInputType, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield where in an input a scalar stands, and which scalar."""
    if isinstance(type_, GraphQLNonNull):
        yield from places(type_.of_type, path)
    elif isinstance(type_, GraphQLList):
        yield from places(type_.of_type, (*path, 0))
    elif isinstance(type_, GraphQLInputObjectType):
        for name, field in type_.fields.items():
            yield from places(field.type, (*path, name))
    elif isinstance(type_, GraphQLScalarType) and type_.name != "Boolean":
        yield path, type_.name


def sample(type_: GraphQLInputType, path: Path, given: Given) -> Any:
    """Return a value that is well-formed, with all on the way to a place and all required."""
    if isinstance(type_, GraphQLNonNull):
        return sample(type_.of_type, path, given)
    if isinstance(type_, GraphQLList):
        return [sample(type_.of_type, path[1:], given)]
    if isinstance(type_, GraphQLInputObjectType):
        return {
            name: sample(field.type, path[1:] if path[:1] == (name,) else (), given)
            for name, field in type_.fields.items()
            if path[:1] == (name,) or is_non_null_type(field.type)
        }
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    assert isinstance(type_, GraphQLScalarType)
    return {
        "ID": global_id("Answer", given.answer_id),
        "Int": 0,
        "String": ABLATION,
        "Boolean": True,
        "DateTime": "2026-11-22T00:00:00Z",
    }[type_.name]


def cases() -> list[Any]:
    values = {"String": TEXTS, "Int": NUMBERS, "ID": IDS, "DateTime": MOMENTS}
    return [
        pytest.param(name, path, values[scalar], id=f"{name}-{'.'.join(map(str, path))}")
        for name in NAMES
        for path, scalar in places(input_of(name))
    ]


def put(where: Any, path: Path, value: object) -> None:
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value


async def rows(database: Database) -> list[int]:
    """Count what there is, and how often it changed."""
    counted = (
        "SELECT (SELECT sum(lock_version) FROM answer_revisions),"
        " (SELECT count(*) FROM answer_revisions), (SELECT count(*) FROM claim_comments),"
        " (SELECT count(*) FROM answer_feedback), (SELECT count(*) FROM review_periods),"
        " (SELECT count(*) FROM staff), (SELECT count(*) FROM review_decisions),"
        " (SELECT count(*) FROM partners), (SELECT count(*) FROM partner_keys),"
        " (SELECT count(*) FROM webhook_endpoints)"
    )
    async with database.reading(SYSTEM_ROWS) as session:
        return [int(each or 0) for each in (await session.execute(text(counted))).one()]


@pytest.mark.parametrize(("name", "path", "values"), cases())
async def test_a_hostile_value_is_refused_or_kept_as_it_is(
    reviewing: Reviewing, database: Database, name: str, path: Path, values: tuple[Any, ...]
) -> None:
    given = await reviewing.world.given()
    usual = sample(input_of(name), path, given)
    for key, value in (("revision", 1), ("expectedVersion", given.version)):
        if key in usual:
            usual[key] = value
    actor = ACTORS.get(name, LIVER_REVIEWER)
    for value in values:
        before = await rows(database)
        variables = {"input": deepcopy(usual)}
        put(variables["input"], path, value)
        response = await reviewing.client.http.post(
            reviewing.client.url,
            # With escapes: half of a surrogate pair has no bytes.
            content=json.dumps({"query": mutation(name), "variables": variables}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": reviewing.header(actor) or "",
            },
        )
        result = response.json()
        codes = {error["extensions"]["code"] for error in result.get("errors", ())}
        assert response.status_code in {200, 413}, value[:40]
        assert codes <= {"BAD_USER_INPUT", "PAYLOAD_TOO_LARGE"}, (codes, str(value)[:40])
        errors = codes or (result["data"] or {}).get(name, {}).get("errors")
        if errors:
            assert await rows(database) == before, str(value)[:40]
            assert len(response.content) < 20_000
        else:
            # What is merely odd is kept; it has to be short and within its range.
            assert value in TEXTS[3:] or value in NUMBERS[:3], str(value)[:40]


QUERIES = {
    "webhookDeliveries endpointId": (
        "ID",
        "query ($v: ID!) { webhookDeliveries(endpointId: $v) { nodes { id } } }",
    ),
    "webhookDeliveries after": (
        "String",
        (
            "query ($v: String, $id: ID!)"
            " { webhookDeliveries(endpointId: $id, after: $v) { nodes { id } } }"
        ),
    ),
    "webhookDeliveries first": (
        "Int",
        (
            "query ($v: Int, $id: ID!)"
            " { webhookDeliveries(endpointId: $id, first: $v) { nodes { id } } }"
        ),
    ),
    "reviewQueue first": ("Int", "query ($v: Int) { reviewQueue(first: $v) { totalCount } }"),
    "reviewQueue after": ("String", "query ($v: String) { reviewQueue(after: $v) { totalCount } }"),
    "reviewQueue cancer": (
        "String",
        "query ($v: String) { reviewQueue(cancer: $v) { totalCount } }",
    ),
    "openFeedback after": (
        "String",
        "query ($v: String) { openFeedback(after: $v) { nodes { id } } }",
    ),
    "openFeedback first": ("Int", "query ($v: Int) { openFeedback(first: $v) { nodes { id } } }"),
    "answerRevision id": (
        "ID",
        "query ($v: ID!) { answerRevision(answerId: $v, revision: 1) { title } }",
    ),
    "answerRevision revision": (
        "Int",
        "query ($v: Int!, $id: ID!) { answerRevision(answerId: $id, revision: $v) { title } }",
    ),
    "answerDifference before": (
        "Int",
        (
            "query ($v: Int!, $id: ID!) {"
            " answerDifference(answerId: $id, before: $v, after: 1) { isEmpty } }"
        ),
    ),
    "answerDifference after": (
        "Int",
        (
            "query ($v: Int!, $id: ID!) {"
            " answerDifference(answerId: $id, before: 1, after: $v) { isEmpty } }"
        ),
    ),
    "answerDifference id": (
        "ID",
        "query ($v: ID!) { answerDifference(answerId: $v, before: 1, after: 1) { isEmpty } }",
    ),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_a_hostile_argument_is_refused_or_finds_nothing(
    reviewing: Reviewing, name: str
) -> None:
    scalar, query = QUERIES[name]
    given = await reviewing.world.given()
    for value in {"String": TEXTS, "Int": NUMBERS, "ID": IDS}[scalar]:
        variables = {"v": value}
        if "$id" in query:
            variables["id"] = global_id("Answer", given.answer_id)
        response = await reviewing.client.http.post(
            reviewing.client.url,
            content=json.dumps({"query": query, "variables": variables}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": reviewing.header(LIVER_REVIEWER) or "",
            },
        )
        result = response.json()
        codes = {error["extensions"]["code"] for error in result.get("errors", ())}
        assert codes <= {"BAD_USER_INPUT", "UNKNOWN_CANCER"}, (codes, str(value)[:40])
        assert codes or list(result["data"].values()) == [None]
