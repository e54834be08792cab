"""`viewer.exportUrl`: for patients, and null for everybody else."""

from tests.graphql.client import Client

ASK = "{ viewer { exportUrl } }"
PATIENTS = {"asker", "other"}
STAFF = {"reviewer", "editor", "administrator"}


async def test_patients_are_told_where_their_export_is(
    client: Client, tokens: dict[str, str]
) -> None:
    for viewer in PATIENTS:
        shown = await client.run(ASK, authorization=tokens[viewer])
        assert shown["data"]["viewer"]["exportUrl"] == "http://127.0.0.1:8000/export"


async def test_nobody_else_is(client: Client, tokens: dict[str, str]) -> None:
    for viewer in (*STAFF, "partner", "public key", "secret key", "anonymous"):
        shown = await client.run(ASK, authorization=tokens.get(viewer))
        assert shown["data"]["viewer"]["exportUrl"] is None, viewer
