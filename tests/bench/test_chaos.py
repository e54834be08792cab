"""The chaos program: it finds nothing over a short storm, and does find what is broken."""

import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.chaos.calls import Caller, TryAgain
from bench.chaos.following import follow_to_the_end
from bench.chaos.ledger import Asked, Event, Ledger


def test_nothing_acknowledged_is_lost_over_a_short_storm() -> None:
    """The link is cut, an API process killed, and Postgres; each with clients at work."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "chaos", "--short", "--seed", "1"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    for name in ("questions asked", "records uploaded", "reads of partners"):
        assert re.search(rf"^{name} +[1-9]", done.stdout, re.MULTILINE), done.stdout
    assert "tried again {}" not in done.stdout


def told(*sequences: int) -> Callable[[str, str, int], AsyncGenerator[Event, None]]:
    async def follow(_site: str, _generation_id: str, _after: int) -> AsyncGenerator[Event, None]:
        for sequence in sequences:
            yield {"__typename": "AnswerTextAdded", "sequence": sequence, "sectionIndex": 0}
        yield {"__typename": "GenerationCompleted", "sequence": sequences[-1] + 1}

    return follow


@pytest.mark.parametrize(
    ("sequences", "is_whole"), [((1, 2, 3), True), ((1, 3), False), ((1, 1, 2), False)]
)
async def test_an_event_that_is_missed_or_doubled_is_found(
    sequences: tuple[int, ...], *, is_whole: bool
) -> None:
    ledger = Ledger()
    await follow_to_the_end("", Asked("a question", "an id"), told(*sequences), ledger)
    assert (not ledger.violations) is is_whole


@pytest.mark.parametrize(
    ("reply", "is_allowed"),
    [
        (httpx.Response(503, headers={"Retry-After": "2"}), True),
        (httpx.Response(503), False),
        (httpx.Response(500), False),
        (httpx.Response(200, json={"errors": [{"extensions": {"code": "THROTTLED"}}]}), True),
        (httpx.Response(200, json={"errors": [{"extensions": {"code": "OOPS"}}]}), False),
    ],
)
async def test_a_failure_that_nobody_can_act_on_is_found(
    reply: httpx.Response, *, is_allowed: bool
) -> None:
    ledger = Ledger()
    caller = Caller("http://site", ledger)
    caller._client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: reply))
    with pytest.raises(TryAgain):
        await caller.operate("query Read { x }")
    await caller.close()
    assert (not ledger.violations) is is_allowed


async def test_any_failure_is_found_while_none_is_allowed() -> None:
    def lost(_request: httpx.Request) -> Any:
        raise httpx.ConnectError("")

    ledger = Ledger()
    caller = Caller("http://site", ledger)
    caller._client = httpx.AsyncClient(transport=httpx.MockTransport(lost))
    with pytest.raises(TryAgain):
        await caller.operate("query Read { x }")
    assert not ledger.violations
    ledger.calm_since = 0
    with pytest.raises(TryAgain):
        await caller.operate("query Read { x }")
    await caller.close()
    assert ledger.violations.total() == 1
