"""What is left to graphql-core: all that isn't supported, and all that goes wrong."""

import pytest

from navis_api.graphql.compiled.errors import NotCompiled
from navis_api.graphql.compiled.queries import MAX_PROGRAMS
from navis_api.graphql.reads import ReadLog
from tests.graphql.compiled.small import Context, Small


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mutation { change }", "mutation"),
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ __type(name: "Query") { name } values { text } }', "introspection"),
        ("{ values { text @unknown } }", "directive"),
        ("{ ... @defer { values { text } } }", "directive"),
        ("{ counted }", "recorded"),
        ("query A { values { text } } query B { values { text } }", "operation"),
        ("{ where }", "path"),
        ("{ branch { fails } }", "ValueError"),
        ("{ values { null } }", "NullRefused"),
        ("query ($a: Boolean) { values { text @skip(if: $a) } }", "condition"),
    ],
)
async def test_the_reason_is_counted(small: Small, text: str, reason: str) -> None:
    assert await small.left(text) == reason
    # And it is the same the next time.
    assert await small.left(text) == reason


async def test_what_is_recorded_is_not_begun(small: Small) -> None:
    context = Context()

    assert await small.run("{ branch { name } counted }", context=context) is None

    assert not context.calls


async def test_graphql_core_begins_with_fresh_loaders_and_an_empty_log(small: Small) -> None:
    context = Context()
    before = context.reads

    assert await small.run("{ noted(fail: true) }", context=context) is None

    assert context.forgotten == 1
    assert context.reads == ReadLog()
    assert before.tags == {"published"}


async def test_what_was_read_is_noted(small: Small) -> None:
    context = Context()

    assert await small.run("{ noted }", context=context) == {"noted": "noted"}

    assert context.reads.tags == {"published"}
    assert not context.forgotten


async def test_a_program_that_can_not_be_run_is_not_tried_again(small: Small) -> None:
    context = Context()
    text = "{ noted where }"

    await small.run(text, context=context)
    assert context.reads == ReadLog()
    again = Context()
    await small.run(text, context=again)

    assert again.forgotten == 1
    assert not again.calls


async def test_failing_once_is_no_reason_not_to_try_again(small: Small) -> None:
    text = "query ($fail: Boolean!) { noted(fail: $fail) }"

    assert await small.run(text, {"fail": True}) is None
    assert await small.run(text, {"fail": False}) == {"noted": "noted"}


async def test_a_null_that_one_client_sends_is_no_reason_not_to_try_again(small: Small) -> None:
    text = "query ($key: Int = 1) { branch(key: $key) { name } }"

    assert await small.left(text, {"key": None}) == "arguments"
    await small.same(text, {"key": 2})


async def test_an_operation_has_only_so_many_programs(small: Small) -> None:
    names = [f"v{number}" for number in range(5)]
    definitions = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: text @include(if: ${name})" for name in names)
    text = f"query ({definitions}) {{ values {{ number {fields} }} }}"
    for bits in (*range(2 * MAX_PROGRAMS), 0):
        await small.same(text, {name: bool(bits >> at & 1) for at, name in enumerate(names)})

    (kept,) = small.compiled._operations[small.document(text)].values()
    assert not isinstance(kept, NotCompiled)
    assert len(kept.programs) == MAX_PROGRAMS


async def test_the_info_tells_what_graphql_core_s_tells(small: Small) -> None:
    await small.same("query ($deep: Boolean = true) { a: told(deep: $deep) }")
    await small.same("{ told }")
