"""A personal answer as its reviewer sees it: nothing in it says whose it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.asking.personal.sealed import AskedPersonally, answer_in
from navis_api.asking.personal.views import PersonalAnswerView
from navis_api.generation.contract import PatientFact
from navis_api.records.sealing.patient_key import PatientKey


@dataclass(frozen=True, slots=True)
class ReviewableAnswer:
    """A question as it was asked, the facts without what identifies, and the answer.

    `review` is what was decided on it. The patient's id isn't in it, so nobody can show it.
    """

    id: UUID
    text: str
    locale: str
    cancer_id: UUID | None
    facts: tuple[PatientFact, ...]
    answer: PersonalAnswerView
    written_at: datetime
    review: PersonalReview | None


def reviewable(
    row: PersonalQuestion, asked: AskedPersonally, key: PatientKey, review: PersonalReview | None
) -> ReviewableAnswer:
    """Return an answer that has ended, opened. Raises SealBroken."""
    written = answer_in(row, key)
    assert written is not None, "only what has an answer is reviewed"
    assert row.finished_at is not None
    return ReviewableAnswer(
        id=row.id,
        text=asked.text,
        locale=asked.locale,
        cancer_id=asked.cancer_id,
        facts=tuple(each.fact for each in asked.facts),
        answer=PersonalAnswerView(row, written, asked, review),
        written_at=row.finished_at,
        review=review,
    )
