"""What partners' embeds are metered as."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from navis_api.partners.metering import ACCESS_EVENT
from tests.web.embed.conftest import SITE

ANSWER = "what-is-ablation"


@pytest.mark.parametrize(
    ("address", "metered"),
    [
        (f"/embed/answers/{ANSWER}", ("embed", "SERVED")),
        ("/embed/answers/no-such-answer", ("embed", "REFUSED")),
        (f"/embed/answers/{ANSWER}?theme=loud", ("embed", "REFUSED")),
        (f"/oembed?url={SITE}/answers/{ANSWER}", ("oembed", "SERVED")),
        (f"/oembed?url={SITE}/answers/no-such-answer", ("oembed", "REFUSED")),
        ("/embed/ask", ("askBox", "SERVED")),
    ],
)
async def test_what_a_key_is_used_for_is_metered(
    site: httpx.AsyncClient, key: str, address: str, metered: tuple[str, str]
) -> None:
    with capture_logs() as lines:
        await site.get(f"{address}{'&' if '?' in address else '?'}key={key}")
    (line,) = _of_access(lines)
    assert (line["operation"], line["outcome"], line["points"]) == (*metered, 0)
    assert ANSWER not in str(line)
    assert key not in str(line)


@pytest.mark.parametrize("address", [f"/embed/answers/{ANSWER}", "/embed/ask", "/oembed"])
@pytest.mark.parametrize("query", ["", "?key=", "?key=nvk_pub_live_x"])
async def test_without_a_key_that_holds_nothing_is(
    site: httpx.AsyncClient, address: str, query: str
) -> None:
    with capture_logs() as lines:
        await site.get(f"{address}{query}")
    assert _of_access(lines) == []


def _of_access(lines: list[Any]) -> list[Any]:
    return [each for each in lines if each["event"] == ACCESS_EVENT]
