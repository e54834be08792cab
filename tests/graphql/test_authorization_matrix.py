"""Who may do and see what: every operation and every field of the schema stands in these tables.

The first test fails when an operation or a field is added without saying who may
use it. The others hold the tables against the endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from navis_api.graphql.relay import global_id
from navis_api.graphql.schema import schema
from tests.graphql import (
    personal_operations,
    personal_review_operations,
    record_operations,
    staff_operations,
)
from tests.graphql.client import PORTAL, Client
from tests.graphql.socket_client import open_socket
from tests.graphql.world import Own, World

PEOPLE = ("anonymous", "asker", "other", "reviewer", "editor", "administrator")
# A partner's system, by a token of the identity provider and by a key of ours.
VALID = (*PEOPLE, "partner", "public key", "secret key")
REFUSED = ("expired", "forged")
STAFF = frozenset({"reviewer", "editor", "administrator"})
EVERYBODY = frozenset(VALID)
NOBODY: frozenset[str] = frozenset()
FOLLOWERS = STAFF | {"asker"}
"""Who may see a question that is not answered: whoever asked it signed in, and staff."""


class Rule(Enum):
    """What decides whether a field shows something."""

    PUBLIC = "whoever can reach the object"
    ROWS = "row security of what it leads to"
    SELF = "it is about the viewer"
    STAFF = "whether the viewer is on the staff"


@dataclass(frozen=True)
class Case:
    """A way to reach what belongs to a question that isn't answered, and who gets there.

    `shown` says whether a result shows it. `asker_only` are those who get there when
    a patient asked it signed in, `anonymous` when somebody asked it without.
    """

    query: str
    variables: Callable[[Own], dict[str, Any]]
    shown: Callable[[Any], bool]
    private: frozenset[str] = FOLLOWERS
    anonymous: frozenset[str] = EVERYBODY


def question_id(own: Own) -> dict[str, Any]:
    return {"id": global_id("Question", own.question_id)}


def answer_id(own: Own) -> dict[str, Any]:
    return {"id": global_id("Answer", own.answer_id)}


def generation_id(own: Own) -> dict[str, Any]:
    return {"id": global_id("Generation", own.generation_id)}


def nothing(_own: Own) -> dict[str, Any]:
    return {}


def node(inner: str) -> str:
    return "query ($id: ID!) { node(id: $id) { " + inner + " } }"


def reaches(*path: str) -> Callable[[Any], bool]:
    def shown(data: Any) -> bool:
        for name in path:
            data = (data or {}).get(name)
        return bool(data)

    return shown


def codes(result: dict[str, Any]) -> set[str]:
    """Return the codes of a result's errors: none may be a failure of ours."""
    return {error["extensions"]["code"] for error in result.get("errors", ())}


def lists_unanswered(*path: str) -> Callable[[Any], bool]:
    def shown(data: Any) -> bool:
        for name in path:
            data = data[name]
        return any(question["status"] != "ANSWERED" for question in data)

    return shown


OPERATIONS: dict[str, list[Case]] = {
    "Query.node": [
        Case(node("... on Question { text }"), question_id, reaches("node", "text")),
        Case(node("... on Answer { title }"), answer_id, reaches("node", "title")),
        Case(node("... on Generation { engine }"), generation_id, reaches("node", "engine")),
    ],
    "Query.nodes": [
        Case(
            "query ($id: ID!) { nodes(ids: [$id]) { id } }",
            question_id,
            lambda data: data["nodes"] != [None],
        )
    ],
    "Query.viewer": [],
    "Query.cancer": [
        Case(
            '{ cancer(slug: "liver-cancer") { questions { nodes { status } } } }',
            nothing,
            lists_unanswered("cancer", "questions", "nodes"),
            # A list shows one's own only: what anonymous people asked is found by its id.
            private=frozenset({"asker"}),
            anonymous=frozenset({"asker"}),
        )
    ],
    "Query.cancers": [],
    "Query.question": [],
    "Query.questions": [
        Case(
            "{ questions { nodes { status } } }",
            nothing,
            lists_unanswered("questions", "nodes"),
            private=frozenset({"asker"}),
            anonymous=frozenset({"asker"}),
        ),
        Case(
            "{ questions(answered: false) { nodes { status } } }",
            nothing,
            lists_unanswered("questions", "nodes"),
            private=frozenset({"asker"}),
            anonymous=frozenset({"asker"}),
        ),
    ],
    "Query.searchQuestions": [
        Case(
            '{ searchQuestions(text: "liver cancer growing cured") { nodes { status } } }',
            nothing,
            lists_unanswered("searchQuestions", "nodes"),
            private=NOBODY,
            anonymous=NOBODY,
        )
    ],
    "Query.answer": [],
    "Query.retraction": [],
    "Query.changes": [
        Case(
            "{ changes { nodes { answer { reviewed } } } }",
            nothing,
            lambda data: any(not node["answer"]["reviewed"] for node in data["changes"]["nodes"]),
            private=NOBODY,
            anonymous=NOBODY,
        )
    ],
    "Mutation.askQuestion": [],
    "Mutation.cancelGeneration": [
        Case(
            "mutation ($id: ID!) { cancelGeneration(input: {generationId: $id}) {"
            " generation { status } errors { __typename } } }",
            generation_id,
            reaches("cancelGeneration", "generation"),
        )
    ],
    "Subscription.generationEvents": [],
}
"""Those without a case show what is public, or have a test of their own below."""

ROWS: dict[str, Case] = {
    "Question.answer": Case(
        node("... on Question { answer { title } }"), question_id, reaches("node", "answer")
    ),
    "Question.generation": Case(
        node("... on Question { generation { id } }"), question_id, reaches("node", "generation")
    ),
    "Question.related": Case(
        node("... on Question { related { status } }"),
        question_id,
        lambda data: bool(data["node"]) and lists_unanswered("node", "related")(data),
        private=NOBODY,
        anonymous=NOBODY,
    ),
    "Answer.question": Case(
        node("... on Answer { question { text } }"), answer_id, reaches("node", "question")
    ),
    "Answer.history": Case(
        node("... on Answer { history { revision } }"),
        answer_id,
        reaches("node", "history"),
        # A history is of what was live: staff see the other revisions too.
        private=STAFF,
        anonymous=STAFF,
    ),
    "Answer.safetyNotices": Case(
        node("... on Answer { id safetyNotices { kind } }"), answer_id, reaches("node", "id")
    ),
    "Generation.question": Case(
        node("... on Generation { question { text } }"), generation_id, reaches("node", "question")
    ),
    "Generation.answer": Case(
        node("... on Generation { answer { title } }"), generation_id, reaches("node", "answer")
    ),
    "Generation.events": Case(
        node("... on Generation { events { sequence } }"), generation_id, reaches("node", "events")
    ),
    "GenerationCompleted.answer": Case(
        node(
            "... on Generation { events(after: 4) {"
            " ... on GenerationCompleted { answer { title } } } }"
        ),
        generation_id,
        reaches("node", "events"),
    ),
}

FIELDS: dict[Rule, dict[str, str]] = {
    Rule.SELF: {"Viewer": "kind subject exportUrl"},
    # Null or empty to all others: see `test_staff_matrix`.
    Rule.STAFF: {"Answer": "reviewItem comments decisions feedback publishAt translations"},
    Rule.ROWS: {
        "Cancer": "questions",
        "Question": "answer generation related",
        "Answer": "question history safetyNotices",
        "Change": "answer question",
        "Generation": "question answer events",
        "GenerationCompleted": "answer",
        # What they lead to is loaded as the viewer: see the tests of asking.
        "AskQuestionPayload": "question answer generation suggestions",
        "CancelGenerationPayload": "generation",
    },
    Rule.PUBLIC: {
        "Cancer": (
            "id slug name clinicalName aliases bodySite icd10Codes summary parent subtypes"
            " answeredQuestionCount"
        ),
        "CancerConnection": "edges nodes pageInfo totalCount",
        "CancerEdge": "cursor node",
        "Question": "id slug text cancer askedAt status",
        "QuestionConnection": "edges nodes pageInfo",
        "QuestionEdge": "cursor node",
        "QuestionSearchConnection": "edges nodes pageInfo correctedText",
        "QuestionSearchEdge": "cursor node score",
        "Answer": (
            "id slug scope state reviewed revision title summary author sections body citations"
            " doctorQuestions nextSteps gaps glossary disclaimer callToAction review readingGrade"
            " publishedAt updatedAt url embedUrl version staleNotice language untranslated"
            " translation"
        ),
        "GlossaryEntry": "term explanation source",
        "AnswerSection": "kind heading markdown html claims",
        "Claim": "text citations",
        "Citation": "number source quote start end locator",
        "Source": ("id title publisher url version publishedOn lastReviewedOn accessedOn licence"),
        "Disclaimer": "id text",
        "SafetyNotice": "kind message contacts",
        "CallToAction": "kind text",
        "Translation": "question translator reviewer credentials reviewedAt",
        "Review": "reviewer credentials reviewedAt nextReviewOn",
        "AnswerRevision": ("revision state at reason correction reviewer credentials publishedAt"),
        "Retraction": "slug title reason retractedAt",
        "Change": "kind at answerId slug revision reason",
        "ChangeConnection": "edges nodes pageInfo",
        "ChangeEdge": "cursor node",
        "Generation": "id status engine createdAt finishedAt",
        "GenerationProgressed": "sequence at status",
        "AnswerTextAdded": "sequence at sectionIndex sectionKind heading text citations",
        "GenerationCompleted": "sequence at",
        "GenerationFailed": "sequence at code message retryable",
        "PageInfo": "hasNextPage hasPreviousPage startCursor endCursor",
        "AskQuestionPayload": "outcome safetyNotices errors",
        "CancelGenerationPayload": "errors",
        "InvalidInput": "message path",
        "UnknownCancer": "message path",
        "UnknownGeneration": "message path",
        "OthersWait": "message path",
        "IdempotencyConflict": "message path",
        "RateLimited": "message path retryAfterSeconds",
        "ConsentRequired": "message path purposes",
        "Node": "id",
        "GenerationEvent": "sequence at",
        "UserError": "message path",
    },
}


def listed_fields() -> list[str]:
    return [
        f"{type_name}.{name}"
        for types in (
            *FIELDS.values(),
            staff_operations.FIELDS,
            record_operations.FIELDS,
            personal_operations.FIELDS,
            personal_review_operations.FIELDS,
        )
        for type_name, names in types.items()
        for name in names.split()
    ]


def test_every_operation_and_field_stands_in_the_tables() -> None:
    operations: set[str] = set()
    fields: set[str] = set()
    roots = {"Query", "Mutation", "Subscription"}
    for name, type_ in schema().core.type_map.items():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and name[:2] != "__":
            found = operations if name in roots else fields
            found.update(f"{name}.{field}" for field in type_.fields)
    assert operations == {
        *OPERATIONS,
        *staff_operations.OPERATIONS,
        *record_operations.OPERATIONS,
        *record_operations.SUBSCRIPTIONS,
        *personal_operations.OPERATIONS,
        *personal_review_operations.OPERATIONS,
    }
    assert fields == set(listed_fields())
    assert len(listed_fields()) == len(set(listed_fields()))


CASES = {
    f"{name}[{number}]": case
    for name, cases in {**OPERATIONS, **{name: [case] for name, case in ROWS.items()}}.items()
    for number, case in enumerate(cases)
}


@pytest.mark.parametrize("name", CASES)
async def test_a_question_of_a_patient_shows_to_those_in_the_table(
    client: Client, world: World, tokens: dict[str, str], name: str
) -> None:
    case = CASES[name]
    for viewer in VALID:
        found = await client.run(
            case.query, case.variables(world.own), authorization=tokens.get(viewer)
        )
        assert codes(found) <= {"NOT_FOUND"}, viewer
        assert case.shown(found["data"]) is (viewer in case.private), viewer


@pytest.mark.parametrize("name", CASES)
async def test_a_question_of_nobody_shows_to_whoever_holds_its_id(
    client: Client, world: World, tokens: dict[str, str], name: str
) -> None:
    case = CASES[name]
    for viewer in VALID:
        found = await client.run(
            case.query, case.variables(world.anonymous), authorization=tokens.get(viewer)
        )
        assert codes(found) <= {"NOT_FOUND"}, viewer
        assert case.shown(found["data"]) is (viewer in case.anonymous), viewer


@pytest.mark.parametrize("name", CASES)
async def test_an_invalid_token_shows_nothing_at_all(
    client: Client, world: World, tokens: dict[str, str], name: str
) -> None:
    case = CASES[name]
    for viewer in REFUSED:
        response = await client.send(
            case.query, case.variables(world.anonymous), authorization=tokens[viewer]
        )
        assert response.status_code == 401, viewer
        assert "data" not in response.json(), viewer


@pytest.mark.parametrize("viewer", VALID)
async def test_events_stream_to_those_who_may_see_the_question(
    url: str, world: World, tokens: dict[str, str], viewer: str
) -> None:
    query = "subscription ($id: ID!) { generationEvents(generationId: $id) { sequence } }"
    for own, followers in ((world.own, FOLLOWERS), (world.anonymous, EVERYBODY)):
        async with open_socket(url, headers={"Origin": PORTAL}) as socket:
            token = tokens.get(viewer)
            await socket.introduce({"authorization": token} if token else {})
            await socket.subscribe(query, generation_id(own))
            reply = await socket.receive()
        assert ("errors" not in reply["payload"]) is (viewer in followers)


@pytest.mark.parametrize("viewer", VALID)
async def test_what_is_published_shows_to_everybody(
    client: Client, tokens: dict[str, str], viewer: str
) -> None:
    found = await client.data(
        """{
          answer(slug: "what-is-ablation") { title history { revision } question { text } }
          question(slug: "what-is-ablation") { answer { reviewed } }
          cancers { nodes { slug } }
          searchQuestions(text: "ablation") { nodes { text } }
        }""",
        authorization=tokens.get(viewer),
    )
    assert found["answer"]["history"]
    assert found["question"]["answer"]["reviewed"] is True
    assert found["searchQuestions"]["nodes"]


@pytest.mark.parametrize("viewer", VALID)
async def test_a_draft_is_labelled_unreviewed_for_everybody(
    client: Client, world: World, tokens: dict[str, str], viewer: str
) -> None:
    query = node("... on Answer { reviewed review { reviewer } publishedAt body state }")
    found = await client.data(query, answer_id(world.anonymous), authorization=tokens.get(viewer))
    assert found["node"]["reviewed"] is False
    assert found["node"]["review"] is None
    assert found["node"]["body"].startswith("Not reviewed yet.")


async def test_a_get_shows_nothing_that_is_a_patients_own(
    client: Client, world: World, tokens: dict[str, str]
) -> None:
    id_ = global_id("Question", world.own.question_id)
    response = await client.http.get(
        client.url,
        params={"query": f'{{ node(id: "{id_}") {{ id }} }}'},
        headers={"Authorization": tokens["asker"]},
    )
    assert response.json() == {"data": {"node": None}}
