"""What looks for malware: a port, and what it says."""

from collections.abc import AsyncIterator
from enum import Enum
from typing import Protocol

from navis_api.errors import NavisError


class Verdict(Enum):
    """What a scanner found."""

    CLEAN = "clean"
    INFECTED = "infected"


class ScannerUnavailable(NavisError):
    """The scanner can't be reached, or broke off. Trying again later may help."""

    def __init__(self) -> None:
        super().__init__("The scanner doesn't answer.")


class TooLargeToScan(NavisError):
    """The scanner takes no stream that is so long: its limit is below ours."""

    def __init__(self) -> None:
        super().__init__("The scanner takes no stream that is so long.")


class Scanner(Protocol):
    """Looks for malware in a stream."""

    async def scan(self, pieces: AsyncIterator[bytes]) -> Verdict:
        """Return what was found. Raises ScannerUnavailable, TooLargeToScan, and what it reads."""
        ...
