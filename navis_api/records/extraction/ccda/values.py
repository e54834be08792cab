"""Results and codes of a C-CDA entry, in all the forms that data types R1 have for them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from navis_api.records.extraction.ccda.document import Node
from navis_api.records.extraction.codes.answers import answer_of, interpreted
from navis_api.records.extraction.codes.codings import Coding

_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_LIMIT: Final = ("", None)


def codings(concept: Node | None, named: Mapping[str, Node]) -> list[Coding]:
    """Return the codings of a coded element and its translations, with text that it refers to."""
    if concept is None:
        return []
    said = _original_text(concept, named)
    found = [
        Coding(node.get("codeSystem"), node.get("code"), node.get("displayName") or said, node.path)
        for node in (concept, *concept.all("translation"))
        if node.get("code") or node.get("displayName")
    ]
    if not found and said:
        found.append(Coding("", "", said, concept.path))
    if not found and concept.words:
        found.append(Coding("", "", concept.text, concept.path))
    return found


def value_of(
    observation: Node, value: Node | None, named: Mapping[str, Node]
) -> tuple[str | None, str | None]:
    """Return an observation's result and its unit; (None, None) when it has none."""
    if value is not None:
        if value.get("value") and not value.get("nullFlavor"):
            return value.get("value"), value.get("unit") or None
        said, unit = _between(value)
        if said:
            return said, unit
        answer = answer_of(codings(value, named))
        if answer is not None:
            return answer, None
    judged = [
        Coding("", code.get("code"), code.get("displayName"), code.path)
        for code in observation.all("interpretationCode")
    ]
    return interpreted(judged), None


def day(entry: Node) -> date | None:
    """Return the day of an entry, or that on which it began."""
    time = entry.first("effectiveTime")
    if time is None:
        return None
    low = time.first("low")
    found = _DAY.match(time.get("value") or (low.get("value") if low is not None else ""))
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _between(value: Node) -> tuple[str, str | None]:
    """Return an interval as a report would write it: "5-10", "<0.1"."""
    (low, unit), (high, other) = _limit(value.first("low")), _limit(value.first("high"))
    if low and high:
        return f"{low}-{high}", unit or other
    if low or high:
        end = value.first("low" if low else "high")
        is_open = end is not None and end.get("inclusive") != "true"
        sign = (">" if low else "<") + ("" if is_open else "=")
        return f"{sign}{low or high}", unit or other
    return _NO_LIMIT


def _limit(end: Node | None) -> tuple[str, str | None]:
    if end is None or end.get("nullFlavor"):
        return _NO_LIMIT
    return end.get("value"), end.get("unit") or None


def _original_text(concept: Node, named: Mapping[str, Node]) -> str:
    original = concept.first("originalText")
    if original is None:
        return ""
    reference = original.first("reference")
    referred = named.get(reference.get("value").lstrip("#")) if reference is not None else None
    return referred.text if referred is not None else original.text
