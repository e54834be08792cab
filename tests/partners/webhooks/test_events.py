"""Who is told of what: by type, by cancer, by who asked, and while there is a key for it."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.identity.viewer import KeyScope
from navis_api.partners.webhooks import repository
from navis_api.partners.webhooks.models import EventType
from navis_api.questions.models import Question
from tests import publications
from tests.db.rows import app_connection
from tests.graphql.world import NOON
from tests.partners.webhooks.receiver import Receiver
from tests.partners.webhooks.world import Hooks


async def told(hooks: Hooks, endpoint_id: UUID) -> list[str]:
    rows = await hooks.rows(
        "SELECT e.type FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id"
        " WHERE d.endpoint_id = :id ORDER BY d.sequence",
        id=endpoint_id,
    )
    return [row[0] for row in rows]


async def asked_by(hooks: Hooks, partner_id: UUID, question: Question) -> None:
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        for _ in range(2):
            await repository.note_question(session, partner_id, question.id, now=NOON)


async def test_an_endpoint_hears_of_the_types_that_it_names(hooks: Hooks) -> None:
    partner = await hooks.partner()
    url = "http://127.0.0.1:1/"
    some = await hooks.endpoint(
        url, partner=partner, events=[EventType.ANSWER_RETRACTED, EventType.ANSWER_STALE]
    )
    other = await hooks.endpoint(url, partner=partner, events=[EventType.ANSWER_PUBLISHED])
    question = await hooks.ask()
    for step in (hooks.publish, hooks.expire, hooks.renew, hooks.retract):
        await step(question)
    assert await told(hooks, some.endpoint.row.id) == ["answer.stale", "answer.retracted"]
    assert await told(hooks, other.endpoint.row.id) == ["answer.published"]
    # What nobody wants isn't written.
    assert len(await hooks.rows("SELECT 1 FROM webhook_events")) == 3


async def test_an_answer_that_is_published_again_after_a_retraction_is_new(hooks: Hooks) -> None:
    made = await hooks.endpoint("http://127.0.0.1:1/")
    question = await hooks.ask()
    for step in (hooks.publish, hooks.retract, hooks.publish):
        await step(question)
    expected = ["answer.published", "answer.retracted", "answer.published"]
    assert await told(hooks, made.endpoint.row.id) == expected


async def test_a_cancer_stands_for_its_subtypes_and_for_no_other(hooks: Hooks) -> None:
    partner, url = await hooks.partner(), "http://127.0.0.1:1/"
    slugs = ("liver-cancer", "hepatocellular-carcinoma", "breast-cancer")
    liver, subtype, breast = [
        await hooks.endpoint(url, partner=partner, cancers=[slug]) for slug in slugs
    ]
    every = await hooks.endpoint(url, partner=partner)
    # What is asked here is of liver cancer; another is of its subtype.
    await hooks.publish(await hooks.ask())
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        question = await publications.ask(session, hooks.world, "What is a margin?")
        question.cancer_id = hooks.world.catalogue.by_slug["hepatocellular-carcinoma"].id
    await hooks.publish(question)
    counts = [
        len(await told(hooks, each.endpoint.row.id)) for each in (liver, subtype, breast, every)
    ]
    assert counts == [2, 1, 0, 2]


async def test_what_is_erased_is_taken_back_everywhere_whatever_its_cancer_was(
    hooks: Hooks,
) -> None:
    partner, url = await hooks.partner(), "http://127.0.0.1:1/"
    liver = await hooks.endpoint(url, partner=partner, cancers=["liver-cancer"])
    question = await hooks.ask()
    await hooks.publish(question)
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        await publications.erase(session, await session.get_one(Question, question.id))
    assert await told(hooks, liver.endpoint.row.id) == ["answer.published", "answer.retracted"]


async def test_what_was_taken_back_and_is_erased_then_is_told_once(hooks: Hooks) -> None:
    made = await hooks.endpoint("http://127.0.0.1:1/")
    question = await hooks.ask()
    await hooks.publish(question)
    await hooks.retract(question)
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        await publications.erase(session, await session.get_one(Question, question.id))
    assert await told(hooks, made.endpoint.row.id) == ["answer.published", "answer.retracted"]


async def test_only_who_asked_is_told_that_a_question_is_answered(
    hooks: Hooks, receiver: Receiver
) -> None:
    asking, other = await hooks.partner("Asking"), await hooks.partner("Other")
    wanted = [EventType.QUESTION_ANSWERED]
    theirs = await hooks.endpoint(receiver.url, partner=asking, events=wanted)
    others = await hooks.endpoint(receiver.url, partner=other, events=wanted)
    question, unasked = await hooks.ask(), await hooks.ask("What is a biopsy?")
    await asked_by(hooks, asking.id, question)
    for each in (question, unasked):
        await hooks.publish(each)
    # Another revision is no other answer to the one who waits.
    await hooks.publish(question)
    assert await told(hooks, theirs.endpoint.row.id) == ["question.answered"]
    assert await told(hooks, others.endpoint.row.id) == []
    await hooks.deliveries().deliver_due()
    (received,) = receiver.received
    assert set(received.data["data"]) == {"questionId", "answerId", "slug", "url", "revision"}


async def test_a_partner_hears_while_it_has_a_key_for_it(hooks: Hooks, receiver: Receiver) -> None:
    partner = await hooks.partner(hears=False)
    key = await hooks.partners.key(partner, scopes=(KeyScope.WEBHOOKS,))
    made = await hooks.endpoint(receiver.url, partner=partner)
    question = await hooks.ask()
    await hooks.publish(question)
    await hooks.partners.revoke(key)
    deliveries = hooks.deliveries()
    # Neither what waits nor what happens then.
    await deliveries.deliver_due()
    await hooks.expire(question)
    assert receiver.connections == 0
    assert await told(hooks, made.endpoint.row.id) == ["answer.published"]
    await deliveries.tidy()
    assert await hooks.states() == [("GIVEN_UP", 0)]
    await hooks.partners.key(partner, scopes=(KeyScope.WEBHOOKS,))
    await hooks.retract(question)
    await deliveries.deliver_due()
    assert [each.data["type"] for each in receiver.received] == ["answer.retracted"]


async def test_a_key_that_has_expired_or_is_for_something_else_does_not_count(
    hooks: Hooks,
) -> None:
    partner = await hooks.partner(hears=False)
    await hooks.partners.key(partner)
    soon = NOON + timedelta(hours=1)
    await hooks.partners.key(partner, scopes=(KeyScope.WEBHOOKS,), expires_at=soon)
    made = await hooks.endpoint("http://127.0.0.1:1/", partner=partner)
    question = await hooks.ask()
    await hooks.publish(question)
    hooks.now = soon
    await hooks.expire(question)
    assert await told(hooks, made.endpoint.row.id) == ["answer.published"]


async def test_nobody_but_us_and_administrators_sees_or_writes_any_of_it(
    hooks: Hooks, told_url: str, receiver: Receiver
) -> None:
    partner = await hooks.partner()
    await hooks.endpoint(receiver.url, partner=partner)
    question = await hooks.ask()
    await asked_by(hooks, partner.id, question)
    await hooks.publish(question)
    receiver.says(500)
    await hooks.deliveries().deliver_due()
    tables = ("endpoints", "events", "deliveries", "attempts")
    names = [*(f"webhook_{each}" for each in tables), "partner_questions"]
    for role in ("", "patient", "partner", "reviewer", "editor", "administrator"):
        async with app_connection(told_url, role=role, subject="one") as connection:
            for name in names:
                seen = await connection.fetchval(f"SELECT count(*) FROM {name}")
                assert bool(seen) is (role == "administrator"), (role, name)
    async with app_connection(told_url, role="system") as connection:
        # Events and deliveries come from the trigger alone.
        for statement in (
            "INSERT INTO webhook_events (id) SELECT gen_random_uuid()",
            "UPDATE webhook_events SET slug = 'other'",
            "DELETE FROM webhook_deliveries",
            "DELETE FROM webhook_attempts",
            "UPDATE webhook_attempts SET status = 200",
            "UPDATE partner_questions SET asked_at = now()",
            "SELECT navis_tell_endpoints('answer.stale', c, NULL, NULL) FROM published_changes c",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
