"""The use case: serve the reviewed answer of the same question, or have one written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.asking import repository
from navis_api.asking.errors import ConsentRequired, IdempotencyConflict, UnknownCancer
from navis_api.asking.nearness import Nearness, look_near
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.errors import InvalidInput
from navis_api.generation import repository as generations
from navis_api.generation import service as generation_service
from navis_api.generation.models import Generation, GenerationStatus
from navis_api.identity.viewer import Viewer
from navis_api.kit.languages import Language
from navis_api.kit.text import squeeze
from navis_api.questions import repository as questions
from navis_api.questions import service as question_service
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.safety.recognition import (
    SafetyKind,
    SafetyNotice,
    SafetyReason,
    safety_notices,
    safety_reasons,
)
from navis_api.questions.sameness.likeness import QuestionEmbedder
from navis_api.questions.subject import cancers_of_question
from navis_api.sources import repository as sources

LANGUAGES = frozenset({"en"})
"""Languages that questions are answered in."""

MAX_IDEMPOTENCY_KEY_CHARS = 200
SUGGESTIONS = 3

_READ_AT_EACH_END = 5_000
"""Characters: together as many as the longest question that can be allowed."""

_NOT_ANSWERED = frozenset({SafetyKind.NO_DOSING, SafetyKind.OUT_OF_SCOPE})

TRY_AGAIN_AFTER = timedelta(days=1)
"""When a question is tried again whose sources said too little, or whose answer was refused."""


class AskOutcome(StrEnum):
    """What the asker gets."""

    REVIEWED_ANSWER = "REVIEWED_ANSWER"
    GENERATING = "GENERATING"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class AskQuestion:
    """A question as it was sent. `cancer` is a slug, `language` the one the asker reads."""

    text: str
    cancer: str | None = None
    locale: str = "en"
    personal: bool = False
    idempotency_key: str | None = None
    language: Language | None = None

    def notices(self, text: str, *, names_cancer: bool = False) -> tuple[SafetyNotice, ...]:
        """Return what must be said first of a text of this question's.

        Of one that is far too long, the beginning and the end are read: recognition
        would hold up everybody else for seconds.
        """
        if len(text) > 2 * _READ_AT_EACH_END:
            text = f"{text[:_READ_AT_EACH_END]} … {text[-_READ_AT_EACH_END:]}"
        return safety_notices(text, self.locale, language=self.language, names_cancer=names_cancer)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it. `question_id` is None only where nothing was stored."""

    outcome: AskOutcome
    question_id: UUID | None = None
    generation_id: UUID | None = None
    safety_notices: tuple[SafetyNotice, ...] = ()
    suggestion_ids: tuple[UUID, ...] = ()


_ASKED = TypeAdapter(Asked)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a question is about, once it is understood."""

    text: str
    key: str
    cancers: tuple[CatalogueEntry, ...]
    catalogue: Catalogue
    locale: str

    @property
    def cancer(self) -> CatalogueEntry | None:
        """The one cancer that it is about."""
        return self.cancers[0] if len(self.cancers) == 1 else None

    @property
    def cancer_id(self) -> UUID | None:
        """The id under which it is stored."""
        return self.cancer.id if self.cancer else None


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
        text = self._require_question(asked)
        key = _require_idempotency_key(asked.idempotency_key)
        client = viewer.client
        if key is None:
            return await self._answer(session, asked, text, viewer=viewer, now=now)
        digest = _digest(asked)
        await repository.hold_key(session, client, key)
        before = await repository.get_key(session, client, key, since=now - self._idempotency_ttl)
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

    def _require_question(self, asked: AskQuestion) -> str:
        text = squeeze(asked.text)
        if not text:
            raise InvalidInput("Write your question.", path=("input", "text"))
        if len(text) > self._max_question_chars:
            raise InvalidInput(
                f"A question may have up to {self._max_question_chars} characters. Shorten it to"
                " what you want to know.",
                path=("input", "text"),
            )
        return text

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
            raise ConsentRequired
        subject = await self._understand(session, asked, text)
        if cancers_of_question(text, subject.catalogue):
            # What names a cancer isn't about something else, however it is worded.
            notices = asked.notices(text, names_cancer=True)
            kinds = {notice.kind for notice in notices}
        same = await self._answered(session, subject)
        if same is not None:
            return Asked(AskOutcome.REVIEWED_ANSWER, same.id, safety_notices=notices)
        if kinds & _NOT_ANSWERED:
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        near = await self._near(session, subject)
        if near.same is not None:
            return Asked(AskOutcome.REVIEWED_ANSWER, near.same.id, safety_notices=notices)
        if subject.cancer is None and SafetyKind.EMERGENCY in kinds:
            # Nobody in need is asked to fill in a form.
            return Asked(AskOutcome.DECLINED, safety_notices=notices)
        if subject.cancer is None:
            raise _cancer_wanted(subject.cancers)
        return await self._have_written(session, subject, near, notices, viewer=viewer, now=now)

    async def explain(self, session: AsyncSession, asked: AskQuestion) -> Explanation:
        """Return what is read from a question and which reviewed ones are considered for it.

        Nothing is stored. Raises InvalidInput and UnknownCancer where `ask` does.
        """
        subject = await self._understand(session, asked, self._require_question(asked))
        return Explanation(
            cancer=subject.cancer,
            exact=await self._answered(session, subject),
            nearness=await self._near(session, subject),
            safety=safety_reasons(asked.text),
        )

    async def _understand(self, session: AsyncSession, asked: AskQuestion, text: str) -> _Subject:
        locale = _require_language(asked.locale)
        catalogue = await self._keeper.current(session)
        named = _named_cancer(catalogue, asked.cancer) if asked.cancer is not None else None
        found = [named] if named else cancers_of_question(text, catalogue)
        return _Subject(text, match_key(text), tuple(found), catalogue, locale)

    async def _answered(self, session: AsyncSession, subject: _Subject) -> Question | None:
        """Return the question that is the same to the letter, if it has its reviewed answer."""
        same = await questions.get_same(
            session, key=subject.key, cancer_id=subject.cancer_id, locale=subject.locale
        )
        return same if same is not None and same.status is QuestionStatus.ANSWERED else None

    async def _near(self, session: AsyncSession, subject: _Subject) -> Nearness:
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
        subject: _Subject,
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
        await _note_asker(session, question, viewer)
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


async def _note_asker(session: AsyncSession, question: Question, viewer: Viewer) -> None:
    """Let the asker follow their question: by who they are or, anonymous, by holding its id."""
    if viewer.subject is not None:
        await questions.add_asking(session, question.id, viewer.subject)
    elif not question.asked_anonymously:
        question.asked_anonymously = True
    question.times_asked += 1


def _require_idempotency_key(key: str | None) -> str | None:
    if key is not None and not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidInput(
            f"An idempotency key has 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters; a random UUID"
            " is a good one.",
            path=("input", "idempotencyKey"),
        )
    return key


def _require_language(locale: str) -> str:
    language = locale.replace("_", "-").partition("-")[0].lower()
    if language not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        raise InvalidInput(
            f"Questions are answered in these languages: {known}.", path=("input", "locale")
        )
    return language


def _named_cancer(catalogue: Catalogue, slug: str) -> CatalogueEntry:
    entry = catalogue.by_slug.get(slug)
    if entry is None:
        raise UnknownCancer(
            "The catalogue has no cancer with this slug. `cancers` lists those it has.",
            path=("input", "cancer"),
        )
    return entry


def _cancer_wanted(found: Sequence[CatalogueEntry]) -> UnknownCancer:
    if not found:
        return UnknownCancer(
            "Which cancer is your question about? Name it in the question, or choose it in"
            " `cancer`.",
            path=("input", "cancer"),
        )
    names = ", ".join(f"{entry.name} (`{entry.slug}`)" for entry in found)
    return UnknownCancer(
        f"Your question names more than one cancer: {names}. Choose in `cancer` the one that it"
        " is about.",
        path=("input", "cancer"),
    )


def _digest(asked: AskQuestion) -> str:
    parts = [asked.text, asked.cancer, asked.locale, asked.personal]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
