"""Waiting: together, in no more batches than under graphql-core, for nothing that isn't needed."""

import asyncio
import gc
from itertools import chain

import pytest

from tests.graphql.compiled.small import Context, Small
from tests.waiting import PATIENCE_S, until


@pytest.mark.parametrize(
    "text",
    [
        "{ branches(count: 5) { loaded } }",
        "{ branches(count: 3) { loaded below { loaded below { loaded } } } branch { loaded } }",
        "{ a: branches { below { name } } b: branches(count: 4) { loaded } }",
    ],
)
async def test_loaders_gather_no_less_than_under_graphql_core(small: Small, text: str) -> None:
    ours, theirs = Context(), Context()

    data = await small.run(text, context=ours)
    reference = await small.reference(text, context=theirs)

    assert data == reference.data
    assert len(ours.batches) <= len(theirs.batches)
    assert sorted(chain(*ours.batches)) == sorted(chain(*theirs.batches))


async def test_a_slow_root_field_holds_nobody_up(small: Small) -> None:
    context = Context()

    async with asyncio.timeout(PATIENCE_S):
        data = await small.run("{ slow quick branch { loaded } }", context=context)

    # `slow` ends only after `quick` has let it, whatever their order.
    assert data == {"slow": "slow", "quick": "quick", "branch": {"loaded": 0}}
    assert context.calls == ["slow begins", "quick", "slow ends"]


async def test_a_slow_field_within_an_object_holds_nobody_up(small: Small) -> None:
    async with asyncio.timeout(PATIENCE_S):
        data = await small.run("{ branches { held name below { opens } } }")

    assert data is not None
    assert [each["held"] for each in data["branches"]] == ["b0", "b1"]


async def test_a_slow_branch_does_not_hold_up_what_another_one_loads(small: Small) -> None:
    context = Context()
    running = asyncio.create_task(
        small.run("{ branch { held } branches { below { loaded } } }", context=context)
    )
    await until(lambda: len(context.batches) > 1)

    assert not running.done()
    context.gate.set()
    assert await running is not None


async def test_what_needs_a_task_is_left_to_graphql_core(small: Small) -> None:
    text = "{ branch { timed } }"

    assert await small.left(text) == "RuntimeError"
    assert (await small.reference(text)).data == {"branch": {"timed": "b0"}}


async def test_a_turn_of_the_loop_can_be_waited_for(small: Small) -> None:
    await small.same("{ branches { turned loaded } }")


async def test_a_failure_leaves_nothing_behind(small: Small) -> None:
    unheard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: unheard.append(what))
    context = Context()

    assert (
        await small.run(
            "{ branches { fails held loaded } slowly: branch { held } }", context=context
        )
        is None
    )
    context.gate.set()
    await asyncio.sleep(0)
    gc.collect()

    assert context.forgotten == 1
    assert not unheard


async def test_an_operation_that_nobody_wants_any_more_is_given_up(small: Small) -> None:
    context = Context()
    running = asyncio.create_task(small.run("{ branch { held } slow }", context=context))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    context.gate.set()
    await asyncio.sleep(0)

    assert context.calls == ["slow begins"]


async def test_what_was_cancelled_below_is_left_to_graphql_core(small: Small) -> None:
    assert await small.left("{ dropped quick }") == "Cancelled"


async def test_the_task_of_the_request_is_itself_again_afterwards(small: Small) -> None:
    task = asyncio.current_task()

    await small.run("{ branches { below { loaded } } values { null } }")
    await small.run("{ branches { below { loaded } } }")

    assert asyncio.current_task() is task
