"""Questions on what no source knows: a drug that is too new, a product, a place nearby.

An answer on the cancer in general would read as one on what is named.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from navis_api.generation.contract import Abstention
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.closing import abstention_on_names, abstention_on_places
from navis_api.generation.extractive.matching import readable
from navis_api.generation.extractive.parts_asked import parts_asked
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words
from navis_api.vocabulary.terms import TermKind, find_terms

_DRUGS = frozenset({TermKind.DRUG, TermKind.REGIMEN})
# "ZNF814", "HARMONi-6", "DCISionRT": no word of the language.
_CODE = re.compile(
    r"\b(?=\w*[A-Za-z])(?=\w*\d)[A-Za-z][A-Za-z0-9]{3,}\b|\b[A-Za-z]{4,}-\d{1,3}\b"
    r"|\b[A-Z]{2,}[a-z]{2,}[A-Z]+\b"
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
# What somebody takes or has had is told, and what is asked may be something else.
_HAD = re.compile(
    r"\b(?:on|take|taking|takes|took|after|since|had|has had|failed|finish(?:ed)?|started|using"
    r"|stopped|been given|having|beside|besides|with)(?: (?:my|his|her|their|the|a|both|and|of"
    r"|\w+ly|cycles?|doses?|course|months?|weeks?|\d+)){0,4}$",
    re.IGNORECASE,
)
# "Would Ann-7 have surgery?": somebody, of whom no source need know.
_DOES = re.compile(r"\s+(?:have|has|had|need|needs|get|gets|take|takes|want|wants|undergo|be)\b")
_POINTS_BACK = re.compile(r"\b(?:it|its|that|this|they|them|these|those)\b", re.IGNORECASE)
_OF_A_PLACE = re.compile(
    r"\bnear (?:me|us|here|my \w+)\b|\bin my (?:area|town|city|county|state)\b"
    r"|\bwhich (?:hospitals?|clinics?|doctors?|surgeons?|cent(?:er|re)s?|oncologists?)\b"
    r"|\b(?:best|top|good) (?:hospitals?|clinics?|doctors?|surgeons?|cent(?:er|re)s?"
    r"|oncologists?)\b"
    r"|\bwait(?:ing)? (?:list|times?)\b|\bhow long is the wait\b|\bfree rides?\b"
    r"|\b(?:what|how much)\b[^?.]*\bcosts? (?:me|us|a month|per)\b|\bprice of\b"
    r"|\b(?:phone|telephone) number\b|\bopening hours\b|\bparking\b",
    re.IGNORECASE,
)


def unanswerable(text: str, asked: Asked, found: Found) -> Abstention | None:
    """Return why a question has no answer, whatever else the sources tell of the cancer."""
    if _OF_A_PLACE.search(text):
        return abstention_on_places()
    return abstention_on_names(asked) if _turns_on_unknown_names(text, asked, found) else None


def _turns_on_unknown_names(text: str, asked: Asked, found: Found) -> bool:
    """Whether each part of a question is about something named that no source found speaks of."""
    things = [*asked.required, *asked.circumstances]
    names = {label: thing for thing in things for label in words(thing.label)}
    told = (found.exact, found.wider, found.narrower, found.others, found.general, found.alike)
    blocks = list(chain(*told))
    unknown = [
        (start, end)
        for start, end in _names(text)
        if (things := [names[word] for word in words(text[start:end]) if word in names])
        and not any(_is_said(thing, blocks) for thing in things)
    ]
    decisive = [
        text[start:end]
        for start, end in unknown
        if not (_HAD.search(text[:start].rstrip()) or _DOES.match(text, end))
    ]
    if not decisive:
        return False
    return all(
        any(name in part for name in decisive) or _POINTS_BACK.search(part)
        for part in parts_asked(text) or [text]
    )


def _names(text: str) -> Iterator[tuple[int, int]]:
    for mention in find_terms(text):
        if mention.term.kind in _DRUGS:
            yield mention.start, mention.end
    for found in _CODE.finditer(text):
        yield found.span()
    for found in _ASKED_ABOUT.finditer(text):
        yield next(found.span(name) for name in found.groupdict() if found[name])


def _is_said(thing: Telling, blocks: Sequence[Block]) -> bool:
    return any(
        thing.is_said(block.body) or thing.is_said(readable(" ; ".join(block.first.headings)))
        for block in blocks
    )
