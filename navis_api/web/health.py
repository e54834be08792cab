"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from navis_api.kit.draining import Draining
from navis_api.telemetry import describe_failure

Check = Callable[[], Awaitable[None]]
"""Returns when a part works, and raises when it doesn't."""

_log = structlog.get_logger(__name__)


def health_routes(checks: Mapping[str, Check], *, draining: Draining) -> list[Route]:
    """Return `/live`, which answers while the process runs, and `/ready`, which runs the checks.

    `/ready` is 200 or 503, with `ok` or `failed` for each part: never why, which
    the log has. A process that is about to stop is `stopping`, however well it is.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    async def ready(_request: Request) -> Response:
        if draining.announced:
            return JSONResponse(
                {"status": "stopping", "checks": {}},
                status_code=503,
                headers={"Cache-Control": "no-store"},
            )
        parts = {name: await _outcome(name, check) for name, check in checks.items()}
        well = all(outcome == "ok" for outcome in parts.values())
        return JSONResponse(
            {"status": "ok" if well else "failed", "checks": parts},
            status_code=200 if well else 503,
            headers={"Cache-Control": "no-store"},
        )

    return [Route("/live", live), Route("/ready", ready)]


async def _outcome(name: str, check: Check) -> str:
    try:
        await check()
    except Exception as failure:  # noqa: BLE001 - a check may fail in any way, and that is its result
        _log.warning("health.check_failed", check=name, failure=describe_failure(failure))
        return "failed"
    return "ok"
