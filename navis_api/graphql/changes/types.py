"""Changes of published content, as clients see them: what a copy is kept by."""

from datetime import datetime
from typing import Self

import strawberry

from navis_api.answers import published_changes
from navis_api.db.paging import Page
from navis_api.graphql.answers.arguments import InLanguage
from navis_api.graphql.answers.translated import shown_answer
from navis_api.graphql.answers.types import Answer
from navis_api.graphql.context import Info
from navis_api.graphql.enums import ChangeKind
from navis_api.graphql.questions.types import Question
from navis_api.graphql.relay import Connection, PageInfo, global_id, page_info


@strawberry.type(
    description="The newest change of an answer that is or was public. When the answer changes"
    " again, this one gives way to the newer one, further on in the list."
)
class Change:
    """A change, or the tombstone of an answer that was taken back."""

    model: strawberry.Private[published_changes.Change]
    kind: ChangeKind = strawberry.field(description="What has become of the answer.")
    at: datetime = strawberry.field(description="When.")
    answer_id: strawberry.ID = strawberry.field(
        description="The answer's `id`, also where it is gone: keep a copy by it, since a slug"
        " may change."
    )
    slug: str = strawberry.field(description="The part of an address that names the answer.")
    revision: int = strawberry.field(description="The revision that was changed.")
    reason: str | None = strawberry.field(
        description="Why: what was corrected, or why it is due for review or was taken back."
    )

    @classmethod
    def of(cls, model: published_changes.Change) -> Self:
        """Return a change as clients see it."""
        return cls(
            model=model,
            kind=model.kind,
            at=model.at,
            answer_id=global_id("Answer", model.answer_id),
            slug=model.slug,
            revision=model.revision,
            reason=model.reason,
        )

    @strawberry.field(
        description="The answer as it is live now, which may be newer than this change. Null:"
        " it is not public any more, remove it from a copy."
    )
    async def answer(self, info: Info, language: InLanguage = None) -> Answer | None:
        """Load it with those of the other changes."""
        live = await info.context.loaders.live_answer(self.model.answer_id)
        return await shown_answer(info, live.view, language) if live else None

    @strawberry.field(description="The question it answers. Null where `answer` is.")
    async def question(self, info: Info) -> Question | None:
        """Load it with those of the other changes."""
        live = await info.context.loaders.live_answer(self.model.answer_id)
        return Question.of(live.question) if live else None


@strawberry.type(
    description="A page of changes, in the order in which they were made: one for each answer."
)
class ChangeConnection(Connection[Change]):
    """What a copy has to take in next."""

    @classmethod
    def of(cls, page: Page[published_changes.Change], *, since: str | None) -> Self:
        """Return a page. An empty one ends where it began, so that `endCursor` always leads on."""
        nodes = [Change.of(row) for row in page.rows]
        info = page_info(page)
        if info.end_cursor is None:
            info = PageInfo(
                has_next_page=False,
                has_previous_page=info.has_previous_page,
                start_cursor=None,
                end_cursor=since,
            )
        return cls(nodes=nodes, cursors=page.cursors, page_info=info)
