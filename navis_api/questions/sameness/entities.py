"""The named things of a question: cancers, stages, markers, drugs, patients, numbers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.sameness.bearers import (
    conditions,
    marker_mentions,
    population_mentions,
)
from navis_api.questions.sameness.extents import extents
from navis_api.questions.sameness.naming import one_name
from navis_api.questions.sameness.retelling import retold
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken, plain_text
from navis_api.vocabulary.lines import lines_in
from navis_api.vocabulary.quantities import Bound, quantities_in
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

_OPERATED = re.compile(r"\b(?:operat(?:e|ed|ing)(?:\s+on)?|surgically\s+removed)\b", re.IGNORECASE)

_COUNTED_LINES = frozenset({"first_line", "second_line", "third_line", "fourth_line", "later_line"})
_TREATMENT_OF_LINE = re.compile(r"\s(?:treatment|therapy)$")
"""Behind "initial" it is what is asked for: "What is the initial therapy?"."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A named thing and where it stands, in letters of the plain text."""

    slot: Slot
    values: frozenset[str]
    start: int
    end: int


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
    plain = retold(plain_text(text))
    named = {mention.cancer.id: mention.cancer for mention in catalogue.likely_mentions(plain)}
    return list(named.values())


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
        *_extents(plain),
        *_operations(plain),
        *_bearers(plain),
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


def _operations(plain: str) -> Iterator[Entity]:
    """Yield surgery where it is said by a verb: "Can it be operated on?"."""
    surgery = frozenset({one_name("surgery")})
    for found in _OPERATED.finditer(plain):
        yield Entity(Slot.TREATMENT, surgery, found.start(), found.end())


def _extents(plain: str) -> Iterator[Entity]:
    """Yield stages; what is said in one word ("T2N0", "Gleason 3+4") is one with several values."""
    yield from _together(extents(plain))


def _bearers(plain: str) -> Iterator[Entity]:
    """Yield markers and patients; "triple-negative" is one with several values."""
    for slot, found in (
        (Slot.MARKER, marker_mentions(plain)),
        (Slot.POPULATION, population_mentions(plain)),
        (Slot.WORDING, conditions(plain)),
    ):
        yield from _together((slot, *each) for each in found)


def _together(found: Iterable[tuple[Slot, int, int, str]]) -> Iterator[Entity]:
    """Yield what stands at one place as one."""
    said: defaultdict[tuple[Slot, int, int], set[str]] = defaultdict(set)
    for slot, start, end, value in found:
        said[slot, start, end].add(value)
    for (slot, start, end), values in said.items():
        yield Entity(slot, frozenset(values), start, end)


def _lines(plain: str, terms: Sequence[TermMention]) -> Iterator[Entity]:
    """Yield lines of treatment, without the treatments and the times that their names hold."""
    for line in lines_in(plain):
        said = plain[line.start : line.end].lower()
        if " after " in said or " before " in said or (line.key == "palliative" and "care" in said):
            continue
        inside = [term.start for term in terms if line.start <= term.start < line.end]
        asked = _TREATMENT_OF_LINE.search(said) if line.key in _COUNTED_LINES else None
        ends = line.start + asked.start() if asked else line.end
        end = min([ends, *(start for start in inside if start > line.start)])
        if line.start not in inside:
            yield Entity(Slot.LINE, frozenset({line.key.replace("_", " ")}), line.start, end)


def _numbers(plain: str) -> Iterator[Entity]:
    for quantity in quantities_in(plain):
        bound = "" if quantity.bound in {Bound.EXACT, Bound.ABOUT} else f"{quantity.bound.value} "
        numbers = " to ".join(f"{value:g}" for value in quantity.values)
        value = f"{bound}{numbers} {quantity.unit}".strip()
        yield Entity(Slot.NUMBER, frozenset({value}), quantity.start, quantity.end)
