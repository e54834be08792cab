"""Parts of FHIR resources read leniently from plain JSON: whatever has another type isn't there.

Only what findings need is read. The shapes are those of FHIR R4 (hl7.org/fhir/R4); R4B and R5
differ in none of these parts but `medication`, which is read in both forms.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from navis_api.records.extraction.codes.codings import Coding

Element = dict[str, Any]


def element(parent: Element, name: str) -> Element:
    """Return the object at `name`, or an empty one."""
    found: Any = parent.get(name)
    return cast("Element", found) if isinstance(found, dict) else {}


def elements(parent: Element, name: str) -> list[Element]:
    """Return the objects of the list at `name`; a single object counts as a list of one."""
    found: Any = parent.get(name)
    if isinstance(found, dict):
        return [cast("Element", found)]
    if not isinstance(found, list):
        return []
    return [cast("Element", each) for each in cast("list[Any]", found) if isinstance(each, dict)]


def text(parent: Element, name: str) -> str:
    """Return the text at `name`, or an empty one."""
    found: Any = parent.get(name)
    return found if isinstance(found, str) else ""


def codings(concept: Element, path: str) -> list[Coding]:
    """Return the codings of a CodeableConcept; its `text` is one without a code."""
    found = [
        Coding(
            text(each, "system"),
            text(each, "code"),
            text(each, "display") or text(concept, "text"),
            f"{path}.coding[{at}]",
        )
        for at, each in enumerate(elements(concept, "coding"))
    ]
    said = text(concept, "text")
    if said and all(each.display != said for each in found):
        found.append(Coding("", "", said, f"{path}.text"))
    return found


def listed_codings(parent: Element, name: str, path: str) -> list[Coding]:
    """Return the codings of all CodeableConcepts in the list at `name`."""
    return [
        coding
        for at, concept in enumerate(elements(parent, name))
        for coding in codings(concept, f"{path}.{name}[{at}]")
    ]


def code_of(parent: Element, name: str) -> str:
    """Return the code of a status: a plain code, or the first of a CodeableConcept."""
    plain = text(parent, name)
    if plain:
        return plain
    found = elements(element(parent, name), "coding")
    return text(found[0], "code") if found else text(element(parent, name), "text")


def profiles(resource: Element) -> str:
    """Return the addresses of the profiles that a resource claims, in one text."""
    found: Any = element(resource, "meta").get("profile")
    if not isinstance(found, list):
        return ""
    return " ".join(str(each) for each in cast("list[Any]", found)).lower()


def extensions(parent: Element, ending: str) -> Iterator[Element]:
    """Give the extensions whose address ends so."""
    return (each for each in elements(parent, "extension") if text(each, "url").endswith(ending))


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(parent: Element, *names: str) -> date | None:
    """Return the first whole date among these elements: a date, a dateTime, a Period's start."""
    for name in names:
        said = text(parent, name) or text(element(parent, name), "start")
        found = _DAY.match(said)
        if found is not None:
            try:
                return date.fromisoformat(found.group())
            except ValueError:
                continue
    return None
