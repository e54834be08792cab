"""How many streams each viewer has open in this process, and may have."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from navis_api.graphql.throttle.payer import Payer


class TooManyStreams(Exception):
    """A viewer has as many open as they may have: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How many of something one person may have open, and how many a payer who may be many.

    0: as many as they like.
    """

    one: int
    many: int


class OpenStreams:
    """Counts what is open, by who pays: somebody signed in, or all at one address."""

    def __init__(self, limits: StreamLimits) -> None:
        self._limits = limits
        self._open: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many are open, over all payers."""
        return self._open.total()

    @contextmanager
    def one_more(self, payer: Payer) -> Generator[None]:
        """Count one while the block runs. Raises TooManyStreams."""
        most = self._limits.many if payer.is_many else self._limits.one
        if most and self._open[payer.key] >= most:
            raise TooManyStreams(most)
        self._open[payer.key] += 1
        try:
            yield
        finally:
            self._open[payer.key] -= 1
            if not self._open[payer.key]:
                del self._open[payer.key]
