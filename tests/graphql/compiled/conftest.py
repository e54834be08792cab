"""Both ways of execution over the small world, with the staff at work in it."""

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import Database
from navis_api.graphql.schema import Schema
from navis_api.review import comments
from navis_api.review.comments import ClaimPlace
from navis_api.review.models import Decision
from tests.graphql.compiled.both_ways import BothWays
from tests.graphql.compiled.small import Small, small_schema
from tests.graphql.conftest import Build
from tests.graphql.world import World
from tests.review import world as review_world
from tests.review.world import EDITOR


@pytest.fixture
async def staffed(database: Database, world: World) -> review_world.World:
    """The staff, beside the small world: with something in every state that shows."""
    staffed = await review_world.build_world(database)
    approved = await staffed.given()
    await staffed.decide(approved)
    approved = await staffed.reread(approved)
    await staffed.publish(approved, slug="published-by-the-staff")
    sent_back = await staffed.given(text="What is sent back?")
    await staffed.decide(sent_back, Decision.REQUEST_CHANGES)
    gone = await staffed.given(AnswerState.PUBLISHED, text="What was wrong?")
    await staffed.retract(gone)
    await staffed.given(AnswerState.STALE, text="What is checked again?")
    async with database.writing(staffed.rows(EDITOR)) as session:
        acting = staffed.acting(EDITOR)
        await comments.add(session, approved.revision_id, None, "A good one.", acting=acting)
        place = ClaimPlace(0, 0)
        await comments.add(session, approved.revision_id, place, "How small?", acting=acting)
    return staffed


@pytest.fixture
def both_ways(build: Build, world: World) -> BothWays:
    return BothWays(build(throttle_points=0, throttle_address_points=0).services)


@pytest.fixture(scope="session")
def built_small_schema() -> Schema:
    """The small schema. Strawberry can't build two of the same types."""
    return small_schema()


@pytest.fixture
def small(built_small_schema: Schema) -> Small:
    return Small(built_small_schema)
