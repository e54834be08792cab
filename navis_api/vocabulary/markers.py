"""Biomarkers with their status: HER2-negative, EGFR exon 19, BRAF V600E, triple negative.

A status belongs to a marker when it stands in the same breath: after it ("HER2-positive"), in a
list that ends with it ("ER, PR and HER2 negative"), or before it ("no EGFR mutation").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from navis_api.vocabulary.marker_status import DASH, MarkerStatus, read_status
from navis_api.vocabulary.terms import TermKind, TermMention, find_terms

__all__ = ["MarkerMention", "MarkerStatus", "markers_in"]


@dataclass(frozen=True, slots=True)
class MarkerMention:
    """A marker and its status, at `text[start:end]`.

    `gene_key` is the key of a term of kind GENE; `variant` is what else is said of it, folded:
    "v600e", "exon 19", "50%", "3+".
    """

    gene_key: str
    status: MarkerStatus
    variant: str | None
    start: int
    end: int


# Emphasis and brackets of links stand between a gene and its status in text from web pages; each
# is read as a space, so that the places stay the same.
_MARKUP: Final = str.maketrans(dict.fromkeys("*_[]", " "))
_NO_BEFORE = re.compile(
    r"\b(?:no|not|without|lack(?:s|ing)?(?:\s+of)?|absence\s+of|absent|n't|never|nor|neither"
    r"|rule\s+out|don't|doesn't|free\s+of|do\s+not|does\s+not)"
    r"(?:\s+(?:have|has|had|a|an|any|the|known|carry|carries|detectable|targetable|actionable"
    r"|evidence\s+of|express|expressing|other|common|activating|sensitizing|specific|abnormal|test\s+positive\s+for"
    r"|show|contain|sign\s+of|much|enough))*\s*$",
    re.IGNORECASE,
)
_BETWEEN_LISTED = re.compile(
    rf"[+\-−–]?\)?\s*(?:\(|,\s*(?:and|or|nor)?|/|and/or|and|or|nor|&|\+|{DASH})?\s*(?:the\s+)?",
    re.IGNORECASE,
)
_TRIPLE = re.compile(
    r"\btriple[\s-]*(?P<status>negative|neg\b|positive)|\b(?P<tnbc>m?TNBC)\b", re.IGNORECASE
)
_INSTABILITY = re.compile(
    r"\bMSI[\s-]*(?P<letter>H(?:igh)?|L(?:ow)?)\b"
    r"|\b(?P<high>micro\s?satellite[\s-]instab\w+[\s-]*(?:\(MSI\))?[\s-]*high|micro\s?satellite[\s-]unstable"
    r"|dMMR|(?:MMR|mismatch[\s-]repair(?:\s+\(MMR\))?"
    r"|DNA\s+mismatch\s+repair)[\s-]*(?:gene\s+)?defici\w+|deficient\s+(?:in\s+)?(?:DNA\s+)?mismatch\s+repair|high\s+micro\s?satellite\s+instability)"
    r"|\b(?P<stable>MSS|pMMR|(?:proficient|intact)\s+(?:DNA\s+)?mismatch\s+repair"
    r"|micro\s?satellite[\s-]*stab\w+|(?:MMR|mismatch[\s-]repair)[\s-]*(?:proficien\w+|intact))\b",
    re.IGNORECASE,
)


def markers_in(text: str) -> list[MarkerMention]:
    """Return the markers of a text with what it says of each, in order."""
    text = text.translate(_MARKUP)
    fixed = [*_triples(text), *_instabilities(text)]
    taken = [(mention.start, mention.end) for mention in fixed]
    genes = [
        mention
        for mention in find_terms(text)
        if mention.term.kind is TermKind.GENE
        and not any(mention.start < end and start < mention.end for start, end in taken)
    ]
    found = [*fixed, *_read(text, genes)]
    return sorted(found, key=lambda mention: (mention.start, mention.end, mention.gene_key))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A marker read by itself; `from_before` when its status stands before it."""

    mention: MarkerMention
    from_before: bool = False


def _read(text: str, genes: list[TermMention]) -> Iterator[MarkerMention]:
    """Read each marker by itself, then let those of a list share what is said of the list."""
    readings = [
        _read_alone(text, gene, following)
        for gene, following in zip_longest(genes, genes[1:])
        if gene is not None
    ]
    for index in range(len(readings) - 2, -1, -1):
        one, following = readings[index], readings[index + 1]
        if not following.from_before and _share(text, one.mention, following.mention):
            readings[index] = _Reading(_as_said_of(one.mention, following.mention))
    for previous_index, one in enumerate(readings[1:]):
        previous = readings[previous_index]
        if previous.from_before and _share(text, previous.mention, one.mention, said_first=True):
            shared = _as_said_of(one.mention, previous.mention)
            readings[previous_index + 1] = _Reading(shared, from_before=True)
    yield from _with_negation(text, [reading.mention for reading in readings])


def _read_alone(text: str, gene: TermMention, following: TermMention | None) -> _Reading:
    limit = following.start if following is not None else len(text)
    said = read_status(text, gene.term.key, gene.start, gene.end, limit)
    mention = MarkerMention(gene.term.key, said.status, said.variant, gene.start, said.end)
    return _Reading(mention, from_before=said.from_before)


def _share(
    text: str, one: MarkerMention, following: MarkerMention, *, said_first: bool = False
) -> bool:
    """Tell whether two neighbours stand in one list, and one of them has no status of its own."""
    without = following if said_first else one
    if without.status is not MarkerStatus.UNSTATED or without.variant is not None:
        return False
    between = text[one.end : following.start]
    if not between.strip():
        return one.gene_key == following.gene_key
    return _BETWEEN_LISTED.fullmatch(between) is not None


def _as_said_of(mention: MarkerMention, other: MarkerMention) -> MarkerMention:
    return replace(mention, status=other.status, variant=other.variant)


_NEGATED: Final = {
    MarkerStatus.MUTATED: MarkerStatus.WILD_TYPE,
    MarkerStatus.POSITIVE: MarkerStatus.NEGATIVE,
    MarkerStatus.REARRANGED: MarkerStatus.NEGATIVE,
    MarkerStatus.AMPLIFIED: MarkerStatus.NEGATIVE,
    MarkerStatus.HIGH: MarkerStatus.NEGATIVE,
    MarkerStatus.UNSTATED: MarkerStatus.NEGATIVE,
}


def _with_negation(text: str, read: list[MarkerMention]) -> Iterator[MarkerMention]:
    """Turn round what stands behind a "no", along a list of markers too."""
    negated = False
    end_of_last = 0
    for mention in read:
        listed = _BETWEEN_LISTED.fullmatch(text, end_of_last, mention.start) is not None
        before = text[max(0, mention.start - 60) : mention.start]
        negated = _NO_BEFORE.search(before) is not None or (negated and listed)
        end_of_last = mention.end
        turned = _NEGATED.get(mention.status) if negated else None
        yield mention if turned is None else replace(mention, status=turned)


def _triples(text: str) -> Iterator[MarkerMention]:
    for found in _TRIPLE.finditer(text):
        said = (found["status"] or "negative").lower()
        status = MarkerStatus.POSITIVE if said == "positive" else MarkerStatus.NEGATIVE
        for key in ("er", "pr", "her2"):
            yield MarkerMention(key, status, None, found.start(), found.end())


def _instabilities(text: str) -> Iterator[MarkerMention]:
    for found in _INSTABILITY.finditer(text):
        letter = (found["letter"] or "")[:1]
        status = (
            MarkerStatus.NEGATIVE
            if found["stable"]
            else MarkerStatus.LOW
            if letter == "L"
            else MarkerStatus.HIGH
        )
        yield MarkerMention("msi", status, None, found.start(), found.end())
