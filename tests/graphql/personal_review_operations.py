"""The operations of reviewing personal answers: for reviewers of the cancer, with a consent.

`test_personal_review_matrix` holds them against the endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from navis_api.graphql.relay import global_id


@dataclass(frozen=True)
class ReviewCase:
    """A way to a personal answer, and whether a result's data show anything of it."""

    query: str
    shows: Callable[[dict[str, Any]], bool]


def variables(question_id: UUID) -> dict[str, Any]:
    return {"id": global_id("PersonalReview", question_id)}


SHOWN = (
    "id question language cancer { slug } facts { kind name value unit assertion temporality"
    " treatmentStatus line disputed } title summary author restsOn doctorQuestions nextSteps gaps"
    " writtenAt decision reason unknowns { name }"
    " sections { heading markdown claims { text facts { name quote } citations { quote } } }"
)

READING: dict[str, ReviewCase] = {
    "Query.personalReviewQueue": ReviewCase(
        "{ personalReviewQueue { nodes { " + SHOWN + " } edges { cursor } } }",
        lambda data: bool(data and data["personalReviewQueue"]["nodes"]),
    ),
    "Query.personalReviewQueue of its cancer": ReviewCase(
        '{ personalReviewQueue(cancer: "liver-cancer") { nodes { ' + SHOWN + " } } }",
        lambda data: bool(data and data["personalReviewQueue"]["nodes"]),
    ),
    "node": ReviewCase(
        "query ($id: ID!) { node(id: $id) { ... on PersonalReview { " + SHOWN + " } } }",
        lambda data: data["node"] is not None,
    ),
    "nodes": ReviewCase(
        "query ($id: ID!) { nodes(ids: [$id]) { ... on PersonalReview { " + SHOWN + " } } }",
        lambda data: data["nodes"] != [None],
    ),
}


def deciding(decision: str) -> ReviewCase:
    return ReviewCase(
        "mutation ($id: ID!) { reviewPersonalAnswer(input: {id: $id, decision: " + decision + "}) {"
        " review { " + SHOWN + " } errors { __typename ... on UserError { message path } } } }",
        lambda data: data["reviewPersonalAnswer"]["review"] is not None,
    )


APPROVE = deciding("APPROVE")
REJECT = deciding("REJECT, reason: FACTS_MISREAD")

OPERATIONS: dict[str, ReviewCase] = {
    "Query.personalReviewQueue": READING["Query.personalReviewQueue"],
    "Mutation.reviewPersonalAnswer": APPROVE,
}

FIELDS: dict[str, str] = {
    "PersonalReview": "id question language cancer facts title summary author restsOn"
    " doctorQuestions nextSteps gaps writtenAt decision reason unknowns sections",
    "PersonalReviewFact": "kind name value unit assertion temporality treatmentStatus line"
    " disputed",
    "PersonalReviewConnection": "edges nodes pageInfo",
    "PersonalReviewEdge": "cursor node",
    "ReviewPersonalAnswerPayload": "review errors",
    "PersonalAnswerDecided": "message path",
    "Question": "withdrawal",
    "Withdrawal": "reason reviewer credentials withdrawnAt message",
}
