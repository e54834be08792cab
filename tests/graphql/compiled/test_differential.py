"""Random queries give the same bytes, executed compiled and by graphql-core.

`NAVIS_TEST_DIFFERENTIAL` and `NAVIS_TEST_INVALID` say how many queries and wrong requests
there are, `NAVIS_TEST_SEED` which ones; `--log-cli-level=INFO` shows what was found.
"""

import gc
import logging
import os
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import cast

import httpx
import orjson
import pytest

from navis_api.graphql.compiled.queries import COMPILED
from navis_api.graphql.http import GraphQLEndpoint
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.relay import global_id
from navis_api.graphql.schema import schema
from navis_api.identity.viewer import ANONYMOUS, Viewer, ViewerKind
from navis_api.kit.ids import new_id
from tests.graphql.client import RESPONSE_JSON
from tests.graphql.compiled.both_ways import Both, BothWays
from tests.graphql.compiled.invalid_maker import InvalidMaker
from tests.graphql.compiled.query_maker import Made, QueryMaker, Values
from tests.graphql.conftest import Build
from tests.graphql.world import ASKER, World
from tests.review import world as review_world

_log = logging.getLogger(__name__)

# graphql-core gives up fields that it hasn't begun when one beside them fails.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:.*(GraphQLCoreConverter|Executor)\.:pytest.PytestUnraisableExceptionWarning"
)

QUERIES = int(os.environ.get("NAVIS_TEST_DIFFERENTIAL", "200"))
INVALID = int(os.environ.get("NAVIS_TEST_INVALID", "76"))
SEED = int(os.environ.get("NAVIS_TEST_SEED", "5"))

VIEWERS = (
    *(ANONYMOUS,) * 5,
    Viewer(ViewerKind.PATIENT, ASKER),
    Viewer(ViewerKind.PATIENT, "patient-3"),
    Viewer(ViewerKind.REVIEWER, review_world.LIVER_REVIEWER),
    Viewer(ViewerKind.EDITOR, review_world.EDITOR),
)

_LISTS = {
    "Query.questions": "{ questions(first: 3) { edges { cursor } } }",
    "Cancer.questions": '{ cancer(slug: "liver-cancer") { questions { edges { cursor } } } }',
    "Query.cancers": "{ cancers { edges { cursor } } }",
    "Query.changes": "{ changes { edges { cursor } } }",
    "Query.searchQuestions": '{ searchQuestions(text: "liver cancer") { edges { cursor } } }',
}


async def values_of(both_ways: BothWays, world: World, staffed: review_world.World) -> Values:
    """Return what arguments can be given in this world."""
    cursors: dict[str, list[str]] = {}
    for place, text in _LISTS.items():
        found = orjson.loads((await both_ways.run(text)).reference)
        while "edges" not in found:
            (found,) = found.values()
        cursors[place] = [edge["cursor"] for edge in found["edges"]]
        assert cursors[place]
    listed = await both_ways.run("{ questions { nodes { id slug answer { id } } } }")
    nodes = orjson.loads(listed.reference)["questions"]["nodes"]
    member = next(iter(staffed.staff.values()))
    return Values(
        ids=[
            *(node["id"] for node in nodes),
            *(node["answer"]["id"] for node in nodes),
            *(global_id("Cancer", entry.id) for entry in world.catalogue.entries),
            *(global_id("Generation", own.generation_id) for own in (world.own, world.anonymous)),
            *(global_id("Question", own.question_id) for own in (world.own, world.anonymous)),
            *(global_id("Answer", own.answer_id) for own in (world.own, world.anonymous)),
            global_id("Source", world.source.version_id),
            global_id("StaffMember", member.id),
            global_id("Answer", new_id()),
        ],
        slugs=[*(node["slug"] for node in nodes), "nothing-there"],
        cancers=["liver-cancer", "liver-cancer", "hepatocellular-carcinoma", "breast-cancer"],
        cursors=cursors,
        texts=["liver cancer", "What is ablation?", "hepatic", "tumor tretment", "", "Über 😀"],
    )


@pytest.fixture(autouse=True)
def _given_up_here() -> Iterator[None]:
    """Have those fields collected while a test is there whose they are."""
    yield
    gc.collect()


async def found(
    both_ways: BothWays, maker: QueryMaker, chance: random.Random, *, count: int
) -> AsyncIterator[tuple[Made, Viewer, Both]]:
    """Yield queries that are within the limits, and what came of them both ways."""
    yielded = 0
    while yielded < count:
        made, viewer = maker.make(), chance.choice(VIEWERS)
        try:
            both = await both_ways.run(made.text, made.variables, viewer=viewer)
        except OperationRefused:
            continue
        yielded += 1
        yield made, viewer, both


async def test_random_queries_give_the_same_both_ways(
    both_ways: BothWays, world: World, staffed: review_world.World
) -> None:
    chance = random.Random(SEED)
    values = await values_of(both_ways, world, staffed)
    maker = QueryMaker(schema().core, values, chance)
    reasons, needless = Counter[str](), Counter[str]()
    differing: list[tuple[Made, Viewer, Both]] = []
    began = time.monotonic()
    async for made, viewer, both in found(both_ways, maker, chance, count=QUERIES):
        reasons[both.reason] += 1
        if not reasons.total() % 500:
            _log.info("%d queries, %d of them differ", reasons.total(), len(differing))
        if both.compiled is None and not both.has_errors:
            needless[both.reason] += 1
        if not both.agree:
            differing.append((made, viewer, both))
            _log.info("DIFFERENT for %s: %s %s", viewer, made, both)
    _log.info(
        "%d queries in %.0f s: %d differ; %s; left to graphql-core although nothing is wrong: %s",
        QUERIES,
        time.monotonic() - began,
        len(differing),
        dict(reasons.most_common()),
        dict(needless),
    )
    assert not differing
    # Staff's reading is recorded, and so never compiled. Nothing else is left over.
    assert set(needless) <= {"recorded"}
    assert not both_ways.written
    assert reasons[COMPILED] > QUERIES // 2


async def answered(endpoint: GraphQLEndpoint, body: bytes) -> tuple[object, ...]:
    """Return what a client gets, but for the ids that errors of ours are logged under."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(endpoint), base_url="http://test"
    ) as http:
        headers = {"Content-Type": "application/json", "Accept": RESPONSE_JSON}
        response = await http.post("/graphql", content=body, headers=headers)
    shown = re.sub(rb'"errorId":"[0-9a-f]+"', b"", response.content)
    return response.status_code, dict(response.headers) | {"content-length": ""}, shown


async def test_wrong_requests_are_answered_alike(
    build: Build, both_ways: BothWays, world: World, staffed: review_world.World
) -> None:
    chance = random.Random(SEED)
    values = await values_of(both_ways, world, staffed)
    maker = InvalidMaker(QueryMaker(schema().core, values, chance), chance)
    unlimited = {"throttle_points": 0, "throttle_address_points": 0}
    compiled, reference = build(**unlimited), build(**unlimited, compiled_queries=False)
    assert compiled.execution.compiled is not None
    assert reference.execution.compiled is None
    outcomes, differing = Counter[tuple[object, bool]](), list[bytes]()
    for _ in range(INVALID):
        body = maker.make()
        ours, theirs = await answered(compiled, body), await answered(reference, body)
        outcomes[ours[0], b'"errors"' in cast("bytes", ours[-1])] += 1
        if ours != theirs:
            differing.append(body)
            _log.info("DIFFERENT: %s\n%s\n%s", body[:2_000], ours, theirs)
    _log.info("%d wrong requests: %d differ; %s", INVALID, len(differing), dict(outcomes))
    assert not differing
    assert sum(outcomes.values()) == INVALID
    # Some of what is made wrong turns out right, such as a fragment that is cut off.
    assert sum(count for (_, wrong), count in outcomes.items() if wrong) > INVALID * 0.9
