"""Whose question it is: markers, patients and what they have beside cancer."""

import re
from collections.abc import Iterator

from navis_api.questions.sameness.naming import one_name
from navis_api.questions.sameness.patients import CHILD_WORDS, KIN
from navis_api.vocabulary.markers import MarkerStatus, markers_in
from navis_api.vocabulary.populations import populations_in

_BECOMING = re.compile(r"(?:get|gets|getting|got|become|becoming|becomes|be)\s+$", re.IGNORECASE)
_STAFF = (
    r"(?:doctor|doc|gp|surgeon|nurse|oncologist|consultant|specialist|radiologist|boss|colleague)"
)
_OF_STAFF = re.compile(rf"\b{_STAFF}(?:'s| is| was) (?:an? )?$", re.IGNORECASE)
_WITH_WHOM = re.compile(r" with (?:me|us|him|her|my|our)\b", re.IGNORECASE)
"""Another pregnancy than the patient's: "when my mother was pregnant with me"."""

_AGE = re.compile(r"\d+")
_ULTRA = re.compile("ultra", re.IGNORECASE)
_INFANT = re.compile(r"bab(?:y|ies)|infant|newborn|neonat", re.IGNORECASE)
_CONDITIONS = frozenset(
    {"diabetes", "cirrhosis", "kidney_disease", "heart_disease", "autoimmune", "hiv"}
)
"""What a person may have beside cancer, and what may be asked about in its own right."""

_BY_KEY = frozenset({"child", "adult", "pregnant", "female", "male", "breastfeeding"})
"""Groups of people whose names all mean the same; the other groups hold several kinds."""

_YOUNG = re.compile(r"(?<!oh )\b(?P<one>boy|girl)s?\b(?!-)", re.IGNORECASE)
"""Neither men nor women, nor children of either sex: what boys get is another thing."""

_NOT_WHOSE = frozenset({"family_history", "transplanted"})
"""Groups that are read as what is asked ("does it run in families") or as a treatment."""

_PRESENT_BY_CHANGE = frozenset(
    {"egfr", "braf", "kras", "nras", "brca", "brca1", "brca2", "idh1", "idh2", "flt3", "pik3ca"}
    | {"esr1", "tp53", "jak2", "kit"}
)
_PRESENT_BY_FUSION = frozenset({"alk", "ros1", "ntrk", "ntrk1", "ntrk2", "ntrk3"})
"""Genes of which "positive" is the usual word for a mutation, or for a fusion."""


def marker_mentions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield markers with their variant and status: "her2 positive", "egfr exon 19 positive"."""
    for marker in markers_in(text):
        status = marker.status
        if marker.gene_key in _PRESENT_BY_CHANGE:
            status = _AS_PRESENT.get(status, status)
        elif marker.gene_key in _PRESENT_BY_FUSION and status is MarkerStatus.REARRANGED:
            status = MarkerStatus.POSITIVE
        level = "ultra" if _ULTRA.search(text[marker.start : marker.end]) else ""
        told = f"{level}{status.value}".replace("_", " ")
        said = [marker.gene_key, marker.variant or "", told]
        yield marker.start, marker.end, " ".join(part for part in said if part)


_AS_PRESENT = {
    MarkerStatus.MUTATED: MarkerStatus.POSITIVE,
    MarkerStatus.WILD_TYPE: MarkerStatus.NEGATIVE,
}


def conditions(plain: str) -> Iterator[tuple[int, int, str]]:
    """Yield what a person has beside cancer: "with diabetes"."""
    for found in populations_in(plain):
        if found.key in _CONDITIONS:
            yield found.start, found.end, one_name(plain[found.start : found.end])


def population_mentions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the groups of people that patients are told by: "child", "older people", "over 70"."""
    yield from _boys_and_girls(text)
    for found in populations_in(text):
        said = text[found.start : found.end].lower()
        if (
            found.key in _CONDITIONS | _NOT_WHOSE
            or said.removeprefix("my ") in KIN
            or _YOUNG.fullmatch(said)
        ):
            continue
        if found.key == "pregnant" and (
            _BECOMING.search(text[: found.start]) or _WITH_WHOM.match(text, found.end)
        ):
            continue
        if _OF_STAFF.search(text[: found.start]):
            continue
        age = _AGE.search(said)
        if found.key == "child" and _INFANT.search(said):
            yield found.start, found.end, "infant"
            continue
        if found.key in _BY_KEY and (age is None or found.key == "child"):
            yield found.start, found.end, found.key
        elif age is not None:
            yield found.start, found.end, f"{_bound(said)}{age.group()}"
        elif said.removeprefix("my ").removeprefix("our ") in CHILD_WORDS:
            continue
        else:
            yield found.start, found.end, one_name(said)


def _boys_and_girls(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _YOUNG.finditer(text):
        yield found.start(), found.end(), f"{found['one'].lower()}s"


def _bound(said: str) -> str:
    if re.search(r"under|below|younger|less", said):
        return "under "
    return "over " if re.search(r"over|above|older|more", said) else "age "
