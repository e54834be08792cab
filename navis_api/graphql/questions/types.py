"""Questions, as clients see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Self, cast

import strawberry

from navis_api.asking.personal.views import PersonalQuestionView
from navis_api.db.paging import MAX_PAGE, Page
from navis_api.errors import InvalidInput
from navis_api.graphql.answers.arguments import InLanguage
from navis_api.graphql.at_hand import WAIT, Wait, at_hand
from navis_api.graphql.context import Info
from navis_api.graphql.enums import QuestionStatus
from navis_api.graphql.personal.types import Withdrawal
from navis_api.graphql.questions.loading import QuestionPage, ShownQuestion
from navis_api.graphql.relay import (
    Connection,
    Node,
    PageInfo,
    page_info,
)
from navis_api.graphql.remembered import OF_ROWS, RememberedQuestions
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.questions.search import SearchPage

_NOTHING: Final[Page[PublishedQuestion]] = Page((), (), has_next=False, has_previous=False)


def _answer_at_hand(
    question: "Question", info: Info, language: str | None = None
) -> "Answer | Wait":
    """Return the answer that came with the list, unless it is wanted in another language."""
    view = info.context.loaders.lists.expected_answer(question.model.id)
    return WAIT if view is None else answer_in_original(info, view, language) or WAIT


RELATED = 5
"""How many related questions come without asking for a number."""


@strawberry.type(description="A question that somebody asked, in their words.")
class Question(Node):
    """A question that the viewer may see."""

    model: strawberry.Private[ShownQuestion]
    slug: str | None = strawberry.field(
        description="The part of an address that names it, once it has a published answer."
    )
    text: str = strawberry.field(description="The question as it was asked.")
    asked_at: datetime = strawberry.field(description="When it was first asked.")
    status: QuestionStatus = strawberry.field(description="What has become of it.")

    @classmethod
    def of(cls, model: ShownQuestion) -> Self:
        """Return a question as clients see it."""
        return cls(
            key=model.id,
            model=model,
            slug=model.slug,
            text=model.text,
            asked_at=model.asked_at,
            status=model.status,
        )

    @strawberry.field(description="The cancer it is about. Null: about cancer in general.")
    async def cancer(self, info: Info) -> "Cancer | None":
        """Look it up in memory."""
        catalogue = await info.context.loaders.catalogue()
        entry = catalogue.by_id.get(self.model.cancer_id) if self.model.cancer_id else None
        return Cancer.of(entry, catalogue) if entry else None

    @strawberry.field(
        description="The published answer, or the asker's own unreviewed one.",
        metadata={**at_hand(_answer_at_hand), **OF_ROWS},
    )
    async def answer(self, info: Info, language: InLanguage = None) -> "Answer | None":
        """Load it with those of the other questions of this level."""
        view = await info.context.loaders.answer_to(self.model.id)
        return await shown_answer(info, view, language) if view else None

    @strawberry.field(
        description="That a reviewer took the answer to a personal question back, and why. Null"
        " unless one did, and for questions that aren't personal."
    )
    def withdrawal(self) -> Withdrawal | None:
        """Show it."""
        if not isinstance(self.model, PersonalQuestionView) or self.model.withdrawal is None:
            return None
        return Withdrawal.of(self.model.withdrawal)

    @strawberry.field(description="The newest writing of an answer, for those who may follow it.")
    async def generation(self, info: Info) -> "Generation | None":
        """Load it with those of the other questions of this level."""
        found = await info.context.loaders.generation_of_question.load(self.model.id)
        return Generation.of(found) if found else None

    @strawberry.field(description="Answered questions near this one.")
    async def related(
        self,
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description="How many at most: 1 to 100.")
        ] = RELATED,
    ) -> "list[Question]":
        """Load them with those of the other questions of this level."""
        first = RELATED if first is None else first
        if not 1 <= first <= MAX_PAGE:
            raise InvalidInput(f"`first` must be from 1 to {MAX_PAGE}.", path=("first",))
        found = await info.context.loaders.lists.related(first, self.model)
        return [Question.of(model) for model in found]


def _nodes(rows: Sequence[Any]) -> list[Question]:
    # Compiled execution takes those that were made before as they are, and alone asks for them.
    if isinstance(rows, RememberedQuestions):
        return cast("list[Question]", rows)
    return [Question.of(row) for row in rows]


@strawberry.type(description="A page of questions.")
class QuestionConnection(Connection[Question]):
    """Questions in the order that was asked for."""

    @classmethod
    def of(cls, page: QuestionPage | None) -> Self:
        """Return a page; without one, an empty page."""
        page = page or _NOTHING
        return cls(
            nodes=_nodes(page.rows),
            cursors=page.cursors,
            page_info=page_info(page),
        )


@strawberry.type(description="A question that was found, and how well it fits.")
class QuestionSearchEdge:
    """One hit."""

    cursor: str = strawberry.field(description="Where the item stands in the list. Opaque.")
    node: Question = strawberry.field(description="The question that was found.")
    score: float = strawberry.field(
        description="How well it fits: more is better. Comparable within one search only."
    )


@strawberry.type(description="A page of what a search found, the best first.")
class QuestionSearchConnection:
    """The hits of a search."""

    page: strawberry.Private[SearchPage[Any]]

    @strawberry.field(description="The questions with their scores.")
    def edges(self) -> list[QuestionSearchEdge]:
        """Put them together: clients ask for these or for `nodes`."""
        found = zip(self.nodes, self.page.scores, self.page.cursors, strict=True)
        return [
            QuestionSearchEdge(cursor=cursor, node=node, score=score)
            for node, score, cursor in found
        ]

    nodes: list[Question] = strawberry.field(description="The questions alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the list.")
    corrected_text: str | None = strawberry.field(
        description="What was searched for instead, where a word was taken for a typing error."
    )

    @classmethod
    def of(cls, page: SearchPage[Any], *, continued: bool) -> Self:
        """Return a page of hits. `continued`: it was asked for with a cursor."""
        return cls(
            page=page,
            nodes=_nodes(page.questions),
            page_info=PageInfo(
                has_next_page=page.has_next,
                has_previous_page=continued,
                start_cursor=page.cursors[0] if page.cursors else None,
                end_cursor=page.cursors[-1] if page.cursors else None,
            ),
            corrected_text=page.corrected_text,
        )


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.answers.translated import (  # noqa: E402 - see above
    answer_in_original,
    shown_answer,
)
from navis_api.graphql.answers.types import Answer  # noqa: E402 - see above
from navis_api.graphql.cancers.types import Cancer  # noqa: E402 - see above
from navis_api.graphql.generation.types import Generation  # noqa: E402 - see above
