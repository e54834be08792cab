"""Which drugs, procedures and kinds of radiation treat a cancer, among all that are listed.

What they are called stands in `drugs.json`, `regimens.json` and `treatments.json`; what is added
here (`cancer_treatments.json`) is how reports write them and which organs a procedure is for.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from navis_api.vocabulary.naming import Term, TermKind
from navis_api.vocabulary.terms import terms


class TreatmentKind(StrEnum):
    """What sort of treatment it is, as mCODE divides them."""

    PROCEDURE = "procedure"
    RADIOTHERAPY = "radiotherapy"
    SYSTEMIC = "systemic"
    """A kind of treatment with drugs, which ones is left open: "chemotherapy"."""


@dataclass(frozen=True, slots=True)
class CancerTreatment:
    """A treatment. `organs` are the keys of the cancers it is for; none when it may be for any."""

    key: str
    label: str
    kind: TreatmentKind
    organs: tuple[str, ...]
    names: tuple[str, ...]


class _EntryData(TypedDict):
    key: str
    organs: NotRequired[list[str]]
    names: NotRequired[list[str]]
    only: NotRequired[bool]
    """Whether the names here replace those of the list of treatments."""


class _Lists(TypedDict):
    source: str
    drug_classes: list[str]
    drugs: list[str]
    other_drugs: list[str]
    drug_organs: dict[str, list[str]]
    stems: list[str]
    procedures: list[_EntryData]
    radiotherapies: list[_EntryData]
    systemic: list[_EntryData]
    snomed: dict[str, str]


@cache
def cancer_treatments() -> dict[str, CancerTreatment]:
    """Return every treatment that isn't a drug by its key."""
    lists = _lists()
    return {
        entry["key"]: _treatment(entry, kind)
        for entries, kind in (
            (lists["procedures"], TreatmentKind.PROCEDURE),
            (lists["radiotherapies"], TreatmentKind.RADIOTHERAPY),
            (lists["systemic"], TreatmentKind.SYSTEMIC),
        )
        for entry in entries
    }


def treats_cancer(term: Term) -> bool:
    """Tell whether a drug, a class of drugs or a regimen is given against a cancer."""
    lists = _lists()
    if term.kind is TermKind.REGIMEN:
        return True
    if not term.known:
        return term.key.endswith(tuple(lists["stems"]))
    if term.key in lists["other_drugs"]:
        return False
    return term.key in lists["drugs"] or not _classes().isdisjoint(term.classes)


def drug_organs(key: str) -> tuple[str, ...]:
    """Return the cancers that a drug is for, where it is given for other ends with the rest.

    Leucovorin strengthens fluorouracil, and elsewhere it saves from methotrexate.
    """
    return tuple(_lists()["drug_organs"].get(key, ()))


def by_snomed(code: str) -> CancerTreatment | None:
    """Return the treatment that a SNOMED CT procedure code stands for, where it is listed."""
    key = _lists()["snomed"].get(code)
    return cancer_treatments()[key] if key is not None else None


def _treatment(entry: _EntryData, kind: TreatmentKind) -> CancerTreatment:
    term = terms().get((TermKind.TREATMENT, entry["key"]))
    own = tuple(entry.get("names", ()))
    known = term.names if term is not None and not entry.get("only") else ()
    names = dict.fromkeys(known + own)
    label = term.label if term is not None else own[0]
    return CancerTreatment(entry["key"], label, kind, tuple(entry.get("organs", ())), tuple(names))


@cache
def _classes() -> frozenset[str]:
    return frozenset(_lists()["drug_classes"])


@cache
def _lists() -> _Lists:
    read: _Lists = json.loads(
        files("navis_api.vocabulary").joinpath("cancer_treatments.json").read_text(encoding="utf-8")
    )
    return read
