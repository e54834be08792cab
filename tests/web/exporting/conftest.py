"""The addresses of exports, within this process, and tokens of everybody."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from joserfc.jwk import ECKey
from starlette.applications import Starlette

from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import Database
from navis_api.identity.tokens import issue_development_token
from navis_api.identity.verifier import TokenVerifier, development_issuer
from navis_api.web.exporting.routes import Exports
from navis_api.web.headers import SecurityHeaders
from tests.records.world import NOON, RecordWorld

SITE = "https://api.example.org"
ASKER, OTHER = "patient-1", "patient-2"


@pytest.fixture(scope="session")
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256", private=True)


@pytest.fixture
def tokens(signing_key: ECKey) -> dict[str, str]:
    """An Authorization header for each kind of viewer but the anonymous one."""

    def bearer(role: str, subject: str, *, key: ECKey = signing_key, hours: int = 1) -> str:
        lifetime = timedelta(hours=hours)
        return "Bearer " + issue_development_token(
            key, role=role, subject=subject, now=NOON, lifetime=lifetime
        )

    forger = ECKey.generate_key("P-256", private=True)
    return {
        "asker": bearer("patient", ASKER),
        "other": bearer("patient", OTHER),
        "reviewer": bearer("reviewer", "reviewer-1"),
        "editor": bearer("editor", "editor-1"),
        "administrator": bearer("admin", "administrator-1"),
        "partner": bearer("partner", "partner-1"),
        # Somebody of the staff, and a partner's system, whose subject is the patient's own.
        "namesake reviewer": bearer("reviewer", ASKER),
        "namesake administrator": bearer("admin", ASKER),
        "namesake partner": bearer("partner", ASKER),
        "public key": f"Bearer nvk_pub_live_{'a' * 49}",
        "secret key": f"bearer  nvk_sec_live_{'a' * 49}",
        "expired": bearer("patient", ASKER, hours=-1),
        "forged": bearer("patient", ASKER, key=forger),
        "no token": "Bearer",
        "basic": "Basic cGF0aWVudC0xOng=",
    }


@pytest.fixture
def world(database: Database, tmp_path: Path) -> RecordWorld:
    return RecordWorld(database, tmp_path)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(asyncpg_address(database_url))
    yield connection
    await connection.close()


@pytest.fixture
async def http(world: RecordWorld, signing_key: ECKey) -> AsyncIterator[httpx.AsyncClient]:
    exports = Exports(
        world.database,
        world.storage,
        TokenVerifier([development_issuer(signing_key)]),
        site=SITE,
        at_once=3,
        clock=lambda: NOON,
    )
    app = SecurityHeaders(Starlette(routes=exports.routes()))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
