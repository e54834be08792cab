"""Reading published answers, as a part of what the server can do at most.

For each query: requests a second of the API over those of a bare ASGI application
that sends as many constant bytes, measured in turn, in rounds. 1 is the ceiling.
"""

import asyncio
import tempfile
from pathlib import Path

import orjson

from bench.load import exchange, post_request, requests_a_second, spread
from bench.servers import api, ceiling, navis

ROUNDS = 6
SECONDS = 2.0
CONNECTIONS = 8

_ANSWER = """
{ answer(slug: "liver-cancer-came-back-options") { title summary reviewed
  sections { kind heading markdown claims { text citations { number quote source { title url } } } }
  citations { number quote start end source { title publisher url licence } }
  doctorQuestions nextSteps disclaimer { text } review { reviewer credentials } } }
"""
_CARDS = """
{ cancer(slug: "liver-cancer") { name questions(first: 20, answered: true) {
  nodes { text slug answer { title summary } } pageInfo { hasNextPage endCursor } } } }
"""
_SEARCH = '{ searchQuestions(text: "liver tumour came back", first: 10) { nodes { text slug } } }'
_ASK = """
mutation { askQuestion(input: {
  text: "What can be done when liver cancer comes back after treatment?"
}) { outcome question { slug } answer { title } } }
"""
QUERIES = {
    "one whole answer": _ANSWER,
    "questions of a cancer": _CARDS,
    "search": _SEARCH,
    "asking what is answered": _ASK,
}


def main() -> None:
    """Print the ratio of each query."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        navis(data_dir, "content", "import", "--sample")
        with api(data_dir) as port:
            asyncio.run(_measure(port))


async def _measure(port: int) -> None:
    print(f"{ROUNDS} rounds of {SECONDS:g} s, {CONNECTIONS} connections; 1 is a bare ASGI server")
    for name, query in QUERIES.items():
        body = orjson.dumps({"query": query})
        request = post_request("localhost", "/graphql", body)
        reply = await exchange(port, request)
        if b'"errors":[{' in reply:
            raise RuntimeError(reply.decode())
        with ceiling(len(reply)) as top:
            ratios: list[float] = []
            for _ in range(ROUNDS):
                ours = await requests_a_second(
                    port, [request], connections=CONNECTIONS, seconds=SECONDS
                )
                most = await requests_a_second(
                    top, [request], connections=CONNECTIONS, seconds=SECONDS
                )
                ratios.append(ours / most)
        print(f"{name:26} {len(reply):7,} bytes   {spread(ratios)}")
