"""Changes in a gene, as far as they are known by a name of their own: "V600E", "exon 19 deletion".

Where exactly a change lies (its place in the genome, in a transcript, its number in a database) may
be one person's alone, so that no such notation is handed on.
"""

import re
from typing import Final

_ACIDS: Final = {
    "ala": "A", "arg": "R", "asn": "N", "asp": "D", "cys": "C", "gln": "Q", "glu": "E",
    "gly": "G", "his": "H", "ile": "I", "leu": "L", "lys": "K", "met": "M", "phe": "F",
    "pro": "P", "ser": "S", "thr": "T", "trp": "W", "tyr": "Y", "val": "V",
}  # fmt: skip
_LETTER = "[ACDEFGHIKLMNPQRSTVWY]"
_SHORT = re.compile(
    rf"(?<![A-Za-z0-9_.:>])(?:p\.)?\(?(?P<one>{_LETTER})(?P<place>[1-9]\d{{0,3}})(?P<other>{_LETTER})"
    r"\)?(?![A-Za-z0-9_*])"
)
_LONG = re.compile(
    r"p\.\(?(?P<one>[A-Z][a-z]{2})(?P<place>[1-9]\d{0,3})(?P<other>[A-Z][a-z]{2})\)?(?![A-Za-z0-9_*])"
)
_EXON = re.compile(
    r"\bex(?:on)?\s*(?P<number>[1-9]\d?)\s*(?P<what>del|ins|skip|mut)?[a-z]*", re.IGNORECASE
)
_EXON_CHANGES: Final = {
    "del": " deletion", "ins": " insertion", "skip": " skipping", "mut": " mutation", "": "",
}  # fmt: skip
_TANDEM = re.compile(r"\b(?P<what>ITD|TKD)\b")
_SORT = re.compile(
    r"\b(?P<what>deletion|loss|amplification|fusion|rearrangement|skipping)\b", re.IGNORECASE
)
_NOTATION = re.compile(
    # A sequence with a version, a place in it, or a number in a database.
    r"(?:(?:N[CGMPRT]_|EN[SG]\w{1,12}|LRG_)[\w.():>*=+-]+(?:\s?\(?p\.[^\s,]{1,40}\)?)?"
    r"|\d{1,2}:g\.[^\s,]{1,60}|[XY]:g\.[^\s,]{1,60}|[cgmn]\.[^\s,]{1,60}"
    r"|p\.[^\s,]{1,60}|clinvar\s+id\s+\d{1,12}|rs\d{1,12}|COS[MV]\d{1,12})",
    re.IGNORECASE,
)


def read_change(written: str) -> str:
    """Return the first change with a name of its own in it; empty where there is none."""
    for pattern, read in _READERS:
        found = pattern.search(written)
        if found is not None:
            change = read(found)
            if change:
                return change
    return ""


def is_change(part: str) -> bool:
    """Whether a part of a result is nothing but a change, by name or by where it lies."""
    return _NOTATION.fullmatch(part) is not None or any(
        pattern.fullmatch(part) for pattern, _ in _READERS
    )


def _substitution(found: re.Match[str]) -> str:
    one, other = (_ACIDS.get(found[end].lower(), found[end]) for end in ("one", "other"))
    # A stop has a name of more letters; the same letter twice changes nothing in the protein.
    is_other = len(one) == len(other) == 1 and one != other
    return f"{one}{found['place']}{other}" if is_other else ""


def _exon(found: re.Match[str]) -> str:
    return f"exon {found['number']}{_EXON_CHANGES[(found['what'] or '').lower()]}"


def _tandem(found: re.Match[str]) -> str:
    return found["what"]


def _sort(found: re.Match[str]) -> str:
    return found["what"].lower()


_READERS: Final = (
    (_LONG, _substitution),
    (_SHORT, _substitution),
    (_EXON, _exon),
    (_TANDEM, _tandem),
    (_SORT, _sort),
)
