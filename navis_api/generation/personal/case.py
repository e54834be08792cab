"""A patient's case: which of their facts count for the cancer that is asked about, and how.

Facts that are disputed, uncertain or said of a relative don't count. Where their records tell of
several cancers, a fact that doesn't say to which of them it belongs doesn't count either.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.contract import PatientFact
from navis_api.generation.personal.conditions import Axis, Condition, conditions_of_source
from navis_api.generation.personal.courses import Courses
from navis_api.generation.personal.extent import Extent, extent_of
from navis_api.generation.personal.grades import Grades
from navis_api.generation.personal.judgements import (
    UNCLEAR,
    Judgement,
    Standing,
    Subject,
    all_of,
    is_open,
    no,
    turned,
    yes,
)
from navis_api.generation.personal.results import Results
from navis_api.kit.text import words
from navis_api.records.extraction.findings import Assertion, FindingKind, Temporality
from navis_api.vocabulary.cancers import histologies

RISK: Final = Subject(FindingKind.STAGE_GROUP, "risk", "risk group")
KIND: Final = Subject(FindingKind.HISTOLOGY, "histology", "kind of cancer")
# What is found of the tumor itself, and not of the person or of what was done.
_OF_ONE_TUMOR: Final = frozenset(
    {
        FindingKind.HISTOLOGY, FindingKind.STAGE_GROUP, FindingKind.TNM_CATEGORY,
        FindingKind.TUMOR_MARKER, FindingKind.GENOMIC_VARIANT, FindingKind.METASTATIC_SITE,
    }
)  # fmt: skip
_OF_MEN: Final = frozenset({"male-breast-cancer", "prostate-cancer", "testicular-cancer"})


@dataclass(frozen=True, slots=True)
class Case:
    """What counts of a patient's facts for a question about `cancer`.

    `cancer` is the kind of it that they have, as far as that is known, by the facts `of_cancer`.
    `unsettled` are facts that are disputed or uncertain. `is_elsewhere` when the facts are of
    other cancers than the one that is asked about, `has_several` when they are of that and others.
    """

    cancer: CatalogueEntry | None
    of_cancer: tuple[int, ...]
    facts: tuple[PatientFact, ...]
    unsettled: tuple[PatientFact, ...]
    catalogue: Catalogue
    results: Results
    extent: Extent
    courses: Courses
    grades: Grades
    knows_kind: bool
    is_elsewhere: bool = False
    has_several: bool = False
    _kinds: dict[UUID, Judgement] = field(default_factory=dict[UUID, Judgement])

    def judge(self, condition: Condition) -> Judgement:
        """Say whether a condition holds for this patient."""
        if condition.axis is Axis.TARGET and not self._is_among(condition.cancers):
            return yes()
        judged = self._judge(condition)
        return turned(judged) if condition.is_excepted else judged

    def _judge(self, condition: Condition) -> Judgement:
        match condition.axis:
            case Axis.EXTENT:
                return self.extent.judge(condition)
            case Axis.CATEGORY:
                return self.extent.judge_category(condition)
            case Axis.SITE:
                return self.extent.judge_site(condition)
            case Axis.COURSE | Axis.EARLIER:
                return self.courses.judge(condition)
            case Axis.GRADE:
                return self.grades.judge(condition)
            case Axis.MARKER:
                return self.results.judge(condition)
            case Axis.TARGET:
                return self.results.judge_any(condition.genes)
            case Axis.RISK:
                return is_open(RISK)
            case Axis.SEX:
                return self._judge_of_women()

    def judge_subjects(self, cancer_ids: Collection[UUID]) -> Judgement:
        """Say whether a text about these cancers is about this patient's."""
        if self.cancer is None or not cancer_ids:
            return yes()
        above = {entry.id for entry in (self.cancer, *self.catalogue.ancestors(self.cancer))}
        if above & set(cancer_ids):
            return yes()
        kinds = self.catalogue.descendants(self.cancer)
        judged = [self._judge_kind(entry) for entry in kinds if entry.id in cancer_ids]
        if not judged:
            return yes()
        standings = {each.standing for each in judged}
        if Standing.YES in standings:
            return next(each for each in judged if each.standing is Standing.YES)
        return next((each for each in judged if each.standing is Standing.OPEN), judged[0])

    def kinds_in_words(self, cancer_ids: Collection[UUID]) -> frozenset[str]:
        """Return the names of the kinds among these cancers that the patient's may be."""
        kinds = self.catalogue.descendants(self.cancer) if self.cancer else []
        return frozenset(
            kind.name.lower()
            for kind in kinds
            if kind.id in cancer_ids and KIND in self._judge_kind(kind).open_on
        )

    def _told_by_histology(self) -> frozenset[UUID]:
        """Return the kinds of the cancer that cells tell apart; others are of few people."""
        if self.cancer is None:
            return frozenset()
        below = {entry.id for entry in self.catalogue.descendants(self.cancer)}
        return frozenset(
            entry.id
            for key, histology in histologies().items()
            for entry in _named_by(key, histology.label, self.cancer, self.catalogue)
            if entry.id in below
        )

    @property
    def own_kinds(self) -> frozenset[UUID]:
        """The kinds of the cancer that the results say it is: "HER2-positive breast cancer"."""
        kinds = self.catalogue.descendants(self.cancer) if self.cancer else []
        return frozenset(
            kind.id for kind in kinds if self._judge_kind(kind).standing is Standing.YES
        )

    def _judge_kind(self, kind: CatalogueEntry) -> Judgement:
        """Say whether a kind of the cancer is the patient's: by its results, if it is named so."""
        if kind.id not in self._kinds:
            named = conditions_of_source(kind.name, is_heading=True)
            by_name = all_of(self.judge(each) for group in named for each in group)
            if named and by_name.open_on != UNCLEAR.open_on:
                judged = by_name
            elif self.knows_kind or kind.id not in self._told_by_histology():
                judged = no(*self.of_cancer)
            else:
                judged = is_open(KIND)
            self._kinds[kind.id] = judged
        return self._kinds[kind.id]

    def _is_among(self, slugs: Collection[str]) -> bool:
        """Whether the patient's cancer is one of these, or there are none to be one of."""
        own = self._slugs(self.cancer) if self.cancer is not None else frozenset[str]()
        return not slugs or not own.isdisjoint(slugs)

    def _judge_of_women(self) -> Judgement:
        """Facts don't say of which sex somebody is; that a cancer is one of men does."""
        is_of_men = self.cancer is not None and bool(self._slugs(self.cancer) & _OF_MEN)
        return no(*self.of_cancer) if is_of_men else yes()

    def _slugs(self, cancer: CatalogueEntry) -> frozenset[str]:
        return frozenset(each.slug for each in (cancer, *self.catalogue.ancestors(cancer)))


def read_case(
    facts: Sequence[PatientFact], asked: CatalogueEntry | None, catalogue: Catalogue
) -> Case:
    """Return the case of a patient who asks about a cancer of the catalogue, or about none."""
    counting = [fact for fact in facts if _counts(fact)]
    primaries = _primaries(counting, catalogue)
    cancer = asked
    if asked is None and len(primaries) == 1:
        cancer = next(iter(primaries.values()))
    own = {n: entry for n, entry in primaries.items() if _are_one(cancer, entry, catalogue)}
    is_elsewhere = bool(primaries) and cancer is not None and not own
    has_several = bool(own) and len(own) < len(primaries)
    used = [
        fact
        for fact in counting
        if not is_elsewhere and not (has_several and fact.kind in _OF_ONE_TUMOR)
    ]
    of_cancer = list(own)
    for entry in own.values():
        cancer = _nearer(cancer, entry, catalogue)
    kind = _kind_of(used, cancer, catalogue)
    knows_kind = kind is not None
    if kind is not None:
        cancer, fact = kind
        of_cancer.append(fact)
    results = Results(
        fact
        for fact in used
        if fact.kind in {FindingKind.TUMOR_MARKER, FindingKind.GENOMIC_VARIANT}
    )
    extent = extent_of(used, cancer.slug if cancer else None)
    return Case(
        cancer=cancer,
        of_cancer=tuple(dict.fromkeys(of_cancer)),
        facts=tuple(used),
        unsettled=tuple(
            fact
            for fact in facts
            if fact not in used
            and fact.assertion is not Assertion.FAMILY
            and not is_elsewhere
            and fact.kind is not FindingKind.PRIMARY_CANCER
        ),
        catalogue=catalogue,
        results=results,
        extent=extent,
        courses=Courses(used, extent),
        grades=Grades(used),
        knows_kind=knows_kind,
        is_elsewhere=is_elsewhere,
        has_several=has_several,
    )


def _counts(fact: PatientFact) -> bool:
    return not fact.disputed and fact.assertion in {Assertion.PRESENT, Assertion.ABSENT}


def _primaries(facts: Sequence[PatientFact], catalogue: Catalogue) -> dict[int, CatalogueEntry]:
    """Return the patient's cancers by the facts' numbers, those of now if there are any."""
    told = [
        fact
        for fact in facts
        if fact.kind is FindingKind.PRIMARY_CANCER
        and fact.assertion is Assertion.PRESENT
        and fact.key in catalogue.by_slug
    ]
    current = [fact for fact in told if fact.temporality is Temporality.CURRENT]
    return {fact.number: catalogue.by_slug[fact.key] for fact in current or told}


def _are_one(cancer: CatalogueEntry | None, other: CatalogueEntry, catalogue: Catalogue) -> bool:
    """Whether two cancers are one, or one of them is a kind of the other."""
    if cancer is None:
        return False
    above = {entry.id for entry in (cancer, *catalogue.ancestors(cancer))}
    return other.id in above or cancer.id in {e.id for e in catalogue.ancestors(other)}


def _nearer(
    cancer: CatalogueEntry | None, other: CatalogueEntry, catalogue: Catalogue
) -> CatalogueEntry:
    """Return that of two cancers of one line which says more."""
    if cancer is None or cancer.id in {entry.id for entry in catalogue.ancestors(other)}:
        return other
    return cancer


def _kind_of(
    facts: Sequence[PatientFact], cancer: CatalogueEntry | None, catalogue: Catalogue
) -> tuple[CatalogueEntry, int] | None:
    """Return the kind of the cancer that a histology says it is, or itself for its usual one."""
    if cancer is None:
        return None
    below = {entry.id for entry in catalogue.descendants(cancer)}
    for fact in facts:
        if fact.kind is not FindingKind.HISTOLOGY or fact.assertion is not Assertion.PRESENT:
            continue
        named = _named_by(fact.key, fact.name, cancer, catalogue)
        named.sort(key=lambda entry: entry.id not in below)
        for entry in named:
            if entry.id in below or entry.id == cancer.id:
                return entry, fact.number
    return None


def _named_by(
    key: str, name: str, cancer: CatalogueEntry, catalogue: Catalogue
) -> list[CatalogueEntry]:
    """Return the cancers that a histology names, by itself or with the organ."""
    histology = histologies().get(key)
    label = histology.label if histology is not None else name
    site = cancer.body_site.lower()
    named = [
        mention.cancer
        for text in (label, f"{site} {label}", f"{label} of the {site}")
        for mention in catalogue.mentions(text)
    ]
    usual = catalogue.by_slug.get(histology.cancer or "") if histology is not None else None
    named += [usual] if usual is not None else []
    spoken = set(words(label))
    return named or [
        entry
        for entry in catalogue.descendants(cancer)
        # "Serous carcinoma" is what "serous ovarian carcinoma" names.
        if any(spoken <= (own := set(words(n))) and "non" not in own - spoken for n in entry.names)
    ]
