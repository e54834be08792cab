"""How many exports run at a time: in this process, and of one patient's."""

from collections import Counter
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from navis_api.web.exporting import problems

_OF_ONE_PATIENT: Final = 2
"""Whoever reads slowly takes no place from others."""


class Slots:
    """The places of one process. One is held from `take` until the response has ended."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._taken = Counter[str]()

    def refusal(self, subject: str) -> Response | None:
        """Return why there is no place for somebody; None where there is one."""
        if self._taken[subject] >= _OF_ONE_PATIENT:
            return problems.own_running()
        return problems.busy() if self._taken.total() >= self._at_once else None

    def take(self, subject: str) -> "Place":
        """Take a place."""
        self._taken[subject] += 1
        return Place(self._taken, subject)


class Place:
    """A place that was taken. Giving it back twice changes nothing."""

    def __init__(self, taken: Counter[str], subject: str) -> None:
        self._taken = taken
        self._subject: str | None = subject

    def give_back(self) -> None:
        """Give it back."""
        if self._subject is None:
            return
        self._taken[self._subject] -= 1
        if not self._taken[self._subject]:
            del self._taken[self._subject]
        self._subject = None


class PlacedResponse(StreamingResponse):
    """A stream that gives its place back when it has ended, however it did."""

    place: Place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.place.give_back()
