"""What `/ready` says, and whom it keeps from being sent requests."""

import httpx
from starlette.applications import Starlette

from navis_api.kit.draining import Draining
from navis_api.web.health import health_routes


class Part:
    """A part that may be away."""

    def __init__(self) -> None:
        self.away = False

    async def check(self) -> None:
        if self.away:
            raise OSError


async def ready(database: Part, objects: Part, *times: str) -> list[tuple[int, str]]:
    """What is said each time, with objects away or there."""
    routes = health_routes(
        {"database": database.check}, {"objects": objects.check}, draining=Draining()
    )
    transport = httpx.ASGITransport(Starlette(routes=routes))
    said: list[tuple[int, str]] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for how in times:
            objects.away = how == "away"
            reply = await client.get("/ready")
            said.append((reply.status_code, reply.json()["status"]))
            assert reply.json()["checks"]["objects"] == ("failed" if objects.away else "ok")
    return said


async def test_what_never_answered_keeps_a_process_back() -> None:
    assert await ready(Part(), Part(), "away", "there") == [(503, "failed"), (200, "ok")]


async def test_what_is_away_for_all_alike_takes_nothing_else_away() -> None:
    assert await ready(Part(), Part(), "there", "away", "there") == [
        (200, "ok"),
        (200, "degraded"),
        (200, "ok"),
    ]


async def test_without_its_database_no_process_is_ready() -> None:
    database = Part()
    database.away = True
    assert await ready(database, Part(), "there") == [(503, "failed")]
