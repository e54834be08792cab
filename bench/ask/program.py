"""`python -m bench ask`: requests a second of `askQuestion` that end in a reviewed answer."""

import argparse
import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from bench.ask.texts import nearly, published_questions, to_the_letter
from bench.data.database import pool_of
from bench.data.store import SIZES, default_folder, stored
from bench.load import exchange, post_request
from bench.read_path.contenders import CEILING, ceiling, ours
from bench.read_path.measuring import Series, measure
from bench.read_path.report import print_costs, print_table
from bench.servers import cores, on_cores

WORDINGS: dict[str, Callable[[str], str]] = {
    "to the letter": to_the_letter,
    "nearly": nearly,
}
MOST_AT_SCALE = 1.3

_ASK = """
mutation Ask($text: String!) { askQuestion(input: { text: $text }) {
    outcome question { slug text } answer { slug title summary reviewed }
    errors { __typename } } }
"""


class NotReviewed(RuntimeError):
    """A question that has its reviewed answer got something else."""


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(prog="python -m bench ask")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement")
    parser.add_argument("--data", type=Path, default=default_folder(), help="where data are kept")
    options = parser.parse_args(arguments)
    core, rest = cores()
    with on_cores(rest), ExitStack() as stack:
        servers = {
            f"{size:,} questions": stack.enter_context(
                _served(options.data, questions=size, core=core)
            )
            for size in SIZES
        }
        sizes = [_require_reviewed(servers, wording) for wording in WORDINGS]
        top = stack.enter_context(ceiling(sizes, core=core))
        series = {
            wording: {
                name: Series(port, _requests(texts, wording))
                for name, (port, texts) in servers.items()
            }
            | {CEILING: Series(top, [post_request(f"/{at}", b"{}")])}
            for at, wording in enumerate(WORDINGS)
        }
        rates = measure(series, rounds=options.rounds, seconds=options.seconds)
    print_table(rates, list(servers), to=CEILING)
    small, large = servers
    print_costs(rates, small, large, most=MOST_AT_SCALE)


@contextmanager
def _served(data: Path, *, questions: int, core: int) -> Generator[tuple[int, list[str]]]:
    """Give the port of the API over so many questions, and some of them."""
    with (
        stored(data, questions=questions) as address,
        ours(address, cached=False, core=core) as server,
    ):
        yield server.port, asyncio.run(_texts(address))


async def _texts(address: str) -> list[str]:
    async with pool_of(address) as pool:
        return await published_questions(pool)


def _requests(texts: Sequence[str], wording: str) -> list[bytes]:
    return [
        post_request(
            "/graphql",
            orjson.dumps({"query": _ASK, "variables": {"text": WORDINGS[wording](text)}}),
        )
        for text in texts
    ]


def _require_reviewed(servers: dict[str, tuple[int, list[str]]], wording: str) -> int:
    """Return the mean size of the responses. Raises NotReviewed unless each is the answer."""
    sizes: list[int] = []
    for name, (port, texts) in servers.items():
        bodies = exchange(port, _requests(texts, wording))
        for text, body in zip(texts, bodies, strict=True):
            asked = orjson.loads(body)["data"]["askQuestion"]
            if asked["outcome"] != "REVIEWED_ANSWER" or asked["question"]["text"] != text:
                raise NotReviewed(name, wording, WORDINGS[wording](text), asked["outcome"])
        sizes += map(len, bodies)
    return sum(sizes) // len(sizes)
