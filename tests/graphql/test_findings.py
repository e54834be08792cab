"""Findings as a patient's app sees them: told apart, decided on, and refused with a place."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.records.extraction.findings import FindingOrigin
from tests.graphql.client import Client
from tests.graphql.world import ASKER, OTHER
from tests.records.readers import DENIED, DRUG, MARKER, READ, STAGE, finding_of
from tests.records.world import RecordWorld, content

OWNERS_VIEWER = Viewer(ViewerKind.PATIENT, ASKER)

SHOW = """query ($id: ID!) { node(id: $id) { ... on Record { failure findings {
  id kind name value unit assertion temporality treatmentStatus page start end quote origin
  confidence status correction { value unit observedOn assertion treatmentStatus }
} } } }"""
DECIDE = """mutation ($findings: [FindingDecisionInput!]!) {
  confirmFindings(input: {findings: $findings}) {
    findings { id status value correction { value observedOn } }
    errors { __typename ... on UserError { message path } }
  }
}"""


@pytest.fixture
def records(database: Database, tmp_path: Path) -> RecordWorld:
    """The place that the endpoint keeps records in too."""
    return RecordWorld(database, tmp_path)


@pytest.fixture
async def record_id(records: RecordWorld) -> UUID:
    return await records.read(content(10), *READ, viewer=OWNERS_VIEWER)


async def shown(client: Client, record_id: UUID, token: str) -> list[dict[str, Any]]:
    found = await client.data(SHOW, {"id": global_id("Record", record_id)}, authorization=token)
    return found["node"]["findings"]


async def test_findings_are_shown_as_they_were_read(
    client: Client, record_id: UUID, tokens: dict[str, str]
) -> None:
    stage, marker, drug, denied = await shown(client, record_id, tokens["asker"])
    assert {**stage, "id": ""} == {
        "id": "",
        "kind": "STAGE_GROUP",
        "name": STAGE.name,
        "value": "IIIC",
        "unit": None,
        "assertion": "PRESENT",
        "temporality": "CURRENT",
        "treatmentStatus": None,
        "page": 1,
        "start": STAGE.start,
        "end": STAGE.end,
        "quote": STAGE.quote,
        "origin": "READER",
        "confidence": STAGE.confidence,
        "status": "EXTRACTED",
        "correction": None,
    }
    assert (marker["value"], marker["unit"]) == (MARKER.value, MARKER.unit)
    assert (drug["name"], drug["treatmentStatus"]) == (DRUG.name, "CURRENT")
    assert (denied["quote"], denied["assertion"]) == (DENIED.quote, "ABSENT")


async def test_what_a_model_proposed_is_told_apart(
    client: Client, records: RecordWorld, tokens: dict[str, str]
) -> None:
    proposed = replace(MARKER, origin=FindingOrigin.MODEL, confidence=0.3)
    record_id = await records.read(content(10), STAGE, proposed, viewer=OWNERS_VIEWER)
    found = await shown(client, record_id, tokens["asker"])
    assert [each["origin"] for each in found] == ["READER", "MODEL"]


async def test_decisions_show_at_once(
    client: Client, record_id: UUID, tokens: dict[str, str]
) -> None:
    stage, marker, drug, denied = await shown(client, record_id, tokens["asker"])
    decisions = [
        {"id": stage["id"], "decision": "CONFIRM"},
        {
            "id": marker["id"],
            "decision": "CORRECT",
            "correction": {"value": "41.2", "observedOn": "2026-03-01"},
        },
        {"id": drug["id"], "decision": "REJECT"},
    ]
    for _ in range(2):
        done = await client.data(DECIDE, {"findings": decisions}, authorization=tokens["asker"])
        assert done["confirmFindings"] == {
            "findings": [
                {"id": stage["id"], "status": "CONFIRMED", "value": "IIIC", "correction": None},
                {
                    "id": marker["id"],
                    "status": "CORRECTED",
                    "value": "412",
                    "correction": {"value": "41.2", "observedOn": "2026-03-01"},
                },
                {"id": drug["id"], "status": "REJECTED", "value": None, "correction": None},
            ],
            "errors": [],
        }
    now = await shown(client, record_id, tokens["asker"])
    assert [each["status"] for each in now] == ["CONFIRMED", "CORRECTED", "REJECTED", "EXTRACTED"]
    assert now[3]["id"] == denied["id"]


async def test_what_stands_in_the_way_is_said_with_its_place(
    client: Client,
    records: RecordWorld,
    owner: asyncpg.Connection,
    record_id: UUID,
    tokens: dict[str, str],
) -> None:
    before = await shown(client, record_id, tokens["asker"])
    read_id = await records.read(content(10), DRUG, viewer=Viewer(ViewerKind.PATIENT, OTHER))
    theirs = await finding_of(owner, read_id)
    good = {"id": before[0]["id"], "decision": "CONFIRM"}
    marker = {"id": before[1]["id"], "decision": "CORRECT"}
    cases: list[tuple[dict[str, Any], str, list[str]]] = [
        ({"id": global_id("Finding", theirs), "decision": "CONFIRM"}, "UnknownFinding", ["id"]),
        ({"id": global_id("Record", record_id), "decision": "CONFIRM"}, "InvalidInput", ["id"]),
        ({"id": "nonsense", "decision": "CONFIRM"}, "InvalidInput", ["id"]),
        (marker, "InvalidInput", ["correction"]),
        ({**marker, "correction": {}}, "InvalidInput", ["correction"]),
        ({**marker, "correction": {"value": " "}}, "InvalidInput", ["correction", "value"]),
    ]
    for second, error, place in cases:
        result = await client.data(
            DECIDE, {"findings": [good, second]}, authorization=tokens["asker"]
        )
        payload = result["confirmFindings"]
        assert payload["findings"] == []
        (told,) = payload["errors"]
        assert told["__typename"] == error
        assert told["path"] == ["input", "findings", "1", *place]
    assert await shown(client, record_id, tokens["asker"]) == before


async def test_the_findings_of_many_records_are_read_together(
    client: Client,
    records: RecordWorld,
    owner: asyncpg.Connection,
    record_id: UUID,
    tokens: dict[str, str],
) -> None:
    for _ in range(3):
        await records.read(content(10), STAGE, viewer=OWNERS_VIEWER)
    found = await client.data(
        "{ records { nodes { findings { quote } } } }", authorization=tokens["asker"]
    )
    assert sorted(len(node["findings"]) for node in found["records"]["nodes"]) == [1, 1, 1, 4]
    noted = await owner.fetch("SELECT detail FROM audit_events WHERE action = 'finding.list'")
    assert len(noted) == 1
    assert str(record_id) in str(noted[0])


async def test_a_deleted_record_shows_no_findings(
    client: Client, record_id: UUID, tokens: dict[str, str]
) -> None:
    (first, *_) = await shown(client, record_id, tokens["asker"])
    done = await client.data(
        "mutation ($id: ID!) { deleteRecord(input: {recordId: $id}) {"
        " record { state findings { id } } } }",
        {"id": global_id("Record", record_id)},
        authorization=tokens["asker"],
    )
    assert done["deleteRecord"]["record"] == {"state": "DELETED", "findings": []}
    gone = await client.data(
        "query ($id: ID!) { node(id: $id) { id } }",
        {"id": first["id"]},
        authorization=tokens["asker"],
    )
    assert gone == {"node": None}


async def test_why_a_file_cannot_be_read_is_said(
    client: Client, records: RecordWorld, owner: asyncpg.Connection, tokens: dict[str, str]
) -> None:
    record_id = await records.scanned(content(10), OWNERS_VIEWER)
    await owner.execute("UPDATE records SET state = 'FAILED', failure = 'ENCRYPTED'")
    for language, begins in (("en", "The PDF is protected"), ("es", "El PDF está protegido")):
        response = await client.send(
            SHOW,
            {"id": global_id("Record", record_id)},
            authorization=tokens["asker"],
            accept_language=language,
        )
        assert response.json()["data"]["node"]["failure"].startswith(begins)
