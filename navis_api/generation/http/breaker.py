"""A circuit breaker: a server that fails again and again is left alone for a while.

Source: M. Nygard, Release It!, "Circuit Breaker". Closed, every request goes out. After
so many failures in a row it opens, and none does. When the time is over it is half
open: one request goes out as a probe, and its end decides.

One crash ends all requests that are under way. Such failures are one: only what went out
after the last failure that counted says that the server fails again.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import Enum, auto

_PROBE_RUNS_S = 1.0

Seconds = Callable[[], float]
"""Returns the seconds of a clock that is never put back."""


class BreakerOpen(Exception):
    """No request may go out; one may in `after_s` seconds."""

    def __init__(self, after_s: float) -> None:
        super().__init__()
        self.after_s = after_s


class _Verdict(Enum):
    NONE = auto()
    WELL = auto()
    FAILED = auto()


class Attempt:
    """One request, and what is said of it. The first word counts."""

    def __init__(self) -> None:
        self._verdict = _Verdict.NONE

    def succeeded(self) -> None:
        """Say that the server did what it should."""
        self._say(_Verdict.WELL)

    def failed(self) -> None:
        """Say that it didn't."""
        self._say(_Verdict.FAILED)

    @property
    def verdict(self) -> _Verdict:
        """What was said; nothing where we stopped, or the fault was ours."""
        return self._verdict

    def _say(self, verdict: _Verdict) -> None:
        if self._verdict is _Verdict.NONE:
            self._verdict = verdict


class CircuitBreaker:
    """Counts failures in a row of one server, for all who ask it from this process."""

    def __init__(self, *, failures: int, open_s: float, seconds: Seconds) -> None:
        self._allowed = failures
        self._open_s = open_s
        self._seconds = seconds
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False
        self._outages = 0

    @contextmanager
    def attempt(self) -> Generator[Attempt]:
        """Let a request out, and learn of it when the block ends. Raises BreakerOpen."""
        probe = self._admit()
        known = self._outages
        attempt = Attempt()
        try:
            yield attempt
        finally:
            self._learn(attempt.verdict, probe=probe, known=known)

    def _admit(self) -> bool:
        """Return whether the request is a probe. Raises BreakerOpen."""
        if self._opened_at is None:
            return False
        left = self._opened_at + self._open_s - self._seconds()
        if left > 0:
            raise BreakerOpen(left)
        if self._probing:
            raise BreakerOpen(_PROBE_RUNS_S)
        self._probing = True
        return True

    def _learn(self, verdict: _Verdict, *, probe: bool, known: int) -> None:
        """Count what was said; `known` is how many outages there had been when it went out."""
        if probe:
            self._probing = False
        # What began before it opened says nothing about now.
        if verdict is _Verdict.NONE or (self._opened_at is not None and not probe):
            return
        if verdict is _Verdict.WELL:
            self._failures = 0
            self._opened_at = None
            return
        if known < self._outages and not probe:
            return
        self._outages += 1
        self._failures += 1
        if probe or self._failures >= self._allowed:
            self._opened_at = self._seconds()
