"""Following an answer as it is written, by WebSocket or server-sent events, and resuming."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
import websockets

from bench.chaos.ledger import Asked, Event, Ledger

_FOLLOW = """
subscription($id: ID!, $after: Int!) {
  generationEvents(generationId: $id, after: $after) {
    __typename sequence
    ... on AnswerTextAdded { sectionIndex heading text }
    ... on GenerationFailed { code }
  }
}
"""
_FOLLOW_BY_EVENTS = _FOLLOW.replace(", $after: Int!", "").replace(", after: $after", "")
_GOING_ON = frozenset({"GenerationProgressed", "AnswerTextAdded"})
_RETRIABLE = frozenset({"SERVICE_UNAVAILABLE", "THROTTLED"})
_PATIENCE_S = 240.0
_SILENCE_S = 45.0
_PAUSE_S = 0.3

Follow = Callable[[str, str, int], AsyncGenerator[Event, None]]


class StreamEnded(Exception):
    """It ended before its end; it may be resumed. `code` is that of a typed error."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


async def by_socket(site: str, generation_id: str, after: int) -> AsyncGenerator[Event, None]:
    """Follow over graphql-transport-ws, resuming with `after`."""
    async with websockets.connect(
        site.replace("http://", "ws://") + "/graphql",
        subprotocols=["graphql-transport-ws"],  # pyright: ignore[reportArgumentType] - a NewType of str
        close_timeout=0.2,
        open_timeout=20,
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        await asyncio.wait_for(socket.recv(), _SILENCE_S)
        operation = {"query": _FOLLOW, "variables": {"id": generation_id, "after": after}}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
        while True:
            message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), _SILENCE_S))
            if message["type"] == "complete":
                return
            if message["type"] == "error":
                raise StreamEnded(_code(message["payload"]))
            if message["type"] == "next":
                yield _event(message["payload"])


async def by_events(site: str, generation_id: str, after: int) -> AsyncGenerator[Event, None]:
    """Follow by server-sent events, resuming with `Last-Event-ID`, as an EventSource does."""
    body = {"query": _FOLLOW_BY_EVENTS, "variables": {"id": generation_id}}
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": str(after)} if after else {})
    async with (
        httpx.AsyncClient(timeout=_SILENCE_S) as client,
        client.stream("POST", site + "/graphql", json=body, headers=headers) as reply,
    ):
        if reply.status_code != 200:
            refused: dict[str, Any] = json.loads(await reply.aread())
            raise StreamEnded(_code(refused["errors"]))
        async for line in reply.aiter_lines():
            if line == "event: complete":
                return
            if line.startswith("data:") and line.removeprefix("data:").strip():
                yield _event(json.loads(line.removeprefix("data:")))


def _event(payload: dict[str, Any]) -> Event:
    if "errors" in payload:
        raise StreamEnded(_code(payload["errors"]))
    return payload["data"]["generationEvents"]


def _code(errors: list[dict[str, Any]]) -> str:
    return str(errors[0].get("extensions", {}).get("code")) if errors else "None"


FOLLOWED: tuple[Follow, ...] = (by_socket, by_events)


def has_ended(asked: Asked) -> bool:
    """Whether the last event is the end."""
    return bool(asked.events) and asked.events[-1]["__typename"] not in _GOING_ON


async def follow_to_the_end(site: str, asked: Asked, follow: Follow, ledger: Ledger) -> None:
    """Hear all events, resuming each time from the last one."""
    until = time.monotonic() + _PATIENCE_S
    while not has_ended(asked):
        last = int(asked.events[-1]["sequence"]) if asked.events else 0
        try:
            async for event in follow(site, asked.generation_id, last):
                if event["sequence"] != last + 1:
                    ledger.broken("an event was missed, or came twice", (event["sequence"], last))
                last = int(event["sequence"])
                asked.events.append(event)
        except StreamEnded as ended:
            ledger.failures[f"stream {ended.code}"] += 1
            if ended.code not in _RETRIABLE:
                ledger.broken(f"a stream ended with {ended.code}")
        except (OSError, TimeoutError, httpx.TransportError, websockets.WebSocketException) as lost:
            ledger.failures[f"stream {type(lost).__name__}"] += 1
        if not has_ended(asked):
            asked.resumed += 1
            if time.monotonic() > until:
                ledger.broken(f"an answer didn't end in {_PATIENCE_S:g} s", asked.generation_id)
                return
            await asyncio.sleep(_PAUSE_S)
