"""Profiles as a patient's app sees them, and as nobody else does."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.db.sessions import Database
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.extraction.findings import Finding, FindingKind
from tests.graphql.client import Client
from tests.graphql.conftest import authorization
from tests.graphql.world import ASKER, OTHER
from tests.records.readers import DENIED, DRUG, STAGE
from tests.records.world import RecordWorld, content

ME = Viewer(ViewerKind.PATIENT, ASKER)
ER = Finding(FindingKind.TUMOR_MARKER, "ER", "er", "ER 95%", 0.9, value="positive, 95%")
NOT_ER = Finding(FindingKind.TUMOR_MARKER, "ER", "er", "no ER", 0.9, value="negative")
SHOW = """{ viewer { profile {
  facts { kind name value unit assertion temporality treatmentStatus observedOn disputed
    usedForAnswers findings { id quote status } }
  contradictions { kind name reason findings { id quote status } }
} } }"""
DECIDE = """mutation ($findings: [FindingDecisionInput!]!) {
  confirmFindings(input: {findings: $findings}) { errors { __typename } }
}"""


@pytest.fixture
async def records(database: Database, tmp_path: Path) -> RecordWorld:
    """The asker has three records, and the other patient one."""
    world = RecordWorld(database, tmp_path)
    await world.read(content(10), STAGE, ER, viewer=ME)
    await world.read(content(10), NOT_ER, DRUG, viewer=ME)
    await world.read(content(10), DENIED, viewer=ME)
    await world.read(content(10), STAGE, viewer=Viewer(ViewerKind.PATIENT, OTHER))
    return world


@pytest.fixture
async def ids(client: Client, records: RecordWorld, tokens: dict[str, str]) -> dict[str, str]:
    """The ids of the asker's findings, by their words."""
    del records
    found = await client.data(
        "{ records { nodes { findings { id quote } } } }", authorization=tokens["asker"]
    )
    return {
        each["quote"]: each["id"] for node in found["records"]["nodes"] for each in node["findings"]
    }


async def shown(client: Client, token: str) -> dict[str, Any]:
    return (await client.data(SHOW, authorization=token))["viewer"]["profile"]


async def decide(client: Client, token: str, *decisions: dict[str, Any]) -> None:
    done = await client.data(DECIDE, {"findings": list(decisions)}, authorization=token)
    assert done["confirmFindings"]["errors"] == []


async def test_what_is_confirmed_becomes_the_profile(
    client: Client, ids: dict[str, str], tokens: dict[str, str]
) -> None:
    asker = tokens["asker"]
    before = await shown(client, asker)
    assert before["facts"] == []
    assert [each["reason"] for each in before["contradictions"]] == ["DIFFERENT"]
    mine = "IIIB, says my doctor"
    await decide(
        client,
        asker,
        {"id": ids[STAGE.quote], "decision": "CORRECT", "correction": {"value": mine}},
        {"id": ids[ER.quote], "decision": "CONFIRM"},
        {"id": ids[DENIED.quote], "decision": "CONFIRM"},
        {"id": ids[DRUG.quote], "decision": "REJECT"},
    )
    profile = await shown(client, asker)
    facts = {fact["name"]: fact for fact in profile["facts"]}
    assert set(facts) == {STAGE.name, "ER", DENIED.name}
    assert facts[DENIED.name]["assertion"] == "ABSENT"
    stage = facts[STAGE.name]
    assert (stage["value"], stage["usedForAnswers"], stage["disputed"]) == (mine, False, False)
    marker = facts["ER"]
    assert (marker["value"], marker["usedForAnswers"], marker["disputed"]) == (ER.value, True, True)
    assert [each["id"] for each in marker["findings"]] == [ids[ER.quote]]
    (contradiction,) = profile["contradictions"]
    assert (contradiction["kind"], contradiction["name"]) == ("TUMOR_MARKER", "ER")
    assert {each["id"]: each["status"] for each in contradiction["findings"]} == {
        ids[ER.quote]: "CONFIRMED",
        ids[NOT_ER.quote]: "EXTRACTED",
    }
    # The patient resolves it, and nobody else.
    await decide(client, asker, {"id": ids[NOT_ER.quote], "decision": "REJECT"})
    after = await shown(client, asker)
    assert after["contradictions"] == []
    assert not any(fact["disputed"] for fact in after["facts"])


async def test_nobody_else_gets_at_it(
    client: Client,
    ids: dict[str, str],
    owner: asyncpg.Connection,
    tokens: dict[str, str],
    signing_key: ECKey,
) -> None:
    await decide(
        client, tokens["asker"], *({"id": each, "decision": "CONFIRM"} for each in ids.values())
    )
    others = {name: tokens[name] for name in tokens if name not in {"asker", "expired", "forged"}}
    others["namesake"] = authorization(signing_key, "reviewer", ASKER)
    for name, token in others.items():
        profile = await shown(client, token)
        assert profile == ({"facts": [], "contradictions": []} if name == "other" else None), name
    anonymous = await client.data(SHOW)
    assert anonymous["viewer"]["profile"] is None
    for name in ("expired", "forged"):
        assert (await client.send(SHOW, authorization=tokens[name])).status_code == 401
    readers = await owner.fetch(
        "SELECT p.subject FROM audit_events LEFT JOIN patients p ON p.id::text = actor"
        " WHERE action = 'profile.read'"
    )
    assert [row[0] for row in readers] == [OTHER]
