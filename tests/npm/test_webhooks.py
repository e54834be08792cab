"""The JavaScript of docs/partners.md with the official library: it takes our webhooks."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from navis_api.kit.clock import utc_now
from navis_api.partners.webhooks import message
from navis_api.partners.webhooks.secrets import Secret
from tests.conftest import app_database
from tests.graphql.world import World
from tests.npm.packages import FOLDER, require_packages, started
from tests.partners.webhooks.conftest import told, told_url
from tests.partners.webhooks.test_page import shown
from tests.partners.webhooks.world import Hooks
from tests.waiting import PATIENCE_S

__all__ = ["told", "told_url"]

PROGRAM = """
globalThis.remember = (id, event) => console.log(JSON.stringify([id, event.type]));
const { server } = await import("./page.mjs");
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
"""


@pytest.fixture
async def hooks(told_url: str, told: tuple[str, World], tmp_path: Path) -> AsyncIterator[Hooks]:
    database = app_database(told_url)
    yield Hooks(database, told[1], tmp_path)
    await database.close()


async def test_the_official_library_takes_ours_and_nothing_that_was_changed(
    hooks: Hooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_packages()
    hooks.now = utc_now()
    # Its port is known once it runs, and its secret before.
    made = await hooks.endpoint("http://127.0.0.1:1/")
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    (tmp_path / "page.mjs").write_text(shown("js"))
    (tmp_path / "program.mjs").write_text(PROGRAM)
    monkeypatch.setenv("WEBHOOK_SECRET", made.secret)
    async with (
        started(tmp_path / "program.mjs", folder=tmp_path) as process,
        asyncio.timeout(PATIENCE_S),
    ):
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        url = f"http://127.0.0.1:{port}/webhooks"
        await hooks.update(made.endpoint.row.id, url=url)
        await hooks.publish(await hooks.ask())
        await hooks.deliveries().deliver_due()
        assert await hooks.states() == [("DELIVERED", 1)]
        id_, type_ = json.loads(await process.stdout.readline())
        assert re.fullmatch(r"msg_[0-9a-f]{32}", id_)
        assert type_ == "answer.published"

        event, body = uuid4(), b'{"type":"answer.published","timestamp":"","data":{}}'
        secret = Secret(base64.b64decode(made.secret.removeprefix("whsec_")))
        async with httpx.AsyncClient() as client:
            for signed_with, ago, sent, status in (
                (secret, timedelta(0), body, 204),
                (secret, timedelta(0), body + b" ", 400),
                (secret, timedelta(minutes=6), body, 400),
                (secret, timedelta(minutes=-6), body, 400),
                (Secret.new(), timedelta(0), body, 400),
            ):
                headers = message.headers(event, body, [signed_with], now=utc_now() - ago)
                answer = await client.post(url, content=sent, headers=headers)
                assert answer.status_code == status
