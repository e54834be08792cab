"""Values and arguments: what compiled execution gives is what graphql-core gives."""

from typing import Any

import pytest

from tests.graphql.compiled.small import Small

GOOD = (
    "text oddText numberAsText number wholeFloat flagAsNumber floating numberAsFloat flag oneAsFlag"
    " id numberAsId colour day moment momentAsDay decimal nothing matrix tuple"
    " maybe { name number }"
)
BAD = ("tooLarge", "notFinite", "null", "nullWithin", "notAList", "notABranch { name }")


async def test_every_kind_of_value_comes_out_as_graphql_core_has_it(small: Small) -> None:
    data = await small.same(f"{{ values {{ {GOOD} }} }}")

    assert data["values"]["colour"] == "VERDE"
    assert data["values"]["moment"] == "2026-11-21T12:00:00.000005+00:00"
    assert data["values"]["maybe"] == [None, {"name": "l", "number": None}]


@pytest.mark.parametrize("field", BAD)
async def test_what_can_not_be_is_left_to_graphql_core(small: Small, field: str) -> None:
    text = f"{{ values {{ text {field} }} }}"

    assert await small.run(text) is None
    assert (await small.reference(text)).errors


@pytest.mark.parametrize(
    "text",
    [
        "{ b: branch { name } a: branch { name } }",
        "{ branch { name __typename } ... on Query { branch { key2: name name } } __typename }",
        """{ branch { leaves { __typename name ... on Leaf { number } ...N } } }
        fragment N on Named { n: name ... on Branch { opens } }""",
        "{ branch(key: -1) { name } }",
        "{ branches(count: 0) { name } }",
        "{ branches { below { loaded turned below { name } } loaded } }",
        """{ ...F ...F ...G } fragment F on Query { branch { name } }
        fragment G on Query { branch { n: name } values { text } }""",
    ],
)
async def test_selections_come_out_in_the_same_order(small: Small, text: str) -> None:
    await small.same(text)


CONDITIONS = """
query ($a: Boolean!, $b: Boolean = false) {
  values {
    text @skip(if: $a) number @include(if: $b) text id @include(if: true) flag @skip(if: true)
  }
  ... @include(if: $a) { branch { name } }
  ...F @skip(if: $b)
}
fragment F on Query { branch { opens } values { colour @include(if: $a) @skip(if: $b) } }
"""


@pytest.mark.parametrize("variables", [{"a": True}, {"a": False}, {"a": True, "b": True}])
async def test_conditions_decide_what_is_there_and_where(
    small: Small, variables: dict[str, Any]
) -> None:
    await small.same(CONDITIONS, variables)
    await small.same(CONDITIONS, {"a": not variables["a"], "b": True})
    await small.same(CONDITIONS, variables)


@pytest.mark.parametrize(
    "text",
    [
        "{ echo }",
        '{ echo(number: null, text: "x", colour: VERDE, ids: 5, ratio: 2, day: "2026-11-21") }',
        '{ echo(colours: [RED, VERDE], point: {x: 1}, points: [{x: 1, y: 2}], ids: ["a", 3]) }',
        '{ echo(colours: RED, points: {x: 3, names: "one"}) }',
        '{ grown(names: ["a"]) again: grown(names: ["a"]) }',
    ],
)
async def test_literals_are_coerced_once(small: Small, text: str) -> None:
    assert await small.same(text) == await small.same(text)


VARIABLES = """
query ($number: Int, $text: String = "by default", $colour: Colour! = RED, $colours: [Colour],
  $point: Point, $x: Int = 4, $ids: [ID!], $ratio: Float, $day: Date) {
  echo(number: $number, text: $text, colour: $colour, colours: $colours, point: $point,
    points: [{x: 1, y: $x}], ids: $ids, ratio: $ratio, day: $day)
  few: echo(number: $number, text: $text, colour: $colour, ratio: $ratio, day: $day)
}
"""


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"number": 5, "text": "", "colour": "VERDE", "colours": ["RED"], "ids": [1, "b"]},
        {"number": None, "text": None, "colours": None, "point": None, "ids": None},
        {"point": {"x": 1, "names": "one"}, "x": None, "ids": "c", "ratio": 3, "number": 2.0},
        {"day": "2026-11-21", "x": 9, "unknown": 1},
    ],
)
async def test_variables_are_coerced_as_graphql_core_does(
    small: Small, variables: dict[str, Any]
) -> None:
    if "x" in variables and variables["x"] is None:
        # Null where the input takes none: an error of graphql-core's.
        assert await small.run(VARIABLES, variables) is None
        return
    await small.same(VARIABLES, variables)


@pytest.mark.parametrize(
    "variables",
    [{"number": "5"}, {"colour": None}, {"colour": "BLUE"}, {"point": {"y": 1}}, {"ids": [None]}],
)
async def test_variables_that_are_refused_are_left_to_graphql_core(
    small: Small, variables: dict[str, Any]
) -> None:
    assert await small.left(VARIABLES, variables) == "variables"
    assert (await small.reference(VARIABLES, variables)).errors


async def test_a_list_that_a_resolver_changes_is_its_own(small: Small) -> None:
    text = '{ grown(names: ["a"]) }'

    assert await small.run(text) == {"grown": 2}
    assert await small.run(text) == {"grown": 2}
