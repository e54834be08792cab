"""Decisions on answers: writing a revision, and showing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import fixed_texts, repository
from navis_api.answers.document import (
    AnswerContent,
    ContentSource,
    build_content,
)
from navis_api.answers.drafts import DraftFrame, DraftSection
from navis_api.answers.errors import ClaimWithoutCitation
from navis_api.answers.models import (
    Answer,
    AnswerRevision,
    AnswerSection,
    Citation,
    Claim,
)
from navis_api.answers.personal_view import PersonalView
from navis_api.answers.published_repository import ShownAnswer
from navis_api.answers.reading import reading_grade
from navis_api.answers.rendering import Body, Reviewed, TextFormat, finished, render
from navis_api.answers.stale_notice import stale_notice
from navis_api.answers.states import FIRST

ORDINARY_PRIORITY = 5
URGENT_PRIORITY = 2
"""How soon a reviewer should see a revision: `review.models.Rank`."""


async def write_revision(
    session: AsyncSession,
    question_id: UUID,
    sections: Sequence[DraftSection],
    frame: DraftFrame,
    *,
    author: str,
    author_subject: str | None = None,
    edit_reason: str | None = None,
    priority: int = ORDINARY_PRIORITY,
    sources: Mapping[UUID, ContentSource],
    now: datetime,
    sample: bool = False,
) -> AnswerRevision:
    """Store a new draft revision of the question's answer and return it.

    `author_subject` is the person who wrote it, None for an engine or an import.

    Raises ClaimWithoutCitation; the database itself refuses a quote that isn't in its source.
    """
    for section in sections:
        for claim in section.claims:
            if not claim.citations:
                raise ClaimWithoutCitation(section.heading)
    answer = await repository.get_of_question(session, question_id)
    if answer is None:
        answer = Answer(question_id=question_id)
        session.add(answer)
        await session.flush()
    newest = await repository.newest_revision(session, answer.id)
    content = build_content(sections, sources)
    revision = AnswerRevision(
        answer_id=answer.id,
        number=newest.number + 1 if newest else 1,
        state=FIRST,
        author=author,
        author_subject=author_subject,
        edit_reason=edit_reason,
        priority=priority,
        title=frame.title,
        summary=frame.summary,
        doctor_questions=list(frame.doctor_questions),
        next_steps=list(frame.next_steps),
        gaps=list(frame.gaps),
        disclaimer_id=fixed_texts.DISCLAIMER.id,
        call_to_action=fixed_texts.UPLOAD_RECORDS.id,
        reading_grade=reading_grade(claim.text for section in sections for claim in section.claims),
        sample=sample,
        content=finished(content),
        created_at=now,
        updated_at=now,
    )
    session.add(revision)
    await session.flush()
    await _add_parts(session, revision, sections, content)
    return revision


async def _add_parts(
    session: AsyncSession,
    revision: AnswerRevision,
    sections: Sequence[DraftSection],
    content: AnswerContent,
) -> None:
    """Add the rows of a revision's content, which the drafts and the document tell alike."""
    for position, (draft, built) in enumerate(zip(sections, content.sections, strict=True)):
        section = AnswerSection(
            revision_id=revision.id, position=position, kind=draft.kind, heading=draft.heading
        )
        session.add(section)
        await session.flush()
        claims = [
            Claim(section_id=section.id, position=place, style=claim.style, text=claim.text)
            for place, claim in enumerate(draft.claims)
        ]
        session.add_all(claims)
        await session.flush()
        session.add_all(
            Citation(
                claim_id=claim.id,
                position=place,
                source_version_id=cited.source.version_id,
                number=cited.number,
                quote=cited.quote,
                start=cited.start,
                end=cited.end,
                locator=cited.locator,
            )
            for claim, shown in zip(claims, built.claims, strict=True)
            for place, cited in enumerate(content.citations_of(shown))
        )
        await session.flush()


def body_of(view: ShownAnswer, text_format: TextFormat) -> str:
    """Return the whole answer as text, with its label, references and notices."""
    revision = view.revision
    reviewed = None
    if view.reviewed and revision.approved_by and revision.approved_at:
        reviewed = Reviewed(
            reviewer=revision.approved_by,
            credentials=revision.approver_credentials or "",
            on=revision.approved_at.date().isoformat(),
        )
    call = (
        fixed_texts.call_to_action(revision.call_to_action).text
        if revision.call_to_action
        else None
    )
    return render(
        Body(
            title=revision.title,
            author=revision.author,
            summary=revision.summary,
            content=view.content,
            gaps=revision.gaps,
            doctor_questions=revision.doctor_questions,
            next_steps=revision.next_steps,
            disclaimer=fixed_texts.disclaimer(revision.disclaimer_id).text,
            call_to_action=call,
            reviewed=reviewed,
            updated_on=revision.updated_at.date().isoformat(),
            stale=stale_notice(revision, view.content),
            rests_on=view.rests_on if isinstance(view, PersonalView) else (),
        ),
        text_format,
    )
