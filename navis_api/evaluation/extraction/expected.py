"""The facts that the labels of a case expect, in the form in which facts are compared.

Only what the labels speak of is scored: where a key ("metastases", "histology") is left out,
nothing is known, and findings of its kind count neither way.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final, cast

from navis_api.evaluation.extraction.facts import ExpectedFact, FactKind, squeezed
from navis_api.records.extraction.text.diseases import diseases_in
from navis_api.records.extraction.text.markers import markers_of
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.staging import category_value, stage_value, stages_of
from navis_api.vocabulary.cancer_treatments import TreatmentKind, by_snomed, cancer_treatments
from navis_api.vocabulary.cancers import cancers, metastatic_sites
from navis_api.vocabulary.phrasebook import PhraseBook
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.tumor_markers import MarkerKind, by_loinc, tumor_markers

_K = FactKind

# Which labels speak of which kinds of facts.
_SCORED: Final[dict[str, tuple[FactKind, ...]]] = {
    "cancer": (_K.PRIMARY_CANCER,),
    "histology": (_K.HISTOLOGY,),
    "laterality": (_K.LATERALITY,),
    "grade": (_K.GRADE,),
    "biomarkers": (_K.TUMOR_MARKER, _K.GENOMIC_VARIANT),
    "treatments": (_K.MEDICATION, _K.PROCEDURE, _K.RADIOTHERAPY),
    "metastases": (_K.METASTATIC_SITE,),
    "stage": (_K.STAGE_GROUP, _K.TNM_CATEGORY),
    "performance_status": (_K.PERFORMANCE_STATUS,),
}
_NOT_GIVEN: Final = frozenset({"planned", "cancelled", "declined", "considered"})
_HISTOLOGY_MARK: Final = "(histology)"
# "Recurrent" says how far a disease has come; in a longer text it only describes a stage.
_WORDS_OF_EXTENT: Final = 3
_GRADE_KINDS: Final = frozenset({"gleason", "grade_group"})


def expected_facts(labels: dict[str, Any]) -> list[ExpectedFact]:
    """Return the facts of a case's labels, each once."""
    facts = [
        *_cancers(labels), *_histologies(labels), *_grades(labels), *_sides(labels),
        *_staging(labels.get("stage")), *_biomarkers(labels.get("biomarkers")),
        *_treatments(labels.get("treatments")), *_metastases(labels.get("metastases")),
        *_performance(labels.get("performance_status")),
    ]  # fmt: skip
    return list(dict.fromkeys(facts))


def scored_kinds(labels: dict[str, Any]) -> frozenset[FactKind]:
    """Return the kinds of facts that a case's labels speak of."""
    kinds = {kind for key, kinds in _SCORED.items() if key in labels for kind in kinds}
    if isinstance(labels.get("stage"), list):
        # A plain list is one of stages: it says nothing of categories.
        kinds.discard(_K.TNM_CATEGORY)
    return frozenset(kinds | {fact.kind for fact in expected_facts(labels)})


def treatment_keys(name: str) -> list[str]:
    """Return the keys of the drugs, regimens and treatments that a text names."""
    drugs = [
        mention.term.key
        for mention in find_terms(name)
        if mention.term.kind in {TermKind.DRUG, TermKind.REGIMEN}
    ]
    others = [found.meaning for found in _treatment_book().find(name)]
    return list(dict.fromkeys([*drugs, *others]))


def marker_keys(name: str) -> list[str]:
    """Return the keys of the markers that a text names; a gene that isn't listed is its symbol."""
    folded = squeezed(name)
    exact = _marker_names().get(folded)
    if exact is not None:
        return [exact]
    symbols = re.match(r"variant\s+(?P<genes>\S+)", name)
    if symbols is not None:
        return [gene_key(gene) for gene in symbols["genes"].split("-")]
    known = tumor_markers()
    keys = [
        mention.term.key
        for mention in find_terms(f"{name} positive")
        if mention.term.kind is TermKind.GENE and mention.term.key in known
    ]
    if not keys:
        keys = [found.meaning for found in _marker_book().find(name)]
    return list(dict.fromkeys(keys)) or [gene_key(name)]


def gene_key(symbol: str) -> str:
    """Return the key of a gene's symbol: the vocabulary's where it is listed."""
    named = [mention.term.key for mention in find_terms(f"{symbol} gene mutation")
             if mention.term.kind is TermKind.GENE]  # fmt: skip
    return named[0] if named else squeezed(symbol).replace(" ", "_")


def cancer_keys(name: str) -> list[str]:
    """Return the cancers by which a label may be meant: "breast", "lung, non-small cell"."""
    parts = [part.strip() for part in name.split(",")]
    turned = " ".join(reversed(parts))
    for written in (name, f"{turned} cancer", f"{name} cancer", f"cancer of the {name}"):
        found = [each.cancer for each in diseases_in(written, broad=True) if each.cancer]
        if found:
            return found
    return [name] if name in cancers() else []


def _cancers(labels: dict[str, Any]) -> Iterator[ExpectedFact]:
    for name in _texts(labels.get("cancer")):
        if name.endswith(_HISTOLOGY_MARK):
            yield from _histology(name.removesuffix(_HISTOLOGY_MARK))
            continue
        yield ExpectedFact(_K.PRIMARY_CANCER, frozenset(cancer_keys(name)), written=name)


def _histologies(labels: dict[str, Any]) -> Iterator[ExpectedFact]:
    for name in _texts(labels.get("histology")):
        yield from _histology(name)
    for detail in _dicts(labels.get("cancer_detail")):
        if isinstance(detail.get("histology"), str):
            yield from _histology(detail["histology"])


def _histology(name: str) -> Iterator[ExpectedFact]:
    keys = frozenset(each.histology for each in diseases_in(name) if each.histology)
    yield ExpectedFact(_K.HISTOLOGY, keys, written=name)


def _grades(labels: dict[str, Any]) -> Iterator[ExpectedFact]:
    for name in _texts(labels.get("grade")):
        said = [_grade(part) for part in name.split("/") if part.strip()]
        yield ExpectedFact(_K.GRADE, frozenset(["grade"]), said[0], tuple(said[1:]), written=name)


def _grade(name: str) -> str:
    number = re.search(r"\b(?:IV|I{1,3}|[1-4])\b", name)
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4"}
    return roman.get(number.group(), number.group()) if number else name.strip().lower()


def _sides(labels: dict[str, Any]) -> Iterator[ExpectedFact]:
    for name in _texts(labels.get("laterality")):
        side = re.search(r"\b(?:left|right|bilateral)\b", name, re.IGNORECASE)
        if side is not None:
            yield ExpectedFact(_K.LATERALITY, frozenset([side.group().lower()]), written=name)


def _staging(stage: Any) -> Iterator[ExpectedFact]:  # noqa: ANN401  (labels are JSON)
    if isinstance(stage, list):
        for name in _texts(cast("list[Any]", stage)):
            yield from _other_stage(name)
        return
    if not isinstance(stage, dict):
        return
    parts = cast("dict[str, Any]", stage)
    for name in _texts(parts.get("group")):
        yield ExpectedFact(
            _K.STAGE_GROUP, frozenset(["group"]), value=_group_value(name), written=name
        )
    for system in ("t", "n", "m"):
        for name in _texts(parts.get(system)):
            yield ExpectedFact(
                _K.TNM_CATEGORY, frozenset([system]), value=category_value(name), written=name
            )
    for name in _texts(parts.get("other")):
        yield from _other_stage(name)


def _group_value(name: str) -> str:
    read = [each.value for each in stages_of(name) if each.system == "group"]
    return read[0] if read else stage_value(name)


def _other_stage(name: str) -> Iterator[ExpectedFact]:
    """Read what stands under "other": a stage of another system, a grade, or plain words."""
    is_word = len(name.split()) <= _WORDS_OF_EXTENT
    read = [each for each in stages_of(name) if is_word or each.system != "extent"]
    written = name.split(":", 1)[-1] if name.startswith("Condition.stage:") else name
    grades = frozenset(each.system for each in read if each.system in _GRADE_KINDS)
    if grades:
        values = tuple(each.value for each in read if each.system in _GRADE_KINDS)
        yield ExpectedFact(_K.TUMOR_MARKER, grades, value=values[0], other_values=values[1:],
                           written=written)  # fmt: skip
        return
    for each in read:
        yield ExpectedFact(_K.STAGE_GROUP, frozenset([each.system]), each.value, written=written)
        return
    yield ExpectedFact(_K.STAGE_GROUP, frozenset(), written=written)


def _biomarkers(labels: Any) -> Iterator[ExpectedFact]:  # noqa: ANN401  (labels are JSON)
    for entry in _entries(labels):
        if isinstance(entry, str):
            yield from _said(entry)
            continue
        name, code = str(entry.get("name", "")), str(entry.get("code") or "") or None
        marker = by_loinc().get(code or "")
        keys = [marker.key] if marker is not None else marker_keys(name)
        kind = _marker_kind(name, keys)
        value = entry.get("value")
        others = tuple(str(each[-1]) for each in entry.get("all", []) if each)
        yield ExpectedFact(
            kind, frozenset([_joined(keys)]), None if value is None else str(value), others,
            code, tuple(entry.get("hgvs", ())), written=name,
        )  # fmt: skip


def _said(text: str) -> Iterator[ExpectedFact]:
    """Read a marker that stands in words: "Breast Cancer ER or PR Positive"."""
    for reading in markers_of(Passage(text, 1)):
        kind = _K.GENOMIC_VARIANT if reading.marker.kind is MarkerKind.GENOMIC else _K.TUMOR_MARKER
        yield ExpectedFact(kind, frozenset([reading.marker.key]), reading.value, written=text)


def _joined(keys: Iterable[str]) -> str:
    return "+".join(sorted(keys))


def _marker_kind(name: str, keys: list[str]) -> FactKind:
    known = tumor_markers().get(keys[0]) if keys else None
    if name.startswith("variant ") or (known is not None and known.kind is MarkerKind.GENOMIC):
        return _K.GENOMIC_VARIANT
    return _K.TUMOR_MARKER


def _treatments(labels: Any) -> Iterator[ExpectedFact]:  # noqa: ANN401  (labels are JSON)
    for entry in _entries(labels):
        told = {"name": entry} if isinstance(entry, str) else entry
        name, status = str(told.get("name", "")), told.get("status")
        given = None if status is None else status not in _NOT_GIVEN
        code = str(told.get("code") or "") or None
        coded = by_snomed(code or "")
        # What stands in brackets explains the name: "CyberKnife (stereotactic radiotherapy)".
        bare = re.sub(r"\([^()]*\)", " ", name)
        keys = [coded.key] if coded is not None else treatment_keys(bare) or treatment_keys(name)
        kind = _kind_by_category(str(told.get("category", "")))
        if not keys:
            yield ExpectedFact(kind, frozenset(), code=code, given=given, written=name)
        for key in keys:
            known = cancer_treatments().get(key)
            yield ExpectedFact(
                _kind_of_treatment(key) if known is not None else kind, frozenset([key]),
                code=code, given=given, written=name,
            )  # fmt: skip


def _kind_by_category(category: str) -> FactKind:
    if category.startswith(("surg", "procedure", "transplant")):
        return _K.PROCEDURE
    return _K.RADIOTHERAPY if category.startswith("radi") else _K.MEDICATION


def _kind_of_treatment(key: str) -> FactKind:
    kind = cancer_treatments()[key].kind
    return {
        TreatmentKind.PROCEDURE: _K.PROCEDURE,
        TreatmentKind.RADIOTHERAPY: _K.RADIOTHERAPY,
        TreatmentKind.SYSTEMIC: _K.MEDICATION,
    }[kind]


def _metastases(labels: Any) -> Iterator[ExpectedFact]:  # noqa: ANN401  (labels are JSON)
    for name in _texts(labels):
        keys = [found.meaning for found in _site_book().find(name)]
        yield ExpectedFact(_K.METASTATIC_SITE, frozenset(keys[:1]), written="" if keys else name)


def _performance(labels: Any) -> Iterator[ExpectedFact]:  # noqa: ANN401  (labels are JSON)
    for name in _texts(labels):
        number = re.search(r"\d+", name)
        if number is not None:
            yield ExpectedFact(_K.PERFORMANCE_STATUS, frozenset(), number.group(), written=name)


def _entries(labels: Any) -> list[Any]:  # noqa: ANN401  (labels are JSON)
    if labels is None:
        return []
    return cast("list[Any]", labels) if isinstance(labels, list) else [labels]


def _texts(labels: Any) -> list[str]:  # noqa: ANN401  (labels are JSON)
    """Return texts that stand alone, in a list, or as the `value` of objects in one."""
    texts: list[str] = []
    for entry in _entries(labels):
        told = cast("dict[str, Any]", entry).get("value") if isinstance(entry, dict) else entry
        if isinstance(told, (str, int, float)) and str(told).strip():
            texts.append(str(told))
    return texts


def _dicts(labels: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (labels are JSON)
    return [cast("dict[str, Any]", each) for each in _entries(labels) if isinstance(each, dict)]


@cache
def _treatment_book() -> PhraseBook[str]:
    book: PhraseBook[str] = PhraseBook()
    for treatment in cancer_treatments().values():
        for name in treatment.names:
            book.add(name, treatment.key)
    return book


@cache
def _marker_book() -> PhraseBook[str]:
    book: PhraseBook[str] = PhraseBook()
    for marker in tumor_markers().values():
        for name in (marker.label, *marker.names):
            book.add(name, marker.key)
    book.add("Gleason", "gleason")
    book.add("estrogen receptor", "er")
    book.add("progesterone receptor", "pr")
    return book


@cache
def _marker_names() -> dict[str, str]:
    return {
        squeezed(name): marker.key
        for marker in tumor_markers().values()
        for name in (marker.label, *marker.names)
    }


@cache
def _site_book() -> PhraseBook[str]:
    book: PhraseBook[str] = PhraseBook()
    for site in metastatic_sites().values():
        for name in site.names:
            book.add(name, site.key)
    return book
