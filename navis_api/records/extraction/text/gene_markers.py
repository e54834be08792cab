"""What a text says of a gene: mutated or not, and the change."""

import re
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.text.marker_mentions import MarkerMention, MarkerReading
from navis_api.records.extraction.text.marker_words import (
    SETTLED_STATUS,
    STATUS_WORDS,
    is_change_denied,
    is_denied,
)
from navis_api.vocabulary.marker_status import MarkerStatus, read_status
from navis_api.vocabulary.tumor_markers import MarkerKind

_CHANGE = re.compile(
    r"(?:[\s,:(-]|\bgene\b|\bmutation\b|\bpathogenic\b|\bvariant\b|\bdetected\b|\bis\b"
        r"|\bwas\b|\bpositive\b|\bfor\b|\bof\b|\bwith\b|\ba\b|\ban\b"
    r"|\bthe\b|\bactivating\b|\bshowed\b|\bshows\b|\bsomatic\b|\bgermline\b|\bmutated\b"
        r"|\bhotspot\b|\bmissense\b){0,6}"
    r"(?P<change>(?:p\.\(?[A-Z][a-z]{0,2}\d{1,4}(?:[A-Z*=][a-z]{0,2})?(?:fs\*?\d*|del|dup"
        r"|ins\w*)?\)?)"
    r"|c\.[\d_+\-*]+(?:[ACGT]>[ACGT]|del\w*|dup\w*|ins\w*)"
    r"|(?:[ACDEFGHIKLMNPQRSTVWY]\d{1,4}(?:[ACDEFGHIKLMNPQRSTVWYX*]|fs\*?\d*|del|ins\w*"
        r"|_\w+)(?![a-z]))"
    r"|(?:ex(?:on)?\s*\d{1,2}\s*(?:skipping|deletions?|insertions?|mutations?|del|ins"
        r"|(?:in-?frame\s+)?\w*del\w*)?)"
    r"|(?<=[-–:/])[A-Z][A-Z0-9]{1,9}\s+(?:fusion|rearrangement)\b"
    r"|ITD\b|TKD\b|(?:homozygous\s+|biallelic\s+)?(?:deletion|loss)\b|amplification\b"
        r"|fusion\b|rearrangement\b|skipping\b)",
)  # fmt: skip
_NOT_FOUND = re.compile(
    r"(?:[-–,]\s?\d)*\s?(?:\([^()]{0,30}\))?[\s:,-]*(?:(?:gene|mutation|rearrangement|fusion|amplification|testing|status|variant"
    r"|alteration)s?[\s:,-]*)*(?:was|were|is|are)?\s*"
    r"(?:not\s+(?:detected|identified|found|present|seen|amplified|rearranged|mutated)|none\b"
    r"|absent\b|no\s+(?:\w+\s+)?(?:mutations?|alterations?|variants?)\b)",
    re.IGNORECASE,
)
CHANGES: Final = frozenset({"mutated", "rearranged", "amplified"})
_DENIED_ON = re.compile(
    r"\s*(?:mutations?|rearrangements?|fusions?|amplifications?|alterations?"
    r"|expression)?\s*(?:,\s*(?:and|or|nor)?|or|nor|and)\s*"
    r"(?:any\s+)?",
    re.IGNORECASE,
)


def gene_reading(text: str, unread: MarkerReading, limit: int) -> MarkerReading:
    """Return what stands about a gene, up to `limit`."""
    change = _CHANGE.match(text, unread.end, limit)
    said = read_status(
        text, unread.marker.key, unread.start, change.end() if change else unread.end, limit
    )
    status = said.status
    if _NOT_FOUND.match(text, change.end() if change else unread.end, limit):
        return replace(
            unread, value="negative", change=None, end=change.end() if change else unread.end
        )
    if unread.marker.key.startswith(("del", "t1", "t4")) and status not in SETTLED_STATUS:
        status = MarkerStatus.POSITIVE
    if change is None and status not in SETTLED_STATUS:
        # "No pathogenic variants were identified in BRCA2."
        return replace(unread, value="negative") if is_change_denied(text, unread.start) else unread
    if is_denied(text, unread.start) and status is not MarkerStatus.WILD_TYPE:
        return replace(
            unread,
            value="negative",
            end=max(unread.end, said.end if said.status in SETTLED_STATUS else unread.end),
        )
    written = change["change"].strip() if change is not None else None
    if (
        status is MarkerStatus.UNSTATED
        and change is not None
        and re.fullmatch(r"ex(?:on)?\s*\d+", written or "", re.IGNORECASE)
    ):
        return unread
    word = STATUS_WORDS.get(status, "mutated" if written else None)
    end = max(
        change.end() if change else unread.end,
        said.end if status in SETTLED_STATUS and not said.from_before else 0,
        unread.end,
    )
    return replace(unread, value=word, change=written, end=end)


def names_gene(text: str, mention: MarkerMention | MarkerReading) -> bool:
    """HER2 is a protein, and ERBB2 its gene."""
    return text.startswith("ERBB2", mention.start)


def _is_of_gene(text: str, mention: MarkerMention) -> bool:
    return mention.marker.kind is MarkerKind.GENOMIC or names_gene(text, mention)


def denied_along(
    text: str,
    before: MarkerMention,
    mention: MarkerMention,
    reading: MarkerReading,
    unread: MarkerReading,
) -> bool:
    """Tell whether what denies the marker before, read as `reading`, goes on to the next.

    "No EGFR mutation or ALK rearrangement" denies both; `unread` is what stands with the second
    alone.
    """
    return (
        reading.value in {"negative", "wild type"}
        and (_is_of_gene(text, mention) or unread.value in CHANGES or unread.value is None)
        and _DENIED_ON.fullmatch(text, before.end, mention.start) is not None
    )
