"""Cancers, as clients see them. All but their questions comes from the catalogue in memory."""

from typing import Self

import strawberry

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.db.paging import Page, page_request
from navis_api.graphql.context import Info
from navis_api.graphql.enums import QuestionOrder
from navis_api.graphql.questions.arguments import Answered, OrderBy
from navis_api.graphql.questions.loading import WantedQuestions
from navis_api.graphql.relay import (
    After,
    Before,
    Connection,
    First,
    Last,
    Node,
    page_info,
)
from navis_api.graphql.remembered import LISTS_QUESTIONS, remembered_selection


@strawberry.type(description="A kind of cancer, in the catalogue's tree of kinds and subtypes.")
class Cancer(Node):
    """A catalogue entry."""

    entry: strawberry.Private[CatalogueEntry]
    catalogue: strawberry.Private[Catalogue]
    slug: str = strawberry.field(description="The part of an address that names this cancer.")
    name: str = strawberry.field(description="What most people call it.")
    clinical_name: str | None = strawberry.field(
        description="What a pathology report calls it, where that differs."
    )
    aliases: list[str] = strawberry.field(description="Other names and abbreviations in use.")
    body_site: str = strawberry.field(description="Where in the body it begins.")
    icd10_codes: list[str] = strawberry.field(
        name="icd10Codes", description="Codes of the ICD-10 classification."
    )
    summary: str = strawberry.field(description="What it is, in a sentence or two.")

    @classmethod
    def of(cls, entry: CatalogueEntry, catalogue: Catalogue) -> Self:
        """Return an entry as clients see it."""
        return cls(
            key=entry.id,
            entry=entry,
            catalogue=catalogue,
            slug=entry.slug,
            name=entry.name,
            clinical_name=entry.clinical_name,
            aliases=[*entry.aliases, *entry.abbreviations],
            body_site=entry.body_site,
            icd10_codes=list(entry.icd10_codes),
            summary=entry.summary,
        )

    @strawberry.field(description="The cancer of which this is a subtype.")
    def parent(self) -> "Cancer | None":
        """Look one level up."""
        above = self.catalogue.parent(self.entry)
        return Cancer.of(above, self.catalogue) if above else None

    @strawberry.field(description="The subtypes directly below.")
    def subtypes(self) -> "list[Cancer]":
        """Look one level down."""
        return [Cancer.of(below, self.catalogue) for below in self.catalogue.subtypes(self.entry)]

    @strawberry.field(
        description="How many questions on it and its subtypes have a reviewed answer."
    )
    async def answered_question_count(self, info: Info) -> int:
        """Count with everything else of this level."""
        return await info.context.loaders.lists.answered_count(self.entry.id)

    @strawberry.field(description="Questions on it and its subtypes.", metadata=LISTS_QUESTIONS)
    async def questions(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        answered: Answered = None,
        order_by: OrderBy = None,
    ) -> "QuestionConnection":
        """Load the page with those of the other cancers of this level."""
        wanted = WantedQuestions(
            page=page_request(first=first, after=after, last=last, before=before),
            answered=answered,
            order=order_by or QuestionOrder.NEWEST_FIRST,
            selection=remembered_selection(info),
        )
        page = await info.context.loaders.lists.page_of_cancer(wanted, self.entry.id)
        return QuestionConnection.of(page)


@strawberry.type(description="A page of cancers.")
class CancerConnection(Connection[Cancer]):
    """Cancers by name."""

    total_count: int = strawberry.field(description="How many there are on all pages together.")

    @classmethod
    def of(cls, page: Page[CatalogueEntry], catalogue: Catalogue, *, total_count: int) -> Self:
        """Return a page of the catalogue."""
        nodes = [Cancer.of(entry, catalogue) for entry in page.rows]
        return cls(
            nodes=nodes, cursors=page.cursors, page_info=page_info(page), total_count=total_count
        )


# At the end: these types lead to each other in a circle, and Strawberry looks for
# them by name when the schema is built.
from navis_api.graphql.questions.types import QuestionConnection  # noqa: E402 - see above
