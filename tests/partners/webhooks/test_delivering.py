"""Deliveries: what was published comes to a partner's server, once, in order, and in time."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from navis_api.db.sessions import SYSTEM_ROWS
from navis_api.jobs.fanout import Fanout
from navis_api.kit.tasks import stop_tasks
from navis_api.partners.webhooks import queue_repository
from navis_api.partners.webhooks.message import webhook_id
from navis_api.partners.webhooks.schedule import DELAYS, MOST_TRIES
from navis_api.partners.webhooks.sending import Sender
from navis_api.questions.models import Question
from tests import publications
from tests.partners.webhooks.receiver import Received, Receiver, receiving
from tests.partners.webhooks.world import Hooks
from tests.waiting import until


async def ids(hooks: Hooks) -> list[str]:
    return [
        webhook_id(row[0])
        for row in await hooks.rows("SELECT id FROM webhook_events ORDER BY sequence")
    ]


async def test_each_change_of_an_answer_comes_once_and_in_order(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    question = await hooks.ask()
    for step in (hooks.publish, hooks.expire, hooks.renew, hooks.publish, hooks.retract):
        hooks.later(minutes=1)
        await step(question)
    await hooks.deliveries().deliver_due()
    await hooks.deliveries().deliver_due()
    assert [each.data["type"] for each in receiver.received] == [
        "answer.published",
        "answer.stale",
        "answer.updated",
        "answer.updated",
        "answer.retracted",
    ]
    assert [each.id for each in receiver.received] == await ids(hooks)
    assert await hooks.states() == [("DELIVERED", 1)] * 5
    # Nothing is asked for, taken or followed but what was named.
    assert {each.target for each in receiver.received} == {"/hooks?token=canary"}


async def test_what_is_rolled_back_is_told_to_nobody(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    question = await hooks.ask()
    with pytest.raises(ZeroDivisionError):
        await _fail_after_publishing(hooks, question.id)
    await hooks.deliveries().deliver_due()
    assert receiver.received == []
    assert await hooks.rows("SELECT id FROM webhook_events") == []


async def _fail_after_publishing(hooks: Hooks, question_id: UUID) -> None:
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        asked = await session.get_one(Question, question_id)
        await publications.publish(session, hooks.world, asked, now=hooks.now)
        raise ZeroDivisionError


@pytest.mark.parametrize("down", ["refuses", "fails"])
async def test_a_receiver_that_is_down_for_a_day_gets_every_event_once_and_in_order(
    hooks: Hooks, down: str
) -> None:
    async with receiving() as receiver:
        port = receiver.port
        await hooks.endpoint(receiver.url)
    questions = [await hooks.ask(f"What is procedure number {each}?") for each in range(3)]
    deliveries = hooks.deliveries()
    failing = receiving(port=port)
    if down == "fails":
        receiver = await failing.__aenter__()
        receiver.says(503)
    # A day, half an hour at a time, in which three answers change now and then.
    steps = {0: hooks.publish, 4: hooks.expire, 9: hooks.renew, 20: hooks.publish}
    steps[44] = hooks.retract
    for half_hour in range(48):
        for number, question in enumerate(questions):
            step = steps.get(half_hour - number)
            if step is not None:
                await step(question)
        await deliveries.deliver_due()
        hooks.later(minutes=30)
    if down == "fails":
        refused = receiver.received
        assert {each.id for each in refused} == set(_first_of_each(await hooks.rows(_EVENTS)))
        await failing.__aexit__(None, None, None)
    assert {state for state, _ in await hooks.states()} == {"PENDING"}
    async with receiving(port=port) as receiver:
        for _ in range(24):
            await deliveries.deliver_due()
            hooks.later(hours=1)
    events = await hooks.rows(_EVENTS)
    assert len(events) == 15
    got = [each.id for each in receiver.received]
    assert sorted(got) == sorted(webhook_id(event) for event, _ in events)
    for answer in {answer for _, answer in events}:
        of_answer = [webhook_id(event) for event, about in events if about == answer]
        assert [each for each in got if each in of_answer] == of_answer
    assert {state for state, _ in await hooks.states()} == {"DELIVERED"}


_EVENTS = "SELECT id, answer_id FROM webhook_events ORDER BY sequence"


def _first_of_each(events: list[tuple[UUID, UUID]]) -> list[str]:
    first: dict[UUID, str] = {}
    for event, answer in events:
        first.setdefault(answer, webhook_id(event))
    return list(first.values())


async def test_it_is_tried_for_three_days_and_then_given_up(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    receiver.says(500)
    await hooks.publish(await hooks.ask())
    began, times = hooks.now, []
    deliveries = hooks.deliveries(by_chance=lambda: 0.0)
    while (await hooks.states())[0][0] == "PENDING":
        before = len(receiver.received)
        await deliveries.deliver_due()
        if len(receiver.received) > before:
            times.append(hooks.now - began)
        ((next_at,),) = await hooks.rows("SELECT next_attempt_at FROM webhook_deliveries")
        if next_at is not None:
            # A second sooner there is nothing to do.
            hooks.now = next_at - timedelta(seconds=1)
            await deliveries.deliver_due()
            assert len(receiver.received) == len(times)
            hooks.now = next_at
    assert times == [sum(DELAYS[:each], timedelta(0)) for each in range(MOST_TRIES)]
    assert times[-1] > timedelta(days=3)
    assert await hooks.states() == [("GIVEN_UP", MOST_TRIES)]
    assert len({each.id for each in receiver.received}) == 1
    assert len({each.body for each in receiver.received}) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.received}) == MOST_TRIES


async def test_a_delivery_that_fails_holds_back_its_own_answer_and_no_other(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    receiver.says(500)
    first, second = await hooks.ask(), await hooks.ask("What is a biopsy?")
    deliveries = hooks.deliveries()
    await hooks.publish(first)
    await deliveries.deliver_due()
    await hooks.expire(first)
    receiver.says(200)
    await hooks.publish(second)
    await deliveries.deliver_due()
    # Once the endpoint has taken one, it is asked for the rest at once.
    slugs = [each.data["data"]["slug"] for each in receiver.received]
    assert slugs == [
        "what-is-embolization",
        "what-is-a-biopsy",
        "what-is-embolization",
        "what-is-embolization",
    ]
    assert [each.data["type"] for each in receiver.received[2:]] == [
        "answer.published",
        "answer.stale",
    ]


async def test_nothing_but_2xx_is_success_and_nothing_is_followed(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    expected: list[tuple[int, str]] = []
    async with receiving() as elsewhere:
        for status in (301, 302, 307, 308, 304, 400, 401, 404, 429, 500, 503):
            receiver.says(status, f"Location: {elsewhere.url}")
            # Another answer each time, so that none waits for another.
            await hooks.publish(await hooks.ask(f"What is procedure number {status}?"))
            await hooks.deliveries().deliver_due()
            expected.append((status, "REDIRECT" if status < 400 else "STATUS"))
        assert elsewhere.connections == 0
    found = await hooks.rows(
        "SELECT a.status, a.failure FROM webhook_attempts a"
        " JOIN webhook_deliveries d ON d.id = a.delivery_id WHERE a.number = 1 ORDER BY d.sequence"
    )
    assert found == expected


async def test_every_2xx_is_success(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    for status in (200, 201, 202, 204, 299):
        receiver.says(status)
        await hooks.publish(await hooks.ask(f"What is procedure number {status}?"))
        await hooks.deliveries().deliver_due()
    assert await hooks.states() == [("DELIVERED", 1)] * 5


async def test_what_the_receiver_asks_for_is_waited_for(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    receiver.says(429, "Retry-After: 600")
    await hooks.publish(await hooks.ask())
    await hooks.deliveries().deliver_due()
    ((next_at,),) = await hooks.rows("SELECT next_attempt_at FROM webhook_deliveries")
    assert next_at - hooks.now == timedelta(seconds=600)
    # Not for ever.
    receiver.says(503, "Retry-After: 999999999")
    hooks.now = next_at
    await hooks.deliveries().deliver_due()
    ((next_at,),) = await hooks.rows("SELECT next_attempt_at FROM webhook_deliveries")
    assert next_at - hooks.now == timedelta(days=1)


async def test_an_endpoint_that_is_gone_gets_nothing_any_more(
    hooks: Hooks, receiver: Receiver
) -> None:
    partner = await hooks.partner()
    async with receiving() as other:
        await hooks.endpoint(other.url, partner=partner)
        await hooks.endpoint(receiver.url, partner=partner)
        receiver.says(410)
        question = await hooks.ask()
        await hooks.publish(question)
        await hooks.expire(question)
        await hooks.deliveries().deliver_due()
        await hooks.renew(question)
        hooks.later(days=1)
        await hooks.deliveries().deliver_due()
        assert len(receiver.received) == 1
        assert len(other.received) == 3
    assert sorted(await hooks.states()) == [
        *[("DELIVERED", 1)] * 3,
        ("GIVEN_UP", 0),
        ("GIVEN_UP", 1),
    ]
    found = await hooks.rows(
        "SELECT disabled_for FROM webhook_endpoints ORDER BY disabled_for NULLS FIRST"
    )
    assert found == [(None,), ("GONE",)]
    recorded = await hooks.rows(
        "SELECT actor_kind, detail ->> 'reason' FROM audit_events"
        " WHERE action = 'webhook_endpoint.disable'"
    )
    assert recorded == [("SYSTEM", "GONE")]


async def test_an_endpoint_that_fails_for_five_days_is_disabled(
    hooks: Hooks, receiver: Receiver
) -> None:
    made = await hooks.endpoint(receiver.url)
    receiver.says(500)
    question = await hooks.ask()
    await hooks.publish(question)
    deliveries = hooks.deliveries()
    for _ in range(4 * 6):
        await deliveries.deliver_due()
        hooks.later(hours=4)
    assert await hooks.rows("SELECT disabled_for FROM webhook_endpoints") == [(None,)]
    await hooks.expire(question)
    for _ in range(2 * 6):
        await deliveries.deliver_due()
        hooks.later(hours=4)
    assert await hooks.rows("SELECT disabled_for FROM webhook_endpoints") == [("FAILING",)]
    assert {state for state, _ in await hooks.states()} == {"GIVEN_UP"}
    # It begins anew once an administrator has it so, with what happens then.
    receiver.says(200)
    before = len(receiver.received)
    await hooks.renew(question)
    await hooks.update(made.endpoint.row.id, enabled=True)
    await hooks.retract(question)
    await deliveries.deliver_due()
    assert [each.data["type"] for each in receiver.received[before:]] == ["answer.retracted"]


async def test_a_success_begins_the_five_days_anew(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    question = await hooks.ask()
    await hooks.publish(question)
    deliveries = hooks.deliveries()
    for day in range(8):
        receiver.says(200 if day == 3 else 500)
        for _ in range(4):
            await deliveries.deliver_due()
            hooks.later(hours=6)
        await (hooks.renew if day % 2 else hooks.expire)(question)
    assert await hooks.rows("SELECT disabled_for FROM webhook_endpoints") == [(None,)]


async def test_a_worker_that_is_killed_loses_nothing_and_another_sends_it_again(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    taken = hooks.now + timedelta(seconds=60)
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        # It has begun, and is never heard of again.
        claimed = await queue_repository.claim(
            session, UUID(int=1), now=hooks.now, until=taken, without=()
        )
    assert claimed is not None
    await hooks.deliveries().deliver_due()
    assert receiver.received == []
    hooks.now = taken
    await hooks.deliveries().deliver_due()
    assert [each.id for each in receiver.received] == await ids(hooks)
    assert await hooks.states() == [("DELIVERED", 2)]
    # What it says then changes nothing.
    async with hooks.database.writing(SYSTEM_ROWS) as session:
        await queue_repository.hand_back(session, claimed)
    assert await hooks.states() == [("DELIVERED", 2)]


async def test_a_worker_that_stops_hands_back_what_it_is_at(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    reached, let_go = asyncio.Event(), asyncio.Event()

    async def hang(_: Received) -> None:
        reached.set()
        await let_go.wait()

    receiver.meanwhile = hang
    draining = hooks.deliveries()
    running = asyncio.create_task(draining.run())
    await reached.wait()
    draining.stop()
    await running
    let_go.set()
    receiver.meanwhile = None
    # At once, and no attempt is counted.
    assert await hooks.states() == [("PENDING", 0)]
    assert await hooks.rows("SELECT lease FROM webhook_deliveries") == [(None,)]
    assert await hooks.rows("SELECT 1 FROM webhook_attempts") == []
    await hooks.deliveries().deliver_due()
    assert len(receiver.received) == 2
    assert {each.id for each in receiver.received} == set(await ids(hooks))
    assert hooks.metrics.webhooks == {"handed_back": 1, "delivered": 1}


async def test_what_was_only_just_taken_is_handed_back_too(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    draining = hooks.deliveries(concurrency=1)
    assert await draining._begin_due()
    draining.stop()
    await draining.run()
    assert receiver.connections == 0
    assert await hooks.states() == [("PENDING", 0)]
    assert await hooks.rows("SELECT lease FROM webhook_deliveries") == [(None,)]


async def test_many_workers_send_each_event_once(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    questions = [await hooks.ask(f"What is procedure number {each}?") for each in range(6)]
    for question in questions:
        await hooks.publish(question)
        await hooks.expire(question)
    workers = [hooks.deliveries() for _ in range(4)]
    running = [asyncio.create_task(each.run()) for each in workers]
    await until(lambda: len(receiver.received) >= 12)
    for worker in workers:
        worker.stop()
    await asyncio.gather(*running)
    assert len(receiver.received) == 12
    assert {each.id for each in receiver.received} == set(await ids(hooks))
    for question in questions:
        types = [
            each.data["type"]
            for each in receiver.received
            if each.data["data"]["slug"] == "-".join(question.text.lower().strip("?").split())
        ]
        assert types == ["answer.published", "answer.stale"]


async def test_an_endpoint_that_hangs_leaves_places_for_the_others(
    hooks: Hooks, receiver: Receiver
) -> None:
    partner = await hooks.partner()
    await hooks.endpoint(receiver.url, partner=partner)
    let_go = asyncio.Event()

    async def hang(_: Received) -> None:
        await let_go.wait()

    receiver.meanwhile = hang
    async with receiving() as other:
        await hooks.endpoint(other.url, partner=partner)
        for each in range(8):
            await hooks.publish(await hooks.ask(f"What is procedure number {each}?"))
        working = hooks.deliveries(concurrency=6)
        running = asyncio.create_task(working.run())
        await until(lambda: len(other.received) == 8)
        assert len(receiver.received) == 4
        let_go.set()
        await until(lambda: len(receiver.received) == 8)
        working.stop()
        await running


async def test_what_is_published_is_sent_at_once_where_it_is_heard_of(
    hooks: Hooks, receiver: Receiver, told_url: str
) -> None:
    await hooks.endpoint(receiver.url)
    fanout, working = Fanout(told_url), hooks.deliveries()
    working.hear(fanout)
    listening = asyncio.create_task(fanout.run())
    await fanout.connected.wait()
    running = asyncio.create_task(working.run())
    await hooks.publish(await hooks.ask())
    await until(lambda: bool(receiver.received))
    working.stop()
    await running
    await stop_tasks(listening)


async def test_what_kills_each_worker_is_given_up_too(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    for number in range(MOST_TRIES):
        async with hooks.database.writing(SYSTEM_ROWS) as session:
            until_ = hooks.now + timedelta(seconds=60)
            assert await queue_repository.claim(
                session, UUID(int=number), now=hooks.now, until=until_, without=()
            )
        hooks.now = until_
    await hooks.deliveries().deliver_due()
    assert receiver.received == []
    assert await hooks.states() == [("GIVEN_UP", MOST_TRIES + 1)]


async def test_a_secret_that_does_not_open_is_no_reason_to_send_unsigned(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    (hooks.folder / "master.json").unlink()
    await hooks.deliveries().deliver_due()
    assert receiver.connections == 0
    assert await hooks.rows("SELECT failure FROM webhook_attempts") == [("SECRET_LOST",)]
    assert await hooks.states() == [("PENDING", 1)]


async def test_what_is_too_long_ago_is_forgotten(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    question = await hooks.ask()
    await hooks.publish(question)
    deliveries = hooks.deliveries()
    await deliveries.deliver_due()
    hooks.later(days=29)
    await hooks.expire(question)
    await deliveries.tidy()
    assert len(await hooks.rows("SELECT id FROM webhook_events")) == 2
    hooks.later(days=2)
    await deliveries.tidy()
    assert await hooks.rows("SELECT type FROM webhook_events") == [("answer.stale",)]
    assert await hooks.states() == [("PENDING", 0)]
    assert await hooks.rows("SELECT 1 FROM webhook_attempts") == []


async def test_a_time_out_is_one_over_all_and_a_slow_body_is_none(
    hooks: Hooks, receiver: Receiver
) -> None:
    await hooks.endpoint(receiver.url)
    let_go = asyncio.Event()

    async def hang(_: Received) -> None:
        await let_go.wait()

    receiver.meanwhile = hang
    await hooks.publish(await hooks.ask())
    deliveries = hooks.deliveries(Sender(timeout_s=0.3, private=True))
    await deliveries.deliver_due()
    let_go.set()
    assert await hooks.rows("SELECT status, failure FROM webhook_attempts") == [(None, "TIMED_OUT")]
    receiver.meanwhile = None
    # Taken, and then a megabyte is announced that never comes.
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nx"
    hooks.later(minutes=10)
    await deliveries.deliver_due()
    assert await hooks.states() == [("DELIVERED", 2)]
