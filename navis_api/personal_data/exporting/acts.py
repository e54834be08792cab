"""Rows of the audit record as AuditEvents: who did or read what of the patient's, and when."""

from typing import Final

import orjson

from navis_api.audit.models import AuditEvent
from navis_api.identity.viewer import ViewerKind
from navis_api.personal_data.exporting.fhir import (
    OURS,
    Json,
    coding,
    concept,
    identifier,
    instant,
    part_id,
    reference,
    resource,
)
from navis_api.personal_data.exporting.repository import Holder

_IP_ADDRESS: Final = "2"
"""FHIR's network-type."""


def act(row: AuditEvent, holder: Holder) -> Json:
    """Return one act. Of anybody but the patient only the kind is said: names are theirs."""
    own = row.actor_kind == ViewerKind.PATIENT
    agent: Json = {
        "type": concept(row.actor_kind),
        "requestor": own,
        **({"who": reference(holder.id)} if own else {}),
    }
    if own and row.origin:
        agent["network"] = {"address": row.origin, "type": _IP_ADDRESS}
    return resource(
        "AuditEvent",
        part_id(holder.id, f"act {row.sequence}"),
        type=coding(f"{OURS}:audit", "act"),
        subtype=[coding(f"{OURS}:action", row.action)],
        recorded=instant(row.at),
        agent=[agent],
        source={"observer": {"display": "Navis API"}},
        entity=[_entity(row)] if row.object_type or row.detail else None,
    )


def _entity(row: AuditEvent) -> Json:
    what = (
        {"what": {"identifier": identifier(row.object_type or "object", row.object_id)}}
        if row.object_id
        else {}
    )
    detail = [
        {"type": name, "valueString": value if isinstance(value, str) else _packed(value)}
        for name, value in row.detail.items()
    ]
    return {**what, **({"detail": detail} if detail else {}), **_kind(row)}


def _kind(row: AuditEvent) -> Json:
    return {"type": coding(f"{OURS}:object", row.object_type)} if row.object_type else {}


def _packed(value: object) -> str:
    return orjson.dumps(value).decode()
