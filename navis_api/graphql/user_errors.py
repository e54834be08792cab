"""What a client can do something about, as typed errors in a mutation's payload."""

from typing import Self

import strawberry

from navis_api import errors
from navis_api.asking.errors import ConsentRequired as ConsentRequiredFault
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.enums import ConsentPurpose
from navis_api.graphql.messages import in_language


@strawberry.interface(description="Something in the input that its sender can put right.")
class UserError:
    """The interface of every error in a payload."""

    english: strawberry.Private[str]
    path: list[str] | None = strawberry.field(
        description="Which input it is about, from the mutation's argument down."
    )

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return a fault of ours as clients see it."""
        return cls(english=fault.message, path=list(fault.path) or None)

    @strawberry.field(description="What is wrong and what to do, in words.")
    def message(self, info: Info) -> str:
        """Say it in the reader's language."""
        return in_language(self.english, info.context.language)


@strawberry.type(description="A value that is out of its range or not of its form.")
class InvalidInput(UserError):
    """See `navis_api.errors.InvalidInput`."""


@strawberry.type(
    description="No cancer was named or told, one of several is meant, or the catalogue has none of"
    " that name."
)
class UnknownCancer(UserError):
    """See `navis_api.asking.errors.CancerNotRecognised`."""


@strawberry.type(description="An idempotency key that came with another input before.")
class IdempotencyConflict(UserError):
    """See `navis_api.asking.errors`."""


@strawberry.type(description="Too many requests in too short a time.")
class RateLimited(UserError):
    """See `navis_api.errors.RateLimited`."""

    retry_after_seconds: int = strawberry.field(description="After how many seconds to try again.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return it with the time to wait."""
        wait_s = fault.retry_after_s if isinstance(fault, errors.RateLimited) else 0
        return cls(english=fault.message, path=None, retry_after_seconds=wait_s)


@strawberry.type(description="A consent is missing without which this can't be done.")
class ConsentRequired(UserError):
    """See `navis_api.asking.errors`."""

    purposes: list[ConsentPurpose] = strawberry.field(
        description="What has to be allowed for it, and isn't. Empty for whoever isn't a patient."
    )

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return it with the consents that are missing."""
        missing = fault.purposes if isinstance(fault, ConsentRequiredFault) else ()
        return cls(english=fault.message, path=list(fault.path) or None, purposes=list(missing))
