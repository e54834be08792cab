"""Whether what a generation server sends comes in the order of the contract."""

from collections.abc import Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.errors import RemoteFailed
from navis_api.generation.http.wire import (
    AbstentionEvent,
    ClosingEvent,
    SectionEvent,
    WireEvent,
    WireSection,
)

_MAX_EVENTS = 500


class Received:
    """What one stream has brought so far, after the sections that were `written` before."""

    def __init__(self, written: Sequence[DraftSection]) -> None:
        self._said = {_key(WireSection.model_validate(section)) for section in written}
        self._begun = False
        self._events = 0

    def require_in_order(self, event: WireEvent) -> None:
        """Raise RemoteFailed for what can't come now, or has come before."""
        self._events += 1
        if self._events > _MAX_EVENTS:
            raise RemoteFailed("more came than any answer has")
        match event:
            case SectionEvent():
                if _key(event) in self._said:
                    raise RemoteFailed("it said a section again")
                self._said.add(_key(event))
                self._begun = True
            case ClosingEvent() if not self._said:
                raise RemoteFailed("it closed an answer that has no section")
            case AbstentionEvent() if self._begun:
                raise RemoteFailed("it abstained after a section")
            case _:
                return


def _key(section: WireSection) -> tuple[object, ...]:
    return section.kind, section.heading, section.claims
