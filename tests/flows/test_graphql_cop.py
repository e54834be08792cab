"""The probes of the security audit graphql-cop, against a running server.

graphql-cop itself is no package that could be installed (the one of its name in the
Python registry is an empty placeholder), so its probes stand here in our own words:
what each sends, and what it counts as a finding. Source: the project dolevf/graphql-cop,
version 1.14: thirteen probes, and one for circular fragments from another state of it.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from tests.flows.processes import environment
from tests.flows.test_asking import address_of, serving
from tests.waiting import PATIENCE_S

_CONSOLES = ("/graphiql", "/playground", "/console", "/graphql")
_CONSOLE_SIGNS = ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground")
_CIRCLE = "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }"
_CIRCULAR_FRAGMENT = """
query { __schema { ...A } }
fragment A on __Schema { __typename ...B }
fragment B on __Schema { ...A }
"""


class Target:
    """A server, as the audit asks it things."""

    def __init__(self, http: httpx.Client, url: str) -> None:
        self._http = http
        self.url = url

    def post(self, body: object) -> Any:
        return self._parsed(self._http.post(self.url, json=body))

    def query(self, text: str) -> dict[str, Any]:
        result = self.post({"query": text})
        return result if isinstance(result, dict) else {}

    def get(self, text: str) -> Any:
        return self._parsed(self._http.get(self.url, params={"query": text}))

    def form(self, text: str) -> Any:
        return self._parsed(self._http.post(self.url, data={"query": text}))

    def page(self, path: str) -> str:
        return self._http.get(urljoin(self.url, path), follow_redirects=True).text

    @staticmethod
    def _parsed(response: httpx.Response) -> Any:
        try:
            return response.json()
        except ValueError:
            return {}


def _data(result: Any) -> dict[str, Any]:
    return (result.get("data") if isinstance(result, dict) else None) or {}


def _field_suggestions(target: Target) -> bool:
    errors = target.query("query { __schema { directive } }").get("errors", [])
    return any("Did you mean" in error["message"] for error in errors)


def _introspection(target: Target) -> bool:
    return bool(_data(target.query("query { __schema { types { name fields { name } } } }")))


def _console(target: Target) -> bool:
    pages = [target.page(path) for path in _CONSOLES]
    return any(sign in page for page in pages for sign in _CONSOLE_SIGNS)


def _get_query(target: Target) -> bool:
    return "__typename" in _data(target.get("{__typename}"))


def _get_mutation(target: Target) -> bool:
    return "__typename" in _data(target.get("mutation {__typename}"))


def _form_query(target: Target) -> bool:
    return "__typename" in _data(target.form("query {__typename}"))


def _aliases(target: Target) -> bool:
    many = " ".join(f"alias{number}: __typename" for number in range(101))
    return "alias100" in _data(target.query(f"query {{ {many} }}"))


def _batch(target: Target) -> bool:
    result = target.post([{"query": "query { __typename }"}] * 11)
    return isinstance(result, list) and len(result) > 10


def _repeated_field(target: Target) -> bool:
    return "__typename" in _data(target.query("query { " + "__typename \n" * 500 + " }"))


def _repeated_directive(target: Target) -> bool:
    result = target.query("query { __typename " + "@aa" * 10 + " }")
    return len(result.get("errors", [])) == 10


def _circular_introspection(target: Target) -> bool:
    return bool(_data(target.query(_CIRCLE)))


def _circular_fragment(target: Target) -> bool:
    return "errors" not in target.query(_CIRCULAR_FRAGMENT)


def _trace(target: Target) -> bool:
    result = target.query("query { __typename }")
    return "tracing" in result.get("extensions", {}) or "stacktrace" in str(result).lower()


def _unhandled_error(target: Target) -> bool:
    errors = target.query("qwerty cop { abc }").get("errors", [])
    return any("exception" in error.get("extensions", {}) for error in errors)


PROBES: dict[str, Callable[[Target], bool]] = {
    "Field Suggestions": _field_suggestions,
    "Introspection": _introspection,
    "GraphQL IDE": _console,
    "GET Method Query Support": _get_query,
    "Alias Overloading": _aliases,
    "Array-based Query Batching": _batch,
    "Field Duplication": _repeated_field,
    "Trace Mode": _trace,
    "Directive Overloading": _repeated_directive,
    "Introspection-based Circular Query": _circular_introspection,
    "Mutation is allowed over GET": _get_mutation,
    "POST based url-encoded query": _form_query,
    "Unhandled Errors Detection": _unhandled_error,
    "Circular Fragment": _circular_fragment,
}


def findings(address: str) -> list[str]:
    """Return what the audit would report, after it has made sure that this is GraphQL."""
    with httpx.Client(timeout=PATIENCE_S, headers={"User-Agent": "graphql-cop/1.14"}) as http:
        target = Target(http, address)
        assert _data(target.query("query { __typename }")) == {"__typename": "Query"}
        return [title for title, finds in PROBES.items() if finds(target)]


@contextmanager
def _running(data_dir: Path, database_url: str, **settings: str) -> Iterator[str]:
    env = environment(data_dir, NAVIS_DATABASE_URL=database_url, **settings)
    with serving(env) as server:
        yield address_of(server)


async def test_the_main_path_gives_the_audit_nothing_to_find(
    tmp_path: Path, database_url: str
) -> None:
    assert len(PROBES) == 14
    # Nothing is told of the schema, as in production; documents are taken from anybody.
    silent = {"NAVIS_INTROSPECTION": "false", "NAVIS_SUGGESTIONS": "false"}
    with _running(tmp_path, database_url, **silent) as address:
        # The public path first: what may be kept of its answers must not come to the other.
        on_public = await asyncio.to_thread(findings, f"{address}/public")
        on_main = await asyncio.to_thread(findings, address)

    assert on_main == []
    assert on_public == ["GET Method Query Support"]


async def test_in_development_the_probes_find_what_is_open_there(
    tmp_path: Path, database_url: str
) -> None:
    with _running(tmp_path, database_url) as address:
        found = await asyncio.to_thread(findings, f"{address}/public")

    # Not the circle: the usual introspection query has none, and one is refused everywhere.
    assert found == ["Field Suggestions", "Introspection", "GET Method Query Support"]
