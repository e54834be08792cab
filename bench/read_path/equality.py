"""That everybody answers alike: nothing is measured before."""

from typing import cast

import orjson

from bench.load import exchange
from bench.read_path.contenders import Contender
from bench.read_path.measuring import Series
from bench.read_path.queries import QUERIES
from bench.read_path.searching import PAGE
from bench.read_path.variables import Variables


class AnswersDiffer(RuntimeError):
    """Two servers gave different data for the same request."""

    def __init__(self, name: str, query: str, number: int, where: str) -> None:
        super().__init__(f"{name} differs from ours in {query}, request {number}, at {where}")


class QueryFailed(RuntimeError):
    """A server couldn't execute a query."""

    def __init__(self, name: str, query: str, why: str) -> None:
        super().__init__(f"{name}, {query}: {why}")


class PageNotFull(RuntimeError):
    """A search that was to fill a page found less."""

    def __init__(self, number: int) -> None:
        super().__init__(f"request {number} shows fewer questions than a page has")


def require_full_pages(searches: Series) -> None:
    """Have each search show as many questions as a page has. Raises PageNotFull."""
    for number, body in enumerate(exchange(searches.port, searches.requests)):
        if len(orjson.loads(body)["data"]["searchQuestions"]["nodes"]) < PAGE:
            raise PageNotFull(number)


def require_equal_data(first: Contender, others: list[Contender], asked: Variables) -> list[int]:
    """Compare the data of every response with the first one's; return their mean sizes by query.

    Raises AnswersDiffer and QueryFailed.
    """
    sizes: list[int] = []
    for query in QUERIES:
        bodies = exchange(first.port, asked.requests(query, first.dialect))
        sizes.append(sum(map(len, bodies)) // len(bodies))
        wanted = [_data(first, query.name, body) for body in bodies]
        for other in others:
            got = exchange(other.port, asked.requests(query, other.dialect))
            for number, (want, body) in enumerate(zip(wanted, got, strict=True)):
                where = difference(want, _data(other, query.name, body))
                if where is not None:
                    raise AnswersDiffer(other.name, query.name, number, where)
    return sizes


def _data(server: Contender, query: str, body: bytes) -> object:
    """Return the data of a response. Raises QueryFailed where it has errors."""
    response = orjson.loads(body)
    if response.get("errors"):
        raise QueryFailed(server.name, query, response["errors"][0]["message"])
    return response["data"]


def difference(one: object, other: object, path: str = "data") -> str | None:
    """Return where two values of JSON differ first, None where they don't."""
    pairs: list[tuple[str, object, object]] = []
    if isinstance(one, dict) and isinstance(other, dict):
        mine, theirs = cast("dict[str, object]", one), cast("dict[str, object]", other)
        if mine.keys() != theirs.keys():
            return path
        pairs = [(f"{path}.{key}", mine[key], theirs[key]) for key in mine]
    elif isinstance(one, list) and isinstance(other, list):
        listed, others = cast("list[object]", one), cast("list[object]", other)
        if len(listed) != len(others):
            return path
        pairs = [(f"{path}[{at}]", listed[at], others[at]) for at in range(len(listed))]
    # JSON has one kind of number: 10.0 is 10. It is no `true`, though.
    elif one != other or isinstance(one, bool) is not isinstance(other, bool):
        return path
    return next((found for place, *two in pairs if (found := difference(*two, path=place))), None)
