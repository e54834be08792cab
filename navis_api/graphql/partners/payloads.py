"""What the mutations on partners give."""

from typing import Annotated, Self

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.partners.types import Partner, PartnerKey
from navis_api.graphql.review.errors import NotAllowed, NotThere
from navis_api.graphql.user_errors import InvalidInput
from navis_api.partners.keys import NewKey

PartnerError = Annotated[
    InvalidInput | NotAllowed | NotThere,
    strawberry.union("PartnerError", description="What can stand in the way."),
]


def partner_error(fault: UserFault) -> InvalidInput | NotAllowed | NotThere:
    """Return a fault as the payload's error."""
    if fault.code == "FORBIDDEN":
        return NotAllowed.of(fault)
    if fault.code == "NOT_FOUND":
        return NotThere.of(fault)
    return InvalidInput.of(fault)


@strawberry.type
class _Payload:
    """Errors, which every payload has."""

    errors: list[PartnerError] = strawberry.field(
        description="What stands in the way. Empty on success."
    )


@strawberry.type
class PartnerPayload(_Payload):
    """A partner that was acted on."""

    partner: Partner | None = strawberry.field(
        description="The partner as it is now. Null when there are errors."
    )

    @classmethod
    def of(cls, partner: Partner) -> Self:
        """Return a success."""
        return cls(partner=partner, errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(partner=None, errors=[partner_error(fault)])


@strawberry.type(description="What came of adding a partner.")
class CreatePartnerPayload(PartnerPayload):
    """The result of createPartner."""


@strawberry.type(description="What came of changing a partner.")
class UpdatePartnerPayload(PartnerPayload):
    """The result of updatePartner."""


@strawberry.type
class NewKeyPayload(_Payload):
    """A key that was made."""

    key: PartnerKey | None = strawberry.field(
        description="The key that was made. Null when there are errors."
    )
    secret: str | None = strawberry.field(
        description="The key itself, to be sent with each request. It is shown here and never"
        " again: keep it where secrets are kept."
    )

    @classmethod
    def of(cls, made: NewKey) -> Self:
        """Return a success."""
        return cls(key=PartnerKey.of(made.key), secret=made.secret, errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(key=None, secret=None, errors=[partner_error(fault)])


@strawberry.type(description="What came of making a key.")
class CreatePartnerKeyPayload(NewKeyPayload):
    """The result of createPartnerKey."""


@strawberry.type(description="What came of rotating a key.")
class RotatePartnerKeyPayload(NewKeyPayload):
    """The result of rotatePartnerKey."""


@strawberry.type(description="What came of taking a key back.")
class RevokePartnerKeyPayload(_Payload):
    """The result of revokePartnerKey."""

    key: PartnerKey | None = strawberry.field(
        description="The key as it is now. Null when there are errors."
    )

    @classmethod
    def of(cls, key: PartnerKey) -> Self:
        """Return a success."""
        return cls(key=key, errors=[])

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(key=None, errors=[partner_error(fault)])
