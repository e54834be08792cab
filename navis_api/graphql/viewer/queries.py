"""Who is asking."""

import strawberry

from navis_api.graphql.context import Info
from navis_api.graphql.viewer.types import Viewer


@strawberry.type
class ViewerQueries:
    """The fields that Query has from this feature."""

    @strawberry.field(description="Whoever sends this request, signed in or not.")
    def viewer(self, info: Info) -> Viewer:
        """Show who it is."""
        return Viewer.of(info.context.viewer)
