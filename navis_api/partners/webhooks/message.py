"""What an endpoint is sent: a thin payload, and the three headers that vouch for it.

Source: Standard Webhooks 1.0.0, "Payload structure", "Signature scheme" and "Webhook headers".
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson

from navis_api.kit.ids import packed_id
from navis_api.partners.webhooks.models import WebhookEvent
from navis_api.partners.webhooks.secrets import Secret

_ID = "msg_"
_VERSION = "v1"


def webhook_id(event_id: UUID) -> str:
    """Return what receivers know an event by, however often it comes, and to whom."""
    return f"{_ID}{event_id.hex}"


def payload(event: WebhookEvent, *, site: str) -> bytes:
    """Return an event as JSON, to the letter the same each time.

    Ids, the address and the revision, as the API has them, and not a word of what somebody
    asked or we answered: that is looked up, by whoever may. `site` is the API's address,
    without a slash at its end.
    """
    data: dict[str, str | int] = {}
    if event.question_id is not None:
        data["questionId"] = packed_id("Question", event.question_id)
    data |= {
        "answerId": packed_id("Answer", event.answer_id),
        "slug": event.slug,
        "url": f"{site}/answers/{event.slug}",
        "revision": event.revision,
    }
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps({"type": event.type.value, "timestamp": at, "data": data})


def headers(
    event_id: UUID, body: bytes, secrets: Sequence[Secret], *, now: datetime
) -> dict[str, str]:
    """Return the headers of one attempt, signed with each secret, the newest first."""
    id_, timestamp = webhook_id(event_id), str(int(now.timestamp()))
    signed = f"{id_}.{timestamp}.".encode() + body
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: Secret, signed: bytes) -> str:
    mac = hmac.digest(secret.key, signed, "sha256")
    return f"{_VERSION},{base64.b64encode(mac).decode()}"
