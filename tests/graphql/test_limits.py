"""Limits: what is refused before any work is done for it, and what is not."""

import time
from contextlib import suppress
from typing import Any

import pytest
from graphql import GraphQLError

from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.schema import schema
from navis_api.settings import Settings


def reader(**changed: Any) -> DocumentReader:
    return DocumentReader(schema().core, DocumentLimits.of(Settings(**changed)))


def refused(query: str, **changed: Any) -> dict[str, Any]:
    """Return the extensions of the error with which a document is refused."""
    with pytest.raises(OperationRefused) as caught:
        reader(**changed).read(query)
    return caught.value.errors[0].extensions or {}


def nested(levels: int) -> str:
    return "{ cancers { nodes { " + "parent { " * levels + "id" + " }" * levels + " } } }"


def bomb(levels: int) -> str:
    """Fragments that spread each other twice: their number doubles with each level."""
    fragments = [
        f"fragment F{n} on Cancer {{ a: parent {{ ...F{n + 1} }} b: parent {{ ...F{n + 1} }} }}"
        for n in range(levels)
    ]
    return " ".join(
        [
            '{ cancer(slug: "x") { ...F0 } }',
            *fragments,
            f"fragment F{levels} on Cancer {{ id }}",
        ]
    )


LIMITS = {
    "depth": nested(12),
    "aliases": "{ " + " ".join(f"a{n}: viewer {{ kind }}" for n in range(31)) + " }",
    "directives": "{ viewer { kind " + "@skip(if: false) " * 51 + "} }",
    "definitions": " ".join(f"query Q{n} {{ viewer {{ kind }} }}" for n in range(61)),
    "rootFields": "{ " + "viewer { kind } " * 21 + "}",
    "fields": "{ viewer { " + "kind " * 1_001 + "} }",
    "repeats": '{ cancer(slug: "x") { ' + "parent { id } " * 60 + "} }",
    "tokens": "{ viewer { " + "kind " * 2_000 + "} }",
    "chars": "{ viewer { kind } } #" + "x" * 100_000,
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_document_beyond_a_limit_is_refused(limit: str) -> None:
    facts = refused(LIMITS[limit])
    assert (facts["code"], facts["limit"]) == ("QUERY_LIMIT_EXCEEDED", limit)


def test_a_mutation_may_have_fewer_root_fields() -> None:
    field = 'cancelGeneration(input: {generationId: "x"}) { errors { __typename } } '
    facts = refused("mutation { " + field * 6 + "}")
    assert (facts["limit"], facts["maximum"]) == ("rootFields", 5)


def test_fragments_are_spread_out_before_they_are_counted() -> None:
    assert refused(bomb(5))["limit"] == "aliases"
    one_level = "fragment F on Query { " + " ".join(f"a{n}: viewer {{ kind }}" for n in range(16))
    assert refused("{ ...F ...G } fragment G on Query { ...F } " + one_level + " }") == {
        "code": "QUERY_LIMIT_EXCEEDED",
        "limit": "aliases",
        "maximum": 30,
    }


def test_depth_is_counted_through_fragments() -> None:
    chain = "".join(f"fragment F{n} on Cancer {{ parent {{ ...F{n + 1} }} }} " for n in range(12))
    query = '{ cancer(slug: "x") { ...F0 } } ' + chain + "fragment F12 on Cancer { id }"
    assert refused(query)["limit"] == "depth"


def test_repeats_are_counted_through_fragments_and_below_merged_fields() -> None:
    spread = "{ viewer { ...F " + "...F " * 70 + "} } fragment F on Viewer { kind }"
    assert refused(spread)["limit"] == "repeats"
    below = '{ cancer(slug: "x") { ' + ("parent { " + "id " * 10 + "} ") * 10 + "} }"
    assert refused(below)["limit"] == "repeats"
    composed = '{ cancer(slug: "x") { ' + " ".join(f"...F{n}" for n in range(20)) + " } } "
    composed += " ".join(
        f"fragment F{n} on Cancer {{ id name parent {{ id }} }}" for n in range(20)
    )
    reader().read(composed)


def test_fragments_without_fields_are_counted_too() -> None:
    empty = " ".join(f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    query = "{ viewer { ...F0 } } " + empty + " fragment F40 on Viewer { }"
    assert refused(query)["limit"] == "fields"


def test_a_circle_of_fragments_is_refused() -> None:
    query = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    assert refused(query)["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_fragment_bomb_costs_no_more_than_its_length() -> None:
    """Its work doubles with each level for a limiter that spreads it out; ours walks it once."""
    limits = reader()
    deep, plain = bomb(50), "{ viewer { kind " + "k: kind " * 29 + "} }"

    def took(query: str) -> float:
        began = time.process_time()
        for _ in range(20):
            with suppress(OperationRefused, GraphQLError):
                limits.read(query)
            limits._kept.clear()
        return time.process_time() - began

    took(deep)
    # 2 to the power of 50 is what spreading it out would cost; a hundred times is nothing to that.
    assert took(deep) < 100 * took(plain)


def test_the_usual_introspection_query_is_within_the_limits() -> None:
    from graphql import get_introspection_query

    document = reader().read(get_introspection_query(input_value_deprecation=True))
    assert document.cost(None, {}) == 0


def test_introspection_has_a_limit_of_its_own() -> None:
    query = '{ __type(name: "Query") { ' + "ofType { " * 21 + "name" + " }" * 21 + " } }"
    assert refused(query)["limit"] == "introspectionDepth"


def test_introspection_can_be_switched_off() -> None:
    assert refused("{ __schema { types { name } } }", introspection=False)["code"] == (
        "INTROSPECTION_DISABLED"
    )


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ viewer { kind } }", {}, 1),
        ("{ cancers { nodes { slug } } }", {}, 20),
        (
            "{ cancers(first: 7) { edges { cursor node { slug } } pageInfo { hasNextPage } } }",
            {},
            7,
        ),
        (
            "{ cancers(first: 10) { nodes { questions(first: 5) { nodes { answer { id } } } } } }",
            {},
            110,
        ),
        ("query ($n: Int) { questions(first: $n) { nodes { id } } }", {"n": 3}, 3),
        ("query ($n: Int = 4) { questions(last: $n) { nodes { id } } }", {}, 4),
        ("query ($n: Int) { questions(first: $n) { nodes { id } } }", {"n": 10**30}, 100),
        ("query ($n: Int) { questions(first: $n) { nodes { id } } }", {"n": "many"}, 20),
        ("{ questions(first: 1999999999) { nodes { id } } }", {}, 100),
        ('{ nodes(ids: ["a", "b"]) { id } }', {}, 2),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a"] * 9}, 9),
        ('{ answer(slug: "x") { sections { claims { text } } } }', {}, 5),
        (
            "{ questions(first: 10) { ...F } } fragment F on QuestionConnection { nodes { id } }",
            {},
            10,
        ),
        ('{ node(id: "x") { ... on Question { answer { title } } } }', {}, 2),
    ],
)
def test_cost_counts_the_objects_that_are_asked_for(
    query: str, variables: dict[str, Any], cost: int
) -> None:
    assert reader().read(query).cost(None, variables) == cost


def test_an_operation_that_costs_too_much_is_refused_with_its_cost() -> None:
    limits = reader()
    query = "query ($n: Int) { questions(first: $n) { nodes { related(first: $n) { id } } } }"
    document = limits.read(query)
    limits.check_cost(document, None, {"n": 5})
    with pytest.raises(OperationRefused) as caught:
        limits.check_cost(document, None, {"n": 100})
    error = caught.value.errors[0]
    assert error.extensions == {
        "code": "QUERY_LIMIT_EXCEEDED",
        "limit": "cost",
        "maximum": 1_000,
    }
    assert "10100" in error.message


def test_a_document_is_read_once() -> None:
    limits = reader()
    query = "{ viewer { kind } }"
    assert limits.read(query) is limits.read(query)


def test_invalid_documents_report_few_errors_and_suggest_nothing() -> None:
    with pytest.raises(OperationRefused) as caught:
        reader().read("{ viewr " + " ".join(f"x{n}" for n in range(9)) + " }")
    errors = caught.value.errors
    assert len(errors) == 5
    assert not any("Did you mean" in error.message for error in errors)
