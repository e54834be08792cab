"""Stopping a generation."""

from typing import Annotated
from uuid import UUID

import strawberry

from navis_api.asking.personal.views import PersonalGenerationView
from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.errors import UserFault
from navis_api.generation import errors, service
from navis_api.graphql.context import Info, RequestContext
from navis_api.graphql.generation.types import Generation
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.user_errors import InvalidInput, UserError

_INPUT = ("input", "generationId")


@strawberry.type(description="No generation with this id that the viewer may follow.")
class UnknownGeneration(UserError):
    """See `navis_api.generation.errors.GenerationUnknown`."""


@strawberry.type(description="Others wait for this answer too, so it goes on being written.")
class OthersWait(UserError):
    """See `navis_api.generation.errors.OthersWait`."""


CancelGenerationError = Annotated[
    InvalidInput | UnknownGeneration | OthersWait,
    strawberry.union("CancelGenerationError", description="What the sender can put right."),
]


@strawberry.input(description="Which generation to stop.")
class CancelGenerationInput:
    """What cancelGeneration takes."""

    generation_id: strawberry.ID = strawberry.field(description="The generation's `id`.")


@strawberry.type(description="What came of stopping a generation.")
class CancelGenerationPayload:
    """The result of cancelGeneration."""

    cancelled: strawberry.Private[UUID | None]
    errors: list[CancelGenerationError] = strawberry.field(
        description="What the sender can put right. Empty on success."
    )

    @strawberry.field(
        description="The generation as it is now. One that had ended before stays as it was."
    )
    async def generation(self, info: Info) -> Generation | None:
        """Load it."""
        if self.cancelled is None:
            return None
        found = await info.context.loaders.generation.load(self.cancelled)
        return Generation.of(found) if found else None


_KINDS: dict[type[UserFault], type[InvalidInput | UnknownGeneration | OthersWait]] = {
    errors.GenerationUnknown: UnknownGeneration,
    errors.OthersWait: OthersWait,
}


def _refused(fault: UserFault) -> CancelGenerationPayload:
    kind = _KINDS.get(type(fault), InvalidInput)
    error = kind(english=fault.message, path=list(_INPUT))
    return CancelGenerationPayload(cancelled=None, errors=[error])


async def _cancel(context: RequestContext, generation_id: UUID) -> None:
    """Stop a generation that the viewer may follow. Raises GenerationUnknown and OthersWait."""
    found = await context.loaders.generation.load(generation_id)
    if found is None:
        raise errors.GenerationUnknown
    if isinstance(found, PersonalGenerationView):
        async with context.database.writing(context.viewer.rows) as session:
            asking = context.services.personal_asking
            await asking.cancel(session, generation_id, acting_in(context))
        return
    async with context.database.writing(SYSTEM_ROWS) as session:
        await service.cancel(session, generation_id, now=context.now)


@strawberry.type
class GenerationMutations:
    """The fields that Mutation has from this feature."""

    @strawberry.mutation(
        description="Stops the writing of an answer. Stopping one that has ended changes nothing."
    )
    async def cancel_generation(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            CancelGenerationInput, strawberry.argument(description="Which one.")
        ],
    ) -> CancelGenerationPayload:
        """Stop it, for whoever may follow it."""
        context = info.context
        try:
            id_ = parse_id_of("Generation", input.generation_id, argument="generationId")
            await _cancel(context, id_)
        except UserFault as fault:
            return _refused(fault)
        context.forget_loaded()
        return CancelGenerationPayload(cancelled=id_, errors=[])
