"""Results of tumor markers and genes in their one form."""

import re
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.profile.normal.changes import is_change, read_change
from navis_api.records.profile.normal.form import NormalForm, Stance
from navis_api.records.profile.normal.measures import read_measure
from navis_api.records.profile.normal.words import Word, read_level, read_word
from navis_api.vocabulary.tumor_markers import MarkerKind, TumorMarker, tumor_markers

_PARTS = re.compile(r"\s*[,;]\s*")
_ORIGIN: Final = frozenset({"somatic", "germline"})
_ORIGIN_WORDS = re.compile(r"(?P<origin>somatic|germline)(?:\s+(?:variant|mutation|origin))?")
_CALLED: Final = frozenset({"pathogenic", "likely pathogenic"})
_INSTABILITY: Final = {
    "msi-h": "MSI-H", "msi-high": "MSI-H", "high": "MSI-H", "unstable": "MSI-H",
    "positive": "MSI-H", "dmmr": "MSI-H", "deficient": "MSI-H", "msi-l": "MSI-L",
    "msi-low": "MSI-L", "low": "MSI-L", "mss": "MSS", "stable": "MSS", "negative": "MSS",
    "pmmr": "MSS", "proficient": "MSS", "intact": "MSS",
}  # fmt: skip
# American guidelines for breast cancer (ASCO and CAP 2020): from 1 % of cells on a receptor is
# there; HER2 is by 3+, isn't by 0 and 1+, and 2+ leaves it open.
_RECEPTORS: Final = frozenset({"er", "pr"})
_HER2: Final = frozenset({"her2", "her2_ihc"})
_HER2_SCORES: Final = {"0": Stance.NO, "1+": Stance.NO, "3+": Stance.YES}
_SHARE = re.compile(r"(?P<bound>[<>≤≥])?(?P<low>\d{1,3}(?:\.\d)?)(?:-\d{1,3})?%")
_ALLRED = re.compile(r"(?P<sum>\d)/8")
# Harvey and others (1999): from 3 on a receptor is there.
_ALLRED_POSITIVE: Final = 3
_SCORED: Final = frozenset({"TPS", "CPS", "IC"})
_SCORE_FIRST = re.compile(
    r"(?P<how>TPS|CPS|IC)\s*(?:of|:|=)?\s*(?P<score>[^%]{1,20})%?", re.IGNORECASE
)


def marker_form(finding: Finding) -> NormalForm | None:
    """Return a marker's result; None unless the marker is known, and all of it is read."""
    marker = tumor_markers().get(finding.key)
    if marker is None or finding.value is None:
        return None
    if marker.kind is MarkerKind.SERUM:
        return _measured(marker, finding) or _level(marker, finding.value)
    if marker.key == "msi":
        return _instability(marker, finding.value)
    return _in_words(marker, finding) or _measured(marker, finding)


def gene_form(finding: Finding) -> NormalForm | None:
    """Return what is said of a gene: whether it is changed, and how where that has a name.

    Of several genes together, as a fusion has them, those that are known are named.
    """
    markers = [
        known for key in finding.key.split("+") if (known := tumor_markers().get(key)) is not None
    ]
    if not markers or finding.value is None:
        return None
    marker = TumorMarker(
        "+".join(each.key for each in markers),
        "-".join(each.label for each in markers),
        MarkerKind.GENOMIC, (), (),
    )  # fmt: skip
    is_joined = "+" in finding.key
    if not is_joined and marker.key == "msi":
        return _instability(marker, finding.value)
    form = _in_words(marker, finding) or (None if is_joined else _measured(marker, finding))
    if form is None or not is_joined:
        return form
    if form.stance is Stance.NO and len(markers) != len(finding.key.split("+")):
        return None
    return _as_fusion(form) if form.stance is Stance.YES else form


def _measured(marker: TumorMarker, finding: Finding) -> NormalForm | None:
    value, unit = finding.value or "", finding.unit
    scored = _SCORE_FIRST.fullmatch(value.strip())
    if scored is not None:
        value, unit = scored["score"], scored["how"]
    elif unit is not None and unit.upper() in _SCORED:
        value = value.strip().removesuffix("%")
    read = read_measure(value, unit)
    if read is None:
        return None
    scope = read.unit if read.unit in _SCORED else ""
    return NormalForm(
        marker.key, marker.label, read.number, read.unit, scope=scope or "",
        parts=frozenset({read.number}), is_measured=True,
    )  # fmt: skip


def _level(marker: TumorMarker, value: str) -> NormalForm | None:
    level = read_level(value)
    if level is None:
        return None
    return NormalForm(marker.key, marker.label, level, parts=frozenset({level}), is_measured=True)


def _instability(marker: TumorMarker, value: str) -> NormalForm | None:
    status = _INSTABILITY.get(" ".join(value.lower().split()))
    if status is None:
        return None
    stance = Stance.YES if status == "MSI-H" else Stance.NO
    return NormalForm(marker.key, marker.label, status, parts=frozenset({status}), stance=stance)


def _in_words(marker: TumorMarker, finding: Finding) -> NormalForm | None:
    """Return a result told in words and scores: every part of it has to be one that is known."""
    is_gene = finding.kind is FindingKind.GENOMIC_VARIANT
    words: list[Word] = []
    changes: list[str] = []
    for part in _PARTS.split(finding.value or ""):
        word = read_word(part)
        origin = _ORIGIN_WORDS.fullmatch(part.lower())
        if word is not None:
            words.append(word)
        elif is_gene and origin is not None:
            words.append(Word(origin["origin"]))
        elif is_gene and is_change(part):
            changes.append(part)
        elif not (is_gene and part.lower() in _CALLED):
            return None
    change = read_change(" ".join([*changes, _behind_gene(finding.name)])) if is_gene else ""
    if is_gene and changes and not any(word.stance for word in words):
        words.insert(0, Word("mutated", Stance.YES))
    if not words or all(word.text in _ORIGIN for word in words):
        return None
    there = "mutated" if is_gene else "positive"
    told = list(dict.fromkeys(there if word.text == "present" else word.text for word in words))
    stances = {word.stance for word in words if word.stance is not None}
    if len(stances) > 1:
        return None
    return NormalForm(
        marker.key,
        f"{marker.label} {change}" if change else marker.label,
        ", ".join(told),
        scope=change,
        parts=frozenset(told),
        stance=next(iter(stances), None) or _scored(marker.key, words),
    )


def _behind_gene(name: str) -> str:
    """Return what a variant's name holds behind its genes."""
    return name.partition(" ")[2]


def _scored(key: str, words: list[Word]) -> Stance | None:
    """Return what a score alone says, where guidelines have a threshold."""
    for word in words:
        if key in _HER2:
            found = Stance.NO if word.text == "low" else _HER2_SCORES.get(word.text)
        else:
            found = _receptor_scored(word.text) if key in _RECEPTORS else None
        if found is not None:
            return found
    return None


def _receptor_scored(score: str) -> Stance | None:
    allred, share = _ALLRED.fullmatch(score), _SHARE.fullmatch(score)
    if allred is not None:
        return Stance.YES if int(allred["sum"]) >= _ALLRED_POSITIVE else Stance.NO
    if share is None or share["bound"] == "≤":
        return None
    low = float(share["low"])
    if share["bound"] == "<":
        return Stance.NO if low <= 1 else None
    return Stance.YES if low >= 1 else Stance.NO


def _as_fusion(form: NormalForm) -> NormalForm:
    """Two genes of which one change is told are joined."""
    told = ["rearranged" if part == "mutated" else part for part in (form.value or "").split(", ")]
    return replace(form, value=", ".join(told), parts=frozenset(told))
