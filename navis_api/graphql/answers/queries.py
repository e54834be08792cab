"""Queries on answers."""

from typing import Annotated

import strawberry

from navis_api.answers import history_repository, repository
from navis_api.graphql.answers.frame import Retraction
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.context import Info


@strawberry.type
class AnswerQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(description="The published answer of the question at this slug.")
    async def answer(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]
    ) -> Answer | None:
        """Look it up."""
        async with info.context.database.reading(info.context.viewer.rows) as session:
            found = await repository.get_published_by_slug(session, slug)
        return Answer.of(found) if found else None

    @strawberry.field(
        description="Why there is no answer at this slug any more. Null unless one was taken back."
    )
    async def retraction(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]
    ) -> Retraction | None:
        """Look it up."""
        async with info.context.database.reading(info.context.viewer.rows) as session:
            found = await history_repository.get_retraction(session, slug)
        return Retraction.of(found) if found else None
