"""Loaders under graphql-core's way of giving up on fields."""

import asyncio

import pytest

from navis_api.graphql.data_loader import DataLoader
from tests.graphql.client import Client


async def test_a_waiter_that_is_cancelled_cancels_for_nobody_else() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def load(keys: list[int]) -> list[int]:
        begun.set()
        await go_on.wait()
        return [key * 2 for key in keys]

    loader = DataLoader[int, int](load_fn=load)
    given_up, patient = (asyncio.ensure_future(_await(loader, 1)) for _ in range(2))
    await begun.wait()

    given_up.cancel()
    await asyncio.sleep(0)
    go_on.set()

    assert await patient == 2
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def _await(loader: DataLoader[int, int], key: int) -> int:
    return await loader.load(key)


async def test_a_field_that_fails_beside_one_that_loads_ends_no_request(client: Client) -> None:
    loads = "answeredQuestionCount"
    fails = "questions(first: 0) { nodes { id } }"
    result = await client.run(
        f'{{ a: cancer(slug: "liver-cancer") {{ {loads} {fails} }}'
        f' b: cancer(slug: "liver-cancer") {{ {loads} }} }}'
    )

    assert result["data"] == {"a": None, "b": {"answeredQuestionCount": 3}}
    assert [error["extensions"]["code"] for error in result["errors"]] == ["BAD_USER_INPUT"]
