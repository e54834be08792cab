"""Reaching Redis, where it is set: redis-py, of which what we use is written down here once.

Whatever goes wrong is told as RedisAway, with a kind and a place and never a text: a library's
message may quote the address, in which the password stands. The library is imported only
where Redis is set: it brings OpenTelemetry's SDK along.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from navis_api.errors import OperatorFault
from navis_api.telemetry import describe_failure

if TYPE_CHECKING:
    from redis.asyncio import Redis

_TIMEOUT_S = 2.0
"""How long Redis may take to be reached, and to answer."""


class RedisAddressInvalid(OperatorFault):
    """`NAVIS_REDIS_URL` is not the address of a Redis server."""

    def __init__(self) -> None:
        super().__init__(
            "NAVIS_REDIS_URL is not a Redis address. It looks like"
            " rediss://user:password@host:6379/0, or redis://… without TLS."
        )


class RedisAway(Exception):
    """Redis can't be reached, or doesn't do what it is asked. `reason` holds no text of its."""

    def __init__(self, failure: BaseException) -> None:
        self.reason = describe_failure(failure)
        super().__init__(self.reason)


def redis_at(address: SecretStr) -> "Redis":
    """Return a client with connections of its own, of which none is opened yet.

    Raises RedisAddressInvalid. Close it when it is no longer needed.
    """
    text = address.get_secret_value()
    if text.partition("://")[0] not in {"redis", "rediss", "unix"}:
        raise RedisAddressInvalid
    from redis.asyncio import Redis  # noqa: PLC0415
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415

    make: Any = cast("Any", Redis).from_url
    try:
        return make(
            text,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # Who asks decides whether to ask again: a settlement must not be done twice.
            retry=Retry(NoBackoff(), 0),
            client_name="navis-api",
        )
    except (ValueError, TypeError):
        raise RedisAddressInvalid from None


@contextmanager
def told_as_away() -> Generator[None]:
    """Have what goes wrong with Redis be told as RedisAway."""
    from redis.exceptions import RedisError  # noqa: PLC0415

    try:
        yield
    except (RedisError, OSError, TimeoutError) as failure:
        raise RedisAway(failure) from None


async def ping(redis: "Redis") -> None:
    """Return when Redis has answered. Raises RedisAway."""
    asked: Any = cast("Any", redis).ping()
    with told_as_away():
        await asked
