"""What a patient or their app can put right about consents, as typed errors."""

from collections.abc import Callable
from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.records.errors import PatientsOnly
from navis_api.graphql.user_errors import InvalidInput, UserError
from navis_api.records.consents.errors import ConsentVersionPassed as VersionPassedFault
from navis_api.records.errors import PatientsOnly as PatientsOnlyFault


@strawberry.type(description="The text that was consented to isn't the one that is asked for now.")
class ConsentVersionPassed(UserError):
    """See `navis_api.records.consents.errors.ConsentVersionPassed`."""


ConsentErrorType = InvalidInput | PatientsOnly | ConsentVersionPassed
ConsentError = Annotated[
    ConsentErrorType,
    strawberry.union("ConsentError", description="What can stand in the way of a consent."),
]

_BY_TYPE: dict[type[UserFault], Callable[[UserFault], ConsentErrorType]] = {
    PatientsOnlyFault: PatientsOnly.of,
    VersionPassedFault: ConsentVersionPassed.of,
}


def consent_error(fault: UserFault) -> ConsentErrorType:
    """Return a fault as the payload's error; what has no type of its own is an invalid input."""
    return _BY_TYPE.get(type(fault), InvalidInput.of)(fault)
