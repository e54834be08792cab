"""Strong entity tags, and whether a client has what one names (RFC 9110, 8.8.3 and 13.1.2)."""

import hashlib

from starlette.requests import Request


def version_of(content: bytes) -> str:
    """Return what tells a content from any other."""
    return hashlib.sha256(content).hexdigest()[:32]


def entity_tag(content: bytes) -> str:
    """Return the strong entity tag of a content."""
    return f'"{version_of(content)}"'


def has_tag(request: Request, tag: str) -> bool:
    """Return whether a client says that it has what this tag names."""
    given = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in given.split(",")}
    return tag in known or given.strip() == "*"
