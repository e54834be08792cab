"""A worker whose engine takes its time over each section, so that it can be killed in between."""

import asyncio
import os
import signal
import sys

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging
from navis_api.worker import Worker
from tests.engines import Dawdling


def main() -> None:
    configure_logging(level="INFO", as_json=True)
    address = os.environ["NAVIS_DATABASE_URL"]
    engine = create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    slow = Dawdling(
        ExtractiveEngine(database, CatalogueKeeper(database)), pause_s=float(sys.argv[1])
    )
    asyncio.run(work(Worker(Settings(), address, engines={"extractive": slow})))


async def work(worker: Worker) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


main()
