"""Drafting: the sections of an answer, one after the other, from the blocks that were found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from navis_api.answers.models import SectionKind
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.composing import Composer
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.fitting import Fit, Wish, best
from navis_api.generation.extractive.matching import wanted
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan, one_treatment, renamed
from navis_api.generation.extractive.treatments import treatments_in
from navis_api.vocabulary.understanding import ConceptKind

_OPTION_LISTS = frozenset({"options", "state_options", "stage_options", "spread_options"})
# Of these, a guide to the very cancer has the last word: what it leaves out may not apply.
_ON_TREATMENT = _OPTION_LISTS | {"one_treatment", "treatment_kind"}
# What a section of general texts may add to, when the cancer's own texts give less.
_THIN_SECTION = 3
# Where only kinds of a cancer have texts (leukemia), this many of them are shown.
_MOST_KINDS = 3

# A reader puts a longer answer away: from here on only what was asked for is added.
_ENOUGH_CLAIMS = 45

Drafted = tuple[SectionPlan, DraftSection | None]


class Drafting:
    """Drafts one answer; `written` sections stand already."""

    def __init__(
        self,
        asked: Asked,
        catalogue: Catalogue,
        found: Found,
        fitness: Fitness,
        written: Sequence[DraftSection],
    ) -> None:
        self._asked = asked
        self._found = found
        self._composer = Composer(fitness, written)
        self._done = {(section.kind, section.heading) for section in written}
        self._options = [section for section in written if section.kind is SectionKind.OPTIONS]
        self._aspects_found: set[str] = set()
        self._claims = sum(len(section.claims) for section in written)
        self._kinds: dict[UUID, CatalogueEntry] = {}
        self._wider: frozenset[UUID] = frozenset()
        if asked.cancer is not None:
            self._kinds = {
                entry.id: entry
                for entry in catalogue.descendants(asked.cancer)
                # Asked about a child, the childhood kind is what is meant.
                if not (asked.has("child") and entry.name.startswith("Childhood"))
            }
            self._wider = frozenset(entry.id for entry in catalogue.ancestors(asked.cancer))

    def sections(self, plan: Sequence[SectionPlan]) -> Iterator[Drafted]:
        """Yield each planned section that the blocks give; None for one that is written already.

        What only goes well with the answer is left out once there is enough.
        """
        for section_plan, section in self._planned(plan):
            self._claims += len(section.claims) if section else 0
            yield section_plan, section

    def _planned(self, plan: Sequence[SectionPlan]) -> Iterator[Drafted]:
        for section_plan in plan:
            if not section_plan.core and self._claims >= _ENOUGH_CLAIMS:
                continue
            if (section_plan.aspect.kind, section_plan.heading) in self._done:
                self._aspects_found.add(section_plan.aspect.key)
                yield section_plan, None
            elif section_plan.unless in self._aspects_found:
                continue
            elif section_plan.aspect.key == "one_treatment":
                yield from self._single_treatments(section_plan)
            else:
                for drafted in self._compose(section_plan):
                    if section_plan.aspect.key in _OPTION_LISTS and drafted[1]:
                        self._options.append(drafted[1])
                    self._aspects_found.add(section_plan.aspect.key)
                    yield drafted

    def _single_treatments(self, plan: SectionPlan) -> Iterator[Drafted]:
        found = self._found
        own = found.exact if found.has_guide else found.exact + found.narrower
        wish = self._wish(plan)
        only_named = bool(self._asked.of_kind(ConceptKind.STATE) or self._asked.stage)
        singles = list(treatments_in(own, wish, self._options, only_named=only_named))
        if not found.exact_guide:
            # A guide to the wider cancer tells of treatments that this kind may not have.
            borrowed = treatments_in(found.wider, wish, self._options, only_named=True)
            known = {concept.key for concept, _ in singles}
            singles += [single for single in borrowed if single[0].key not in known]
        for concept, fits in singles:
            if self._claims >= _ENOUGH_CLAIMS:
                return
            single = one_treatment(plan, concept)
            kinds = self._by_kind(fits[:1])
            if kinds:
                single = renamed(single, kinds[0][0])
            section = self._composer.section(single, fits)
            if section and (section.kind, section.heading) not in self._done:
                self._done.add((section.kind, section.heading))
                yield single, section

    def _compose(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose from guides on the cancer, on kinds of it, in general, and last from others."""
        found, wish, composer = self._found, self._wish(plan), self._composer
        scope = plan.aspect.scope if self._asked.cancer is not None else "general"
        section: DraftSection | None = None
        if scope != "general":
            section = composer.section(plan, best(found.exact, wish))
            if section is None and not (found.exact_guide and plan.aspect.key in _ON_TREATMENT):
                section = composer.section(plan, best(found.wider, wish))
            if section is None:
                of_kinds = list(self._of_kinds(plan, wish))
                if of_kinds:
                    yield from of_kinds
                    return
        if scope != "cancer" and (section is None or len(section.claims) < _THIN_SECTION):
            general = composer.section(plan, best(found.general, wish))
            if section is not None and general is not None:
                section = replace(section, claims=section.claims + general.claims)
            section = section or general
        if section is None and scope != "general" and plan.core:
            section = composer.section(plan, best(found.others, wish), leaning=False)
        if section is not None:
            yield plan, section

    def _of_kinds(self, plan: SectionPlan, wish: Wish) -> Iterator[Drafted]:
        """Compose a section for each kind of the cancer, which its heading names.

        What is only mentioned of a kind, or goes beside the answer, isn't taken for the cancer
        where that has a guide of its own.
        """
        if self._found.has_guide and (plan.aspect.mentions or not plan.core):
            return
        for kind, fits in self._by_kind(best(self._found.narrower, wish))[:_MOST_KINDS]:
            of_kind = renamed(plan, kind)
            if (of_kind.aspect.kind, of_kind.heading) in self._done:
                yield of_kind, None
                continue
            section = self._composer.section(of_kind, fits)
            if section is not None:
                yield of_kind, section

    def _by_kind(self, fits: Sequence[Fit]) -> list[tuple[CatalogueEntry, list[Fit]]]:
        """Group what fits by the kind of cancer that it is about, the best one first."""
        groups: dict[UUID, list[Fit]] = {}
        for fitting in fits:
            own = [kind for kind in self._kinds if kind in fitting.block.first.cancer_ids]
            if len(own) == 1:
                groups.setdefault(own[0], []).append(fitting)
        return [(self._kinds[kind], group) for kind, group in groups.items()]

    def _wish(self, plan: SectionPlan) -> Wish:
        asked, aspect = self._asked, plan.aspect
        return Wish(
            needs=tuple(wanted(need) for need in plan.needs),
            leaf=wanted(plan.leaf),
            without=wanted(aspect.without),
            without_title=wanted(aspect.without_title),
            welcome=plan.welcome,
            circumstances=wanted(p for thing in asked.circumstances for p in thing.phrases),
            heading_only=aspect.heading_only,
            leaf_only=aspect.leaf_only,
            below_title=aspect.below_title,
            mentions=aspect.mentions,
            focus=aspect.focus,
            treatments=plan.treatments,
            cancer_id=asked.cancer.id if asked.cancer else None,
            wider_ids=self._wider,
        )
