"""A small world to query: cancers, reviewed answers, and questions that are somebody's own."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers import service as answers
from navis_api.answers.document import (
    ContentSource,
    build_content,
    citation_to_json,
)
from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftFrame, DraftSection
from navis_api.answers.models import AnswerRevision, ClaimStyle, SectionKind
from navis_api.answers.publishing import Approval
from navis_api.cancers import repository as cancers
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CancerDraft, save_cancers
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.models import (
    Generation,
    GenerationEventKind,
    GenerationEventRow,
    GenerationStatus,
)
from navis_api.kit.ids import new_id
from navis_api.kit.text import words
from navis_api.partners.key_text import KeyEnvironment, KeyKind, new_key_text
from navis_api.partners.keys import API_VERSIONS
from navis_api.partners.models import Partner, PartnerKey
from navis_api.questions import repository as questions
from navis_api.questions import service as question_service
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.sources.models import Audience, Source, SourceVersion
from tests.graphql.client import PORTAL

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ASKER = "patient-1"
OTHER = "patient-2"
SOURCE_TEXT = "Liver cancer can come back after surgery. Ablation destroys small tumors with heat."
QUOTE = "Ablation destroys small tumors with heat."


def cancer(slug: str, name: str, *aliases: str, parent: str | None = None) -> CancerDraft:
    return CancerDraft(
        slug=slug,
        name=name,
        clinical_name=None,
        aliases=aliases,
        abbreviations=(),
        body_site="liver" if "liver" in name.lower() else "breast",
        icd10_codes=("C22",),
        summary=f"{name} in a sentence.",
        parent=parent,
    )


CANCERS = (
    cancer("breast-cancer", "Breast cancer"),
    cancer("liver-cancer", "Liver cancer", "hepatic cancer"),
    cancer("hepatocellular-carcinoma", "Hepatocellular carcinoma", parent="liver-cancer"),
)


@dataclass
class Own:
    """A question that isn't published, with its draft and the generation that wrote it."""

    question_id: UUID
    answer_id: UUID
    generation_id: UUID


@dataclass
class World:
    """What was put into the database."""

    catalogue: Catalogue
    source: ContentSource
    published: list[UUID] = field(default_factory=list[UUID])
    of_patient: Own | None = None
    of_nobody: Own | None = None
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """An Authorization header for each kind of key of a partner whose pages are at PORTAL."""

    @property
    def own(self) -> Own:
        assert self.of_patient is not None
        return self.of_patient

    @property
    def anonymous(self) -> Own:
        assert self.of_nobody is not None
        return self.of_nobody


async def build_world(database: Database) -> World:
    """Fill an empty database."""
    async with database.writing(SYSTEM_ROWS) as session:
        await save_cancers(session, CANCERS, now=NOON)
    async with database.writing(SYSTEM_ROWS) as session:
        world = World(await cancers.load_catalogue(session), await _add_source(session))
        for number, (slug, text) in enumerate(
            (
                ("liver-cancer", "My liver cancer came back, what are my options?"),
                ("hepatocellular-carcinoma", "How is hepatocellular carcinoma treated?"),
                ("hepatocellular-carcinoma", "What is ablation?"),
                ("breast-cancer", "What is breast cancer?"),
            )
        ):
            asked_at = NOON - timedelta(days=10 - number)
            world.published.append(await _publish(session, world, slug, text, asked_at=asked_at))
    async with database.writing(SYSTEM_ROWS) as session:
        world.of_patient = await _own(session, world, "Is my liver tumour growing?", ASKER)
        world.of_nobody = await _own(session, world, "Can liver cancer be cured?", None)
        world.keys = await _add_partner(session)
    return world


async def _add_partner(session: AsyncSession) -> dict[str, str]:
    partner = Partner(
        id=new_id(), name="The portal", origins=[PORTAL], created_at=NOON, updated_at=NOON
    )
    session.add(partner)
    await session.flush()
    headers: dict[str, str] = {}
    for kind in KeyKind:
        text = new_key_text(kind, KeyEnvironment.LIVE)
        session.add(
            PartnerKey(
                id=new_id(),
                partner_id=partner.id,
                kind=kind,
                environment=text.environment,
                digest=text.digest,
                last_four=text.last_four,
                scopes=["READ_CONTENT", "ASK"],
                api_version=API_VERSIONS[-1],
                created_at=NOON,
            )
        )
        headers[f"{kind.lower()} key"] = f"Bearer {text.secret}"
    return headers


async def _add_source(session: AsyncSession) -> ContentSource:
    source = Source(
        id=new_id(),
        key="test:liver",
        title="Liver cancer treatment",
        publisher="A public institute",
        url="https://example.org/liver",
        licence="Public domain",
        audience=Audience.PATIENT,
        language="en",
    )
    session.add(source)
    await session.flush()
    version = SourceVersion(
        id=new_id(),
        source_id=source.id,
        number=1,
        text=SOURCE_TEXT,
        content_hash="hash",
        version="2025",
        published_on=date(2025, 1, 2),
        last_reviewed_on=date(2025, 3, 4),
        accessed_on=date(2025, 5, 6),
    )
    session.add(version)
    await session.flush()
    return ContentSource(
        id=source.id,
        version_id=version.id,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        version=version.version,
        published_on=version.published_on,
        last_reviewed_on=version.last_reviewed_on,
        accessed_on=version.accessed_on,
        licence=source.licence,
    )


def sections(world: World) -> list[DraftSection]:
    start = SOURCE_TEXT.index(QUOTE)
    cited = DraftCitation(
        source_version_id=world.source.version_id,
        quote=QUOTE,
        start=start,
        end=start + len(QUOTE),
        locator="Treatment",
    )
    claim = DraftClaim(text=QUOTE, style=ClaimStyle.SENTENCE, citations=(cited,))
    return [DraftSection(kind=SectionKind.OPTIONS, heading="Options", claims=(claim, claim))]


async def _question(
    session: AsyncSession, world: World, slug: str, text: str, *, asked_at: datetime
) -> Question:
    question = Question(
        id=new_id(),
        text=text,
        match_key=match_key(text),
        cancer_id=world.catalogue.by_slug[slug].id,
        locale="en",
        status=QuestionStatus.GENERATING,
        asked_anonymously=False,
        asked_at=asked_at,
        search="",
    )
    session.add(question)
    await session.flush()
    return question


async def _revision(session: AsyncSession, world: World, question: Question) -> AnswerRevision:
    frame = DraftFrame(
        title=question.text,
        summary="A summary.",
        doctor_questions=("Am I a candidate?",),
        next_steps=("Ask for a second opinion.",),
        gaps=("The sources say nothing about costs.",),
    )
    return await answers.write_revision(
        session,
        question.id,
        sections(world),
        frame,
        author="A writer",
        sources={world.source.version_id: world.source},
        now=NOON,
    )


async def _publish(
    session: AsyncSession, world: World, slug: str, text: str, *, asked_at: datetime
) -> UUID:
    question = await _question(session, world, slug, text, asked_at=asked_at)
    revision = await _revision(session, world, question)
    address = "-".join(words(text))
    approval = Approval(
        by="Dr Sample", credentials="Sample", at=NOON, next_review_on=date(2027, 11, 21)
    )
    await publishing.submit(session, revision, now=NOON)
    await publishing.approve(session, revision, approval, now=NOON)
    await publishing.publish(session, revision, slug=address, now=NOON)
    await question_service.mark_answered(
        session,
        question,
        slug=address,
        catalogue=world.catalogue,
        answer_text=revision.summary,
        now=asked_at,
    )
    return question.id


async def _own(session: AsyncSession, world: World, text: str, subject: str | None) -> Own:
    """Store a question with a finished generation of five events and its unreviewed answer."""
    question = await _question(session, world, "liver-cancer", text, asked_at=NOON)
    question.asked_anonymously = subject is None
    if subject is not None:
        await questions.add_asking(session, question.id, subject)
    revision = await _revision(session, world, question)
    await publishing.submit(session, revision, now=NOON)
    question.status = QuestionStatus.AWAITING_REVIEW
    generation = Generation(
        id=new_id(),
        question_id=question.id,
        status=GenerationStatus.COMPLETED,
        engine="extractive",
        attempts=1,
        revision_id=revision.id,
        created_at=NOON,
        finished_at=NOON,
    )
    session.add(generation)
    await session.flush()
    await add_events(session, world, generation.id, answer_id=revision.answer_id)
    return Own(question.id, revision.answer_id, generation.id)


async def start_generation(database: Database, world: World, text: str) -> UUID:
    """Store an anonymous question whose generation has begun, and return the generation's id."""
    async with database.writing(SYSTEM_ROWS) as session:
        question = await _question(session, world, "liver-cancer", text, asked_at=NOON)
        question.asked_anonymously = True
        generation = Generation(
            id=new_id(),
            question_id=question.id,
            status=GenerationStatus.DRAFTING,
            engine="extractive",
            attempts=1,
            created_at=NOON,
        )
        session.add(generation)
        await session.flush()
        return generation.id


def progressed(status: str) -> tuple[GenerationEventKind, dict[str, object]]:
    return GenerationEventKind.PROGRESSED, {"status": status}


async def add_events(
    session: AsyncSession, world: World, generation_id: UUID, *, answer_id: UUID
) -> None:
    drafts = sections(world)
    content = build_content(drafts, {world.source.version_id: world.source})
    texts = [
        (
            GenerationEventKind.TEXT_ADDED,
            {
                "sectionIndex": 0,
                "sectionKind": "OPTIONS",
                "heading": "Options",
                "style": "SENTENCE",
                "text": text,
                "citations": [citation_to_json(content.citations[0])],
            },
        )
        for text in (f"{QUOTE} [1]", f" {QUOTE} [1]")
    ]
    events = [
        progressed("QUEUED"),
        progressed("DRAFTING"),
        *texts,
        (GenerationEventKind.COMPLETED, {"answerId": str(answer_id)}),
    ]
    for number, (kind, payload) in enumerate(events, start=1):
        await add_event(session, generation_id, number, kind, payload)


async def add_event(
    session: AsyncSession,
    generation_id: UUID,
    number: int,
    kind: GenerationEventKind,
    payload: dict[str, object],
) -> None:
    session.add(
        GenerationEventRow(
            generation_id=generation_id, sequence=number, kind=kind, at=NOON, payload=payload
        )
    )
    await session.flush()
