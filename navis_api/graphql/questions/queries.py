"""Queries on questions."""

from typing import Annotated

import strawberry

from navis_api.db.paging import page_request
from navis_api.graphql.cancers.family import family_of
from navis_api.graphql.context import Info
from navis_api.graphql.enums import QuestionOrder
from navis_api.graphql.questions.arguments import Answered, OfCancer, OrderBy
from navis_api.graphql.questions.loading import WantedQuestions
from navis_api.graphql.questions.types import (
    Question,
    QuestionConnection,
    QuestionSearchConnection,
)
from navis_api.graphql.relay import After, Before, First, Last
from navis_api.graphql.remembered import LISTS_QUESTIONS, remembered_selection
from navis_api.questions.search import Search


@strawberry.type
class QuestionQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(description="The question at this slug, once its answer is published.")
    async def question(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]
    ) -> Question | None:
        """Look it up."""
        found = await info.context.loaders.published_question(slug)
        return Question.of(found) if found else None

    @strawberry.field(
        description="Questions with a published answer, and the viewer's own.",
        metadata=LISTS_QUESTIONS,
    )
    async def questions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        cancer: OfCancer = None,
        answered: Answered = None,
        order_by: OrderBy = None,
    ) -> QuestionConnection:
        """Page through them."""
        wanted = WantedQuestions(
            page=page_request(first=first, after=after, last=last, before=before),
            answered=answered,
            order=order_by or QuestionOrder.NEWEST_FIRST,
            selection=remembered_selection(info),
        )
        loaders = info.context.loaders
        about = family_of(await loaders.catalogue(), cancer)
        return QuestionConnection.of(await loaders.lists.page(wanted, about))

    @strawberry.field(
        description="Answered questions that fit a text: everyday words, names and abbreviations,"
        " both spellings of English, and one typing error in a word.",
        metadata=LISTS_QUESTIONS,
    )
    async def search_questions(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="What somebody typed.")],
        cancer: OfCancer = None,
        first: First = None,
        after: After = None,
    ) -> QuestionSearchConnection:
        """Search."""
        request = page_request(first=first, after=after)
        loaders = info.context.loaders
        catalogue = await loaders.catalogue()
        wanted = Search(text, family_of(catalogue, cancer), request)
        page = await loaders.lists.search(wanted, remembered_selection(info))
        return QuestionSearchConnection.of(page, continued=after is not None)
