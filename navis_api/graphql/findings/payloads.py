"""What deciding on findings takes and gives."""

from datetime import date
from typing import Self

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.enums import Assertion, FindingDecision, TreatmentStatus
from navis_api.graphql.findings.errors import ConfirmFindingsError, confirm_findings_error
from navis_api.graphql.findings.types import Finding
from navis_api.graphql.relay import IdInvalid, parse_id_of
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.deciding import Decided


@strawberry.input(
    description="What is otherwise than it was read. What is left out stays as it was read. A"
    " finding about something else is another finding: reject that one."
)
class FindingCorrectionInput:
    """A correction."""

    value: str | None = strawberry.field(
        default=None, description="What is right in place of `value`: up to 200 characters."
    )
    unit: str | None = strawberry.field(
        default=None, description="What is right in place of `unit`: up to 40 characters."
    )
    observed_on: date | None = strawberry.field(
        default=None, description="What is right in place of `observedOn`."
    )
    assertion: Assertion | None = strawberry.field(
        default=None, description="What is right in place of `assertion`."
    )
    treatment_status: TreatmentStatus | None = strawberry.field(
        default=None, description="What is right in place of `treatmentStatus`: for treatments."
    )

    def to_model(self) -> Correction:
        """Return it as the service takes it."""
        return Correction(
            self.value, self.unit, self.observed_on, self.assertion, self.treatment_status
        )


@strawberry.input(description="What the patient says of one finding.")
class FindingDecisionInput:
    """A decision."""

    id: strawberry.ID = strawberry.field(description="The finding's `id`.")
    decision: FindingDecision = strawberry.field(description="What they say.")
    correction: FindingCorrectionInput | None = strawberry.field(
        default=None, description="What is right. With CORRECT, and only then."
    )

    def to_model(self, place: int) -> Decided:
        """Return it as the service takes it; `place` is its own in the list. Raises IdInvalid."""
        try:
            finding_id = parse_id_of("Finding", self.id, argument="id")
        except IdInvalid as invalid:
            invalid.path = ("input", "findings", str(place), "id")
            raise
        correction = None if self.correction is None else self.correction.to_model()
        return Decided(finding_id, self.decision, correction)


@strawberry.input(description="What the patient says of findings: all of it is done, or nothing.")
class ConfirmFindingsInput:
    """What confirmFindings takes."""

    findings: list[FindingDecisionInput] = strawberry.field(
        description="1 to 100 decisions, each on another finding. They may be of several records."
    )

    def to_model(self) -> list[Decided]:
        """Return it as the service takes it. Raises IdInvalid."""
        return [each.to_model(place) for place, each in enumerate(self.findings)]


@strawberry.type(description="What came of deciding on findings.")
class ConfirmFindingsPayload:
    """The result of confirmFindings."""

    findings: list[Finding] = strawberry.field(
        description="The findings, in the order of the input. Empty when there are errors."
    )
    errors: list[ConfirmFindingsError] = strawberry.field(
        description="What the patient or their app can put right; then nothing was changed. Empty"
        " on success."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(findings=[], errors=[confirm_findings_error(fault)])
