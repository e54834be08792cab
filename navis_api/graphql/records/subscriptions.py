"""Following a record."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.records.types import RecordEvent
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.resuming import AfterSequence, checked_sequence, resumed_after


@strawberry.type
class RecordSubscriptions:
    """The fields that Subscription has from records."""

    @strawberry.subscription(
        description="Replays the states of a record of the viewer's own from `after` on, then"
        " follows: nothing is lost over a reconnect, a restart or a change of transport. Ends when"
        " it is READY, QUARANTINED, FAILED or DELETED."
    )
    async def record_events(
        self,
        info: Info,
        record_id: Annotated[
            strawberry.ID, strawberry.argument(description="Which record to follow.")
        ],
        after: AfterSequence = 0,
    ) -> AsyncGenerator[RecordEvent, None]:
        """Translate the stream."""
        context = info.context
        acting = acting_in(context)
        id_ = parse_id_of("Record", record_id, argument="recordId")
        start = checked_sequence(resumed_after(info, after))
        rows = context.services.record_stream.follow(context.viewer, id_, start, acting)
        async for row in rows:
            context.position.sequence = row.sequence
            yield RecordEvent.of(row)
