"""What stands around an answer: its disclaimer, invitation, review and history."""

from datetime import date, datetime
from typing import Self

import strawberry

from navis_api.answers.fixed_texts import FixedText
from navis_api.answers.history_repository import PastRevision
from navis_api.answers.published_changes import Change
from navis_api.answers.published_repository import ShownAnswer
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.graphql.enums import AnswerState
from navis_api.kit.languages import Language


@strawberry.type(description="What an answer can't do, in words that never change under one id.")
class Disclaimer:
    """A disclaimer that a client must show."""

    id: str = strawberry.field(description="Which wording it is.")
    text: str = strawberry.field(description="The wording.")

    @classmethod
    def of(cls, fixed: FixedText, language: Language) -> Self:
        """Return a fixed text as a disclaimer."""
        return cls(id=fixed.id, text=fixed.in_language(language))


@strawberry.type(description="What a reader is invited to do next.")
class CallToAction:
    """An invitation."""

    kind: str = strawberry.field(
        description="What it invites to, for clients that lead there: `UPLOAD_RECORDS`."
    )
    text: str = strawberry.field(description="The invitation in words.")

    @classmethod
    def of(cls, fixed: FixedText, language: Language) -> Self:
        """Return a fixed text as an invitation."""
        return cls(kind=fixed.id, text=fixed.in_language(language))


@strawberry.type(description="Who translated an answer, and who approved that.")
class Translation:
    """The approval of a translation."""

    question: str = strawberry.field(description="The question, translated.")
    translator: str = strawberry.field(description="Who translated it.")
    reviewer: str = strawberry.field(description="Who approved the translation.")
    credentials: str = strawberry.field(description="What qualifies that reviewer. Show it.")
    reviewed_at: datetime = strawberry.field(description="When it was approved.")

    @classmethod
    def of(cls, model: AnswerTranslation) -> Self:
        """Return what readers are told of an approved translation."""
        assert model.approved_at is not None, "readers get what is approved"
        return cls(
            question=model.question,
            translator=model.translator,
            reviewer=model.approved_by or "",
            credentials=model.approver_credentials or "",
            reviewed_at=model.approved_at,
        )


@strawberry.type(description="Who approved this very revision, and for how long that holds.")
class Review:
    """The approval of a revision."""

    reviewer: str = strawberry.field(description="The reviewer's name.")
    credentials: str = strawberry.field(description="What qualifies the reviewer. Show it.")
    reviewed_at: datetime = strawberry.field(description="When it was approved.")
    next_review_on: date = strawberry.field(description="When it has to be reviewed again.")

    @classmethod
    def of(cls, view: ShownAnswer) -> Self | None:
        """Return the approval that a revision stands on, or None where there is none."""
        revision = view.revision
        if (
            not view.reviewed
            or revision.approved_by is None
            or revision.approver_credentials is None
            or revision.approved_at is None
            or revision.next_review_on is None
        ):
            return None
        return cls(
            reviewer=revision.approved_by,
            credentials=revision.approver_credentials,
            reviewed_at=revision.approved_at,
            next_review_on=revision.next_review_on,
        )


@strawberry.type(description="One wording of an answer in its history.")
class AnswerRevision:
    """A revision."""

    revision: int = strawberry.field(description="Its number, from 1.")
    state: AnswerState = strawberry.field(description="Where it stands.")
    at: datetime = strawberry.field(description="When it came to stand there.")
    reason: str | None = strawberry.field(
        description="Why it stands there, where somebody gave a reason."
    )
    correction: str | None = strawberry.field(
        description="Why it was made of the one before: what was corrected, and for what reason."
    )
    reviewer: str | None = strawberry.field(
        description="Who approved it, the last of them. Null while nobody has."
    )
    credentials: str | None = strawberry.field(description="What qualifies the reviewer.")
    published_at: datetime | None = strawberry.field(
        description="When it was first published. Null while it never was."
    )

    @classmethod
    def of(cls, past: PastRevision) -> Self:
        """Return a revision as clients see it."""
        return cls(
            revision=past.number,
            state=past.state,
            at=past.at,
            reason=past.reason,
            correction=past.correction,
            reviewer=past.reviewer,
            credentials=past.credentials,
            published_at=past.published_at,
        )


@strawberry.type(description="That a published answer was taken back: what its page says now.")
class Retraction:
    """The tombstone of an answer."""

    slug: str = strawberry.field(description="The part of an address that named it.")
    title: str | None = strawberry.field(
        description="Its title. Null where the answer was erased altogether."
    )
    reason: str | None = strawberry.field(description="Why it was taken back, for its readers.")
    retracted_at: datetime = strawberry.field(description="When it was taken back.")

    @classmethod
    def of(cls, change: Change) -> Self:
        """Return the newest change of an answer that was taken back as clients see it."""
        return cls(
            slug=change.slug,
            title=change.title or None,
            reason=change.reason,
            retracted_at=change.at,
        )
