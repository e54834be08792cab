"""Buckets that all processes of a deployment share, without a taking ever waiting for them.

Each process takes of what it believes to be there, and settles with the others a moment later:
it adds to the store what it took, and learns what is missing in all. docs/decisions/0044 says
what that may give too much at most, and why.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice

import structlog

from navis_api.limits.buckets import MOST_KEPT, BucketSize, LocalBuckets
from navis_api.limits.store import BucketStore, StoreAway

SETTLED_EVERY_S = 0.25
"""How long what was taken waits until the others are told of it, while nobody takes much."""

MOST_UNHEARD = 1 / 4
"""Part of a bucket that a process gives between two answers of the store, at most."""

_FEW_POINTS = 10
"""As much may be given in any case: a quarter of a small bucket is less than one taking."""

_HURRIED_AT = 1 / 10
"""Part of a bucket that is settled at once when it was taken."""

_PAUSE_S = 0.02
"""Between two settlements, however much is taken: so the store has 50 of them a second at most."""

_PATIENCE_S = 0.75
_FIRST_PATIENCE_S = 5.0
_TRY_AGAIN_S = 1.0
_AT_A_TIME = 1_000

_log = structlog.get_logger(__name__)


class SharedBuckets:
    """See `Buckets`. One for a process; `run` settles it with the others.

    While the store is away each process limits by itself, by what it knew last.
    """

    def __init__(
        self,
        *,
        ticks: Callable[[], float] = time.monotonic,
        most: int = MOST_KEPT,
        patience_s: float = _PATIENCE_S,
        try_again_s: float = _TRY_AGAIN_S,
    ) -> None:
        self._local = LocalBuckets(ticks=ticks, most=most)
        self._patience_s = patience_s
        self._try_again_s = try_again_s
        self._unsent: dict[str, float] = {}
        self._sent: dict[str, float] = {}
        self._stirred = asyncio.Event()
        self._hurried = asyncio.Event()
        self.alone = False
        """Whether this process limits by itself now, since the store is away."""

    def take(self, key: str, size: BucketSize, points: float) -> float:
        """See `Buckets`."""
        if self.alone:
            return self._local.take(key, size, points)
        unsent = self._unsent.get(key, 0.0)
        unheard = (unsent + self._sent.get(key, 0.0)) * size.restored_per_s
        needed = min(points, size.capacity)
        if unheard > 0 and unheard + needed > max(size.capacity * MOST_UNHEARD, _FEW_POINTS):
            self._hurried.set()
            return SETTLED_EVERY_S
        wait_s = self._local.take(key, size, points)
        if not wait_s:
            self._note(key, size, unsent + needed / size.restored_per_s)
        return wait_s

    def settle(self, key: str, size: BucketSize, points: float) -> None:
        """See `Buckets`."""
        moved_s = self._local.move(key, size, points)
        if not self.alone and moved_s:
            self._note(key, size, self._unsent.get(key, 0.0) + moved_s)

    def available(self, key: str, size: BucketSize) -> float:
        """See `Buckets`."""
        return self._local.available(key, size)

    async def run(self, store: BucketStore) -> None:
        """Settle with the others until cancelled, and once more then."""
        try:
            with suppress(StoreAway, TimeoutError):
                # The first time takes longer: whatever it is reached by is opened for it.
                async with asyncio.timeout(_FIRST_PATIENCE_S):
                    await store.key_of("")
            while True:
                await self._wait()
                await self.settle_with(store)
        finally:
            # What was taken last isn't forgotten by the others when this process ends.
            if not self.alone:
                await self.settle_with(store)
            await store.close()

    async def settle_with(self, store: BucketStore) -> None:
        """Tell of what was taken since the last time, and take over what the store says."""
        back, self.alone = self.alone, False
        # What was taken while alone, and what the store may have lost, is in what is missing.
        told = self._local.missing() if back else self._unsent
        self._unsent, self._sent = {}, {} if back else dict(told)
        self._stirred.clear()
        self._hurried.clear()
        try:
            async with asyncio.timeout(self._patience_s):
                await self._tell(store, told, anew=back)
        except (StoreAway, TimeoutError) as away:
            self._be_alone(away, since_before=back)
        except asyncio.CancelledError:
            # Nobody knows whether these came to the store: rather twice than not at all.
            for name, taken_s in self._sent.items():
                self._unsent[name] = self._unsent.get(name, 0.0) + taken_s
            raise
        else:
            if back:
                _log.info("limits.shared_again")
        finally:
            self._sent = {}

    async def _tell(self, store: BucketStore, told: dict[str, float], *, anew: bool) -> None:
        names = iter(told)
        # Coming back asks the store also where there is nothing to be told: is it there?
        while (some := list(islice(names, _AT_A_TIME))) or anew:
            keys = {await store.key_of(name): name for name in some}
            seconds = {key: told[name] for key, name in keys.items()}
            found = await (store.raise_to(seconds) if anew else store.add(seconds))
            for key, full_in_s in found.items():
                name = keys[key]
                # What was taken since these were told of isn't in what the store says.
                self._local.put(name, full_in_s + self._unsent.get(name, 0.0))
                self._sent.pop(name, None)
            if not some:
                return

    def _be_alone(self, away: StoreAway | TimeoutError, *, since_before: bool) -> None:
        self.alone = True
        self._unsent = {}
        if not since_before:
            reason = away.reason if isinstance(away, StoreAway) else "no answer in time"
            _log.warning("limits.each_process_by_itself", failure=reason)

    def _note(self, key: str, size: BucketSize, unsent_s: float) -> None:
        self._unsent[key] = unsent_s
        self._stirred.set()
        if unsent_s * size.restored_per_s >= size.capacity * _HURRIED_AT:
            self._hurried.set()

    async def _wait(self) -> None:
        """Wait until there is something to settle, and then for more to come with it."""
        if self.alone:
            await asyncio.sleep(self._try_again_s)
            return
        await asyncio.sleep(_PAUSE_S)
        await self._stirred.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED_EVERY_S):
                await self._hurried.wait()
