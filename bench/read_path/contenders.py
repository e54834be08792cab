"""Who takes part: each one server process on the same core, with the same pool."""

import secrets
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import make_url

from bench.data.database import Pool
from bench.data.peer_tables import ROLE
from bench.npm import FOLDER, NODE, require_packages
from bench.read_path.variables import Dialect
from bench.servers import api, asgi, environment, free_port, running

POOL_SIZE = "10"

POSTGRAPHILE = "PostGraphile 5"
MERCURIUS = "mercurius (JIT) with pg"
PLAIN = "Strawberry with an ORM"
PASS_THROUGH = "Postgres's JSON passed through"  # noqa: S105 - a name
CEILING = "constant bytes, bare ASGI"
OURS = "Navis, cache off"
OURS_CACHED = "Navis, cache on"
OURS_FORGETFUL = "Navis, nothing kept"

# Nobody is throttled here, and nothing but the cache differs between the two of ours.
_UNLIMITED = {
    "NAVIS_THROTTLE_POINTS": "0",
    "NAVIS_THROTTLE_ADDRESS_POINTS": "0",
    "NAVIS_DATABASE_POOL_SIZE": POOL_SIZE,
    "NAVIS_DATABASE_PUBLISHED_POOL_SIZE": POOL_SIZE,
}


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that runs."""

    name: str
    port: int
    dialect: Dialect


async def let_peers_in(pool: Pool, address: str) -> str:
    """Return the address under which the peers read: nothing but their tables."""
    password = secrets.token_hex(16)
    await pool.execute(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
    # As our own connections have it.
    await pool.execute(f"ALTER ROLE {ROLE} SET jit = off")
    await pool.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA peers TO {ROLE}")
    url = make_url(address).set(username=ROLE, password=password)
    return url.render_as_string(hide_password=False)


@contextmanager
def ours(address: str, *, cached: bool, core: int) -> Generator[Contender]:
    """Start the API, with or without its response cache."""
    settings = {} if cached else {"NAVIS_RESPONSE_CACHE_BYTES": "0"}
    with _ours(OURS_CACHED if cached else OURS, address, settings, core=core) as contender:
        yield contender


@contextmanager
def forgetful(address: str, *, core: int) -> Generator[Contender]:
    """Start the API so that it keeps nothing of what it reads."""
    settings = {"NAVIS_RESPONSE_CACHE_BYTES": "0", "NAVIS_CONTENT_MEMORY_BYTES": "0"}
    with _ours(OURS_FORGETFUL, address, settings, core=core) as contender:
        yield contender


@contextmanager
def _ours(name: str, address: str, settings: dict[str, str], *, core: int) -> Generator[Contender]:
    with api({"NAVIS_DATABASE_URL": address, **_UNLIMITED, **settings}, core=core) as port:
        yield Contender(name, port, "ours")


@contextmanager
def peers(address: str, *, core: int) -> Generator[list[Contender]]:
    """Start the peers."""
    require_packages()
    settings = {"DATABASE_URL": address, "POOL_SIZE": POOL_SIZE}
    with ExitStack() as stack:
        found: list[Contender] = []
        programs: tuple[tuple[str, str, Dialect], ...] = (
            (POSTGRAPHILE, "postgraphile.mjs", "postgraphile"),
            (MERCURIUS, "mercurius.mjs", "simple"),
        )
        for name, program, dialect in programs:
            port = free_port()
            env = environment({**settings, "PORT": str(port), "NODE_ENV": "production"})
            command = [str(NODE), str(FOLDER / program)]
            stack.enter_context(running(command, port, env=env, core=core))
            found.append(Contender(name, port, dialect))
        for name, program in (
            (PLAIN, "bench.read_path.peers.plain_strawberry:app"),
            (PASS_THROUGH, "bench.read_path.peers.pass_through:app"),
        ):
            port = stack.enter_context(asgi(program, settings, core=core))
            found.append(Contender(name, port, "simple"))
        yield found


@contextmanager
def ceiling(sizes: list[int], *, core: int) -> Generator[int]:
    """Give the port of a bare ASGI application that sends so many bytes at `/0`, `/1` and so on."""
    settings = {"CEILING_BYTES": ",".join(map(str, sizes))}
    with asgi("bench.ceiling:app", settings, core=core) as port:
        yield port
