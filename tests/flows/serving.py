"""The API over real sockets in this process: what `serve` runs, without a process to begin."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from navis_api.cli.serving import api_server
from navis_api.settings import Settings
from navis_api.web.stalling import watch_clients
from tests.waiting import until


@asynccontextmanager
async def served(address: str, data_dir: Path, **settings: Any) -> AsyncIterator[str]:
    """Serve the database at an address, and give where the site is."""
    listener = socket.create_server(("127.0.0.1", 0))
    site = f"http://127.0.0.1:{listener.getsockname()[1]}"
    usual = {
        "data_dir": data_dir,
        "public_url": site,
        "database_pool_wait_s": 30,
        "shutdown_notice_s": 0,
    }
    read = Settings(**usual, **settings)
    watch_clients(listener, read)
    server = api_server(read, address)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started)
    yield site
    server.should_exit = True
    await serving
