"""The use case: have an answer written for one patient, from the facts that they confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking.asked import (
    NOT_ANSWERED,
    SUGGESTIONS,
    Asked,
    AskOutcome,
    AskQuestion,
)
from navis_api.asking.errors import ConsentRequired, IdempotencyConflict
from navis_api.asking.nearness import look_near
from navis_api.asking.personal import repository
from navis_api.asking.personal.consents import NeededConsents
from navis_api.asking.personal.errors import PersonalQuestionUnknown
from navis_api.asking.personal.facts import asked_facts, cancers_of_facts
from navis_api.asking.personal.keeping import add_events, end_without_answer
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.sealed import AskedFact, AskedPersonally, asked_in, sealed_asked
from navis_api.asking.personal.tasks import request_answer
from navis_api.asking.understanding import (
    Subject,
    cancer_wanted,
    get_answered,
    hash_of_key,
    require_idempotency_key,
    require_question,
    understood,
)
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.generation.errors import GenerationUnknown
from navis_api.generation.keeping import progressed
from navis_api.generation.models import GenerationStatus
from navis_api.generation.service import CANCELLED_MESSAGE
from navis_api.kit.ids import new_id
from navis_api.questions.safety.recognition import SafetyKind, SafetyNotice
from navis_api.questions.subject import cancers_of_question
from navis_api.records.acting import Acting
from navis_api.records.models import Patient
from navis_api.records.patients import patient_with_key
from navis_api.records.profile.service import read_profile_of
from navis_api.records.sealing.patient_key import PatientKey
from navis_api.records.sealing.storage import SealedStorage


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question that may be answered: what it is about, and what must be said first."""

    asked: AskQuestion
    subject: Subject
    notices: tuple[SafetyNotice, ...]


class PersonalAskingService:
    """Has answers written for patients. Sessions act for the patient who is signed in."""

    def __init__(
        self,
        keeper: CatalogueKeeper,
        storage: SealedStorage,
        *,
        engine: str,
        consents: NeededConsents,
        max_question_chars: int,
        idempotency_ttl_s: float,
    ) -> None:
        self._keeper = keeper
        self._storage = storage
        self._engine = engine
        self._consents = consents
        self._max_question_chars = max_question_chars
        self._idempotency_ttl = timedelta(seconds=idempotency_ttl_s)

    async def ask(self, session: AsyncSession, asked: AskQuestion, acting: Acting) -> Asked:
        """Begin to write an answer for the patient who acts.

        Safety comes first, as for everybody: with the same words, before any consent is asked
        for, and nothing of it is stored. No general answer stands for a personal one; reviewed
        questions that are the same or near come along as suggestions.

        Raises InvalidInput, ConsentRequired, UnknownCancer and IdempotencyConflict; then nothing
        is stored. Raises StorageUnavailable.
        """
        text = require_question(asked, max_chars=self._max_question_chars)
        key = require_idempotency_key(asked.idempotency_key)
        notices = asked.notices(text)
        if any(notice.kind is SafetyKind.CRISIS for notice in notices):
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        subject = understood(asked, text, await self._keeper.current(session))
        if cancers_of_question(text, subject.catalogue):
            # What names a cancer isn't about something else, however it is worded.
            notices = asked.notices(text, names_cancer=True)
        kinds = {notice.kind for notice in notices}
        if kinds & NOT_ANSWERED:
            return await _reviewed_or_declined(session, subject, notices)
        if subject.cancer is None and SafetyKind.EMERGENCY in kinds:
            # Nobody in need is asked to fill in a form.
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        missing = await self._consents.missing(session, self._engine)
        if missing:
            raise ConsentRequired(missing)
        return await self._have_written(session, _Asking(asked, subject, notices), key, acting)

    async def _have_written(
        self, session: AsyncSession, asking: _Asking, key: str | None, acting: Acting
    ) -> Asked:
        # Held from here on, so that two requests with one key wait for each other.
        patient, patient_key = await patient_with_key(session, self._storage, acting)
        digest = asking.asked.digest
        if key is not None:
            before = await self._before(session, patient, patient_key, key, digest, acting)
            if before is not None:
                row, first = before
                return _outcome(row, first, asking.notices)
        profile = await read_profile_of(session, self._storage, patient.id)
        facts = asked_facts(profile.for_generation())
        cancer = _cancer(asking.subject, facts)
        asked = AskedPersonally(
            text=asking.subject.text,
            locale=asking.subject.locale,
            cancer_id=cancer.id,
            digest=digest,
            facts=facts,
            suggestion_ids=await _suggestions(session, asking.subject, cancer),
        )
        row = await self._store(session, patient, patient_key, asked, key, acting)
        return _outcome(row, asked, asking.notices)

    async def _before(
        self,
        session: AsyncSession,
        patient: Patient,
        patient_key: PatientKey,
        key: str,
        digest: str,
        acting: Acting,
    ) -> tuple[PersonalQuestion, AskedPersonally] | None:
        """Return the question that came with this key, unless that was long ago."""
        found = await repository.get_by_key(session, patient.id, hash_of_key(key))
        if found is None:
            return None
        if found.asked_at <= acting.now - self._idempotency_ttl:
            found.idempotency_hash = None
            await session.flush()
            return None
        first = asked_in(found, patient_key)
        if first.digest != digest:
            raise IdempotencyConflict
        return found, first

    async def _store(
        self,
        session: AsyncSession,
        patient: Patient,
        patient_key: PatientKey,
        asked: AskedPersonally,
        key: str | None,
        acting: Acting,
    ) -> PersonalQuestion:
        """Store the question with its first event and its job, together (law 2)."""
        id_ = new_id()
        row = PersonalQuestion(
            patient_id=patient.id,
            id=id_,
            status=GenerationStatus.QUEUED,
            engine=self._engine,
            asked_sealed=sealed_asked(asked, patient_key, patient_id=patient.id, question_id=id_),
            idempotency_hash=hash_of_key(key) if key is not None else None,
            attempts=0,
            asked_at=acting.now,
        )
        session.add(row)
        await session.flush()
        queued = [progressed(GenerationStatus.QUEUED)]
        await add_events(session, row, patient_key, queued, now=acting.now)
        await request_answer(session, id_)
        # With it, that the profile was read: the record's head is held from a note on.
        detail = {"question": id_, "facts": len(asked.facts)}
        await acting.note(session, "personal_question.ask", detail=detail)
        return row

    async def cancel(self, session: AsyncSession, question_id: UUID, acting: Acting) -> None:
        """Stop the writing of an answer; one that has ended stays as it is.

        Raises GenerationUnknown where it isn't the viewer's, and StorageUnavailable.
        """
        row = await repository.lock(session, question_id)
        if row is None:
            raise GenerationUnknown
        if row.finished_at is not None:
            return
        key = await self._storage.keys.open(row.patient_id)
        await end_without_answer(
            session, row, key, GenerationStatus.CANCELLED, CANCELLED_MESSAGE, now=acting.now
        )
        await acting.note(session, "personal_question.cancel", detail={"question": row.id})

    async def delete(self, session: AsyncSession, question_id: UUID, acting: Acting) -> None:
        """Delete a question with its answer. A worker that is at it stores nothing more.

        Raises PersonalQuestionUnknown.
        """
        row = await repository.lock(session, question_id)
        if row is None:
            raise PersonalQuestionUnknown
        await repository.remove(session, row)
        await acting.note(session, "personal_question.delete", detail={"question": question_id})


async def _reviewed_or_declined(
    session: AsyncSession, subject: Subject, notices: tuple[SafetyNotice, ...]
) -> Asked:
    """Return what nobody is answered on, unless a reviewer has answered just that."""
    same = await get_answered(session, subject)
    if same is not None:
        return Asked(AskOutcome.REVIEWED_ANSWER, same.id, safety_notices=notices)
    return Asked(AskOutcome.DECLINED, safety_notices=notices)


def _outcome(
    row: PersonalQuestion, asked: AskedPersonally, notices: tuple[SafetyNotice, ...]
) -> Asked:
    declined = row.status is GenerationStatus.ABSTAINED
    return Asked(
        AskOutcome.DECLINED if declined else AskOutcome.GENERATING,
        row.id,
        row.id,
        safety_notices=notices,
        suggestion_ids=asked.suggestion_ids,
    )


def _cancer(subject: Subject, facts: Sequence[AskedFact]) -> CatalogueEntry:
    """Return the cancer that a question is about, which the facts tell where it says none.

    Raises UnknownCancer. What it says names no cancer of the patient's.
    """
    if subject.cancer is not None:
        return subject.cancer
    own = cancers_of_facts(facts, subject.catalogue)
    if subject.cancers:
        # Of several that the question names, the patient's own is meant.
        named = {entry.id for entry in subject.cancers}
        lines = [(each, [each, *subject.catalogue.ancestors(each)]) for each in own]
        own = [each for each, line in lines if any(above.id in named for above in line)]
    if len(own) != 1:
        raise cancer_wanted(subject.cancers)
    return own[0]


async def _suggestions(
    session: AsyncSession, subject: Subject, cancer: CatalogueEntry
) -> tuple[UUID, ...]:
    """Return reviewed questions that are the same or near, best first.

    Without an embedder: it may be somebody else's server.
    """
    near = await look_near(
        session,
        subject.catalogue,
        subject.text,
        cancer=cancer,
        locale=subject.locale,
        embedder=None,
    )
    found = [near.same, *near.others] if near.same is not None else near.others
    return tuple(each.id for each in found[:SUGGESTIONS])
