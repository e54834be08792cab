"""A report of harm rings somebody's bell, again and again until it is heard, and without words."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import ANONYMOUS
from navis_api.kit.ids import new_id
from navis_api.review import feedback
from navis_api.review.alarm import AlarmAddressUnsafe, AlarmBell, AlarmNotTaken
from navis_api.review.feedback import FeedbackDraft
from navis_api.review.models import AnswerFeedback, FeedbackKind
from navis_api.review.tasks import ALARM_LASTS, Alarming
from tests.review.world import NOON, World

CANARY = "I am Canary and took the dose that stood there"
STATUS_LINES = {200: "200 OK", 302: "302 Found", 500: "500 Internal Server Error"}


@asynccontextmanager
async def listening(status: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that takes alarms, or doesn't: its address, and the bodies that came."""
    bodies: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        bodies.append(await reader.readexactly(length))
        writer.write(
            f"HTTP/1.1 {STATUS_LINES[status]}\r\nContent-Length: 0\r\n"
            "Location: http://127.0.0.1:9/\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/alarms", bodies


async def harm(world: World) -> AnswerFeedback:
    given = await world.given(AnswerState.PUBLISHED)
    draft = FeedbackDraft(given.answer_id, FeedbackKind.HARM, text=CANARY)
    async with world.database.writing(SYSTEM_ROWS) as session:
        return await feedback.give(session, draft, viewer=ANONYMOUS, now=NOON)


def alarming(world: World, url: str | None, *, after: timedelta = timedelta(0)) -> Alarming:
    bell = AlarmBell(url, timeout_s=5) if url is not None else None
    return Alarming(world.database, bell, clock=lambda: NOON + after)


async def test_the_bell_tells_which_answer_and_when_and_nothing_else(world: World) -> None:
    kept = await harm(world)
    async with listening(200) as (url, bodies):
        await alarming(world, url).run(kept.id.bytes)
    assert [json.loads(body) for body in bodies] == [
        {
            "kind": "HARM",
            "feedbackId": str(kept.id),
            "answerId": str(kept.answer_id),
            "revisionId": str(kept.revision_id),
            "at": NOON.isoformat(),
        }
    ]


@pytest.mark.parametrize("status", [302, 500])
async def test_an_alarm_that_is_not_taken_is_to_be_tried_again(world: World, status: int) -> None:
    kept = await harm(world)
    async with listening(status) as (url, bodies):
        with pytest.raises(AlarmNotTaken) as failed:
            await alarming(world, url).run(kept.id.bytes)
    assert len(bodies) == 1
    assert failed.value.status == status


async def test_a_bell_that_nobody_answers_is_to_be_tried_again(world: World) -> None:
    kept = await harm(world)
    async with listening(200) as (url, bodies):
        pass
    with pytest.raises(AlarmNotTaken) as failed:
        await alarming(world, url).run(kept.id.bytes)
    assert failed.value.status is None
    assert bodies == []


async def test_after_a_day_an_alarm_is_given_up_and_that_is_logged(world: World) -> None:
    kept = await harm(world)
    later = ALARM_LASTS + timedelta(seconds=1)
    async with listening(200) as (url, bodies):
        with capture_logs() as logs:
            await alarming(world, url, after=later).run(kept.id.bytes)
    assert bodies == []
    assert [(each["event"], each["log_level"]) for each in logs] == [
        ("feedback.alarm_given_up", "error")
    ]


@pytest.mark.parametrize("job", [lambda kept: kept.id.bytes, lambda _: new_id().bytes])
async def test_without_a_bell_or_a_report_nothing_is_done(
    world: World, job: Callable[[AnswerFeedback], bytes]
) -> None:
    kept = await harm(world)
    await alarming(world, None).run(job(kept))


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "https://name:secret@example.org/", "ftp://127.0.0.1/", "nowhere"],
)
def test_an_address_that_others_could_read_along_is_refused(url: str) -> None:
    with pytest.raises(AlarmAddressUnsafe):
        AlarmBell(url, timeout_s=5)
