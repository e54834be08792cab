"""The engine that runs elsewhere: what it believes of a server, and whose fault a failure is."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.contract import DraftSection, GenerationPiece, GenerationRequest
from navis_api.generation.engines import GenerationUrlInvalid, engines_from
from navis_api.generation.errors import (
    EngineUnavailable,
    RemoteFailed,
    RemoteRefused,
)
from navis_api.generation.http.breaker import CircuitBreaker
from navis_api.generation.http.client import RemoteEngine
from navis_api.generation.http.remote_server import ServerAddress
from navis_api.generation.http.wire import event_of
from tests.engines import Hanging, Saying, Watched
from tests.generation.pieces import (
    ABSTENTION,
    CLOSING,
    FACTS,
    PERSONAL_CLOSING,
    PROGRESS,
    quoted_section,
    whole_answer,
)
from tests.generation.servers import SECRET, Raw, raw, served, settings, stream_of
from tests.generation.world import extractive
from tests.sources.corpus import entry, fill
from tests.waiting import PATIENCE_S

REQUEST = GenerationRequest("My tumour, a secret of mine", None)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Remotes:
    """Remote engines that share a breaker, for a test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.breaker = CircuitBreaker(failures=2, open_s=30, seconds=self.clock)

    def at(
        self, url: str, *, token: str | None = SECRET, idle_s: float = 10, total_s: float = 20
    ) -> RemoteEngine:
        server = ServerAddress(
            url=url,
            token=token,
            connect_timeout_s=5,
            idle_timeout_s=idle_s,
            total_timeout_s=total_s,
        )
        return RemoteEngine(
            "extractive", server=server, breaker=self.breaker, database=self.database
        )


@pytest.fixture
async def remotes(database: Database) -> Remotes:
    await fill(database)
    return Remotes(database)


async def write(
    engine: RemoteEngine,
    request: GenerationRequest = REQUEST,
    written: Sequence[DraftSection] = (),
    into: list[GenerationPiece] | None = None,
) -> list[GenerationPiece]:
    pieces = into if into is not None else []
    async for piece in engine.write(request, written=written):
        pieces.append(piece)
    return pieces


def data(piece: GenerationPiece, **changes: object) -> str:
    return json.dumps(event_of(piece).model_dump(mode="json") | changes)


async def test_what_the_server_writes_arrives_as_it_was_written(
    remotes: Remotes, database_url: str
) -> None:
    pieces = await whole_answer(remotes.database)
    engine = Saying(*pieces)
    section = await quoted_section(remotes.database, "Before")
    async with served(engine, database_url) as server:
        assert await write(remotes.at(server.url), written=[section]) == pieces

    (asked, written), *_ = engine.asked
    assert asked == REQUEST
    assert list(written) == [section]


async def test_the_token_goes_in_a_header_and_the_question_in_the_body(remotes: Remotes) -> None:
    async with raw(stream_of(data(ABSTENTION))) as server:
        await write(remotes.at(f"{server.url}/"))

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/generate HTTP/1.1\r\n")
    assert f"authorization: bearer {SECRET}".encode() in head.lower()
    assert b"secret of mine" not in head
    assert json.loads(body)["text"] == REQUEST.text
    assert json.loads(body)["engine"] == "extractive"


PERSONAL = replace(REQUEST, facts=FACTS)


def on_facts(section: DraftSection, *facts: int) -> DraftSection:
    return replace(section, claims=(replace(section.claims[0], facts=facts),))


async def test_facts_go_to_the_server_and_claims_come_back_with_their_numbers(
    remotes: Remotes, database_url: str
) -> None:
    pieces = [on_facts(await quoted_section(remotes.database), 1, 7), PERSONAL_CLOSING]
    engine = Saying(*pieces)
    async with served(engine, database_url) as server:
        assert await write(remotes.at(server.url), PERSONAL) == pieces
    assert engine.asked[0][0] == PERSONAL


async def test_what_a_server_says_of_facts_is_not_believed_either(remotes: Remotes) -> None:
    section = await quoted_section(remotes.database)
    closing = data(PERSONAL_CLOSING)
    others_first = data(PERSONAL_CLOSING, doctor_questions=["What fits me?"])
    for request, *told in (
        (REQUEST, data(on_facts(section, 1))),
        (PERSONAL, data(on_facts(section, 4))),
        (REQUEST, data(section), closing),
        (PERSONAL, data(section), others_first),
        (PERSONAL, data(section), data(on_facts(section, 1))),
    ):
        remotes.breaker = CircuitBreaker(failures=2, open_s=30, seconds=remotes.clock)
        async with raw(stream_of(*told, data(CLOSING))) as server:
            with pytest.raises(RemoteFailed):
                await write(remotes.at(server.url), request)


@pytest.mark.parametrize("ending", ["closed", "chunk missing", "chunk cut"])
async def test_a_stream_without_an_end_is_a_failure_and_no_answer(
    remotes: Remotes, ending: str
) -> None:
    section = data(await quoted_section(remotes.database))
    frames = f"data: {data(PROGRESS)}\n\ndata: {section}\n\n".encode()
    chunked = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    replies = {
        "closed": stream_of(data(PROGRESS), section),
        "chunk missing": chunked + b"%x\r\n" % len(frames) + frames + b"\r\n",
        "chunk cut": chunked + b"%x\r\n" % (len(frames) + 500) + frames,
    }
    pieces: list[GenerationPiece] = []
    async with raw(replies[ending]) as server:
        with pytest.raises(RemoteFailed):
            await write(remotes.at(server.url), into=pieces)
    assert [type(piece) for piece in pieces] == [type(PROGRESS), DraftSection]


@pytest.mark.parametrize("cut", [2, 3, 40])
async def test_an_end_that_is_cut_in_its_middle_is_no_end(remotes: Remotes, cut: int) -> None:
    whole = stream_of(data(await quoted_section(remotes.database)), data(CLOSING))
    async with raw(whole[:-cut]) as server:
        with pytest.raises(RemoteFailed):
            await write(remotes.at(server.url))


async def lies(database: Database) -> dict[str, list[str]]:
    section = await quoted_section(database)
    told = json.loads(data(section))
    citation = told["claims"][0]["citations"][0]

    def citing(**changes: object) -> str:
        claim = told["claims"][0] | {"citations": [citation | changes]}
        return json.dumps(told | {"claims": [claim]})

    return {
        "garbage": ["<html>"],
        "other event": ['{"type": "applause"}'],
        "other kind": [data(section, kind="ADVERTISEMENT")],
        "no citation": [json.dumps(told | {"claims": [told["claims"][0] | {"citations": []}]})],
        "nul": [data(section, heading="a\0b")],
        "surrogate": [data(section, heading="\ud800")],
        "too long": [data(section, heading="x" * 2_000_000)],
        "end as progress": [data(PROGRESS, status="COMPLETED")],
        "other words": [citing(quote="Take two of these and call nobody.")],
        "other place": [citing(start=citation["start"] + 1, end=citation["end"] + 1)],
        "out of range": [citing(start=2**31 - 100, end=2**31 - 1)],
        "negative": [citing(start=-40, end=-5)],
        "unknown source": [citing(source_version_id="00000000-0000-4000-8000-000000000001")],
        "said twice": [data(section), data(section)],
        "closed without a section": [data(CLOSING)],
        "abstained after a section": [data(section), data(ABSTENTION)],
        "an error after a section": [data(section), '{"type": "error", "code": "ENGINE_FAILED"}'],
        "timed out": ['{"type": "error", "code": "TIMED_OUT"}'],
        "endless": [data(PROGRESS)] * 1_000,
    }


LIES = [
    "garbage", "other event", "other kind", "no citation", "nul", "surrogate", "too long",
    "end as progress", "other words", "other place", "out of range", "negative",
    "unknown source", "said twice", "closed without a section", "abstained after a section",
    "an error after a section", "timed out", "endless",
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
async def test_what_a_server_must_not_send_is_its_failure_and_reaches_nobody(
    remotes: Remotes, lie: str
) -> None:
    told = (await lies(remotes.database))[lie]
    last = [] if "error" in told[-1] else [data(CLOSING)]
    pieces: list[GenerationPiece] = []
    async with raw(stream_of(*told, *last)) as server:
        with pytest.raises(RemoteFailed) as failed:
            await write(remotes.at(server.url), into=pieces)
    sections = [piece for piece in pieces if isinstance(piece, DraftSection)]
    assert len(sections) == (1 if "after" in lie or lie == "said twice" else 0)
    assert not any(type(piece) in {type(CLOSING), type(ABSTENTION)} for piece in pieces)
    assert "call nobody" not in str(failed.value)
    assert failed.value.__cause__ is None


async def test_a_section_that_stands_already_is_not_told_again(remotes: Remotes) -> None:
    section = await quoted_section(remotes.database)
    async with raw(stream_of(data(section), data(CLOSING))) as server:
        with pytest.raises(RemoteFailed):
            await write(remotes.at(server.url), written=[section])


async def test_an_answer_may_end_with_the_sections_that_stand(remotes: Remotes) -> None:
    section = await quoted_section(remotes.database)
    async with raw(stream_of(data(CLOSING))) as server:
        assert await write(remotes.at(server.url), written=[section]) == [CLOSING]


def status(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {line}", "content-length: 0", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "reply",
    [
        status("500 Internal Server Error"),
        status("204 No Content"),
        status("200 OK", "content-type: text/html"),
        status("200 OK"),
        b"not HTTP at all\r\n\r\n",
        b"",
    ],
    ids=range(6),
)
async def test_no_stream_is_a_failure_of_the_server(remotes: Remotes, reply: bytes) -> None:
    async with raw(reply) as server:
        for _ in range(2):
            with pytest.raises(RemoteFailed):
                await write(remotes.at(server.url))
        with pytest.raises(EngineUnavailable):
            await write(remotes.at(server.url))
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 422])
async def test_a_refusal_is_ours_and_leaves_the_server_trusted(remotes: Remotes, code: int) -> None:
    async with raw(status(f"{code} No")) as server:
        for _ in range(5):
            with pytest.raises(RemoteRefused) as refused:
                await write(remotes.at(server.url))
            assert refused.value.status == code
    assert len(server.requests) == 5


@pytest.mark.parametrize("code", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(remotes: Remotes, code: int) -> None:
    async with (
        raw(stream_of(data(ABSTENTION))) as elsewhere,
        raw(status(f"{code} Moved", f"location: {elsewhere.url}/v1/generate")) as server,
    ):
        with pytest.raises(RemoteFailed):
            await write(remotes.at(server.url))
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("header", "after_s"),
    [("7", 7), ("0", 1), ("99999999999", 60), ("Fri, 31 Dec 1999 23:59:59 GMT", 1), ("-4", 1)],
    ids=range(5),
)
async def test_a_server_that_is_busy_is_no_failure(
    remotes: Remotes, header: str, after_s: float
) -> None:
    async with raw(status("503 Service Unavailable", f"retry-after: {header}")) as server:
        for _ in range(4):
            with pytest.raises(EngineUnavailable) as busy:
                await write(remotes.at(server.url))
            assert busy.value.after_s == after_s
    assert len(server.requests) == 4


async def test_a_server_that_stops_in_the_midst_is_no_failure(remotes: Remotes) -> None:
    section = await quoted_section(remotes.database)
    stopping = stream_of(data(section), '{"type": "error", "code": "STOPPING"}')
    async with raw(stopping) as server:
        for _ in range(4):
            pieces: list[GenerationPiece] = []
            with pytest.raises(EngineUnavailable):
                await write(remotes.at(server.url), into=pieces)
            assert pieces == [section]


async def test_a_server_out_of_reach_is_left_alone_after_some_failures(remotes: Remotes) -> None:
    nowhere = remotes.at("http://127.0.0.1:1")
    after_s: list[float] = []
    for _ in range(3):
        with pytest.raises(EngineUnavailable) as away:
            await write(nowhere)
        after_s.append(away.value.after_s)
    assert after_s == [1, 1, 30]


@pytest.mark.parametrize("code", [502, 503, 504])
async def test_a_proxy_without_a_server_behind_it_is_left_alone_too(
    remotes: Remotes, code: int
) -> None:
    async with raw(status(f"{code} Nobody")) as server:
        for _ in range(4):
            with pytest.raises(EngineUnavailable):
                await write(remotes.at(server.url))
    assert len(server.requests) == 2


async def test_a_server_that_recovers_is_asked_again(remotes: Remotes) -> None:
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            await write(remotes.at("http://127.0.0.1:1"))
    async with raw(stream_of(data(ABSTENTION))) as server:
        with pytest.raises(EngineUnavailable):
            await write(remotes.at(server.url))
        remotes.clock.now += 30
        assert await write(remotes.at(server.url)) == [ABSTENTION]
        assert await write(remotes.at(server.url)) == [ABSTENTION]
    assert len(server.requests) == 2


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(stream_of(data(PROGRESS)))
    await reader.read()


async def muttering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(stream_of(data(PROGRESS)))
    while not reader.at_eof():
        writer.write(b":\n\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize(
    ("reply", "limits"),
    [
        (mute, {"idle_s": 0.3}),
        (silent, {"idle_s": 0.3}),
        (silent, {"total_s": 0.3}),
        (muttering, {"idle_s": 5, "total_s": 0.5}),
    ],
    ids=["mute", "silent", "total", "only comments"],
)
async def test_a_server_that_takes_too_long_has_failed(
    remotes: Remotes, reply: Any, limits: dict[str, Any]
) -> None:
    async with raw(reply) as server:
        with pytest.raises(RemoteFailed):
            await asyncio.wait_for(write(remotes.at(server.url, **limits)), PATIENCE_S)
        await asyncio.wait_for(server.left.wait(), PATIENCE_S)


async def test_comments_keep_a_silent_stream_open(remotes: Remotes, database_url: str) -> None:
    async def thinking(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(stream_of())
        for _ in range(12):
            writer.write(b":\n\n")
            await writer.drain()
            await asyncio.sleep(0.25)
        writer.write(f"data: {data(ABSTENTION)}\n\n".encode())
        await writer.drain()

    async with raw(thinking) as server:
        assert await write(remotes.at(server.url, idle_s=2)) == [ABSTENTION]


async def test_stopping_it_closes_the_stream_and_counts_for_nothing(
    remotes: Remotes, database_url: str
) -> None:
    for _ in range(3):
        engine = Watched(Hanging())
        async with served(engine, database_url) as server:
            writing = asyncio.create_task(write(remotes.at(server.url)))
            await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)

            writing.cancel()

            await asyncio.wait_for(engine.stopped.wait(), PATIENCE_S)
            with pytest.raises(asyncio.CancelledError):
                await writing
    async with raw(stream_of(data(ABSTENTION))) as server:
        assert await write(remotes.at(server.url)) == [ABSTENTION]


async def test_a_server_with_another_token_refuses(remotes: Remotes, database_url: str) -> None:
    async with served(Saying(ABSTENTION), database_url) as server:
        for token in (None, "another"):
            with pytest.raises(RemoteRefused):
                await write(remotes.at(server.url, token=token))


@pytest.fixture
async def stub() -> AsyncIterator[Raw]:
    async with raw(stream_of(data(ABSTENTION))) as server:
        yield server


async def test_no_proxy_of_the_machine_sees_the_question(
    remotes: Remotes, stub: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with raw(status("502 Proxy")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert await write(remotes.at(stub.url)) == [ABSTENTION]
    assert proxy.requests == []


async def test_with_a_generation_server_set_every_engine_is_there(
    remotes: Remotes, stub: Raw
) -> None:
    keeper = extractive(remotes.database)._catalogue
    engines = engines_from(settings(generation_url=stub.url), remotes.database, keeper)
    assert set(engines) == {"extractive", "llm"}
    assert [piece async for piece in engines["llm"].write(REQUEST)] == [ABSTENTION]
    assert json.loads(stub.requests[0].partition(b"\r\n\r\n")[2])["engine"] == "llm"


async def test_without_one_answers_are_written_here(remotes: Remotes) -> None:
    keeper = extractive(remotes.database)._catalogue
    engines = engines_from(settings(), remotes.database, keeper)
    assert set(engines) == {"extractive"}
    cancer = entry(await keeper.current(), "liver-cancer")
    request = GenerationRequest("What are the symptoms of liver cancer?", cancer.id)
    assert any([isinstance(p, DraftSection) async for p in engines["extractive"].write(request)])


@pytest.mark.parametrize(
    "url", ["", "generation.example.org", "ftp://x", "http://", "http://me:pw@x", "http://\0", "::"]
)
async def test_an_address_that_is_none_is_said_at_the_start(remotes: Remotes, url: str) -> None:
    keeper = extractive(remotes.database)._catalogue
    with pytest.raises(GenerationUrlInvalid) as invalid:
        engines_from(settings(generation_url=url), remotes.database, keeper)
    assert "pw" not in str(invalid.value)
