"""Whether the process lives, and whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from navis_api.kit.draining import Draining
from navis_api.telemetry import describe_failure

Check = Callable[[], Awaitable[None]]
"""Returns when a part works, and raises when it doesn't."""

_PATIENCE_S = 2.0

_log = structlog.get_logger(__name__)


def health_routes(
    checks: Mapping[str, Check], beside: Mapping[str, Check], *, draining: Draining
) -> list[Route]:
    """Return `/live`, which answers while the process runs, and `/ready`, which runs the checks.

    `/ready` is 200 or 503, with `ok` or `failed` for each part: never why, which
    the log has. A process that is about to stop is `stopping`, however well it is.

    What stands `beside` has to answer once: a process that can't reach it from the start is
    set up wrongly. When it is away later, all processes are without it alike, and most of what
    they serve needs none of it: then they are `degraded`, and ready.
    """
    reached: set[str] = set()

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def ready(_request: Request) -> Response:
        if draining.announced:
            return JSONResponse(
                {"status": "stopping", "checks": {}},
                status_code=503,
                headers={"Cache-Control": "no-store"},
            )
        every = {**checks, **beside}
        outcomes = await asyncio.gather(*(_outcome(*each) for each in every.items()))
        parts = dict(zip(every, outcomes, strict=True))
        reached.update(name for name, outcome in parts.items() if outcome == "ok")
        missing = {name for name, outcome in parts.items() if outcome != "ok"}
        fails = any(name in checks or name not in reached for name in missing)
        return JSONResponse(
            {
                "status": "failed" if fails else "degraded" if missing else "ok",
                "checks": parts,
            },
            status_code=503 if fails else 200,
            headers={"Cache-Control": "no-store"},
        )

    return [Route("/live", live), Route("/ready", ready)]


async def _outcome(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await check()
    except Exception as failure:  # noqa: BLE001 - a check may fail in any way, and that is its result
        _log.warning("health.check_failed", check=name, failure=describe_failure(failure))
        return "failed"
    return "ok"
