"""Where a text names a marker: genes, stains, and "ER" and "PR" beside a result."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from navis_api.vocabulary.phrasebook import PhraseBook
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.tumor_markers import MarkerKind, TumorMarker, stains, tumor_markers


@dataclass(frozen=True, slots=True)
class MarkerReading:
    """A marker and what is said of it, at `text[start:end]`; `value` in words or numbers."""

    marker: TumorMarker
    value: str | None
    unit: str | None
    change: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkerMention:
    """A marker named at `text[start:end]`."""

    marker: TumorMarker
    start: int
    end: int


# "ER" and "PR" are words of other things: they are receptors where a result stands beside them.
_RECEPTOR = re.compile(
    r"(?<![A-Za-z])(?P<her>(?i:her)[\s-]?2(?:[\s/-]*(?i:neu))?)(?![A-Za-z0-9])"
    r"|(?<![A-Za-z])(?P<name>ER|PR|PgR|AR)(?=[0-8]\b|\s*[:=]|\s+\d/8\b|\s+(?:score|status)\b|\s*\(?\s*\d{1,3}\s*%|\s+(?:strongly\s+"
    r"|weakly\s+|is\s+|was\s+|status\s+)?"
    r"(?:positive|negative|pos|neg)\b|[+-](?!\w)|/(?:PR|ER|PgR|HER)\b|\s+and\s+PR\b|,\s+PR\b)"
)
_NOT_A_MARKER_AFTER = re.compile(
    r"^[\s-]*(?:phos\b|p\b(?!\.)|inhibitor|therapy|directed|targeted"
    r"|testing\s+(?:was\s+)?(?:sent|pending|ordered|recommended)|pending|blocker|antagonist"
    r"|agonist"
    r"|receptor\s+(?:blocker|antagonist)|density|velocity|doubling|screening"
    r"|test\s+was\s+(?:sent|ordered)|visit|room|department|physician|interval)",
    re.IGNORECASE,
)
_ANTIBODY = re.compile(r"[\s-]*antibod", re.IGNORECASE)
_SHORT_NAME: Final = 5
_VALUE_REACH: Final = 30
_READ_BY_NAME: Final = (
    "free_light_chain",
    "s_phase",
    "del17p",
    "del13q",
    "del11q",
    "del5q",
    "del7q",
)


def mentions_of(text: str) -> list[MarkerMention]:
    """Return the markers that a text names, in order; a name with its abbreviation counts once."""
    known = tumor_markers()
    genes = [
        MarkerMention(_measured(mention.term.key, text, mention.end), mention.start, mention.end)
        for mention in find_terms(text)
        if mention.term.kind is TermKind.GENE and mention.term.key in known
    ]
    genes += [
        MarkerMention(known[_receptor_key(found)], found.start(), found.end())
        for found in _RECEPTOR.finditer(text)
        if not any(found.start() < each.end and each.start < found.end() for each in genes)
    ]
    taken = [(mention.start, mention.end) for mention in genes]
    others = [
        MarkerMention(marker, found.start, found.end)
        for found in _book().find(text)
        for marker in (found.meaning,)
        if _is_written_so(text[found.start : found.end], marker)
        and not any(found.start < end and start < found.end for start, end in taken)
    ]
    kept = [
        each
        for each in (*genes, *others)
        if not _NOT_A_MARKER_AFTER.match(text[each.end : each.end + 40])
        and not (each.marker.kind is MarkerKind.SERUM and _ANTIBODY.match(text, each.end))
    ]
    kept.sort(key=lambda mention: mention.start)
    once: list[MarkerMention] = []
    for mention in kept:
        before = once[-1] if once else None
        # "PD-L1 TPS" and "estrogen receptor (ER)" name one marker twice.
        if (
            before is None
            or before.marker is not mention.marker
            or not re.fullmatch(r"[\s(:,-]{0,3}", text[before.end : mention.start])
        ):
            once.append(mention)
        elif mention.marker.kind is MarkerKind.GENOMIC:
            once[-1] = replace(before, end=mention.end)
    return once


def _measured(key: str, text: str, end: int) -> TumorMarker:
    """Return a marker as it is measured there: chromogranin is in blood where a number follows."""
    if key == "kit" and text[:end].upper().endswith("CD117"):
        key = "cd117"
    if key == "cga" and not any(map(str.isdigit, text[end : end + _VALUE_REACH])):
        key = "chromogranin"
    return tumor_markers()[key]


def _receptor_key(found: re.Match[str]) -> str:
    if found["her"]:
        return "her2"
    return "pr" if found["name"] == "PgR" else found["name"].lower()


def _is_written_so(written: str, marker: TumorMarker) -> bool:
    """Short names are words in other letters ("ema", "sma"): those count in capitals alone."""
    is_plain = len(written) > _SHORT_NAME or written in marker.names
    return not written.islower() or is_plain or marker.kind is MarkerKind.SERUM


@cache
def _book() -> PhraseBook[TumorMarker]:
    book: PhraseBook[TumorMarker] = PhraseBook()
    for marker in stains():
        for name in marker.names:
            book.add(name, marker)
    known = tumor_markers()
    for key in _READ_BY_NAME:
        for name in known[key].names:
            book.add(name, known[key])
    return book
