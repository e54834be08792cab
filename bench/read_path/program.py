"""`python -m bench read_path`: our reads against the peers', and at 20,000 and 1,000,000."""

import argparse
import asyncio
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.data.database import pool_of
from bench.data.store import SIZES, default_folder, stored
from bench.load import busy_share
from bench.read_path.contenders import (
    CEILING,
    PASS_THROUGH,
    POSTGRAPHILE,
    Contender,
    ceiling,
    forgetful,
    let_peers_in,
    ours,
    peers,
)
from bench.read_path.equality import require_equal_data, require_full_pages
from bench.read_path.measuring import Series, measure
from bench.read_path.queries import QUERIES
from bench.read_path.report import print_costs, print_goals, print_table
from bench.read_path.searching import prepare_searches
from bench.read_path.variables import (
    Variables,
    count,
    full_texts,
    loose_texts,
    search_texts,
    variables,
)
from bench.servers import cores, on_cores

MOST_AT_SCALE = 1.3


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    questions: int | None
    rounds: int
    seconds: float
    cached: tuple[bool, ...]
    data: Path


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print the ratios."""
    options = _options(arguments)
    core, rest = cores()
    began = time.perf_counter()
    # Postgres and the load share what the servers leave.
    with on_cores(rest):
        compare(options, questions=options.questions or SIZES[0], core=core)
        if options.questions is None:
            scale(options, core=core)
    print(f"\n{time.perf_counter() - began:.0f} s")


def _options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m bench read_path")
    parser.add_argument(
        "--questions",
        type=int,
        help="compare with the peers at so many, and nothing else; without it at 20,000, and then"
        " our own reads at 1,000,000 with those at 20,000",
    )
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--cache", choices=("off", "on", "both"), default="both")
    parser.add_argument("--data", type=Path, default=default_folder(), help="where data are kept")
    given = parser.parse_args(arguments)
    return Options(
        questions=given.questions,
        rounds=given.rounds,
        seconds=given.seconds,
        cached={"off": (False,), "on": (True,), "both": (False, True)}[given.cache],
        data=given.data,
    )


def compare(options: Options, *, questions: int, core: int) -> None:
    """Measure ourselves against the peers and the limits."""
    with stored(options.data, questions=questions) as address, ExitStack() as stack:
        mine = [
            stack.enter_context(ours(address, cached=cached, core=core))
            for cached in options.cached
        ]
        peer_address, asked = asyncio.run(_prepared(address, mine[0].port))
        if False in options.cached:
            mine.append(stack.enter_context(forgetful(address, core=core)))
        others = stack.enter_context(peers(peer_address, core=core))
        sizes = require_equal_data(mine[0], [*mine[1:], *others], asked)
        print(f"\n{questions:,} questions; {count(asked)} responses of each are equal")
        for query, size in zip(QUERIES, sizes, strict=True):
            print(f"{query.name}  {query.what}: {size:,} bytes")
        top = stack.enter_context(ceiling(sizes, core=core))
        contenders = [*others, *mine]
        series = {
            query.name: _series(contenders, asked, at)
            | {CEILING: Series(top, asked.requests(query, "ours", path=f"/{at}"))}
            for at, query in enumerate(QUERIES)
        }
        for query in QUERIES:
            share = busy_share(top, series[query.name][CEILING].requests)
            print(f"the load takes {share:.0%} of its core at the ceiling of {query.name}")
        rates = measure(series, rounds=options.rounds, seconds=options.seconds)
    names = [*(each.name for each in contenders), CEILING]
    for to in (POSTGRAPHILE, PASS_THROUGH, CEILING):
        print_table(rates, names, to=to)
    print_goals(rates, names)


def scale(options: Options, *, core: int) -> None:
    """Measure our reads, without the cache, with many questions against few."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(stored(options.data, questions=size)) for size in SIZES]
        found = [stack.enter_context(_ours_at(address, core=core)) for address in addresses]
        small, large = (f"{size:,} questions" for size in SIZES)
        servers = dict(zip((small, large), found, strict=True))
        series = {
            query.name: {
                name: Series(server.port, asked.requests(query, "ours"))
                for name, (server, asked) in servers.items()
            }
            for query in QUERIES
        }
        search = QUERIES[-1]
        series[f"{search.name}, parts"] = {
            name: Series(
                server.port, replace(asked, searches=loose_texts()).requests(search, "ours")
            )
            for name, (server, asked) in servers.items()
        }
        keeping_nothing = {
            name: stack.enter_context(forgetful(address, core=core))
            for name, address in zip((small, large), addresses, strict=True)
        }
        for what, texts in (
            ("Q4", search_texts()),
            ("Q4, ten shown", full_texts()),
            ("Q4, parts", loose_texts()),
        ):
            series[f"{what}, nothing kept"] = {
                name: Series(
                    keeping_nothing[name].port,
                    replace(asked, searches=texts).requests(search, "ours"),
                )
                for name, (_, asked) in servers.items()
            }
        for each in series[f"{search.name}, ten shown, nothing kept"].values():
            require_full_pages(each)
        rates = measure(series, rounds=options.rounds, seconds=options.seconds)
    print_costs(rates, small, large, most=MOST_AT_SCALE)


@contextmanager
def _ours_at(address: str, *, core: int) -> Generator[tuple[Contender, Variables]]:
    with ours(address, cached=False, core=core) as server:
        _, asked = asyncio.run(_prepared(address, server.port))
        yield server, asked


async def _prepared(address: str, port: int) -> tuple[str, Variables]:
    """Return the peers' address, and the variables. The port is of the API over the database."""
    async with pool_of(address) as pool:
        peer_address = await let_peers_in(pool, address)
        await prepare_searches(pool, address, search_texts())
        return peer_address, await variables(pool, port)


def _series(contenders: Sequence[Contender], asked: Variables, at: int) -> dict[str, Series]:
    return {
        each.name: Series(each.port, asked.requests(QUERIES[at], each.dialect))
        for each in contenders
    }
