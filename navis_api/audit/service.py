"""Recording who did or read what, when, and from where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.audit.detail import Detail, token, tokens_only
from navis_api.audit.models import AuditEvent

_ACTION = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a viewer's kind, such as `REVIEWER`, and the token's subject.

    Of a patient the database keeps the id in `patients` instead of the subject, or nothing where
    there is none, so that nothing here leads to them once that row is erased.
    """

    kind: str
    subject: str | None


SYSTEM_ACTOR = Actor("SYSTEM", None)
"""Our own code, for nobody in particular: the worker, an import."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where: the client's address or the process's name, and the id that the log has too.

    Both may come from outside: what is no single token is recorded as unknown.
    """

    address: str | None
    request_id: str | None


_UNKNOWN = Origin(address=None, request_id=None)


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    object_type: str | None = None,
    object_id: UUID | str | None = None,
    detail: Mapping[str, Detail] | None = None,
    origin: Origin | None = None,
    now: datetime,
) -> None:
    """Add one act to the record, in the transaction of `session`: it stands if the act does.

    `action` is `object.verb`, such as `answer.approve`. `detail` holds ids, states, counts
    and names of fields, never anybody's words: raises WordsInDetail (a ValueError) for
    anything else, and for an `action` or `object_id` with spaces. A session that isn't the
    system's can record its own viewer alone; the database refuses another.

    Call it last in a transaction: the head of the chain is held from here to its end, so
    that whoever waits for another lock afterwards could make two transactions wait for
    each other. What the session has pending is written first.
    """
    if not _ACTION.fullmatch(action):
        message = "an action is named `object.verb`"
        raise ValueError(message)
    where = origin or _UNKNOWN
    values = {
        "at": now,
        "actor_kind": actor.kind,
        "actor": actor.subject,
        "action": action,
        "object_type": tokens_only(object_type),
        "object_id": tokens_only(object_id),
        "detail": {} if detail is None else tokens_only(detail),
        "origin": token(where.address),
        "request_id": token(where.request_id),
    }
    await session.flush()
    # Inline: number and hashes come from a trigger, and not every viewer may read them back.
    await session.execute(insert(AuditEvent).inline().values(values))
