"""Changes of a gene: what a text names without its gene, which one is meant, and which are one.

The exons of EGFR are those of its transcript NM_005228 (National Library of Medicine), the kinase
domain's change of FLT3 is that at codons 835 and 836.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from navis_api.vocabulary.markers import MarkerMention, MarkerStatus

_GENE_OF: Final = {
    "exon 18": "egfr", "exon 19": "egfr", "exon 20": "egfr", "exon 21": "egfr", "l858r": "egfr",
    "t790m": "egfr", "c797s": "egfr", "exon 14": "met", "v600": "braf", "v600e": "braf",
    "v600k": "braf", "g12c": "kras", "g12d": "kras", "g12v": "kras", "t315i": "bcr_abl",
    "internal tandem duplication": "flt3", "itd": "flt3", "tkd": "flt3",
}  # fmt: skip
_PLAIN: Final = {"internal tandem duplication": "itd", "tyrosine kinase domain": "tkd"}
_CHANGE = re.compile(
    r"(?<![A-Za-z0-9])(?P<change>exons?\s(?P<exon>14|18|19|20|21)|(?:L858R|T790M|C797S|V600[EK]?"
    r"|G12[CDV]|T315I|ITD|TKD)(?![A-Za-z0-9])|internal\s+tandem\s+duplications?)"
    r"(?P<what>\s(?:deletion|insertion|skipping))?",
    re.IGNORECASE,
)
# In a list the word "exon" stands once: "a change in exon 19 or 21".
_SECOND_EXON = re.compile(r"\s(?:or|and)\s(?P<exon>18|19|20|21)\b", re.IGNORECASE)
# A change that is named as an example of others sets no condition of its own.
_EXAMPLE = re.compile(
    r"\b(?:such\s+as|including|includes?|for\s+example|e\.g\.|most\s+(?:often|common(?:ly)?)|like)\b"
    r"[^.;:]*$",
    re.IGNORECASE,
)
_OTHER_THAN = re.compile(
    r"\b(?:other\s+than|except(?:\s+for)?|excluding|but\s+not|non)"
    r"[\s-]*(?:an?\s+|the\s+)?$",
    re.IGNORECASE,
)
_CODON = re.compile(r"[a-z](?P<codon>\d{1,4})[a-z]?")
_EGFR_EXONS: Final = ((688, 728, 18), (729, 761, 19), (762, 823, 20), (824, 875, 21))


def with_changes(text: str, mentions: Sequence[MarkerMention]) -> list[MarkerMention]:
    """Return the markers of a text, with the changes that are named apart from their genes.

    Where a text names changes of a gene, that one is changed at all says no more: "EGFR changes
    (exon 19 deletions or L858R)" is said of those two. `variant` begins with "not " for what must
    be another change: "KRAS mutations other than G12C".
    """
    found = list(mentions)
    for match in _CHANGE.finditer(text):
        for variant, start, end in _of_match(text, match):
            gene = _GENE_OF[_key(variant)]
            if any(each.start <= start < each.end and _names(each, variant) for each in found):
                continue
            found.append(MarkerMention(gene, MarkerStatus.MUTATED, variant, start, end))
    found = [each for each in found if not _is_aside(text, each, found)]
    found = [_turned(text, each) if _is_of_several(each, found) else each for each in found]
    narrow = {each.gene_key for each in found if each.variant is not None and _is_change(each)}
    kept = [
        each
        for each in found
        if each.variant is not None or each.gene_key not in narrow or not _is_there(each)
    ]
    return sorted(kept, key=lambda each: (each.start, each.end, each.gene_key))


def places_of(gene_key: str, variant: str) -> frozenset[str]:
    """Return what a change is called by where it lies: L858R lies in exon 21 of EGFR."""
    codon = _CODON.fullmatch(variant)
    if codon is None:
        return frozenset()
    number = int(codon["codon"])
    if gene_key == "flt3":
        return frozenset({"tkd"}) if number in {835, 836} else frozenset()
    exons = (exon for first, last, exon in _EGFR_EXONS if first <= number <= last)
    return frozenset(f"exon {exon}" for exon in exons) if gene_key == "egfr" else frozenset()


def _of_match(text: str, match: re.Match[str]) -> list[tuple[str, int, int]]:
    written = " ".join(match[0].lower().split()).removesuffix("s")
    written = written.replace("exons ", "exon ")
    found = [(_PLAIN.get(written, written), match.start(), match.end())]
    second = _SECOND_EXON.match(text, match.end()) if match["exon"] else None
    if second is not None:
        found.append((f"exon {second['exon']}", second.start("exon"), second.end()))
    return found


def _key(variant: str) -> str:
    return " ".join(variant.split()[:2]) if variant.startswith("exon") else variant


def _names(mention: MarkerMention, variant: str) -> bool:
    """Whether a mention has the change already, or says of it that it isn't there."""
    is_there = mention.status.is_present
    return is_there is False or (mention.variant or "").startswith(_key(variant))


def _is_there(mention: MarkerMention) -> bool:
    return mention.status in {MarkerStatus.MUTATED, MarkerStatus.POSITIVE}


def _is_change(mention: MarkerMention) -> bool:
    variant = mention.variant or ""
    return _is_there(mention) and (variant in _GENE_OF or variant.startswith(("exon", "not ")))


def _is_of_several(mention: MarkerMention, found: Sequence[MarkerMention]) -> bool:
    """Whether the text speaks of changes of the gene at large too."""
    return mention.variant is not None and any(
        each.gene_key == mention.gene_key and each.variant is None and _is_there(each)
        for each in found
    )


def _is_aside(text: str, mention: MarkerMention, found: Sequence[MarkerMention]) -> bool:
    """Whether a change is an example of those that the text is about."""
    before = text[max(0, mention.start - 60) : mention.start]
    return _is_of_several(mention, found) and _EXAMPLE.search(before) is not None


def _turned(text: str, mention: MarkerMention) -> MarkerMention:
    """Return a change behind an "other than" as one that another has to be there for."""
    if mention.variant is None or not _is_there(mention):
        return mention
    if _OTHER_THAN.search(text[max(0, mention.start - 40) : mention.start]) is None:
        return mention
    return replace(mention, variant=f"not {mention.variant}")
