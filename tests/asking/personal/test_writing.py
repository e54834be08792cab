"""The job that writes a personal answer: held, resumed, and ended when it isn't allowed now."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.asking.personal.facts import have_changed
from navis_api.asking.personal.sealed import AskedFact
from navis_api.asking.personal.tasks import ANSWER_PERSONALLY, enqueue_abandoned
from navis_api.db.engine import asyncpg_address
from navis_api.generation.contract import (
    Abstention,
    Closing,
    GenerationPiece,
    GenerationRequest,
    PatientFact,
    Progress,
    Unknown,
)
from navis_api.generation.models import GenerationEventKind, GenerationStatus
from navis_api.jobs.worker import JobNotReady
from navis_api.records.extraction.findings import FindingKind
from navis_api.sources.quotes import QuoteDiffers
from tests.asking.personal.world import PRIMARY, QUESTION, PersonalWorld, extractive
from tests.engines import Hanging, Saying, Stumbling, Watched
from tests.records.world import PATIENT
from tests.waiting import PATIENCE_S

UNKNOWN = Unknown(
    kind=FindingKind.TUMOR_MARKER,
    name="Alpha-fetoprotein",
    key="afp",
    doctor_question="What is my alpha-fetoprotein?",
    reason="The sources say different things for high and low values.",
)


class Tracing:
    """The extractive engine, whose claims rest on the first fact and an invented one."""

    name = "extractive"

    def __init__(self, world: PersonalWorld, *, after_sections: int | None = None) -> None:
        self._engine = extractive(world.database)
        self._after_sections = after_sections
        self.asked: list[GenerationRequest] = []
        self.written: list[Sequence[DraftSection]] = []

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        self.asked.append(request)
        self.written.append(written)
        sections = 0
        async for piece in self._engine.write(request, written=written):
            if isinstance(piece, DraftSection):
                if sections == self._after_sections and len(self.asked) == 1:
                    message = "killed"
                    raise RuntimeError(message)
                sections += 1
                yield DraftSection(
                    piece.kind,
                    piece.heading,
                    tuple(
                        DraftClaim(claim.text, claim.style, claim.citations, (1, 99))
                        for claim in piece.claims
                    ),
                )
            elif isinstance(piece, Closing):
                yield Closing(
                    title=piece.title,
                    summary=piece.summary,
                    doctor_questions=(UNKNOWN.doctor_question, *piece.doctor_questions),
                    next_steps=piece.next_steps,
                    gaps=piece.gaps,
                    unknowns=(UNKNOWN,),
                )
            else:
                yield piece


class Doing:
    """Yields a progress, does something, and then goes on as the extractive engine does."""

    name = "extractive"

    def __init__(self, world: PersonalWorld, deed: Callable[[], Awaitable[object]]) -> None:
        self._engine = extractive(world.database)
        self._deed = deed

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        yield Progress(GenerationStatus.RETRIEVING)
        await self._deed()
        async for piece in self._engine.write(request, written=written):
            yield piece


async def test_an_answer_is_written_and_waits_for_nobody(world: PersonalWorld) -> None:
    await world.allow()
    await world.confirmed(PRIMARY)
    entry = await world.answered()
    assert entry.row.status is GenerationStatus.COMPLETED
    assert entry.row.lease_token is None
    answer = entry.answer
    assert answer is not None
    assert not answer.reviewed
    assert answer.answer.slug is None
    told = await world.events(entry.row.id)
    assert [event.sequence for event in told] == list(range(1, len(told) + 1))
    assert told[-1].payload == {"answerId": str(entry.row.id)}
    texts = [each.payload for each in told if each.kind is GenerationEventKind.TEXT_ADDED]
    sections: dict[int, str] = {}
    for text in texts:
        at = text["sectionIndex"]
        sections[at] = sections.get(at, "") + text["text"]
    assert list(sections.values()) == [each["markdown"] for each in answer.document["sections"]]


async def test_the_engine_gets_the_facts_and_claims_lead_back_to_the_findings(
    world: PersonalWorld,
) -> None:
    await world.allow()
    (finding,) = await world.confirmed(PRIMARY)
    question_id = await world.asked_id()
    engine = Tracing(world)
    await world.task(engine).run(question_id.bytes)

    (fact,) = engine.asked[0].facts
    assert (fact.number, fact.kind, fact.key) == (1, PRIMARY.kind, PRIMARY.key)
    answer = (await world.entry(question_id)).answer
    assert answer is not None
    # A number that no fact has is left out.
    assert answer.finding_ids(0, 0) == (finding,)
    assert list(answer.unknowns) == [UNKNOWN]
    assert answer.revision.doctor_questions[0] == UNKNOWN.doctor_question


async def test_another_worker_goes_on_after_what_was_told_and_keeps_the_facts(
    world: PersonalWorld,
) -> None:
    await world.allow()
    (finding,) = await world.confirmed(PRIMARY)
    question_id = await world.asked_id()
    engine = Tracing(world, after_sections=1)
    with pytest.raises(RuntimeError):
        await world.task(engine).run(question_id.bytes)
    half = await world.events(question_id)
    await world.task(engine).run(question_id.bytes)

    (told_before,) = engine.written[1]
    assert all(claim.facts == (1, 99) for claim in told_before.claims)
    whole = await world.events(question_id)
    assert whole[: len(half)] == half
    assert [event.sequence for event in whole] == list(range(1, len(whole) + 1))
    claims = [event.payload["claim"] for event in whole if "claim" in event.payload]
    assert len(set(claims)) == len(claims)
    answer = (await world.entry(question_id)).answer
    assert answer is not None
    assert answer.finding_ids(0, 0) == (finding,)


async def test_a_question_the_sources_say_nothing_about_is_declined(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    await world.task(Saying(Abstention("Nothing there."))).run(question_id.bytes)
    row = await world.row(question_id)
    assert row is not None
    assert row.status is GenerationStatus.ABSTAINED
    assert row.answer_sealed is None
    last = (await world.events(question_id))[-1]
    assert last.payload == {"code": "ABSTAINED", "message": "Nothing there.", "retryable": False}


async def test_a_job_that_always_fails_ends_after_its_attempts(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    engine = Stumbling(extractive(world.database), after_sections=0, attempts=100)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await world.task(engine, max_attempts=2).run(question_id.bytes)
    await world.task(engine, max_attempts=2).run(question_id.bytes)
    row = await world.row(question_id)
    assert row is not None
    assert row.status is GenerationStatus.FAILED
    assert len(engine.begun) == 2


async def test_two_workers_at_once_write_it_once(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    ends = await asyncio.gather(
        *(world.task().run(question_id.bytes) for _ in range(3)), return_exceptions=True
    )
    assert all(end is None or isinstance(end, JobNotReady) for end in ends)
    told = await world.events(question_id)
    assert [event.sequence for event in told] == list(range(1, len(told) + 1))
    assert [event.kind for event in told].count(GenerationEventKind.COMPLETED) == 1
    await world.task().run(question_id.bytes)
    assert await world.events(question_id) == told


async def test_a_quote_that_its_source_does_not_have_is_not_stored(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    real: list[DraftSection] = []
    async for piece in extractive(world.database).write(
        GenerationRequest(QUESTION, (await world.entry(question_id)).asked.cancer_id)
    ):
        if isinstance(piece, DraftSection):
            real.append(piece)
            break
    cited = real[0].claims[0].citations[0]
    forged = DraftCitation(
        cited.source_version_id, cited.quote + "!", cited.start, cited.end + 1, cited.locator
    )
    claim = DraftClaim("It cures.", ClaimStyle.SENTENCE, (forged,))
    section = DraftSection(SectionKind.OPTIONS, "Options", (claim,))
    engine = Saying(section, Closing("Title", "Summary", (), ()))
    with pytest.raises(QuoteDiffers):
        await world.task(engine).run(question_id.bytes)
    row = await world.row(question_id)
    assert row is not None
    assert row.answer_sealed is None


async def test_without_consent_the_job_ends_before_it_begins(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    await world.take_back()
    engine = Saying(Abstention("Never said."))
    await world.task(engine).run(question_id.bytes)
    assert engine.asked == []
    row = await world.row(question_id)
    assert row is not None
    assert row.status is GenerationStatus.CANCELLED
    assert (await world.events(question_id))[-1].payload["code"] == "CANCELLED"


async def test_consent_that_is_taken_back_meanwhile_ends_it_and_nothing_is_added(
    world: PersonalWorld,
) -> None:
    await world.allow()
    question_id = await world.asked_id()
    engine = Doing(world, world.take_back)
    await world.task(engine).run(question_id.bytes)
    row = await world.row(question_id)
    assert row is not None
    assert row.status is GenerationStatus.CANCELLED
    assert row.answer_sealed is None
    kinds = [event.kind for event in await world.events(question_id)]
    assert GenerationEventKind.TEXT_ADDED not in kinds
    assert kinds[-1] is GenerationEventKind.FAILED


async def test_consent_that_is_taken_back_stops_an_engine_that_says_nothing(
    world: PersonalWorld,
) -> None:
    await world.allow()
    question_id = await world.asked_id()
    engine = Watched(Hanging())
    writing = asyncio.create_task(world.task(engine, lease_s=0.6).run(question_id.bytes))
    await asyncio.wait_for(engine.begun.wait(), PATIENCE_S)
    await world.take_back()
    await asyncio.wait_for(writing, PATIENCE_S)
    assert engine.stopped.is_set()
    row = await world.row(question_id)
    assert row is not None
    assert row.status is GenerationStatus.CANCELLED


async def test_consent_to_the_server_elsewhere_is_looked_at_too(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    # The worker has been given a generation server since it was asked.
    elsewhere = PersonalWorld(world.database, world.folder, is_remote=True)
    engine = Saying(Abstention("Never said."))
    await elsewhere.task(engine).run(question_id.bytes)
    assert engine.asked == []


async def test_a_question_that_is_deleted_meanwhile_ends_quietly(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()

    async def delete() -> None:
        async with world.database.writing(PATIENT.rows) as session:
            await world.asking.delete(session, question_id, world.records.acting())

    await world.task(Doing(world, delete)).run(question_id.bytes)
    assert await world.row(question_id) is None
    await world.task().run(question_id.bytes)


async def test_a_patient_who_is_erased_meanwhile_leaves_nothing(
    world: PersonalWorld, sample_database_url: str
) -> None:
    await world.allow()
    question_id = await world.asked_id()
    row = await world.row(question_id)
    assert row is not None

    async def erase() -> None:
        owner = await asyncpg.connect(asyncpg_address(sample_database_url))
        await owner.execute("DELETE FROM patients WHERE id = $1", row.patient_id)
        await owner.close()
        await world.storage.keys.destroy(row.patient_id)

    await world.task(Doing(world, erase)).run(question_id.bytes)
    assert await world.row(question_id) is None


async def test_without_the_key_a_job_waits_and_gives_nothing_up(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    elsewhere = PersonalWorld(world.database, world.folder / "elsewhere")
    with pytest.raises(JobNotReady):
        await elsewhere.task().run(question_id.bytes)
    row = await world.row(question_id)
    assert row is not None
    assert (row.status, row.attempts) == (GenerationStatus.QUEUED, 0)


async def test_a_patient_stops_their_own_writing_and_no_other(world: PersonalWorld) -> None:
    await world.allow()
    question_id = await world.asked_id()
    async with world.database.writing(PATIENT.rows) as session:
        await world.asking.cancel(session, question_id, world.records.acting())
    engine = Saying(Abstention("Never said."))
    await world.task(engine).run(question_id.bytes)
    assert engine.asked == []
    assert (await world.events(question_id))[-1].payload["code"] == "CANCELLED"
    async with world.database.writing(PATIENT.rows) as session:
        await world.asking.cancel(session, question_id, world.records.acting())
    assert len(await world.events(question_id)) == 2


async def jobs(address: str) -> int:
    owner = await asyncpg.connect(asyncpg_address(address))
    found = await owner.fetchval(
        "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", ANSWER_PERSONALLY
    )
    await owner.close()
    return int(found)


async def test_what_nobody_works_on_is_put_into_the_queue_again(
    world: PersonalWorld, sample_database_url: str
) -> None:
    await world.allow()
    await world.asked_id()
    owner = await asyncpg.connect(asyncpg_address(sample_database_url))
    await owner.execute("DELETE FROM pgqueuer")
    await owner.close()
    await enqueue_abandoned(world.database, now=world.records.now - timedelta(days=1), lease_s=15)
    await enqueue_abandoned(world.database, now=world.records.now, lease_s=15)
    assert await jobs(sample_database_url) == 0
    later = world.records.now + timedelta(seconds=16)
    await enqueue_abandoned(world.database, now=later, lease_s=15)
    await enqueue_abandoned(world.database, now=later, lease_s=15)
    assert await jobs(sample_database_url) == 1


def fact(number: int, name: str, *, value: str | None = None, disputed: bool = False) -> AskedFact:
    key = name.lower()
    return AskedFact(
        PatientFact(number, FindingKind.TUMOR_MARKER, name, key, value, disputed=disputed),
        (uuid4(),),
    )


def test_facts_have_changed_when_one_is_gone_or_another_or_an_unknown_is_known() -> None:
    asked = (fact(1, "HER2", value="negative"), fact(2, "ER", value="positive"))
    her2, er = (each.fact.name for each in asked)
    same = (fact(1, er, value="positive"), fact(2, her2, value="negative"), fact(3, "Ki-67"))
    assert not have_changed(asked, [UNKNOWN], same)
    assert have_changed(asked, [], same[1:])
    assert have_changed(asked, [], (fact(1, her2, value="positive"), same[0]))
    disputed = (fact(1, her2, value="negative", disputed=True), same[0])
    assert have_changed(asked, [], disputed)
    afp = AskedFact(
        PatientFact(4, UNKNOWN.kind, UNKNOWN.name, UNKNOWN.key, "412", "ng/mL"), (uuid4(),)
    )
    assert have_changed(asked, [UNKNOWN], (*same, afp))
