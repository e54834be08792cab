"""What the mutations of consents take and give."""

from typing import Self

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.consents.errors import ConsentError, consent_error
from navis_api.graphql.consents.types import Consent
from navis_api.graphql.enums import ConsentPurpose

_REFUSED = "What the patient or their app can put right. Empty on success."


@strawberry.input(description="A consent to the text that the patient was shown.")
class GrantConsentInput:
    """What grantConsent takes."""

    purpose: ConsentPurpose = strawberry.field(description="What they allow.")
    version: int = strawberry.field(
        description="The `version` of the text that they were shown. It has to be the current one."
    )


@strawberry.type(description="What came of giving a consent.")
class GrantConsentPayload:
    """The result of grantConsent."""

    consent: Consent | None = strawberry.field(
        description="The consent, GRANTED. Null when there are errors."
    )
    errors: list[ConsentError] = strawberry.field(description=_REFUSED)

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(consent=None, errors=[consent_error(fault)])


@strawberry.input(description="A consent that the patient takes back.")
class RevokeConsentInput:
    """What revokeConsent takes."""

    purpose: ConsentPurpose = strawberry.field(description="What they allow no longer.")


@strawberry.type(description="What came of taking a consent back.")
class RevokeConsentPayload:
    """The result of revokeConsent."""

    consent: Consent | None = strawberry.field(
        description="The consent: REVOKED, or NOT_GRANTED where it never was. Null when there are"
        " errors."
    )
    errors: list[ConsentError] = strawberry.field(description=_REFUSED)

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        return cls(consent=None, errors=[consent_error(fault)])
