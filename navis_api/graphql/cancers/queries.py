"""Queries on the catalogue. They are answered from memory."""

from typing import Annotated

import strawberry

from navis_api.db.paging import page_request
from navis_api.graphql.cancers.listing import catalogue_page
from navis_api.graphql.cancers.types import Cancer, CancerConnection
from navis_api.graphql.context import Info
from navis_api.graphql.relay import After, Before, First, Last


@strawberry.type
class CancerQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(description="The cancer at this slug.")
    async def cancer(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its slug.")]
    ) -> Cancer | None:
        """Look it up."""
        catalogue = await info.context.loaders.catalogue()
        entry = catalogue.by_slug.get(slug)
        return Cancer.of(entry, catalogue) if entry else None

    @strawberry.field(description="The cancers of the catalogue, by name.")
    async def cancers(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Annotated[
            str | None,
            strawberry.argument(description="Only those with a name that holds these words."),
        ] = None,
    ) -> CancerConnection:
        """Page through them."""
        request = page_request(first=first, after=after, last=last, before=before)
        catalogue = await info.context.loaders.catalogue()
        page, total = catalogue_page(catalogue, request, search=search)
        return CancerConnection.of(page, catalogue, total_count=total)
