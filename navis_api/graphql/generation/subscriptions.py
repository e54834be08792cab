"""Following a generation."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from navis_api.graphql.context import Info
from navis_api.graphql.generation.events import GenerationEvent, event_of, shared_event_of
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.resuming import AfterSequence, checked_sequence, resumed_after
from navis_api.identity.viewer import ViewerKind


@strawberry.type
class GenerationSubscriptions:
    """The fields that Subscription has from this feature."""

    @strawberry.subscription(
        description="Replays from `after`, then follows: nothing is lost over a reconnect, a"
        " restart or a change of transport. Ends after the last event."
    )
    async def generation_events(
        self,
        info: Info,
        generation_id: Annotated[
            strawberry.ID, strawberry.argument(description="Which generation to follow.")
        ],
        after: AfterSequence = 0,
    ) -> AsyncGenerator[GenerationEvent, None]:
        """Translate the stream."""
        context = info.context
        id_ = parse_id_of("Generation", generation_id, argument="generationId")
        start = checked_sequence(resumed_after(info, after))
        viewer, personal = context.viewer, context.services.personal_stream
        if viewer.kind is ViewerKind.PATIENT and await personal.knows(viewer, id_):
            async for event in personal.follow(viewer, id_, start, acting_in(context)):
                context.forget_loaded()
                context.position.sequence = event.sequence
                yield event_of(event)
            return
        rows = context.services.generation_stream.follow(viewer.rows, id_, start)
        async for row in rows:
            # What an event leads to may have changed since the one before it.
            context.forget_loaded()
            context.position.sequence = row.sequence
            yield shared_event_of(row)
            # An event is kept by nobody who waits for the next.
            del row
