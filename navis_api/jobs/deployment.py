"""Names that all processes of one deployment make alike, and nobody else can.

They stand on a secret in the database. So processes need nothing but its address to find each
other, wherever they run; and whoever reads what they share elsewhere, as in Redis, can't find
out by trying whose address or name is behind it.
"""

from dataclasses import dataclass, field
from hashlib import blake2b

from navis_api.db.raw import RawConnection, connect

_NAME_BYTES = 16
_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """All processes over one database."""

    _secret: bytes = field(repr=False)

    def digest(self, text: str, *, kind: bytes) -> bytes:
        """Return 16 bytes that stand for a text. `kind` (16 bytes at most) says of what."""
        return blake2b(
            text.encode("utf-8", "surrogatepass"),
            digest_size=_NAME_BYTES,
            key=self._secret,
            person=kind,
        ).digest()


async def deployment_over(connection: RawConnection) -> Deployment:
    """Return the deployment whose database this is. Raises what stands in CONNECTION_FAILURES."""
    return Deployment(await connection.fetchval("SELECT navis_deployment()", timeout=_TIMEOUT_S))


async def deployment_at(address: str) -> Deployment:
    """Return the deployment whose database is at `address`.

    Raises what stands in CONNECTION_FAILURES.
    """
    connection = await connect(address, purpose="deployment")
    try:
        return await deployment_over(connection)
    finally:
        connection.terminate()
