"""The contract on the wire: what it carries, what it bounds, and the committed schema of it."""

import json
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import navis_api.generation.http
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.generation.contract import (
    Abstention,
    Closing,
    GenerationPiece,
    PatientFact,
    Progress,
    Unknown,
)
from navis_api.generation.http.sse import StreamOverlong, data_lines, frame
from navis_api.generation.http.wire import (
    AbstentionEvent,
    ClosingEvent,
    ErrorEvent,
    ProgressEvent,
    SectionEvent,
    WireCitation,
    WireClaim,
    WireFact,
    WireRequest,
    WireUnknown,
    event_of,
    parse_event,
    piece_of,
    request_of,
    request_to_wire,
    schema_text,
)
from navis_api.generation.models import GenerationStatus
from tests.generation.pieces import (
    ABSTENTION,
    CLOSING,
    FACTS,
    PERSONAL_CLOSING,
    PROGRESS,
    REQUEST,
    UNKNOWN,
)

VERSION = UUID("00000000-0000-4000-8000-000000000001")
CITATION = DraftCitation(VERSION, "Some words.", 3, 14, None)
SECTION = DraftSection(
    SectionKind.OPTIONS,
    "Möglichkeiten — 選択肢",
    (DraftClaim("Some words.", ClaimStyle.BULLET, (CITATION, CITATION), (7, 1)),),
)
SCHEMA = Path(navis_api.generation.http.__file__).parent / "contract.schema.json"


UNKNOWN_JSON = WireUnknown.model_validate(UNKNOWN).model_dump(mode="json")


def event_json(piece: GenerationPiece, **changes: object) -> bytes:
    return json.dumps(event_of(piece).model_dump(mode="json") | changes).encode()


def test_the_committed_schema_is_what_the_code_has() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "navis-api generation-schema > navis_api/generation/http/contract.schema.json"
    )


def test_the_schema_names_every_event_by_its_type() -> None:
    definitions = json.loads(schema_text())["$defs"]
    types = {
        name: definition["properties"]["type"]["const"]
        for name, definition in definitions.items()
        if name.endswith("Event")
    }
    assert set(types.values()) == {"progress", "section", "closing", "abstention", "error"}
    assert all("type" in definitions[name]["required"] for name in types)


@pytest.mark.parametrize(
    ("drafted", "wire"),
    [
        (DraftCitation, WireCitation),
        (DraftClaim, WireClaim),
        (DraftSection, SectionEvent),
        (Closing, ClosingEvent),
        (PatientFact, WireFact),
        (Unknown, WireUnknown),
        (Abstention, AbstentionEvent),
        (Progress, ProgressEvent),
    ],
)
def test_nothing_of_a_piece_is_left_behind(drafted: Any, wire: type[BaseModel]) -> None:
    assert {field.name for field in fields(drafted)} == set(wire.model_fields) - {"type"}


@pytest.mark.parametrize("piece", [PROGRESS, SECTION, CLOSING, PERSONAL_CLOSING, ABSTENTION])
def test_a_piece_comes_out_as_it_went_in(piece: GenerationPiece) -> None:
    sent = frame(event_of(piece))
    data = next(line for line in sent.split(b"\n") if line.startswith(b"data: "))
    received = parse_event(data.removeprefix(b"data: "))
    assert not isinstance(received, ErrorEvent)
    assert piece_of(received) == piece


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    sent = frame(event_of(Abstention(text)))
    assert sent.count(b"\n") == 3
    received = parse_event(sent.split(b"\n")[1].removeprefix(b"data: "))
    assert received == AbstentionEvent(message=text)


def test_a_request_comes_out_as_it_went_in() -> None:
    asked = replace(REQUEST, facts=FACTS)
    body = request_to_wire(asked, engine="extractive", written=(SECTION,))
    parsed = WireRequest.model_validate_json(body)
    assert request_of(parsed) == (asked, (SECTION,))
    assert parsed.engine == "extractive"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type": "closing"}',
        b'{"type": "applause"}',
        b'{"type": "abstention", "message": ""}',
        b'{"type": "abstention", "message": "a\\u0000b"}',
        b'{"type": "abstention", "message": "\\ud800"}',
        b'{"type": "abstention", "message": "\xff"}',
        b'{"type": "abstention", "message": 7}',
        b'{"type": "error", "code": "OH_NO"}',
        b"[" * 100_000,
        event_json(PROGRESS, status="COMPLETED"),
        event_json(SECTION, kind="ADVERTISEMENT"),
        event_json(SECTION, claims=[]),
        event_json(SECTION, heading="x" * 5_000),
        event_json(SECTION, claims=[{"text": "No quote.", "style": "SENTENCE", "citations": []}]),
        event_json(CLOSING, next_steps=["step"] * 1_000),
        event_json(CLOSING, unknowns=[{"kind": "STAR_SIGN"}]),
        event_json(PERSONAL_CLOSING, unknowns=[UNKNOWN_JSON] * 51),
    ],
    ids=range(20),
)
def test_what_is_not_of_the_contract_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        parse_event(data)


def request_json(*facts: dict[str, object]) -> bytes:
    return json.dumps({"text": "What now?", "locale": "en", "facts": facts}).encode()


FACT: dict[str, object] = {"number": 1, "kind": "STAGE_GROUP", "name": "stage", "key": "stage"}


@pytest.mark.parametrize(
    "facts",
    [
        [FACT | {"number": 0}],
        [FACT | {"number": "1; drop"}],
        [FACT, FACT],
        [FACT | {"number": number} for number in range(1, 202)],
        [FACT | {"kind": "STAR_SIGN"}],
        [FACT | {"name": ""}],
        [FACT | {"value": "IV" * 101}],
        [FACT | {"key": "a\0b"}],
        [FACT | {"value": 7}],
        [FACT | {"assertion": "PERHAPS"}],
        [FACT | {"quote": "Jane Doe, born 1961"}],
    ],
    ids=range(11),
)
def test_what_is_no_fact_is_refused(facts: list[dict[str, object]]) -> None:
    assert WireRequest.model_validate_json(request_json(FACT)).facts
    with pytest.raises(ValidationError):
        WireRequest.model_validate_json(request_json(*facts))


def test_a_status_of_the_end_is_no_progress() -> None:
    with pytest.raises(ValidationError):
        event_of(Progress(GenerationStatus.COMPLETED))


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert parse_event(event_json(ABSTENTION, mood="sad")) == event_of(ABSTENTION)


async def chunked(*chunks: bytes) -> list[bytes]:
    async def given() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return [line async for line in data_lines(given(), max_line_bytes=50, max_bytes=200)]


async def test_events_are_found_however_the_stream_is_cut() -> None:
    whole = b":\n\nevent: x\ndata: one\n\nid: 7\r\ndata:two\r\n\r\ndata: three\n"
    assert await chunked(whole) == [b"one", b"two", b"three"]
    assert await chunked(*(whole[at : at + 1] for at in range(len(whole)))) == [
        b"one",
        b"two",
        b"three",
    ]


async def test_a_line_that_never_ended_is_no_event() -> None:
    assert await chunked(b"data: one\n\ndata: tw") == [b"one"]


@pytest.mark.parametrize(
    "chunks", [[b"x" * 40, b"y" * 40, b"z"], [b":\n" * 60, b":\n" * 60]], ids=["line", "stream"]
)
async def test_more_than_any_answer_has_is_refused(chunks: list[bytes]) -> None:
    with pytest.raises(StreamOverlong):
        await chunked(*chunks)
