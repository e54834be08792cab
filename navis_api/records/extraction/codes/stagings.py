"""Stages as tests of their own: which codes and names ask for one, and what their answers say."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from navis_api.records.extraction.codes.coded_findings import stage_finding, stage_in_words
from navis_api.records.extraction.codes.codings import Coding
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.text.staging import StageReading, stages_of

# LOINC and SNOMED CT codes of mCODE STU 4's TNM profiles and their predecessors.
_STAGING: Final = {
    "21908-9": "c", "21902-2": "p", "21914-7": "", "399537006": "c", "399588009": "p",
    "399390009": "",
    "21905-5": "c", "21899-0": "p", "399504009": "c", "384625004": "p", "78873005": "",
    "21906-3": "c", "21900-6": "p", "399534004": "c", "371494008": "p", "277206009": "",
    "21907-1": "c", "21901-4": "p", "399387003": "c", "371497001": "p", "277208005": "",
}  # fmt: skip
_NAMED = re.compile(
    r"\b(?:cancer|tnm|ajcc|figo|neoplasm|tumou?r|melanoma|myeloma|leuka?emia|lymphoma"
    r"|rhabdomyosarcoma|prostat\w+)\b.*\b(?:stag\w+|group|grade)\b"
    r"|\bmelanoma\b.*\blevel\b"
    r"|\b(?:stag\w+|category|gleason|clark|breslow|binet|rai)\b.*\b(?:cancer|tnm|ajcc|figo"
    r"|neoplasm|tumou?r|melanoma|myeloma|leuka?emia|lymphoma|prostat\w+)\b"
    r"|\binternational\s+staging\s+system\b|\bbinet\b|\brai\s+stage\b|\bann\s+arbor\b"
    r"|\bgleason\b|\b[cpy]{0,2}[TNM]\s+category\b|\bprimary\s+tumor\.|\bstage\s+group\b"
    r"|\bisup\s+grade\b|\bfigo\s+stage\b",
    re.IGNORECASE,
)
_NOT_STAGING = re.compile(
    (
        r"\b(?:size|status|margin|number|lymph\s+nodes\s+(?:with|examined)|date|treatment|history"
        r"|thickness|invasion\b(?!\s+of\s+excised))"
    ),
    re.IGNORECASE,
)
# What a test's name asks for, and how an answer that gives the value alone is said in full.
_IN_FULL: Final = (
    (re.compile(r"grade\s+group|\bisup\b", re.IGNORECASE), "grade group {}"),
    (re.compile(r"gleason", re.IGNORECASE), "Gleason {}"),
    (re.compile(r"\brai\b", re.IGNORECASE), "Rai {}"),
    (re.compile(r"\bbinet\b", re.IGNORECASE), "Binet {}"),
    (re.compile(r"\bISS\b|international\s+staging\s+system", re.IGNORECASE), "ISS {}"),
    (re.compile(r"\bclark\b", re.IGNORECASE), "Clark level {}"),
    (re.compile(r"\bbclc\b|barcelona", re.IGNORECASE), "BCLC {}"),
    (re.compile(r"", re.IGNORECASE), "stage {}"),
)
_BARE = re.compile(r"\s*(?:stage\s+)?[\w+=() ./]{1,16}\s*", re.IGNORECASE)


def staging_prefix(tests: Sequence[Coding]) -> str | None:
    """Return "c", "p" or "" where a test asks for a stage, None where it asks something else."""
    for test in tests:
        if test.code in _STAGING:
            return _STAGING[test.code]
    is_named = any(
        _NAMED.search(test.display) and not _NOT_STAGING.search(test.display) for test in tests
    )
    return "" if is_named else None


def staged(
    results: Sequence[Coding], tests: Sequence[Coding] = (), *, prefix: str = ""
) -> Iterator[Finding]:
    """Give the stages that results tell, each once; those of no known system in their words."""
    seen: set[tuple[str, str | None]] = set()
    for result in results:
        readings = _read(result, tests)
        for reading in readings:
            finding = stage_finding(reading, result, prefix=prefix)
            if (finding.key, finding.value) not in seen:
                seen.add((finding.key, finding.value))
                yield finding
        if not readings and result.display and not seen:
            seen.add(("other", None))
            yield stage_in_words(result)


def _read(result: Coding, tests: Sequence[Coding]) -> list[StageReading]:
    said = result.display or result.code
    found = _stages(said) if result.display else []
    if found or not _BARE.fullmatch(said):
        return found
    asked = " ".join(test.display for test in tests)
    form = next(form for asks, form in _IN_FULL if asks.search(asked))
    return _stages(form.format(said))


def _stages(text: str) -> list[StageReading]:
    return [each for each in stages_of(text) if each.system != "extent"]
