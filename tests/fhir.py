"""Bundles held against FHIR R4 by a library that isn't ours."""

import json
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel

Resource = dict[str, Any]

# Where FHIR's own short text ends in "+", fhir.resources 8.3 lists only what stands before it.
# The rest is from https://hl7.org/fhir/R4/valueset-observation-status.html and the like.
_LEFT_OUT = {
    ("Observation", "status"): {"corrected", "cancelled", "entered-in-error", "unknown"},
}


def checked(bundle: bytes | Resource) -> list[Resource]:
    """The resources of a bundle, in their order. Each is valid, and is named once; whatever
    refers to another one within the bundle refers to one that is there."""
    told = json.loads(bundle) if isinstance(bundle, bytes) else bundle
    valid(told)
    assert told["resourceType"] == "Bundle"
    assert told["type"] == "collection"
    resources = [each["resource"] for each in told["entry"]]
    addresses = [each["fullUrl"] for each in told["entry"]]
    assert addresses == [f"urn:uuid:{each['id']}" for each in resources]
    assert len(set(addresses)) == len(addresses)
    for each in resources:
        valid(each)
        assert set(references(each)) <= set(addresses), each
    return resources


def valid(resource: Resource) -> None:
    """Raise unless a resource is of FHIR's form, with codes from the lists that FHIR fixes."""
    model = get_fhir_model_class(resource["resourceType"])
    _codes_are_known(model.model_validate(resource))
    # Condition, con-5.
    if _code(resource, "verificationStatus") == "entered-in-error":
        assert "clinicalStatus" not in resource


def _code(resource: Resource, name: str) -> str | None:
    return resource[name]["coding"][0]["code"] if name in resource else None


def _codes_are_known(model: BaseModel) -> None:
    """The library lists the codes of required bindings, and leaves it to us to compare them."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        extra = field.json_schema_extra
        allowed = extra.get("enum_values") if isinstance(extra, dict) else None
        if allowed and value is not None:
            assert isinstance(allowed, list)
            given = value if isinstance(value, list) else [value]
            of = (type(model).__name__, name)
            assert set(given) <= set(map(str, allowed)) | _LEFT_OUT.get(of, set()), (*of, value)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, BaseModel):
                _codes_are_known(each)


def references(told: Any) -> Iterator[str]:
    """Every address within the bundle that is named anywhere."""
    if isinstance(told, dict):
        for name, value in told.items():
            if name in {"reference", "url"} and str(value).startswith("urn:uuid:"):
                yield value
            else:
                yield from references(value)
    elif isinstance(told, list):
        for each in told:
            yield from references(each)


def of_type(resources: list[Resource], kind: str) -> list[Resource]:
    return [each for each in resources if each["resourceType"] == kind]


def extensions(resource: Resource) -> dict[str, Any]:
    """Our extensions by their names, each with its value or the extensions within."""
    return {
        each["url"].removeprefix("urn:navis-api:"): next(
            value for name, value in each.items() if name != "url"
        )
        for each in resource.get("extension", [])
    }
