"""Queries on what changes in published content."""

from typing import Annotated

import strawberry

from navis_api.answers import published_changes
from navis_api.db.paging import page_request
from navis_api.graphql.changes.types import ChangeConnection
from navis_api.graphql.context import Info
from navis_api.graphql.relay import First


@strawberry.type
class ChangeQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(
        description="What has changed in published content, with tombstones. A copy that takes in"
        " page after page equals what is published, however often it was interrupted."
        " `CURSOR_INVALID` means: ask without `since` and replace the copy."
    )
    async def changes(
        self,
        info: Info,
        since: Annotated[
            str | None,
            strawberry.argument(
                description="The `endCursor` of the last page that was taken in. None: everything."
            ),
        ] = None,
        first: First = None,
    ) -> ChangeConnection:
        """Page through them."""
        request = page_request(first=first, after=since)
        page = await published_changes.list_changes(info.context.database.published, request)
        info.context.reads.published()
        return ChangeConnection.of(page, since=since)
