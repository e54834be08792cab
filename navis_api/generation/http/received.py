"""Whether what a generation server sends comes in the order of the contract."""

from collections.abc import Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.contract import GenerationRequest
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

    def __init__(self, request: GenerationRequest, written: Sequence[DraftSection]) -> None:
        self._facts = {fact.number for fact in request.facts}
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
                if any(not self._facts.issuperset(claim.facts) for claim in event.claims):
                    raise RemoteFailed("it rested a claim on a fact that nobody sent")
                self._said.add(_key(event))
                self._begun = True
            case ClosingEvent() if not self._said:
                raise RemoteFailed("it closed an answer that has no section")
            case ClosingEvent() if event.unknowns and not self._facts:
                raise RemoteFailed("it told of a patient where there is none")
            case ClosingEvent() if not _led_by_unknowns(event):
                raise RemoteFailed("its questions don't begin with those on what isn't known")
            case AbstentionEvent() if self._begun:
                raise RemoteFailed("it abstained after a section")
            case _:
                return


def _led_by_unknowns(closing: ClosingEvent) -> bool:
    questions = tuple(unknown.doctor_question for unknown in closing.unknowns)
    return closing.doctor_questions[: len(questions)] == questions


def _key(section: WireSection) -> tuple[object, ...]:
    # Resting on other facts makes no other statement of it.
    said = tuple((claim.text, claim.style, claim.citations) for claim in section.claims)
    return section.kind, section.heading, said
