"""The price of everything in the schema. docs/mobile.md explains it to clients.

An object costs 1. Its scalars and enums, and lists of them, come with it. What is
dearer or cheaper than that stands below, and every list of objects has a length to
count with: a test goes through the schema and fails where one is missing.
"""

from collections.abc import Mapping

from graphql import GraphQLNamedType

from navis_api.answers.models import AnswerState
from navis_api.asking.asked import SUGGESTIONS
from navis_api.db.paging import DEFAULT_PAGE, MAX_PAGE
from navis_api.personal_data.erasing.repository import KINDS
from navis_api.questions.safety.recognition import SafetyKind
from navis_api.records.consents.models import ConsentPurpose
from navis_api.review.models import Rank

TENTHS = 10
"""Prices are held in tenths of a point, so that they add up exactly."""

_OBJECT = 10
_PART = 1
_NOTHING = 0

PARTS = frozenset(
    {
        "AnswerSection",
        "AnswerTextAdded",
        "CallToAction",
        "Citation",
        "Claim",
        "ClaimDifference",
        "ClaimPlace",
        "DifferencePiece",
        "Disclaimer",
        "ErasedRows",
        "Finding",
        "FindingCorrection",
        "GenerationCompleted",
        "GenerationFailed",
        "GenerationProgressed",
        "GlossaryEntry",
        "ProfileContradiction",
        "ProfileFact",
        "PartnerKey",
        "Review",
        "SafetyNotice",
        "SectionDifference",
        "Source",
        "TextDifference",
        "UnknownFact",
    }
)
"""Parts of a document that is loaded as a whole: 0.1, since they only have to be printed."""

WORK: Mapping[tuple[str, str], int] = {
    # A search ranks what it finds: as much as reading ten objects.
    ("Query", "searchQuestions"): 10,
    # Two revisions are loaded and compared word by word.
    ("Query", "answerDifference"): 20,
    # It is recognised, compared with what was asked before, and perhaps answered.
    ("Mutation", "askQuestion"): 40,
    # Every table that has something of somebody's, and whatever lies in the storage.
    ("Mutation", "eraseMyData"): 40,
    # The whole file is read once more, and hashed.
    ("Mutation", "completeRecordUpload"): 40,
    # A count is a statement of its own; for many cancers at once it is one.
    ("Cancer", "answeredQuestionCount"): 1,
    # All findings of a patient are opened and compared.
    ("Viewer", "profile"): 20,
    # The whole answer once more, rendered.
    ("Answer", "body"): 1,
}
"""Points that a field costs itself, beside the objects that it gives."""

MUTATION_WORK = 10
"""A mutation is a transaction, and writes an audit record: what Shopify asks for one, too."""

SUBSCRIPTION_WORK = 10
"""A subscription holds a connection open. Its events cost nothing more."""

BOUNDED: Mapping[tuple[str, str], int] = {
    ("AskQuestionPayload", "safetyNotices"): len(SafetyKind),
    ("AskQuestionPayload", "suggestions"): SUGGESTIONS,
    ("Answer", "safetyNotices"): len(SafetyKind),
    ("ErasureReceipt", "removed"): KINDS,
    ("ReviewCounts", "byState"): len(AnswerState),
    ("ReviewCounts", "byUrgency"): len(Rank),
    ("Viewer", "consents"): len(ConsentPurpose),
}
"""Lists that are never longer than this."""

ASSUMED: Mapping[tuple[str, str], int] = {
    ("Cancer", "subtypes"): 9,
    ("Answer", "sections"): 8,
    ("Answer", "citations"): 12,
    ("Answer", "glossary"): 6,
    ("Answer", "history"): 3,
    ("Answer", "comments"): 5,
    ("Answer", "decisions"): 2,
    ("Answer", "translations"): 1,
    ("AnswerSection", "claims"): 5,
    ("AnswerTranslation", "sections"): 8,
    ("Answer", "unknowns"): 4,
    ("Claim", "citations"): 1,
    ("Claim", "facts"): 2,
    ("AnswerTextAdded", "citations"): 1,
    ("Generation", "events"): 50,
    ("ConfirmFindingsPayload", "findings"): 10,
    ("Partner", "keys"): 3,
    ("Partner", "webhookEndpoints"): 2,
    ("WebhookDelivery", "attempts"): 2,
    ("Query", "stuckReviews"): 20,
    ("Record", "findings"): 20,
    ("PersonalReview", "facts"): 20,
    ("PersonalReview", "sections"): 8,
    ("PersonalReview", "unknowns"): 4,
    ("Profile", "facts"): 20,
    ("Profile", "contradictions"): 1,
    ("ProfileFact", "findings"): 1,
    ("ProfileContradiction", "findings"): 2,
    ("Query", "staff"): 20,
    ("ReviewCounts", "byCancer"): 20,
    ("StaffMember", "cancers"): 3,
    ("RevisionDifference", "sections"): 8,
    ("RevisionDifference", "claims"): 30,
    ("RevisionDifference", "doctorQuestions"): 5,
    ("RevisionDifference", "nextSteps"): 5,
    ("RevisionDifference", "gaps"): 2,
    ("TextDifference", "pieces"): 3,
    ("SectionDifference", "heading"): 2,
    ("ClaimDifference", "pieces"): 3,
    ("ClaimDifference", "citationsAdded"): 1,
    ("ClaimDifference", "citationsDropped"): 1,
    ("ClaimsNotSupported", "claims"): 2,
}
"""Lists that can be longer: as many as the fullest answer of the sample content has, or, below
another list, as many as there are on average. What was really there is settled afterwards."""

PAGED: Mapping[tuple[str, str], int] = {
    ("Cancer", "questions"): DEFAULT_PAGE,
    ("Query", "cancers"): DEFAULT_PAGE,
    ("Query", "changes"): DEFAULT_PAGE,
    ("Query", "openFeedback"): DEFAULT_PAGE,
    ("Query", "partners"): DEFAULT_PAGE,
    ("Query", "personalReviewQueue"): DEFAULT_PAGE,
    ("Query", "questions"): DEFAULT_PAGE,
    ("Query", "records"): DEFAULT_PAGE,
    ("Query", "reviewQueue"): DEFAULT_PAGE,
    ("Query", "searchQuestions"): DEFAULT_PAGE,
    ("Question", "related"): 5,
    ("Query", "webhookDeliveries"): DEFAULT_PAGE,
    ("Viewer", "personalQuestions"): DEFAULT_PAGE,
}
"""Fields with `first` or `last`, and how many they give without: what was asked for counts."""

BY_IDS = ("Query", "nodes")
"""The list that is as long as the ids it was given."""

UNKNOWN_LENGTH = DEFAULT_PAGE
"""What a list counts for that isn't in the account. There is none: see the test."""


def is_wrapper(type_name: str) -> bool:
    """Return whether a type only wraps what it holds. It costs nothing."""
    return type_name.endswith(("Connection", "Edge", "Payload")) or type_name == "PageInfo"


def is_page(type_name: str) -> bool:
    """Return whether a type is a page of a list, whose `nodes` and `edges` are its items."""
    return type_name.endswith("Connection")


def weight(type_: GraphQLNamedType) -> int:
    """Return what one object of a type costs, in tenths."""
    if is_wrapper(type_.name):
        return _NOTHING
    return _PART if type_.name in PARTS else _OBJECT


def length(parent: str, field: str) -> int:
    """Return how many objects a list without a size argument is taken to have."""
    if parent.endswith("Payload") and field == "errors":
        # The first thing that is wrong is the one that is told.
        return 1
    place = (parent, field)
    return BOUNDED.get(place) or ASSUMED.get(place) or UNKNOWN_LENGTH


def page(parent: str, field: str, asked: object) -> int:
    """Return how many items a page counts for: what was asked for, 100 at most."""
    if isinstance(asked, int) and not isinstance(asked, bool):
        return min(max(asked, 1), MAX_PAGE)
    return PAGED.get((parent, field), DEFAULT_PAGE)
