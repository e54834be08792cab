"""Whether a revision may stand before readers, and what that makes of its question."""

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import AnswerRevision
from navis_api.questions.models import QuestionStatus
from navis_api.review import repository
from navis_api.review.errors import QuotesGone
from navis_api.review.holding import Held
from navis_api.review.staleness import lost_claims


async def require_quotes(session: AsyncSession, revision: AnswerRevision) -> None:
    """Raise QuotesGone unless all quotes stand in the current versions of their sources."""
    lost = await lost_claims(session, revision.id)
    if lost:
        raise QuotesGone(tuple(dict.fromkeys((each.section, each.claim) for each in lost)))


async def settle_question(session: AsyncSession, held: Held) -> None:
    """Say of a question what has become of it, after a revision of its answer was taken away.

    With something live it stays answered, with something that waits it awaits review, and
    with neither it is declined. While another answer is being written, it stays so.
    """
    question = held.question
    live, waits = await repository.live_and_waiting(session, held.answer.id)
    if live or question.status is QuestionStatus.GENERATING:
        return
    question.answered_at = None
    question.status = QuestionStatus.AWAITING_REVIEW if waits else QuestionStatus.DECLINED
    await session.flush()
