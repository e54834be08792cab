"""Staff, sources, and answers in any state, for tests of what people do with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.document import ContentSource, content_source
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftFrame, DraftSection
from navis_api.answers.models import AnswerRevision, AnswerState, ClaimStyle, SectionKind
from navis_api.answers.publishing import Approval
from navis_api.answers.service import write_revision
from navis_api.audit.service import SYSTEM_ACTOR
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CancerDraft, save_cancers
from navis_api.db.sessions import SYSTEM_ROWS, Database, RowViewer
from navis_api.generation.rechecking import GroundingCheck
from navis_api.kit.text import words
from navis_api.questions import repository as questions
from navis_api.questions import service as question_service
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.review.acting import Acting, RevisionTarget
from navis_api.review.deciding import decide
from navis_api.review.edits import Edits
from navis_api.review.models import Decision, StaffMember, StaffRole
from navis_api.review.people import StaffDraft, save_member
from navis_api.review.publishing import publish, retract
from navis_api.review.revising import revise
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Audience, Source, SourceVersion
from navis_api.sources.repository import views_of_versions
from navis_api.sources.service import save_document

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)

ABLATION = "Ablation destroys small liver tumors with heat."
SURGERY = "Surgery removes the part of the liver that holds the tumor."
COMES_BACK = "Liver cancer can come back after surgery."
SOURCE_KEY = "test:liver"
SOURCE_TEXT = f"""# Liver cancer treatment

{COMES_BACK}

## Treatment

{ABLATION} {SURGERY}
"""

# Subjects of tokens.
LIVER_REVIEWER = "reviewer-liver"
OTHER_LIVER_REVIEWER = "reviewer-liver-2"
CARCINOMA_REVIEWER = "reviewer-hcc"
BREAST_REVIEWER = "reviewer-breast"
ANY_REVIEWER = "reviewer-any"
FORMER_REVIEWER = "reviewer-gone"
EDITOR = "editor-1"
OTHER_EDITOR = "editor-2"
ADMINISTRATOR = "administrator-1"


def _cancer(slug: str, name: str, parent: str | None = None) -> CancerDraft:
    return CancerDraft(
        slug=slug,
        name=name,
        clinical_name=None,
        aliases=(),
        abbreviations=(),
        body_site="somewhere",
        icd10_codes=("C22",),
        summary="",
        parent=parent,
    )


_CANCERS = (
    _cancer("liver-cancer", "Liver cancer"),
    _cancer("hepatocellular-carcinoma", "Hepatocellular carcinoma", "liver-cancer"),
    _cancer("breast-cancer", "Breast cancer"),
)


@dataclass(frozen=True)
class _Person:
    subject: str
    role: StaffRole
    name: str
    cancers: tuple[str, ...] = ()
    all_cancers: bool = False
    active: bool = True


_STAFF = (
    _Person(LIVER_REVIEWER, StaffRole.REVIEWER, "Lea Ahmed", ("liver-cancer",)),
    _Person(OTHER_LIVER_REVIEWER, StaffRole.REVIEWER, "Ida Berg", ("liver-cancer",)),
    _Person(CARCINOMA_REVIEWER, StaffRole.REVIEWER, "Ben Cole", ("hepatocellular-carcinoma",)),
    _Person(BREAST_REVIEWER, StaffRole.REVIEWER, "Ana Diaz", ("breast-cancer",)),
    _Person(ANY_REVIEWER, StaffRole.REVIEWER, "Tom Eder", (), all_cancers=True),
    _Person(FORMER_REVIEWER, StaffRole.REVIEWER, "Sam Fox", (), all_cancers=True, active=False),
    _Person(EDITOR, StaffRole.EDITOR, "Eve Gray"),
    _Person(OTHER_EDITOR, StaffRole.EDITOR, "Max Hill"),
    _Person(ADMINISTRATOR, StaffRole.ADMINISTRATOR, "Ali Imam"),
)


@dataclass(frozen=True)
class Given:
    """A revision as it stands in the database."""

    question_id: UUID
    answer_id: UUID
    revision_id: UUID
    number: int
    version: int

    @property
    def target(self) -> RevisionTarget:
        return RevisionTarget(self.answer_id, self.number, self.version)


@dataclass
class World:
    """What was put into the database."""

    database: Database
    catalogue: Catalogue
    source: ContentSource
    text: str
    staff: dict[str, StaffMember] = field(default_factory=dict[str, StaffMember])
    asked: int = 0

    def rows(self, subject: str) -> RowViewer:
        """The viewer that somebody on the staff is to the database."""
        return RowViewer(role=self.staff[subject].role.lower(), subject=subject)

    def acting(self, subject: str, *, now: datetime = NOON) -> Acting:
        return Acting(self.staff[subject], now)

    def cancer_id(self, slug: str) -> UUID:
        return self.catalogue.by_slug[slug].id

    async def question(self, session: AsyncSession, text: str, cancer: str | None) -> Question:
        return await question_service.store(
            session,
            text=text,
            key=match_key(text),
            cancer_id=self.cancer_id(cancer) if cancer else None,
            locale="en",
            status=QuestionStatus.AWAITING_REVIEW,
            asked_at=NOON,
        )

    async def given(
        self,
        state: AnswerState = AnswerState.IN_REVIEW,
        *,
        text: str | None = None,
        cancer: str | None = "liver-cancer",
        author: str = "Navis AI",
        author_subject: str | None = None,
        priority: int = 5,
        sections: Sequence[DraftSection] | None = None,
        now: datetime = NOON,
    ) -> Given:
        """Store a new question with an answer that has come to a state, step by step."""
        self.asked += 1
        async with self.database.writing(SYSTEM_ROWS) as session:
            question = await self.question(
                session, text or f"What is done about case {self.asked}?", cancer
            )
            return await self._revision(
                session,
                question,
                state,
                author=author,
                author_subject=author_subject,
                priority=priority,
                sections=sections,
                now=now,
            )

    async def next_given(
        self,
        before: Given,
        state: AnswerState = AnswerState.IN_REVIEW,
        *,
        sections: Sequence[DraftSection] | None = None,
        author: str = "Navis AI",
        now: datetime = NOON,
    ) -> Given:
        """Store another revision of an answer that is there."""
        async with self.database.writing(SYSTEM_ROWS) as session:
            question = await questions.lock(session, before.question_id)
            return await self._revision(
                session,
                question,
                state,
                author=author,
                author_subject=None,
                priority=5,
                sections=sections,
                now=now,
            )

    async def _revision(
        self,
        session: AsyncSession,
        question: Question,
        state: AnswerState,
        *,
        author: str,
        author_subject: str | None,
        priority: int,
        sections: Sequence[DraftSection] | None,
        now: datetime,
    ) -> Given:
        revision = await write_revision(
            session,
            question.id,
            sections or self.sections(ABLATION, SURGERY),
            DraftFrame(
                title=question.text,
                summary="A summary.",
                doctor_questions=("Am I a candidate?",),
                next_steps=("Ask for a second opinion.",),
            ),
            author=author,
            author_subject=author_subject,
            priority=priority,
            sources={self.source.version_id: self.source},
            now=now,
        )
        await self._bring(session, question, revision, state, now=now)
        return Given(
            question.id, revision.answer_id, revision.id, revision.number, revision.lock_version
        )

    async def _bring(
        self,
        session: AsyncSession,
        question: Question,
        revision: AnswerRevision,
        state: AnswerState,
        *,
        now: datetime,
    ) -> None:
        if state is AnswerState.DRAFT:
            return
        if state is AnswerState.SUPERSEDED:
            await publishing.move(session, revision, state, now=now)
            return
        await publishing.submit(session, revision, now=now)
        if state in (AnswerState.CHANGES_REQUESTED, AnswerState.REJECTED):
            await publishing.move(session, revision, state, now=now)
            if state is AnswerState.REJECTED:
                question.status = QuestionStatus.DECLINED
        if state not in _APPROVED:
            return
        approval = Approval("Dr Outside", "Oncologist", now, date(2027, 11, 21), subject=None)
        await publishing.approve(session, revision, approval, now=now)
        if state is AnswerState.APPROVED:
            return
        slug = question.slug or "-".join(words(question.text))
        await publishing.publish(session, revision, slug=slug, now=now)
        await question_service.mark_answered(
            session, question, slug=slug, catalogue=self.catalogue, answer_text="", now=now
        )
        if state is AnswerState.STALE:
            await publishing.expire(session, revision, reason="Its time is over.", now=now)
        if state is AnswerState.RETRACTED:
            await publishing.retract(session, revision, reason="It was wrong.", now=now)
            question.status = QuestionStatus.DECLINED
            question.answered_at = None

    def cite(self, quote: str) -> DraftCitation:
        start = self.text.index(quote)
        return DraftCitation(self.source.version_id, quote, start, start + len(quote), "Treatment")

    def claim(self, quote: str, text: str | None = None) -> DraftClaim:
        return DraftClaim(text or quote, ClaimStyle.SENTENCE, (self.cite(quote),))

    def sections(self, *quotes: str) -> list[DraftSection]:
        claims = tuple(self.claim(quote) for quote in quotes)
        return [DraftSection(SectionKind.OPTIONS, "Options", claims)]

    async def decide(
        self,
        given: Given,
        decision: Decision = Decision.APPROVE,
        *,
        by: str = LIVER_REVIEWER,
        comment: str | None = None,
        now: datetime = NOON,
    ) -> AnswerRevision:
        """Have a reviewer decide, in a transaction of their own."""
        if comment is None and decision is not Decision.APPROVE:
            comment = "Say it more plainly."
        async with self.database.writing(self.rows(by)) as session:
            return await decide(
                session,
                given.target,
                decision,
                comment,
                acting=self.acting(by, now=now),
                catalogue=self.catalogue,
                review_months=12,
            )

    async def publish(
        self,
        given: Given,
        *,
        by: str = EDITOR,
        slug: str | None = None,
        at: datetime | None = None,
        now: datetime = NOON,
    ) -> AnswerRevision:
        """Have an editor publish, in a transaction of their own."""
        async with self.database.writing(self.rows(by)) as session:
            return await publish(
                session,
                given.target,
                slug=slug,
                at=at,
                acting=self.acting(by, now=now),
                catalogue=self.catalogue,
            )

    async def retract(
        self, given: Given, *, by: str = EDITOR, reason: str = "It was wrong.", now: datetime = NOON
    ) -> AnswerRevision:
        """Have somebody take an answer back, in a transaction of their own."""
        async with self.database.writing(self.rows(by)) as session:
            return await retract(
                session,
                given.target,
                reason,
                acting=self.acting(by, now=now),
                catalogue=self.catalogue,
            )

    async def revise(
        self,
        given: Given,
        edits: Edits,
        *,
        by: str = OTHER_LIVER_REVIEWER,
        reason: str = "It was unclear.",
        now: datetime = NOON,
    ) -> AnswerRevision:
        """Have somebody write a new revision, in a transaction of their own."""
        async with self.database.writing(self.rows(by)) as session:
            return await revise(
                session,
                given.target,
                edits,
                reason,
                acting=self.acting(by, now=now),
                catalogue=self.catalogue,
                checker=GroundingCheck(),
            )

    async def revision(self, given: Given) -> AnswerRevision:
        """Return a revision as it is now."""
        async with self.database.reading(SYSTEM_ROWS) as session:
            return await session.get_one(AnswerRevision, given.revision_id)

    async def question_of(self, given: Given) -> Question:
        async with self.database.reading(SYSTEM_ROWS) as session:
            return await session.get_one(Question, given.question_id)

    async def newest(self, given: Given) -> AnswerRevision:
        async with self.database.reading(SYSTEM_ROWS) as session:
            found = await session.scalar(
                select(AnswerRevision)
                .where(AnswerRevision.answer_id == given.answer_id)
                .order_by(AnswerRevision.number.desc())
                .limit(1)
            )
        assert found is not None
        return found

    async def reread(self, given: Given) -> Given:
        """Return a revision with its version of now."""
        revision = await self.revision(given)
        return Given(
            given.question_id,
            given.answer_id,
            given.revision_id,
            given.number,
            revision.lock_version,
        )

    async def source_becomes(self, text: str) -> ContentSource:
        """Give the source a new version, and return it."""
        return await _save_source(self.database, self.catalogue, text)


_APPROVED = frozenset(
    {AnswerState.APPROVED, AnswerState.PUBLISHED, AnswerState.STALE, AnswerState.RETRACTED}
)


async def build_world(database: Database) -> World:
    """Fill an empty database with cancers, a source and the staff; answers come as given."""
    async with database.writing(SYSTEM_ROWS) as session:
        await save_cancers(session, _CANCERS, now=LONG_AGO)
    async with database.reading(SYSTEM_ROWS) as session:
        catalogue = await cancers.load_catalogue(session)
    source = await _save_source(database, catalogue, SOURCE_TEXT)
    async with database.reading() as session:
        text = (await session.get_one(SourceVersion, source.version_id)).text
    world = World(database, catalogue, source, text)
    async with database.writing(SYSTEM_ROWS) as session:
        for person in _STAFF:
            world.staff[person.subject] = await save_member(
                session,
                StaffDraft(
                    subject=person.subject,
                    role=person.role,
                    name=person.name,
                    credentials="MD" if person.role is StaffRole.REVIEWER else "",
                    cancer_ids=tuple(world.cancer_id(slug) for slug in person.cancers),
                    all_cancers=person.all_cancers,
                    active=person.active,
                ),
                actor=SYSTEM_ACTOR,
                catalogue=catalogue,
                now=LONG_AGO,
            )
    return world


async def _save_source(database: Database, catalogue: Catalogue, text: str) -> ContentSource:
    document = SourceDocument(
        key=SOURCE_KEY,
        title="Liver cancer treatment",
        publisher="A public institute",
        url="https://example.org/liver",
        licence="Public domain",
        audience=Audience.PATIENT,
        language="en",
        version=None,
        published_on=None,
        last_reviewed_on=date(2026, 1, 2),
        accessed_on=date(2026, 5, 6),
        markdown=text,
        where="a test",
    )
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, document, catalogue=catalogue, now=NOON)
        version_id = await session.scalar(
            select(SourceVersion.id)
            .join(Source, Source.id == SourceVersion.source_id)
            .where(Source.key == SOURCE_KEY, SourceVersion.superseded_at.is_(None))
        )
        assert version_id is not None
        return content_source((await views_of_versions(session, [version_id]))[version_id])
