"""A generation server whose engine takes its time over each section."""

import asyncio
import os
import sys

import uvicorn

from bench.slow_worker import Dawdling
from navis_api.cancers.service import CatalogueKeeper
from navis_api.cli.generating import create_generation_app
from navis_api.cli.serving import Server, listening_socket
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.kit.draining import Draining
from navis_api.settings import Settings
from navis_api.telemetry import configure_logging


def main() -> None:
    configure_logging(level="INFO", as_json=True)
    settings, draining = Settings(), Draining()
    address = os.environ["NAVIS_DATABASE_URL"]
    engine = create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    slow = Dawdling(
        ExtractiveEngine(database, CatalogueKeeper(database)), pause_s=float(sys.argv[1])
    )
    app = create_generation_app(settings, address, draining=draining, engine=slow)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = Server(config, draining, name="generation_server")
    place = (settings.generation_host, settings.generation_port)
    with listening_socket(*place, prefix="NAVIS_GENERATION") as sock:
        asyncio.run(server.serve(sockets=[sock]))


main()
