"""The use case: serve the reviewed answer of the same question, or have one written."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking import repository
from navis_api.asking.asked import (
    NOT_ANSWERED,
    SUGGESTIONS,
    Asked,
    AskOutcome,
    AskQuestion,
)
from navis_api.asking.errors import ConsentRequired, IdempotencyConflict
from navis_api.asking.nearness import Nearness, look_near
from navis_api.asking.personal import repository as personal
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
from navis_api.generation import repository as generations
from navis_api.generation import service as generation_service
from navis_api.generation.models import Generation, GenerationStatus
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.partners.webhooks import repository as webhooks
from navis_api.questions import repository as questions
from navis_api.questions import service as question_service
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.safety.recognition import (
    SafetyKind,
    SafetyNotice,
    SafetyReason,
    safety_reasons,
)
from navis_api.questions.sameness.likeness import QuestionEmbedder
from navis_api.questions.subject import cancers_of_question
from navis_api.sources import repository as sources
from navis_api.vocabulary.dying import tells_of_dying

TRY_AGAIN_AFTER = timedelta(days=1)
"""When a question is tried again whose sources said too little, or whose answer was refused."""


_ASKED = TypeAdapter(Asked)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an answer would be served or not: what was read, and what was considered.

    `exact` is the reviewed question that is the same to the letter; then nothing else counts.
    """

    cancer: CatalogueEntry | None
    exact: Question | None
    nearness: Nearness
    safety: tuple[SafetyReason, ...]


class AskingService:
    """Answers what was asked before, and has the rest answered."""

    def __init__(
        self,
        keeper: CatalogueKeeper,
        *,
        engine: str,
        max_question_chars: int,
        idempotency_ttl_s: int,
        embedder: QuestionEmbedder | None = None,
    ) -> None:
        self._keeper = keeper
        self._engine = engine
        self._max_question_chars = max_question_chars
        self._embedder = embedder
        self._idempotency_ttl = timedelta(seconds=idempotency_ttl_s)

    async def ask(
        self, session: AsyncSession, asked: AskQuestion, *, viewer: Viewer, now: datetime
    ) -> Asked:
        """Serve the reviewed answer to the same question, or begin to write one.

        Whoever is in a crisis gets help and nothing else. What asks for a dose, or isn't for
        us to answer, is declined unless a reviewer has answered just that. What is declined so
        isn't stored.

        The session acts for us, not for the viewer, since it has to know of
        questions that others asked. Raises InvalidInput, UnknownCancer,
        ConsentRequired and IdempotencyConflict; then nothing is stored.
        """
        text = require_question(asked, max_chars=self._max_question_chars)
        key = require_idempotency_key(asked.idempotency_key)
        client = viewer.client
        if key is None:
            return await self._answer(session, asked, text, viewer=viewer, now=now)
        digest = asked.digest
        await repository.hold_key(session, client, key)
        since = now - self._idempotency_ttl
        if viewer.kind is ViewerKind.PATIENT and await personal.has_key(
            session, viewer.subject or "", hash_of_key(key), since=since
        ):
            raise IdempotencyConflict
        before = await repository.get_key(session, client, key, since=since)
        if before is not None:
            if before.request_hash != digest:
                raise IdempotencyConflict
            return replace(
                _ASKED.validate_python(before.result),
                safety_notices=asked.notices(text),
            )
        result = await self._answer(session, asked, text, viewer=viewer, now=now)
        await repository.keep_key(
            session,
            client=client,
            key=key,
            request_hash=digest,
            result=_ASKED.dump_python(replace(result, safety_notices=()), mode="json"),
            question_id=result.question_id,
            now=now,
        )
        return result

    async def require_other_key(
        self, session: AsyncSession, asked: AskQuestion, *, viewer: Viewer, now: datetime
    ) -> None:
        """Raise IdempotencyConflict where a personal question's key came with a general one.

        The session acts for us.
        """
        key, since = asked.idempotency_key, now - self._idempotency_ttl
        if key and await repository.get_key(session, viewer.client, key, since=since):
            raise IdempotencyConflict

    async def _answer(
        self,
        session: AsyncSession,
        asked: AskQuestion,
        text: str,
        *,
        viewer: Viewer,
        now: datetime,
    ) -> Asked:
        notices = asked.notices(text)
        kinds = {notice.kind for notice in notices}
        if SafetyKind.CRISIS in kinds:
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        if asked.personal:
            # It belongs to `asking.personal`, and into none of the tables that others read.
            raise ConsentRequired
        subject = await self._understand(session, asked, text)
        if cancers_of_question(text, subject.catalogue):
            # What names a cancer isn't about something else, however it is worded.
            notices = asked.notices(text, names_cancer=True)
            kinds = {notice.kind for notice in notices}
        same = await get_answered(session, subject)
        if same is not None:
            return Asked(AskOutcome.REVIEWED_ANSWER, same.id, safety_notices=notices)
        if kinds & NOT_ANSWERED:
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        near = await self._near(session, subject)
        if near.same is not None:
            return Asked(AskOutcome.REVIEWED_ANSWER, near.same.id, safety_notices=notices)
        if (
            subject.cancer is None
            and SafetyKind.EMERGENCY in kinds
            and (subject.lacks_cancer or not tells_of_dying(text))
        ):
            # Nobody in need is asked to fill in a form. What eases dying can be read while waiting.
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        if subject.lacks_cancer:
            raise cancer_wanted(subject.cancers)
        return await self._have_written(session, subject, near, notices, viewer=viewer, now=now)

    async def explain(self, session: AsyncSession, asked: AskQuestion) -> Explanation:
        """Return what is read from a question and which reviewed ones are considered for it.

        Nothing is stored. Raises InvalidInput and UnknownCancer where `ask` does.
        """
        subject = await self._understand(
            session, asked, require_question(asked, max_chars=self._max_question_chars)
        )
        return Explanation(
            cancer=subject.cancer,
            exact=await get_answered(session, subject),
            nearness=await self._near(session, subject),
            safety=safety_reasons(asked.text),
        )

    async def _understand(self, session: AsyncSession, asked: AskQuestion, text: str) -> Subject:
        return understood(asked, text, await self._keeper.current(session))

    async def _near(self, session: AsyncSession, subject: Subject) -> Nearness:
        return await look_near(
            session,
            subject.catalogue,
            subject.text,
            cancer=subject.cancer,
            locale=subject.locale,
            embedder=self._embedder,
        )

    async def _have_written(
        self,
        session: AsyncSession,
        subject: Subject,
        near: Nearness,
        notices: tuple[SafetyNotice, ...],
        *,
        viewer: Viewer,
        now: datetime,
    ) -> Asked:
        question = await question_service.store(
            session,
            text=subject.text,
            key=subject.key,
            cancer_id=subject.cancer_id,
            locale=subject.locale,
            status=QuestionStatus.GENERATING,
            asked_at=now,
        )
        await _note_asker(session, question, viewer, now=now)
        if question.status is QuestionStatus.ANSWERED:
            return Asked(AskOutcome.REVIEWED_ANSWER, question.id, safety_notices=notices)
        generation = await self._generation(session, question, now=now)
        declined = generation is None or generation.status is GenerationStatus.ABSTAINED
        return Asked(
            AskOutcome.DECLINED if declined else AskOutcome.GENERATING,
            question.id,
            generation.id if generation is not None else None,
            safety_notices=notices,
            suggestion_ids=tuple(each.id for each in near.others[:SUGGESTIONS]),
        )

    async def _generation(
        self, session: AsyncSession, question: Question, *, now: datetime
    ) -> Generation | None:
        """Return the writing that is under way, awaits review or was in vain, or begin one.

        None where reviewers have refused what was written: it isn't shown again, nor written
        again at once out of the same sources. What they wrote in its place may await review.
        """
        latest = (await generations.latest_by_question(session, [question.id])).get(question.id)
        refused = await repository.refused_revisions(session, question.id)
        shown = latest if latest is None or latest.revision_id not in refused else None
        if question.status is QuestionStatus.AWAITING_REVIEW:
            return shown
        if shown is not None and question.status is QuestionStatus.GENERATING:
            return shown
        if shown is not None and await _is_still_in_vain(session, shown, now=now):
            return shown
        if refused and await _is_recent(session, max(refused.values()), now=now):
            return None
        return await generation_service.start(session, question, engine=self._engine, now=now)


async def _is_still_in_vain(
    session: AsyncSession, generation: Generation, *, now: datetime
) -> bool:
    """Whether the sources said too little not long ago, and say no more since."""
    ended = generation.finished_at
    if generation.status is not GenerationStatus.ABSTAINED or ended is None:
        return False
    return await _is_recent(session, ended, now=now)


async def _is_recent(session: AsyncSession, moment: datetime, *, now: datetime) -> bool:
    """Whether something was not long ago, and the sources are still as they were then."""
    return now - moment < TRY_AGAIN_AFTER and not await sources.has_version_since(session, moment)


async def _note_asker(
    session: AsyncSession, question: Question, viewer: Viewer, *, now: datetime
) -> None:
    """Let the asker follow their question: by who they are or, anonymous, by holding its id.

    A partner by whose key it was asked is told once it is answered.
    """
    if viewer.subject is not None:
        await questions.add_asking(session, question.id, viewer.subject)
    elif not question.asked_anonymously:
        question.asked_anonymously = True
    if viewer.by_key is not None:
        await webhooks.note_question(session, viewer.by_key.partner_id, question.id, now=now)
    question.times_asked += 1
