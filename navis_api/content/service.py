"""Taking reviewed content in, whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers import repository as answers
from navis_api.answers import service as answer_service
from navis_api.answers.document import (
    ContentSource,
    build_content,
    content_from_json,
    content_source,
)
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftFrame, DraftSection
from navis_api.answers.errors import QuoteNotInSource
from navis_api.answers.fixed_texts import AUTHOR
from navis_api.answers.publishing import Approval
from navis_api.answers.repository import AnswerView
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CancerDraft, save_cancers
from navis_api.content.bundle import (
    BundleAnswer,
    BundleAnswerText,
    BundleCitation,
    BundleFolder,
    BundleQuestion,
    BundleReview,
    BundleSource,
)
from navis_api.content.errors import BundleInvalid
from navis_api.content.translations import import_translations
from navis_api.errors import UserFault
from navis_api.kit.text import squeeze
from navis_api.questions import repository as questions
from navis_api.questions import service as question_service
from navis_api.questions.indexing import add_search_words, known_words
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.sources import repository as sources
from navis_api.sources.documents import SourceDocument
from navis_api.sources.passages import split_passages
from navis_api.sources.service import Saved, save_document, tag_again


@dataclass(frozen=True, slots=True)
class Imported:
    """How much of a bundle was new or different."""

    cancers: int
    sources: int
    answers: int


async def import_bundle(session: AsyncSession, folder: BundleFolder, *, now: datetime) -> Imported:
    """Take a bundle in, all of it or nothing. The same bundle again changes nothing.

    Raises BundleInvalid, naming the file.
    """
    await answers.hold_publications(session)
    changed_cancers = await _import_cancers(session, folder, now=now)
    catalogue = await cancers.load_catalogue(session)
    if changed_cancers:
        await add_search_words(session, known_words(catalogue))
        await tag_again(session, catalogue)
    changed_sources = 0
    for name, source in folder.sources():
        try:
            saved = await save_document(
                session,
                _document(source, name),
                catalogue=catalogue,
                now=now,
                sample=folder.head.sample,
            )
        except UserFault as fault:
            raise BundleInvalid(name, fault.message) from None
        changed_sources += saved is not Saved.UNCHANGED
    changed_answers = 0
    for name, answer in folder.answers():
        try:
            changed_answers += await _import_answer(
                session, answer, catalogue=catalogue, sample=folder.head.sample, now=now
            )
        except UserFault as fault:
            raise BundleInvalid(name, fault.message) from None
    return Imported(changed_cancers, changed_sources, changed_answers)


async def _import_cancers(session: AsyncSession, folder: BundleFolder, *, now: datetime) -> int:
    drafts = [CancerDraft(**cancer.model_dump(by_alias=False)) for cancer in folder.cancers()]
    try:
        return await save_cancers(session, drafts, now=now)
    except UserFault as fault:
        raise BundleInvalid("cancers.json", fault.message) from None


def _document(source: BundleSource, where: str) -> SourceDocument:
    described = source.model_dump(by_alias=False, exclude={"text"})
    return SourceDocument(**described, markdown=source.text, where=where)


async def _import_answer(
    session: AsyncSession,
    bundle: BundleAnswer,
    *,
    catalogue: Catalogue,
    sample: bool,
    now: datetime,
) -> bool:
    asked = bundle.question
    cancer = catalogue.by_slug.get(asked.cancer) if asked.cancer else None
    if asked.cancer and cancer is None:
        raise BundleInvalid(asked.slug, f"names the cancer `{asked.cancer}`, which is not there")
    if bundle.review.reviewer == AUTHOR:
        raise BundleInvalid(asked.slug, "is approved by its own author")
    drafts, cited = await _drafts(session, bundle.answer)
    frame = DraftFrame(
        title=bundle.answer.title,
        summary=bundle.answer.summary,
        doctor_questions=bundle.answer.doctor_questions,
        next_steps=bundle.answer.next_steps,
        gaps=bundle.answer.gaps,
    )
    question = await _question(session, asked, cancer.id if cancer else None, now=now)
    approval = _approval(bundle.review)
    live = (await answers.views_by_question(session, [question.id])).get(question.id)
    if live is not None and _is_same(live, drafts, frame, cited, approval):
        return await import_translations(session, live.revision, bundle.translations, now=now)
    revision = await answer_service.write_revision(
        session,
        question.id,
        drafts,
        frame,
        author=AUTHOR,
        sources=cited,
        now=now,
        sample=sample,
    )
    # The review took place elsewhere: here it is taken step by step, as any is.
    await publishing.submit(session, revision, now=now)
    await publishing.approve(session, revision, approval, now=now)
    await publishing.publish(session, revision, slug=asked.slug, now=now)
    await question_service.mark_answered(
        session,
        question,
        slug=asked.slug,
        catalogue=catalogue,
        answer_text=f"{frame.title} {frame.summary}",
        now=now,
    )
    await import_translations(session, revision, bundle.translations, now=now)
    return True


async def _drafts(
    session: AsyncSession, answer: BundleAnswerText
) -> tuple[list[DraftSection], Mapping[UUID, ContentSource]]:
    keys = {
        citation.source
        for section in answer.sections
        for claim in section.claims
        for citation in claim.citations
    }
    texts = await sources.current_texts(session, sorted(keys))
    missing = sorted(keys - texts.keys())
    if missing:
        raise BundleInvalid(missing[0], "is quoted, and no source has this key")
    views = await sources.views_of_versions(session, [id_ for id_, _ in texts.values()])
    quoted = {key: _Quoted(id_, text) for key, (id_, text) in texts.items()}
    drafts = [
        DraftSection(
            kind=section.kind,
            heading=section.heading,
            claims=tuple(
                DraftClaim(
                    text=claim.text,
                    style=claim.style,
                    citations=tuple(quoted[each.source].citation(each) for each in claim.citations),
                )
                for claim in section.claims
            ),
        )
        for section in answer.sections
    ]
    return drafts, {id_: content_source(view) for id_, view in views.items()}


class _Quoted:
    """The text of a source that a bundle quotes; it is cut into passages once."""

    def __init__(self, version_id: UUID, text: str) -> None:
        self._version_id = version_id
        self._text = text
        self._passages = list(split_passages(text))

    def citation(self, citation: BundleCitation) -> DraftCitation:
        """Return where the quote stands. Raises QuoteNotInSource."""
        start = self._text.find(citation.quote)
        if start < 0:
            raise QuoteNotInSource(citation.source)
        return DraftCitation(
            source_version_id=self._version_id,
            quote=citation.quote,
            start=start,
            end=start + len(citation.quote),
            locator=self._locator(start),
        )

    def _locator(self, start: int) -> str | None:
        """Return the nearest heading above a place in the text."""
        for passage in self._passages:
            if passage.start <= start < passage.end:
                return passage.heading_path[-1] if passage.heading_path else None
        return None


async def _question(
    session: AsyncSession, asked: BundleQuestion, cancer_id: UUID | None, *, now: datetime
) -> Question:
    """Return the question that the answer is for, stored now or before."""
    text = squeeze(asked.text)
    question = await question_service.store(
        session,
        text=text,
        key=match_key(text),
        cancer_id=cancer_id,
        locale=asked.locale,
        # Until its answer is published, a little later in this transaction.
        status=QuestionStatus.AWAITING_REVIEW,
        asked_at=min(_midnight(asked.asked_on), now),
    )
    owner = await questions.get_published_by_slug(session, asked.slug)
    if owner is not None and owner.id != question.id:
        raise BundleInvalid(asked.slug, "is the slug of another question already")
    return question


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _approval(review: BundleReview) -> Approval:
    return Approval(
        by=review.reviewer,
        credentials=review.credentials,
        at=_midnight(review.reviewed_on),
        next_review_on=review.next_review_on,
    )


def _is_same(
    live: AnswerView,
    drafts: Sequence[DraftSection],
    frame: DraftFrame,
    cited: Mapping[UUID, ContentSource],
    approval: Approval,
) -> bool:
    revision = live.revision
    return live.reviewed and (
        content_from_json(revision.content) == build_content(drafts, cited)
        and revision.title == frame.title
        and revision.summary == frame.summary
        and tuple(revision.doctor_questions) == frame.doctor_questions
        and tuple(revision.next_steps) == frame.next_steps
        and tuple(revision.gaps) == frame.gaps
        and revision.approved_by == approval.by
        and revision.approver_credentials == approval.credentials
        and revision.approved_at == approval.at
        and revision.next_review_on == approval.next_review_on
    )
