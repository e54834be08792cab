"""Consents as a patient's app sees them: shown in the reader's words, given and taken back."""

from typing import Any

import asyncpg
import pytest

from navis_api.kit.languages import Language
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.texts import current_text
from tests.graphql.client import Client

SHOW = "{ viewer { consents { purpose state version title text grantedAt revokedAt } } }"
GRANT = """mutation ($input: GrantConsentInput!) { grantConsent(input: $input) {
  consent { purpose state version grantedVersion grantedAt revokedAt }
  errors { __typename ... on UserError { message path } }
} }"""
REVOKE = """mutation ($input: RevokeConsentInput!) { revokeConsent(input: $input) {
  consent { purpose state grantedAt revokedAt }
  errors { __typename ... on UserError { message path } }
} }"""


async def shown(client: Client, token: str) -> list[dict[str, Any]]:
    return (await client.data(SHOW, authorization=token))["viewer"]["consents"]


async def test_a_consent_is_shown_given_and_taken_back(
    client: Client, tokens: dict[str, str]
) -> None:
    asker = tokens["asker"]
    before = await shown(client, asker)
    assert [each["purpose"] for each in before] == [each.value for each in ConsentPurpose]
    assert {each["state"] for each in before} == {"NOT_GRANTED"}
    given = {"purpose": "PERSONAL_ANSWERS", "version": before[0]["version"]}
    for _ in range(2):
        done = (await client.data(GRANT, {"input": given}, authorization=asker))["grantConsent"]
        assert done["errors"] == []
        assert done["consent"]["state"] == "GRANTED"
        assert done["consent"]["grantedVersion"] == given["version"]
        assert done["consent"]["grantedAt"] is not None
        assert done["consent"]["revokedAt"] is None
    first, *others = [each["state"] for each in await shown(client, asker)]
    assert first == "GRANTED"
    assert set(others) == {"NOT_GRANTED"}
    assert {each["state"] for each in await shown(client, tokens["other"])} == {"NOT_GRANTED"}
    for _ in range(2):
        taken = {"input": {"purpose": "PERSONAL_ANSWERS"}}
        done = (await client.data(REVOKE, taken, authorization=asker))["revokeConsent"]
        assert done["errors"] == []
        assert done["consent"]["state"] == "REVOKED"
        assert done["consent"]["revokedAt"] is not None
    assert (await shown(client, asker))[0]["state"] == "REVOKED"


@pytest.mark.parametrize("language", Language)
async def test_texts_come_in_the_readers_language(
    client: Client, tokens: dict[str, str], language: Language
) -> None:
    response = await client.send(
        SHOW, authorization=tokens["asker"], accept_language=language.value
    )
    for each in response.json()["data"]["viewer"]["consents"]:
        expected = current_text(ConsentPurpose(each["purpose"]), language)
        assert (each["title"], each["text"].split("\n\n")) == (
            expected.title,
            list(expected.paragraphs),
        )


async def test_another_version_is_refused_with_what_to_do(
    client: Client, owner: asyncpg.Connection, tokens: dict[str, str]
) -> None:
    given = {"input": {"purpose": "REVIEW", "version": 7}}
    done = (await client.data(GRANT, given, authorization=tokens["asker"]))["grantConsent"]
    assert done["consent"] is None
    (error,) = done["errors"]
    assert (error["__typename"], error["path"]) == ("ConsentVersionPassed", ["input", "version"])
    assert "viewer.consents" in error["message"]
    assert await owner.fetchval("SELECT count(*) FROM consents") == 0


@pytest.mark.parametrize(
    "given",
    [
        {"purpose": "EVERYTHING", "version": 1},
        {"purpose": "REVIEW", "version": 1.5},
        {"purpose": "REVIEW", "version": 2**40},
        {"purpose": "REVIEW", "version": "1"},
        {"purpose": "REVIEW\0", "version": 1},
        {"version": 1},
    ],
)
async def test_what_is_no_consent_is_refused(
    client: Client, owner: asyncpg.Connection, tokens: dict[str, str], given: dict[str, Any]
) -> None:
    result = await client.run(GRANT, {"input": given}, authorization=tokens["asker"])
    assert "errors" in result
    assert await owner.fetchval("SELECT count(*) FROM consents") == 0


async def test_consents_are_read_given_and_taken_back_on_the_record(
    client: Client, owner: asyncpg.Connection, tokens: dict[str, str]
) -> None:
    for query, given in (
        (SHOW, {}),
        (GRANT, {"input": {"purpose": "REVIEW", "version": 2}}),
        (REVOKE, {"input": {"purpose": "REVIEW"}}),
    ):
        await client.data(query, given, authorization=tokens["asker"])
        await client.data(query, given, authorization=tokens["administrator"])
    rows = await owner.fetch(
        "SELECT action, detail::text FROM audit_events WHERE action LIKE 'consent.%'"
        " ORDER BY sequence"
    )
    assert [row[0] for row in rows] == ["consent.list", "consent.grant", "consent.revoke"]
    assert all("REVIEW" in row[1] for row in rows[1:])
