"""Markers that are measured in blood or tissue, with the names and LOINC codes of their tests.

What genes are called stands in `genes.json`; here is which of them are markers of which kind, and
what pathologists stain for besides (`tumor_markers.json`).
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from navis_api.vocabulary.terms import TermKind, terms


class MarkerKind(StrEnum):
    """How a marker is measured."""

    SERUM = "serum"
    """In blood, with a number and a unit."""
    TISSUE = "tissue"
    """In cells of the tumor: positive or negative, a share, a score."""
    GENOMIC = "genomic"
    """In the tumor's or the person's genes."""


@dataclass(frozen=True, slots=True)
class TumorMarker:
    """A marker. `names` are those of its tests, `loinc` the codes of tests that measure it."""

    key: str
    label: str
    kind: MarkerKind
    names: tuple[str, ...]
    loinc: tuple[str, ...]


class _EntryData(TypedDict):
    key: str
    label: str
    kind: NotRequired[str]
    names: NotRequired[list[str]]
    loinc: NotRequired[list[str]]


class _Lists(TypedDict):
    source: str
    markers: list[_EntryData]
    tissue_genes: list[str]
    not_markers: list[str]
    stains: list[_EntryData]


@cache
def tumor_markers() -> dict[str, TumorMarker]:
    """Return every marker by its key: those listed, stains, and the other genes."""
    lists = _lists()
    found = {entry["key"]: _marker(entry, MarkerKind.TISSUE) for entry in lists["stains"]}
    for (kind, key), term in terms().items():
        if kind is not TermKind.GENE or key in lists["not_markers"]:
            continue
        how = MarkerKind.TISSUE if key in lists["tissue_genes"] else MarkerKind.GENOMIC
        found[key] = TumorMarker(key, term.label, how, (), ())
    found |= {entry["key"]: _marker(entry, MarkerKind.TISSUE) for entry in lists["markers"]}
    return found


@cache
def stains() -> tuple[TumorMarker, ...]:
    """Return what is stained for and isn't listed among the genes."""
    return tuple(_marker(entry, MarkerKind.TISSUE) for entry in _lists()["stains"])


@cache
def by_loinc() -> dict[str, TumorMarker]:
    """Return the marker that a LOINC code's test measures, by code."""
    return {code: marker for marker in tumor_markers().values() for code in marker.loinc}


def is_in_blood(key: str) -> bool:
    """Whether a marker is a number in blood, of which "high" says too little to compare."""
    marker = tumor_markers().get(key)
    return marker is not None and marker.kind is MarkerKind.SERUM


def _marker(entry: _EntryData, kind: MarkerKind) -> TumorMarker:
    return TumorMarker(
        entry["key"],
        entry["label"],
        MarkerKind(entry["kind"]) if "kind" in entry else kind,
        tuple(entry.get("names", ())),
        tuple(entry.get("loinc", ())),
    )


@cache
def _lists() -> _Lists:
    read: _Lists = json.loads(
        files("navis_api.vocabulary").joinpath("tumor_markers.json").read_text(encoding="utf-8")
    )
    return read
