"""The page of a revision, the one on which it is edited, and the forms on both."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from navis_api.errors import UserFault
from navis_api.review.errors import ClaimNotSupported, NotOnStaff, RevisionUnknown
from navis_api.web.forms import EMPTY
from navis_api.web.pages import PRIVATE
from navis_api.web.references import references_of
from navis_api.web.review import edit_form
from navis_api.web.review.desk import Desk, Serving, Visit, at_desk
from navis_api.web.review.draft import Draft, page_of, read_draft
from navis_api.web.review.faults import Refusal, refusal
from navis_api.web.review.staff_pages import Sent, StaffPages
from navis_api.web.review.steps import SAID, STEPS, Done, Order

_MAX_DIGITS: Final = 6
_NOTHING: Final = Refusal("", "", "", HTTPStatus.OK, EMPTY)
_OTHER_SESSION: Final = (
    "You have signed in anew since this form was shown, so nothing was done yet. What you typed is"
    " here: look at it, and send it once more."
)


class AnswerPages:
    """Serves them."""

    def __init__(self, serving: Serving, staff: StaffPages) -> None:
        self._serving = serving
        self._staff = staff

    async def show(self, visit: Visit) -> Response:
        """Return the page of a revision."""
        answer_id, number = _addressed(visit.request)
        against = visit.request.query_params.get("against", "")
        async with at_desk(self._serving, visit) as desk:
            draft = await read_draft(
                desk, answer_id, number, against=_number(against) if against else None
            )
        done = SAID.get(visit.request.query_params.get("done", ""))
        return self._page(visit, desk, draft, done=done)

    async def edit(self, visit: Visit) -> Response:
        """Return the page on which a revision is edited."""
        answer_id, number = _addressed(visit.request)
        async with at_desk(self._serving, visit) as desk:
            draft = await read_draft(desk, answer_id, number)
        if "edit" not in draft.allowed:
            return _see_other(draft.address)
        return self._edit_page(visit, desk, draft)

    async def take_step(self, sent: Sent) -> Response:
        """Do what a form asks for, and show what came of it."""
        answer_id, number = _addressed(sent.request)
        name = sent.request.path_params["step"]
        step = STEPS.get(name)
        if step is None:
            raise RevisionUnknown
        order = Order(answer_id, number, sent.form)
        form_id = sent.form.text("form")
        if not sent.trusted:
            refused = Refusal(form_id, name, _OTHER_SESSION, HTTPStatus.FORBIDDEN, sent.form)
            return await self._refused(sent, order, refused)
        try:
            async with at_desk(self._serving, sent) as desk:
                done = await step(desk, order)
        except (NotOnStaff, RevisionUnknown):
            raise
        except UserFault as fault:
            refused = refusal(fault, form_id=form_id, step=name, form=sent.form)
            return await self._refused(sent, order, refused, fault=fault)
        return _see_other(_address_of(answer_id, done))

    async def back(self, visit: Visit) -> Response:
        """Lead from the address that a form was sent to, loaded anew, to the revision's page."""
        return _see_other(page_of(*_addressed(visit.request)))

    async def _refused(
        self, sent: Sent, order: Order, refused: Refusal, *, fault: UserFault | None = None
    ) -> Response:
        """Show the page as it is now, with what is wrong at the form, and what was typed there."""
        async with at_desk(self._serving, sent) as desk:
            draft = await read_draft(desk, order.answer_id, order.number)
        if isinstance(fault, ClaimNotSupported):
            places = edit_form.places_before(sent.form, draft.view.content, fault.claims)
            refused = replace(refused, places=places)
        if refused.step == "revise":
            return self._edit_page(sent, desk, draft, refused=refused)
        return self._page(sent, desk, draft, refused=refused)

    def _page(
        self,
        visit: Visit,
        desk: Desk,
        draft: Draft,
        *,
        refused: Refusal = _NOTHING,
        done: str | None = None,
    ) -> Response:
        return self._staff.respond(
            visit,
            desk.member,
            "review/answer.html",
            status=refused.status,
            draft=draft,
            refused=refused,
            done=done,
            references=references_of(draft.view.content),
            page_of=page_of,
        )

    def _edit_page(
        self, visit: Visit, desk: Desk, draft: Draft, *, refused: Refusal = _NOTHING
    ) -> Response:
        return self._staff.respond(
            visit,
            desk.member,
            "review/edit.html",
            status=refused.status,
            draft=draft,
            refused=refused,
            fields=edit_form,
            page_of=page_of,
        )


def _addressed(request: Request) -> tuple[UUID, int]:
    """Return the answer and the number that an address names. Raises RevisionUnknown."""
    try:
        answer_id = UUID(request.path_params["answer_id"])
    except ValueError:
        raise RevisionUnknown from None
    return answer_id, _number(request.path_params["number"])


def _number(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > _MAX_DIGITS:
        raise RevisionUnknown
    return int(given)


def _address_of(answer_id: UUID, done: Done) -> str:
    return f"{page_of(answer_id, done.number)}?done={done.code}#{done.anchor}"


def _see_other(address: str) -> Response:
    return RedirectResponse(
        address, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": PRIVATE}
    )
