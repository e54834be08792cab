"""What a patient or their app can put right about findings, as typed errors."""

from collections.abc import Callable
from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.records.errors import PatientsOnly
from navis_api.graphql.user_errors import InvalidInput, UserError
from navis_api.records.errors import PatientsOnly as PatientsOnlyFault
from navis_api.records.findings import errors


@strawberry.type(
    description="There is no such finding, or it is somebody else's. One that nobody has decided"
    " on goes when its record is read again."
)
class UnknownFinding(UserError):
    """See `navis_api.records.findings.errors.FindingUnknown`."""


@strawberry.type(description="The finding's record isn't READY: it is being read once more.")
class FindingNotReady(UserError):
    """See `navis_api.records.findings.errors.FindingNotReady`."""


ConfirmFindingsErrorType = InvalidInput | PatientsOnly | UnknownFinding | FindingNotReady
ConfirmFindingsError = Annotated[
    ConfirmFindingsErrorType,
    strawberry.union(
        "ConfirmFindingsError", description="What can stand in the way of deciding on findings."
    ),
]

_BY_TYPE: dict[type[UserFault], Callable[[UserFault], ConfirmFindingsErrorType]] = {
    PatientsOnlyFault: PatientsOnly.of,
    errors.FindingUnknown: UnknownFinding.of,
    errors.FindingNotReady: FindingNotReady.of,
}


def confirm_findings_error(fault: UserFault) -> ConfirmFindingsErrorType:
    """Return a fault as the payload's error; what has no type of its own is an invalid input."""
    return _BY_TYPE.get(type(fault), InvalidInput.of)(fault)
