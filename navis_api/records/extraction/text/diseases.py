"""Cancers and histologies as a text names them: "carcinoma of the left breast", "NSCLC".

A name is either listed whole, or made of an organ and what is the matter with it, in either order.
A histology that only one organ has ("hepatocellular carcinoma") names its cancer by itself.
"""

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final

from navis_api.vocabulary.cancers import cancers, histologies, lineage
from navis_api.vocabulary.phrasebook import Found, PhraseBook


class _Part(Enum):
    HISTOLOGY = auto()
    CANCER = auto()
    SITE = auto()
    HEAD = auto()
    BROAD_HEAD = auto()
    ORIGIN = auto()


_Meaning = tuple[_Part, str]


@dataclass(frozen=True, slots=True)
class DiseaseMention:
    """A cancer or a histology, or both, at `text[start:end]`.

    `cancer` and `histology` are keys of the vocabulary. `is_implied` tells that the cancer is only
    that of the histology; `is_secondary` that the words speak of a metastasis.
    """

    cancer: str | None
    histology: str | None
    start: int
    end: int
    laterality: str | None = None
    is_implied: bool = False
    is_secondary: bool = False


_HEADS: Final = (
    "cancer", "cancers", "carcinoma", "carcinomas", "malignancy", "malignant neoplasm",
    "malignant tumor", "malignant neoplasms", "malignant tumors", "primary malignant neoplasm",
    "carcinoma in situ", "invasive carcinoma", "infiltrating carcinoma", "CA", "Ca",
    "primary cancer", "neoplastic disease",
)  # fmt: skip
# In codes' display texts a neoplasm of an organ stands for its cancer; in a report it doesn't.
_BROAD_HEADS: Final = ("neoplasm", "tumor", "neoplasms")
# "Consistent with a colorectal primary" names where a metastasis came from.
_BY_ORGAN: Final = {
    ("neuroendocrine-tumor", "pancreatic-cancer"): "pancreatic-neuroendocrine-tumor",
    **dict.fromkeys(
        (
            ("neuroendocrine-tumor", site)
            for site in ("stomach-cancer", "small-intestine-cancer", "colon-cancer",
                         "rectal-cancer", "colorectal-cancer", "appendix-cancer")
        ),
        "gastrointestinal-neuroendocrine-tumor",
    ),
}  # fmt: skip
_OF_MANY_ORGANS: Final = frozenset({"gastrointestinal-stromal-tumor"})
_POSITIVE: Final = frozenset(
    {"her2-positive-breast-cancer", "hormone-receptor-positive-breast-cancer"}
)
_MINUS = re.compile(r"(?<=\w)[-−–](?=\s|/)")
_ORIGINS: Final = ("primary", "primary site", "origin")
_WORDS = r"(?:[A-Za-z][\w'’/-]*[\s,-]+)"
_STOPS = (
    r"(?!(?:of|and|or|is|was|were|are|has|had|with|in|to|from|mass|masses|lesion|lesions"
    r"|nodule|nodules"
    r"|node|nodes|biopsy|scan|ct|mri|who|that|for|no|not|his|her|the|a|status|history|showed"
    r"|metasta\w*"
    r"|disease|screening|fluid|effusion|washings?)\b)"
)
_SITE_BEFORE = re.compile(rf"[\s-]*(?:{_STOPS}{_WORDS}){{0,4}}", re.IGNORECASE)
_SITE_AFTER = re.compile(
    r"\s*,?\s*(?:\((?!\d)[^()]{1,30}\)\s*)?(?:metastatic\s+)?"
    r"(?P<how>of|in|from|involving|at|arising\s+(?:in|from|within)|originating\s+(?:in|from|within)"
    r"|primary\s+to|,)\s+(?:the\s+|her\s+|his\s+|a\s+)?"
    rf"(?:(?!(?:is|was|were|with|which|that|metastatic|and|who|has|had"
    rf"|to)\b){_WORDS}(?:of\s+(?:the\s+)?)?){{0,5}}",
    re.IGNORECASE,
)
_CAME_FROM = re.compile(
    r"\b(?:with|from|of|suggest\w*|favou?r\w*|support\w*|indicat\w+|indicative\s+of)\s+(?:an?\s+|the"
    r"\s+|her\s+|his\s+|known\s+|metastatic\s+)*$",
    re.IGNORECASE,
)
_DIRECT_OF = re.compile(r"^(?:of|,|primary|arising|originating|at)", re.IGNORECASE)
_SYNOPTIC_GAP = re.compile(r"[\s,]*(?:[^.;\n]{0,90})(?:[:–—-]|\.,|\n)[^.;\n]{0,60}", re.DOTALL)
_NODES_AFTER = re.compile(
    r"[\s,-]*(?:lymph|nodes?\b|nodal|spine|vertebra|adenopathy|disc)", re.IGNORECASE
)
_SECONDARY_BEFORE = re.compile(
    r"\b(?:metastatic|secondary|metastases|metastasis|metastasized|mets)\b[^.;,]{0,30}$",
    re.IGNORECASE,
)
_METASTATIC_JUST_BEFORE = re.compile(r"\bmetastatic\s+(?:\w+\s+differentiated\s+)?$", re.IGNORECASE)
_NODES_BEFORE = re.compile(r"\bnodes?\b[^.;]{0,16}$", re.IGNORECASE)
_SIDE = re.compile(r"\b(?P<side>left|right|bilateral)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Za-z]{1,6}(?![\w-])")
_REACH: Final = 90
_SHOUTING: Final = 0.6
_WINDOW: Final = 24


def diseases_in(text: str, *, broad: bool = False) -> list[DiseaseMention]:
    """Return the cancers and histologies that a text names, in order.

    With `broad`, a "neoplasm" or "tumor" of an organ counts as well: for display texts of codes.
    """
    parts = [
        part
        for part in _book().find(text)
        if not (part.meaning[0] is _Part.BROAD_HEAD and not broad)
    ]
    parts = [
        part
        for index, part in enumerate(parts)
        if not _is_two_letters_of_something_else(text, parts, index)
    ]
    found = [
        mention for index in range(len(parts)) if (mention := _read(text, parts, index)) is not None
    ]
    found.extend(_abbreviated(text, found))
    return sorted(found, key=lambda mention: (mention.start, mention.end))


_PAIRED: Final = frozenset(
    [
        "breast-cancer",
        "lung-cancer",
        "kidney-cancer",
        "ovarian-cancer",
        "testicular-cancer",
        "tonsil-cancer",
        "salivary-gland-cancer",
        "fallopian-tube-cancer",
        "thyroid-cancer",
        "adrenocortical-carcinoma",
        "renal-pelvis-and-ureter-cancer",
        "neuroblastoma",
    ]
)
_SIDED_OPERATION: Final = {
    "mastectomy": "breast-cancer", "lumpectomy": "breast-cancer", "nephrectomy": "kidney-cancer",
    "nephroureterectomy": "renal-pelvis-and-ureter-cancer",
    "orchiectomy": "testicular-cancer", "lobectomy": "lung-cancer", "pneumonectomy": "lung-cancer",
    "thyroid lobe": "thyroid-cancer", "lobe": "thyroid-cancer",
}  # fmt: skip


_SIDES: Final = {"l": "left", "r": "right", "b": "bilateral"}


def side_of(text: str, cancer: str) -> str | None:
    """Return the side that a text speaks of an organ with most often."""
    root = next((key for key in lineage(cancer) if key in _PAIRED), None)
    if root is None:
        return None
    words = [
        *cancers()[root].sites,
        *(name for name, key in _SIDED_OPERATION.items() if key == root),
    ]
    named = "|".join(re.escape(word) for word in words)
    pattern = re.compile(
        rf"\b(?P<first>left|right|bilateral)\s+(?:[\w-]+\s+){{0,2}}(?:{named})\b"
        rf"|\b(?:{named})\s?[,(-]\s?(?P<last>left|right|bilateral)\b"
        rf"|(?<![A-Za-z])(?P<letter>(?-i:L|R|Lt|Rt))\.?\s+(?:{named})\b",
        re.IGNORECASE,
    )
    sides = Counter(
        _SIDES[(found["first"] or found["last"] or found["letter"]).lower()[0]]
        for found in pattern.finditer(text)
    ).most_common(2)
    is_even = len(sides) > 1 and sides[0][1] == sides[1][1]
    return sides[0][0] if sides and not is_even else None


_MASSES: Final = ("mass", "tumor", "lesion", "neoplasm")


def masses_in(text: str) -> list[DiseaseMention]:
    """Return the organs in which a text speaks of a mass: "a mass in the head of the pancreas"."""
    parts = [
        part
        for part in _mass_book().find(text)
        if part.meaning[0] is not _Part.SITE or not _NODES_AFTER.match(text, part.end)
    ]
    found: list[DiseaseMention] = []
    for index in range(len(parts)):
        if parts[index].meaning[0] is not _Part.HEAD:
            continue
        site, start, end, _ = _site_of(text, parts, index)
        if site is not None:
            found.append(DiseaseMention(site, None, start, end, _side(text, start, end)))
    return found


def _is_two_letters_of_something_else(text: str, parts: list[Found[_Meaning]], index: int) -> bool:
    part = parts[index]
    if part.meaning != (_Part.HEAD, "ca"):
        return False
    if re.match(r"[\s-]?\d|\s*[:=]", text[part.end : part.end + 4]):
        return True
    # In small letters they are a word only beside an organ: "prostate ca", "ca ovary".
    is_beside_organ = any(
        other.meaning[0] is _Part.SITE
        and text[min(part.end, other.end) : max(part.start, other.start)].isspace()
        for other in (*parts[max(0, index - 1) : index], *parts[index + 1 : index + 2])
    )
    return text[part.start : part.end] == "ca" and not is_beside_organ


def _read(text: str, parts: list[Found[_Meaning]], index: int) -> DiseaseMention | None:
    part = parts[index]
    kind, key = part.meaning
    if kind is _Part.CANCER:
        # "HER2- breast cancer" has the words of one that is positive, and a sign.
        if key in _POSITIVE and _MINUS.search(text[part.start : part.end]):
            key = cancers()[key].parent or key
        histology = _histology_within(text[part.start : part.end])
        side = _side(text, part.start, part.end)
        return DiseaseMention(
            key, histology, part.start, part.end, side,
            is_secondary=_is_secondary(text, part.start, "of"),
        )  # fmt: skip
    if kind is _Part.SITE:
        return None
    if kind is _Part.ORIGIN:
        before = parts[index - 1] if index else None
        if before is None or before.meaning[0] is not _Part.SITE:
            return None
        if text[before.end : part.start].strip() or not _CAME_FROM.search(text[: before.start]):
            return None
        return DiseaseMention(before.meaning[1], None, before.start, part.end)
    histology = key if kind is _Part.HISTOLOGY else None
    site, start, end, how = _site_of(text, parts, index)
    if site is not None:
        return DiseaseMention(
            _narrowed(site, histology), histology, start, end, _side(text, start, end),
            is_secondary=_is_secondary(text, start, how),
        )  # fmt: skip
    if histology is None:
        return None
    implied = histologies()[histology].cancer
    return DiseaseMention(
        implied, histology, part.start, part.end, _side(text, part.start, part.end), is_implied=True
    )


def _site_of(
    text: str, parts: list[Found[_Meaning]], index: int
) -> tuple[str | None, int, int, str]:
    """Return the organ that a histology or head goes with, where both stand, and how."""
    part = parts[index]
    if index > 0:
        before = parts[index - 1]
        gap = text[before.end : part.start]
        if before.meaning[0] is _Part.SITE and _SITE_BEFORE.fullmatch(gap):
            return before.meaning[1], before.start, part.end, "before"
    for after in parts[index + 1 : index + 3]:
        is_beside = text[part.end : after.start].isspace()
        if part.meaning == (_Part.HEAD, "ca") and is_beside and after.meaning[0] is _Part.SITE:
            return after.meaning[1], part.start, after.end, "of"
        if after.meaning[0] is not _Part.SITE or after.start - part.end > _REACH:
            break
        joined = _SITE_AFTER.fullmatch(text, part.end, after.start)
        if joined is not None:
            if _NODES_AFTER.match(text, after.end):
                break
            return after.meaning[1], part.start, after.end, joined["how"].lower()
    if index > 0 and part.meaning[0] is _Part.HISTOLOGY:
        before = parts[index - 1]
        if (
            before.meaning[0] is _Part.SITE
            and not _NODES_AFTER.match(text, before.end)
            and re.match(r"\s*[,:(–-]", text[before.end : before.end + 4])
            and not _NODES_BEFORE.search(text[max(0, before.start - _WINDOW) : before.start])
            and _may_come_from(part.meaning[1], before.meaning[1])
            and _SYNOPTIC_GAP.fullmatch(text, before.end, part.start)
        ):
            return before.meaning[1], part.start, part.end, "synoptic"
    return None, part.start, part.end, ""


def _may_come_from(histology: str, site: str) -> bool:
    implied = histologies()[histology].cancer
    return implied is None or site in lineage(implied) or (implied, site) in _BY_ORGAN


def _histology_within(name: str) -> str | None:
    """Return the histology that a cancer's own name holds: "lung adenocarcinoma"."""
    found = _histology_book().find(name)
    return found[0].meaning[1] if found else None


def _narrowed(site: str, histology: str | None) -> str:
    """Return the cancer of an organ, or the one that its histology makes of it.

    A stromal tumor of the stomach is no stomach cancer: what may begin in many organs is named by
    its histology, and by the organ only where both together have a name.
    """
    implied = histologies()[histology].cancer if histology is not None else None
    if implied is None:
        return site
    if (implied, site) in _BY_ORGAN:
        return _BY_ORGAN[implied, site]
    has_organ = implied not in _OF_MANY_ORGANS and any(
        cancers()[key].sites for key in lineage(implied)
    )
    return implied if site in lineage(implied) or not has_organ else site


def _is_secondary(text: str, start: int, how: str) -> bool:
    """Tell whether a metastasis is meant.

    "Metastatic carcinoma of the lung" began in the lung; "in the lung" it came to.
    """
    if how == "before" or _DIRECT_OF.match(how):
        return False
    if how == "synoptic":
        return _METASTATIC_JUST_BEFORE.search(text[max(0, start - _WINDOW) : start]) is not None
    return _SECONDARY_BEFORE.search(text[max(0, start - 60) : start]) is not None


def _side(text: str, start: int, end: int) -> str | None:
    within = list(_SIDE.finditer(text, max(0, start - _WINDOW), end))
    if within and not re.search(r"[.;\n]|,\d|\)\s", text[within[-1].end() : start]):
        return within[-1]["side"].lower()
    after = re.match(r"[\s,(]{1,3}(left|right|bilateral)\b", text[end : end + 12], re.IGNORECASE)
    return after.group(1).lower() if after else None


def _abbreviated(text: str, found: list[DiseaseMention]) -> list[DiseaseMention]:
    known = _abbreviations()
    taken = [(mention.start, mention.end) for mention in found]
    return [
        DiseaseMention(known[short.group()], None, short.start(), short.end())
        for short in _CAPITALS.finditer(text)
        if short.group() in known
        and not _is_shouted(text, short.start(), short.end())
        and not any(start <= short.start() < end for start, end in taken)
    ]


def _is_shouted(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - _WINDOW) : start] + text[end : end + _WINDOW]
    letters = [letter for letter in around if letter.isalpha()]
    return bool(letters) and sum(map(str.isupper, letters)) > len(letters) * _SHOUTING


@cache
def _abbreviations() -> dict[str, str]:
    return {short: cancer.key for cancer in cancers().values() for short in cancer.abbreviations}


@cache
def _mass_book() -> PhraseBook[_Meaning]:
    book: PhraseBook[_Meaning] = PhraseBook()
    for head in _MASSES:
        book.add(head, (_Part.HEAD, head))
    for cancer in cancers().values():
        for site in cancer.sites:
            # "Cervical mass" is one of the neck.
            if site != "cervical":
                book.add(site, (_Part.SITE, cancer.key))
    return book


@cache
def _histology_book() -> PhraseBook[_Meaning]:
    book: PhraseBook[_Meaning] = PhraseBook()
    for histology in histologies().values():
        for name in histology.names:
            book.add(name, (_Part.HISTOLOGY, histology.key))
    return book


@cache
def _book() -> PhraseBook[_Meaning]:
    book: PhraseBook[_Meaning] = PhraseBook()
    for histology in histologies().values():
        for name in histology.names:
            book.add(name, (_Part.HISTOLOGY, histology.key))
    for cancer in cancers().values():
        for name in cancer.names:
            book.add(name, (_Part.CANCER, cancer.key))
    for head in _HEADS:
        book.add(head, (_Part.HEAD, "ca" if head.lower() == "ca" else head))
    for head in _BROAD_HEADS:
        book.add(head, (_Part.BROAD_HEAD, head))
    for origin in _ORIGINS:
        book.add(origin, (_Part.ORIGIN, origin))
    for cancer in cancers().values():
        for site in cancer.sites:
            book.add(site, (_Part.SITE, cancer.key))
    return book
