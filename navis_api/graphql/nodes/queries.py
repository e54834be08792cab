"""Fetching any object again by its id."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final
from uuid import UUID

import strawberry

from navis_api.db.paging import MAX_PAGE
from navis_api.errors import InvalidInput
from navis_api.graphql.answers.translated import shown_answer
from navis_api.graphql.cancers.types import Cancer
from navis_api.graphql.context import Info
from navis_api.graphql.erasing.queries import find_receipt
from navis_api.graphql.findings.queries import find_finding
from navis_api.graphql.generation.types import Generation
from navis_api.graphql.personal_review.operations import find_personal_review
from navis_api.graphql.questions.types import Question
from navis_api.graphql.records.queries import find_record
from navis_api.graphql.relay import GlobalId, IdInvalid, Node, parse_id
from navis_api.graphql.review.types import StaffMember
from navis_api.graphql.sources.types import Source

_FOUND_ALONE: Final[Mapping[str, Callable[[Info, UUID], Awaitable[Node | None]]]] = {
    "Record": find_record,
    "Finding": find_finding,
    "ErasureReceipt": find_receipt,
    "PersonalReview": find_personal_review,
}
"""What has no loader: what is one patient's, and whose every reading is recorded."""


async def _find(info: Info, wanted: GlobalId, *, argument: str) -> Node | None:
    """Return the object, or None where there is none that the viewer may see."""
    loaders, key = info.context.loaders, wanted.key
    if wanted.type_name in _FOUND_ALONE:
        return await _FOUND_ALONE[wanted.type_name](info, key)
    match wanted.type_name:
        case "Cancer":
            catalogue = await loaders.catalogue()
            entry = catalogue.by_id.get(key)
            return Cancer.of(entry, catalogue) if entry else None
        case "Question":
            question = await loaders.question.load(key)
            return Question.of(question) if question else None
        case "Answer":
            answer = await loaders.answer.load(key)
            return await shown_answer(info, answer) if answer else None
        case "Source":
            source = await loaders.source.load(key)
            return Source.of(source) if source else None
        case "Generation":
            generation = await loaders.generation.load(key)
            return Generation.of(generation) if generation else None
        case "StaffMember":
            member = await loaders.review.staff_member.load(key)
            return StaffMember.of(member, await loaders.catalogue()) if member else None
        case _:
            raise IdInvalid(argument)


@strawberry.type
class NodeQueries:
    """The fields that Query has for Relay."""

    @strawberry.field(
        description="The object with this id. Null when there is none that the viewer may see."
    )
    async def node(
        self,
        info: Info,
        id: Annotated[  # noqa: A002 - Relay's name
            strawberry.ID, strawberry.argument(description="An `id` that this API returned.")
        ],
    ) -> Node | None:
        """Find it."""
        return await _find(info, parse_id(id, argument="id"), argument="id")

    @strawberry.field(
        description="The objects with these ids, in their order, null where there is none that"
        " the viewer may see."
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")],
    ) -> list[Node | None]:
        """Find them together."""
        if len(ids) > MAX_PAGE:
            raise InvalidInput(f"Give at most {MAX_PAGE} `ids`.", path=("ids",))
        wanted = [parse_id(id_, argument="ids") for id_ in ids]
        return list(await asyncio.gather(*(_find(info, each, argument="ids") for each in wanted)))
