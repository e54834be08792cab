"""The named things of a question: cancers, stages, markers, drugs, patients, numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.kit.text import words
from navis_api.questions.sameness.naming import one_name
from navis_api.questions.sameness.patients import CHILD_WORDS, KIN
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken, plain_text
from navis_api.vocabulary.lines import lines_in
from navis_api.vocabulary.markers import MarkerStatus, markers_in
from navis_api.vocabulary.populations import populations_in
from navis_api.vocabulary.quantities import Bound, quantities_in
from navis_api.vocabulary.stages import stages_in
from navis_api.vocabulary.terms import TermKind, TermMention, find_terms

_SLOT_OF_TERM = {
    TermKind.DRUG: Slot.DRUG,
    TermKind.DRUG_CLASS: Slot.DRUG,
    TermKind.REGIMEN: Slot.DRUG,
    TermKind.TREATMENT: Slot.TREATMENT,
    TermKind.TEST: Slot.TEST,
}

_PRECEDENCE = (
    Slot.CANCER,
    Slot.MARKER,
    Slot.STAGE,
    Slot.LINE,
    Slot.POPULATION,
    Slot.DRUG,
    Slot.TREATMENT,
    Slot.TEST,
    Slot.NUMBER,
    Slot.ASKED,
    Slot.WORDING,
)
"""Which reading of the same words stands."""

_SPREAD = re.compile(
    r"\b(?:that|which|has|have|had|it's)(?:\s+(?:has|have|already))*\s+spread\b"
    r"(?:\s+to\s+(?:the\s+|my\s+|his\s+|her\s+)?(?P<site>[a-z]+))?",
    re.IGNORECASE,
)
_SPREAD_TO = re.compile(r"spread to (?:the |my |a |other )?(?P<site>.+)")
_SPREADING = frozenset({"metastasize", "metastasise"})
"""What a cancer may do, not where it stands."""

_CELL_KINDS = frozenset(
    {"adenocarcinoma", "squamous", "large", "giant", "clear", "papillary", "ductal", "lobular"}
    | {"serous", "mucinous", "endometrioid", "medullary", "follicular", "anaplastic", "sarcomatoid"}
    | {"signet", "spindle", "transitional", "basal", "carcinoid", "neuroendocrine", "germ"}
    | {"exocrine", "endocrine", "invasive", "noninvasive", "seminoma", "nonseminoma", "nodular"}
)

_SITES = r"(?P<site>bone|liver|brain|lung|spine|skin|lymph node|adrenal|peritoneum|ovarie?)s?\b"
_METASTASES = re.compile(
    rf"\b{_SITES}\s+(?:metastas[ei]s|mets?\b|secondaries|spread\b)", re.IGNORECASE
)
_METASTASES_IN = re.compile(
    rf"\b(?:metastas[ei]s|mets|metastatic|secondaries)\s+(?:to|in|on)\s+"
    rf"(?:the\s+|my\s+|his\s+|her\s+)?{_SITES}|\bis\s+(?:now\s+)?in\s+(?:the|my|his|her)\s+"
    rf"{_SITES.replace('site', 'place')}",
    re.IGNORECASE,
)
_OPERATED = re.compile(r"\b(?:operat(?:e|ed|ing)(?:\s+on)?|surgically\s+removed)\b", re.IGNORECASE)

_BECOMING = re.compile(r"(?:get|gets|getting|got|become|becoming|becomes|be)\s+$", re.IGNORECASE)
_AGE = re.compile(r"\d+")
_ULTRA = re.compile("ultra", re.IGNORECASE)
_INFANT = re.compile(r"bab(?:y|ies)|infant|newborn|neonat", re.IGNORECASE)
_CONDITIONS = frozenset(
    {"diabetes", "cirrhosis", "kidney_disease", "heart_disease", "autoimmune", "hiv"}
)
"""What a person may have beside cancer, and what may be asked about in its own right."""

_BY_KEY = frozenset({"child", "adult", "pregnant", "female", "male", "breastfeeding"})
"""Groups of people whose names all mean the same; the other groups hold several kinds."""

_NOT_WHOSE = frozenset({"family_history", "transplanted"})
"""Groups that are read as what is asked ("does it run in families") or as a treatment."""

_PRESENT_BY_CHANGE = frozenset(
    {"egfr", "braf", "kras", "nras", "brca", "brca1", "brca2", "idh1", "idh2", "flt3", "pik3ca"}
    | {"esr1", "tp53", "jak2", "kit"}
)
_PRESENT_BY_FUSION = frozenset({"alk", "ros1", "ntrk", "ntrk1", "ntrk2", "ntrk3"})
"""Genes of which "positive" is the usual word for a mutation, or for a fusion."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing and where it stands, in letters of the plain text."""

    slot: Slot
    values: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class About:
    """A cancer as slots have it: its name, and what of its name is a slot of its own.

    "HER2-positive breast cancer" is breast cancer with a marker, whether the
    catalogue has an entry for it or not; "childhood leukemia" is leukemia of a child.
    """

    entry: CatalogueEntry
    markers: frozenset[str]
    population: frozenset[str]


def about(catalogue: Catalogue, entry: CatalogueEntry) -> About:
    """Return the cancer with its markers and patients apart from it."""
    markers, population = _told_by_name(entry.name)
    parent = catalogue.parent(entry)
    if parent is None or not (markers or population):
        return About(entry, frozenset(), frozenset())
    above = about(catalogue, parent)
    return About(above.entry, markers | above.markers, population | above.population)


@lru_cache(maxsize=1_024)
def _told_by_name(name: str) -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset(value for _, _, value in _marker_mentions(name)),
        frozenset(value for _, _, value in _populations(name)),
    )


def entities_in(catalogue: Catalogue, plain: str, spoken: Sequence[Spoken]) -> list[Entity]:
    """Return the named things of a plain text in its order.

    None overlap. A cancer keeps all its words; of the others the longest stands.
    """
    kept = list(_cancers(catalogue, plain, spoken))
    others = [_beside(entity, kept) for entity in _read(plain)]
    for entity in sorted(others, key=_length_and_precedence):
        free = all(entity.end <= other.start or other.end <= entity.start for other in kept)
        if free and entity.start < entity.end:
            kept.append(entity)
    return sorted(kept, key=lambda each: each.start)


def _length_and_precedence(entity: Entity) -> tuple[int, int, int]:
    return entity.start - entity.end, _PRECEDENCE.index(entity.slot), entity.start


def _beside(entity: Entity, cancers: Sequence[Entity]) -> Entity:
    """Return the entity without words of a cancer: "high-risk" of "high-risk prostate cancer"."""
    for cancer in cancers:
        if entity.start < cancer.start < entity.end:
            return replace(entity, end=cancer.start)
    return entity


def cancers_named(catalogue: Catalogue, text: str) -> list[CatalogueEntry]:
    """Return the cancers that a text names, in its order, each once."""
    named = {
        mention.cancer.id: mention.cancer for mention in catalogue.likely_mentions(plain_text(text))
    }
    return list(named.values())


def cell_kinds(entry: CatalogueEntry, said: str) -> frozenset[str]:
    """Return the kinds of cells that a cancer was named with and that its own name doesn't tell.

    One entry may go by the names of several kinds: "adenocarcinoma of the lung" and "squamous
    cell carcinoma of the lung" are both said of non-small cell lung cancer.
    """
    own = {*words(entry.name), *words(entry.clinical_name or "")}
    return frozenset(word for word in words(said) if word in _CELL_KINDS and word not in own)


def _cancers(catalogue: Catalogue, plain: str, spoken: Sequence[Spoken]) -> Iterator[Entity]:
    written = [word for word in spoken if plain[word.start].isalnum()]
    for mention in catalogue.likely_mentions(plain):
        first, last = mention.first_word, mention.first_word + mention.word_count - 1
        if last < len(written):
            start, end = written[first].start, written[last].end
            yield Entity(Slot.CANCER, frozenset({mention.cancer.slug}), start, end)


@lru_cache(maxsize=4_096)
def _read(plain: str) -> tuple[Entity, ...]:
    terms = find_terms(plain)
    return (
        *(_term(plain, term) for term in terms if term.term.kind is not TermKind.GENE),
        *_stages(plain),
        *_operations(plain),
        *_markers(plain),
        *_people(plain),
        *_lines(plain, terms),
        *_numbers(plain),
    )


def _term(plain: str, mention: TermMention) -> Entity:
    """Return a drug by its key, so that brand and generic are one; the rest by what is said.

    The vocabulary's treatments each hold several that differ ("total", "nipple-sparing").
    """
    slot = _SLOT_OF_TERM[mention.term.kind]
    is_drug = mention.term.kind in {TermKind.DRUG, TermKind.REGIMEN}
    said = mention.term.key if is_drug else one_name(plain[mention.start : mention.end])
    return Entity(slot, frozenset({said}), mention.start, mention.end)


def _stages(plain: str) -> Iterator[Entity]:
    for stage in stages_in(plain):
        said = plain[stage.start : stage.end].lower()
        site = _SPREAD_TO.fullmatch(said)
        # "Just diagnosed" is said of oneself, and "left untreated" is what is asked.
        if stage.key == "newly_diagnosed" and re.search(r"just|recently|^untreated", said):
            continue
        if said in _SPREADING:
            continue
        if stage.key == "recurrent":
            yield Entity(Slot.ASKED, frozenset({"recurrence"}), stage.start, stage.end)
            continue
        if stage.key == "metastatic" and site is not None and site["site"] != "organs":
            yield _spread(stage.start, stage.end, site["site"])
            continue
        yield Entity(Slot.STAGE, frozenset({stage.key.replace("_", " ")}), stage.start, stage.end)
    for found in _SPREAD.finditer(plain):
        yield _spread(found.start(), found.end(), found["site"])
    for found in _METASTASES.finditer(plain):
        yield _spread(found.start(), found.end(), found["site"].lower())
    for found in _METASTASES_IN.finditer(plain):
        site = (found["site"] or found["place"]).lower()
        yield _spread(found.start(), found.end(), site)


def _operations(plain: str) -> Iterator[Entity]:
    """Yield surgery where it is said by a verb: "Can it be operated on?"."""
    surgery = frozenset({one_name("surgery")})
    for found in _OPERATED.finditer(plain):
        yield Entity(Slot.TREATMENT, surgery, found.start(), found.end())


def _spread(start: int, end: int, site: str | None) -> Entity:
    to = f" to {site.removesuffix('s')}" if site else ""
    return Entity(Slot.STAGE, frozenset({f"metastatic{to}"}), start, end)


def _markers(plain: str) -> Iterator[Entity]:
    for start, end, value in _marker_mentions(plain):
        yield Entity(Slot.MARKER, frozenset({value}), start, end)


def _marker_mentions(text: str) -> Iterator[tuple[int, int, str]]:
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


def _people(plain: str) -> Iterator[Entity]:
    for start, end, value in _populations(plain):
        yield Entity(Slot.POPULATION, frozenset({value}), start, end)
    for found in populations_in(plain):
        if found.key in _CONDITIONS:
            said = one_name(plain[found.start : found.end])
            yield Entity(Slot.WORDING, frozenset({said}), found.start, found.end)


def _populations(text: str) -> Iterator[tuple[int, int, str]]:
    for found in populations_in(text):
        said = text[found.start : found.end].lower()
        if found.key in _CONDITIONS | _NOT_WHOSE or said.removeprefix("my ") in KIN:
            continue
        if found.key == "pregnant" and _BECOMING.search(text[: found.start]):
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


def _bound(said: str) -> str:
    if re.search(r"under|below|younger|less", said):
        return "under "
    return "over " if re.search(r"over|above|older|more", said) else "age "


def _lines(plain: str, terms: Sequence[TermMention]) -> Iterator[Entity]:
    """Yield lines of treatment, without the treatments and the times that their names hold."""
    for line in lines_in(plain):
        said = plain[line.start : line.end].lower()
        if " after " in said or " before " in said or (line.key == "palliative" and "care" in said):
            continue
        inside = [term.start for term in terms if line.start <= term.start < line.end]
        end = min([line.end, *(start for start in inside if start > line.start)])
        if line.start not in inside:
            yield Entity(Slot.LINE, frozenset({line.key.replace("_", " ")}), line.start, end)


def _numbers(plain: str) -> Iterator[Entity]:
    for quantity in quantities_in(plain):
        bound = "" if quantity.bound in {Bound.EXACT, Bound.ABOUT} else f"{quantity.bound.value} "
        numbers = " to ".join(f"{value:g}" for value in quantity.values)
        value = f"{bound}{numbers} {quantity.unit}".strip()
        yield Entity(Slot.NUMBER, frozenset({value}), quantity.start, quantity.end)
