"""That what is open is to end, as those learn of it who have something to end."""

from typing import Protocol


class Stopping(Protocol):
    """Turned on once. See `navis_api.kit.draining.Draining`."""

    @property
    def begun(self) -> bool:
        """Whether it is time to end."""
        ...

    async def wait(self) -> None:
        """Return when it is."""
        ...
