"""A worker that takes its time over each section, so that something can happen in between."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.generation.contract import Engine, GenerationPiece, GenerationRequest
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging
from navis_api.worker import Worker


class Dawdling:
    """Waits before each section."""

    def __init__(self, engine: Engine, *, pause_s: float) -> None:
        self.name = engine.name
        self._engine = engine
        self._pause_s = pause_s

    async def write(
        self, request: GenerationRequest, *, written: Sequence[DraftSection] = ()
    ) -> AsyncIterator[GenerationPiece]:
        """Write as the engine does."""
        async for piece in self._engine.write(request, written=written):
            if isinstance(piece, DraftSection):
                await asyncio.sleep(self._pause_s)
            yield piece


def main(pause_s: float) -> None:
    """Work until SIGTERM."""
    configure_logging(level="INFO", as_json=True)
    address = os.environ["NAVIS_DATABASE_URL"]
    engine = create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    slow = Dawdling(ExtractiveEngine(database, CatalogueKeeper(database)), pause_s=pause_s)
    asyncio.run(_work(Worker(Settings(), address, engines={"extractive": slow})))


async def _work(worker: Worker) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


if __name__ == "__main__":
    main(float(sys.argv[1]))
