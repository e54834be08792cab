"""The staff at work over HTTP."""

from dataclasses import dataclass
from typing import Any

from joserfc.jwk import ECKey

from navis_api.cancers.service import CatalogueKeeper
from tests.graphql.client import Client
from tests.graphql.staff_operations import answer
from tests.review.world import ADMINISTRATOR, EDITOR, OTHER_EDITOR, Given, World

ERRORS = (
    "errors { __typename ... on UserError { message path }"
    " ... on StepNotAllowed { stepState: state }"
    " ... on RevisionConflict { changedBy changedAt state revision version }"
    " ... on ClaimedByAnother { name until }"
    " ... on ClaimsNotSupported { claims { section claim text reasons } } }"
)
SHOWN = "answer { id state revision version publishAt reviewItem { claimedBy claimedUntil } }"
_SHOWN = {
    "addComment": "comment { id text section claim author resolvedAt }",
    "resolveComment": "comment { id resolvedBy resolvedAt }",
    "saveStaffMember": "staffMember { id subject role name cancers { slug } allCancers active }",
    "setReviewPeriod": "months",
    "resolveFeedback": "feedback { id resolvedAt text }",
    "giveFeedback": "feedback { id kind section claim text at }",
    "translateAnswer": "translation { id title }",
    "approveTranslation": "translation { id title }",
    "withdrawTranslation": "translation { id title }",
    "createPartner": "partner { id name origins }",
    "updatePartner": "partner { id name origins }",
    "createPartnerKey": "key { id lastFour }",
    "rotatePartnerKey": "key { id lastFour }",
    "revokePartnerKey": "key { id lastFour }",
    "createWebhookEndpoint": "endpoint { id url }",
    "updateWebhookEndpoint": "endpoint { id url }",
    "rotateWebhookSecret": "endpoint { id url }",
    "removeWebhookEndpoint": "removedId",
    "redeliverWebhook": "delivery { id state }",
}
_INPUTS = {"claimReview": "ReviewItemInput", "releaseReview": "ReviewItemInput"}
_PLAIN_ERRORS = "errors { __typename ... on UserError { message path } }"
_HAVE_PLAIN_ERRORS = frozenset(
    {"giveFeedback", "createPartner", "updatePartner"}
    | {"createPartnerKey", "rotatePartnerKey", "revokePartnerKey"}
    | {"createWebhookEndpoint", "updateWebhookEndpoint", "rotateWebhookSecret"}
    | {"removeWebhookEndpoint", "redeliverWebhook"}
)


@dataclass
class Reviewing:
    """Sends operations as somebody on the staff, by their subject; None: without a token."""

    client: Client
    world: World
    key: ECKey
    authorization: Any

    @property
    def keeper(self) -> CatalogueKeeper:
        return CatalogueKeeper(self.world.database)

    def header(self, subject: str | None) -> str | None:
        if subject is None:
            return None
        if subject in self.world.staff:
            role = {EDITOR: "editor", OTHER_EDITOR: "editor", ADMINISTRATOR: "admin"}.get(
                subject, "reviewer"
            )
        else:
            role = "patient"
        return self.authorization(self.key, role, subject)

    async def ask(
        self, subject: str | None, query: str, variables: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the data of a query that must have no errors."""
        return await self.client.data(query, variables, authorization=self.header(subject))

    async def do(self, who: str | None, name: str, /, **given: Any) -> dict[str, Any]:
        """Return a mutation's payload."""
        found = await self.client.data(
            mutation(name), {"input": given}, authorization=self.header(who)
        )
        return found[name]

    async def on(self, who: str | None, name: str, given: Given, /, **more: Any) -> dict[str, Any]:
        """Return the payload of a step on a revision as it was given."""
        return await self.do(who, name, **target(given), **more)

    async def comment(self, subject: str, given: Given, **more: Any) -> dict[str, Any]:
        return await self.do(subject, "addComment", **place(given), **more)


def mutation(name: str) -> str:
    kind = _INPUTS.get(name, name[0].upper() + name[1:] + "Input")
    errors = _PLAIN_ERRORS if name in _HAVE_PLAIN_ERRORS else ERRORS
    return (
        f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {_SHOWN.get(name, SHOWN)}"
        f" {errors} }} }}"
    )


def place(given: Given) -> dict[str, Any]:
    return {"answerId": answer(given), "revision": given.number}


def target(given: Given) -> dict[str, Any]:
    return {**place(given), "expectedVersion": given.version}


def refused(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the one error of a payload that did nothing."""
    (error,) = payload["errors"]
    assert [value for name, value in payload.items() if name != "errors"] == [None]
    return error


def done(payload: dict[str, Any]) -> dict[str, Any]:
    """Return what came of a mutation that must have succeeded."""
    assert payload["errors"] == []
    return next(value for name, value in payload.items() if name != "errors")
