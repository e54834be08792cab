"""Plans of the sections on treatments: what they are and do, and which there are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.choices_asked import END_OF_LIFE
from navis_api.generation.extractive.compared import without_what_has_spread
from navis_api.generation.extractive.drugs_asked import class_written
from navis_api.generation.extractive.naming import (
    ROMAN,
    STATE_SUFFIXES,
    cancer_in_words,
    capitalised,
)
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stage_groups import GROUP_HEADINGS
from navis_api.generation.extractive.telling import SAID_OF_ANYBODY, Telling
from navis_api.generation.extractive.withheld import (
    NOT_OPERATED_ON,
    given_all_the_same,
    names_of_withheld,
)
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, same_names

SAID_BY_TREATMENT = frozenset({"side_effects", "treatment"})
"""Topics of which the sections on a kind of treatment tell, where one is named."""
_KINDS_OF_DRUGS = frozenset({"immunotherapy", "targeted_therapy", "hormone_therapy"})
# The share of a heading that speaks of comfort: "supportive care" stands above much else.
_ON_COMFORT_ALONE = 0.33
_RELAPSED = Telling("relapse", ("relapsed", "recurrent", "refractory", "resistant"))
_ON_ANTIBODIES = ("monoclonal antibody", "monoclonal antibodies")


def of_problems(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what each of the treatments may do, where somebody weighs one against another."""
    if asked.compares and not asked.has("side_effects"):
        for kind in asked.of_kind(ConceptKind.TREATMENT):
            yield plan("treatment_problems", treatment=kind)


def of_treatment_or_comfort(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what there is to treat the disease as it stands, and what there is for comfort.

    Which is better for somebody no source says, but what the choice depends on.
    """
    if asked.stage or asked.of_kind(ConceptKind.STATE) or not asked.is_near_the_end:
        yield from of_options(asked, plan)
    for kind in asked.of_kind(ConceptKind.TREATMENT):
        of_kind = plan("treatment_kind", core=True, asks_for=asked.name_of(kind), treatment=kind)
        # What helps whoever has it is no part of the choice.
        yield of_kind.with_aspect(scope="cancer")
    yield of_comfort(asked, plan)
    yield plan("choice")


def of_comfort(asked: Asked, plan: SectionPlanner) -> SectionPlan:
    """Return the section on relief and support; on the last days only where these are asked for."""
    label = asked.name_of(concepts()["palliative"])
    section = plan("comfort", core=True, asks_for=label)
    if asked.is_near_the_end:
        return section
    aspect = section.aspect._replace(
        focus=_ON_COMFORT_ALONE,
        blocks=1,
        without=(*section.aspect.without, *END_OF_LIFE),
        without_title=(*section.aspect.without_title, *END_OF_LIFE),
        skip=(*section.aspect.skip, *END_OF_LIFE),
    )
    leaf = tuple(phrase for phrase in section.leaf if phrase not in END_OF_LIFE)
    return replace(section, aspect=aspect, leaf=leaf)


def of_what_failed(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what there is where a treatment didn't help, or no longer does."""
    for treatment in asked.no_longer_helped:
        if treatment.label not in SAID_OF_ANYBODY:
            yield plan("no_longer_helped", core=True, treatment=treatment)


def of_a_drugs_effects(asked: Asked) -> Iterator[SectionPlan]:
    """Yield what drugs of its kind do, where something is felt on a drug that is named."""
    if not asked.of_kind(ConceptKind.EFFECT):
        return
    for kind in asked.of_kind(ConceptKind.TREATMENT):
        if kind.key in _KINDS_OF_DRUGS and asked.name_of(kind) != kind.label:
            yield from _effects_of_kind(asked, kind)


def _effects_of_kind(asked: Asked, kind: Concept) -> Iterator[SectionPlan]:
    """Yield what is known of the class of a drug, and else of its kind.

    Without what antibodies do where it is none.
    """
    section = more_widely(asked)("treatment_side_effects", treatment=kind)
    if of_class := class_written(asked.name_of(kind)):
        of_one = replace(section, needs=(of_class, *section.needs[1:]))
        yield replace(of_one, heading=f"Side effects of {of_class[0]}s")
        section = replace(section, unless="treatment_side_effects")
    names = [name for named in asked.specific for name in same_names(named)]
    if not any(name.endswith("mab") for name in names):
        section = section.with_aspect(
            without=_ON_ANTIBODIES, without_title=_ON_ANTIBODIES, skip=_ON_ANTIBODIES
        )
    yield section


def _effects_on_the_cancer(
    asked: Asked, plan: SectionPlanner, kind: Concept
) -> Iterator[SectionPlan]:
    """Yield what a treatment does where the cancer is, which says more than what it does at all."""
    if asked.cancer is not None:
        heading = f"Side effects of {kind.label} for {cancer_in_words(asked.cancer)}"
        yield replace(plan("treatment_problems", treatment=kind), heading=heading)


def more_widely(asked: Asked) -> SectionPlanner:
    """Return the planner of what is told of all where the one thing that is named isn't known."""
    return SectionPlanner(replace(asked, specific=()))


def options_of_stage(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield the options for a stage that is only named."""
    if not asked.other_stages:
        yield plan("stage_options")
        yield plan("choice")


def of_treatments(
    asked: Asked, plan: SectionPlanner, topics: Sequence[Concept]
) -> Iterator[SectionPlan]:
    """Yield the sections on the kinds of treatment that a question names."""
    asked_for = {topic.key for topic in topics}
    effects = "side_effects" in asked_for
    if plan.is_about_pregnancy and asked.of_kind(ConceptKind.TREATMENT):
        yield plan("pregnancy_options", core=True, asks_for="treatment during pregnancy")
        return
    for kind in asked.of_kind(ConceptKind.TREATMENT):
        if asked.stage and not effects:
            # Whether it is for that stage is what is asked.
            stage, name = f"stage {ROMAN[asked.stage]}", asked.name_of(kind)
            both = (
                Telling(stage, asked.stage_in_headings),
                Telling(name, asked.looked_for(kind)),
            )
            of_both = plan("asked_words", core=True, asks_for=f"{name} in {stage}", telling=both)
            # Beside the treatment that is asked about, others are for that stage.
            heading = capitalised(of_both.asks_for)
            yield replace(of_both, heading=heading, whole_lists=True)
        if effects:
            label = f"side effects of {asked.name_of(kind)}"
            told = plan("treatment_side_effects", core=True, asks_for=label, treatment=kind)
            if asked.name_of(kind) == kind.label:
                yield from _effects_on_the_cancer(asked, plan, kind)
                yield told
            else:
                # What stands under a heading on side effects may name the drug for another reason.
                yield told.with_aspect(each=True, mentions=True)
                # Of a drug that nothing is said of, its kind is told of under that name.
                for section in _effects_of_kind(asked, kind):
                    yield replace(section, core=True, unless="treatment_side_effects")
        if not asked.of_kind(ConceptKind.EFFECT) and asked_for <= SAID_BY_TREATMENT:
            name = asked.name_of(kind)
            if effects:
                # What it is, is told as well; where nothing else is known, as the answer.
                told_of = plan("treatment_kind", core=True, treatment=kind)
                yield replace(told_of, unless="treatment_side_effects")
            of_kind = plan("treatment_kind", core=not effects, asks_for=name, treatment=kind)
            yield without_what_has_spread(asked, of_kind)
            if name != kind.label and asked.cancer is not None and not effects:
                # Of an amputation nothing may be said but what surgery there is.
                widely = more_widely(asked)("treatment_kind", core=True, treatment=kind)
                yield replace(widely, unless="treatment_kind")


def of_options(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield the options for the stage or state that is asked about, then those in general."""
    if asked.withheld:
        yield from _without_what_cannot_be_had(asked, plan)
        return
    yield from _all_options(asked, plan)


def _without_what_cannot_be_had(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what there is for who can't have a treatment, then the options that leaves."""
    for treatment in asked.withheld:
        label = f"what can be done when {treatment.label} isn't possible"
        untreated = plan("without_treatment", core=True, asks_for=label, treatment=treatment)
        skip = (*untreated.aspect.skip, *given_all_the_same(treatment))
        yield untreated.with_aspect(skip=skip)
        if treatment.key == "surgery" and not (asked.stage or asked.of_kind(ConceptKind.STATE)):
            name = cancer_in_words(asked.cancer)
            grown = plan("state_options", core=True, asks_for=label, state=concepts()["advanced"])
            yield replace(
                grown,
                heading=f"If {name} cannot be removed by surgery, or has spread",
                needs=(grown.needs[0], NOT_OPERATED_ON),
            )
    names = names_of_withheld(asked.withheld)
    for section in _all_options(asked, plan):
        left = section.with_aspect(skip=(*section.aspect.skip, *names))
        if section.aspect.key == "options":
            yield replace(left, asks_for="", unless="state_options")
            # Beside what is told of who can't have it, kinds of the cancer aren't meant.
            left = replace(left, core=False, asks_for="", unless="options")
        yield left


def _of_a_relapse(asked: Asked, plan: SectionPlanner) -> SectionPlan:
    """Return what stands on a relapse among the options, which have no heading for it."""
    treated = Telling("treatment", ("treatment of", "treatments for", "treated with"))
    told = plan("asked_words", core=True, telling=(treated, _RELAPSED))
    told = told.with_aspect(scope="cancer")
    name = cancer_in_words(asked.cancer)
    heading = f"Treatment of {name} that has come back or keeps growing"
    return replace(told, heading=heading, about=(), things=())


def _all_options(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    # "Is more surgery needed, and will it come back?" asks nothing for when it is back.
    states = [s for s in asked.of_kind(ConceptKind.STATE) if s.key not in asked.asked_states]
    if asked.stage:
        label = "treatment for the stage you asked about"
        yield plan("stage_groups")
        yield plan("stage_options", core=True, asks_for=label)
        # A page that has no stages has groups, and says so itself.
        grouped = plan("group_options", core=True)
        yield replace(grouped, leaf=GROUP_HEADINGS, unless="stage_options")
        yield replace(plan("options", core=True), unless="stage_options")
    elif states:
        for state in states:
            label = f"treatment for cancer {STATE_SUFFIXES[state.key]}"
            yield plan("state_options", core=True, asks_for=label, state=state)
            if state.key == "progression" and not asked.has("recurrence"):
                # Where a treatment no longer works, sources speak of a relapse.
                yield replace(_of_a_relapse(asked, plan), asks_for=label, unless="state_options")
        if any(state.key == "recurrence" for state in states):
            yield plan("spread_options")
        yield replace(plan("options", core=True), unless="state_options")
    else:
        yield plan("options", core=True, asks_for=concepts()["treatment"].label)
