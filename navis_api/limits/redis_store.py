"""Buckets in Redis: a key each, that ends when its bucket is full."""

from typing import TYPE_CHECKING, Any, cast

from navis_api.db.raw import CONNECTION_FAILURES
from navis_api.jobs.deployment import Deployment, deployment_at
from navis_api.jobs.redis_link import RedisAway, told_as_away
from navis_api.limits.keys import key_of
from navis_api.limits.store import Seconds, StoreAway
from navis_api.telemetry import describe_failure

if TYPE_CHECKING:
    from redis.asyncio import Redis

_PREFIX = b"navis:limits:"

# As `navis_settle_buckets` does it. A value is how long it took until the bucket was full, and
# when that was, in microseconds of this server's clock. Lua writes large numbers by halves
# unless it is told how.
_SETTLE = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local adds = ARGV[1] == 'add'
local answer = {}
for number, key in ipairs(KEYS) do
  local given = tonumber(ARGV[number + 1])
  local missing = 0
  local kept = redis.call('GET', key)
  if kept then
    local then_missing, at = string.match(kept, '^(%d+) (%d+)$')
    missing = math.max(then_missing - math.max(now - at, 0), 0)
  end
  if adds then missing = math.max(missing + given, 0) else missing = math.max(missing, given) end
  if missing >= 1 then
    redis.call('SET', key, string.format('%.0f %.0f', missing, now),
      'PX', string.format('%.0f', math.ceil(missing / 1000)))
  else
    redis.call('DEL', key)
  end
  answer[number] = string.format('%.0f', missing)
end
return answer
"""


class RedisStore:
    """See `BucketStore`. `address` is the database's, which has the deployment's secret."""

    def __init__(self, redis: "Redis", address: str) -> None:
        self._redis = redis
        self._address = address
        self._deployment: Deployment | None = None
        self._script: Any = cast("Any", redis).register_script(_SETTLE)

    async def key_of(self, name: str) -> bytes:
        """See `BucketStore`."""
        if self._deployment is None:
            try:
                self._deployment = await deployment_at(self._address)
            except CONNECTION_FAILURES as failure:
                raise StoreAway(describe_failure(failure)) from None
        return key_of(self._deployment, name)

    async def add(self, taken: Seconds) -> dict[bytes, float]:
        """See `BucketStore`."""
        return await self._settle("add", taken)

    async def raise_to(self, missing: Seconds) -> dict[bytes, float]:
        """See `BucketStore`."""
        return await self._settle("raise", missing)

    async def close(self) -> None:
        """See `BucketStore`."""
        await self._redis.aclose()

    async def _settle(self, how: str, seconds: Seconds) -> dict[bytes, float]:
        keys = [_PREFIX + key for key in seconds]
        given = [f"{value * 1e6:.0f}" for value in seconds.values()]
        try:
            with told_as_away():
                found: list[bytes] = await self._script(keys=keys, args=[how, *given])
        except RedisAway as away:
            raise StoreAway(away.reason) from None
        return {key: int(value) / 1e6 for key, value in zip(seconds, found, strict=True)}
