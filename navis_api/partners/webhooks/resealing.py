"""Sealing endpoints' secrets anew, after the key that they are sealed with was changed."""

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.partners.webhooks import repository
from navis_api.partners.webhooks.secrets import Sealing, seal, unseal


async def reseal_all(database: Database, sealing: Sealing) -> int:
    """Seal the secrets of every endpoint anew, with the newest key; return of how many.

    Each while its row is held. Raises an OperatorFault where one doesn't open; then it can be
    done again from the start.
    """
    async with database.writing(SYSTEM_ROWS) as session:
        # Who began before the change may still seal one with the former key.
        await repository.wait_for_secrets(session)
    async with database.reading(SYSTEM_ROWS) as session:
        ids = await repository.all_endpoint_ids(session)
    count = 0
    for endpoint_id in ids:
        async with database.writing(SYSTEM_ROWS) as session:
            endpoint = await repository.get_endpoint(session, endpoint_id)
            if endpoint is None:
                continue
            secret = await unseal(endpoint.secret, endpoint_id, sealing)
            endpoint.secret = await seal(secret, endpoint_id, sealing)
            if endpoint.old_secret is not None:
                old = await unseal(endpoint.old_secret, endpoint_id, sealing)
                endpoint.old_secret = await seal(old, endpoint_id, sealing)
            count += 1
    return count
