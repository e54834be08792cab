"""Which operations are kept: those on the list, and nothing else in any disguise."""

import pytest
from graphql import GraphQLObjectType

from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.response_cache.eligibility import (
    KEPT_FIELDS,
    Eligibility,
    EligibleOperations,
)
from navis_api.graphql.schema import schema
from navis_api.settings import Settings

# Fields of public types that are executed each time, and why.
EXECUTED = {
    "Answer": {
        # Only the staff see these, or comments of theirs change it.
        *("comments", "decisions", "feedback", "publishAt", "reviewItem", "translations"),
        "version",
        # Personal answers alone have these.
        *("factsChanged", "unknowns"),
    },
    "Claim": {"facts"},
    # Whoever may follow it: a writing goes on without a publication. Only a patient's own
    # question has a withdrawn answer.
    "Question": {"generation", "withdrawal"},
    "Query": {
        # Anybody's own, or the staff's.
        *("viewer", "node", "nodes", "answerDifference", "answerRevision", "openFeedback"),
        *("partners", "personalReviewQueue", "records", "reviewCounts", "reviewQueue", "staff"),
        *("stuckReviews", "webhookDeliveries"),
    },
}


def decided(text: str, name: str | None = None) -> Eligibility | None:
    core = schema().core
    documents = DocumentReader(core, DocumentLimits.of(Settings(introspection=True)))
    return EligibleOperations(core).of(documents.read(text), name)


@pytest.mark.parametrize(
    "text",
    [
        '{ answer(slug: "a") { title sections { claims { citations { source { title } } } } } }',
        '{ question(slug: "a") { text answer { title } related(first: 3) { slug } } }',
        "{ questions(first: 3) { edges { cursor node { slug } } pageInfo { endCursor } } }",
        '{ cancer(slug: "a") { name parent { name } questions { nodes { answer { title } } } } }',
        "{ cancers { totalCount nodes { answeredQuestionCount subtypes { name } } } }",
        "{ changes { nodes { kind answer { title } question { slug } } } }",
        '{ retraction(slug: "a") { reason } }',
        '{ a: answer(slug: "a") { ...F } __typename } fragment F on Answer { title __typename }',
        '{ answer(slug: "a") { ... on Node { id } ... { title } } __typename }',
        "query($x: Boolean!) { cancers { nodes { name @skip(if: $x) slug @include(if: $x) } } }",
    ],
)
def test_published_content_is_kept_for_everybody(text: str) -> None:
    found = decided(text)
    assert found is not None
    assert found.shared


@pytest.mark.parametrize(
    "text",
    [
        '{ searchQuestions(text: "my lump") { nodes { slug } } }',
        "query($t: String!) { found: searchQuestions(text: $t) { nodes { slug } } }",
        '{ cancers(search: "my lump") { nodes { name } } }',
        "query($t: String) { cancers(search: $t) { nodes { name } } }",
        '{ ...F } fragment F on Query { cancers(search: "my lump") { nodes { name } } }',
    ],
)
def test_what_somebody_typed_stays_within_the_process(text: str) -> None:
    found = decided(text)
    assert found is not None
    assert not found.shared


@pytest.mark.parametrize(
    "text",
    [
        "{ viewer { kind } }",
        '{ answer(slug: "a") { title } viewer { kind } }',
        '{ answer(slug: "a") { title ...F } } fragment F on Answer { comments { text } }',
        '{ answer(slug: "a") { version } }',
        '{ answer(slug: "a") { question { answer { feedback { harm } } } } }',
        '{ question(slug: "a") { generation { id } } }',
        "{ changes { nodes { question { ... on Question { generation { id } } } } } }",
        '{ node(id: "QQ==") { id } }',
        '{ cancers { nodes { name } } node(id: "QQ==") { ... on Cancer { name } } }',
        "{ __schema { types { name } } }",
        '{ answer(slug: "a") { title } __type(name: "Answer") { name } }',
        'mutation { cancelGeneration(input: {generationId: "QQ=="}) { errors { __typename } } }',
        "{ reviewQueue { edges { cursor } } }",
    ],
)
def test_anything_else_is_executed_each_time(text: str) -> None:
    assert decided(text) is None


def test_of_several_operations_each_is_decided_by_itself() -> None:
    text = 'query A { answer(slug: "a") { title } } query B { viewer { kind } }'
    assert decided(text, "A") is not None
    assert decided(text, "B") is None
    assert decided(text) is None


def test_fields_must_have_noted_what_they_read() -> None:
    found = decided('{ answer(slug: "a") { title } cancer(slug: "b") { answeredQuestionCount } }')
    assert found is not None
    assert not found.is_noted(set())
    assert not found.is_noted({"answer:1"})
    assert not found.is_noted({"cancer:1"})
    assert found.is_noted({"answer:1", "cancer:1"})
    assert found.is_noted({"published"})
    catalogue = decided("{ cancers { nodes { name } } }")
    assert catalogue is not None
    assert catalogue.is_noted(set()), "it is in memory, and its changes empty everything"
    lists = decided("{ changes { nodes { slug } } }")
    assert lists is not None
    assert not lists.is_noted({"answer:1"})


def test_every_field_of_public_content_is_decided_on() -> None:
    """A field that is added to the schema goes on one of the two lists."""
    core = schema().core
    for name, kept in KEPT_FIELDS.items():
        type_ = core.get_type(name)
        assert type_ is not None, name
        fields = getattr(type_, "fields", {})
        executed = EXECUTED.get(name, set())
        assert kept <= fields.keys(), f"{name}: {kept - fields.keys()}"
        if isinstance(type_, GraphQLObjectType):
            left = fields.keys() - kept - executed
            assert not left, f"{name}: decide on {left}"
