"""What one request costs: processor time of the API and of Postgres, each by itself.

Processor time says how many processes and which server a load needs, and unlike a time of
waiting it is nearly the same on a machine that has other work. Over the sample content, and
the corpus beside the checkout where it is there.
"""

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bench.servers import api, documents_in, navis, shared_corpus
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db import embedded
from navis_api.db.engine import create_app_engine, create_pooled_engine
from navis_api.db.sessions import Database, RowViewer
from navis_api.generation.contract import GenerationRequest
from navis_api.generation.extractive.engine import ExtractiveEngine

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_TIMES = 1_500
_ROUNDS = 5
_IN_TURN = 300
_REVIEWED = "What are the treatment options when liver cancer comes back?"
_NEW = "What treatments are there for breast cancer that has spread?"

_ANSWER = """{ answer(slug: "liver-cancer-came-back-options") {
    title summary sections { heading markdown claims { text citations { number quote } } } } }"""
_LIST = "{ questions(first: 20) { nodes { text answer { title summary } } } }"
_SEARCH = '{ searchQuestions(text: "surgery liver cancer") { nodes { text answer { title } } } }'
_ASK = """mutation { askQuestion(input: { text: "%s" }) {
    outcome answer { title } errors { __typename } } }"""

_OPEN = {"NAVIS_THROTTLE_ADDRESS_POINTS": "0", "NAVIS_THROTTLE_POINTS": "0"}
_UNKEPT = _OPEN | {"NAVIS_RESPONSE_CACHE_BYTES": "0"}


def main(_arguments: Sequence[str] = ()) -> None:
    """Print what each kind of request costs, and what a pooler adds to a transaction."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with embedded.start(data_dir) as server:
            navis(data_dir, "content", "import", "--sample")
            if (corpus := shared_corpus()) is not None:
                navis(data_dir, "sources", "import", str(corpus), "--format", "jsonl")
            documents = documents_in(navis(data_dir, "sources", "status", "--json"))
            print(f"processor time in ms: {'':29} API   Postgres")
            settings = _UNKEPT | {"NAVIS_DATA_DIR": str(data_dir)}
            with api(settings) as port:
                _measure("an answer, all of it", port, data_dir, _ANSWER)
                _measure("a list of 20", port, data_dir, _LIST)
                _measure("a search", port, data_dir, _SEARCH)
                _measure("asking what is reviewed", port, data_dir, _ASK % _REVIEWED)
            with api(_OPEN | {"NAVIS_DATA_DIR": str(data_dir)}) as port:
                _measure("an answer out of memory", port, data_dir, _ANSWER)
            asyncio.run(_write(server.url, data_dir, documents))
            asyncio.run(_compare_ways(server.url, Path(folder)))


def _measure(name: str, port: int, data_dir: Path, query: str) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:

        def ask(times: int) -> None:
            for _ in range(times):
                body = client.post("/graphql", json={"query": query}).json()
                assert "errors" not in body, body

        ask(100)
        servers = _server_of(data_dir), _child("serve")
        before = [_spent_s(pids) for pids in servers]
        ask(_TIMES)
        after = [_spent_s(pids) for pids in servers]
    _print(name, after[1] - before[1], after[0] - before[0], _TIMES)


def _print(name: str, ours_s: float, postgres_s: float, times: int) -> None:
    print(f"{name:50} {ours_s / times * 1e3:6.2f} {postgres_s / times * 1e3:6.2f}")


async def _write(address: str, data_dir: Path, documents: int) -> None:
    database = Database(
        create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    )
    keeper = CatalogueKeeper(database)
    keeper.trust(trusted=True)
    writer = ExtractiveEngine(database, keeper)
    catalogue = await keeper.current()
    request = GenerationRequest(text=_NEW, cancer_id=catalogue.by_slug["breast-cancer"].id)

    async def write(times: int) -> None:
        for _ in range(times):
            async for _ in writer.write(request):
                pass

    await write(1)
    times, server = 20, _server_of(data_dir)
    before = time.process_time(), _spent_s(server)
    await write(times)
    name = f"writing an answer over {documents:,} documents (worker)"
    _print(name, time.process_time() - before[0], _spent_s(server) - before[1], times)
    await database.close()


async def _compare_ways(address: str, folder: Path) -> None:
    """Print how long a reading transaction and a published statement take, by way."""
    if shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        print("no PgBouncer is here: what it adds isn't measured")
        return
    from tests.pooler import make_login, pooling  # noqa: PLC0415 - only where there is one

    await make_login(address)
    with pooling(address, folder, connections=4) as pooler:
        direct, pooled = (
            Database(make(each, pool_size=1, pool_wait_s=5, command_timeout_s=5))
            for make, each in (
                (create_app_engine, address),
                (create_pooled_engine, pooler.before(address)),
            )
        )
        viewer, one = RowViewer("patient", "somebody"), text("SELECT count(*) FROM records")

        async def read(database: Database) -> None:
            async with database.reading(viewer) as session:
                await session.execute(one)

        await _ratio("a transaction over PgBouncer", lambda: read(pooled), lambda: read(direct))
        await direct.close()
        await pooled.close()


async def _ratio(
    name: str, measured: Callable[[], Awaitable[Any]], against: Callable[[], Awaitable[Any]]
) -> None:
    """Print the ratio of the medians of two ways, done in turn."""
    ratios: list[float] = []
    for _ in range(_ROUNDS):
        took: dict[Callable[[], Awaitable[Any]], list[float]] = {measured: [], against: []}
        for _ in range(_IN_TURN):
            for way, times in took.items():
                began = time.perf_counter()
                await way()
                times.append(time.perf_counter() - began)
        ratios.append(statistics.median(took[measured]) / statistics.median(took[against]))
    low, high = min(ratios), max(ratios)
    print(f"{name}, as a ratio to none: {statistics.median(ratios):.2f} ({low:.2f} to {high:.2f})")


def _server_of(data_dir: Path) -> list[int]:
    postmaster = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    return [postmaster, *(pid for pid in _processes() if _stat(pid)[1] == str(postmaster))]


def _child(command: str) -> list[int]:
    us = str(os.getpid())
    return [
        pid
        for pid in _processes()
        if _stat(pid)[1] == us and command in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    ]


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """Return what stands in /proc/PID/stat behind the name: state, parent, and so on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", "", *["0"] * 20]


def _spent_s(pids: Sequence[int]) -> float:
    return sum(int(_stat(pid)[place]) for pid in pids for place in (11, 12)) * _TICK_S
