"""Everything that a reviewer reads about a revision, read in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from navis_api.answers import repository as answers
from navis_api.answers.differences import RevisionDifference, differences
from navis_api.answers.models import AnswerRevision
from navis_api.answers.repository import AnswerView
from navis_api.answers.states import LIVE
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.db.paging import MAX_PAGE, PageRequest
from navis_api.questions import repository as questions
from navis_api.questions.models import Question
from navis_api.review import comments, deciding, feedback, queue
from navis_api.review.acting import note
from navis_api.review.errors import RevisionUnknown
from navis_api.review.models import AnswerFeedback, ClaimComment, ReviewDecision
from navis_api.review.queue import QueueEntry
from navis_api.review.staleness import lost_claims
from navis_api.sources.quoted import surroundings
from navis_api.web.review.claims import ShownSection, shown_sections, span_of
from navis_api.web.review.desk import Desk
from navis_api.web.review.permissions import allowed


@dataclass(frozen=True, slots=True)
class Before:
    """What was said of the revision before: whoever reads the new one asks whether it was heard."""

    number: int
    comments: Sequence[ClaimComment]
    decisions: Sequence[ReviewDecision]


@dataclass(frozen=True, slots=True)
class Draft:
    """A revision with what stands around it."""

    view: AnswerView
    question: Question
    cancer: CatalogueEntry | None
    entry: QueueEntry | None
    """Its place in the queue; None: it doesn't wait."""
    sections: Sequence[ShownSection]
    comments: Sequence[ClaimComment]
    decisions: Sequence[ReviewDecision]
    feedback: Sequence[AnswerFeedback]
    """What readers reported of the answer, and nobody has dealt with yet."""
    live: AnswerRevision | None
    newest: AnswerRevision
    compared: AnswerRevision | None
    """The revision that differences are shown to."""
    difference: RevisionDifference | None
    before: Before | None
    allowed: frozenset[str]

    @property
    def revision(self) -> AnswerRevision:
        """The revision."""
        return self.view.revision

    @property
    def address(self) -> str:
        """Where its page is."""
        return page_of(self.view.answer.id, self.revision.number)

    @property
    def general_comments(self) -> list[ClaimComment]:
        """What was said of all of it."""
        return [each for each in self.comments if each.section is None]


def page_of(answer_id: UUID, number: int) -> str:
    """Return where the page of a revision is."""
    return f"/review/answers/{answer_id}/{number}"


async def read_draft(
    desk: Desk, answer_id: UUID, number: int, *, against: int | None = None
) -> Draft:
    """Return a revision, and record who read it. Raises RevisionUnknown.

    Differences are shown to the revision `against`, without one to the live one or else the
    one before.
    """
    session = desk.session
    view = await answers.view_of_revision(session, answer_id, number)
    newest = await answers.newest_revision(session, answer_id)
    if view is None or newest is None:
        raise RevisionUnknown
    revision = view.revision
    question = (await questions.get_many(session, [view.answer.question_id]))[
        view.answer.question_id
    ]
    entry = (await queue.entries_of(session, [revision.id], now=desk.now)).get(revision.id)
    said = (await comments.list_on(session, [revision.id]))[revision.id]
    live = await _live(desk, answer_id)
    compared = await _compared(desk, view, live, against=against)
    difference = differences(compared, revision) if compared else None
    sections = shown_sections(
        view.content,
        around=await surroundings(session, map(span_of, view.content.citations)),
        lost=await lost_claims(session, revision.id),
        comments=said,
        difference=difference,
    )
    draft = Draft(
        view=view,
        question=question,
        cancer=desk.catalogue.by_id.get(question.cancer_id) if question.cancer_id else None,
        entry=entry,
        sections=sections,
        comments=said,
        decisions=(await deciding.decisions_on(session, [revision.id]))[revision.id],
        feedback=await _feedback(desk, answer_id),
        live=live,
        newest=newest,
        compared=compared,
        difference=difference,
        before=await _before(desk, view),
        allowed=allowed(desk, view, question, entry, newest=newest.number),
    )
    await note(session, desk.acting, "answer.read", revision)
    return draft


async def _before(desk: Desk, view: AnswerView) -> Before | None:
    number = view.revision.number - 1
    found = await answers.view_of_revision(desk.session, view.answer.id, number)
    if found is None:
        return None
    id_ = found.revision.id
    said = await comments.list_on(desk.session, [id_])
    decided = await deciding.decisions_on(desk.session, [id_])
    return Before(number, said[id_], decided[id_])


async def _live(desk: Desk, answer_id: UUID) -> AnswerRevision | None:
    shown = (await answers.views_by_answer(desk.session, [answer_id])).get(answer_id)
    return shown.revision if shown and shown.revision.state in LIVE else None


async def _compared(
    desk: Desk, view: AnswerView, live: AnswerRevision | None, *, against: int | None
) -> AnswerRevision | None:
    number = view.revision.number
    if against is None:
        if live is not None and live.number != number:
            return live
        against = number - 1
    if against == number or against < 1:
        return None
    found = await answers.view_of_revision(desk.session, view.answer.id, against)
    return found.revision if found else None


async def _feedback(desk: Desk, answer_id: UUID) -> Sequence[AnswerFeedback]:
    page = await feedback.read_open(
        desk.session, PageRequest(size=MAX_PAGE), acting=desk.acting, answer_id=answer_id
    )
    return page.rows
