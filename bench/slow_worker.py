"""A worker that takes its time over each section, so that something can happen in between.

`python -m bench.slow_worker SECONDS [FILE]`: with a file it writes no second section for as long
as that is there.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.generation.contract import Engine, GenerationPiece, GenerationRequest
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging
from navis_api.worker import Worker

_LOOKED_AT_EVERY_S = 0.02


class Dawdling:
    """Waits before each section, and before all but the first for as long as `held` is there."""

    def __init__(self, engine: Engine, *, pause_s: float, held: Path | None = None) -> None:
        self.name = engine.name
        self._engine = engine
        self._pause_s = pause_s
        self._held = held

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Write as the engine does."""
        sections = len(written)
        async for piece in self._engine.write(request, written=written):
            if isinstance(piece, DraftSection):
                await asyncio.sleep(self._pause_s)
                while sections and self._held is not None and self._held.exists():  # noqa: ASYNC110 - a file has no event
                    await asyncio.sleep(_LOOKED_AT_EVERY_S)
                sections += 1
            yield piece


def main(pause_s: float, held: Path | None = None) -> None:
    """Work until SIGTERM."""
    configure_logging(level="INFO", as_json=True)
    address = os.environ["NAVIS_DATABASE_URL"]
    engine = create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    own = ExtractiveEngine(database, CatalogueKeeper(database))
    slow = Dawdling(own, pause_s=pause_s, held=held)
    asyncio.run(_work(Worker(Settings(), address, engines={"extractive": slow})))


async def _work(worker: Worker) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


if __name__ == "__main__":
    main(float(sys.argv[1]), *map(Path, sys.argv[2:3]))
