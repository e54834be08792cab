"""What partners get, judged by the verifier that they use, and what may stand in it."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError

from navis_api.graphql.relay import global_id
from navis_api.kit.clock import utc_now
from navis_api.partners.webhooks import service
from navis_api.partners.webhooks.secrets import Secret
from tests.partners.webhooks.receiver import Received, Receiver
from tests.partners.webhooks.world import SITE, Hooks
from tests.partners.world import ADMINISTRATOR, acting


def verified(received: Received, secret: str, **changed: str) -> None:
    Webhook(secret).verify(
        changed.pop("body", received.body.decode()), {**received.headers, **changed}
    )


async def test_the_official_verifier_takes_ours_and_nothing_that_was_changed(
    hooks: Hooks, receiver: Receiver
) -> None:
    hooks.now = utc_now()
    made = await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    await hooks.deliveries().deliver_due()
    (received,) = receiver.received
    verified(received, made.secret)
    # Whatever is changed of what is signed, and any other secret.
    timestamp = int(received.headers["webhook-timestamp"])
    for changed in (
        {"body": received.body.decode().replace("published", "retracted")},
        {"body": received.body.decode() + " "},
        {"webhook-id": received.id + "0"},
        {"webhook-timestamp": str(timestamp + 1)},
        {"webhook-signature": received.headers["webhook-signature"].replace("v1,", "v1a,")},
        {"webhook-signature": "v1," + base64.b64encode(bytes(32)).decode()},
    ):
        with pytest.raises(WebhookVerificationError):
            verified(received, made.secret, **changed)
    with pytest.raises(WebhookVerificationError):
        verified(received, Secret.new().text)


async def test_what_was_signed_long_ago_is_refused_by_the_official_verifier(
    hooks: Hooks, receiver: Receiver
) -> None:
    made = await hooks.endpoint(receiver.url)
    await hooks.publish(await hooks.ask())
    receiver.says(500)
    for ago in (timedelta(minutes=6), timedelta(minutes=-6), timedelta(0)):
        hooks.now = utc_now() - ago
        async with hooks.database.writing(ADMINISTRATOR) as session:
            await session.execute(text("UPDATE webhook_deliveries SET next_attempt_at = NULL"))
        await hooks.deliveries().deliver_due()
    old, new, current = receiver.received
    for one in (old, new):
        with pytest.raises(WebhookVerificationError):
            verified(one, made.secret)
    # Each attempt is signed anew: the same message, at another time.
    verified(current, made.secret)
    assert old.id == current.id
    assert old.body == current.body
    assert old.headers["webhook-signature"] != current.headers["webhook-signature"]


async def test_while_a_secret_is_rotated_both_verify_and_then_the_new_one_alone(
    hooks: Hooks, receiver: Receiver
) -> None:
    hooks.now = began = utc_now() - timedelta(hours=2)
    old = await hooks.endpoint(receiver.url)
    async with hooks.database.writing(ADMINISTRATOR) as session:
        new = await service.rotate_secret(
            session,
            old.endpoint.row.id,
            overlap=timedelta(hours=2),
            rules=hooks.rules,
            acting=acting(hooks.now),
        )
    assert new.secret != old.secret
    question = await hooks.ask()
    hooks.now = utc_now() - timedelta(minutes=1)
    await hooks.publish(question)
    await hooks.deliveries().deliver_due()
    hooks.now = began + timedelta(hours=2)
    await hooks.expire(question)
    await hooks.deliveries().deliver_due()
    during, after = receiver.received
    verified(during, old.secret)
    verified(during, new.secret)
    # The newest comes first.
    first, second = during.headers["webhook-signature"].split(" ")
    verified(during, new.secret, **{"webhook-signature": first})
    verified(during, old.secret, **{"webhook-signature": second})
    verified(after, new.secret)
    with pytest.raises(WebhookVerificationError):
        verified(after, old.secret)


async def test_it_holds_ids_and_an_address_and_no_words(hooks: Hooks, receiver: Receiver) -> None:
    await hooks.endpoint(receiver.url)
    question = await hooks.ask("What is embolization?")
    await hooks.publish(question, summary="A canary sings.")
    await hooks.retract(question)
    await hooks.deliveries().deliver_due()
    ((answer_id,),) = await hooks.rows("SELECT DISTINCT answer_id FROM webhook_events")
    published, retracted = receiver.received
    assert published.data == {
        "type": "answer.published",
        "timestamp": "2026-11-21T12:00:00.000Z",
        "data": {
            "answerId": global_id("Answer", answer_id),
            "slug": "what-is-embolization",
            "url": f"{SITE}/answers/what-is-embolization",
            "revision": 1,
        },
    }
    assert retracted.data["type"] == "answer.retracted"
    assert retracted.data["data"] == published.data["data"]
    for received in receiver.received:
        assert received.headers["content-type"] == "application/json"
        assert "wrong" not in received.body.decode()
        assert received.headers.keys() == {
            *("host", "content-type", "content-length", "user-agent", "accept-encoding"),
            *("connection", "webhook-id", "webhook-timestamp", "webhook-signature"),
        }


def test_a_secret_is_256_bits_behind_its_prefix_and_shows_in_no_repr() -> None:
    one, other = Secret.new(), Secret.new()
    assert one.text.startswith("whsec_")
    assert len(base64.b64decode(one.text.removeprefix("whsec_"), validate=True)) == 32
    assert one != other
    assert one.text[6:] not in repr(one)
    assert str(one.key) not in repr(one)
