"""How far a patient's cancer has come, held against what a text says of how far one is.

That stage IV cancer has spread to distant parts of the body and stages 0 to III haven't is what
the National Cancer Institute says of most cancers ("Cancer Staging", cancer.gov). Where it isn't
so, only what the facts say in words or by an M category counts. No stage is worked out from
T, N and M: the tables differ with each cancer and edition.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.conditions import OPEN_TO_SURGERY, Condition
from navis_api.generation.personal.judgements import (
    NOT_THEIRS,
    UNCLEAR,
    Judgement,
    Standing,
    Subject,
    is_open,
    no,
    yes,
)
from navis_api.records.extraction.findings import Assertion, FindingKind
from navis_api.vocabulary.cancers import lineage

STAGE: Final = Subject(FindingKind.STAGE_GROUP, "group", "stage")
SUBSTAGE: Final = Subject(FindingKind.STAGE_GROUP, "substage", "exact stage")
SPREAD: Final = Subject(FindingKind.STAGE_GROUP, "extent", "extent of disease")
SITES: Final = Subject(FindingKind.METASTATIC_SITE, "site", "places that it has spread to")
RESECTABLE: Final = Subject(
    FindingKind.STAGE_GROUP, "resectability", "whether it can be removed by surgery"
)
NODES: Final = Subject(FindingKind.TNM_CATEGORY, "n", "lymph nodes")
_CATEGORIES: Final = {"t": "T category", "m": "M category"}
# Stage IV needn't have spread, or a lower stage may have, or stages say something else.
_OTHERWISE_STAGED: Final = frozenset(
    {
        "thyroid-cancer", "testicular-cancer", "gestational-trophoblastic-disease", "blood-cancer",
        "head-and-neck-cancer", "bladder-cancer", "neuroblastoma", "thymoma", "wilms-tumor",
    }
)  # fmt: skip
_STAGE = re.compile(r"(?P<number>iv|i{1,3}|0)(?P<letter>[a-e]?)\d?", re.IGNORECASE)
_AGAIN: Final = frozenset({"recurrent", "recurrence", "relapsed"})
_SPREAD: Final = frozenset({"metastatic", "oligometastatic"})
_NEAR: Final = frozenset({"localized", "regional", "locally advanced", "nonmetastatic", "limited"})
_OPPOSITES: Final[Mapping[str, str]] = {"limited": "extensive", "extensive": "limited"}
# Which stages are surely called so, and which surely aren't; between them words are too wide.
_STAGES_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "in_situ": ("0",), "noninvasive": ("0",), "early": ("0", "i", "ii"), "localized": ("0", "i"),
    "locally_advanced": ("iii",), "regional": ("iii",), "advanced": ("iv",),
}  # fmt: skip
_STAGES_NOT_CALLED: Final[Mapping[str, tuple[str, ...]]] = {
    "in_situ": ("i", "ii", "iii", "iv"), "noninvasive": ("i", "ii", "iii", "iv"), "early": ("iv",),
    "locally_advanced": ("0", "i"), "regional": ("0", "i"), "advanced": ("0", "i"),
}  # fmt: skip


@dataclass(slots=True)
class Extent:
    """What the facts say of how far it has come; each with the facts that say so."""

    cancer_key: str | None
    stages: dict[str, int] = field(default_factory=dict[str, int])
    systems: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    words: dict[str, int] = field(default_factory=dict[str, int])
    denied: dict[str, int] = field(default_factory=dict[str, int])
    categories: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    sites: dict[str, int] = field(default_factory=dict[str, int])
    sites_denied: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def stage(self) -> str | None:
        """The number of the stage, where there is one."""
        numbers = {key[: len(key.rstrip("abcde"))] for key in self.stages}
        return numbers.pop() if len(numbers) == 1 else None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of how far it has come."""
        return bool(self.stages or self.words or self.systems or "m" in self.categories)

    def is_recurrent(self) -> Judgement:
        """Whether it has come back."""
        facts = [self.words[word] for word in _AGAIN if word in self.words]
        return yes(*facts) if facts else NOT_THEIRS

    def has_spread(self) -> Judgement:
        """Whether it has spread to distant parts of the body."""
        facts = [self.words[word] for word in _SPREAD if word in self.words]
        facts += [fact for key, fact in self.sites.items() if key != "lymph_node"]
        category, number = self.categories.get("m", ("", 0))
        if facts or category == "m1":
            return yes(*facts, *([number] if category == "m1" else []))
        if category == "m0":
            return no(number)
        against = [self.words[word] for word in _NEAR if word in self.words]
        against += [self.denied[word] for word in _SPREAD if word in self.denied]
        if against:
            return no(*against)
        if self._is_of_blood:
            return UNCLEAR
        if self.stage is None or self._is_otherwise_staged:
            return is_open(SPREAD if self.is_known else STAGE)
        facts = list(self.stages.values())
        return yes(*facts) if self.stage == "iv" else no(*facts)

    @property
    def _is_otherwise_staged(self) -> bool:
        return bool(self.cancer_key and _OTHERWISE_STAGED & set(lineage(self.cancer_key)))

    @property
    def _is_of_blood(self) -> bool:
        return bool(self.cancer_key and "blood-cancer" in lineage(self.cancer_key))

    def judge(self, condition: Condition) -> Judgement:
        """Say whether a text on a stage or extent speaks of this patient."""
        if condition.value in OPEN_TO_SURGERY:
            return self._in_words(condition.value)
        if condition.subject != "group":
            return self._in_system(condition.subject, condition.value)
        if _STAGE.fullmatch(condition.value):
            return self._in_stage(condition.value)
        if len(condition.value) == 1 and condition.value in "abcd":
            lettered = [name for name, (value, _) in self.systems.items() if value in "abcd"]
            return self._in_system(lettered[0], condition.value) if lettered else is_open(STAGE)
        return self._in_words(condition.value)

    def judge_category(self, condition: Condition) -> Judgement:
        """Say whether a text on a T, N or M category, or on lymph nodes, speaks of this patient."""
        if condition.subject not in self.categories:
            if self.has_spread().standing is Standing.YES:
                return UNCLEAR
            name = _CATEGORIES.get(condition.subject)
            subject = Subject(FindingKind.TNM_CATEGORY, condition.subject, name) if name else NODES
            return is_open(subject)
        known, fact = self.categories[condition.subject]
        if condition.value.startswith("node"):
            if known.startswith("nx"):
                return is_open(NODES)
            wanted = condition.value == "node_positive"
            return yes(fact) if known.startswith("n0") != wanted else no(fact)
        if known.startswith(condition.value):
            return yes(fact)
        return UNCLEAR if condition.value.startswith(known) else no(fact)

    def judge_site(self, condition: Condition) -> Judgement:
        """Say whether a text on cancer that has spread to a place speaks of this patient."""
        if condition.value in self.sites:
            return yes(self.sites[condition.value])
        if condition.value in self.sites_denied:
            return no(self.sites_denied[condition.value])
        if condition.value == "lymph_node":
            return self.judge_category(replace(condition, subject="n", value="node_positive"))
        spread = self.has_spread()
        if spread.standing is Standing.OPEN:
            return spread
        if spread.standing is Standing.YES:
            return NOT_THEIRS if self.sites else is_open(SITES)
        return no(*spread.facts)

    def _in_system(self, system: str, value: str) -> Judgement:
        if system not in self.systems:
            return is_open(Subject(FindingKind.STAGE_GROUP, system, f"{system.upper()} stage"))
        known, fact = self.systems[system]
        return yes(fact) if known == value else no(fact)

    def _in_stage(self, wanted: str) -> Judgement:
        if not self.stages:
            if self.systems:
                return UNCLEAR
            again = self.is_recurrent()
            if again.standing is Standing.YES and not wanted.startswith("iv"):
                return no(*again.facts)
            spread = self.has_spread()
            if spread.standing is Standing.YES and not self._is_otherwise_staged:
                return yes(*spread.facts) if wanted.startswith("iv") else no(*spread.facts)
            return is_open(SPREAD if again.standing is Standing.YES else STAGE)
        facts = list(self.stages.values())
        number = wanted.rstrip("abcdes123")
        exactly = [known for known in self.stages if known.startswith(wanted)]
        if exactly and len(exactly) == len(self.stages) and self.stage == number:
            return yes(*facts)
        if self.stage is None:
            possible = any(known.startswith(wanted) for known in self.stages)
            return is_open(SUBSTAGE) if possible else no(*facts)
        if self.stage != number:
            return no(*facts)
        return is_open(SUBSTAGE) if number in self.stages else no(*facts)

    def _in_words(self, word: str) -> Judgement:
        plain = word.replace("_", " ")
        if plain in self.words:
            return yes(self.words[plain])
        if word in OPEN_TO_SURGERY:
            return is_open(RESECTABLE)
        if not self.is_known and not self.sites:
            return UNCLEAR if self._is_of_blood else is_open(STAGE)
        opposite = _OPPOSITES.get(plain)
        if opposite in self.words:
            return no(self.words[opposite])
        spread = self.has_spread()
        if word in {"metastatic", "oligometastatic", "nonmetastatic", "late", "extensive"}:
            return self._of_spread(word, spread)
        if spread.standing is Standing.YES:
            return yes(*spread.facts) if word == "advanced" else no(*spread.facts)
        facts = list(self.stages.values())
        if self.stage in _STAGES_CALLED.get(word, ()):
            return yes(*facts)
        return no(*facts) if self.stage in _STAGES_NOT_CALLED.get(word, ()) else UNCLEAR

    def _of_spread(self, word: str, spread: Judgement) -> Judgement:
        if word == "nonmetastatic":
            opposite = {Standing.YES: no, Standing.NO: yes}.get(spread.standing)
            return opposite(*spread.facts) if opposite else spread
        if word == "metastatic" or spread.standing is Standing.NO:
            return spread
        if word == "extensive" and spread.standing is Standing.YES:
            return spread
        return UNCLEAR if spread.standing is Standing.YES else spread


def extent_of(facts: Iterable[PatientFact], cancer_key: str | None) -> Extent:
    """Return what facts say of how far the cancer has come."""
    found = Extent(cancer_key)
    for fact in facts:
        match fact.kind:
            case FindingKind.STAGE_GROUP:
                _take_stage(found, fact)
            case FindingKind.TNM_CATEGORY:
                category = re.search(r"[tnm](?:is|\d|x).*", (fact.value or "").lower())
                if category and fact.assertion is Assertion.PRESENT:
                    found.categories[fact.key] = (category[0], fact.number)
            case FindingKind.METASTATIC_SITE:
                denied = fact.assertion is Assertion.ABSENT
                (found.sites_denied if denied else found.sites)[fact.key] = fact.number
            case _:
                continue
    if found.stage != "iv" and any(
        each.standing is Standing.YES for each in (found.is_recurrent(), _said_to_spread(found))
    ):
        # The stage that it had at first says no more how far it has come.
        found.stages.clear()
    return found


def _said_to_spread(extent: Extent) -> Judgement:
    facts = [extent.words[word] for word in _SPREAD if word in extent.words]
    facts += [fact for key, fact in extent.sites.items() if key != "lymph_node"]
    return yes(*facts) if facts else NOT_THEIRS


def _take_stage(extent: Extent, fact: PatientFact) -> None:
    value = (fact.value or "").lower()
    words = extent.denied if fact.assertion is Assertion.ABSENT else extent.words
    if fact.key in {"extent", "limited_extensive"}:
        words[value.replace("_", " ")] = fact.number
    elif fact.assertion is Assertion.ABSENT:
        return
    elif fact.key == "group":
        for part in re.split(r"\s*(?:-|–|/|\bto\b)\s*", value):
            if _STAGE.fullmatch(part):
                extent.stages[part] = fact.number
    elif value:
        roman = _STAGE.fullmatch(value)
        extent.systems[fact.key] = (roman["number"] if roman else value, fact.number)
