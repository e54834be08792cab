"""Who gets an export and a file over HTTP, and in what they are wrapped."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.personal_data.exporting.errors import ExportCut
from navis_api.records.sealing.errors import StorageUnavailable
from tests.fhir import checked, of_type
from tests.records.readers import STAGE
from tests.records.world import PART, RecordWorld, content
from tests.waiting import PATIENCE_S
from tests.web.exporting.conftest import ASKER, OTHER, SITE

OWNER = Viewer(ViewerKind.PATIENT, ASKER)
SENT = content(2 * PART + 5)
NAME = 'Befund März “2”; x="1".pdf'
ACTS = "SELECT count(*) FROM audit_events WHERE action IN ('patient.export', 'record.download')"

# Everybody but patients, and what they are told.
REFUSED = {
    "anonymous": (401, "UNAUTHENTICATED"),
    "expired": (401, "UNAUTHENTICATED"),
    "forged": (401, "UNAUTHENTICATED"),
    "no token": (401, "UNAUTHENTICATED"),
    "basic": (401, "UNAUTHENTICATED"),
    "reviewer": (403, "FORBIDDEN"),
    "editor": (403, "FORBIDDEN"),
    "administrator": (403, "FORBIDDEN"),
    "partner": (403, "FORBIDDEN"),
    "namesake reviewer": (403, "FORBIDDEN"),
    "namesake administrator": (403, "FORBIDDEN"),
    "namesake partner": (403, "FORBIDDEN"),
    "public key": (403, "FORBIDDEN"),
    "secret key": (403, "FORBIDDEN"),
}


@pytest.fixture
async def record_id(world: RecordWorld) -> UUID:
    """A record of the asker's; the other patient has one of their own."""
    await world.read(content(10), viewer=Viewer(ViewerKind.PATIENT, OTHER))
    return await world.read(SENT, STAGE, viewer=OWNER, filename=NAME)


def signed_in(tokens: dict[str, str], viewer: str) -> dict[str, str]:
    return {"Authorization": tokens[viewer]} if viewer in tokens else {}


def test_everybody_is_in_the_table(tokens: dict[str, str]) -> None:
    assert set(tokens) | {"anonymous"} == set(REFUSED) | {"asker", "other"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("viewer", REFUSED)
async def test_nobody_but_patients_gets_anything(
    http: httpx.AsyncClient,
    tokens: dict[str, str],
    owner: asyncpg.Connection,
    record_id: UUID,
    viewer: str,
    method: str,
) -> None:
    headers = signed_in(tokens, viewer) | {"Cookie": f"navis_session={tokens['asker'][7:]}"}
    for path in ("/export", "/export?contents=separate", f"/export/records/{record_id}"):
        reply = await http.request(method, path, headers=headers)
        status, code = REFUSED[viewer]
        assert reply.status_code == status
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.headers["Cache-Control"] == "no-store"
        assert ("WWW-Authenticate" in reply.headers) is (status == 401)
        if method == "GET":
            assert reply.json()["code"] == code
    assert await owner.fetchval(ACTS) == 0


async def test_a_patient_gets_their_own(
    http: httpx.AsyncClient, tokens: dict[str, str], owner: asyncpg.Connection, record_id: UUID
) -> None:
    for viewer, is_theirs in (("asker", True), ("other", False)):
        reply = await http.get("/export", headers=signed_in(tokens, viewer))
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == "application/fhir+json"
        assert reply.headers["Content-Disposition"] == 'attachment; filename="navis-export.json"'
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Length" not in reply.headers
        found = checked(reply.content)
        assert len(of_type(found, "DocumentReference")) == 1
        assert (str(record_id) in reply.text) is is_theirs
        assert (STAGE.quote in reply.text) is is_theirs
    assert await owner.fetchval(ACTS) == 2


async def test_a_file_is_its_patients_alone(
    http: httpx.AsyncClient, tokens: dict[str, str], owner: asyncpg.Connection, record_id: UUID
) -> None:
    path = f"/export/records/{record_id}"
    theirs = await http.get(path, headers=signed_in(tokens, "other"))
    unknown = await http.get(f"/export/records/{uuid4()}", headers=signed_in(tokens, "other"))
    assert theirs.status_code == unknown.status_code == 404
    # Nothing tells that there is such a record.
    assert theirs.content == unknown.content
    assert await owner.fetchval(ACTS) == 0
    reply = await http.get(path, headers=signed_in(tokens, "asker"))
    assert reply.status_code == 200
    assert reply.content == SENT
    assert reply.headers["Content-Length"] == str(len(SENT))
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Disposition"] == (
        'attachment; filename="Befund M_rz _2__ x__1_.pdf";'
        " filename*=UTF-8''Befund%20M%C3%A4rz%20%E2%80%9C2%E2%80%9D%3B%20x%3D%221%22.pdf"
    )
    assert await owner.fetchval(ACTS) == 1


async def test_separate_files_are_where_it_says(
    http: httpx.AsyncClient, tokens: dict[str, str], record_id: UUID
) -> None:
    headers = signed_in(tokens, "asker")
    reply = await http.get("/export", params={"contents": "separate"}, headers=headers)
    (document,) = of_type(checked(reply.content), "DocumentReference")
    address = document["content"][0]["attachment"]["url"]
    assert address == f"{SITE}/export/records/{record_id}"
    file = await http.get(address.removeprefix(SITE), headers=headers)
    assert file.content == SENT


@pytest.mark.parametrize(
    "path",
    [
        "/export?contents=",
        "/export?contents=both",
        "/export?contents=INLINE",
        "/export?contents=%00%ff",
        "/export/records/none",
        "/export/records/%00",
        "/export/records/..%2f..%2fkeys",
        f"/export/records/{'9' * 5000}",
    ],
)
async def test_what_is_no_export_changes_nothing(
    http: httpx.AsyncClient, tokens: dict[str, str], owner: asyncpg.Connection, path: str
) -> None:
    reply = await http.get(path, headers=signed_in(tokens, "asker"))
    assert reply.status_code in {400, 404}
    assert await owner.fetchval(ACTS) == 0


async def test_a_head_exports_nothing(
    http: httpx.AsyncClient, tokens: dict[str, str], owner: asyncpg.Connection, record_id: UUID
) -> None:
    headers = signed_in(tokens, "asker")
    assert (await http.head("/export", headers=headers)).status_code == 200
    assert (await http.head(f"/export/records/{record_id}", headers=headers)).status_code == 405
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await http.request(method, "/export", headers=headers)).status_code == 405
    assert await owner.fetchval(ACTS) == 0


async def test_a_file_that_is_damaged_is_said_to_be_missing(
    http: httpx.AsyncClient, tokens: dict[str, str], world: RecordWorld, record_id: UUID
) -> None:
    for path in (world.folder / "objects").rglob(f"{record_id}/*"):
        path.unlink()
    reply = await http.get(f"/export/records/{record_id}", headers=signed_in(tokens, "asker"))
    assert reply.status_code == 404
    assert reply.json()["code"] == "NOT_FOUND"
    assert NAME not in reply.text


async def test_a_storage_that_is_away_is_said_before_a_file_begins_and_cuts_it_later(
    http: httpx.AsyncClient,
    tokens: dict[str, str],
    world: RecordWorld,
    record_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get = world.storage.objects.get
    left = 0

    async def away(key: str) -> bytes:
        nonlocal left
        if left == 0:
            raise StorageUnavailable
        left -= 1
        return await get(key)

    monkeypatch.setattr(world.storage.objects, "get", away)
    path, headers = f"/export/records/{record_id}", signed_in(tokens, "asker")
    reply = await http.get(path, headers=headers)
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    left = 2
    with pytest.raises(ExportCut):
        await http.get(path, headers=headers)
    # Whatever became of them, their places are free again.
    left = 100
    for _ in range(3):
        assert (await http.get(path, headers=headers)).content == SENT


async def test_so_many_run_at_a_time_and_one_patient_takes_no_place_from_others(
    http: httpx.AsyncClient,
    tokens: dict[str, str],
    world: RecordWorld,
    record_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get = world.storage.objects.get
    waiting, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def held(key: str) -> bytes:
        waiting.release()
        await go_on.wait()
        return await get(key)

    monkeypatch.setattr(world.storage.objects, "get", held)

    async def begin(viewer: str) -> asyncio.Task[httpx.Response]:
        begun = asyncio.create_task(http.get("/export", headers=signed_in(tokens, viewer)))
        await asyncio.wait_for(waiting.acquire(), PATIENCE_S)
        return begun

    running = [await begin("asker"), await begin("asker")]
    refused = await http.get("/export", headers=signed_in(tokens, "asker"))
    assert refused.status_code == 429
    assert refused.json()["code"] == "RATE_LIMITED"
    running.append(await begin("other"))
    refused = await http.get("/export", headers=signed_in(tokens, "other"))
    assert refused.status_code == 503
    path = f"/export/records/{record_id}"
    assert (await http.get(path, headers=signed_in(tokens, "asker"))).status_code == 429
    go_on.set()
    replies: list[Any] = await asyncio.gather(*running)
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert (await http.get("/export", headers=signed_in(tokens, "asker"))).status_code == 200
