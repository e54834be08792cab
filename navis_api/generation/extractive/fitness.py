"""Which statements may be quoted in answer to a question, by their wording and their subject."""

import re
from collections.abc import Collection
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation import wording
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.grown_up import is_for_parents
from navis_api.generation.extractive.higher_risk import is_for_average_risk
from navis_api.generation.extractive.markers import is_on_the_opposite
from navis_api.generation.extractive.naming import words_of_names
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS, ONLY_CHILDRENS
from navis_api.generation.extractive.sexes import Sex, sex_told
from navis_api.generation.extractive.short_names import names_another_by_letters
from navis_api.generation.extractive.unconditioned import lists_drugs_for_any_result
from navis_api.generation.grounding.manner import against_manner
from navis_api.kit.text import words
from navis_api.sources.subjects import named_cancers

_SENTENCE_WORDS = range(4, 61)
_BULLET_WORDS = range(1, 61)
# Lymphomas are treated by how fast they grow, and sources for patients are ordered so.
_AGGRESSIVE = frozenset(
    {
        "diffuse-large-b-cell-lymphoma", "burkitt-lymphoma", "mantle-cell-lymphoma",
        "anaplastic-large-cell-lymphoma", "primary-cns-lymphoma",
    }
)  # fmt: skip
_INDOLENT = frozenset({"follicular-lymphoma", "marginal-zone-lymphoma"})
# Who asks whether it is cancer, or what a value means, is told what it is where it isn't.
_BENIGN = frozenset({"benign", "bph", "enlarged", "prostate"})
_TO_ITS_LIST = re.compile(
    r"(?: listed| described)? below:$|^Here are (?:some|a few)(?: (?:of the )?\w+)?(?=[^.;]*:$)"
)
_FAST = re.compile(r"\baggressive\b", re.IGNORECASE)
_SLOW = re.compile(r"\bindolent\b", re.IGNORECASE)
RISK_GROUPS = frozenset({"low risk", "intermediate risk", "high risk", "standard risk"})
_OF_A_GROUP = re.compile(
    r"(?<!at )(?<!a )\b(?:non[\s–-]?|very[- ])?(?:low|intermediate|high|standard)[- ]risk\b"
    r"(?! (?:of|for|to)\b)",
    re.IGNORECASE,
)
# What is done while a cancer is where it began is no treatment of one that has spread.
_IF_NOT_SPREAD = re.compile(
    r"\b(?:treat\w*|remov\w+|surgery|used)\b[^.:;]*\b(?:has|have) not (?:yet )?spread\b",
    re.IGNORECASE,
)
_OF_PREGNANCY = frozenset({"gestational-trophoblastic-disease"})


class Fitness:
    """The rules for one question: which cancers and which people a statement may be about."""

    def __init__(self, asked: Asked, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        # What runs in a family is often the risk of several cancers.
        self._any_cancer = asked.cancer is None or asked.is_carrier
        slug = asked.cancer.slug if asked.cancer else ""
        self._pace, self._other_pace = None, None
        if slug in _AGGRESSIVE | _INDOLENT:
            is_fast = slug in _AGGRESSIVE
            self._pace, self._other_pace = (_FAST, _SLOW) if is_fast else (_SLOW, _FAST)
        self.allowed_ids = _family(asked, catalogue)
        allowed = [catalogue.by_id[cancer_id] for cancer_id in self.allowed_ids]
        self._markers = asked.markers
        self.own_words = words_of_names(allowed)
        """The words of all names of the cancers that may be quoted on."""
        if asked.wondered or (asked.is_on_values and not asked.was_treated):
            self.own_words |= _BENIGN
        short = {word for entry in allowed for each in entry.abbreviations for word in words(each)}
        self._own_diseases = self.own_words | short
        self._names = tuple(
            name for entry in allowed for name in (*entry.names, *entry.abbreviations)
        )
        self._is_grown_up = asked.is_grown_up
        self.with_children = (
            asked.is_grown_up
            or asked.has("child")
            or asked.has("telling_children")
            or slug in CHILDRENS_CANCERS
        )
        """Whether texts on children may be quoted."""
        family = {entry.slug for entry in allowed}
        sex = sex_told(asked.said, family)
        self._of_man, self._of_woman = sex is Sex.MAN, sex is Sex.WOMAN
        has_spread = asked.stage == "iv" or asked.has("metastasis")
        self._has_spread = has_spread and "metastasis" not in asked.denied
        self._was_treated = asked.was_treated or asked.has("follow_up")
        self._is_at_higher_risk = asked.is_at_higher_risk
        self._has_no_operation = any(each.key == "surgery" for each in asked.withheld)
        self._cannot_be_removed = asked.cannot_be_removed or self._has_no_operation
        # Merkel cell carcinoma is told apart from others by its cells alone.
        self._is_of_cells = asked.cancer is not None and "cell" in words(asked.cancer.name)
        told = (*asked.required, *asked.circumstances)
        self._groups = {thing.label for thing in told if thing.label in RISK_GROUPS}
        self._with_drugs = bool(asked.specific or asked.required or asked.regimens)
        self._with_pregnancy = (
            asked.has("pregnancy") or asked.has("fertility") or slug in _OF_PREGNANCY
        )

    def may_quote(
        self,
        text: str,
        *,
        bullet: bool = False,
        lead_in: bool = False,
        cancer_ids: Collection[UUID] = (),
    ) -> bool:
        """Whether a statement may stand in the answer.

        `cancer_ids` are the cancers that its passage is about, none for a general text.
        """
        if not _is_formed(text, bullet=bullet, lead_in=lead_in):
            return False
        # "Any of the symptoms below:" points to its own list.
        pointing = _TO_ITS_LIST.sub(_without_pointing, text) if lead_in else text
        if wording.is_unfit(pointing) or against_manner(text, text) is not None:
            return False
        if self._is_about_others(text, bullet=bullet):
            return False
        if self.is_on_another_pace(text) or self._is_on_another_group(text):
            return False
        if is_on_the_opposite(text, self._markers) or lists_drugs_for_any_result(
            text, self._markers
        ):
            return False
        if not self._was_treated and wording.is_on_time_after_treatment(text):
            return False
        if self._is_withheld(text, bullet=bullet):
            return False
        if not cancer_ids and (self._is_about_elsewhere(text) or self.is_for_the_other_sex(text)):
            return False
        is_history = bullet and wording.tells_a_history(text)
        return is_history or not self.names_another_cancer(text, cancer_ids)

    def _is_withheld(self, text: str, *, bullet: bool) -> bool:
        """Whether a text is on what isn't for the asker: an operation, or what others are told."""
        if bullet and self._has_no_operation and wording.is_an_operation(text):
            return True
        if self._is_at_higher_risk and is_for_average_risk(text):
            return True
        if self._has_spread and _IF_NOT_SPREAD.search(text):
            return True
        return self._cannot_be_removed and wording.is_about_what_can_be_removed(text)

    def is_on_another_pace(self, text: str) -> bool:
        """Whether a text is on lymphomas that grow faster or slower than the one asked about."""
        if self._pace is None or self._other_pace is None:
            return False
        return bool(self._other_pace.search(text)) and not self._pace.search(text)

    def _is_on_another_group(self, text: str) -> bool:
        """Whether a text is on people whose disease is of another risk: "non-high-risk"."""
        if len(self._groups) != 1:
            return False
        named = {" ".join(words(group[0])) for group in _OF_A_GROUP.finditer(text)}
        return bool(named) and not named & self._groups

    def is_for_the_other_sex(self, text: str) -> bool:
        """Whether a text on no cancer in particular is for women where a man is meant, or so."""
        if self._of_man:
            return wording.is_about_women(text)
        return self._of_woman and wording.is_about_men(text)

    def names_another_cancer(self, text: str, together: Collection[UUID] = ()) -> bool:
        """Whether a text names a cancer that is neither the asked one nor above or below it.

        "Ovarian, fallopian tube, or peritoneal cancer" in a document on all three is about
        each of them; the name of another one alone isn't.
        """
        if self._any_cancer or wording.is_on_second_cancers(text):
            return False
        named = named_cancers(self._catalogue, text)
        others = [entry for entry in named if entry.id not in self.allowed_ids]
        if others and (
            len(others) == len(named) or any(entry.id not in together for entry in others)
        ):
            return True
        if any(not disease <= self._own_diseases for disease in wording.other_diseases(text)):
            return True
        if names_another_by_letters(text, self._names):
            return True
        if self._is_of_cells and any(
            not cells <= self.own_words for cells in wording.cells_named(text)
        ):
            return True
        return bool(wording.tumour_words(text) - words_of_names(named) - self.own_words)

    def _is_about_others(self, text: str, *, bullet: bool) -> bool:
        if not self.with_children and wording.is_about_children(text):
            return True
        if self._is_grown_up and is_for_parents(text):
            return True
        # In a list, pregnancy may be one risk factor of several.
        return not (bullet or self._with_pregnancy) and wording.is_about_pregnancy(text)

    def _is_about_elsewhere(self, text: str) -> bool:
        """Whether a general statement is about another part of the body, or about a drug.

        A text on cancer in general doesn't say for which cancers a drug is used.
        """
        if self._any_cancer:
            return False
        if wording.names_a_drug(text) and not self._with_drugs:
            return True
        return any(not place & self.own_words for place in wording.places_treated(text))


def _is_formed(text: str, *, bullet: bool, lead_in: bool) -> bool:
    """Whether a text is as long and as whole as what it stands as has to be."""
    length = len(text.split())
    if lead_in and not wording.introduces_a_list(text):
        return False
    if bullet or lead_in:
        return length in _BULLET_WORDS
    return length in _SENTENCE_WORDS and wording.is_whole(text)


def _without_pointing(found: re.Match[str]) -> str:
    return ":" if found[0].endswith(":") else "Some"


def _family(asked: Asked, catalogue: Catalogue) -> frozenset[UUID]:
    if asked.cancer is None:
        return frozenset()
    family: list[CatalogueEntry] = [asked.cancer, *catalogue.ancestors(asked.cancer)]
    family += catalogue.descendants(asked.cancer)
    family += asked.named
    if not asked.has("child"):
        family = [
            entry
            for entry in family
            if entry.slug not in ONLY_CHILDRENS or entry.id == asked.cancer.id
        ]
    return frozenset(entry.id for entry in family)
