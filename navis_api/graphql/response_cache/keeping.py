"""What a process has to do to keep responses: hear of what changes, and hold a lease on it."""

from navis_api.answers.publication_lease import PublicationLease
from navis_api.cancers.service import CATALOGUE_CHANNEL
from navis_api.db.replicas import Replicas
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.jobs.fanout import Fanout


def hold_lease(
    cache: ResponseCache, fanout: Fanout, replicas: Replicas | None = None
) -> PublicationLease | None:
    """Have a cache and replicas be used for as long as this process holds a lease.

    Before the fanout runs, and after whatever else keeps the catalogue: it is to forget that
    first. None where nothing is to be kept and all is read from the primary: then nobody
    needs to wait for this process.
    """
    if not cache.max_bytes and replicas is None:
        return None
    fanout.on(CATALOGUE_CHANNEL, lambda _: cache.forget_all())
    lease = PublicationLease(fanout, cache, replicas)
    cache.usable = lease.is_held
    if replicas is not None:
        replicas.usable = lease.is_held
    return lease
