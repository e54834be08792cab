"""The Python of docs/partners.md, as a partner's developer would paste it."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from navis_api.kit.clock import utc_now
from navis_api.partners.webhooks.secrets import Secret
from tests.partners.webhooks.receiver import Receiver
from tests.partners.webhooks.world import Hooks

PAGE = Path(__file__).parents[3] / "docs" / "partners.md"


def shown(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    (block,) = [each for each in found if "standardwebhooks" in each]
    return block


async def test_what_the_page_shows_takes_ours_and_refuses_what_was_changed(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks.now = utc_now()
    made = await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    await hooks.deliveries().deliver_due()
    (received,) = receiver.received
    taken: list[tuple[str, dict[str, Any]]] = []
    for secret, right in ((made.secret, True), (Secret.new().text, False)):
        monkeypatch.setenv("WEBHOOK_SECRET", secret)
        page: dict[str, Any] = {"remember": lambda id_, event: taken.append((id_, event))}
        exec(compile(shown("python"), str(PAGE), "exec"), page)  # noqa: S102 - it is our own page
        transport = httpx.ASGITransport(page["app"])
        async with httpx.AsyncClient(transport=transport, base_url="https://a.example") as client:
            for body, status in (
                (received.body, 204 if right else 400),
                (received.body.replace(b"published", b"retracted"), 400),
                (b"", 400),
            ):
                answer = await client.post("/webhooks", content=body, headers=received.headers)
                assert answer.status_code == status
    assert taken == [(received.id, received.data)]
