"""Which store the buckets are shared by: Redis where it is set, Postgres otherwise."""

from navis_api.jobs.redis_link import redis_at
from navis_api.limits.postgres_store import PostgresStore
from navis_api.limits.redis_store import RedisStore
from navis_api.limits.store import BucketStore
from navis_api.settings import Settings


def bucket_store(settings: Settings, address: str) -> BucketStore:
    """Return the store. `address` is the database's. Raises RedisAddressInvalid."""
    if settings.redis_url is None:
        return PostgresStore(address)
    return RedisStore(redis_at(settings.redis_url), address)
