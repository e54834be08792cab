"""Drafting: the sections of an answer, one after the other, from the blocks that were found."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from navis_api.answers.models import SectionKind
from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import is_report
from navis_api.generation.extractive.by_heading import by_heading, each_once
from navis_api.generation.extractive.choosing import DEFINITION, SUPPORT, Choosing, told_first
from navis_api.generation.extractive.composing import Composer
from navis_api.generation.extractive.defining import definitions
from navis_api.generation.extractive.felt import how_it_feels, is_on_that_test, what_is_done
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.fitting import Fit, Wish, best
from navis_api.generation.extractive.key_points import key_points
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.mere_definitions import only_defines
from navis_api.generation.extractive.personal_units import UnitReader
from navis_api.generation.extractive.reasons import reasons
from navis_api.generation.extractive.regimens import what_it_is
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import (
    SectionPlan,
    in_other_words,
    one_treatment,
    renamed,
)
from navis_api.generation.extractive.stages_explained import who_says_the_group
from navis_api.generation.extractive.stated_sections import OF_STATEMENTS, statements_for
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.treatments import treatments_in
from navis_api.generation.extractive.undescribed import (
    heading_in_general,
    heading_of_page,
    is_on_an_undescribed,
)
from navis_api.generation.extractive.whether_cancer import verdicts
from navis_api.generation.extractive.withheld import names_of_withheld
from navis_api.vocabulary.understanding import ConceptKind

_OPTION_LISTS = frozenset(
    {
        "options",
        "options_short",
        "state_options",
        "stage_options",
        "spread_options",
        "group_options",
    }
)
# Of these, a guide to the very cancer has the last word: what it leaves out may not apply.
_ON_TREATMENT = _OPTION_LISTS | {"one_treatment", "treatment_kind"}
# What a section of general texts may add to, when the cancer's own texts give less.
_THIN_SECTION = 3
# What texts for professionals say of these isn't told to patients.
_FOR_PATIENTS_ALONE = frozenset(
    {
        "effect_of_cancer",
        "without_treatment",
        "against_return",
        "screening_at_risk",
        "cancers_at_risk",
        "effect_relief",
        "how_serious",
        "late_effects",
        "second_cancers",
        "survivors_follow_up",
        "value_meaning",
        "value_next",
        "risk_surgery",
        "risk_surgery_harms",
        "risk_other_ways",
        "marker_risk",
    }
)
# Of relief and comfort general texts know more than one on a cancer.
_FEW = {"comfort": 8}
# Where only kinds of a cancer have texts (leukemia), this many of them are shown.
_MOST_KINDS = 3
# A sign that only one kind has is missed by who is told of others.
_MOST_KINDS_BY_SIGNS = 5
_SIGNS = "symptoms"

# A reader puts a longer answer away: from here on only what was asked for is added.
_ENOUGH_CLAIMS = 40
# So few claims on the very words of a question leave room for what is said of its subject.
_FEW_CLAIMS = 4

_KEY_POINTS = "key_points"
_REASONS = "reasons"
_STAGE_GROUPS = "stage_groups"
# What stands by groups is what there is for a stage, and for all.
_BY_STAGE = "stage_options"
_BY_GROUP = "group_options"
_ONE_POINT = "In short"
_FELT = "felt"
_OF_A_TEST = frozenset({"procedure", _FELT})
_REGIMEN = "regimen"
_WHETHER = "whether_cancer"
_ON_A_MARKER = frozenset({"marker_options", "marker_mentions"})
_ON_EFFECTS = frozenset({"effect", "effect_help", "effect_ways"})
# Of these a general page knows more than a line on a page about the cancer.
_OF_ANYBODY = _ON_EFFECTS | {SUPPORT}
_ON_ONE_THING = frozenset({"treatment_kind"})
# A section on one treatment with fewer claims takes in what is said of it elsewhere.
_ENOUGH_ON_ONE_THING = 8
_ASIDE = wanted(("clinical trials", "follow up", "stages of", "prognosis", "tests"))

_STAGE_OPTIONS = "stage_options"
_TREATED = wanted(["treatment of", "treatment for", "treatments for", "treatment options"])
_ONE_STAGE = "one_stage"
# "Stage II is divided into stages IIA and IIB."
_PARTS = re.compile(r"\bdivided into (?:stages? )?[^.]*", re.IGNORECASE)
_PART = re.compile(r"\b(?:I{1,3}|IV)[A-D]\b")

Drafted = tuple[SectionPlan, DraftSection | None]


class Drafting:
    """Drafts one answer; `written` sections stand already. With a `reader`, for one patient."""

    def __init__(
        self,
        asked: Asked,
        catalogue: Catalogue,
        found: Found,
        fitness: Fitness,
        written: Sequence[DraftSection],
        reader: UnitReader | None = None,
    ) -> None:
        self._asked = asked
        self._found = found
        self._fitness = fitness
        self._is_personal = reader is not None
        self._composer = Composer(fitness, written, reader)
        self._done = {(section.kind, section.heading) for section in written}
        self._options = [section for section in written if section.kind is SectionKind.OPTIONS]
        self._aspects_found: set[tuple[int, str | None]] = set()
        self._known: dict[Telling, bool] = {}
        self._told = [readable_now(claim.text) for section in written for claim in section.claims]
        self._headings: list[str] = []
        self._choosing = Choosing(asked, catalogue, found)

    def sections(self, plan: Sequence[SectionPlan]) -> Iterator[Drafted]:
        """Yield each planned section that the blocks give; None for one that is written already.

        What only goes well with the answer is left out once there is enough.
        """
        for section_plan, section in self._planned(plan):
            if section is None:
                yield section_plan, None
                continue
            if self._claims and _is_stub(section_plan, section):
                yield section_plan, None
                continue
            self._told += [readable_now(claim.text) for claim in section.claims]
            if section_plan.aspect.key == _KEY_POINTS and self._is_stage_treated():
                # Of single treatments, those that this names are told.
                self._options.append(section)
            for part in [section] if self._is_personal else by_heading(section):
                heading = each_once(self._headings, part.heading)
                self._headings.append(heading)
                yield section_plan, replace(part, heading=heading)

    def withdraw(self, plan: SectionPlan, drafted: DraftSection, kept: DraftSection | None) -> None:
        """Forget what of the section drafted last isn't borne out: it was told to nobody."""
        said = {claim.text for claim in kept.claims} if kept is not None else set[str]()
        for claim in drafted.claims:
            if claim.text not in said:
                self._told.remove(readable_now(claim.text))
        if kept is None:
            self._aspects_found.discard((plan.part, plan.aspect.key))

    @property
    def _claims(self) -> int:
        return len(self._told)

    def _planned(self, plan: Sequence[SectionPlan]) -> Iterator[Drafted]:
        # Sections that aren't composed of the blocks that fit best.
        ways: dict[str, Callable[[SectionPlan], Iterator[Drafted]]] = {
            _KEY_POINTS: self._key_points,
            _WHETHER: self._whether_cancer,
            _REASONS: self._reasons,
            _REGIMEN: self._regimen,
            _STAGE_GROUPS: self._stage_groups,
            "one_treatment": self._single_treatments,
            **dict.fromkeys(OF_STATEMENTS, self._of_statements),
            **dict.fromkeys(_OF_A_TEST, self._of_a_test),
        }
        for section_plan in plan:
            if not self._is_due(section_plan):
                continue
            if self._is_done(section_plan):
                self._aspects_found.add((section_plan.part, section_plan.aspect.key))
                yield section_plan, None
            elif (section_plan.part, section_plan.unless) in self._aspects_found:
                continue
            elif (way := ways.get(section_plan.aspect.key)) is not None:
                yield from way(section_plan)
            else:
                for drafted in self._compose(section_plan):
                    if section_plan.aspect.key in _OPTION_LISTS and drafted[1]:
                        self._options.append(drafted[1])
                    if section_plan.aspect.key == _BY_GROUP:
                        self._aspects_found.add((section_plan.part, _BY_STAGE))
                    self._aspects_found.add((section_plan.part, section_plan.aspect.key))
                    yield drafted

    def _is_due(self, plan: SectionPlan) -> bool:
        """Whether what was found before leaves room for a section, and need of it."""
        if not plan.core and self._claims >= _ENOUGH_CLAIMS:
            return False
        if self._asked.compares and is_on_an_undescribed(plan, self._asked):
            # Beside another treatment it would pass for one of two to choose from.
            return False
        if plan.unless == _STAGE_OPTIONS and self._is_stage_treated():
            # Options of all stages would stand beside those of the one that is asked about.
            return False
        if plan.if_thin and not 0 < self._claims <= _FEW_CLAIMS:
            return False
        if plan.if_known and not all(map(self._is_known, plan.if_known)):
            return False
        has_some = self._claims > 0 or bool(plan.if_known)
        return not plan.if_unsaid or (has_some and not self._is_told(plan))

    def _is_stage_treated(self) -> bool:
        """Whether what was told speaks of treatment in the stage that is asked about."""
        stage = wanted(self._asked.stages_written)
        return any(speaks_of(told, stage) and speaks_of(told, _TREATED) for told in self._told)

    def _is_known(self, thing: Telling) -> bool:
        """Whether a text for patients on the cancer, or on what it is a kind of, speaks of it."""
        if thing not in self._known:
            blocks = (*self._found.exact, *self._found.wider)
            self._known[thing] = any(thing.is_said(block.body) for block in blocks)
        return self._known[thing]

    def _is_told(self, plan: SectionPlan) -> bool:
        """Whether the sections before speak of all that a plan needs."""
        everything = " ".join(self._told)
        return all(speaks_of(everything, wanted(need)) for need in plan.needs)

    def _is_done(self, plan: SectionPlan) -> bool:
        """Whether the section is written, under its heading or under that of a wider cancer."""
        names = [
            in_other_words(plan.heading, self._asked.cancer, entry)
            for entry in self._choosing.above
        ]
        return any((plan.aspect.kind, heading) in self._done for heading in (plan.heading, *names))

    def _key_points(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose of the statements that say most of the question.

        For one patient, what isn't said of them would have to be told apart first.
        """
        if self._is_personal:
            return
        found = self._found
        blocks = found.general if self._asked.cancer is None else found.exact or found.wider
        parts = key_points(blocks, self._asked, plan, self._fitness)
        section = self._composer.of_points(plan, list(parts))
        if section is not None:
            one = len(section.claims) == 1
            yield plan, replace(section, heading=_ONE_POINT) if one else section

    def _of_a_test(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose what is done in a test, or how it feels: the same, whatever kind one has."""
        found = self._found
        own = (*found.exact, *found.wider, *found.narrower)
        names = plan.needs[0]
        if plan.aspect.key == _FELT:
            felt = how_it_feels(own, found.general, names)
            if any(self._is_quoted(fitting) for fitting in felt):
                # Where it is told what is done, it was said already.
                yield plan, None
            told = iter([felt])
        else:
            defined = what_is_done((*own, *found.general, *found.alike), names)
            headed = [block for block in own if is_on_that_test(block, names)]
            told = chain(defined, [best(headed, self._choosing.wish(plan))[:1]])
        composed = (self._composer.section(plan, fits) for fits in told)
        section = next(filter(None, composed), None)
        if section is not None:
            yield plan, section

    def _is_quoted(self, fitting: Fit) -> bool:
        said = readable_now(fitting.block.first.text).strip()
        return any(said.endswith(told.strip()) for told in self._told)

    def _whether_cancer(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose of what says whether the thing that is asked about is cancer."""
        found, asked = self._found, self._asked
        blocks = (*found.exact, *found.narrower, *found.wider, *found.general, *found.anywhere)
        fits = verdicts(blocks, asked.wondered, asked.cancer)
        section = self._composer.section(replace(plan, needs=()), fits)
        if section is not None:
            self._aspects_found.add((plan.part, plan.aspect.key))
            yield plan, section

    def _reasons(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose of the statements that give a reason for what is asked."""
        found = self._found
        parts = reasons((*found.exact, *found.wider), self._asked.whys, plan, self._fitness)
        section = self._composer.of_points(plan, list(parts))
        if section is not None:
            yield plan, section

    def _of_statements(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose of the statements that say by themselves what is asked."""
        points = statements_for(plan, self._asked, self._found, self._fitness)
        section = self._composer.of_points(plan, [points])
        if section is not None:
            self._aspects_found.add((plan.part, plan.aspect.key))
            yield plan, section

    def _regimen(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose what a combination of drugs is from the page that has its name."""
        found = self._found
        blocks = (*found.general, *found.exact, *found.wider, *found.narrower)
        asked = [each for each in self._asked.regimens if each.label == plan.asks_for]
        parts = [points for each in asked for points in what_it_is(blocks, each, self._fitness)]
        section = self._composer.of_points(plan, parts)
        if section is not None:
            self._aspects_found.add((plan.part, plan.aspect.key))
            yield plan, section

    def _stage_groups(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose of what says in which group the asked stage is treated, where there are such."""
        found = self._found
        blocks = (*found.exact, *(found.narrower if not found.exact_guide else ()))
        points = who_says_the_group(blocks, plan.stages, self._fitness)
        section = self._composer.of_points(plan, [points])
        if section is not None:
            yield plan, section

    def _single_treatments(self, plan: SectionPlan) -> Iterator[Drafted]:
        found = self._found
        own = found.exact if found.has_guide else found.exact + found.narrower
        wish = self._choosing.wish(plan)
        refused = self._asked.refused
        withheld = wanted(names_of_withheld(self._asked.withheld))
        only_named = bool(self._asked.of_kind(ConceptKind.STATE) or self._asked.stage)
        singles = list(treatments_in(own, wish, self._options, only_named=only_named))
        if not found.exact_guide:
            # A guide to the wider cancer tells of treatments that this kind may not have.
            borrowed = treatments_in(found.wider, wish, self._options, only_named=True)
            known = {concept.key for concept, _ in singles}
            singles += [single for single in borrowed if single[0].key not in known]
        for concept, fits in singles:
            if concept.key in refused or speaks_of(fits[0].block.leaf, withheld):
                continue
            if self._claims >= _ENOUGH_CLAIMS:
                return
            single = one_treatment(plan, concept)
            kinds = self._choosing.by_kind(fits[:1])
            if kinds:
                single = renamed(single, kinds[0][0], self._asked.cancer)
            section = self._composer.section(single, fits)
            if section and only_defines(section, concept.key):
                continue
            if section and (section.kind, section.heading) not in self._done:
                self._done.add((section.kind, section.heading))
                yield single, section

    def _compose(self, plan: SectionPlan) -> Iterator[Drafted]:
        """Compose from guides on the cancer, on kinds of it, in general, and last from others."""
        found, wish, composer = self._found, self._choosing.wish(plan), self._composer
        scope = plan.aspect.scope if self._asked.cancer is not None else "general"
        section: DraftSection | None = None
        if (
            scope == "both"
            and plan.aspect.key in _OF_ANYBODY
            and self._choosing.is_better_in_general(wish)
        ):
            section = composer.section(plan, best(found.general, wish))
        if scope != "general" and section is None:
            if not (self._asked.kinds and plan.core):
                section = self._of_own_or_wider(plan, wish)
            of_kinds = list(self._of_kinds(plan, wish)) if section is None else []
            if of_kinds:
                yield from of_kinds
                return
        if plan.core and plan.aspect.key in _ON_ONE_THING:
            section = self._with_mentions(plan, wish, section)
        wants_more = plan.core or plan.aspect.key in _ON_EFFECTS
        few = _FEW.get(plan.aspect.key, _THIN_SECTION)
        thin = section is None or (wants_more and len(section.claims) < few)
        if scope != "cancer" and thin:
            section = self._with_general(plan, wish, section)
        # What rests on a patient's results is taken from texts for patients alone, and so is what
        # is known of one drug's effects.
        for_patients = (
            plan.rests_on
            or plan.is_on_one_drug
            or plan.aspect.key in _FOR_PATIENTS_ALONE
            # Advice for one gene isn't for who has another.
            or (self._asked.is_at_higher_risk and plan.aspect.key == "times")
        )
        if section is None and scope != "general" and plan.core and not for_patients:
            others = found.others
            if plan.aspect.key in _ON_A_MARKER and self._asked.has("treatment"):
                # What was counted in some study is no word on treatment.
                others = tuple(b for b in others if not is_report(b.first.title, b.first.url or ""))
            section = composer.section(plan, best(others, wish), leaning=False)
        if section is not None:
            yield plan, section

    def _of_own_or_wider(self, plan: SectionPlan, wish: Wish) -> DraftSection | None:
        own = self._choosing.own(plan, wish)
        section = self._composer.section(plan, own)
        if section is not None and plan.aspect.key in _ON_ONE_THING:
            title = own[0].block.first.title
            return replace(section, heading=heading_of_page(section.heading, self._asked, title))
        if section is None and self._may_be_wider(plan):
            wider = best(self._found.wider, wish)
            section = self._composer.section(self._choosing.named_for(wider, plan), wider)
        return section

    def _may_be_wider(self, plan: SectionPlan) -> bool:
        """Whether texts on what the cancer is a kind of may answer for it."""
        if self._found.exact_guide and plan.aspect.key in _ON_TREATMENT:
            return False
        # Beside an answer on the very cancer, they are about another one.
        return plan.core or plan.aspect.key in _ON_TREATMENT or self._claims < _THIN_SECTION

    def _with_general(
        self, plan: SectionPlan, wish: Wish, section: DraftSection | None
    ) -> DraftSection | None:
        """Add to a thin section what general pages say; of a treatment in its place alone.

        Under a heading that names the cancer, that would pass for a treatment of it.
        """
        is_on_treatment = plan.aspect.key in _ON_ONE_THING and self._asked.cancer is not None
        if is_on_treatment and section is not None:
            return section
        general = self._composer.section(plan, self._choosing.in_general(plan, wish))
        if is_on_treatment and general is not None:
            return replace(general, heading=heading_in_general(plan, self._asked))
        return _joined(section, general)

    def _with_mentions(
        self, plan: SectionPlan, wish: Wish, section: DraftSection | None
    ) -> DraftSection | None:
        """Add to a thin section what other parts of the cancer's guides say of its subject."""
        room = _ENOUGH_ON_ONE_THING - (len(section.claims) if section else 0)
        if room <= 0:
            return section
        aspect = plan.aspect._replace(
            heading_only=False, mentions=True, each=True, limit=room, blocks=room
        )
        loose = replace(wish, heading_only=False, mentions=True, without=(*wish.without, *_ASIDE))
        blocks = (*self._found.exact, *self._found.wider)
        more = self._composer.section(replace(plan, aspect=aspect), best(blocks, loose))
        return _joined(section, more)

    def _of_kinds(self, plan: SectionPlan, wish: Wish) -> Iterator[Drafted]:
        """Compose a section for each kind of the cancer, which its heading names.

        What is only mentioned of a kind, or goes beside the answer, isn't taken for the cancer
        where that has a guide of its own.
        """
        named = bool(self._asked.kinds)
        if self._found.has_guide and not named and (plan.aspect.mentions or not plan.core):
            return
        by_kind = self._choosing.by_kind(best(self._found.narrower, wish))
        if named and plan.aspect.key == DEFINITION:
            # A kind's definition may stand where nothing is headed as one.
            known = {kind.id for kind, _ in by_kind}
            by_kind += [
                (kind, []) for kind in self._choosing.kinds.values() if kind.id not in known
            ]
        told = (plan.part, DEFINITION) in self._aspects_found
        if told and len(by_kind) > 1 and not (named or plan.core):
            # Who asks what it is wants no list of what each kind is like.
            return
        on_signs = plan.core and plan.aspect.key == _SIGNS
        for kind, fits in by_kind[: _MOST_KINDS_BY_SIGNS if on_signs else _MOST_KINDS]:
            of_kind = renamed(plan, kind, self._asked.cancer)
            if plan.aspect.key == DEFINITION:
                about = (fitting.block for fitting in fits)
                blocks = (*about, *self._found.narrower, *self._found.exact)
                defined = definitions(blocks, kind.names)
                section = self._composer.section(of_kind, told_first(defined, fits))
            else:
                section = self._composer.section(of_kind, fits)
            if on_signs and section is not None and len(section.claims) < _THIN_SECTION:
                # "See a doctor" alone would read as if this kind had no signs.
                continue
            if (of_kind.aspect.kind, of_kind.heading) in self._done:
                yield of_kind, None
                continue
            if section is not None:
                yield of_kind, section


def _is_stub(plan: SectionPlan, section: DraftSection) -> bool:
    """Whether a section says that a stage has parts, and not what all of them are.

    The one part that can be quoted would be taken for the asker's own.
    """
    if plan.aspect.key != _ONE_STAGE:
        return False
    divided = [found for claim in section.claims if (found := _PARTS.search(claim.text))]
    parts = {part for found in divided for part in _PART.findall(found[0])}
    others = [claim.text for claim in section.claims if not _PARTS.search(claim.text)]
    return any(not any(re.search(rf"\b{part}", said) for said in others) for part in parts)


def _joined(section: DraftSection | None, more: DraftSection | None) -> DraftSection | None:
    if section is None or more is None:
        return section or more
    return replace(section, claims=section.claims + more.claims)
