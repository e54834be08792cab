"""Erasing what is one's own: the confirmation, the receipt, and what can stand in the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Self

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.records.errors import PatientsOnly
from navis_api.graphql.relay import Node
from navis_api.graphql.user_errors import InvalidInput
from navis_api.personal_data.erasing import models
from navis_api.personal_data.erasing.service import CONFIRMATION
from navis_api.records.errors import PatientsOnly as PatientsOnlyFault


@strawberry.input(description="That everything that is one's own is to be erased, for good.")
class EraseMyDataInput:
    """What eraseMyData takes."""

    confirmation: str = strawberry.field(
        description=f"The words `{CONFIRMATION}`, to the letter. Have the patient confirm it, and"
        " send them then."
    )


@strawberry.type(description="How much was removed of one kind.")
class ErasedRows:
    """A kind, with its count."""

    kind: str = strawberry.field(
        description="What it was, by the name of its table: `records`, `findings`, `questions`,"
        " `askings` (that one asked a question that stays), and more to come."
    )
    count: int = strawberry.field(description="How many of them.")


@strawberry.type(
    description="That somebody's data were erased. It names nobody: whoever has its `id` can read"
    " it again with `node`, and nobody else finds it."
)
class ErasureReceipt(Node):
    """A receipt."""

    erased_at: datetime = strawberry.field(
        description="When everything was removed from the database. From then on nothing of it can"
        " be read here."
    )
    removed: list[ErasedRows] = strawberry.field(
        description="What was removed there. Empty where nothing was held."
    )
    key_destroyed_at: datetime | None = strawberry.field(
        description="When the key was destroyed that records were sealed with. From then on no copy"
        " of them can be read either. Null for a moment, or while the storage is away."
    )
    objects_removed_at: datetime | None = strawberry.field(
        description="When the sealed contents of records were removed too. Null until then."
    )

    @classmethod
    def of(cls, erasure: models.Erasure) -> Self:
        """Return a receipt as clients see it."""
        return cls(
            key=erasure.id,
            erased_at=erasure.erased_at,
            removed=[
                ErasedRows(kind=kind, count=count)
                for kind, count in sorted(erasure.removed.items())
            ],
            key_destroyed_at=erasure.key_destroyed_at,
            objects_removed_at=erasure.objects_removed_at,
        )


EraseMyDataErrorType = InvalidInput | PatientsOnly
EraseMyDataError = Annotated[
    EraseMyDataErrorType,
    strawberry.union("EraseMyDataError", description="What can stand in the way of erasing."),
]

_BY_TYPE: dict[type[UserFault], Callable[[UserFault], EraseMyDataErrorType]] = {
    PatientsOnlyFault: PatientsOnly.of
}


@strawberry.type(description="What came of erasing.")
class EraseMyDataPayload:
    """The result of eraseMyData."""

    receipt: ErasureReceipt | None = strawberry.field(
        description="The receipt: keep its `id`. Null when there are errors."
    )
    errors: list[EraseMyDataError] = strawberry.field(
        description="What stands in the way. Then nothing was erased. Empty on success."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was erased."""
        return cls(receipt=None, errors=[_BY_TYPE.get(type(fault), InvalidInput.of)(fault)])
