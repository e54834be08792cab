"""The contract of the generation service on the wire, version 1: what is sent, and its bounds.

`contract.schema.json` beside this file is made from these models (`navis-api
generation-schema`); whoever writes another server or client needs nothing else.
Neither side trusts the other: whatever comes in is read through these.
"""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
)
from pydantic.json_schema import models_json_schema

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.generation.contract import (
    Abstention,
    Closing,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
    PatientFact,
    Progress,
)
from navis_api.generation.models import GenerationStatus
from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    Temporality,
    TreatmentStatus,
)

GENERATE_PATH = "/v1/generate"
"""Where requests are sent. Another version of the contract has another path."""

EVENT_STREAM = "text/event-stream"
PROBLEM = "application/problem+json"

# Far above what any answer has; what is beyond is no answer, but an accident or an attack.
_MAX_QUESTION_CHARS = 10_000
_MAX_LINE_CHARS = 1_000
_MAX_TEXT_CHARS = 20_000
_MAX_LIST = 50
_MAX_SECTIONS = 100
_MAX_CLAIMS = 300
_MAX_OFFSET = 2**31 - 1
_MAX_FACTS = 200
_MAX_WORD_CHARS = 200

# Postgres holds no NUL. Half of a surrogate pair is refused by the parser.
_NO_NUL = r"^[^\x00]*$"

Text = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_TEXT_CHARS, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_LINE_CHARS, pattern=_NO_NUL)]
Lines = Annotated[tuple[Line, ...], Field(max_length=_MAX_LIST)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=_MAX_WORD_CHARS, pattern=_NO_NUL)]
Offset = Annotated[int, Field(ge=0, le=_MAX_OFFSET)]
FactNumber = Annotated[int, Field(ge=1, le=_MAX_FACTS)]


class _Wire(BaseModel):
    """A part of the contract. A field that is not known yet is passed over."""

    model_config = ConfigDict(frozen=True, from_attributes=True, use_attribute_docstrings=True)


class WireCitation(_Wire):
    """A quote: characters `start` to `end` of the text of that version of a source."""

    source_version_id: UUID
    quote: Text
    start: Offset
    """Offset in Unicode code points."""
    end: Offset
    locator: Line | None = None
    """The headings above the quote."""


class WireClaim(_Wire):
    """One sentence, lead-in or bullet, and the quotes that it stands on."""

    text: Text
    style: ClaimStyle
    citations: Annotated[tuple[WireCitation, ...], Field(min_length=1, max_length=_MAX_LIST)]
    facts: Annotated[tuple[FactNumber, ...], Field(max_length=_MAX_FACTS)] = ()
    """Numbers of the request's facts that it rests on."""


class WireSection(_Wire):
    """A headed part of an answer."""

    kind: SectionKind
    heading: Line
    claims: Annotated[tuple[WireClaim, ...], Field(min_length=1, max_length=_MAX_CLAIMS)]


class WireFact(_Wire):
    """A confirmed fact of the patient whom the answer is for, in the vocabulary's words.

    Nothing that identifies a person belongs in it.
    """

    model_config = ConfigDict(extra="forbid")

    number: FactNumber
    """How claims name it; each number stands once in a request."""
    kind: FindingKind
    name: Word
    """What it is about, in plain words."""
    key: Word
    """The same for machines: a cancer's, a gene's or a drug's key."""
    value: Word | None = None
    """What is said of it: `IIIC`, `negative`, `1.2`."""
    unit: Word | None = None
    assertion: Assertion = Assertion.PRESENT
    temporality: Temporality = Temporality.CURRENT
    treatment_status: TreatmentStatus | None = None
    line: Word | None = None
    """The line or phase of a treatment: `first_line`, `adjuvant`."""
    disputed: bool = False
    """Whether the patient's records say different things of it: it counts as not known."""


def _numbered_once(facts: tuple[WireFact, ...]) -> tuple[WireFact, ...]:
    if len({fact.number for fact in facts}) < len(facts):
        raise ValueError("each number stands once")
    return facts


class WireRequest(_Wire):
    """A question to answer: the body of `POST /v1/generate`."""

    model_config = ConfigDict(extra="forbid")

    generation_id: UUID | None = None
    """Stands in the log of either side."""
    engine: Line | None = None
    """Refuse with 409 unless this engine writes: the answer will bear its name."""
    text: Annotated[
        str, StringConstraints(min_length=1, max_length=_MAX_QUESTION_CHARS, pattern=_NO_NUL)
    ]
    cancer_id: UUID | None = None
    """The cancer that it is about, by its id in the catalogue; without one, in general."""
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$")]
    written: Annotated[tuple[WireSection, ...], Field(max_length=_MAX_SECTIONS)] = ()
    """Sections that the asker has read already. They stand, and nothing in them is said again."""
    facts: Annotated[
        tuple[WireFact, ...], Field(max_length=_MAX_FACTS), AfterValidator(_numbered_once)
    ] = ()
    """With them the answer is for one patient: it turns on them, and its claims name them."""


class ProgressEvent(_Wire):
    """The engine has begun this part of its work."""

    type: Literal["progress"] = "progress"
    status: Literal["RETRIEVING", "DRAFTING", "CHECKING"]


class SectionEvent(WireSection):
    """The next section, in reading order. It has passed the engine's checks."""

    type: Literal["section"] = "section"


class WireUnknown(_Wire):
    """What isn't known of the patient and would change the answer."""

    kind: FindingKind
    name: Word
    key: Word
    doctor_question: Line
    """What to ask the care team."""
    reason: Line
    """What would change with it, in a sentence."""


class ClosingEvent(_Wire):
    """The end of an answer, after at least one section: what frames them."""

    type: Literal["closing"] = "closing"
    title: Line
    summary: Text
    doctor_questions: Lines
    next_steps: Lines
    gaps: Lines = ()
    """Sentences that say plainly what was asked and isn't covered."""
    unknowns: Annotated[tuple[WireUnknown, ...], Field(max_length=_MAX_LIST)] = ()
    """Of answers for one patient; their questions lead the `doctor_questions`, in this order."""


class AbstentionEvent(_Wire):
    """The end where the sources say too little for an answer."""

    type: Literal["abstention"] = "abstention"
    message: Text


class ErrorEvent(_Wire):
    """The end where an answer could not be written. What was sent of it stands."""

    type: Literal["error"] = "error"
    code: Literal["ENGINE_FAILED", "TIMED_OUT", "STOPPING"]
    """`STOPPING`: the server is about to stop; another one, or this one later, will go on."""


class Wrong(_Wire):
    """A value of the request that isn't as it should be."""

    path: str
    """The field, such as `written.0.heading`."""
    code: str


class Problem(_Wire):
    """Why a request was refused (RFC 9457), as `application/problem+json`."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: tuple[Wrong, ...] = ()


WireEvent = ProgressEvent | SectionEvent | ClosingEvent | AbstentionEvent | ErrorEvent

_EVENT: TypeAdapter[WireEvent] = TypeAdapter(Annotated[WireEvent, Field(discriminator="type")])
_SECTIONS = TypeAdapter(tuple[DraftSection, ...])
_CLOSING = TypeAdapter(Closing)
_FACTS = TypeAdapter(tuple[PatientFact, ...])


def request_to_wire(
    request: GenerationRequest, *, engine: str, written: tuple[DraftSection, ...]
) -> bytes:
    """Return the body of a request."""
    body = WireRequest(
        generation_id=request.generation_id,
        engine=engine,
        text=request.text,
        cancer_id=request.cancer_id,
        locale=request.locale,
        written=tuple(WireSection.model_validate(section) for section in written),
        facts=tuple(WireFact.model_validate(fact) for fact in request.facts),
    )
    return body.model_dump_json().encode()


def request_of(body: WireRequest) -> tuple[GenerationRequest, tuple[DraftSection, ...]]:
    """Return what is asked, and the sections that stand already."""
    request = GenerationRequest(
        text=body.text,
        cancer_id=body.cancer_id,
        locale=body.locale,
        generation_id=body.generation_id,
        facts=_FACTS.validate_python([each.model_dump() for each in body.facts]),
    )
    return request, _SECTIONS.validate_python([each.model_dump() for each in body.written])


def event_of(piece: GenerationPiece) -> WireEvent:
    """Return a piece as an event. Raises ValidationError for one beyond the contract's bounds."""
    match piece:
        case Progress():
            return ProgressEvent.model_validate(piece)
        case DraftSection():
            return SectionEvent.model_validate(piece)
        case Closing():
            return ClosingEvent.model_validate(piece)
        case Abstention():
            return AbstentionEvent.model_validate(piece)


def parse_event(data: bytes) -> WireEvent:
    """Return the event of a frame's data. Raises ValidationError."""
    return _EVENT.validate_json(data)


def piece_of(
    event: ProgressEvent | SectionEvent | ClosingEvent | AbstentionEvent,
) -> GenerationPiece:
    """Return an event as the piece that it carries."""
    match event:
        case ProgressEvent():
            return Progress(GenerationStatus(event.status))
        case SectionEvent():
            return _SECTIONS.validate_python([event.model_dump(exclude={"type"})])[0]
        case ClosingEvent():
            return _CLOSING.validate_python(event.model_dump(exclude={"type"}))
        case AbstentionEvent():
            return Abstention(event.message)


def schema_text() -> str:
    """Return the contract as a JSON Schema document (draft 2020-12)."""
    events = (ProgressEvent, SectionEvent, ClosingEvent, AbstentionEvent, ErrorEvent)
    models = (WireRequest, *events, Problem)
    refs, schema = models_json_schema([(model, "validation") for model in models])
    for event in events:
        # It has a default for those who write one in Python, and always stands on the wire.
        schema["$defs"][event.__name__]["required"].insert(0, "type")
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Navis generation service, version 1",
        "description": (
            f"`POST {GENERATE_PATH}` takes a WireRequest and answers with server-sent events, of"
            " which each frame's `data` is one of the events: progress and sections, and at the"
            " end exactly one closing, abstention or error. A stream that ends without one of"
            " these was cut short. Refusals are Problems."
        ),
        "oneOf": [refs[model, "validation"] for model in models],
        **schema,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
