"""The usual request, seen at once: a POST by nobody in particular whose head says little.

Most requests are of this kind, and with queries that take some ten microseconds, looking for one
header after the other would take as long as answering. What such a head asks for depends on
three headers and is remembered by them. Any other head is read header by header.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.types import Scope

from navis_api.audit.service import Origin
from navis_api.graphql.clients import KnownClients
from navis_api.graphql.negotiation import Accepted, negotiate
from navis_api.graphql.request import is_json
from navis_api.kit.languages import Language, preferred_language
from navis_api.kit.raw_request import REQUEST_ID
from navis_api.metrics import ClientLabel

_REQUEST_ID = REQUEST_ID.encode()

# Who it is, from which page it comes, and what else changes how a request is read.
_MEANS_MORE = frozenset({b"authorization", b"content-encoding", b"last-event-id", b"origin"})


@dataclass(frozen=True, slots=True)
class UsualHead:
    """What a usual request's head says: it takes JSON, brings JSON, and tells nobody's name."""

    accepted: Accepted
    language: Language
    origin: Origin
    client: ClientLabel


def usual_head(scope: Scope, clients: KnownClients) -> UsualHead | None:
    """Return what the head of a usual request says; None where it is another."""
    # In an address there may be a partner's key.
    if scope["method"] != "POST" or scope["query_string"]:
        return None
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    given = dict(headers)
    # Which one counts of a header that is given twice, is told by whoever reads them all.
    if len(given) != len(headers) or not _MEANS_MORE.isdisjoint(given):
        return None
    get = given.get
    asked = _asked(get(b"accept"), get(b"content-type"), get(b"accept-language"))
    if asked is None:
        return None
    address: Any = scope.get("client")
    request_id = get(_REQUEST_ID)
    origin = Origin(
        address[0] if address else None,
        request_id.decode("latin-1") if request_id is not None else None,
    )
    return UsualHead(asked[0], asked[1], origin, clients.label_of_bytes(given))


@lru_cache(maxsize=256)
def _asked(
    accept: bytes | None, content_type: bytes | None, accept_language: bytes | None
) -> tuple[Accepted, Language] | None:
    """Return what these headers ask for; None unless it is JSON for JSON."""
    accepted = negotiate(_text(accept))
    if accepted.json is None or not is_json(_text(content_type) or ""):
        return None
    return accepted, preferred_language(_text(accept_language))


def _text(header: bytes | None) -> str | None:
    return header.decode("latin-1") if header is not None else None
