"""The queue costs as many statements for a full page as for one entry."""

import pytest

from navis_api.answers.models import AnswerState
from navis_api.db.sessions import Database
from tests.graphql.reviewing import Reviewing, done
from tests.graphql.staff_operations import answer, place
from tests.graphql.test_statements import counted
from tests.review.world import LIVER_REVIEWER

ENTRY = (
    "id title version publishAt staleNotice question { text cancer { name } }"
    " reviewItem { urgency reasons claimedBy claimedUntil }"
    " comments { text author } decisions { decision reviewer } feedback { harm openReports }"
    " history { revision state reviewer }"
    " sections { claims { text citations { quote source { title } } } }"
)
QUERIES = {
    "queue": "{ reviewQueue(first: 3) { totalCount nodes { " + ENTRY + " } } }",
    "stuck": "{ stuckReviews { kind answer { title reviewItem { claimedBy } } } }",
    "counts": "{ reviewCounts { total byCancer { cancer { name } count } } }",
    "feedback": "{ openFeedback { nodes { text answer { title feedback { harm } } } } }",
    "staff": "{ staff { name cancers { name } } }",
}


async def fill(reviewing: Reviewing) -> None:
    """Put a waiting revision with everything on it, a report and a claim into the queue."""
    waiting = await reviewing.world.given()
    for name, more in (("addComment", {"text": "Hm."}), ("claimReview", {})):
        done(await reviewing.do(LIVER_REVIEWER, name, **place(waiting, **more)["input"]))
    live = await reviewing.world.given(AnswerState.PUBLISHED)
    done(await reviewing.do(None, "giveFeedback", answerId=answer(live), kind="HARM"))


@pytest.mark.parametrize("name", QUERIES)
async def test_a_page_costs_no_more_than_an_entry(
    reviewing: Reviewing, database: Database, name: str
) -> None:
    # So that the catalogue is there.
    await reviewing.ask(LIVER_REVIEWER, "{ cancers { nodes { name } } }")
    await fill(reviewing)
    with counted(database) as few:
        await reviewing.ask(LIVER_REVIEWER, QUERIES[name])
    for _ in range(3):
        await fill(reviewing)
    with counted(database) as many:
        await reviewing.ask(LIVER_REVIEWER, QUERIES[name])
    # What is published is read in one way, and the rest in another: a page may have both.
    assert len(many) <= len(few), many
