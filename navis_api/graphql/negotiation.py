"""Which media type a client wants, by the rules of GraphQL over HTTP.

Source: GraphQL over HTTP, working draft, "Accept header" and "Content negotiation";
weights and wildcards: RFC 9110, section 12.5.1.
"""

from dataclasses import dataclass

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"

_MAX_RANGES = 50


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes. `json` is the JSON media type it likes best; None: it takes none."""

    json: str | None
    event_stream: bool


def _ranges(header: str) -> list[tuple[str, float]]:
    """Return the media ranges of an Accept header with their weights."""
    ranges: list[tuple[str, float]] = []
    for part in header.split(",")[:_MAX_RANGES]:
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value.strip())
        if media:
            ranges.append((media, weight))
    return ranges


def _weight(value: str) -> float:
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _weight_of(media: str, ranges: list[tuple[str, float]]) -> float:
    """Return a type's weight: the most specific range that covers it decides."""
    given = dict(reversed(ranges))
    for candidate in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if candidate in given:
            return given[candidate]
    return 0.0


def negotiate(header: str | None) -> Accepted:
    """Return what an Accept header asks for.

    Without one, and for `*/*`, legacy clients are assumed: `application/json`.
    """
    ranges = _ranges(header or "")
    if not ranges:
        return Accepted(json=JSON, event_stream=False)
    named = {media for media, weight in ranges if weight > 0}
    legacy, modern = _weight_of(JSON, ranges), _weight_of(RESPONSE_JSON, ranges)
    stream = EVENT_STREAM in named
    if max(legacy, modern) <= 0:
        return Accepted(json=None, event_stream=stream)
    prefers_modern = RESPONSE_JSON in named and (modern > legacy or JSON not in named)
    if modern == legacy and {JSON, RESPONSE_JSON} <= named:
        order = [media for media, _ in ranges if media in {JSON, RESPONSE_JSON}]
        prefers_modern = order[0] == RESPONSE_JSON
    return Accepted(
        json=RESPONSE_JSON if prefers_modern or legacy <= 0 else JSON, event_stream=stream
    )
