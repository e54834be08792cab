"""What answers before the router."""

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from navis_api.web.ahead import Ahead


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        ({"type": "http", "path": "/here"}, "ahead"),
        ({"type": "http", "path": "/here/"}, "router"),
        ({"type": "http", "path": "/here/below"}, "router"),
        ({"type": "websocket", "path": "/here"}, "router"),
        ({"type": "lifespan"}, "router"),
    ],
)
async def test_http_requests_to_exactly_a_path_go_ahead(scope: Scope, asked: str) -> None:
    heard: list[str] = []

    def app(name: str) -> ASGIApp:
        async def answer(_scope: Scope, _receive: Receive, _send: Send) -> None:
            heard.append(name)

        return answer

    async def unused(*_: object) -> dict[str, object]:
        raise AssertionError

    await Ahead(app("router"), {"/here": app("ahead")})(scope, unused, unused)  # pyright: ignore[reportArgumentType] - neither is called
    assert heard == [asked]
