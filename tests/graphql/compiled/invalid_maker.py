"""Requests that are wrong in some way, made of queries that are right."""

import json
import random
import re
from collections.abc import Callable
from typing import Any

from tests.graphql.compiled.query_maker import Made, QueryMaker

Body = dict[str, Any]


class InvalidMaker:
    """Makes one wrong request after another; each kind of wrong in turn."""

    def __init__(self, maker: QueryMaker, chance: random.Random) -> None:
        self._maker = maker
        self._chance = chance
        self._made = 0
        self._kinds: list[Callable[[Body], Body]] = [
            _unknown_field,
            _unknown_argument,
            _unknown_fragment,
            _unknown_directive,
            _no_selection,
            _selection_on_a_leaf,
            _cut_off,
            _other_operation,
            _conflict,
            _undeclared_variable,
            _undefined_variable,
            _deep,
            _many_aliases,
            self._odd_variable,
            self._odd_argument,
            self._odd_text,
            self._odd_page,
            self._odd_id,
            self._oversize,
        ]

    def make(self) -> bytes:
        """Return the body of a request."""
        made: Made = self._maker.make()
        kind = self._kinds[self._made % len(self._kinds)]
        self._made += 1
        return json.dumps(kind({"query": made.text, "variables": made.variables})).encode()

    def _odd_variable(self, _body: Body) -> Body:
        type_, value = self._chance.choice(
            (
                ("Int", "5"),
                ("Int", 2**40),
                ("Int", 1.5),
                ("Int!", None),
                ("String", 5),
                ("String", ["a"]),
                ("Boolean", "true"),
                ("ID", {"a": 1}),
                ("QuestionOrder", "SIDEWAYS"),
                ("[ID!]", [None]),
                ("Unknown", 1),
                ("Answer", None),
            )
        )
        argument = {
            "Int": "first",
            "Int!": "first",
            "String": "cancer",
            "Boolean": "answered",
            "QuestionOrder": "orderBy",
        }.get(type_)
        used = f"questions({argument}: $x)" if argument else "a: questions"
        text = f"query ($x: {type_}) {{ {used} {{ nodes {{ id }} }} }}"
        return {"query": text, "variables": {"x": value}}

    def _odd_argument(self, body: Body) -> Body:
        written = self._chance.choice(
            (
                "first: true",
                'first: "5"',
                "first: 99999999999",
                "answered: 1",
                "orderBy: UP",
                "cancer: 5",
            )
        )
        return {**body, "query": f"{{ questions({written}) {{ nodes {{ id }} }} }}"}

    def _odd_text(self, _body: Body) -> Body:
        odd = self._chance.choice(("a\0b", "\ud800", "ok\udfff", "\uffff", "'; --", "%", "\\"))
        if self._chance.random() < 0.5:
            query = "query ($t: String!) { searchQuestions(text: $t) { nodes { id } } }"
            return {"query": query, "variables": {"t": odd}}
        literal = json.dumps(odd)
        return {"query": f"{{ cancers(search: {literal}) {{ nodes {{ id }} }} }}"}

    def _odd_page(self, body: Body) -> Body:
        written = self._chance.choice(
            (
                "first: 0",
                "first: 101",
                "first: -1",
                "last: 0",
                "first: 2, last: 2",
                'after: "nonsense"',
                'first: 2, before: "bm9uc2Vuc2U="',
                'after: ""',
                'cancer: "no-such-cancer"',
            )
        )
        others = self._chance.choice(
            ("", "viewer { kind }", "cancers(first: 1) { nodes { name } }")
        )
        return {
            **body,
            "query": f"{{ {others} questions({written}) {{ nodes {{ id }} }} }}",
            "variables": {},
        }

    def _odd_id(self, _body: Body) -> Body:
        odd = self._chance.choice(
            ("", "x", "UXVlc3Rpb246", "QW5zd2VyOjEyMw==", "5", "ü", "A" * 200, "Q2FuY2VyOg==\n")
        )
        if self._chance.random() < 0.5:
            return {
                "query": "query ($i: ID!) { node(id: $i) { id } viewer { kind } }",
                "variables": {"i": odd},
            }
        return {
            "query": "query ($i: [ID!]!) { nodes(ids: $i) { id ... on Question { slug } } }",
            "variables": {"i": [odd] * self._chance.choice((1, 2, 101))},
        }

    def _oversize(self, body: Body) -> Body:
        return self._chance.choice(
            (
                {**body, "query": body["query"] + " #" + "x" * 30_000},
                {**body, "variables": {"unused": "x" * 1_100_000}},
                {**body, "variables": {"unused": [0] * 10_001}},
                {"query": "{ " + "viewer { kind } " * 900 + "}"},
                {"query": "{ questions(first: 100) { nodes { related(first: 100) { id } } } }"},
            )
        )


def _unknown_field(body: Body) -> Body:
    return {**body, "query": body["query"].replace("{ ", "{ nothingLikeIt ", 2)}


def _unknown_argument(body: Body) -> Body:
    return {**body, "query": "{ viewer(much: 1) { kind } }"}


def _unknown_fragment(body: Body) -> Body:
    return {**body, "query": body["query"].replace("{ ", "{ ...Nowhere ", 1)}


def _unknown_directive(body: Body) -> Body:
    return {**body, "query": body["query"].replace(" }", " @loud }", 1)}


def _no_selection(body: Body) -> Body:
    return {**body, "query": "{ viewer cancers { nodes { name } } }"}


def _selection_on_a_leaf(body: Body) -> Body:
    return {**body, "query": "{ viewer { kind { name } } }"}


def _cut_off(body: Body) -> Body:
    return {**body, "query": body["query"][: len(body["query"]) // 2]}


def _other_operation(body: Body) -> Body:
    return {**body, "operationName": "Elsewhere"}


def _conflict(body: Body) -> Body:
    lists = "a: questions(first: 1) { nodes { id } } a: questions { nodes { id } }"
    return {**body, "query": f"{{ {lists} }}"}


def _undeclared_variable(body: Body) -> Body:
    return {**body, "query": re.sub(r"^query[^{]*", "", body["query"])}


def _undefined_variable(body: Body) -> Body:
    query = "query ($slug: String!) { answer(slug: $slug) { title } }"
    return {"query": query, "variables": {}}


def _deep(body: Body) -> Body:
    return {
        **body,
        "query": "{ cancers { nodes " + "{ parent " * 15 + "{ id }" + " }" * 15 + " } }",
    }


def _many_aliases(body: Body) -> Body:
    return {**body, "query": "{ " + " ".join(f"a{n}: viewer {{ kind }}" for n in range(40)) + " }"}
