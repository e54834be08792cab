"""Both forms say the same: a client that merges the parts has what an ordinary query gives."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from graphql import (
    ExecutionResult,
    GraphQLDeferDirective,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLStreamDirective,
    GraphQLString,
    get_operation_ast,
    parse,
    specified_directives,
)
from graphql.execution import (
    ExperimentalIncrementalExecutionResults,
    experimental_execute_incrementally,
)

from navis_api.graphql.incremental.directives import (
    begins_below_zero,
    conditions,
    is_incremental,
    with_defaults,
)
from navis_api.graphql.incremental.formats import FrameWriter, IncrementalFormat


async def _later(_source: object, _info: GraphQLResolveInfo) -> str:
    await asyncio.sleep(0)
    return "later"


async def _fails(_source: object, _info: GraphQLResolveInfo) -> None:
    await asyncio.sleep(0)


async def _books(_source: object, _info: GraphQLResolveInfo) -> AsyncIterator[dict[str, str]]:
    for title in ("One", "Two", "Three"):
        await asyncio.sleep(0)
        yield {"title": title}


def _schema() -> GraphQLSchema:
    book = GraphQLObjectType(
        "Book",
        {
            "title": GraphQLField(GraphQLString, resolve=lambda book, _: book["title"]),
            "slow": GraphQLField(GraphQLString, resolve=_later),
        },
    )
    author = GraphQLObjectType(
        "Author",
        lambda: {
            "name": GraphQLField(GraphQLString, resolve=lambda *_: "Ada"),
            "slow": GraphQLField(GraphQLString, resolve=_later),
            "books": GraphQLField(GraphQLList(book), resolve=_books),
            "numbers": GraphQLField(GraphQLList(GraphQLInt), resolve=lambda *_: [1, 2, 3]),
            "friend": GraphQLField(author, resolve=lambda *_: {}),
            "broken": GraphQLField(GraphQLString, resolve=_raises),
            "required": GraphQLField(GraphQLNonNull(GraphQLString), resolve=_fails),
        },
    )
    query = GraphQLObjectType("Query", {"author": GraphQLField(author, resolve=lambda *_: {})})
    return GraphQLSchema(
        query,
        directives=[*specified_directives, GraphQLDeferDirective, GraphQLStreamDirective],
    )


async def _raises(_source: object, _info: GraphQLResolveInfo) -> str:
    await asyncio.sleep(0)
    raise LookupError("a patient's words")


SCHEMA = _schema()


async def frames(query: str, format_: IncrementalFormat) -> list[dict[str, Any]]:
    result = experimental_execute_incrementally(SCHEMA, parse(query))
    if asyncio.iscoroutine(result):
        result = await result
    assert isinstance(result, ExperimentalIncrementalExecutionResults)
    writer = FrameWriter(format_)
    written = [writer.first(result.initial_result)]
    written += [writer.next(each) async for each in result.subsequent_results]
    return written


def at(data: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        data = data[step]
    return data


def merge(into: Any, data: dict[str, Any]) -> None:
    for key, value in data.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], cast("dict[str, Any]", value))
        else:
            into[key] = value


@dataclass
class Merged:
    """What a client has in the end."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]


def merged_by_path(written: list[dict[str, Any]]) -> Merged:
    """Merge as a client of the older form does."""
    first, *rest = written
    data, errors = first["data"], list(first.get("errors", ()))
    for frame in rest:
        assert set(frame) <= {"incremental", "hasNext"}
        for part in frame.get("incremental", ()):
            errors += part.get("errors", ())
            if "items" in part:
                *path, place = part["path"]
                items = at(data, path)
                assert place == len(items)
                items.extend(part["items"] or ())
            elif part["data"] is not None:
                merge(at(data, part["path"]), part["data"])
    return Merged(data, errors)


def merged_by_id(written: list[dict[str, Any]]) -> Merged:
    """Merge as a client of the newer form does."""
    first, *rest = written
    data, errors = first["data"], list(first.get("errors", ()))
    pending = {each["id"]: each for each in first["pending"]}
    for frame in rest:
        pending |= {each["id"]: each for each in frame.get("pending", ())}
        for part in frame.get("incremental", ()):
            errors += part.get("errors", ())
            target = at(data, [*pending[part["id"]]["path"], *part.get("subPath", ())])
            if "items" in part:
                target.extend(part["items"])
            else:
                merge(target, part["data"])
        for completed in frame.get("completed", ()):
            errors += completed.get("errors", ())
            del pending[completed["id"]]
    assert pending == {}
    return Merged(data, errors)


MERGED = {IncrementalFormat.BY_PATH: merged_by_path, IncrementalFormat.BY_ID: merged_by_id}

QUERIES = [
    "{ author { name ... @defer { slow } } }",
    (
        '{ author { ... @defer(label: "a") { name slow }'
        ' ... @defer(label: "b") { slow friend { name } } } }'
    ),
    "{ author { friend { name ... @defer { slow friend { ... @defer { slow name } } } } } }",
    "{ author { books @stream(initialCount: 1) { title } } }",
    "{ author { numbers @stream } }",
    '{ author { books @stream(initialCount: 2, label: "books") { title ... @defer { slow } } } }',
    "{ author { ... @defer { slow books @stream(initialCount: 1) { title slow } } } }",
    "{ author { ... @defer { broken name } } }",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("format_", list(IncrementalFormat))
async def test_the_parts_merged_are_the_whole(query: str, format_: IncrementalFormat) -> None:
    plain = query
    for directive in ("defer", "stream"):
        while f"@{directive}" in plain:
            start = plain.index(f"@{directive}")
            end = start + len(directive) + 1
            if plain[end : end + 1] == "(":
                end = plain.index(")", end) + 1
            plain = plain[:start] + plain[end:]
    whole = experimental_execute_incrementally(SCHEMA, parse(plain))
    if asyncio.iscoroutine(whole):
        whole = await whole
    assert isinstance(whole, ExecutionResult)
    written = await frames(query, format_)
    assert [frame["hasNext"] for frame in written] == [True] * (len(written) - 1) + [False]
    merged = MERGED[format_](written)
    assert merged.data == whole.data
    assert len(merged.errors) == len(whole.errors or ())


@pytest.mark.parametrize("format_", list(IncrementalFormat))
async def test_an_error_in_a_part_has_a_code_and_nobodys_words(
    format_: IncrementalFormat,
) -> None:
    written = await frames("{ author { ... @defer { broken name } } }", format_)
    (error,) = MERGED[format_](written).errors
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "patient" not in str(written)


async def test_each_label_comes_where_two_parts_have_the_same_fields() -> None:
    parted = '... @defer(label: "x") { slow } ... @defer(label: "y") { slow }'
    query = f"{{ author {{ name {parted} }} }}"
    written = await frames(query, IncrementalFormat.BY_PATH)
    parts = [part for frame in written for part in frame.get("incremental", ())]
    assert sorted(part["label"] for part in parts) == ["x", "y"]
    assert {tuple(part["path"]) for part in parts} == {("author",)}
    assert MERGED[IncrementalFormat.BY_PATH](written).data == {
        "author": {"name": "Ada", "slow": "later"}
    }


@pytest.mark.parametrize("format_", list(IncrementalFormat))
async def test_a_part_that_failed_says_so(format_: IncrementalFormat) -> None:
    written = await frames('{ author { name ... @defer(label: "x") { required } } }', format_)
    merged = MERGED[format_](written)
    assert merged.data == {"author": {"name": "Ada"}}
    assert len(merged.errors) == 1
    if format_ is IncrementalFormat.BY_PATH:
        (part,) = written[-1]["incremental"]
        assert (part["data"], part["path"], part["label"]) == (None, ["author"], "x")


@pytest.mark.parametrize(
    ("query", "variables", "incremental"),
    [
        ("{ a ... @defer { b } }", {}, True),
        ("{ a ... @defer(if: true) { b } }", {}, True),
        ("{ a ... @defer(if: false) { b } }", {}, False),
        ("query($x: Boolean) { a ... @defer(if: $x) { b } }", {"x": False}, False),
        ("query($x: Boolean) { a ... @defer(if: $x) { b } }", {"x": True}, True),
        ("query($x: Boolean) { a ... @defer(if: $x) { b } }", {}, True),
        ("query($x: Boolean = false) { a ... @defer(if: $x) { b } }", {}, False),
        ("query($x: Boolean = false) { a ... @defer(if: $x) { b } }", {"x": True}, True),
        ("{ a @stream(initialCount: 2) }", {}, True),
        ("{ a @skip(if: true) }", {}, False),
    ],
)
def test_what_comes_in_parts_is_known_beforehand(
    query: str, variables: dict[str, Any], *, incremental: bool
) -> None:
    document = parse(query)
    given = with_defaults(get_operation_ast(document), variables)
    assert is_incremental(conditions(document), given) is incremental


@pytest.mark.parametrize(
    ("query", "variables", "below_zero"),
    [
        ("{ a @stream(initialCount: -1) }", {}, True),
        ("{ a @stream(initialCount: 0) }", {}, False),
        ("query($n: Int!) { a @stream(initialCount: $n) }", {"n": -1}, True),
        ("query($n: Int! = -1) { a @stream(initialCount: $n) }", {}, True),
        ("query($n: Int! = -1) { a @stream(initialCount: $n) }", {"n": 2}, False),
        ("{ a @stream(initialCount: -1, if: false) }", {}, False),
    ],
)
def test_a_list_can_not_begin_below_zero(
    query: str, variables: dict[str, Any], *, below_zero: bool
) -> None:
    document = parse(query)
    given = with_defaults(get_operation_ast(document), variables)
    assert begins_below_zero(conditions(document), given) is below_zero
