"""Loaders: each gathers what the fields of one level ask for, and loads it in one statement.

They live as long as one operation. What is published is read the short way, the same for
every viewer, and noted in the operation's log of reads; what is left is read as the viewer,
and makes the response private.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import history_repository
from navis_api.answers import published_repository as published_answers
from navis_api.answers import repository as answers
from navis_api.answers.history_repository import PastRevision
from navis_api.answers.published_repository import LiveAnswer, PublishedView, ShownAnswer
from navis_api.answers.still_found import newest_publication, still_found
from navis_api.answers.translation_models import AnswerTranslation
from navis_api.answers.translation_repository import approved_by_revision, list_by_revision
from navis_api.asking.personal.views import (
    PersonalAnswerView,
    PersonalEntry,
    PersonalGenerationView,
    PersonalQuestionView,
)
from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.hearing import is_heard_again, miss, unheard
from navis_api.db.paging import Page, PageRequest
from navis_api.db.sessions import ANONYMOUS_ROWS, Database
from navis_api.generation import repository as generations
from navis_api.generation.keeping import AnyEvent
from navis_api.generation.models import Generation, GenerationEventRow
from navis_api.graphql.answers.selection import has_answers, part_of_answers
from navis_api.graphql.data_loader import DataLoader
from navis_api.graphql.personal.loading import PersonalLoaders
from navis_api.graphql.reads import ReadLog, answer_tag
from navis_api.graphql.remembered import Remembered, RememberedQuestion, RememberedQuestions
from navis_api.identity.viewer import Viewer
from navis_api.kit.languages import Language
from navis_api.questions import published_lists
from navis_api.questions import published_repository as published_questions
from navis_api.questions import repository as questions
from navis_api.questions.models import Question
from navis_api.questions.published_lists import Listing
from navis_api.questions.published_repository import Beside, PublishedQuestion
from navis_api.questions.related import related
from navis_api.questions.repository import QuestionOrder
from navis_api.questions.search import (
    Search,
    SearchPage,
    SearchVersions,
    search,
    search_in_full,
    search_versions,
)
from navis_api.review import comments, deciding, feedback, people, queue
from navis_api.review.feedback import FeedbackCounts
from navis_api.review.models import ClaimComment, ReviewDecision, StaffMember
from navis_api.review.queue import QueueEntry
from navis_api.sources import repository as sources
from navis_api.sources.repository import SourceView

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Fetch = Callable[[AsyncSession, Sequence[Key]], Awaitable[Mapping[Key, Value]]]
FieldNames = frozenset[str] | None
QuestionPage = (
    Page[Question] | Page[PublishedQuestion] | Page[RememberedQuestion] | Page[PersonalQuestionView]
)
ShownQuestion = Question | PublishedQuestion | PersonalQuestionView
ShownGeneration = Generation | PersonalGenerationView
FoundQuestions = SearchPage[PublishedQuestion] | SearchPage[RememberedQuestion]


@dataclass(frozen=True, slots=True)
class WantedQuestions:
    """Which page of a list of questions a field asks for.

    `selection` is what it shows of each, where that can be remembered.
    """

    page: PageRequest
    answered: bool | None
    order: QuestionOrder
    selection: str | None = None


class Loaders:
    """The loaders of one operation."""

    def __init__(
        self,
        database: Database,
        keeper: CatalogueKeeper,
        *,
        viewer: Viewer,
        now: datetime,
        reads: ReadLog,
        field_names: FieldNames,
        personal: PersonalLoaders | None,
    ) -> None:
        self._database = database
        self._published = database.published
        self._reads = reads
        self._field_names = field_names
        self._keeper = keeper
        self._viewer = viewer
        self._personal = personal
        self._now = now
        self._cancer_questions: dict[WantedQuestions, DataLoader[UUID, QuestionPage | None]] = {}
        self._related: dict[int, DataLoader[UUID, list[PublishedQuestion]]] = {}
        self._expected: dict[UUID, PublishedView] = {}
        self._cancer_of: dict[UUID, UUID | None] = {}
        self._translations: dict[Language, DataLoader[UUID, AnswerTranslation | None]] = {}
        self._events: dict[int, DataLoader[UUID, list[GenerationEventRow] | None]] = {}
        self._kept_catalogue: Catalogue | None = None
        self._remembered = Remembered(database.published.memory)

    # Each is made when an operation first uses it: most use one or two.

    @cached_property
    def question(self) -> DataLoader[UUID, ShownQuestion | None]:
        """Questions by id."""
        return DataLoader(load_fn=self._load_questions)

    @cached_property
    def answer(self) -> DataLoader[UUID, ShownAnswer | None]:
        """Answers by id."""
        return DataLoader(load_fn=self._load_answers)

    @cached_property
    def answer_of_question(self) -> DataLoader[UUID, ShownAnswer | None]:
        """Answers by the id of their question."""
        return DataLoader(load_fn=self._load_answers_of_questions)

    @cached_property
    def history(self) -> DataLoader[UUID, list[PastRevision] | None]:
        """The revisions of answers, by the answer's id."""
        return DataLoader(load_fn=self._load_histories)

    @cached_property
    def source(self) -> DataLoader[UUID, SourceView | None]:
        """Sources by the id of their version."""
        return self._batched(sources.views_of_versions)

    @cached_property
    def generation(self) -> DataLoader[UUID, ShownGeneration | None]:
        """Generations by id."""
        return DataLoader(load_fn=partial(self._load_generations, generations.get_many))

    @cached_property
    def generation_of_question(self) -> DataLoader[UUID, ShownGeneration | None]:
        """The newest generation by the id of its question."""
        return DataLoader(load_fn=partial(self._load_generations, generations.latest_by_question))

    @cached_property
    def staff_member(self) -> DataLoader[UUID, StaffMember | None]:
        """People on the staff by id."""
        return self._batched(people.get_members)

    @cached_property
    def feedback_counts(self) -> DataLoader[UUID, FeedbackCounts | None]:
        """What readers said of answers, by the answer's id."""
        return self._batched(feedback.count)

    @cached_property
    def queue_entry(self) -> DataLoader[UUID, QueueEntry | None]:
        """Places in the review queue, by the revision's id."""
        return self._batched(self._entries)

    @cached_property
    def review_comments(self) -> DataLoader[UUID, list[ClaimComment] | None]:
        """What the staff say of revisions, by the revision's id."""
        return self._batched(comments.list_on)

    @cached_property
    def translations(self) -> DataLoader[UUID, list[AnswerTranslation] | None]:
        """The translations of revisions, by the revision's id."""
        return self._batched(list_by_revision)

    @cached_property
    def review_decisions(self) -> DataLoader[UUID, list[ReviewDecision] | None]:
        """What was decided on revisions, by the revision's id."""
        return self._batched(deciding.decisions_on)

    @cached_property
    def _live_answer(self) -> DataLoader[UUID, LiveAnswer | None]:
        return DataLoader(load_fn=self._load_live_answers)

    @cached_property
    def _answered_count(self) -> DataLoader[UUID, int]:
        return DataLoader(load_fn=self._count_answered)

    @cached_property
    def _catalogue(self) -> DataLoader[None, Catalogue]:
        return DataLoader(load_fn=self._load_catalogue)

    async def catalogue(self) -> Catalogue:
        """Return the catalogue, the same one for the whole operation."""
        if self._kept_catalogue is None:
            self._kept_catalogue = self._keeper.kept or await self._catalogue.load(None)
        return self._kept_catalogue

    async def live_answer(self, answer_id: UUID) -> LiveAnswer | None:
        """Return an answer that readers are served, with its question.

        The question is remembered, so that what lies below the answer has it as of the
        same moment: it may have been taken back since.
        """
        found = await self._live_answer.load(answer_id)
        if found is not None:
            self.question.prime(found.question.id, found.question)
        return found

    async def published_answer(self, slug: str) -> PublishedView | None:
        """Return the published answer at an address."""
        part = part_of_answers(self._field_names)
        found = await published_answers.get_by_slug(self._published, slug, part)
        if found is None:
            self._reads.published()
            return None
        self._reads.answer(found.answer.id)
        return found

    async def published_question(self, slug: str) -> PublishedQuestion | None:
        """Return the answered question at an address."""
        found = await published_questions.get_by_slug(self._published, slug)
        if found is None:
            self._reads.published()
            return None
        self._reads.question(found.id)
        return found

    async def questions(
        self, wanted: WantedQuestions, cancer_ids: Sequence[UUID] | None
    ) -> QuestionPage:
        """Return a page of questions, on these cancers where there are any given."""
        if self._is_public(wanted):
            self._reads.published()
            if self._remembered.knows(wanted.selection):
                brief = self._listing(wanted, self._versions_beside)
                text = await published_lists.list_versions(
                    self._published, brief, cancer_ids=cancer_ids
                )
                kept = self._kept_page(wanted.selection, brief, text)
                if kept is not None:
                    return kept
            page = await published_lists.list_answered(
                self._published, self._listing(wanted, self.beside_questions), cancer_ids=cancer_ids
            )
            await self.expect_answers(page.rows)
            return page
        self._reads.keep_private()
        async with self._database.reading(self._viewer.rows) as session:
            return await questions.list_listed(
                session,
                wanted.page,
                cancer_ids=cancer_ids,
                answered=wanted.answered,
                order=wanted.order,
                subject=self._viewer.subject,
            )

    async def cancer_questions(
        self, wanted: WantedQuestions, cancer_id: UUID
    ) -> QuestionPage | None:
        """Return a page of the questions on a cancer and its subtypes."""
        loader = self._cancer_questions.get(wanted)
        if loader is None:
            loader = DataLoader(load_fn=partial(self._load_cancer_questions, wanted))
            self._cancer_questions[wanted] = loader
        # Loaded before the session opens: two connections at a time could starve the pool.
        await self.catalogue()
        return await loader.load(cancer_id)

    async def answered_count(self, cancer_id: UUID) -> int:
        """Return how many questions on a cancer and its subtypes have a reviewed answer."""
        await self.catalogue()
        return await self._answered_count.load(cancer_id)

    async def search(self, wanted: Search, selection: str | None) -> FoundQuestions:
        """Return a page of the answered questions that fit a text.

        `selection` is what is shown of each, where that can be remembered.
        """
        self._reads.published()
        again = is_heard_again()
        # Read here, where it is noted that it had to be.
        catalogue = await self.catalogue()
        # The statements hold what somebody typed.
        with unheard():
            before = await newest_publication(self._published) if again else None
            found, versions = await self._searched(wanted, selection, catalogue)
        if before is None or not await self._would_find_again(before, versions):
            miss()
        return found

    async def _would_find_again(self, before: int, versions: SearchVersions | None) -> bool:
        """Return whether a search finds the same for as long as the same is said here.

        `before`: the newest publication before it. A corrected text is one that somebody typed,
        and of two replicas one may be behind the other.
        """
        if versions is None or versions.corrected_text is not None:
            return False
        if self._published.replicas is not None:
            return False
        shown = {each.id: each for each in versions.found}
        said = await still_found(self._published, list(shown), beside=self._versions_beside)
        return said == (before, shown)

    async def _searched(
        self, wanted: Search, selection: str | None, catalogue: Catalogue
    ) -> tuple[FoundQuestions, SearchVersions | None]:
        """Return a page of a search and, where all of it was kept, the versions that it has."""
        if self._remembered.knows(selection):
            versions = await search_versions(
                self._published, catalogue, wanted, beside=self._versions_beside
            )
            kept = self._remembered.hits(selection, wanted.page, versions)
            if kept is not None:
                self._note_kept(kept.questions)
                return kept, versions
            # The text was read, and perhaps corrected, for the versions already.
            found = await search_in_full(self._published, versions, beside=self.beside_questions)
        else:
            found = await search(self._published, catalogue, wanted, beside=self.beside_questions)
        await self.expect_answers(found.questions)
        return found, None

    async def related(self, first: int, question: ShownQuestion) -> list[PublishedQuestion]:
        """Return questions near this one."""
        if first not in self._related:
            self._related[first] = DataLoader(load_fn=partial(self._load_related, first))
        self._cancer_of[question.id] = question.cancer_id
        return await self._related[first].load(question.id)

    @cached_property
    def beside_questions(self) -> Beside | None:
        """What a list of questions is to read of their answers, if the operation asks for any."""
        if not has_answers(self._field_names):
            return None
        return published_answers.beside_questions(part_of_answers(self._field_names))

    @property
    def _versions_beside(self) -> Beside | None:
        return published_answers.VERSIONS_BESIDE if has_answers(self._field_names) else None

    def _listing(self, wanted: WantedQuestions, beside: Beside | None) -> Listing:
        return Listing(wanted.page, wanted.answered, wanted.order, beside)

    def remember(
        self, selection: str, question: PublishedQuestion, shown: Mapping[str, Any]
    ) -> None:
        """Keep what is shown of a question, under the version of the rows that it is made of."""
        version: tuple[str, ...] = (question.row_version,)
        tags: tuple[str, ...] = ()
        if has_answers(self._field_names):
            view = self.expected_answer(question.id)
            if view is None:
                return
            version = (question.row_version, view.revision.row_version)
            tags = (answer_tag(view.answer.id),)
        self._remembered.keep(selection, question.id, version, tags, shown)

    async def expect_answers(self, listed: Sequence[PublishedQuestion]) -> None:
        """Have the answers of questions at hand, if the operation asks for any."""
        if not listed or not has_answers(self._field_names):
            return
        if listed[0].beside:
            found = published_answers.answers_beside(listed, part_of_answers(self._field_names))
            self._note_answers(found)
        else:
            found = await self._answers_of_questions([question.id for question in listed])
        self._expected.update(found)

    def expected_answer(self, question_id: UUID) -> PublishedView | None:
        """Return the answer to a question where it came with a list."""
        return self._expected.get(question_id)

    async def answer_to(self, question_id: UUID) -> ShownAnswer | None:
        """Return the answer to a question."""
        return self.expected_answer(question_id) or await self.answer_of_question.load(question_id)

    async def translation(self, language: Language, revision_id: UUID) -> AnswerTranslation | None:
        """Return what readers of a language are served of a live revision."""
        if language not in self._translations:
            self._translations[language] = DataLoader(
                load_fn=partial(self._load_translations, language)
            )
        return await self._translations[language].load(revision_id)

    async def events(self, after: int, generation_id: UUID) -> Sequence[AnyEvent]:
        """Return the events of a generation from after a sequence number on."""
        own = self._personal.known(generation_id) if self._personal is not None else None
        if self._personal is not None and own is not None:
            return await self._personal.events(own, after)
        if after not in self._events:

            async def fetch(
                session: AsyncSession, ids: Sequence[UUID]
            ) -> Mapping[UUID, list[GenerationEventRow]]:
                return await generations.events_of_many(session, ids, after)

            self._events[after] = self._batched(fetch)
        return await self._events[after].load(generation_id) or []

    def _is_public(self, wanted: WantedQuestions) -> bool:
        """Return whether a list is the same for every viewer who has nothing of their own in it."""
        everything = wanted.answered is None and self._viewer.subject is None
        return wanted.answered is True or everything

    async def _load_catalogue(self, keys: list[None]) -> list[Catalogue]:
        return [await self._keeper.current()] * len(keys)

    async def _load_questions(self, ids: list[UUID]) -> list[ShownQuestion | None]:
        found: dict[UUID, ShownQuestion] = {}
        for id_, question in (await published_questions.get_many(self._published, ids)).items():
            self._reads.question(id_)
            found[id_] = question
        own = await self._with_own(ids, found, questions.get_many)
        return await self._with_personal(ids, own, _question_in)

    async def _load_answers(self, ids: list[UUID]) -> list[ShownAnswer | None]:
        part = part_of_answers(self._field_names)
        found: dict[UUID, ShownAnswer] = {}
        for id_, view in (await published_answers.by_answer(self._published, ids, part)).items():
            self._reads.answer(id_)
            found[id_] = view
        own = await self._with_own(ids, found, answers.views_by_answer)
        return await self._with_personal(ids, own, _answer_in)

    async def _load_answers_of_questions(self, ids: list[UUID]) -> list[ShownAnswer | None]:
        found: dict[UUID, ShownAnswer] = {}
        found.update(await self._answers_of_questions(ids))
        own = await self._with_own(ids, found, answers.views_by_question)
        return await self._with_personal(ids, own, _answer_in)

    async def _answers_of_questions(self, ids: list[UUID]) -> dict[UUID, PublishedView]:
        part = part_of_answers(self._field_names)
        found = await published_answers.by_question(self._published, ids, part)
        self._note_answers(found)
        return found

    def _note_answers(self, found: Mapping[UUID, PublishedView]) -> None:
        for view in found.values():
            self._reads.answer(view.answer.id)

    async def _with_own(
        self, ids: list[UUID], found: dict[UUID, Value], fetch: Fetch[UUID, Value]
    ) -> list[Value | None]:
        """Return what was found for these ids, the rest of it as the viewer gets to see it."""
        missing = [id_ for id_ in ids if id_ not in found]
        if missing:
            async with self._database.reading(self._viewer.rows) as session:
                own = await fetch(session, missing)
            found.update(own)
            if own:
                self._reads.keep_private()
            # What isn't there for this viewer may be published at any time.
            self._reads.published()
        return [found.get(id_) for id_ in ids]

    async def _load_generations(
        self, fetch: Fetch[UUID, Generation], ids: list[UUID]
    ) -> list[ShownGeneration | None]:
        async with self._database.reading(self._viewer.rows) as session:
            found: Mapping[UUID, ShownGeneration] = await fetch(session, ids)
        self._reads.keep_private()
        return await self._with_personal(ids, [found.get(id_) for id_ in ids], _generation_in)

    async def _with_personal(
        self,
        ids: list[UUID],
        found: list[Value | None],
        shown: Callable[[PersonalEntry], Value | None],
    ) -> list[Value | None]:
        """Return what was found for these ids, and of the rest what is the patient's own.

        A personal question, its writing and its answer have one id.
        """
        missing = [id_ for id_, each in zip(ids, found, strict=True) if each is None]
        if self._personal is None or not missing:
            return found
        entries = [
            entry for entry in await self._personal.entry.load_many(missing) if entry is not None
        ]
        if not entries:
            return found
        self._reads.keep_private()
        own = {entry.row.id: shown(entry) for entry in entries}
        return [
            own.get(id_) if each is None else each for id_, each in zip(ids, found, strict=True)
        ]

    async def _load_histories(self, ids: list[UUID]) -> list[list[PastRevision] | None]:
        async with self._database.reading(self._viewer.rows) as session:
            found = await history_repository.history(session, ids)
        if self._viewer.rows != ANONYMOUS_ROWS:
            self._reads.keep_private()
        return [found.get(id_) for id_ in ids]

    async def _load_translations(
        self, language: Language, ids: list[UUID]
    ) -> list[AnswerTranslation | None]:
        # As nobody in particular: what is approved is the same for every viewer.
        async with self._database.reading() as session:
            found = await approved_by_revision(session, ids, language)
        return [found.get(id_) for id_ in ids]

    async def _load_live_answers(self, ids: list[UUID]) -> list[LiveAnswer | None]:
        part = part_of_answers(self._field_names)
        found = await published_answers.live_by_answer(self._published, ids, part)
        for id_, live in found.items():
            self._reads.answer(id_)
            self._reads.question(live.question.id)
        if len(found) < len(ids):
            self._reads.published()
        return [found.get(id_) for id_ in ids]

    async def _load_cancer_questions(
        self, wanted: WantedQuestions, ids: list[UUID]
    ) -> list[QuestionPage | None]:
        families = await self._families(ids)
        pages: dict[UUID, QuestionPage] = {}
        if self._is_public(wanted):
            for id_ in ids:
                self._reads.cancer(id_)
            pages.update(await self._kept_pages(wanted, families))
            rest = {id_: family for id_, family in families.items() if id_ not in pages}
            if rest:
                listed = await published_lists.list_answered_by_cancer(
                    self._published, rest, self._listing(wanted, self.beside_questions)
                )
                await self.expect_answers([row for page in listed.values() for row in page.rows])
                pages.update(listed)
        else:
            self._reads.keep_private()
            async with self._database.reading(self._viewer.rows) as session:
                own = await questions.list_listed_by_cancer(
                    session,
                    families,
                    wanted.page,
                    answered=wanted.answered,
                    order=wanted.order,
                    subject=self._viewer.subject,
                )
            pages.update(own)
        return [pages.get(id_) for id_ in ids]

    async def _kept_pages(
        self, wanted: WantedQuestions, families: Mapping[UUID, Sequence[UUID]]
    ) -> dict[UUID, QuestionPage]:
        """Return the pages of those cancers of which everything that they show is kept."""
        if not self._remembered.knows(wanted.selection):
            return {}
        brief = self._listing(wanted, self._versions_beside)
        listed = await published_lists.list_versions_by_cancer(self._published, families, brief)
        found: dict[UUID, QuestionPage] = {}
        for id_, text in listed.items():
            page = self._kept_page(wanted.selection, brief, text)
            if page is not None:
                found[id_] = page
        return found

    def _kept_page(
        self, selection: str, brief: Listing, text: str
    ) -> Page[RememberedQuestion] | None:
        page = self._remembered.page(selection, brief, text)
        if page is not None:
            self._note_kept(page.rows)
        return page

    def _note_kept(self, kept: Sequence[RememberedQuestion]) -> None:
        assert isinstance(kept, RememberedQuestions), "pages are kept with these"
        self._reads.again(kept.tags)

    async def _load_related(self, first: int, ids: list[UUID]) -> list[list[PublishedQuestion]]:
        asked = {id_: self._cancer_of[id_] for id_ in ids}
        found = await related(self._published, asked, first)
        self._reads.published()
        await self.expect_answers([row for rows in found.values() for row in rows])
        return [found[id_] for id_ in ids]

    async def _families(self, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
        """Return, for each cancer, itself and everything below it."""
        catalogue = await self.catalogue()
        return {
            id_: catalogue.family_ids(catalogue.by_id[id_]) for id_ in ids if id_ in catalogue.by_id
        }

    async def _count_answered(self, ids: list[UUID]) -> list[int]:
        counts = await published_questions.count_answered(
            self._published, await self._families(ids)
        )
        for id_ in ids:
            self._reads.cancer(id_)
        return [counts.get(id_, 0) for id_ in ids]

    async def _entries(
        self, session: AsyncSession, ids: Sequence[UUID]
    ) -> Mapping[UUID, QueueEntry]:
        return await queue.entries_of(session, ids, now=self._now)

    def _batched(self, fetch: Fetch[Key, Value]) -> DataLoader[Key, Value | None]:
        async def load(keys: list[Key]) -> list[Value | None]:
            async with self._database.reading(self._viewer.rows) as session:
                found = await fetch(session, keys)
            self._reads.keep_private()
            return [found.get(key) for key in keys]

        return DataLoader(load_fn=load)


def _question_in(entry: PersonalEntry) -> ShownQuestion:
    return entry.question


def _generation_in(entry: PersonalEntry) -> ShownGeneration:
    return entry.generation


def _answer_in(entry: PersonalEntry) -> PersonalAnswerView | None:
    return entry.answer
