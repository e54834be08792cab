"""Cancers, their organs and histologies, and the places they spread to, with their codes.

The lists are data (`cancers.json`); the code only looks up. A cancer's key is the slug that the
catalogue we ship has for it, where it has one. This room knows no database: what a deployment's
own catalogue calls a cancer is decided elsewhere.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict, TypeVar

ListedT = TypeVar("ListedT")

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Cancer:
    """A cancer. `sites` are the words for its organ; codes are prefixes for ICD-10."""

    key: str
    label: str
    parent: str | None
    names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    sites: tuple[str, ...]
    icd10: tuple[str, ...]
    snomed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Histology:
    """What a cancer's cells are. `cancer` is the one meant where a text names no organ.

    `kinds` are histologies that this one is a wider word for, as `parent` is for those that have
    no other.
    """

    key: str
    label: str
    names: tuple[str, ...]
    parent: str | None
    cancer: str | None
    icdo: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetastaticSite:
    """A place that cancers spread to, with the codes of a secondary neoplasm there."""

    key: str
    label: str
    names: tuple[str, ...]
    icd10: tuple[str, ...]
    snomed: tuple[str, ...]


class _EntryData(TypedDict):
    key: str
    label: str
    names: list[str]
    parent: NotRequired[str]
    abbreviations: NotRequired[list[str]]
    sites: NotRequired[list[str]]
    cancer: NotRequired[str]
    icd10: NotRequired[list[str]]
    icdo: NotRequired[list[str]]
    kinds: NotRequired[list[str]]
    snomed: NotRequired[list[str]]


class _Lists(TypedDict):
    source: str
    cancers: list[_EntryData]
    histologies: list[_EntryData]
    metastatic_sites: list[_EntryData]


@cache
def cancers() -> dict[str, Cancer]:
    """Return every cancer by its key."""
    return {
        entry["key"]: Cancer(
            key=entry["key"],
            label=entry["label"],
            parent=entry.get("parent"),
            names=tuple(entry["names"]),
            abbreviations=tuple(entry.get("abbreviations", ())),
            sites=tuple(entry.get("sites", ())),
            icd10=tuple(entry.get("icd10", ())),
            snomed=tuple(entry.get("snomed", ())),
        )
        for entry in _lists()["cancers"]
    }


@cache
def histologies() -> dict[str, Histology]:
    """Return every histology by its key."""
    return {
        entry["key"]: Histology(
            key=entry["key"],
            label=entry["label"],
            names=tuple(entry["names"]),
            parent=entry.get("parent"),
            cancer=entry.get("cancer"),
            icdo=tuple(entry.get("icdo", ())),
            kinds=tuple(entry.get("kinds", ())),
        )
        for entry in _lists()["histologies"]
    }


@cache
def metastatic_sites() -> dict[str, MetastaticSite]:
    """Return every place that cancers spread to by its key."""
    return {
        entry["key"]: MetastaticSite(
            key=entry["key"],
            label=entry["label"],
            names=tuple(entry["names"]),
            icd10=tuple(entry.get("icd10", ())),
            snomed=tuple(entry.get("snomed", ())),
        )
        for entry in _lists()["metastatic_sites"]
    }


def wider_histologies(keys: Collection[str]) -> frozenset[str]:
    """Return those of the histologies that others of them say more closely."""
    known = histologies()
    parents = {known[key].parent for key in keys if key in known}
    return frozenset(
        key
        for key in keys
        if key in parents or (key in known and not set(known[key].kinds).isdisjoint(keys))
    )


def lineage(key: str) -> tuple[str, ...]:
    """Return a cancer's key and those of the cancers above it, nearest first."""
    known = cancers()
    above: list[str] = []
    at: str | None = key
    while at is not None and at not in above and len(above) < _DEEPEST:
        above.append(at)
        found = known.get(at)
        at = found.parent if found is not None else None
    return tuple(above)


def are_one(one: str, other: str) -> bool:
    """Tell whether two keys name one cancer, the same one or one above the other."""
    return one in lineage(other) or other in lineage(one)


def by_icd10(code: str) -> Cancer | None:
    """Return the cancer of an ICD-10 or ICD-10-CM code: that of the longest prefix listed."""
    return _of_longest_prefix(code, _cancer_prefixes())


def site_by_icd10(code: str) -> MetastaticSite | None:
    """Return the place of a secondary neoplasm (ICD-10 C77 to C79)."""
    return _of_longest_prefix(code, _site_prefixes())


def _of_longest_prefix(code: str, prefixes: dict[str, ListedT]) -> ListedT | None:
    plain = code.upper().replace(".", "")
    for length in range(len(plain), 1, -1):
        found = prefixes.get(plain[:length])
        if found is not None:
            return found
    return None


@cache
def _cancer_prefixes() -> dict[str, Cancer]:
    # Subtypes that no code tells apart share their parent's: the cancer nearest the root has it.
    prefixes: dict[str, Cancer] = {}
    for cancer in sorted(cancers().values(), key=lambda each: len(lineage(each.key))):
        for code in cancer.icd10:
            prefixes.setdefault(code.replace(".", ""), cancer)
    return prefixes


@cache
def _site_prefixes() -> dict[str, MetastaticSite]:
    return {
        code.replace(".", ""): site for site in metastatic_sites().values() for code in site.icd10
    }


@cache
def _lists() -> _Lists:
    read: _Lists = json.loads(
        files("navis_api.vocabulary").joinpath("cancers.json").read_text(encoding="utf-8")
    )
    return read
