"""Queries on answers."""

from typing import Annotated

import strawberry

from navis_api.answers import published_changes
from navis_api.graphql.answers.arguments import InLanguage
from navis_api.graphql.answers.frame import Retraction
from navis_api.graphql.answers.translated import shown_answer
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.context import Info


@strawberry.type
class AnswerQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(description="The published answer of the question at this slug.")
    async def answer(
        self,
        info: Info,
        slug: Annotated[str, strawberry.argument(description="Its slug.")],
        language: InLanguage = None,
    ) -> Answer | None:
        """Look it up."""
        found = await info.context.loaders.published_answer(slug)
        return await shown_answer(info, found, language) if found else None

    @strawberry.field(
        description="Why there is no answer at this slug any more. Null unless one was taken back."
    )
    async def retraction(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]
    ) -> Retraction | None:
        """Look it up."""
        found = await published_changes.get_retraction(info.context.database.published, slug)
        info.context.reads.published()
        return Retraction.of(found) if found else None
