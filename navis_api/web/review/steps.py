"""The steps that a form of the page takes, each by one service."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from navis_api.answers import repository as answers
from navis_api.answers.models import AnswerRevision
from navis_api.answers.repository import AnswerView
from navis_api.errors import InvalidInput
from navis_api.review import comments, deciding, feedback, publishing, queue, revising
from navis_api.review.acting import RevisionTarget
from navis_api.review.comments import ClaimPlace
from navis_api.review.errors import RevisionUnknown
from navis_api.review.models import Decision
from navis_api.web.forms import Form
from navis_api.web.review.desk import Desk
from navis_api.web.review.edit_form import edits_from


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: its code, the number of the revision to show, and where on its page."""

    code: str
    number: int
    anchor: str = "done"


@dataclass(frozen=True, slots=True)
class Order:
    """A form that asks for a step on a revision."""

    answer_id: UUID
    number: int
    form: Form

    @property
    def target(self) -> RevisionTarget:
        """The revision, at the version that was read."""
        version = self.form.number("version")
        if version is None:
            raise RevisionUnknown
        return RevisionTarget(self.answer_id, self.number, version)


Step: TypeAlias = Callable[[Desk, Order], Awaitable[Done]]


async def _claim(desk: Desk, order: Order) -> Done:
    view = await _view(desk, order)
    await queue.claim(
        desk.session,
        view.revision.id,
        acting=desk.acting,
        catalogue=desk.catalogue,
        lease_s=desk.settings.review_lease_s,
    )
    return Done("claimed", order.number)


async def _release(desk: Desk, order: Order) -> Done:
    view = await _view(desk, order)
    await queue.release(desk.session, view.revision.id, acting=desk.acting)
    return Done("released", order.number)


async def _comment(desk: Desk, order: Order) -> Done:
    section, claim = order.form.number("section"), order.form.number("claim")
    place = None if section is None or claim is None else ClaimPlace(section, claim)
    view = await _view(desk, order)
    added = await comments.add(
        desk.session, view.revision.id, place, order.form.text("text"), acting=desk.acting
    )
    return Done("commented", order.number, f"comment-{added.id}")


async def _resolve_comment(desk: Desk, order: Order) -> Done:
    comment = await comments.resolve(desk.session, _id(order, "comment"), acting=desk.acting)
    return Done("comment-resolved", order.number, f"comment-{comment.id}")


async def _decide(desk: Desk, order: Order) -> Done:
    chosen = order.form.text("decision")
    decision = next((each for each in Decision if each.value == chosen), None)
    if decision is None:
        raise InvalidInput("Choose what you decide.")
    revision = await deciding.decide(
        desk.session,
        order.target,
        decision,
        order.form.text("comment"),
        acting=desk.acting,
        catalogue=desk.catalogue,
        review_months=desk.settings.review_months,
    )
    return Done(_DECIDED[decision], revision.number)


async def _submit(desk: Desk, order: Order) -> Done:
    await revising.submit_for_review(
        desk.session, order.target, acting=desk.acting, catalogue=desk.catalogue
    )
    return Done("submitted", order.number)


async def _revise(desk: Desk, order: Order) -> Done:
    view = await _view(desk, order)
    written = await revising.revise(
        desk.session,
        order.target,
        edits_from(order.form, view.revision, view.content),
        order.form.text("reason"),
        acting=desk.acting,
        catalogue=desk.catalogue,
        checker=desk.claim_checker,
    )
    return Done("revised", written.number)


async def _publish(desk: Desk, order: Order) -> Done:
    await _make_public(desk, order, at=None)
    return Done("published", order.number)


async def _schedule(desk: Desk, order: Order) -> Done:
    await _make_public(desk, order, at=_time(order, now=desk.now))
    return Done("scheduled", order.number)


async def _make_public(desk: Desk, order: Order, *, at: datetime | None) -> AnswerRevision:
    return await publishing.publish(
        desk.session,
        order.target,
        slug=order.form.text("slug").strip() or None,
        at=at,
        acting=desk.acting,
        catalogue=desk.catalogue,
    )


async def _cancel(desk: Desk, order: Order) -> Done:
    await publishing.cancel_schedule(
        desk.session, order.target, acting=desk.acting, catalogue=desk.catalogue
    )
    return Done("unscheduled", order.number)


async def _retract(desk: Desk, order: Order) -> Done:
    await publishing.retract(
        desk.session,
        order.target,
        order.form.text("reason"),
        acting=desk.acting,
        catalogue=desk.catalogue,
    )
    return Done("retracted", order.number)


async def _resolve(desk: Desk, order: Order) -> Done:
    await feedback.resolve(
        desk.session,
        _id(order, "feedback"),
        order.form.text("resolution"),
        acting=desk.acting,
    )
    return Done("resolved", order.number)


STEPS: Final[Mapping[str, Step]] = {
    "claim": _claim,
    "release": _release,
    "comment": _comment,
    "resolve-comment": _resolve_comment,
    "decide": _decide,
    "submit": _submit,
    "revise": _revise,
    "publish": _publish,
    "schedule": _schedule,
    "cancel": _cancel,
    "retract": _retract,
    "resolve": _resolve,
}
"""By the last part of the address that its form is sent to."""

_DECIDED: Final[Mapping[Decision, str]] = {
    Decision.APPROVE: "approved",
    Decision.REQUEST_CHANGES: "changes-requested",
    Decision.REJECT: "rejected",
}

SAID: Final[Mapping[str, str]] = {
    "claimed": "This revision is yours for a while. Nobody else can decide on it meanwhile.",
    "released": "This revision is free for others again.",
    "commented": "Your comment is there.",
    "comment-resolved": "The comment is marked as dealt with.",
    "approved": "You approved this revision.",
    "changes-requested": "You asked for changes. The revision waits for somebody to make them.",
    "rejected": "You rejected this revision.",
    "submitted": "This revision waits for a reviewer now.",
    "revised": "Your revision is written, and waits for somebody else to review it.",
    "published": "This revision is public now.",
    "scheduled": "This revision will be published at the time you chose.",
    "unscheduled": "This revision isn't scheduled any more. It stays approved.",
    "retracted": "The answer is taken back. Its page says why.",
    "resolved": "The report is marked as dealt with.",
}
"""What the page says when a step was taken, by its code."""


async def _view(desk: Desk, order: Order) -> AnswerView:
    view = await answers.view_of_revision(desk.session, order.answer_id, order.number)
    if view is None:
        raise RevisionUnknown
    return view


def _id(order: Order, name: str) -> UUID:
    try:
        return UUID(order.form.text(name))
    except ValueError:
        raise RevisionUnknown from None


def _time(order: Order, *, now: datetime) -> datetime:
    """Return the time of a schedule, which the page has people give in UTC."""
    try:
        at = datetime.fromisoformat(order.form.text("at").strip()).replace(tzinfo=UTC)
    except ValueError:
        raise InvalidInput("Give a day and a time.") from None
    if at <= now:
        raise InvalidInput("This time is over. Choose a later one, or publish it now.")
    return at
