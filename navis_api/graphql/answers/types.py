"""Answers, as clients see them."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from navis_api.answers import fixed_texts
from navis_api.answers.glossary import glossary_of
from navis_api.answers.published_repository import PublishedView, ShownAnswer
from navis_api.answers.service import body_of
from navis_api.answers.stale_notice import is_stale
from navis_api.answers.stale_notice import stale_notice as notice_of
from navis_api.answers.states import LIVE
from navis_api.answers.translated_view import TranslatedView
from navis_api.asking.personal.views import PersonalAnswerView
from navis_api.graphql.answers.desk import AnswerDesk
from navis_api.graphql.answers.errors import AnswerGone
from navis_api.graphql.answers.frame import (
    AnswerRevision,
    CallToAction,
    Disclaimer,
    Review,
    Translation,
)
from navis_api.graphql.answers.parts import (
    AnswerParts,
    AnswerSection,
    Citation,
    GlossaryEntry,
    sections_of,
)
from navis_api.graphql.at_hand import WAIT, Wait, at_hand
from navis_api.graphql.context import Info
from navis_api.graphql.enums import AnswerScope, AnswerState, TextFormat
from navis_api.graphql.personal.types import UnknownFact
from navis_api.graphql.relay import Node
from navis_api.graphql.safety.types import SafetyNotice
from navis_api.graphql.unchanging import UNCHANGING, Kept
from navis_api.kit.languages import ORIGINAL, Language
from navis_api.questions.safety.recognition import safety_notices


def _facts_changed_at_hand(answer: "Answer", info: Info) -> bool | Wait:  # noqa: ARG001 - the resolver's arguments
    """Return what is known of an answer that has no facts."""
    return WAIT if isinstance(answer.view, PersonalAnswerView) else False


@strawberry.type(description="An answer to a question: grounded, and reviewed or labelled so.")
class Answer(Node, AnswerDesk):
    """The revision of an answer that the viewer gets to see."""

    parts: strawberry.Private[AnswerParts]
    wanted: strawberry.Private[Language | None] = None
    slug: str | None = strawberry.field(
        description="The part of an address that names it, once it is published."
    )
    scope: AnswerScope = strawberry.field(description="Whom it is for.")
    state: AnswerState = strawberry.field(description="Where this revision stands.")
    reviewed: bool = strawberry.field(
        description="False until a qualified reviewer has approved this very revision:"
        " clients must label it."
    )
    revision: int = strawberry.field(description="Which wording this is, from 1.")
    language: str = strawberry.field(description="The language that it is in, such as `en`.")
    untranslated: bool = strawberry.field(
        description="Whether it is in its original language because nobody has approved a"
        " translation into the reader's: clients say so."
    )
    translation: Translation | None = strawberry.field(
        description="Who stands behind its translation. Null: it is in its original language."
    )
    title: str = strawberry.field(description="Its title.")
    summary: str = strawberry.field(description="The answer in short, in plain text.")
    author: str = strawberry.field(description="Who or what wrote it.")
    doctor_questions: list[str] = strawberry.field(description="What to ask the care team.")
    next_steps: list[str] = strawberry.field(description="What can be done next.")
    gaps: list[str] = strawberry.field(
        description="What was asked and the sources don't cover, in plain sentences."
    )
    reading_grade: float | None = strawberry.field(
        description="The US school grade that reads it with ease (Flesch-Kincaid)."
    )
    published_at: datetime | None = strawberry.field(description="When it was published.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    embed_url: str | None = strawberry.field(
        description="Its page for embedding, once it is published and pages are served."
    )

    @classmethod
    def of(cls, view: ShownAnswer, *, untranslated: bool = False) -> Self:
        """Return an answer as clients see it, in the language that the view is in."""
        answer, revision = view.answer, view.revision
        if isinstance(view, PublishedView) and not view.part.has_row:
            # Lists show many of them: without the constructor, one is made in a third of the time.
            titled = cls.__new__(cls)
            titled.__dict__ = {
                "key": answer.id,
                "view": view,
                "parts": AnswerParts(view),
                "slug": answer.slug,
                "scope": answer.scope,
                "state": revision.state,
                "reviewed": view.reviewed,
                "title": revision.title,
                "summary": revision.summary,
            }
            return titled
        translation = view.translation if isinstance(view, TranslatedView) else None
        return cls(
            key=answer.id,
            view=view,
            parts=AnswerParts(view),
            slug=answer.slug,
            scope=answer.scope,
            state=revision.state,
            reviewed=view.reviewed,
            revision=revision.number,
            language=(translation.language if translation else ORIGINAL).value,
            untranslated=untranslated,
            translation=Translation.of(translation) if translation else None,
            title=revision.title,
            summary=revision.summary,
            author=revision.author,
            doctor_questions=revision.doctor_questions,
            next_steps=revision.next_steps,
            gaps=revision.gaps,
            reading_grade=revision.reading_grade,
            published_at=revision.published_at,
            updated_at=revision.updated_at,
            embed_url=None,
        )

    @property
    def unchanging(self) -> Kept | None:
        """Where lists of it that never change are kept."""
        return self.parts.unchanging

    def _reader_language(self, info: Info) -> Language:
        """Return the language of our own words: the one that this answer was asked for in."""
        return self.wanted or info.context.language

    @strawberry.field(description="Its page for readers, once it is published.")
    def url(self, info: Info) -> str | None:
        """Put the address together."""
        if self.view.revision.state not in LIVE or self.slug is None:
            return None
        return f"{info.context.services.settings.public_address}/answers/{self.slug}"

    @strawberry.field(description="The question it answers.")
    async def question(self, info: Info) -> "Question":
        """Load it with those of the other answers of this level."""
        found = await info.context.loaders.question.load(self.view.answer.question_id)
        if found is None:
            # Taken back since the answer was loaded.
            raise AnswerGone
        return Question.of(found)

    @strawberry.field(
        description="That it waits to be checked again, since when and why, in plain words: clients"
        " must show it. Null unless it is STALE."
    )
    def stale_notice(self, info: Info) -> str | None:
        """Word it."""
        if not is_stale(self.view.revision):
            return None
        language = self._reader_language(info)
        notice = notice_of(self.view.revision, self.view.content, language)
        return notice.text if notice else None

    @strawberry.field(description="Its parts, in reading order.", metadata=UNCHANGING)
    def sections(self) -> list[AnswerSection]:
        """Take them out of its document."""
        return sections_of(self.parts)

    @strawberry.field(
        description="The whole answer as one text, with its label, references and disclaimer."
    )
    def body(
        self,
        format: Annotated[  # noqa: A002 - the contract's name
            TextFormat, strawberry.argument(description="What to render it as.")
        ] = TextFormat.MARKDOWN,
    ) -> str:
        """Render it."""
        return body_of(self.view, format)

    @strawberry.field(
        description="Every quote that it rests on, by the number of its reference.",
        metadata=UNCHANGING,
    )
    def citations(self) -> list[Citation]:
        """Take them out of its document."""
        return self.parts.citations

    @strawberry.field(
        description="What isn't known of the patient and would change their answer, the most"
        " decisive first: `doctorQuestions` lead with these. Empty in a general answer."
    )
    def unknowns(self) -> list[UnknownFact]:
        """Take them out of the answer."""
        if not isinstance(self.view, PersonalAnswerView):
            return []
        return [UnknownFact.of(each) for each in self.view.unknowns]

    @strawberry.field(
        description="Whether the patient's facts are others by now than those that a personal"
        " answer was written from: a finding was rejected or corrected, a record deleted, records"
        " contradict each other, or an unknown is known. Say so, and offer to ask again. False for"
        " a general answer.",
        metadata=at_hand(_facts_changed_at_hand),
    )
    async def facts_changed(self, info: Info) -> bool:
        """Compare them, with those of the other answers of this level."""
        personal = info.context.personal
        if personal is None or not isinstance(self.view, PersonalAnswerView):
            return False
        return await personal.facts_changed(self.view)

    @strawberry.field(
        description="Terms that its claims use without explaining them, in order of first use."
    )
    def glossary(self) -> list[GlossaryEntry]:
        """Look them up."""
        return [GlossaryEntry.of(entry) for entry in glossary_of(self.view.content.claim_texts)]

    @strawberry.field(description="What it can't do. Clients must show it.")
    def disclaimer(self, info: Info) -> Disclaimer:
        """Look up the wording."""
        text = fixed_texts.disclaimer(self.view.revision.disclaimer_id)
        return Disclaimer.of(text, self._reader_language(info))

    @strawberry.field(description="What comes before reading on: emergencies above all.")
    async def safety_notices(self, info: Info) -> list[SafetyNotice]:
        """Recognise them in the question, as it was done when it was asked."""
        question = await info.context.loaders.question.load(self.view.answer.question_id)
        if question is None:
            return []
        notices = safety_notices(
            question.text,
            question.locale,
            language=self._reader_language(info),
            names_cancer=question.cancer_id is not None,
        )
        return [SafetyNotice.of(notice) for notice in notices]

    @strawberry.field(description="What a reader is invited to do next.")
    def call_to_action(self, info: Info) -> CallToAction | None:
        """Look up the wording."""
        stored = self.view.revision.call_to_action
        if not stored:
            return None
        return CallToAction.of(fixed_texts.call_to_action(stored), self._reader_language(info))

    @strawberry.field(description="Who approved it. Null while nobody has.")
    def review(self) -> Review | None:
        """Show the approval."""
        return Review.of(self.view)

    @strawberry.field(
        description="Its revisions, oldest first: all that were ever live, with when and why they"
        " were corrected and by whom they were approved. Staff see the others too."
    )
    async def history(self, info: Info) -> list[AnswerRevision]:
        """Load them with those of the other answers of this level."""
        found = await info.context.loaders.history.load(self.view.answer.id)
        return [AnswerRevision.of(past) for past in found or ()]


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.questions.types import Question  # noqa: E402 - see above
