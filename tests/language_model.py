"""A language model that says what a test scripts, over HTTP on this machine.

It speaks the streaming protocols of OpenAI's chat completions (`/v1/chat/completions`) and of
Anthropic's messages (`/v1/messages`), so that the real clients are what is tested:

    async with scripted(says(text, size=7), status(503)) as model:
        settings = settings_for(model)
        ...
        assert model.requests[0]["model"] == "fake"

Each request gets the next reply of the script; the last one answers all further ones.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from navis_api.kit.text import words
from navis_api.settings import EngineName, Settings
from navis_api.sources.statements import StatementKind, split_statements
from navis_api.vocabulary.understanding import understand

MODEL = "fake"
Json = dict[str, Any]


class Exchange:
    """One request and the writing of its response."""

    def __init__(self, request: Json, writer: asyncio.StreamWriter) -> None:
        self.request = request
        self._writer = writer

    async def begin(self, status: int = 200, content_type: str = "text/event-stream") -> None:
        head = (
            f"HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\n"
            "transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        )
        self._writer.write(head.encode())
        await self._writer.drain()

    async def send(self, content: str) -> None:
        """Send a piece of the body as an HTTP chunk of its own."""
        encoded = content.encode()
        if encoded:
            self._writer.write(b"%x\r\n%s\r\n" % (len(encoded), encoded))
            await self._writer.drain()

    async def event(self, payload: Json | str) -> None:
        """Send a server-sent event."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        await self.send(f"data: {text}\n\n")

    async def delta(self, delta: Json, *, finish: str | None = None) -> None:
        """Send a chunk of a chat completion."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        await self.event(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1_790_000_000,
                "model": MODEL,
                "choices": [choice],
            }
        )

    async def end(self) -> None:
        """End the body as HTTP has it."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def cut(self) -> None:
        """Break the connection."""
        self._writer.transport.abort()


Reply = Callable[[Exchange], Awaitable[None]]
Text = str | Callable[[Json], str]
"""What is written: a text, or what a function makes of the data in the prompt."""


@dataclass
class ScriptedModel:
    """What happened, and where the model is reached."""

    replies: Sequence[Reply]
    url: str = ""
    requests: list[Json] = field(default_factory=list[Json])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a request has come."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has left before its response was over."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = (line.partition(": ") for line in head.split("\r\n")[1:] if line)
            headers = {name.lower(): value for name, _, value in lines}
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            reply = self.replies[min(len(self.requests), len(self.replies) - 1)]
            self.headers.append(headers)
            self.requests.append(body)
            self.asked.set()
            writing = asyncio.ensure_future(reply(Exchange(body, writer)))
            leaving = asyncio.ensure_future(reader.read())
            try:
                await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if not writing.done():
                    self.left.set()
                else:
                    writing.result()
            finally:
                writing.cancel()
                leaving.cancel()
                await asyncio.gather(writing, leaving, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left.set()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def scripted(*replies: Reply) -> AsyncIterator[ScriptedModel]:
    """Run a model that gives these replies, one a request."""
    model = ScriptedModel(replies)
    open_exchanges: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        exchange = asyncio.ensure_future(model.serve(reader, writer))
        open_exchanges.add(exchange)
        exchange.add_done_callback(open_exchanges.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    model.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield model
    finally:
        server.close()
        for task in list(open_exchanges):
            task.cancel()
        await asyncio.gather(*open_exchanges, return_exceptions=True)
        await server.wait_closed()


def settings_for(model: ScriptedModel, **changes: Any) -> Settings:
    """Return settings of the `llm` engine that ask this model."""
    chosen: Json = {
        "engine": EngineName.LLM,
        "llm_models": f"openai:{MODEL}",
        "llm_base_url": model.url,
        "llm_api_key": "made-up",
        "llm_timeout_s": 5.0,
    }
    return Settings(**(chosen | changes))


def pieces(text: str, size: int) -> list[str]:
    """Cut a text as a model's tokens would."""
    return [text[at : at + size] for at in range(0, len(text), size)]


def says(text: Text, *, size: int = 11, finish: str | None = "stop", done: bool = True) -> Reply:
    """Write a text and finish properly, or without a reason, or for another one."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.delta({"role": "assistant", "content": ""})
        await _write(exchange, _text(exchange, text), size)
        if finish is not None:
            await exchange.delta({}, finish=finish)
        if done:
            await exchange.event("[DONE]")
        await exchange.end()

    return reply


def waits(text: Text, *, at: str, gate: asyncio.Event) -> Reply:
    """Write a text, but go on at a place in it only once the gate is open."""

    async def reply(exchange: Exchange) -> None:
        whole = _text(exchange, text)
        place = whole.index(at)
        await exchange.begin()
        await _write(exchange, whole[:place])
        await gate.wait()
        await _write(exchange, whole[place:])
        await exchange.delta({}, finish="stop")
        await exchange.event("[DONE]")
        await exchange.end()

    return reply


def stalls(before: Text) -> Reply:
    """Write a part and then nothing, until the client leaves."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        await _write(exchange, _text(exchange, before))
        # The server sees the client leave, and ends this.
        await asyncio.Event().wait()

    return reply


def breaks(before: Text) -> Reply:
    """Write a part and break the connection."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        await _write(exchange, _text(exchange, before))
        # What was sent is to arrive before the connection is gone.
        await asyncio.sleep(0.02)
        exchange.cut()

    return reply


def _text(exchange: Exchange, text: Text) -> str:
    return text if isinstance(text, str) else text(data_of(exchange.request))


async def _write(exchange: Exchange, text: str, size: int = 11) -> None:
    for piece in pieces(text, size):
        await exchange.delta({"content": piece})


def drips(every_s: float) -> Reply:
    """Send signs of life for ever, and never a word."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        while True:
            await exchange.send(": still here\n\n")
            await asyncio.sleep(every_s)

    return reply


def endless(beginning: str, again: str) -> Reply:
    """Write the same for ever."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.delta({"content": beginning})
        while True:
            await exchange.delta({"content": again})

    return reply


def status(code: int, message: str = "scripted") -> Reply:
    """Answer with an error; its body quotes whatever a test wants to find in no log."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin(code, "application/json")
        await exchange.send(json.dumps({"error": {"message": message, "type": "scripted"}}))
        await exchange.end()

    return reply


def sends(body: str, content_type: str = "text/event-stream") -> Reply:
    """Send a body as it is."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin(200, content_type)
        await exchange.send(body)
        await exchange.end()

    return reply


def refuses(words: str) -> Reply:
    """Refuse, as structured output has it."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.delta({"role": "assistant", "refusal": words})
        await exchange.delta({}, finish="stop")
        await exchange.event("[DONE]")
        await exchange.end()

    return reply


def calls_tool(arguments: str) -> Reply:
    """Call a tool that nobody offered."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        function = {"name": "answer", "arguments": arguments}
        call = {"index": 0, "id": "call_1", "type": "function", "function": function}
        await exchange.delta({"role": "assistant", "tool_calls": [call]})
        await exchange.delta({}, finish="tool_calls")
        await exchange.event("[DONE]")
        await exchange.end()

    return reply


def anthropic_says(text: str, *, stop: str | None = "end_turn") -> Reply:
    """Write a text in Anthropic's protocol; without a reason to stop, the stream is cut."""

    async def reply(exchange: Exchange) -> None:
        async def event(payload: Json) -> None:
            await exchange.send(f"event: {payload['type']}\ndata: {json.dumps(payload)}\n\n")

        await exchange.begin()
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": MODEL,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }
        await event({"type": "message_start", "message": message})
        block = {"type": "text", "text": ""}
        await event({"type": "content_block_start", "index": 0, "content_block": block})
        for piece in pieces(text, 11):
            delta = {"type": "text_delta", "text": piece}
            await event({"type": "content_block_delta", "index": 0, "delta": delta})
        await event({"type": "content_block_stop", "index": 0})
        if stop is not None:
            ending = {"stop_reason": stop, "stop_sequence": None}
            usage = {"output_tokens": 2}
            await event({"type": "message_delta", "delta": ending, "usage": usage})
            await event({"type": "message_stop"})
        await exchange.end()

    return reply


def citation(passage: int, quote: str) -> Json:
    return {"passage": passage, "quote": quote}


def claim(text: str, *citations: Json, style: str = "sentence") -> Json:
    return {"text": text, "style": style, "citations": list(citations)}


def section(kind: str, heading: str, *claims: Json) -> Json:
    return {"kind": kind, "heading": heading, "claims": list(claims)}


def answer(
    *sections: Json,
    answerable: bool = True,
    doctor_questions: Sequence[str] = (),
    not_covered: Sequence[str] = (),
) -> str:
    """Return what a model writes, in the form that the prompt asks for."""
    return json.dumps(
        {
            "answerable": answerable,
            "sections": list(sections),
            "doctor_questions": list(doctor_questions),
            "not_covered": list(not_covered),
        }
    )


def data_of(request: Json) -> Json:
    """Return the data that a request's prompt holds: the question and the passages."""
    (user,) = (message for message in request["messages"] if message["role"] == "user")
    return json.loads(user["content"])


def number_of(data: Json, text: str) -> int:
    """Return the number of the passage that holds a text."""
    return next(each["passage"] for each in data["passages"] if text in each["text"])


def truthful(data: Json) -> str:
    """Answer from the passages alone, in their own sentences, or not at all."""
    asked = set(understand(data["question"]).remaining_words)
    told = {text for section in data["already_written"] for text in section["claims"]}
    if asked and not any(asked & set(words(each["text"])) for each in data["passages"]):
        return answer(answerable=False)
    sections: list[Json] = []
    for passage in data["passages"]:
        sentences = [
            passage["text"][statement.start : statement.end]
            for statement in split_statements(passage["text"])
            if statement.kind is StatementKind.SENTENCE
        ]
        claims = [
            claim(sentence, citation(passage["passage"], sentence))
            for sentence in dict.fromkeys(sentences)
            if sentence not in told
        ]
        told.update(sentences)
        if claims:
            heading = passage["headings"][-1] if passage["headings"] else ""
            sections.append(section("EXPLANATION", heading, *claims[:3]))
    return answer(*sections[:4], doctor_questions=["What does this mean for me?"])
