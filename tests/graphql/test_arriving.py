"""A request as it arrives: headers, the body that came with them, and its JSON."""

import json
from typing import Any

import orjson
import pytest
from starlette.types import Message

from navis_api.graphql.arriving import ArrivingRequest, Replayed, arrived_message, is_whole
from navis_api.graphql.request import RequestRefused, parse_json

DEEP = 300


async def nothing() -> Message:
    raise AssertionError("nobody is to receive anything")


def request(*headers: tuple[bytes, bytes]) -> ArrivingRequest:
    return ArrivingRequest({"type": "http", "method": "POST", "headers": list(headers)}, nothing)


def test_the_first_of_two_headers_counts() -> None:
    headers = request((b"accept", b"a/b"), (b"x-name", b"\xe9"), (b"accept", b"c/d")).headers
    assert headers["accept"] == "a/b"
    assert headers.get("x-name") == "é"
    assert "x-name" in headers
    assert "x-other" not in headers
    assert headers.get("x-other", "none") == "none"
    assert headers.getlist("accept") == ["a/b", "c/d"]


async def test_a_message_that_has_arrived_is_taken_and_can_be_given_again() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"one", "more_body": True},
        {"type": "http.request", "body": b"two", "more_body": False},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    first = arrived_message(receive)
    assert first is not None
    replayed = Replayed(first, receive)
    assert [(await replayed())["body"], (await replayed())["body"]] == [b"one", b"two"]


async def test_a_message_that_has_to_be_waited_for_is_left_for_later() -> None:
    loop_turns = 0

    class Later:
        def __await__(self) -> Any:
            nonlocal loop_turns
            loop_turns += 1
            yield None

    async def receive() -> Message:
        await Later()
        return {"type": "http.request", "body": b""}

    assert arrived_message(receive) is None
    assert loop_turns == 1


@pytest.mark.parametrize(
    ("message", "whole"),
    [
        ({"type": "http.request", "body": b"1234"}, True),
        ({"type": "http.request"}, True),
        ({"type": "http.request", "body": b"12345"}, False),
        ({"type": "http.request", "body": b"1", "more_body": True}, False),
        ({"type": "http.disconnect"}, False),
    ],
)
def test_a_body_is_whole_when_nothing_follows(message: Message, *, whole: bool) -> None:
    assert is_whole(message, 4) is whole


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, -0, 1.5, 1e5, true, null, "\\u00e9\\n\\u0000"]}',
        '{"a": 1, "b": 2, "a": 3}',
        "18446744073709551616",
        "-9223372036854775809",
        '{"id": 123456789012345678901234567890}',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '{"\\udc00": 1}',
        "1e400",
        "5e-324",
        ' \t\r\n[""] ',
        "[" * DEEP + "]" * DEEP,
    ],
)
def test_json_means_what_pythons_own_parser_says(text: str) -> None:
    found = parse_json(text.encode(), what="The body")
    expected = json.loads(text)
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1,]",
        b"01",
        b"1.",
        b"NaN",
        b"[-Infinity]",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b'"\n"',
        b"{} {}",
        b"1" * 101,
        b"0." + b"1" * 100,
        b"[" * 3_000,
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_json(text, what="The body")
    assert refused.value.status == 400


def test_most_is_read_by_the_faster_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "loads", None)
    body = orjson.dumps({"query": "{ a }", "variables": {"n": 5, "text": "é", "ids": ["a"]}})
    assert parse_json(body, what="The body") == orjson.loads(body)
