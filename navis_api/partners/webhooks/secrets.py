"""An endpoint's secrets: shown once, sealed afterwards, opened to sign with.

Source: Standard Webhooks 1.0.0, "Signature scheme": 24 to 64 random bytes, in base 64 behind
`whsec_`, one for each endpoint.
"""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

PREFIX: Final = "whsec_"
_BYTES: Final = 32
_FORMAT: Final = "navis-webhooks/1"


class Sealing(Protocol):
    """Wraps keys with one that lies elsewhere than they do, as that of patients' records does.

    `bound_to` holds ids of ours. What was wrapped bound to something else doesn't open.
    """

    async def wrap(self, key: bytes, bound_to: bytes) -> bytes:
        """Return the key wrapped."""
        ...

    async def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """Return the key. Raises an OperatorFault where it doesn't open."""
        ...


@dataclass(frozen=True, slots=True)
class Secret:
    """What requests to an endpoint are signed with. It is never in a `repr`."""

    key: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "Secret":
        """Return a secret that nobody has seen."""
        return cls(secrets.token_bytes(_BYTES))

    @property
    def text(self) -> str:
        """The secret as receivers write it into their settings."""
        return PREFIX + base64.b64encode(self.key).decode()


async def seal(secret: Secret, endpoint_id: UUID, sealing: Sealing) -> bytes:
    """Return a secret as it is stored."""
    return await sealing.wrap(secret.key, _bound_to(endpoint_id))


async def unseal(sealed: bytes, endpoint_id: UUID, sealing: Sealing) -> Secret:
    """Return a secret that was stored with this endpoint. Raises an OperatorFault."""
    return Secret(await sealing.unwrap(sealed, _bound_to(endpoint_id)))


def _bound_to(endpoint_id: UUID) -> bytes:
    """Return what a sealed secret is bound to: a part of the format, so it stays as it is."""
    return f"{_FORMAT}/secret/{endpoint_id}".encode()
