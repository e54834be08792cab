"""Markers with words of their own: microsatellites, mutational burden, triple negative."""

import re
from collections.abc import Iterator

from navis_api.records.extraction.text.marker_mentions import MarkerReading
from navis_api.records.extraction.text.passages import Passage
from navis_api.vocabulary.tumor_markers import tumor_markers

_INSTABILITY = re.compile(
    r"\b(?:(?P<high>MSI[\s-]*(?:H|high)\b|MS-high\b|dMMR"
    r"|micro\s?satellite(?:\s+instability)?[\s:-]*(?:status[\s:-]*)?(?:instability[\s-]+)?"
    r"(?:is\s+|was\s+)?(?:high|unstable)\b"
    r"|(?:mismatch[\s-]repair|MMR)[\s:,-]*(?:protein\w*\s+)?(?:is\s+|was\s+)?deficien\w+"
    r"|deficient\s+(?:mismatch\s+repair|MMR)"
    r"|high\s+micro\s?satellite\s+instability)"
    r"|(?P<low>MSI[\s-]*(?:L|low)\b)"
    r"|(?P<stable>MSS\b|MS-stable\b|pMMR|micro\s?satellite[\s-]*(?:instability[\s:-]+)?(?:is\s+"
    r"|was\s+)?(?:status[\s:-]*)?stab\w+|(?:mismatch[\s-]repair"
    r"|MMR)(?:\s+proteins?)?[\s:,-]*(?:are\s+|is\s+|was\s+)?"
    r"(?:proficien\w+|intact|retained)|proficient\s+(?:mismatch\s+repair|MMR)"
    r"|no\s+(?:evidence\s+of\s+)?micro\s?satellite\s+instability"
    r"|MSI[\s:-]*(?:stable|negative|not\s+detected)))",
    re.IGNORECASE,
)
_TRIPLE = re.compile(r"\btriple[\s-]*(?P<status>negative|positive)\b|\bTNBC\b", re.IGNORECASE)
_BURDEN = re.compile(
    r"\b(?:b?TMB|tumou?r\s+mutation(?:al)?\s+burden(?:\s*\(TMB\))?)\b(?:[\s:,=-]|\bis\b|\bwas\b"
    r"|\bof\b|\bhigh\b|\blow\b|\bintermediate\b|-high\b|-low\b|\(){0,8}"
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>mut\w*\s*/\s*Mb|muts?\s*/\s*megabase"
    r"|mutations?\s*(?:/|per)\s*(?:Mb|megabase))?",
    re.IGNORECASE,
)
_ONCOTYPE = re.compile(
    r"\b(?:oncotype(?:\s*dx)?|21-gene)[^.;\n]{0,50}?\b(?:score|result|RS|of|is|was|:)\s*(?:of"
    r"|is|was|:|=)?\s*(?P<number>\d{1,3})\b"
    r"|\brecurrence\s+score\s*(?:\(RS\)\s*)?(?:result\s*)?(?:of|is|was|:|=)?\s*(?P<second>\d{1,3})\b",
    re.IGNORECASE,
)


def fixed_markers(passage: Passage) -> Iterator[MarkerReading]:
    """Give what has words of its own: microsatellites, mutational burden, triple negative."""
    text, known = passage.text, tumor_markers()
    for found in _INSTABILITY.finditer(text):
        value = "MSI-H" if found["high"] else "MSI-L" if found["low"] else "MSS"
        yield MarkerReading(known["msi"], value, None, None, found.start(), found.end())
    for found in _BURDEN.finditer(text):
        unit = re.sub(r"\s+", "", found["unit"]) if found["unit"] else None
        yield MarkerReading(known["tmb"], found["number"], unit, None, found.start(), found.end())
    for found in _ONCOTYPE.finditer(text):
        value = found["number"] or found["second"]
        yield MarkerReading(known["oncotype"], value, None, None, found.start(), found.end())
    for found in _TRIPLE.finditer(text):
        value = (found["status"] or "negative").lower()
        for key in ("er", "pr", "her2"):
            yield MarkerReading(known[key], value, None, None, found.start(), found.end())
