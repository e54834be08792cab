"""Everything that a partner's page with the box for asking needs, as production has it.

An API process that executes registered operations alone, behind a network that can be cut; a
worker that takes its time; and a portal's page, on an origin that is listed and on one that isn't.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bench.servers import free_port
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.partners.key_text import KeyEnvironment, KeyKind
from tests.flows.processes import Running, environment, navis
from tests.flows.silent_proxy import SilentProxy, proxy_to
from tests.partners.world import Partners

SECTION_PAUSE_S = 0.05

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A portal</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { margin: 0; padding: 8px; font: 16px sans-serif; SURROUNDINGS }</style>
<script>
  // What a page could learn of the box: messages, addresses, what is in its own document.
  window.heard = [];
  addEventListener("message", (event) => heard.push(JSON.stringify(event.data)));
</script>
<script src="SITE/embed.js" async></script></head>
<body><main><h1>A portal's page</h1>
CONTENT
</main></body></html>"""


@dataclass
class Stage:
    """`pages` by path, read at `origin`, which is listed, and at `other`."""

    origin: str
    other: str
    site: str
    key: str
    database: Database
    proxy: SilentProxy
    api_port: int
    processes: list[Running]
    held: Path
    pages: dict[str, str] = field(default_factory=dict)

    def show(self, path: str, attributes: str = "", inside: str = "", around: str = "") -> str:
        """Put a box into a page, and return where it is."""
        content = f'<navis-ask key="{self.key}" {attributes}>{inside}</navis-ask>'
        page = PAGE.replace("SITE", self.site).replace("SURROUNDINGS", around)
        self.pages[path] = page.replace("CONTENT", content)
        return f"{self.origin}{path}"

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Have the worker write no section beyond the first in the block's time."""
        self.held.touch()
        try:
            yield
        finally:
            self.held.unlink()

    async def cut(self) -> None:
        """End every connection to the API, and let none be made."""
        self.proxy.target_port = 1
        await self.proxy.stop()

    def fall_silent(self) -> None:
        """Let nothing through on the connections that there are, which stay open."""
        self.proxy.cut()

    def mend(self) -> None:
        """Let connections through again."""
        self.proxy.target_port = self.api_port

    @property
    def output(self) -> str:
        """What the processes have logged."""
        return "".join(each.output for each in self.processes)


@asynccontextmanager
async def stage(database_url: str, data_dir: Path) -> AsyncIterator[Stage]:
    """Set it up over a database with sample content."""
    engine = create_app_engine(database_url, pool_size=2, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    partners = Partners(database)
    api_port, portal_port = free_port(), free_port()
    origin = f"http://localhost:{portal_port}"
    partner = await partners.partner(origins=(origin,))
    key = await partners.key(partner, KeyKind.PUBLIC, environment=KeyEnvironment.TEST)
    async with proxy_to(api_port) as proxy:
        site = f"http://127.0.0.1:{proxy.port}"
        env = environment(
            data_dir,
            NAVIS_DATABASE_URL=database_url,
            NAVIS_PORT=str(api_port),
            NAVIS_PUBLIC_URL=site,
            NAVIS_ENVIRONMENT="production",
            NAVIS_ALLOW_SAMPLE_CONTENT="true",
            NAVIS_LOG_LEVEL="DEBUG",
        )
        with ExitStack() as left:
            api = left.enter_context(navis("serve", env=env))
            held = data_dir / "held"
            slow = (str(SECTION_PAUSE_S), str(held))
            worker = left.enter_context(Running("bench.slow_worker", *slow, env=env))
            await asyncio.to_thread(api.wait_for, "api.started")
            await asyncio.to_thread(worker.wait_for, "worker.started")
            other = f"http://127.0.0.1:{portal_port}"
            processes = [api, worker]
            found = Stage(
                origin, other, site, key.secret, database, proxy, api_port, processes, held
            )
            async with _portal(found, portal_port):
                yield found
    await engine.dispose()


@asynccontextmanager
async def _portal(found: Stage, port: int) -> AsyncIterator[None]:
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(found.pages.get(request.url.path, ""))

    app = Starlette(routes=[Route("/{path:path}", page)])
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await serving
