"""Personal answers, as their reviewers see them."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.asking.personal.reviews.views import ReviewableAnswer
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.paging import Page
from navis_api.generation.contract import PatientFact
from navis_api.graphql.answers.parts import AnswerParts, AnswerSection, sections_of
from navis_api.graphql.cancers.types import Cancer
from navis_api.graphql.enums import (
    Assertion,
    FindingKind,
    PersonalReviewDecision,
    Temporality,
    TreatmentStatus,
    WithdrawalReason,
)
from navis_api.graphql.personal.types import UnknownFact
from navis_api.graphql.relay import Connection, Node, page_info


@strawberry.type(
    description="A fact that a personal answer was written from, in the vocabulary's words: without"
    " days, places, files and quotes."
)
class PersonalReviewFact:
    """A fact, stripped of what identifies."""

    kind: FindingKind = strawberry.field(description="What it says something about.")
    name: str = strawberry.field(description="What it is about, in plain words.")
    value: str | None = strawberry.field(
        description="What is said of it. Null where the name says all."
    )
    unit: str | None = strawberry.field(description="The unit of `value`.")
    assertion: Assertion = strawberry.field(
        description="PRESENT: it holds for the patient. ABSENT: it doesn't."
    )
    temporality: Temporality = strawberry.field(description="Whether it is of now.")
    treatment_status: TreatmentStatus | None = strawberry.field(
        description="How far a treatment has come. Null for what is none."
    )
    line: str | None = strawberry.field(description="Of a treatment, which line it is.")
    disputed: bool = strawberry.field(description="Whether the patient's records contradict it.")

    @classmethod
    def of(cls, fact: PatientFact) -> Self:
        """Return a fact as reviewers see it."""
        return cls(
            kind=fact.kind,
            name=fact.name,
            value=fact.value,
            unit=fact.unit,
            assertion=fact.assertion,
            temporality=fact.temporality,
            treatment_status=fact.treatment_status,
            line=fact.line,
            disputed=fact.disputed,
        )


@strawberry.type(
    description="A personal answer whose patient consents to a review, without anything that says"
    " whose it is. It is there for as long as the consent stands."
)
class PersonalReview(Node):
    """A question, the facts and the answer, for a reviewer of its cancer."""

    view: strawberry.Private[ReviewableAnswer]
    question: str = strawberry.field(description="The question, as its patient wrote it.")
    language: str = strawberry.field(description="The language that it was asked in.")
    cancer: Cancer | None = strawberry.field(description="The cancer it is about.")
    facts: list[PersonalReviewFact] = strawberry.field(
        description="The confirmed facts that the answer was written from."
    )
    title: str = strawberry.field(description="The answer's title.")
    summary: str = strawberry.field(description="The answer in short, in plain text.")
    author: str = strawberry.field(description="Who or what wrote it.")
    rests_on: list[str] = strawberry.field(
        description="For each section that rests on facts, its heading with what these are."
    )
    doctor_questions: list[str] = strawberry.field(description="What to ask the care team.")
    next_steps: list[str] = strawberry.field(description="What can be done next.")
    gaps: list[str] = strawberry.field(description="What the sources don't cover.")
    written_at: datetime = strawberry.field(description="When the answer was written.")
    decision: PersonalReviewDecision | None = strawberry.field(
        description="What was decided on it. Null: it waits."
    )
    reason: WithdrawalReason | None = strawberry.field(
        description="Why it was taken back from its patient, where it was."
    )

    @strawberry.field(description="The answer's parts, in reading order.")
    def sections(self) -> list[AnswerSection]:
        """Take them out of its document."""
        return sections_of(AnswerParts(self.view.answer))

    @strawberry.field(description="What isn't known and would change the answer.")
    def unknowns(self) -> list[UnknownFact]:
        """Take them out of the answer."""
        return [UnknownFact.of(each) for each in self.view.answer.unknowns]

    @classmethod
    def of(cls, view: ReviewableAnswer, catalogue: Catalogue) -> Self:
        """Return an answer as its reviewer sees it."""
        revision, review = view.answer.revision, view.review
        entry = catalogue.by_id.get(view.cancer_id) if view.cancer_id else None
        return cls(
            key=view.id,
            view=view,
            question=view.text,
            language=view.locale,
            cancer=Cancer.of(entry, catalogue) if entry else None,
            facts=[PersonalReviewFact.of(fact) for fact in view.facts],
            title=revision.title,
            summary=revision.summary,
            author=revision.author,
            rests_on=list(view.answer.rests_on),
            doctor_questions=revision.doctor_questions,
            next_steps=revision.next_steps,
            gaps=revision.gaps,
            written_at=view.written_at,
            decision=review.decision if review else None,
            reason=review.reason if review else None,
        )


@strawberry.type(description="A page of personal answers that wait for a review.")
class PersonalReviewConnection(Connection[PersonalReview]):
    """Answers, the oldest first."""

    @classmethod
    def of(cls, page: Page[ReviewableAnswer], catalogue: Catalogue) -> Self:
        """Return a page of the queue."""
        nodes = [PersonalReview.of(view, catalogue) for view in page.rows]
        return cls(nodes=nodes, cursors=page.cursors, page_info=page_info(page))
