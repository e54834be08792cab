"""Finding the key in a request: in its `Authorization` header, or in its address.

An address is for what can't send headers of its own, such as an `<iframe>` or an
`EventSource`, and for public keys alone: addresses stand in logs and histories.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import HTTPConnection

from navis_api.graphql.refusals import BAD_REQUEST
from navis_api.graphql.request import RequestRefused
from navis_api.partners.errors import SecretKeyExposed
from navis_api.partners.key_text import is_meant_as_key

_SCHEME = "bearer "
_PARAMETER = b"key="
_PUBLIC = "nvk_pub_"
_SECRET = "nvk_sec_"  # noqa: S105 - how one begins


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as it came, good or not."""

    text: str = field(repr=False)

    @property
    def is_public(self) -> bool:
        """Whether somebody meant it as a key for browsers."""
        return self.text.startswith(_PUBLIC)


def presented_key(connection: HTTPConnection) -> PresentedKey | None:
    """Return the key that came with a request; None where none came.

    Raises RequestRefused with 400 for two of them, or a key beside a token, and
    SecretKeyExposed.
    """
    in_header = key_in(connection.headers.get("authorization"))
    if not is_key_in_address(connection.scope):
        return in_header
    in_address = _parameters(connection.scope["query_string"])
    if not in_address:
        return in_header
    if any(each.startswith(_SECRET) for each in in_address):
        raise SecretKeyExposed
    if len(in_address) > 1 or "authorization" in connection.headers:
        message = (
            "Send one key, and no token beside it: in `Authorization`, or as `key` in the address."
        )
        raise RequestRefused(400, message, code=BAD_REQUEST)
    return PresentedKey(in_address[0])


def key_in(authorization: str | None) -> PresentedKey | None:
    """Return the key in an `Authorization` header; None for anything else, such as a token."""
    if authorization is None or not authorization.lower().startswith(_SCHEME):
        return None
    text = authorization[len(_SCHEME) :].strip()
    return PresentedKey(text) if is_meant_as_key(text) else None


def is_key_in_address(scope: Mapping[str, Any]) -> bool:
    """Return whether there may be a key in a request's address. Soon seen: most have none."""
    return _PARAMETER in scope["query_string"]


def _parameters(query_string: bytes) -> list[str]:
    """Return the values of `key`. A name with escapes is another name, and keys need none."""
    return [
        each[len(_PARAMETER) :].decode("latin-1")
        for each in query_string.split(b"&")
        if each.startswith(_PARAMETER)
    ]
