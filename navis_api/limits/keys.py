"""A bucket's name as a store has it: a hash that only this deployment can make."""

from navis_api.jobs.deployment import Deployment


def key_of(deployment: Deployment, name: str) -> bytes:
    """Return 16 bytes for a name, in which an address or a subject may stand."""
    return deployment.digest(name, kind=b"limits")
