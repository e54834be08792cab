"""What can stand in the way of a step of the review, as typed errors."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Self, cast

import strawberry

from navis_api.answers.errors import StepNotAllowed as StepFault
from navis_api.errors import UserFault
from navis_api.graphql.enums import AnswerState
from navis_api.graphql.user_errors import InvalidInput, UserError
from navis_api.review import errors


@strawberry.type(description="Something that this viewer may not do, or not with this answer.")
class NotAllowed(UserError):
    """Faults whose code is FORBIDDEN."""


@strawberry.type(description="There is no such revision, comment or person, or none waits.")
class NotThere(UserError):
    """Faults whose code is NOT_FOUND."""


@strawberry.type(description="From the state that the revision is in, no such step leads.")
class StepNotAllowed(UserError):
    """See `navis_api.answers.states`."""

    state: AnswerState = strawberry.field(description="The state that it is in.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return a fault of ours as clients see it."""
        state = cast("StepFault", fault).before
        return cls(english=fault.message, path=list(fault.path) or None, state=state)


@strawberry.type(
    description="Somebody changed the revision since it was read: read it again, decide anew."
)
class RevisionConflict(UserError):
    """A step that would overwrite somebody else's."""

    changed_by: str | None = strawberry.field(
        description="Who took the newest step. Null: the service itself."
    )
    changed_at: datetime = strawberry.field(description="When.")
    state: AnswerState = strawberry.field(description="What it became.")
    revision: int = strawberry.field(description="The revision to read.")
    version: int = strawberry.field(description="Its version now: what to expect next time.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return a fault of ours as clients see it."""
        conflict = cast("errors.RevisionConflict", fault)
        return cls(
            english=fault.message,
            path=list(fault.path) or None,
            changed_by=conflict.last.by,
            changed_at=conflict.last.at,
            state=conflict.last.after,
            revision=conflict.revision,
            version=conflict.version,
        )


@strawberry.type(description="Somebody else is at this revision.")
class ClaimedByAnother(UserError):
    """A lease that runs still."""

    name: str = strawberry.field(description="Who is at it.")
    until: datetime = strawberry.field(description="Until when it is theirs.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return a fault of ours as clients see it."""
        taken = cast("errors.ClaimedByAnother", fault)
        return cls(
            english=fault.message,
            path=list(fault.path) or None,
            name=taken.name,
            until=taken.until,
        )


@strawberry.type(description="A claim that what it cites doesn't support.")
class UnsupportedClaim:
    """A claim of the text as it would be with the edits made."""

    section: int = strawberry.field(description="Its section, counted from 0.")
    claim: int = strawberry.field(description="Its place there, counted from 0.")
    text: str = strawberry.field(description="Its text.")
    reasons: list[str] = strawberry.field(description="What is wrong with it, in sentences.")


@strawberry.type(description="Claims that what they cite doesn't support. Nothing was changed.")
class ClaimsNotSupported(UserError):
    """What the grounding check refuses."""

    claims: list[UnsupportedClaim] = strawberry.field(description="Each of them.")

    @classmethod
    def of(cls, fault: UserFault) -> Self:
        """Return a fault of ours as clients see it."""
        found = cast("errors.ClaimNotSupported", fault).claims
        return cls(
            english=fault.message,
            path=list(fault.path) or None,
            claims=[
                UnsupportedClaim(
                    section=each.section,
                    claim=each.claim,
                    text=each.text,
                    reasons=list(each.reasons),
                )
                for each in found
            ],
        )


@strawberry.type(description="Quotes no longer stand in their sources, or it has ended otherwise.")
class RevisionOutdated(UserError):
    """Faults of a revision that can't go on as it is: a new one is needed."""


ReviewErrorType = (
    InvalidInput
    | NotAllowed
    | NotThere
    | StepNotAllowed
    | RevisionConflict
    | ClaimedByAnother
    | ClaimsNotSupported
    | RevisionOutdated
)
ReviewError = Annotated[
    ReviewErrorType,
    strawberry.union("ReviewError", description="What can stand in the way of a review."),
]

_BY_TYPE: dict[type[UserFault], Callable[[UserFault], ReviewErrorType]] = {
    errors.RevisionConflict: RevisionConflict.of,
    errors.NewerRevision: RevisionConflict.of,
    errors.ClaimedByAnother: ClaimedByAnother.of,
    errors.ClaimNotSupported: ClaimsNotSupported.of,
    StepFault: StepNotAllowed.of,
}
_BY_CODE: dict[str, Callable[[UserFault], ReviewErrorType]] = {
    "FORBIDDEN": NotAllowed.of,
    "NOT_FOUND": NotThere.of,
    "CONFLICT": RevisionOutdated.of,
}


def review_error(fault: UserFault) -> ReviewErrorType:
    """Return a fault as the payload's error; what has no type of its own is an invalid input."""
    make = _BY_TYPE.get(type(fault)) or _BY_CODE.get(fault.code) or InvalidInput.of
    return make(fault)
