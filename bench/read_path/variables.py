"""What the queries are asked with: 520 sets of variables, out of the data."""

from dataclasses import dataclass
from typing import Any, Literal

import orjson

from bench.data.database import Pool
from bench.data.templates import TREATMENTS, cancers
from bench.data.words import HOBBIES, OCCUPATIONS, PLACES
from bench.load import exchange, post_request
from bench.read_path.queries import QUERIES, Query

Dialect = Literal["ours", "postgraphile", "simple"]

ANSWERS = 300
SEARCHES = 169

_CURSORS = b'{"query": "{ cancers(first: 30) { edges { cursor } } }"}'


@dataclass(frozen=True, slots=True)
class Variables:
    """The values by query, in the same order for everybody."""

    slugs: list[str]
    cancers: list[str]
    cursors: list[str | None]
    searches: list[str]

    def requests(self, query: Query, dialect: Dialect, *, path: str = "/graphql") -> list[bytes]:
        """Return the requests of one query to a server of this dialect."""
        text: str = getattr(query, dialect)
        return [
            post_request(
                path,
                orjson.dumps({"query": text, "operationName": query.name, "variables": variables}),
            )
            for variables in self._of(query, dialect)
        ]

    def _of(self, query: Query, dialect: Dialect) -> list[dict[str, Any]]:
        if query.name == "Q1":
            return [{"slug": slug} for slug in self.slugs]
        if query.name == "Q2":
            return [{"slug": slug} for slug in self.cancers]
        if query.name == "Q3" and dialect == "ours":
            return [{"after": cursor} for cursor in self.cursors]
        if query.name == "Q3":
            return [{"offset": offset} for offset in range(len(self.cursors))]
        return [{"text": text} for text in self.searches]


def search_texts() -> list[str]:
    """Return what people search for, all of which is found: broad, narrower, and personal.

    The first have 33 times as many hits among 1,000,000 questions as among 30,000; the last
    have as many in both.
    """
    return _texts(narrower="{name} {topic} {occupation}")


def full_texts() -> list[str]:
    """Return the same where each fills a page among 20,000 questions already.

    Of those that are narrower, with one or two hits there, a cancer and an occupation are left.
    """
    return _texts(narrower="{name} {occupation}")


def _texts(*, narrower: str) -> list[str]:
    names = [cancer.name.lower() for cancer in cancers()]
    topics = [topic.removeprefix("a ") for topic in TREATMENTS]
    texts: list[str] = []
    for number in range(SEARCHES):
        at = number // 3
        name = names[(at * 11 + number % 3) % len(names)]
        topic = topics[(at * 3 + at // 10) % len(topics)]
        # Every seed has these variants already among 20,000.
        variant = 1 + at % 32
        occupation, place = OCCUPATIONS[variant], PLACES[variant]
        hobby = HOBBIES[(variant * 7 + at) % len(HOBBIES)]
        texts.append(
            (
                f"{topic} {name}",
                narrower.format(name=name, topic=topic, occupation=occupation),
                f"{occupation} {place} {hobby}",
            )[number % 3]
        )
    return texts


def loose_texts() -> list[str]:
    """Return what no question has all of: the best of those that have some are found.

    A question has one occupation, however many questions there are.
    """
    return [
        f"{OCCUPATIONS[at]} {OCCUPATIONS[at + 7]} {PLACES[(at * 3) % len(PLACES)]}"
        for at in range(1, 33)
    ]


async def variables(pool: Pool, port: int) -> Variables:
    """Return the variables for a database. The port is of the API over it."""
    count: int = await pool.fetchval("SELECT count(*) FROM peers.answers")
    rows = await pool.fetch(
        "SELECT slug FROM (SELECT slug, row_number() OVER (ORDER BY id) AS n FROM peers.answers)"
        " AS numbered WHERE n % $1 = 0 ORDER BY n LIMIT $2",
        count // ANSWERS,
        ANSWERS,
    )
    listed = orjson.loads(exchange(port, [post_request("/graphql", _CURSORS)])[0])
    edges = listed["data"]["cancers"]["edges"]
    return Variables(
        slugs=[row["slug"] for row in rows],
        cancers=[cancer.slug for cancer in cancers()],
        cursors=[None, *(edge["cursor"] for edge in edges[: len(edges) - 10])],
        searches=search_texts(),
    )


def count(asked: Variables) -> int:
    """Return how many requests there are in all."""
    return sum(len(asked.requests(query, "ours")) for query in QUERIES)
