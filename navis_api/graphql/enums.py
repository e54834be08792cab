"""The domain's enumerations, as the schema shows them: each value with its description.

Types of the schema import them from here.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Protocol, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from navis_api.answers.models import AnswerScope, AnswerState, ClaimStyle, SectionKind
from navis_api.answers.publishing_models import ChangeKind
from navis_api.answers.rendering import TextFormat
from navis_api.answers.word_differences import DifferenceKind
from navis_api.asking.asked import AskOutcome
from navis_api.asking.personal.reviews.models import PersonalDecision as PersonalReviewDecision
from navis_api.asking.personal.reviews.models import WithdrawalReason
from navis_api.generation.models import GenerationStatus
from navis_api.identity.viewer import KeyScope, ViewerKind
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from navis_api.partners.webhooks.models import DeliveryState as WebhookDeliveryState
from navis_api.partners.webhooks.models import EventType as WebhookEventType
from navis_api.partners.webhooks.models import Failure as WebhookFailure
from navis_api.partners.webhooks.service import EndpointState as WebhookEndpointState
from navis_api.questions.models import QuestionStatus
from navis_api.questions.repository import QuestionOrder
from navis_api.questions.safety.recognition import SafetyKind
from navis_api.records.consents.models import ConsentPurpose
from navis_api.records.consents.views import ConsentState
from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    FindingOrigin,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.deciding import FindingDecision
from navis_api.records.findings.models import FindingStatus
from navis_api.records.models import RecordState
from navis_api.records.profile.facts import ContradictionReason
from navis_api.review.models import Decision as ReviewDecisionKind
from navis_api.review.models import FeedbackKind, StaffRole
from navis_api.review.models import Rank as ReviewUrgency
from navis_api.review.stuck import StuckKind


class _Described(Protocol):
    __strawberry_definition__: StrawberryEnumDefinition


def _describe(kind: type[Enum], description: str, values: Mapping[Enum, str]) -> None:
    """Make an enumeration known to the schema. `values` describes each member.

    Strawberry takes descriptions of values only inside a class of its own; ours
    belong to rooms that must not know it.
    """
    described = strawberry.enum(kind, name=_NAMES.get(kind), description=description)
    definition = cast("_Described", described).__strawberry_definition__
    for value in definition.values:
        value.description = values[kind(value.value)]


_NAMES: Mapping[type[Enum], str] = {
    PersonalReviewDecision: "PersonalReviewDecision",
    ReviewDecisionKind: "ReviewDecisionKind",
    ReviewUrgency: "ReviewUrgency",
    Assertion: "FindingAssertion",
    Temporality: "FindingTemporality",
    WebhookDeliveryState: "WebhookDeliveryState",
    WebhookEndpointState: "WebhookEndpointState",
    WebhookEventType: "WebhookEventType",
    WebhookFailure: "WebhookFailure",
}
"""What the schema calls those whose own names say too little outside their room."""

_ENUMS: tuple[tuple[type[Enum], str, Mapping[Enum, str]], ...] = (
    (
        QuestionStatus,
        "What has become of a question.",
        {
            QuestionStatus.GENERATING: "An answer is being written.",
            QuestionStatus.AWAITING_REVIEW: "Nobody qualified has checked the answer yet.",
            QuestionStatus.ANSWERED: "A reviewed answer is published.",
            QuestionStatus.DECLINED: "There is no answer: the sources say too little, or what was"
            " written was refused or taken back.",
            QuestionStatus.FAILED: "Writing an answer went wrong. Asking again starts anew.",
        },
    ),
    (
        QuestionOrder,
        "How a list of questions is ordered.",
        {
            QuestionOrder.NEWEST_FIRST: "The newest first.",
            QuestionOrder.OLDEST_FIRST: "The oldest first.",
        },
    ),
    (
        AnswerScope,
        "Whom an answer is for.",
        {
            AnswerScope.GENERAL: "Everybody with this question.",
            AnswerScope.PERSONAL: "One patient alone: it rests on that patient's own findings.",
        },
    ),
    (
        AnswerState,
        "Where a revision of an answer stands between its writing and its readers.",
        {
            AnswerState.DRAFT: "Written, and not yet submitted for review.",
            AnswerState.IN_REVIEW: "A reviewer has it.",
            AnswerState.CHANGES_REQUESTED: "A reviewer wants it changed.",
            AnswerState.APPROVED: "A qualified reviewer has approved this very revision.",
            AnswerState.PUBLISHED: "Approved, and public.",
            AnswerState.STALE: "Public, and due for another review.",
            AnswerState.SUPERSEDED: "A newer revision has taken its place.",
            AnswerState.RETRACTED: "Taken back: nobody should rely on it.",
            AnswerState.REJECTED: "A reviewer has refused it.",
        },
    ),
    (
        ChangeKind,
        "What has become of a published answer.",
        {
            ChangeKind.PUBLISHED: "It is public for the first time, or again.",
            ChangeKind.UPDATED: "A newer revision is live, or the same one was approved again.",
            ChangeKind.STALE: "It is due for another review, and still public: show a notice.",
            ChangeKind.RETRACTED: "It was taken back: show it no longer.",
        },
    ),
    (
        TextFormat,
        "What a text is rendered as.",
        {
            TextFormat.MARKDOWN: "CommonMark.",
            TextFormat.HTML: "HTML without scripts, styles or images.",
            TextFormat.PLAIN_TEXT: "Text without markup.",
        },
    ),
    (
        SectionKind,
        "What a section of an answer is about.",
        {
            SectionKind.OVERVIEW: "The matter in short.",
            SectionKind.EXPLANATION: "How it comes about, and what words mean.",
            SectionKind.FACTORS: "What the answer depends on.",
            SectionKind.OPTIONS: "What can be done.",
            SectionKind.EVIDENCE: "What studies found.",
            SectionKind.CONSIDERATIONS: "What to weigh: risks, side effects, daily life.",
            SectionKind.DOCTOR_QUESTIONS: "What to ask the care team.",
            SectionKind.NEXT_STEPS: "What can be done next.",
            SectionKind.TAKEAWAY: "What to remember.",
            SectionKind.SUPPORT: "Where to find help.",
        },
    ),
    (
        GenerationStatus,
        "How far the writing of an answer has come.",
        {
            GenerationStatus.QUEUED: "Waiting for a worker.",
            GenerationStatus.RETRIEVING: "Looking for passages in the sources.",
            GenerationStatus.DRAFTING: "Writing.",
            GenerationStatus.CHECKING: "Checking each claim against what it quotes.",
            GenerationStatus.COMPLETED: "Written. It still has to be reviewed.",
            GenerationStatus.ABSTAINED: "Ended without an answer: the sources say too little.",
            GenerationStatus.CANCELLED: "Stopped because the asker wanted that.",
            GenerationStatus.FAILED: "Ended by an error of ours.",
        },
    ),
    (
        AskOutcome,
        "What came of asking.",
        {
            AskOutcome.REVIEWED_ANSWER: "The same question has a reviewed answer: here it is.",
            AskOutcome.GENERATING: "An unreviewed answer is being written, or waits for review.",
            AskOutcome.DECLINED: "There is no answer, and `safetyNotices` say what to do.",
        },
    ),
    (
        SafetyKind,
        "What a safety notice is about.",
        {
            SafetyKind.EMERGENCY: "Signs of an emergency: call for help now.",
            SafetyKind.CRISIS: "Thoughts of suicide or despair: somebody is there to talk to.",
            SafetyKind.OUT_OF_SCOPE: "Something that this service doesn't answer.",
            SafetyKind.NO_DOSING: "Doses and whether to take something: for the care team alone.",
        },
    ),
    (
        ReviewDecisionKind,
        "What a reviewer decides on a revision.",
        {
            ReviewDecisionKind.APPROVE: "It is right: it may be published, or stay public.",
            ReviewDecisionKind.REQUEST_CHANGES: "It has to be changed; the comment says how.",
            ReviewDecisionKind.REJECT: "It is not to be published, and ends here.",
        },
    ),
    (
        ReviewUrgency,
        "How urgently a revision waits, the most urgent first.",
        {
            ReviewUrgency.HARM: "A reader says that it did or may do harm.",
            ReviewUrgency.QUOTE_GONE: "It is public, and a quote it rests on no longer stands.",
            ReviewUrgency.URGENT: "The question sounds like an emergency.",
            ReviewUrgency.OUTDATED: "It is public, and its next review is due.",
            ReviewUrgency.ORDINARY: "Nothing of these.",
        },
    ),
    (
        FeedbackKind,
        "What a reader says of an answer.",
        {
            FeedbackKind.HELPFUL: "It helped.",
            FeedbackKind.NOT_HELPFUL: "It didn't help.",
            FeedbackKind.PROBLEM: "Something in it is wrong, unclear or out of date.",
            FeedbackKind.HARM: "It did harm or may do so.",
        },
    ),
    (
        StaffRole,
        "What somebody on the staff does.",
        {
            StaffRole.REVIEWER: "Decides on answers about their cancers.",
            StaffRole.EDITOR: "Edits, publishes and retracts answers.",
            StaffRole.ADMINISTRATOR: "Keeps the staff, and may retract answers.",
        },
    ),
    (
        StuckKind,
        "How a revision is stuck.",
        {
            StuckKind.WAITING: "It has waited for longer than such a revision should.",
            StuckKind.LEFT: "Somebody claimed it, and their time ran out without a decision.",
            StuckKind.NOT_PUBLISHED: "It is approved, and neither published nor scheduled.",
            StuckKind.MISSED: "The time at which it was to be published is over.",
        },
    ),
    (
        DifferenceKind,
        "What became of something between two revisions.",
        {
            DifferenceKind.SAME: "It reads as before.",
            DifferenceKind.ADDED: "It is new.",
            DifferenceKind.DROPPED: "It is gone.",
            DifferenceKind.CHANGED: "It reads otherwise.",
            DifferenceKind.MOVED: "It reads as before and stands elsewhere.",
        },
    ),
    (
        ClaimStyle,
        "How a claim stands on the page.",
        {
            ClaimStyle.SENTENCE: "In running text.",
            ClaimStyle.LEAD_IN: "Before a list.",
            ClaimStyle.BULLET: "As an item of a list.",
        },
    ),
    (
        ViewerKind,
        "What kind of viewer sends the requests.",
        {
            ViewerKind.ANONYMOUS: "Not signed in.",
            ViewerKind.PATIENT: "A patient or somebody who cares for one.",
            ViewerKind.REVIEWER: "Somebody qualified to approve answers.",
            ViewerKind.EDITOR: "Somebody who writes and edits answers.",
            ViewerKind.ADMINISTRATOR: "Somebody who runs the service.",
            ViewerKind.PARTNER: "A partner's system.",
        },
    ),
    (
        KeyKind,
        "Where a partner's key is used.",
        {
            KeyKind.PUBLIC: "In pages, where everybody can read it: on the partner's origins alone."
            " It begins with `nvk_pub_`.",
            KeyKind.SECRET: "On a server. It begins with `nvk_sec_`.",
        },
    ),
    (
        KeyEnvironment,
        "What a partner's key is for.",
        {
            KeyEnvironment.LIVE: "What readers use.",
            KeyEnvironment.TEST: "Development: public keys may be used on `localhost`, too.",
        },
    ),
    (
        KeyScope,
        "What a partner's key may be used for.",
        {
            KeyScope.READ_CONTENT: "Reading published content.",
            KeyScope.ASK: "Asking questions, following their answers, and giving feedback.",
            KeyScope.WEBHOOKS: "Being told of changes. For secret keys alone.",
        },
    ),
    (
        RecordState,
        "What has become of a record.",
        {
            RecordState.UPLOADING: "Its contents are arriving, or are waited for.",
            RecordState.SCANNING: "All of it arrived. It is scanned for malware.",
            RecordState.EXTRACTING: "Findings are read out of it.",
            RecordState.READY: "It was checked and read, and is kept: see `findings`.",
            RecordState.QUARANTINED: "Malware was found in it; its contents were destroyed.",
            RecordState.FAILED: "It can't be used: see `failure`.",
            RecordState.DELETED: "Its patient deleted it: its name and contents are gone.",
        },
    ),
    (
        FindingKind,
        "What a finding says something about: a profile of mCODE.",
        {
            FindingKind.PRIMARY_CANCER: "Which cancer it is, and where it began.",
            FindingKind.HISTOLOGY: "What its tissue is.",
            FindingKind.STAGE_GROUP: "Its stage as a whole.",
            FindingKind.TNM_CATEGORY: "Its T, N or M category.",
            FindingKind.TUMOR_MARKER: "A tumour marker, with its result.",
            FindingKind.GENOMIC_VARIANT: "A gene, and what was found in it.",
            FindingKind.MEDICATION: "A medicine or a regimen of several.",
            FindingKind.PROCEDURE: "An operation or another procedure.",
            FindingKind.RADIOTHERAPY: "Radiotherapy.",
            FindingKind.METASTATIC_SITE: "Where it has spread to.",
            FindingKind.PERFORMANCE_STATUS: "How well the patient manages in daily life.",
        },
    ),
    (
        FindingOrigin,
        "Who found a finding in its record.",
        {
            FindingOrigin.READER: "Our own reader, by codes and rules.",
            FindingOrigin.MODEL: "A language model proposed it, which the patient allows. Its"
            " words stand in the record to the letter; what it makes of them may be wrong.",
        },
    ),
    (
        FindingStatus,
        "What the patient says of a finding.",
        {
            FindingStatus.EXTRACTED: "Nothing yet: it is only what was read.",
            FindingStatus.CONFIRMED: "That it is right.",
            FindingStatus.CORRECTED: "What is right: see `correction`.",
            FindingStatus.REJECTED: "That it is wrong, or not theirs.",
        },
    ),
    (
        FindingDecision,
        "What a patient decides on a finding.",
        {
            FindingDecision.CONFIRM: "It is right as it was read.",
            FindingDecision.CORRECT: "It is right with the correction.",
            FindingDecision.REJECT: "It is wrong, or not theirs.",
        },
    ),
    (
        Assertion,
        "Whether a record says that a finding holds for the patient.",
        {
            Assertion.PRESENT: "It does.",
            Assertion.ABSENT: "It denies it, as in “no evidence of metastatic disease”.",
            Assertion.UNCERTAIN: "It leaves it open, as in “cannot exclude”.",
            Assertion.FAMILY: "It says it of a relative.",
        },
    ),
    (
        Temporality,
        "Whether a record speaks of now or of earlier.",
        {
            Temporality.CURRENT: "Of the time when it was written.",
            Temporality.HISTORICAL: "Of an earlier time.",
        },
    ),
    (
        TreatmentStatus,
        "How far a treatment has come.",
        {
            TreatmentStatus.CURRENT: "It is being given.",
            TreatmentStatus.RECEIVED: "It was given.",
            TreatmentStatus.STOPPED: "It was begun, and ended early.",
            TreatmentStatus.PLANNED: "It is going to be given.",
            TreatmentStatus.CANCELLED: "It was planned, and isn't given.",
            TreatmentStatus.DECLINED: "The patient didn't want it.",
            TreatmentStatus.CONSIDERED: "It was spoken of as an option.",
        },
    ),
    (
        ContradictionReason,
        "Why findings can't all hold.",
        {
            ContradictionReason.DIFFERENT: "They give the same thing different values.",
            ContradictionReason.DENIED: "One says that it is so, and another that it isn't.",
            ContradictionReason.ORDER_UNKNOWN: "They are values of different days, and it isn't"
            " known which is the newest: it is enough to give them their days.",
        },
    ),
    (
        ConsentPurpose,
        "What a patient's consent is asked for, each by itself.",
        {
            ConsentPurpose.PERSONAL_ANSWERS: "To use their confirmed findings to answer them.",
            ConsentPurpose.REVIEW: "To let qualified reviewers see their personal questions and"
            " answers, without their name.",
            ConsentPurpose.EXTERNAL_PROCESSING: "To send the facts, stripped of what identifies"
            " them, to the language model or generation server that this service is set up with.",
            ConsentPurpose.READING_BY_MODEL: "To send the words of their records, as they stand"
            " there, to the language model that this service is set up with, so that it points out"
            " facts that our own reader missed.",
        },
    ),
    (
        ConsentState,
        "Whether a patient allows something.",
        {
            ConsentState.NOT_GRANTED: "They never did.",
            ConsentState.GRANTED: "They do.",
            ConsentState.OUTDATED: "They did, to an older text: ask them again.",
            ConsentState.REVOKED: "They did, and took it back.",
        },
    ),
    (
        PersonalReviewDecision,
        "What a reviewer decides on a personal answer.",
        {
            PersonalReviewDecision.APPROVE: "It is right: its patient sees by whom it is reviewed.",
            PersonalReviewDecision.REJECT: "It isn't: it is taken back from its patient.",
        },
    ),
    (
        WithdrawalReason,
        "Why a personal answer is taken back.",
        {
            WithdrawalReason.NOT_SUPPORTED: "What it says isn't in the sources that it names.",
            WithdrawalReason.FACTS_MISREAD: "It doesn't fit the patient's facts.",
            WithdrawalReason.OUT_OF_DATE: "It rests on what is no longer up to date.",
            WithdrawalReason.MISLEADING: "It could give the patient a wrong picture.",
            WithdrawalReason.UNSAFE: "Following it could do harm.",
        },
    ),
    (
        WebhookEventType,
        "What an endpoint can be told of. In payloads they are written as `answer.published`.",
        {
            WebhookEventType.ANSWER_PUBLISHED: "`answer.published`: an answer is public.",
            WebhookEventType.ANSWER_UPDATED: "`answer.updated`: a new revision has taken the"
            " place of the one before, or it was found right for another while.",
            WebhookEventType.ANSWER_STALE: "`answer.stale`: it stays public, with a notice that"
            " it is due for review.",
            WebhookEventType.ANSWER_RETRACTED: "`answer.retracted`: it was taken back.",
            WebhookEventType.QUESTION_ANSWERED: "`question.answered`: a question that was asked"
            " with a key of this partner's has a reviewed answer.",
        },
    ),
    (
        WebhookEndpointState,
        "Whether an endpoint is told of anything, or else why not.",
        {
            WebhookEndpointState.ACTIVE: "It is.",
            WebhookEndpointState.KEYLESS: "Its partner has no key with the scope `WEBHOOKS` that"
            " holds.",
            WebhookEndpointState.DISABLED: "An administrator has disabled it.",
            WebhookEndpointState.GONE: "It has answered 410: it wants no more.",
            WebhookEndpointState.FAILED: "Every attempt failed for days.",
        },
    ),
    (
        WebhookDeliveryState,
        "What has become of telling an endpoint of an event.",
        {
            WebhookDeliveryState.PENDING: "It is to be told, for the first time or again.",
            WebhookDeliveryState.DELIVERED: "It has taken it.",
            WebhookDeliveryState.GIVEN_UP: "It isn't told any more, unless somebody asks for it.",
        },
    ),
    (
        WebhookFailure,
        "Why an attempt came to nothing.",
        {
            WebhookFailure.STATUS: "It answered with another status than 2xx.",
            WebhookFailure.REDIRECT: "It named another address. None is followed.",
            WebhookFailure.TIMED_OUT: "It took too long.",
            WebhookFailure.UNRESOLVED: "Its name leads nowhere.",
            WebhookFailure.UNREACHABLE: "Nobody took the connection.",
            WebhookFailure.NOT_TRUSTED: "Its certificate isn't valid for its name.",
            WebhookFailure.BROKEN: "The connection broke, or what came back was no HTTP.",
            WebhookFailure.ADDRESS_REFUSED: "Its name leads to an address that isn't public.",
            WebhookFailure.SECRET_LOST: "Its secret can't be opened here. Rotate it.",
        },
    ),
)


# While this module is imported, as a decorator would: a type that uses an
# enumeration before it is described would have it without descriptions.
for _kind, _description, _values in _ENUMS:
    _describe(_kind, _description, _values)

__all__ = [
    "AnswerScope",
    "AnswerState",
    "AskOutcome",
    "Assertion",
    "ChangeKind",
    "ClaimStyle",
    "ConsentPurpose",
    "ConsentState",
    "ContradictionReason",
    "DifferenceKind",
    "FeedbackKind",
    "FindingDecision",
    "FindingKind",
    "FindingOrigin",
    "FindingStatus",
    "GenerationStatus",
    "PersonalReviewDecision",
    "QuestionOrder",
    "QuestionStatus",
    "RecordState",
    "ReviewDecisionKind",
    "ReviewUrgency",
    "SafetyKind",
    "SectionKind",
    "StaffRole",
    "StuckKind",
    "Temporality",
    "TextFormat",
    "TreatmentStatus",
    "ViewerKind",
    "WebhookDeliveryState",
    "WebhookEndpointState",
    "WebhookEventType",
    "WebhookFailure",
    "WithdrawalReason",
]
