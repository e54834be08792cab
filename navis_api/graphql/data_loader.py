"""Strawberry's data loader, in which one field that waits can't cancel what others wait for."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

from strawberry import dataloader

Key = TypeVar("Key")
Value = TypeVar("Value")


class _Shared(asyncio.Future[Any]):
    """A future of several waiters: none of them can cancel it."""

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - asyncio's signature
        """Refuse. A task that is cancelled while it waits ends when the future is done."""
        return False


class DataLoader(dataloader.DataLoader[Key, Value]):
    """A loader that keeps what it has loaded.

    graphql-core 3.3 cancels the siblings of a non-null field that fails. Of Strawberry
    0.341's loader they would cancel the future itself, and with it every other field of the
    operation that loads the same key: the whole request would end in a CancelledError.
    """

    def load(self, key: Key) -> Awaitable[Value]:
        """Return what will be the value of a key."""
        known = self.cache_map.get(key)
        if known is not None:
            return known
        future = _Shared(loop=self.loop)
        self.cache_map.set(key, future)
        # Not by `add_task`, which has each future tell when it is cancelled.
        batch = cast("Any", dataloader).get_current_batch(self)
        batch.tasks.append(dataloader.LoaderTask(key, future))
        return future
