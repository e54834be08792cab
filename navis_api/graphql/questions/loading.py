"""Lists of questions, with the answers that come beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from navis_api.answers import published_repository as published_answers
from navis_api.answers.published_repository import PublishedView
from navis_api.answers.still_found import is_still_found, newest_publication
from navis_api.asking.personal.views import PersonalQuestionView
from navis_api.cancers.catalogue import Catalogue
from navis_api.db.hearing import is_heard_again, miss, unheard
from navis_api.db.paging import Page, PageRequest
from navis_api.graphql.answers.selection import has_answers, part_of_answers
from navis_api.graphql.data_loader import DataLoader
from navis_api.graphql.reads import answer_tag
from navis_api.graphql.remembered import Remembered, RememberedQuestion, RememberedQuestions
from navis_api.graphql.scope import Scope
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

QuestionPage = (
    Page[Question] | Page[PublishedQuestion] | Page[RememberedQuestion] | Page[PersonalQuestionView]
)
ShownQuestion = Question | PublishedQuestion | PersonalQuestionView
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


class QuestionLists:
    """The lists of questions of one operation."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._cancer_questions: dict[WantedQuestions, DataLoader[UUID, QuestionPage | None]] = {}
        self._related: dict[int, DataLoader[UUID, list[PublishedQuestion]]] = {}
        self._expected: dict[UUID, PublishedView] = {}
        self._cancer_of: dict[UUID, UUID | None] = {}
        self._remembered = Remembered(scope.published.memory)

    async def page(
        self, wanted: WantedQuestions, cancer_ids: Sequence[UUID] | None
    ) -> QuestionPage:
        """Return a page of questions, on these cancers where there are any given."""
        if self._is_public(wanted):
            self._scope.reads.published()
            if self._remembered.knows(wanted.selection):
                brief = self._listing(wanted, self._versions_beside)
                text = await published_lists.list_versions(
                    self._scope.published, brief, cancer_ids=cancer_ids
                )
                kept = self._kept_page(wanted.selection, brief, text)
                if kept is not None:
                    return kept
            page = await published_lists.list_answered(
                self._scope.published, self._listing(wanted, self._beside), cancer_ids=cancer_ids
            )
            await self.expect_answers(page.rows)
            return page
        self._scope.reads.keep_private()
        async with self._scope.database.reading(self._scope.viewer.rows) as session:
            return await questions.list_listed(
                session,
                wanted.page,
                cancer_ids=cancer_ids,
                answered=wanted.answered,
                order=wanted.order,
                subject=self._scope.viewer.subject,
            )

    async def page_of_cancer(self, wanted: WantedQuestions, cancer_id: UUID) -> QuestionPage | None:
        """Return a page of the questions on a cancer and its subtypes."""
        loader = self._cancer_questions.get(wanted)
        if loader is None:
            loader = DataLoader(load_fn=partial(self._load_cancer_questions, wanted))
            self._cancer_questions[wanted] = loader
        # Loaded before the session opens: two connections at a time could starve the pool.
        await self._scope.catalogue()
        return await loader.load(cancer_id)

    async def answered_count(self, cancer_id: UUID) -> int:
        """Return how many questions on a cancer and its subtypes have a reviewed answer."""
        await self._scope.catalogue()
        return await self._answered_count.load(cancer_id)

    async def search(self, wanted: Search, selection: str | None) -> FoundQuestions:
        """Return a page of the answered questions that fit a text.

        `selection` is what is shown of each, where that can be remembered.
        """
        self._scope.reads.published()
        again = is_heard_again()
        # Read here, where it is noted that it had to be.
        catalogue = await self._scope.catalogue()
        # The statements hold what somebody typed.
        with unheard():
            before = await newest_publication(self._scope.published) if again else None
            found, versions = await self._searched(wanted, selection, catalogue)
        if before is None or not await self._would_find_again(before, versions):
            miss()
        return found

    async def related(self, first: int, question: ShownQuestion) -> list[PublishedQuestion]:
        """Return questions near this one."""
        if first not in self._related:
            self._related[first] = DataLoader(load_fn=partial(self._load_related, first))
        self._cancer_of[question.id] = question.cancer_id
        return await self._related[first].load(question.id)

    def remember(
        self, selection: str, question: PublishedQuestion, shown: Mapping[str, Any]
    ) -> None:
        """Keep what is shown of a question, under the version of the rows that it is made of."""
        version: tuple[str, ...] = (question.row_version,)
        tags: tuple[str, ...] = ()
        if has_answers(self._scope.field_names):
            view = self.expected_answer(question.id)
            if view is None:
                return
            version = (question.row_version, view.revision.row_version)
            tags = (answer_tag(view.answer.id),)
        self._remembered.keep(selection, question.id, version, tags, shown)

    async def expect_answers(self, listed: Sequence[PublishedQuestion]) -> None:
        """Have the answers of questions at hand, if the operation asks for any."""
        if not listed or not has_answers(self._scope.field_names):
            return
        if listed[0].beside:
            found = published_answers.answers_beside(
                listed, part_of_answers(self._scope.field_names)
            )
            self._note_answers(found)
        else:
            found = await self.answers_of_questions([question.id for question in listed])
        self._expected.update(found)

    def expected_answer(self, question_id: UUID) -> PublishedView | None:
        """Return the answer to a question where it came with a list."""
        return self._expected.get(question_id)

    async def answers_of_questions(self, ids: list[UUID]) -> dict[UUID, PublishedView]:
        """Return the published answers of questions, by the question's id."""
        part = part_of_answers(self._scope.field_names)
        found = await published_answers.by_question(self._scope.published, ids, part)
        self._note_answers(found)
        return found

    @cached_property
    def _beside(self) -> Beside | None:
        """What a list of questions is to read of their answers, if the operation asks for any."""
        if not has_answers(self._scope.field_names):
            return None
        return published_answers.beside_questions(part_of_answers(self._scope.field_names))

    @cached_property
    def _answered_count(self) -> DataLoader[UUID, int]:
        return DataLoader(load_fn=self._count_answered)

    @property
    def _versions_beside(self) -> Beside | None:
        return published_answers.VERSIONS_BESIDE if has_answers(self._scope.field_names) else None

    async def _would_find_again(self, before: int, versions: SearchVersions | None) -> bool:
        """Return whether a search finds the same for as long as the same is said here.

        `before`: the newest publication before it. A corrected text is one that somebody typed,
        and of two replicas one may be behind the other.
        """
        if versions is None or versions.corrected_text is not None:
            return False
        if self._scope.published.replicas is not None:
            return False
        return await is_still_found(
            self._scope.published,
            versions.found,
            newest=before,
            with_answers=has_answers(self._scope.field_names),
        )

    async def _searched(
        self, wanted: Search, selection: str | None, catalogue: Catalogue
    ) -> tuple[FoundQuestions, SearchVersions | None]:
        """Return a page of a search and, where all of it was kept, the versions that it has."""
        if self._remembered.knows(selection):
            versions = await search_versions(
                self._scope.published, catalogue, wanted, beside=self._versions_beside
            )
            kept = self._remembered.hits(selection, wanted.page, versions)
            if kept is not None:
                self._note_kept(kept.questions)
                return kept, versions
            # The text was read, and perhaps corrected, for the versions already.
            found = await search_in_full(self._scope.published, versions, beside=self._beside)
        else:
            found = await search(self._scope.published, catalogue, wanted, beside=self._beside)
        await self.expect_answers(found.questions)
        return found, None

    def _listing(self, wanted: WantedQuestions, beside: Beside | None) -> Listing:
        return Listing(wanted.page, wanted.answered, wanted.order, beside)

    def _is_public(self, wanted: WantedQuestions) -> bool:
        """Return whether a list is the same for every viewer who has nothing of their own in it."""
        everything = wanted.answered is None and self._scope.viewer.subject is None
        return wanted.answered is True or everything

    async def _load_cancer_questions(
        self, wanted: WantedQuestions, ids: list[UUID]
    ) -> list[QuestionPage | None]:
        families = await self._scope.families(ids)
        pages: dict[UUID, QuestionPage] = {}
        if self._is_public(wanted):
            for id_ in ids:
                self._scope.reads.cancer(id_)
            pages.update(await self._kept_pages(wanted, families))
            rest = {id_: family for id_, family in families.items() if id_ not in pages}
            if rest:
                listed = await published_lists.list_answered_by_cancer(
                    self._scope.published, rest, self._listing(wanted, self._beside)
                )
                await self.expect_answers([row for page in listed.values() for row in page.rows])
                pages.update(listed)
        else:
            self._scope.reads.keep_private()
            async with self._scope.database.reading(self._scope.viewer.rows) as session:
                own = await questions.list_listed_by_cancer(
                    session,
                    families,
                    wanted.page,
                    answered=wanted.answered,
                    order=wanted.order,
                    subject=self._scope.viewer.subject,
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
        listed = await published_lists.list_versions_by_cancer(
            self._scope.published, families, brief
        )
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
        self._scope.reads.again(kept.tags)

    async def _load_related(self, first: int, ids: list[UUID]) -> list[list[PublishedQuestion]]:
        asked = {id_: self._cancer_of[id_] for id_ in ids}
        found = await related(self._scope.published, asked, first)
        self._scope.reads.published()
        await self.expect_answers([row for rows in found.values() for row in rows])
        return [found[id_] for id_ in ids]

    async def _count_answered(self, ids: list[UUID]) -> list[int]:
        counts = await published_questions.count_answered(
            self._scope.published, await self._scope.families(ids)
        )
        for id_ in ids:
            self._scope.reads.cancer(id_)
        return [counts.get(id_, 0) for id_ in ids]

    def _note_answers(self, found: Mapping[UUID, PublishedView]) -> None:
        for view in found.values():
            self._scope.reads.answer(view.answer.id)
