"""Buckets in Postgres: an unlogged table, and one statement for all that were used."""

from navis_api.db.raw import CONNECTION_FAILURES, RawConnection, connect
from navis_api.jobs.deployment import Deployment, deployment_over
from navis_api.limits.keys import key_of
from navis_api.limits.store import Seconds, StoreAway
from navis_api.telemetry import describe_failure

_SETTLE = "SELECT settled, full_in_s FROM navis_settle_buckets($1::bytea[], $2::float8[], $3)"
_FORGET = "SELECT navis_forget_full_buckets()"
_FORGOTTEN_EVERY = 240
"""Settlements after which full buckets are removed: once a minute, where much is taken."""


class PostgresStore:
    """See `BucketStore`. It has a connection of its own, opened when it is needed.

    Of the pool it would get none just when it matters: while somebody floods the service.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: RawConnection | None = None
        self._deployment: Deployment | None = None
        self._settlements = 0

    async def key_of(self, name: str) -> bytes:
        """See `BucketStore`."""
        if self._deployment is None:
            try:
                self._deployment = await deployment_over(await self._connected())
            except CONNECTION_FAILURES as failure:
                raise self._away(failure) from None
        return key_of(self._deployment, name)

    async def add(self, taken: Seconds) -> dict[bytes, float]:
        """See `BucketStore`."""
        return await self._settle(taken, adds=True)

    async def raise_to(self, missing: Seconds) -> dict[bytes, float]:
        """See `BucketStore`."""
        return await self._settle(missing, adds=False)

    async def close(self) -> None:
        """See `BucketStore`."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    async def _settle(self, seconds: Seconds, *, adds: bool) -> dict[bytes, float]:
        try:
            connection = await self._connected()
            rows = await connection.fetch(_SETTLE, list(seconds), list(seconds.values()), adds)
            self._settlements += 1
            if self._settlements % _FORGOTTEN_EVERY == 0:
                await connection.fetchval(_FORGET)
        except CONNECTION_FAILURES as failure:
            raise self._away(failure) from None
        except BaseException:
            # Whoever gave up waiting leaves a statement under way: nobody else may have that.
            await self.close()
            raise
        return {bytes(row[0]): float(row[1]) for row in rows}

    async def _connected(self) -> RawConnection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._address, purpose="limits")
        return self._connection

    def _away(self, failure: Exception) -> StoreAway:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
        return StoreAway(describe_failure(failure))
