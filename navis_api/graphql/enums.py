"""The domain's enumerations, as the schema shows them: each value with its description.

Types of the schema import them from here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from navis_api.answers.models import AnswerScope, AnswerState, SectionKind
from navis_api.answers.rendering import TextFormat
from navis_api.asking.service import AskOutcome
from navis_api.generation.models import GenerationStatus
from navis_api.identity.viewer import ViewerKind
from navis_api.questions.models import QuestionStatus
from navis_api.questions.repository import QuestionOrder
from navis_api.questions.urgency import SafetyKind


class _Described(Protocol):
    __strawberry_definition__: StrawberryEnumDefinition


def _describe(kind: type[StrEnum], description: str, values: Mapping[StrEnum, str]) -> None:
    """Make an enumeration known to the schema. `values` describes each member.

    Strawberry takes descriptions of values only inside a class of its own; ours
    belong to rooms that must not know it.
    """
    described = strawberry.enum(kind, description=description)
    definition = cast("_Described", described).__strawberry_definition__
    for value in definition.values:
        value.description = values[kind(value.value)]


_ENUMS: tuple[tuple[type[StrEnum], str, Mapping[StrEnum, str]], ...] = (
    (
        QuestionStatus,
        "What has become of a question.",
        {
            QuestionStatus.GENERATING: "An answer is being written.",
            QuestionStatus.AWAITING_REVIEW: "Nobody qualified has checked the answer yet.",
            QuestionStatus.ANSWERED: "A reviewed answer is published.",
            QuestionStatus.DECLINED: "The sources say too little for an answer.",
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
)


# While this module is imported, as a decorator would: a type that uses an
# enumeration before it is described would have it without descriptions.
for _kind, _description, _values in _ENUMS:
    _describe(_kind, _description, _values)

__all__ = [
    "AnswerScope",
    "AnswerState",
    "AskOutcome",
    "GenerationStatus",
    "QuestionOrder",
    "QuestionStatus",
    "SafetyKind",
    "SectionKind",
    "TextFormat",
    "ViewerKind",
]
