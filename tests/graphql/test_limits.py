"""Limits: what is refused before any work is done for it, and what is not."""

import time
from contextlib import suppress
from typing import Any

import pytest
from graphql import GraphQLError

from navis_api.graphql import documents
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
    "definitions": "{ ...F0 } "
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(60)),
    "rootFields": "{ " + "viewer { kind } " * 21 + "}",
    "fields": "{ viewer { ...A } } fragment A on Viewer { "
    + "...B " * 40
    + "} fragment B on Viewer { "
    + "kind " * 30
    + "}",
    "repeats": '{ cancer(slug: "x") { ' + "parent { id } " * 51 + "} }",
    "operations": " ".join(f"query Q{n} {{ viewer {{ kind }} }}" for n in range(11)),
    "levels": "{ " + "... on Query { " * 40 + "viewer { kind }" + " }" * 40 + " }",
    "values": "{ nodes(ids: [" + '"a" ' * 150 + "]) { id } }",
    "tokens": "{ viewer { " + "kind " * 2_000 + "} }",
    "chars": "{ viewer { kind } } #" + "x" * 20_000,
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


def composed(fragments: int, *, extra: str = "") -> str:
    """Return a query as clients make it that compose their screens out of fragments."""
    query = '{ cancer(slug: "x") { ' + " ".join(f"...F{n}" for n in range(fragments)) + " } } "
    return query + " ".join(
        f"fragment F{n} on Cancer {{ id name parent {{ id }} {extra} }}" for n in range(fragments)
    )


def test_what_many_fragments_ask_for_alike_is_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[object] = []
    rule = documents.OverlappingFieldsCanBeMergedRule
    monkeypatch.setattr(rule, "enter_selection_set", lambda _self, node, *_: compared.append(node))
    reader().read(composed(30))
    assert compared == []
    reader().read('{ cancer(slug: "x") { id id: name } }')
    assert compared != []


def test_fields_that_differ_are_compared_wherever_they_meet() -> None:
    for query in (
        '{ cancer(slug: "x") { id id: name } }',
        '{ cancer(slug: "x") { id } cancer(slug: "y") { id } }',
        """{ cancer(slug: "x") { ...A ...B } }
        fragment A on Cancer { parent { id: slug } } fragment B on Cancer { parent { id } }""",
        '{ node(id: "x") { ... on Cancer { a: name } ... on Question { a: related { id } } } }',
    ):
        assert refused(query)["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_of_fields_that_differ_only_some_are_compared() -> None:
    """Comparing them takes time that grows with the square of their number."""
    many = composed(25, extra="subtypes { id }").replace(
        "{ ...F0", "{ subtypes { name } id: id ...F0"
    )
    reader().read(many)
    differing = many.replace("id: id", "id: slug")
    assert refused(differing)["limit"] == "repeats"


def test_fragments_without_fields_are_counted_too() -> None:
    empty = " ".join(f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))
    query = "{ viewer { ...F0 } } " + empty + " fragment F30 on Viewer { kind }"
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
    assert document.price(None, {}).requested == 0


def test_introspection_has_a_limit_of_its_own() -> None:
    query = '{ __type(name: "Query") { ' + "ofType { " * 21 + "name" + " }" * 21 + " } }"
    assert refused(query)["limit"] == "introspectionDepth"


def test_introspection_can_be_switched_off() -> None:
    assert refused("{ __schema { types { name } } }", introspection=False)["code"] == (
        "INTROSPECTION_DISABLED"
    )


def test_an_operation_that_costs_too_much_is_refused_with_its_cost() -> None:
    limits = reader()
    query = "query ($n: Int) { questions(first: $n) { nodes { related(first: $n) { id } } } }"
    document = limits.read(query)
    assert limits.require_price(document, None, {"n": 5}).requested == 30
    with pytest.raises(OperationRefused) as caught:
        limits.require_price(document, None, {"n": 100})
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


@pytest.mark.parametrize(
    ("changed", "suggests"),
    [
        ({}, True),
        ({"environment": "production"}, False),
        ({"suggestions": False}, False),
        ({"environment": "production", "suggestions": True}, True),
    ],
)
def test_names_are_suggested_by_setting(changed: dict[str, Any], *, suggests: bool) -> None:
    for query in (
        "{ viewr { kind } }",
        "{ viewer { knd } }",
        '{ cancer(slugg: "x") { id } }',
        "{ ... on Querry { viewer { kind } } }",
        "{ viewer { kind @skp(if: true) } }",
        "{ questions(orderBy: NEWST_FIRST) { nodes { id } } }",
        'mutation { askQuestion(input: {txt: "x", text: "y"}) { outcome } }',
    ):
        with pytest.raises(OperationRefused) as caught:
            reader(**changed).read(query)
        messages = [error.message for error in caught.value.errors]
        if not suggests:
            assert not any("Did you mean" in message for message in messages), query
    if suggests:
        assert "Did you mean 'viewer'?" in suggestion_of(**changed)


def suggestion_of(**changed: Any) -> str:
    with pytest.raises(OperationRefused) as caught:
        reader(**changed).read("{ viewr { kind } }")
    return caught.value.errors[0].message


def test_invalid_documents_report_few_errors() -> None:
    with pytest.raises(OperationRefused) as caught:
        reader().read("{ viewr " + " ".join(f"x{n}" for n in range(9)) + " }")
    assert len(caught.value.errors) == 5
