"""A glossary beside an answer: the terms that its claims use and leave unexplained.

Claims are quotes to the letter, so nothing is written into them. Explanations are our own.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term, what it means in plain words, and where the explanation is from."""

    term: str
    explanation: str
    source: str


class _Term(TypedDict):
    term: str
    explanation: str
    also: NotRequired[list[str]]


class _Glossary(TypedDict):
    source: str
    terms: list[_Term]


# What a source writes where it explains a word by itself: "metastasis (spread to ...)",
# "Lobectomy is surgery to ...", "... is called adjuvant therapy", "(a form of imaging)".
_BRACKET = re.compile(
    r"(?:\s+\([^)\s]{1,12}\))?(?:\s+\((?=[^)]*[a-z][^)]* )|:\s|,? (?:which|that) is )"
)
_DEFINES = re.compile(
    r"(?:\s+\([^)]*\))?(?:\s+\w+)?,?\s+(?:is|are|uses?|means|refers to|removes|helps?|involves)\s",
)
_CALLED = re.compile(
    r"\b(?:called|known as|term for this is)(?:\s+(?:an?|the))?\s+[“\"]?$", re.IGNORECASE
)
_OPEN_BRACKET = re.compile(r"\w\s+\([^()]*$")
_AT_START = 4


def glossary_of(claims: Iterable[str]) -> list[GlossaryEntry]:
    """Return an entry for each term of the claims, in the order of first use.

    `claims` are an answer's claims in reading order. A term that one of them explains by itself
    has no entry.
    """
    used: dict[str, GlossaryEntry] = {}
    explained: set[str] = set()
    pattern, entries = _pattern(), _entries()
    for claim in claims:
        for found in pattern.finditer(claim):
            entry = entries[_folded(found["form"])]
            # "Computed tomography (CT scan)" has another name in its brackets, no explanation.
            is_new = entry.term not in used
            used.setdefault(entry.term, entry)
            if _is_explained(claim, found.start(), found.end(), in_brackets_too=is_new):
                explained.add(entry.term)
    return [entry for term, entry in used.items() if term not in explained]


def _is_explained(claim: str, start: int, end: int, *, in_brackets_too: bool) -> bool:
    before, after = claim[:start], claim[end:]
    if _BRACKET.match(after) or _CALLED.search(before):
        return True
    if in_brackets_too and _OPEN_BRACKET.search(before) and after.lstrip(" s").startswith(")"):
        return True
    return len(before) <= _AT_START and _DEFINES.match(after) is not None


@cache
def _pattern() -> re.Pattern[str]:
    """Match any form as whole words, the longest one, in the singular or with an s."""
    forms = sorted(_entries(), key=lambda form: (-len(form), form))
    written = "|".join(re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
    return re.compile(rf"(?<![\w-])(?P<form>{written})s?(?![\w-])", re.IGNORECASE)


@cache
def _entries() -> dict[str, GlossaryEntry]:
    """Return the glossary by each folded form of a term."""
    text = files("navis_api.answers").joinpath("glossary.json").read_text(encoding="utf-8")
    held: _Glossary = json.loads(text)
    return {
        _folded(form): GlossaryEntry(term["term"], term["explanation"], held["source"])
        for term in held["terms"]
        for form in (term["term"], *term.get("also", ()))
    }


def _folded(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form).lower()
