"""The queue as reviewers choose from it, and the report of what is stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from navis_api.answers.models import AnswerState
from navis_api.audit.service import record
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.db.paging import CursorInvalid, PageRequest
from navis_api.review import people, queue, stuck
from navis_api.review.queue import QueueFilter
from navis_api.web.review.desk import Desk, Serving, Visit, at_desk
from navis_api.web.review.draft import page_of
from navis_api.web.review.staff_pages import StaffPages

QUEUE: Final = "/review"
STUCK: Final = "/review/stuck"

_PAGE: Final = 25
_OWN, _ALL = "", "all"
_STATES: Final = (
    AnswerState.IN_REVIEW,
    AnswerState.APPROVED,
    AnswerState.CHANGES_REQUESTED,
    AnswerState.STALE,
    AnswerState.PUBLISHED,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the queue somebody wants to see, as the address says it."""

    cancer: str
    state: AnswerState | None
    mine: bool
    free: bool
    after: str | None

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Chosen":
        """Return what the parameters of an address choose; what they can't, nothing."""
        named = parameters.get("state", "")
        return cls(
            cancer=parameters.get("cancer", _OWN),
            state=next((state for state in AnswerState if state.value == named), None),
            mine=bool(parameters.get("mine")),
            free=bool(parameters.get("free")),
            after=parameters.get("after") or None,
        )

    def page_after(self, cursor: str) -> str:
        """Return the address of the next page."""
        chosen = {
            "cancer": self.cancer,
            "state": self.state.value if self.state else "",
            "mine": "1" if self.mine else "",
            "free": "1" if self.free else "",
            "after": cursor,
        }
        return f"{QUEUE}?{urlencode({name: value for name, value in chosen.items() if value})}"


class QueuePages:
    """Serves them."""

    def __init__(self, serving: Serving, staff: StaffPages) -> None:
        self._serving = serving
        self._staff = staff

    async def show(self, visit: Visit) -> Response:
        """Return a page of the queue."""
        chosen = Chosen.of(visit.request.query_params)
        async with at_desk(self._serving, visit) as desk:
            cancer_ids = _cancer_ids(desk, chosen.cancer)
            wanted = QueueFilter(
                cancer_ids=cancer_ids,
                states=None if chosen.state is None else (chosen.state,),
                claimed_by=desk.member.subject if chosen.mine else None,
                free_for=desk.member.subject if chosen.free else None,
            )
            try:
                found = await queue.list_waiting(
                    desk.session, PageRequest(_PAGE, cursor=chosen.after), wanted, now=desk.now
                )
            except CursorInvalid:
                # Of another list, or cut short: its beginning is what it is about.
                found = await queue.list_waiting(
                    desk.session, PageRequest(_PAGE), wanted, now=desk.now
                )
            everything = await queue.counts(desk.session)
            counts = await queue.counts(desk.session, cancer_ids=cancer_ids)
            await self._note(desk, "queue.read")
        return self._staff.respond(
            visit,
            desk.member,
            "review/queue.html",
            chosen=chosen,
            entries=found.rows,
            next_page=chosen.page_after(found.cursors[-1]) if found.has_next else None,
            counts=counts,
            states=_STATES,
            cancers=_choices(desk, everything.by_cancer),
            cancer_names=_names(desk),
            has_own=people.cancers_of(desk.member, desk.catalogue) is not None,
            page_of=page_of,
        )

    async def show_stuck(self, visit: Visit) -> Response:
        """Return the report of what is stuck."""
        async with at_desk(self._serving, visit) as desk:
            found = await stuck.list_stuck(desk.session, now=desk.now)
            await self._note(desk, "queue.read_stuck")
        return self._staff.respond(
            visit, desk.member, "review/stuck.html", items=found, page_of=page_of
        )

    async def _note(self, desk: Desk, action: str) -> None:
        acting = desk.acting
        await record(desk.session, acting.actor, action, origin=acting.origin, now=desk.now)


def _cancer_ids(desk: Desk, chosen: str) -> Sequence[UUID] | None:
    """Return the cancers that are chosen, None for all; of an unknown one, one's own."""
    if chosen == _ALL:
        return None
    entry = desk.catalogue.by_slug.get(chosen)
    if entry is None:
        return people.cancers_of(desk.member, desk.catalogue)
    return desk.catalogue.family_ids(entry)


def _choices(desk: Desk, by_cancer: Mapping[UUID | None, int]) -> list[tuple[CatalogueEntry, int]]:
    """Return the cancers that something waits of, by name, those above them too."""
    counted: dict[UUID, int] = {}
    for id_, number in by_cancer.items():
        entry = desk.catalogue.by_id.get(id_) if id_ is not None else None
        if entry is None:
            continue
        for each in (entry, *desk.catalogue.ancestors(entry)):
            counted[each.id] = counted.get(each.id, 0) + number
    chosen = [(desk.catalogue.by_id[id_], number) for id_, number in counted.items()]
    return sorted(chosen, key=lambda each: each[0].name)


def _names(desk: Desk) -> Mapping[UUID, str]:
    return {id_: entry.name for id_, entry in desk.catalogue.by_id.items()}
