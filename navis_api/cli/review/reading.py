"""Everything that a reviewer is shown of a revision, read at once."""

from dataclasses import dataclass
from uuid import UUID

from navis_api.answers import repository as answers
from navis_api.answers.differences import RevisionDifference, differences
from navis_api.answers.repository import AnswerView
from navis_api.cli.review.desk import Desk
from navis_api.questions.models import Question
from navis_api.review import comments, deciding, queue
from navis_api.review.acting import note
from navis_api.review.deciding import is_own_work
from navis_api.review.models import ClaimComment, ReviewDecision
from navis_api.review.queue import QueueEntry
from navis_api.review.staleness import LostClaim, lost_claims


@dataclass(frozen=True, slots=True)
class Reading:
    """A revision with what the staff know of it.

    `entry` is None where it doesn't wait, `difference` where it wasn't asked for or nothing
    came before. `is_own` says that whoever reads it wrote it.
    """

    view: AnswerView
    question: Question
    cancer: str | None
    entry: QueueEntry | None
    comments: list[ClaimComment]
    decisions: list[ReviewDecision]
    lost: list[LostClaim]
    difference: RevisionDifference | None
    is_own: bool

    def comments_on(self, section: int | None, claim: int | None) -> list[ClaimComment]:
        """Return what is said of a claim; of the whole without a place."""
        return [each for each in self.comments if (each.section, each.claim) == (section, claim)]

    def lost_in(self, section: int, claim: int) -> list[LostClaim]:
        """Return what no longer stands of the quotes of a claim."""
        return [each for each in self.lost if (each.section, each.claim) == (section, claim)]


async def read(desk: Desk, view: AnswerView, *, difference: bool) -> Reading:
    """Return a revision with all that is known of it, and record that it was read.

    Nothing may follow in the transaction.
    """
    session, revision = desk.session, view.revision
    question = await session.get_one(Question, view.answer.question_id)
    entries = await queue.entries_of(session, [revision.id], now=desk.acting.now)
    before = (
        await answers.view_of_revision(session, view.answer.id, revision.number - 1)
        if difference
        else None
    )
    reading = Reading(
        view=view,
        question=question,
        cancer=cancer_name(desk, question.cancer_id),
        entry=entries.get(revision.id),
        comments=(await comments.list_on(session, [revision.id])).get(revision.id, []),
        decisions=(await deciding.decisions_on(session, [revision.id])).get(revision.id, []),
        lost=await lost_claims(session, revision.id),
        difference=differences(before.revision, revision) if before else None,
        is_own=is_own_work(desk.acting.member, revision),
    )
    await note(session, desk.acting, "answer.read", revision)
    return reading


def cancer_name(desk: Desk, cancer_id: UUID | None) -> str | None:
    """Return the name of a cancer of the catalogue."""
    cancer = desk.catalogue.by_id.get(cancer_id) if cancer_id is not None else None
    return cancer.name if cancer else None
