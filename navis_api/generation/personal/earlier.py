"""Treatments that a text says were given before: "previously treated with", "progressed on"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.understanding import ConceptKind, understand

ANY_TREATMENT: Final = "any"
"""The key of earlier treatment that isn't named."""

_GIVEN = re.compile(
    r"\b(?:(?:previously|already)\s+(?:been\s+)?(?:treated|received|had|given)(?:\s+with)?"
    r"|(?:has|have|had)\s+(?:already\s+)?(?:been\s+treated\s+with|received|tried)"
    r"|(?:prior|previous|earlier)\s+(?:treatments?|therap(?:y|ies))(?:\s+with)?"
    r"|(?:progress\w*|gr(?:o|e)wn?|got(?:ten)?\s+worse|worsened)\s+(?:on|after|during|following|despite|with)"
    r"|(?:resistant|refractory)\s+to"
    r"|(?:did|does|do|has|have)\s*(?:not|n['’]t)\s+(?:respond(?:ed)?\s+to|been\s+helped\s+by)"
    r"|(?:stopped|no\s+longer)\s+(?:responding\s+to|working)"
    r"|after\s+(?:treatment|failure|progression)\s+(?:with|of|on))\s*",
    re.IGNORECASE,
)
_NAMED_WITHIN: Final = 70
_CLAUSE_END = re.compile(r"[.;:]")


@dataclass(frozen=True, slots=True)
class EarlierTreatment:
    """A treatment that has to have been given, at `text[start:end]`.

    `key` is a drug's, a regimen's or a kind of treatment's, or ANY_TREATMENT.
    """

    key: str
    start: int
    end: int


def earlier_treatments(text: str) -> Iterator[EarlierTreatment]:
    """Yield the earlier treatments that a text makes a condition."""
    for found in _GIVEN.finditer(text):
        behind = text[found.end() : found.end() + _NAMED_WITHIN]
        stop = _CLAUSE_END.search(behind)
        behind = behind[: stop.start()] if stop else behind
        keys = list(_named(behind)) or [ANY_TREATMENT]
        for key in dict.fromkeys(keys):
            yield EarlierTreatment(key, found.start(), found.end())


def _named(text: str) -> Iterator[str]:
    """Yield the drugs that are named, or else the kinds of treatment."""
    kinds = {TermKind.DRUG, TermKind.REGIMEN, TermKind.DRUG_CLASS}
    drugs = [each.term.key for each in find_terms(text) if each.term.kind in kinds]
    if drugs:
        yield from drugs
        return
    for spoken in understand(text).concepts:
        if spoken.concept.kind is ConceptKind.TREATMENT:
            yield spoken.concept.key
