"""Results in FHIR: every form of `value[x]`, for observations and their components."""

from typing import Any

from navis_api.records.extraction.codes.answers import answer_of, interpreted
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.fhir.elements import (
    Element,
    codings,
    element,
    listed_codings,
    text,
)


def results_of(node: Element, path: str) -> list[Coding]:
    """Return a result that is told in codes or words, numbers without a unit among them."""
    found = codings(element(node, "valueCodeableConcept"), f"{path}.valueCodeableConcept")
    for name in ("valueString", "valueInteger"):
        said = node.get(name)
        if isinstance(said, (str, int)) and not isinstance(said, bool) and str(said).strip():
            found.append(Coding("", "", str(said), f"{path}.{name}"))
    quantity, _ = _quantity(element(node, "valueQuantity"))
    if quantity is not None:
        found.append(Coding("", "", quantity, f"{path}.valueQuantity"))
    return found


def value_of(node: Element, path: str) -> tuple[str | None, str | None]:
    """Return a result and its unit; (None, None) when there is none, or only a reason why."""
    value, unit = _quantity(element(node, "valueQuantity"))
    if value is not None:
        return value, unit
    for form in (_range, _ratio):
        value, unit = form(node)
        if value is not None:
            return value, unit
    said = answer_of(results_of(node, path))
    return (said or interpreted(listed_codings(node, "interpretation", path))), None


def is_said(node: Element) -> bool | None:
    """Return a result that is yes or no; None for any other."""
    said = node.get("valueBoolean")
    return said if isinstance(said, bool) else None


def _quantity(quantity: Element) -> tuple[str | None, str | None]:
    number: Any = quantity.get("value")
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return None, None
    unit = text(quantity, "unit") or text(quantity, "code") or None
    return f"{text(quantity, 'comparator')}{number}", unit


def _range(node: Element) -> tuple[str | None, str | None]:
    limits = element(node, "valueRange")
    (low, unit), (high, other) = (_quantity(element(limits, end)) for end in ("low", "high"))
    if low is not None and high is not None:
        return f"{low}-{high}", unit or other
    if low is not None:
        return f">={low}", unit
    return (f"<={high}", other) if high is not None else (None, None)


def _ratio(node: Element) -> tuple[str | None, str | None]:
    ratio = element(node, "valueRatio")
    (above, unit), (below, per) = (
        _quantity(element(ratio, part)) for part in ("numerator", "denominator")
    )
    if above is None or below is None:
        return None, None
    if float(below) == 1:
        return above, "/".join(filter(None, (unit, per))) or None
    return f"{above}:{below}", None
