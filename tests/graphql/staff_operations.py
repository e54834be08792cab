"""The review's operations, and which viewers get past the question of who they are.

A viewer who may use one gets its result or an error about the matter itself; one who may
not gets NotAllowed in the payload, or FORBIDDEN at the top.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from navis_api.answers.models import AnswerState
from navis_api.graphql.relay import global_id
from tests.review.world import Given

VIEWERS = (
    "anonymous",
    "asker",
    "other",
    "reviewer",
    "other reviewer",
    "former reviewer",
    "editor",
    "administrator",
    "partner",
    "public key",
    "secret key",
)
STAFF = frozenset({"reviewer", "other reviewer", "editor", "administrator"})
DECIDES = frozenset({"reviewer"})
WRITES = frozenset({"reviewer", "editor"})
ON_IT = frozenset({"reviewer", "editor", "administrator"})
"""The staff but for reviewers of other cancers."""
EDITS = frozenset({"editor"})
TAKES_BACK = frozenset({"editor", "administrator"})
ADMINISTERS = frozenset({"administrator"})
EVERYBODY = frozenset(VIEWERS)
# A token is enough to read: whoever left the staff has one until it expires.
READS = STAFF | {"former reviewer"}

Variables = Callable[[Given], dict[str, Any]]


@dataclass(frozen=True)
class StaffCase:
    """An operation on a revision in a state, and who may use it."""

    query: str
    variables: Variables
    allowed: frozenset[str]
    state: AnswerState = AnswerState.IN_REVIEW


def answer(given: Given) -> str:
    return global_id("Answer", given.answer_id)


def translation(given: Given) -> str:
    return global_id("AnswerTranslation", given.answer_id)


TRANSLATED: dict[str, Any] = {
    "language": "es",
    "question": "¿Qué se hace?",
    "title": "Qué se hace",
    "summary": "Un resumen.",
    "sections": [
        {
            "heading": "Opciones",
            "claims": ["La ablación destruye tumores con calor.", "La cirugía quita el tumor."],
        }
    ],
    "doctorQuestions": ["¿Es adecuado para mí?"],
    "nextSteps": ["Pida una segunda opinión."],
}


def on_answer(given: Given) -> dict[str, Any]:
    return {"id": answer(given)}


def nothing(_given: Given) -> dict[str, Any]:
    return {}


def target(given: Given, **further: Any) -> dict[str, Any]:
    return {
        "input": {
            "answerId": answer(given),
            "revision": given.number,
            "expectedVersion": given.version,
            **further,
        }
    }


def place(given: Given, **further: Any) -> dict[str, Any]:
    return {"input": {"answerId": answer(given), "revision": given.number, **further}}


def mutation(name: str, kind: str, shown: str = "answer { state }") -> str:
    return (
        f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {shown}"
        " errors { __typename ... on UserError { message } } } }"
    )


OPERATIONS: dict[str, StaffCase] = {
    "Query.reviewQueue": StaffCase("{ reviewQueue { nodes { id } } }", nothing, READS),
    "Query.reviewCounts": StaffCase("{ reviewCounts { total } }", nothing, READS),
    "Query.stuckReviews": StaffCase("{ stuckReviews { since } }", nothing, READS),
    "Query.answerRevision": StaffCase(
        "query ($id: ID!) { answerRevision(answerId: $id, revision: 1) { title } }",
        on_answer,
        READS,
    ),
    "Query.answerDifference": StaffCase(
        "query ($id: ID!) { answerDifference(answerId: $id, before: 1, after: 1) { isEmpty } }",
        on_answer,
        READS,
    ),
    "Query.staff": StaffCase("{ staff { name } }", nothing, READS),
    "Query.openFeedback": StaffCase("{ openFeedback { nodes { id } } }", nothing, STAFF),
    "Mutation.submitForReview": StaffCase(
        mutation("submitForReview", "SubmitForReviewInput"), target, WRITES, AnswerState.DRAFT
    ),
    "Mutation.reviseAnswer": StaffCase(
        mutation("reviseAnswer", "ReviseAnswerInput"),
        lambda given: target(given, reason="It was unclear.", title="Another title"),
        WRITES,
    ),
    "Mutation.reviewAnswer": StaffCase(
        mutation("reviewAnswer", "ReviewAnswerInput"),
        lambda given: target(given, decision="APPROVE"),
        DECIDES,
    ),
    "Mutation.publishAnswer": StaffCase(
        mutation("publishAnswer", "PublishAnswerInput"), target, EDITS, AnswerState.APPROVED
    ),
    "Mutation.cancelScheduledPublication": StaffCase(
        mutation("cancelScheduledPublication", "CancelScheduledPublicationInput"),
        target,
        # Nothing is scheduled: that is said to whoever is on the staff at all.
        STAFF,
        AnswerState.APPROVED,
    ),
    "Mutation.retractAnswer": StaffCase(
        mutation("retractAnswer", "RetractAnswerInput"),
        lambda given: target(given, reason="It was wrong."),
        TAKES_BACK,
        AnswerState.PUBLISHED,
    ),
    "Mutation.translateAnswer": StaffCase(
        mutation("translateAnswer", "TranslateAnswerInput", "translation { title }"),
        lambda given: place(given, **TRANSLATED),
        WRITES,
        AnswerState.PUBLISHED,
    ),
    # There is no such translation: that is said to whoever may decide on any.
    "Mutation.approveTranslation": StaffCase(
        mutation("approveTranslation", "ApproveTranslationInput", "translation { title }"),
        lambda given: {"input": {"translationId": translation(given)}},
        frozenset({"reviewer", "other reviewer"}),
    ),
    "Mutation.withdrawTranslation": StaffCase(
        mutation("withdrawTranslation", "WithdrawTranslationInput", "translation { title }"),
        lambda given: {"input": {"translationId": translation(given), "reason": "It was wrong."}},
        frozenset({"reviewer", "other reviewer", "editor"}),
    ),
    "Mutation.claimReview": StaffCase(mutation("claimReview", "ReviewItemInput"), place, ON_IT),
    "Mutation.releaseReview": StaffCase(mutation("releaseReview", "ReviewItemInput"), place, STAFF),
    "Mutation.addComment": StaffCase(
        mutation("addComment", "AddCommentInput", "comment { text }"),
        lambda given: place(given, text="Say it more plainly."),
        STAFF,
    ),
    "Mutation.resolveComment": StaffCase(
        mutation("resolveComment", "ResolveCommentInput", "comment { text }"),
        lambda given: {"input": {"commentId": global_id("ReviewComment", given.answer_id)}},
        STAFF,
    ),
    "Mutation.saveStaffMember": StaffCase(
        mutation("saveStaffMember", "SaveStaffMemberInput", "staffMember { name }"),
        lambda _: {"input": {"subject": "new", "role": "EDITOR", "name": "Nia Jones"}},
        ADMINISTERS,
    ),
    "Mutation.setReviewPeriod": StaffCase(
        mutation("setReviewPeriod", "SetReviewPeriodInput", "months"),
        lambda _: {"input": {"cancer": "liver-cancer", "months": 6}},
        ADMINISTERS,
    ),
    "Mutation.resolveFeedback": StaffCase(
        mutation("resolveFeedback", "ResolveFeedbackInput", "feedback { id }"),
        lambda given: {
            "input": {"feedbackId": global_id("Feedback", given.answer_id), "resolution": "Seen."}
        },
        STAFF,
    ),
    "Query.partners": StaffCase("{ partners { nodes { id } } }", nothing, ADMINISTERS),
    "Mutation.createPartner": StaffCase(
        mutation("createPartner", "CreatePartnerInput", "partner { name }"),
        lambda _: {"input": {"name": "Another portal"}},
        ADMINISTERS,
    ),
    # There is no such partner or key: that is said to whoever may keep them.
    "Mutation.updatePartner": StaffCase(
        mutation("updatePartner", "UpdatePartnerInput", "partner { name }"),
        lambda given: {"input": {"partnerId": global_id("Partner", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.createPartnerKey": StaffCase(
        mutation("createPartnerKey", "CreatePartnerKeyInput", "key { id }"),
        lambda given: {
            "input": {"partnerId": global_id("Partner", given.answer_id), "kind": "SECRET"}
        },
        ADMINISTERS,
    ),
    "Mutation.rotatePartnerKey": StaffCase(
        mutation("rotatePartnerKey", "RotatePartnerKeyInput", "key { id }"),
        lambda given: {"input": {"keyId": global_id("PartnerKey", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.revokePartnerKey": StaffCase(
        mutation("revokePartnerKey", "RevokePartnerKeyInput", "key { id }"),
        lambda given: {"input": {"keyId": global_id("PartnerKey", given.answer_id)}},
        ADMINISTERS,
    ),
    # There is no such endpoint or delivery either.
    "Query.webhookDeliveries": StaffCase(
        "query ($id: ID!) { webhookDeliveries(endpointId: $id) { nodes { id } } }",
        lambda given: {"id": global_id("WebhookEndpoint", given.answer_id)},
        ADMINISTERS,
    ),
    "Mutation.createWebhookEndpoint": StaffCase(
        mutation("createWebhookEndpoint", "CreateWebhookEndpointInput", "endpoint { id }"),
        lambda given: {
            "input": {
                "partnerId": global_id("Partner", given.answer_id),
                "url": "https://portal.example/",
                "events": ["ANSWER_PUBLISHED"],
            }
        },
        ADMINISTERS,
    ),
    "Mutation.updateWebhookEndpoint": StaffCase(
        mutation("updateWebhookEndpoint", "UpdateWebhookEndpointInput", "endpoint { id }"),
        lambda given: {"input": {"endpointId": global_id("WebhookEndpoint", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.rotateWebhookSecret": StaffCase(
        mutation("rotateWebhookSecret", "RotateWebhookSecretInput", "endpoint { id }"),
        lambda given: {"input": {"endpointId": global_id("WebhookEndpoint", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.removeWebhookEndpoint": StaffCase(
        mutation("removeWebhookEndpoint", "RemoveWebhookEndpointInput", "removedId"),
        lambda given: {"input": {"endpointId": global_id("WebhookEndpoint", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.redeliverWebhook": StaffCase(
        mutation("redeliverWebhook", "RedeliverWebhookInput", "delivery { id }"),
        lambda given: {"input": {"deliveryId": global_id("WebhookDelivery", given.answer_id)}},
        ADMINISTERS,
    ),
    "Mutation.giveFeedback": StaffCase(
        mutation("giveFeedback", "GiveFeedbackInput", "feedback { kind }"),
        lambda given: {"input": {"answerId": answer(given), "kind": "HELPFUL"}},
        EVERYBODY,
        AnswerState.PUBLISHED,
    ),
}

FIELDS = {
    "AnswerConnection": "edges nodes pageInfo totalCount",
    "AnswerEdge": "cursor node",
    "ReviewCounts": "total byState byUrgency byCancer",
    "StateCount": "state count",
    "UrgencyCount": "urgency count",
    "CancerCount": "cancer count",
    "StuckReview": "kind since answer",
    "ReviewItem": "urgency queuedAt reasons claimedBy claimedUntil",
    "ReviewComment": "id section claim author text at resolvedAt resolvedBy",
    "ReviewDecision": "decision reviewer credentials comment at",
    "AnswerTranslation": (
        "id language question title summary sections doctorQuestions nextSteps gaps translator"
        " createdAt reviewer credentials reviewedAt withdrawnAt withdrawnReason"
    ),
    "TranslatedSection": "heading claims",
    "TranslateAnswerPayload": "translation errors",
    "ApproveTranslationPayload": "translation errors",
    "WithdrawTranslationPayload": "translation errors",
    "StaffMember": "id subject role name credentials allCancers cancers active",
    "Feedback": "id kind section claim text at resolvedAt answer",
    "FeedbackConnection": "edges nodes pageInfo",
    "FeedbackEdge": "cursor node",
    "FeedbackSummary": "helpful notHelpful problem harm openReports",
    "RevisionDifference": ("isEmpty title summary sections claims doctorQuestions nextSteps gaps"),
    "TextDifference": "kind pieces",
    "SectionDifference": "kind before after heading",
    "ClaimDifference": "kind moved before after pieces citationsAdded citationsDropped",
    "ClaimPlace": "section claim",
    "DifferencePiece": "kind text",
    "UnsupportedClaim": "section claim text reasons",
    "NotAllowed": "message path",
    "NotThere": "message path",
    "StepNotAllowed": "message path state",
    "RevisionConflict": "message path changedBy changedAt state revision version",
    "ClaimedByAnother": "message path name until",
    "ClaimsNotSupported": "message path claims",
    "RevisionOutdated": "message path",
    **dict.fromkeys(
        (
            "SubmitForReviewPayload",
            "ReviseAnswerPayload",
            "ReviewAnswerPayload",
            "PublishAnswerPayload",
            "CancelScheduledPublicationPayload",
            "RetractAnswerPayload",
            "ClaimReviewPayload",
            "ReleaseReviewPayload",
        ),
        "answer errors",
    ),
    "AddCommentPayload": "comment errors",
    "ResolveCommentPayload": "comment errors",
    "SaveStaffMemberPayload": "staffMember errors",
    "SetReviewPeriodPayload": "months errors",
    "Partner": "id name origins createdAt updatedAt keys webhookEndpoints",
    "PartnerKey": (
        "id kind environment lastFour scopes apiVersion points restoredPerS createdAt expiresAt"
        " revokedAt lastUsedAt replaces"
    ),
    "PartnerConnection": "edges nodes pageInfo",
    "PartnerEdge": "cursor node",
    "CreatePartnerPayload": "partner errors",
    "UpdatePartnerPayload": "partner errors",
    "CreatePartnerKeyPayload": "key secret errors",
    "RotatePartnerKeyPayload": "key secret errors",
    "RevokePartnerKeyPayload": "key errors",
    "WebhookEndpoint": (
        "id url events cancers state failingSince disabledAt oldSecretUntil createdAt updatedAt"
    ),
    "WebhookDelivery": (
        "id webhookId type at answerId slug revision state nextAttemptAt endedAt attempts"
    ),
    "WebhookAttempt": "number at tookMs status failure",
    "WebhookDeliveryConnection": "edges nodes pageInfo",
    "WebhookDeliveryEdge": "cursor node",
    "CreateWebhookEndpointPayload": "endpoint secret errors",
    "UpdateWebhookEndpointPayload": "endpoint errors",
    "RotateWebhookSecretPayload": "endpoint secret errors",
    "RemoveWebhookEndpointPayload": "removedId errors",
    "RedeliverWebhookPayload": "delivery errors",
    "GiveFeedbackPayload": "feedback errors",
    "ResolveFeedbackPayload": "feedback errors",
}
"""What the operations above lead to: whoever may use them sees it."""
