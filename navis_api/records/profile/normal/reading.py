"""Any finding in its one form: what stands in it is looked up, and what isn't found is left out."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from navis_api.kit.text import fold
from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.profile.normal.form import NormalForm
from navis_api.records.profile.normal.markers import gene_form, marker_form
from navis_api.records.profile.normal.stages import (
    GRADES,
    category_form,
    grade_form,
    performance_form,
    stage_form,
)
from navis_api.vocabulary.cancer_treatments import cancer_treatments
from navis_api.vocabulary.cancers import cancers, histologies, metastatic_sites
from navis_api.vocabulary.naming import TermKind
from navis_api.vocabulary.phrases import phrases
from navis_api.vocabulary.terms import terms

_K = FindingKind
_DRUGS: Final = (TermKind.DRUG, TermKind.REGIMEN, TermKind.DRUG_CLASS)


def normal_form(finding: Finding) -> NormalForm | None:
    """Return what a finding says in the vocabulary's words.

    None where what it is about isn't in the vocabulary, or what it says isn't read to its last
    letter: nothing of a value that holds anything else is taken.
    """
    return _READERS[finding.kind](finding)


def known_line(line: str | None) -> str | None:
    """Return a line of treatment if it is one that the vocabulary has."""
    return line if line in _lines() else None


def _named(label: str | None, finding: Finding) -> NormalForm | None:
    """Return what the name says all of. A value beside it would say something else."""
    if label is None or (finding.value is not None and fold(finding.value) != fold(label)):
        return None
    return NormalForm(finding.key, label)


def _cancer(finding: Finding) -> NormalForm | None:
    known = cancers().get(finding.key)
    return _named(known.label if known else None, finding)


def _site(finding: Finding) -> NormalForm | None:
    known = metastatic_sites().get(finding.key)
    return _named(known.label if known else None, finding)


def _histology(finding: Finding) -> NormalForm | None:
    """A histology is told by its value, so that a corrected one is another histology."""
    if finding.value is None:
        known = histologies().get(finding.key)
    else:
        known = histologies().get(_histology_names().get(_plain(finding.value), ""))
    return NormalForm(known.key, known.label, known.label) if known else None


def _treatment(finding: Finding) -> NormalForm | None:
    known = cancer_treatments().get(finding.key)
    if known is not None:
        return _named(known.label, finding)
    if finding.kind is not _K.MEDICATION:
        return None
    found = (terms().get((kind, finding.key)) for kind in _DRUGS)
    term = next((each for each in found if each is not None), None)
    return _named(term.label if term else None, finding)


def _marker(finding: Finding) -> NormalForm | None:
    return grade_form(finding) if finding.key in GRADES else marker_form(finding)


_READERS: Final[Mapping[FindingKind, Callable[[Finding], NormalForm | None]]] = {
    _K.PRIMARY_CANCER: _cancer,
    _K.HISTOLOGY: _histology,
    _K.STAGE_GROUP: stage_form,
    _K.TNM_CATEGORY: category_form,
    _K.TUMOR_MARKER: _marker,
    _K.GENOMIC_VARIANT: gene_form,
    _K.MEDICATION: _treatment,
    _K.PROCEDURE: _treatment,
    _K.RADIOTHERAPY: _treatment,
    _K.METASTATIC_SITE: _site,
    _K.PERFORMANCE_STATUS: performance_form,
}


@cache
def _histology_names() -> dict[str, str]:
    names = {_plain(name): each.key for each in histologies().values() for name in each.names}
    return names | {_plain(each.label): each.key for each in histologies().values()}


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", " ", fold(name)).strip()


@cache
def _lines() -> frozenset[str]:
    return frozenset(key for _, key in phrases("lines"))
