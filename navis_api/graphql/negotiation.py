"""Which media type a client wants, by the rules of GraphQL over HTTP.

Source: GraphQL over HTTP, working draft, "Accept header" and "Content negotiation";
weights and wildcards: RFC 9110, section 12.5.1.
"""

from dataclasses import dataclass
from functools import lru_cache

from navis_api.graphql.incremental.formats import IncrementalFormat

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"

_MAX_RANGES = 50
_QUOTE = '"'
_SPECS = frozenset({"deferspec", "incrementalspec", "incrementaldeliveryspec"})
# What the Apollo clients and servers call them; the last two are earlier names.
_FORMATS = {
    "deferspec=20220824": IncrementalFormat.BY_PATH,
    "incrementalspec=v0.1": IncrementalFormat.BY_PATH,
    "incrementalspec=v0.2": IncrementalFormat.BY_ID,
    "incrementaldeliveryspec=3283f8a": IncrementalFormat.BY_ID,
    "incrementaldeliveryspec=20230621": IncrementalFormat.BY_ID,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes. `json` is the JSON media type it likes best; None: it takes none.

    `parts` is the form in which it takes results in parts; None: it takes none.
    """

    json: str | None
    event_stream: bool
    parts: IncrementalFormat | None = None


@dataclass(frozen=True, slots=True)
class _Range:
    media: str
    weight: float
    parameters: frozenset[str]


def _ranges(header: str) -> list[_Range]:
    """Return the media ranges of an Accept header."""
    ranges: list[_Range] = []
    for part in header.split(",")[:_MAX_RANGES]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        others: set[str] = set()
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value.strip())
            else:
                others.add(f"{name.strip()}={value.strip().strip(_QUOTE)}")
        if media:
            ranges.append(_Range(media, weight, frozenset(others)))
    return ranges


def _weight(value: str) -> float:
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _weight_of(media: str, ranges: list[_Range]) -> float:
    """Return a type's weight: the most specific range that covers it decides."""
    given = {each.media: each.weight for each in reversed(ranges)}
    for candidate in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if candidate in given:
            return given[candidate]
    return 0.0


def _parts(ranges: list[_Range]) -> IncrementalFormat | None:
    """Return the form of results in parts that is named first, the older one where none is."""
    for each in ranges:
        if each.media != MULTIPART or each.weight <= 0:
            continue
        asked = {name for name in each.parameters if name.partition("=")[0] in _SPECS}
        if not asked:
            return IncrementalFormat.BY_PATH
        for name in asked:
            if name in _FORMATS:
                return _FORMATS[name]
    return None


@lru_cache(maxsize=256)
def negotiate(header: str | None) -> Accepted:
    """Return what an Accept header asks for.

    Without one, and for `*/*`, legacy clients are assumed: `application/json`.
    """
    ranges = _ranges(header or "")
    if not ranges:
        return Accepted(json=JSON, event_stream=False)
    named = {each.media for each in ranges if each.weight > 0}
    legacy, modern = _weight_of(JSON, ranges), _weight_of(RESPONSE_JSON, ranges)
    stream = EVENT_STREAM in named
    if max(legacy, modern) <= 0:
        return Accepted(json=None, event_stream=stream, parts=_parts(ranges))
    prefers_modern = RESPONSE_JSON in named and (modern > legacy or JSON not in named)
    if modern == legacy and {JSON, RESPONSE_JSON} <= named:
        order = [each.media for each in ranges if each.media in {JSON, RESPONSE_JSON}]
        prefers_modern = order[0] == RESPONSE_JSON
    return Accepted(
        json=RESPONSE_JSON if prefers_modern or legacy <= 0 else JSON,
        event_stream=stream,
        parts=_parts(ranges),
    )
