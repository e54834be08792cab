"""`navis-api keys`, as it is typed."""

import json
from pathlib import Path

from navis_api.db.sessions import Database
from navis_api.records.views import filename_of
from tests.cli.typing_commands import typed
from tests.flows.processes import environment
from tests.records.world import OTHER, RecordWorld, content, file_of


async def test_a_new_master_key_opens_what_was_sealed_and_the_former_one_is_gone(
    tmp_path: Path, database_url: str, database: Database
) -> None:
    world = RecordWorld(database, tmp_path / "data")
    record_id = await world.uploaded(content(100))
    await world.announce(file_of(content(10)), OTHER)
    path = tmp_path / "data" / "keys" / "master.json"
    before = json.loads(path.read_text())["primaryKeyId"]

    rotated = typed(
        ["keys", "rotate"], environment(tmp_path / "data", NAVIS_DATABASE_URL=database_url)
    )

    assert rotated.stdout == "2 keys are wrapped with a new master key.\n", rotated.stderr
    after = json.loads(path.read_text())
    assert len(after["key"]) == 1
    assert after["primaryKeyId"] != before
    row = await world.row(record_id)
    assert filename_of(row, await world.storage.keys.open(row.patient_id)) == "Befund März.pdf"
