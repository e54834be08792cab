"""The little of FHIR R4 that several resources share: names of ours, references, codings, texts.

Resources are plain JSON, as https://hl7.org/fhir/R4/ has them: what is written here is checked
against a validator's models in the tests, and read by whoever the patient takes it to.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

import orjson

Json: TypeAlias = dict[str, Any]

OURS: Final = "urn:navis-api"
"""What our own systems and extensions begin with: no registry knows them."""

SUBJECT_SYSTEM: Final = f"{OURS}:subject"
"""The identity provider's name for a patient."""
PATIENT_SYSTEM: Final = f"{OURS}:patient"
"""Our own id for a patient, as in the audit record."""

# Below the space JSON knows more characters than FHIR (datatypes, "string"), and a half
# surrogate is no character at all.
_NO_CHARACTER: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def text(given: str | None) -> str | None:
    """Return a text as FHIR can hold it; None where nothing is left to be seen of it."""
    if given is None or not given.strip():
        return None
    return _NO_CHARACTER.sub(_REPLACEMENT, given)


def extension(name: str, **value: object) -> Json:
    """Return an extension of ours, as in `extension("quote", valueString=…)`."""
    return {"url": f"{OURS}:{name}", **value}


def parts(name: str, *inner: Json | None) -> Json | None:
    """Return an extension that is made of others; None where there are none."""
    present = [each for each in inner if each is not None]
    return extension(name, extension=present) if present else None


def said(name: str, given: str | None) -> Json | None:
    """Return a text as an extension of ours, or None where there is none."""
    written = text(given)
    return None if written is None else extension(name, valueString=written)


def reference(resource_id: UUID) -> Json:
    """Return a reference to another entry of the bundle."""
    return {"reference": f"urn:uuid:{resource_id}"}


def identifier(kind: str, value: object) -> Json:
    """Return an identifier of ours, such as `identifier("answer", answer_id)`."""
    return {"system": f"{OURS}:{kind}", "value": str(value)}


def part_id(of: UUID, name: str) -> UUID:
    """Return the id of what has none here: always the same for the same thing."""
    return uuid5(of, name)


def coding(system: str, code: str, display: str | None = None) -> Json:
    """Return a coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(named: str | None, codings: Sequence[Json] = ()) -> Json:
    """Return a codeable concept; one of the two has to be there."""
    written = text(named)
    return {
        **({"coding": list(codings)} if codings else {}),
        **({"text": written} if written else {}),
    }


def instant(moment: datetime) -> str:
    """Return a moment to the millisecond, in UTC."""
    written = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return written.replace("+00:00", "Z")


def some(*given: Json | None) -> list[Json]:
    """Return those that are there."""
    return [each for each in given if each is not None]


def resource(kind: str, id_: UUID, **elements: object) -> Json:
    """Return a resource without what it doesn't have: FHIR knows no null and no empty list."""
    present = {name: value for name, value in elements.items() if value not in (None, [], {})}
    return {"resourceType": kind, "id": str(id_), **present}


def entry(found: Json) -> bytes:
    """Return a resource as an entry of a bundle, in JSON."""
    return orjson.dumps({"fullUrl": f"urn:uuid:{found['id']}", "resource": found})


def outcome(about: UUID, what: str, item_id: UUID) -> Json:
    """Return that something doesn't open: `what` names its kind, `item_id` which it is.

    `about` is an entry of the bundle that it belongs to.
    """
    return resource(
        "OperationOutcome",
        part_id(item_id, f"outcome {what}"),
        issue=[
            {
                "severity": "error",
                "code": "incomplete",
                "details": {"coding": [coding(f"{OURS}:missing", what)]},
                "diagnostics": "What is stored is not what was sealed, so it can't be given.",
                "extension": [
                    extension("about", valueReference=reference(about)),
                    extension("missing", valueIdentifier=identifier(what, item_id)),
                ],
            }
        ],
    )
