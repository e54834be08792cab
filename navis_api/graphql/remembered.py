"""Questions of lists, as an operation shows them, kept for as long as their rows are the same.

What a list shows of an answered question is made of two or three rows. Postgres tells the
version of each (`row_version`), so a list first asks which questions it has, in which versions,
and takes what was made of the very same ones before. Nothing has to be forgotten: a row that
anybody changed has another version, and what was retracted is in no list.

A field with the mark, `strawberry.field(metadata=LISTS_QUESTIONS)`, gives a connection of
questions, and its resolver hands on what `remembered_selection` says. Compiled execution finds
out whether what is selected of each question can be kept: nothing in it may depend on more than
the rows and the original language. Fields that depend on no more although their resolvers take
`info` have the mark OF_ROWS.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard
from uuid import UUID

from navis_api.db.hearing import miss
from navis_api.db.paging import Page, PageRequest
from navis_api.graphql.unchanging import WrittenList, WrittenObject
from navis_api.kit.bounded import BoundedMemory
from navis_api.kit.languages import ORIGINAL
from navis_api.questions.published_lists import Listing, versions_in
from navis_api.questions.published_repository import QuestionVersion
from navis_api.questions.search import SearchPage, SearchVersions

if TYPE_CHECKING:
    from navis_api.graphql.context import Info

LISTS_QUESTIONS: Mapping[str, object] = MappingProxyType({"lists questions": True})
OF_ROWS: Mapping[str, object] = MappingProxyType({"of rows": True})

_SHARE = 4
"""What is kept of a question takes about so many times the memory of its JSON."""

_NAME_BYTES = 600
"""What it takes to remember a name and a version."""

Version: TypeAlias = tuple[str, ...]
Tags: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RememberedQuestion:
    """What was made of a question in this version. `tags` say what it rests on."""

    version: Version
    written: WrittenObject
    tags: Tags


class RememberedQuestions(list[RememberedQuestion]):
    """The questions of a page, and what was made of all of them."""

    __slots__ = ("tags", "written")

    def __init__(self, questions: Iterable[RememberedQuestion]) -> None:
        super().__init__(questions)
        self.written = WrittenList([each.written for each in self])
        self.tags = frozenset(tag for each in self for tag in each.tags)


def remembered_selection(info: "Info") -> str | None:
    """Return what is selected of each question of a list; None where it can't be kept."""
    if info.context.language is not ORIGINAL:
        return None
    selection: str | None = getattr(info, "remembered_selection", None)
    return selection


class Remembered:
    """What a process remembers of questions and of pages of them, in the memory of content.

    A page is kept under the versions that it has, and never under what somebody typed.
    """

    def __init__(self, memory: BoundedMemory[Any, Any]) -> None:
        self._memory = memory

    def knows(self, selection: str | None) -> TypeGuard[str]:
        """Return whether questions were kept of which this was selected."""
        return selection is not None and self._memory.find(selection) is not None

    def keep(
        self, selection: str, id_: UUID, version: Version, tags: Tags, shown: Mapping[str, Any]
    ) -> None:
        """Keep what is shown of a question, and that there are such of this selection."""
        # From now on its version is enough.
        miss()
        written = WrittenObject(shown)
        question = RememberedQuestion(version, written, tags)
        if not self.knows(selection):
            self._memory.keep(selection, selection, len(selection) + _NAME_BYTES)
        self._memory.keep((selection, id_), question, _SHARE * written.size + _NAME_BYTES)

    def page(self, selection: str, listing: Listing, text: str) -> Page[RememberedQuestion] | None:
        """Return a page of `list_versions`, if everything that it shows is kept."""
        key = (selection, listing, text)
        found: Page[RememberedQuestion] | None = self._memory.find(key)
        if found is None:
            versions = versions_in(text, listing)
            questions = self._questions(selection, versions.rows)
            if questions is not None:
                found = replace(versions.showing(questions), cursors=list(versions.cursors))
                self._keep_page(key, found, questions)
        return found

    def hits(
        self, selection: str, wanted: PageRequest, versions: SearchVersions
    ) -> SearchPage[RememberedQuestion] | None:
        """Return a page of `search_versions`, if everything that it shows is kept."""
        key = (selection, wanted, versions.match, versions.text)
        found: SearchPage[RememberedQuestion] | None = self._memory.find(key)
        if found is None:
            page = versions.page
            questions = self._questions(selection, page.questions)
            if questions is not None:
                found = replace(
                    page.showing(questions), cursors=list(page.cursors), corrected_text=None
                )
                self._keep_page(key, found, questions)
        return found and replace(found, corrected_text=versions.corrected_text)

    def _questions(
        self, selection: str, versions: Sequence[QuestionVersion]
    ) -> RememberedQuestions | None:
        found: list[RememberedQuestion] = []
        for each in versions:
            kept: RememberedQuestion | None = self._memory.find((selection, each.id))
            if kept is None or kept.version != each.version:
                return None
            found.append(kept)
        return RememberedQuestions(found)

    def _keep_page(self, key: Hashable, page: object, questions: RememberedQuestions) -> None:
        size = questions.written.size + _NAME_BYTES * (1 + len(questions))
        self._memory.keep(key, page, size)
