"""Drugs of which side effects are asked about: each stands for the kind of treatment that it is."""

from collections.abc import Mapping
from dataclasses import replace

from navis_api.kit.text import words
from navis_api.vocabulary.terms import Term, TermKind, find_terms
from navis_api.vocabulary.understanding import (
    ConceptKind,
    SpokenConcept,
    Understanding,
    concepts,
    same_names,
)

# What sources call these kinds of drugs, by class; every other class with a target is targeted.
_CHECKPOINT_INHIBITORS = frozenset(
    {"checkpoint_inhibitor", "pd1_inhibitor", "pd_l1_inhibitor", "pd1_pd_l1_inhibitor",
     "ctla4_inhibitor", "lag3_inhibitor"}
)  # fmt: skip
_IMMUNOTHERAPY = _CHECKPOINT_INHIBITORS | {
    "cytokine", "immunomodulator", "cancer_vaccine", "oncolytic_virus",
}  # fmt: skip
_HORMONE_THERAPY = frozenset(
    {"aromatase_inhibitor", "serm", "serd", "antiandrogen", "androgen_receptor_pathway_inhibitor",
     "gnrh_agonist", "gnrh_antagonist"}
)  # fmt: skip
_CHEMOTHERAPY = frozenset(
    {"alkylating_agent", "nitrosourea", "antimetabolite", "fluoropyrimidine", "anthracycline",
     "taxane", "platinum_drug", "vinca_alkaloid", "topoisomerase_inhibitor",
     "hypomethylating_agent"}
)  # fmt: skip
# What sources call the class of a drug where they tell of its side effects.
_CLASSES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        _CHECKPOINT_INHIBITORS, ("immune checkpoint inhibitor", "checkpoint inhibitor")
    ),
    "car_t": ("car t cell", "car t"),
}
_TARGETED = ("_inhibitor", "_targeted", "anti_", "antibody")


def with_drugs(text: str, understood: Understanding) -> Understanding:
    """Return what a text speaks of, with the kind of each drug of which it asks side effects.

    The drug is one specific thing of that kind, as those that the thesaurus lists are.
    """
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    if "side_effects" not in understood.keys and ConceptKind.EFFECT not in kinds:
        return understood
    spoken = list(understood.concepts)
    for mention in find_terms(text):
        said = words(text[mention.start : mention.end])
        key = _kind_of(mention.term)
        if key is None or key in understood.keys:
            continue
        name = " ".join(said)
        kind = concepts()[key]
        if name in kind.specific or same_names(name) == (name,):
            continue
        named = replace(kind, specific=(name, *kind.specific))
        before = len(words(text[: mention.start]))
        spoken.append(SpokenConcept(named, tuple(said), before))
    spoken.sort(key=lambda each: each.first_word)
    return replace(understood, concepts=tuple(spoken))


def class_written(name: str) -> tuple[str, ...]:
    """Return how sources write of the class of a drug; nothing where they tell of its kind."""
    return next(
        (
            _CLASSES[each]
            for mention in find_terms(name)
            for each in mention.term.classes
            if each in _CLASSES
        ),
        (),
    )


def _kind_of(term: Term) -> str | None:
    if term.kind is not TermKind.DRUG:
        return None
    classes = set(term.classes)
    for key, own in (
        ("hormone_therapy", _HORMONE_THERAPY),
        ("immunotherapy", _IMMUNOTHERAPY),
        ("chemotherapy", _CHEMOTHERAPY),
    ):
        if classes & own:
            return key
    return "targeted_therapy" if any(each in c for c in classes for each in _TARGETED) else None
