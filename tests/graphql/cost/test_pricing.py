"""What an operation costs at most, and what it turned out to cost."""

from typing import Any

import pytest

from navis_api.graphql.cost.plan import Price
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.schema import schema
from navis_api.settings import Settings


def price(query: str, variables: dict[str, Any] | None = None) -> Price:
    reader = DocumentReader(schema().core, DocumentLimits.of(Settings()))
    return reader.read(query).price(None, variables or {})


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ viewer { kind } }", {}, 1),
        ("{ __typename }", {}, 0),
        ("{ cancers { nodes { slug } } }", {}, 20),
        ("{ cancers(first: 7) { edges { node { slug } } pageInfo { hasNextPage } } }", {}, 7),
        ("query ($n: Int) { cancers(first: $n) { nodes { slug } } }", {"n": 3}, 3),
        ("query ($n: Int = 4) { cancers(first: $n) { nodes { slug } } }", {}, 4),
        ("query ($n: Int) { cancers(last: $n) { nodes { slug } } }", {"n": 2}, 2),
        ("query ($n: Int) { cancers(first: $n) { nodes { slug } } }", {"n": 10**9}, 100),
        ("query ($n: Int) { cancers(first: $n) { nodes { slug } } }", {"n": "many"}, 20),
        ("{ cancers(first: 1999999999) { nodes { slug } } }", {}, 100),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 7}, 7),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 700}, 100),
        ('{ nodes(ids: ["a", "b"]) { id } }', {}, 2),
        ('{ searchQuestions(text: "x", first: 5) { nodes { text } } }', {}, 15),
        ("{ questions(first: 2) { nodes { related(first: 5) { id } } } }", {}, 12),
        # 1 + 8 sections of 0.1, with 5 claims of 0.1, with a quote and its source each.
        (
            '{ answer(slug: "x") { sections { claims { citations { source { url } } } } } }',
            {},
            14,
        ),
        ('mutation { cancelGeneration(input: {generationId: "x"}) { generation { id } } }', {}, 11),
        ('mutation { askQuestion(input: {text: "x"}) { outcome } }', {}, 50),
        ('subscription { generationEvents(generationId: "x") { sequence } }', {}, 11),
        ("query ($s: Boolean!) { viewer @skip(if: $s) { kind } }", {"s": True}, 0),
        ("query ($s: Boolean!) { viewer @include(if: $s) { kind } }", {"s": True}, 1),
        ("query ($s: Boolean = false) { viewer @include(if: $s) { kind } }", {}, 0),
    ],
)
def test_a_cost_is_known_before_execution(query: str, variables: dict[str, Any], cost: int) -> None:
    assert price(query, variables).requested == cost


def test_what_two_fragments_ask_for_together_counts_once() -> None:
    composed = """
      { cancer(slug: "x") { ...A ...B } }
      fragment A on Cancer { parent { name } questions(first: 5) { nodes { id } } }
      fragment B on Cancer { parent { slug } questions(first: 5) { nodes { text } } }
    """
    assert price(composed).requested == 1 + 1 + 5


def test_of_the_types_that_an_object_may_have_the_dearest_counts() -> None:
    query = """
      { node(id: "x") {
          ... on Cancer { parent { id } }
          ... on Question { related(first: 7) { id } }
          ... on Source { url } } }
    """
    assert price(query).requested == 1 + 7


def test_aliases_count_each_time() -> None:
    assert price("{ a: viewer { kind } b: viewer { kind } }").requested == 2


def citation(number: int) -> dict[str, Any]:
    return {"number": number, "source": {"url": None}}


def test_the_actual_cost_is_that_of_what_was_returned() -> None:
    found = price("{ cancers(first: 10) { nodes { name questions { nodes { id } } } } }")
    assert found.requested == 10 + 10 * 20
    questions = {"nodes": [{"id": "q"}] * 3}
    cancer = {"name": "", "questions": questions}
    assert found.actual({"cancers": {"nodes": [cancer, cancer]}}) == 2 + 2 * 3
    assert found.actual({"cancers": {"nodes": []}}) == 0


def test_what_is_missing_costs_nothing() -> None:
    found = price('{ answer(slug: "x") { question { id } review { reviewer } } }')
    assert found.actual({"answer": None}) == 0
    assert found.actual({"answer": {"question": {"id": "q"}, "review": None}}) == 2
    assert found.actual(None) == 0


def test_tenths_are_added_up_before_they_are_rounded() -> None:
    found = price('{ answer(slug: "x") { citations { number source { url } } } }')
    for count, cost in ((0, 1), (1, 2), (5, 2), (6, 3)):
        answer = {"citations": [citation(number) for number in range(count)]}
        assert found.actual({"answer": answer}) == cost


def test_the_actual_cost_of_an_interface_is_that_of_the_type_it_was() -> None:
    for ask_name in ("__typename", ""):
        query = f"""
          {{ nodes(ids: ["a", "b", "c"]) {{ {ask_name}
               ... on Cancer {{ parent {{ id }} }}
               ... on Question {{ related(first: 50) {{ id }} }} }} }}
        """
        found = price(query)
        assert found.requested == 3 * 51
        cancer: dict[str, Any] = {"parent": {"id": "p"}}
        question: dict[str, Any] = {"related": [{"id": "r"}] * 2}
        if ask_name:
            cancer["__typename"], question["__typename"] = "Cancer", "Question"
        assert found.actual({"nodes": [cancer, None, question]}) == 2 + 3


def test_more_than_was_assumed_costs_more() -> None:
    found = price('{ cancer(slug: "x") { subtypes { id } } }')
    cancer = {"subtypes": [{"id": "s"}] * 30}
    assert found.requested == 10
    assert found.actual({"cancer": cancer}) == 31


def test_prices_of_a_document_are_kept_and_bounded() -> None:
    reader = DocumentReader(schema().core, DocumentLimits.of(Settings()))
    document = reader.read("query ($n: Int) { cancers(first: $n) { nodes { slug } } }")
    assert document.price(None, {"n": 3}) is document.price(None, {"n": 3})
    for count in range(1_000):
        document.price(None, {"n": count})
    assert len(document._prices) <= 101
