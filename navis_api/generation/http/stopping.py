"""That the process is about to stop, as those learn of it who have something to end."""

from typing import Protocol


class Stopping(Protocol):
    """Turned on once. See `navis_api.graphql.draining.Draining`."""

    @property
    def begun(self) -> bool:
        """Whether the process is about to stop."""
        ...

    async def wait(self) -> None:
        """Return when it is."""
        ...
