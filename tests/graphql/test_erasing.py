"""`eraseMyData`: confirmed to the letter, and a receipt for whoever has its id."""

from pathlib import Path

import asyncpg
import pytest
from joserfc.jwk import ECKey

from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.kit.ids import new_id
from tests.graphql.client import Client
from tests.graphql.conftest import authorization
from tests.graphql.world import ASKER
from tests.personal_data.looking import everything, mentions
from tests.records.readers import READ
from tests.records.world import RecordWorld, content

ERASE = """mutation ($said: String!) { eraseMyData(input: {confirmation: $said}) {
    receipt { id erasedAt removed { kind count } keyDestroyedAt objectsRemovedAt }
    errors { __typename ... on UserError { message path } } } }"""
READ_AGAIN = """query ($id: ID!) { node(id: $id) { ... on ErasureReceipt {
    id erasedAt removed { kind count } keyDestroyedAt objectsRemovedAt } } }"""
CONFIRMED = {"said": "ERASE MY DATA"}
PATIENT = Viewer(ViewerKind.PATIENT, ASKER)


@pytest.fixture
def records(database: Database, tmp_path: Path) -> RecordWorld:
    """The place that the endpoint keeps records in too."""
    return RecordWorld(database, tmp_path)


@pytest.fixture
def patient(signing_key: ECKey) -> str:
    return authorization(signing_key, "patient", ASKER)


async def test_everything_is_gone_and_the_receipt_can_be_read_again(
    client: Client, records: RecordWorld, owner: asyncpg.Connection, patient: str
) -> None:
    await records.read(content(100), *READ, viewer=PATIENT)
    assert await mentions(owner, [ASKER])
    result = await client.run(ERASE, CONFIRMED, authorization=patient)
    payload = result["data"]["eraseMyData"]
    assert payload["errors"] == []
    receipt = payload["receipt"]
    counts = {each["kind"]: each["count"] for each in receipt["removed"]}
    assert counts["records"] == 1
    assert counts["findings"] == len(READ)
    # The question of the little world that this patient alone has asked.
    assert counts["questions"] == 1
    assert receipt["keyDestroyedAt"] is not None
    assert receipt["objectsRemovedAt"] is not None
    assert await mentions(owner, [ASKER]) == set()
    assert await records.objects() == []
    for viewer in (patient, None):
        again = await client.run(READ_AGAIN, {"id": receipt["id"]}, authorization=viewer)
        assert again["data"]["node"] == receipt


@pytest.mark.parametrize(
    "said", ["", "yes", "erase my data", "ERASE MY DATA ", "ERASE\u00a0MY DATA"]
)
async def test_without_the_very_words_nothing_is_changed(
    client: Client, records: RecordWorld, owner: asyncpg.Connection, patient: str, said: str
) -> None:
    await records.uploaded(content(10), PATIENT)
    before, objects = await everything(owner), await records.objects()
    result = await client.run(ERASE, {"said": said}, authorization=patient)
    payload = result["data"]["eraseMyData"]
    assert payload["receipt"] is None
    (error,) = payload["errors"]
    assert error["__typename"] == "InvalidInput"
    assert "ERASE MY DATA" in error["message"]
    assert error["path"] == ["input", "confirmation"]
    assert await everything(owner) == before
    assert await records.objects() == objects


async def test_there_is_no_receipt_under_another_id(client: Client, patient: str) -> None:
    await client.run(ERASE, CONFIRMED, authorization=patient)
    wrong = global_id("ErasureReceipt", new_id())
    result = await client.run(READ_AGAIN, {"id": wrong}, authorization=patient)
    assert result == {"data": {"node": None}} | {
        key: value for key, value in result.items() if key != "data"
    }
    assert "errors" not in result


async def test_while_the_storage_is_away_the_receipt_says_what_is_not_done_yet(
    client: Client, records: RecordWorld, owner: asyncpg.Connection, patient: str
) -> None:
    await records.uploaded(content(10), PATIENT)
    folder = records.folder / "record-keys"
    away = folder.rename(folder.with_name("away"))
    folder.write_text("no folder")
    result = await client.run(ERASE, CONFIRMED, authorization=patient)
    receipt = result["data"]["eraseMyData"]["receipt"]
    assert receipt["keyDestroyedAt"] is None
    assert receipt["objectsRemovedAt"] is None
    assert await mentions(owner, [ASKER]) == set()
    assert await owner.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'finish-erasure'")
    del away
