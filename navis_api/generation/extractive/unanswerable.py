"""Questions on what no source knows: a drug that is too new, a product, a place nearby.

An answer on the cancer in general would read as one on what is named.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from navis_api.generation.contract import Abstention
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.closing import (
    abstention,
    abstention_on_names,
    abstention_on_places,
)
from navis_api.generation.extractive.matching import readable
from navis_api.generation.extractive.parts_asked import parts_asked
from navis_api.generation.extractive.places_asked import SERVICE_IN, is_of_a_place
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.staging_systems import is_of_a_system
from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words
from navis_api.vocabulary.terms import TermKind, find_terms

_DRUGS = frozenset({TermKind.DRUG, TermKind.REGIMEN})
# "ZNF814", "HARMONi-6", "DCISionRT": no word of the language. "pT3N1" is a stage.
_CODE = re.compile(
    r"\b(?![cpy]{0,2}[Tt]\d)(?=\w*[A-Za-z])(?=\w*\d)[A-Za-z][A-Za-z0-9]{3,}\b"
    r"|\b(?!(?i:covid)-)[A-Za-z]{4,}-\d{1,3}\b|\b[A-Z]{2,}[a-z]{2,}[A-Z]+\b"
    r"|\b(?!Ma?c)[A-Z][a-z]{2,}(?:[A-Z][a-z]*)+\b"
)
# "What is zolemtirsen", "does zolemtirsen work": the one word that is asked about.
_ASKED_ABOUT = re.compile(
    r"\b(?:what(?:'s| is| are)|heard of|tell me about|tried) (?P<one>[a-z][a-z-]{4,})"
    r"(?=\W*$|[?.,!]| and\b| for\b| in\b| does\b| do\b)"
    r"|\b(?:do|does|did|can|could|will|would|is|has|have) (?P<other>[a-z][a-z-]{4,})"
    r"(?= (?:work|help|cure|treat|slow|shrink|stop|kill|been|used|approved|available|better"
    r"|effective|any good|worth)\b)"
    r"|\b(?P<product>[a-z][a-z-]{3,}) (?:mats?|devices?|machines?|bracelets?|capsules?|drops|tea"
    r"|protocol|supplements?|powder|tonic|patches|gadgets?|test kits?)\b",
    re.IGNORECASE,
)
# "The Galleri blood test", "an Oura ring": a name in the middle of a sentence.
_NAMED = re.compile(r"(?<=[a-z,;(-] )[A-Z][A-Za-z]*[a-z][A-Za-z]*(?:-\w+)?\b(?!')")
_SOMEBODY = re.compile(
    r"\b(?:husband|wife|partner|mother|father|mum|mom|dad|son|daughter|sister|brother|friend|aunt"
    r"|uncle|gran\w*|nan|cousin|dr\.?|doctor|prof\w*|mrs?\.?|ms\.?|nurse|called|named|i'?m|it'?s)"
    r"[ ,(]*$",
    re.IGNORECASE,
)
_OF_PLACE = re.compile(r"\b(?:in|from|at|near|to|of|by|outside|around)(?: the)?$", re.IGNORECASE)
# What somebody takes or has had is told, and what is asked may be something else.
_HAD = re.compile(
    r"\b(?:on|take|taking|takes|took|after|since|had|has had|failed|finish(?:ed)?|started|using"
    r"|stopped|been given|having|beside|besides|with)(?: (?:my|his|her|their|the|a|both|and|of"
    r"|\w+ly|cycles?|doses?|course|months?|weeks?|\d+)){0,4}$",
    re.IGNORECASE,
)
# "Would Ann-7 have surgery?": somebody, of whom no source need know.
_DOES = re.compile(r"\s+(?:have|has|had|need|needs|get|gets|take|takes|want|wants|undergo|be)\b")
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their)\b"
    r"|\b(?:this|that|these|those)\b(?=\W*$|\s+(?:is|are|does|do|means?|compares?|works?|helps?|ok(?:ay)?|safe|drugs?"
    r"|pills?|tests?|numbers?|results?|scores?)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\W*(?:what|which|who|how|why|when|where|is|are|do|does|did|can|could|should|will|would"
    r"|may|might|has|have|any|and)\b",
    re.IGNORECASE,
)
_OF_THE_FUTURE = re.compile(
    r"\bby (?:the year )?20[2-9]\d\b|\bwhen will\b[^?.]*\b(?:approved|licensed|available|out)\b",
    re.IGNORECASE,
)


def unanswerable(text: str, asked: Asked, found: Found) -> Abstention | None:
    """Return why a question has no answer, whatever else the sources tell of the cancer."""
    if asked.judges_somebody or asked.is_of_a_place:
        # What is left of the question has an answer.
        return None
    unknown = _Unknown(text, asked, found)
    parts = [part for part in parts_asked(text) if _ASKS.search(part)] or [text]
    if all(is_of_a_place(part) or unknown.is_town(part) for part in parts):
        return abstention_on_places()
    if all(_OF_THE_FUTURE.search(part) for part in parts):
        return abstention(asked, cancer_is_covered=True)
    return abstention_on_names(asked) if unknown.decides(parts) else None


class _Unknown:
    """The words of a question that are no words of its language, as far as the sources know."""

    def __init__(self, text: str, asked: Asked, found: Found) -> None:
        things = [*asked.required, *asked.circumstances]
        told = (found.exact, found.wider, found.narrower, found.others, found.general, found.alike)
        self._text = text
        self._things = {label: thing for thing in things for label in words(thing.label)}
        self._blocks = list(chain(*told))

    def is_town(self, part: str) -> bool:
        """Whether a part asks for what there is of something in a town."""
        service = SERVICE_IN.search(part)
        return service is not None and self._is_unknown(service["town"])

    def decides(self, parts: Sequence[str]) -> bool:
        """Whether each part of the question is about something named that no source speaks of."""
        text = self._text
        unknown = [(start, end) for start, end in _names(text) if self._is_unknown(text[start:end])]
        told = [text[start:end] for start, end in unknown]
        decisive = [
            text[start:end]
            for start, end in unknown
            if not (_HAD.search(text[:start].rstrip()) or _DOES.match(text, end))
        ]
        if not decisive and not (told and _POINTS_BACK.search(parts[-1])):
            return False
        names = decisive or told
        return all(
            any(name in part for name in names) or _POINTS_BACK.search(part) for part in parts
        )

    def _is_unknown(self, name: str) -> bool:
        if is_of_a_system(name):
            # A stage or a score is no product that may be too new.
            return False
        named = [self._things[word] for word in words(name) if word in self._things]
        return bool(named) and not any(_is_said(thing, self._blocks) for thing in named)


def _names(text: str) -> Iterator[tuple[int, int]]:
    for mention in find_terms(text):
        if mention.term.kind in _DRUGS:
            yield mention.start, mention.end
    for found in _CODE.finditer(text):
        yield found.span()
    for found in _NAMED.finditer(text):
        before = text[: found.start()].rstrip()
        if not (_SOMEBODY.search(before) or _OF_PLACE.search(before)):
            yield found.span()
    for found in _ASKED_ABOUT.finditer(text):
        yield next(found.span(name) for name in found.groupdict() if found[name])


def _is_said(thing: Telling, blocks: Sequence[Block]) -> bool:
    return any(
        thing.is_said(block.body) or thing.is_said(readable(" ; ".join(block.first.headings)))
        for block in blocks
    )
