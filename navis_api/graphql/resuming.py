"""Where a stream of numbered events goes on: in its argument, or in the `Last-Event-ID` header."""

from typing import Annotated

import strawberry
from strawberry.types.nodes import SelectedField

from navis_api.errors import InvalidInput
from navis_api.graphql.context import Info

AfterSequence = Annotated[
    int | None,
    strawberry.argument(description="Only events with a higher sequence number than this."),
]


def checked_sequence(after: int | None) -> int:
    """Return a sequence number, 0 for null. Raises InvalidInput for a negative one."""
    after = after or 0
    if after < 0:
        raise InvalidInput("`after` must be 0 or the `sequence` of an event.", path=("after",))
    return after


def resumed_after(info: Info, after: int | None) -> int | None:
    """Return the number to go on after: the header's where the operation itself gives none."""
    written = info.selected_fields[0]
    gives = isinstance(written, SelectedField) and written.arguments.get("after") is not None
    return after if gives else info.context.position.resume_after or after
