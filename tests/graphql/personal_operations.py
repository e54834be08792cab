"""The operations on personal questions: each is for the patient who asked, and for nobody else.

`test_personal_matrix` holds them against the endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from navis_api.graphql.relay import global_id


@dataclass(frozen=True)
class PersonalCase:
    """A way to a personal question, and whether a result's data show anything of it."""

    query: str
    shows: Callable[[dict[str, Any]], bool]


def variables(question_id: UUID) -> dict[str, Any]:
    return {
        "question": global_id("Question", question_id),
        "answer": global_id("Answer", question_id),
        "generation": global_id("Generation", question_id),
    }


def at_node(type_name: str, inner: str) -> PersonalCase:
    name = type_name.lower()
    query = f"query (${name}: ID!) {{ node(id: ${name}) {{ ... on {type_name} {{ {inner} }} }} }}"
    return PersonalCase(query, lambda data: data["node"] is not None)


_ANSWER = (
    "id scope state reviewed title summary body doctorQuestions nextSteps gaps factsChanged"
    " unknowns { kind name question reason } safetyNotices { kind } disclaimer { id }"
    " sections { heading markdown claims { text facts { id name quote } citations { quote } } }"
)

READING: dict[str, PersonalCase] = {
    "node of a question": at_node("Question", "id text cancer { slug } status"),
    "node of an answer": at_node("Answer", _ANSWER),
    "node of a generation": at_node("Generation", "id status engine events { sequence at }"),
    "Question.answer": at_node("Question", "answer { " + _ANSWER + " }"),
    "Question.generation": at_node("Question", "generation { id events { sequence } }"),
    "Question.related": at_node("Question", "related { id }"),
    "Answer.question": at_node("Answer", "question { text }"),
    "Answer.history": at_node("Answer", "id history { revision }"),
    "Generation.question": at_node("Generation", "question { text }"),
    "Generation.answer": at_node("Generation", "answer { " + _ANSWER + " }"),
    "GenerationCompleted.answer": at_node(
        "Generation", "events { ... on GenerationCompleted { answer { " + _ANSWER + " } } }"
    ),
    "nodes": PersonalCase(
        "query ($question: ID!, $answer: ID!, $generation: ID!) {"
        " nodes(ids: [$question, $answer, $generation]) { id } }",
        lambda data: data["nodes"] != [None, None, None],
    ),
    "Viewer.personalQuestions": PersonalCase(
        "{ viewer { personalQuestions { nodes { id text answer { title } }"
        " edges { cursor node { id } } pageInfo { endCursor } } } }",
        lambda data: bool(data["viewer"]["personalQuestions"]["nodes"]),
    ),
}

OPERATIONS: dict[str, PersonalCase] = {
    "Mutation.deletePersonalQuestion": PersonalCase(
        "mutation ($question: ID!) { deletePersonalQuestion(input: {questionId: $question}) {"
        " deletedQuestionId errors { __typename } } }",
        lambda data: data["deletePersonalQuestion"]["deletedQuestionId"] is not None,
    ),
}

CANCEL = PersonalCase(
    "mutation ($generation: ID!) { cancelGeneration(input: {generationId: $generation}) {"
    " generation { status } errors { __typename } } }",
    lambda data: data["cancelGeneration"]["generation"] is not None,
)

FOLLOW = (
    "subscription ($generation: ID!) { generationEvents(generationId: $generation) {"
    " sequence ... on AnswerTextAdded { text } } }"
)

FIELDS: dict[str, str] = {
    "Viewer": "personalQuestions",
    "Answer": "unknowns factsChanged",
    "Claim": "facts",
    "UnknownFact": "kind name question reason",
    "DeletePersonalQuestionPayload": "deletedQuestionId errors",
    "UnknownPersonalQuestion": "message path",
}
