"""The plan of an answer: which sections a question calls for, in reading order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.carriers import of_carrier
from navis_api.generation.extractive.compared import of_comparison
from navis_api.generation.extractive.effect_course import of_course_of_effects
from navis_api.generation.extractive.effect_reasons import of_reasons_of_effects
from navis_api.generation.extractive.felt_plans import is_to_be_helped, of_relief, of_ways
from navis_api.generation.extractive.grown_up import asks_what_comes_later, of_later_life
from navis_api.generation.extractive.key_points import said_by
from navis_api.generation.extractive.last_days import of_the_dying
from navis_api.generation.extractive.meanwhile import of_meanwhile, things_meanwhile
from navis_api.generation.extractive.naming import ROMAN
from navis_api.generation.extractive.passing_on import of_passing_on
from navis_api.generation.extractive.procedures_asked import Procedure
from navis_api.generation.extractive.regimens import SAID_BY_A_REGIMEN
from navis_api.generation.extractive.relatives import of_relatives
from navis_api.generation.extractive.section_plans import (
    SectionPlan,
    SectionPlanner,
)
from navis_api.generation.extractive.staging_systems import is_of_a_system
from navis_api.generation.extractive.telling import OF_A_MARKER, SAID_OF_ANYBODY, Telling, in_quotes
from navis_api.generation.extractive.told_whole import of_whole_items
from navis_api.generation.extractive.topic_sections import (
    beside_topic,
    implied,
    not_said_otherwise,
    of_times,
    of_topic,
    of_topic_besides,
    topics_of,
)
from navis_api.generation.extractive.treatment_plans import (
    of_a_drugs_effects,
    of_options,
    of_problems,
    of_treatment_or_comfort,
    of_treatments,
    of_what_failed,
    options_of_stage,
)
from navis_api.generation.extractive.turning import HOW_LONG
from navis_api.generation.extractive.value_plans import is_on_a_value_alone, of_value
from navis_api.generation.extractive.withheld import MILDER_LABEL, STRONGEST
from navis_api.kit.text import fold
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, phrases

# A state that texts on it can't be replaced by: general advice on cancer that has spread is no
# answer about cancer that has spread to only a few places.
RARE_STATES = frozenset({"oligometastasis"})
_NOT_ON_TREATMENT = ("risk", "risk factor", "cause", "symptom", "screening", "prevention")
_ON_WHO_WAS_TREATED = ("have been treated", "been treated for", "after treatment")
WHY = "the “why” of your question"
_REASON_WORDS = ("reason", "reasons", "because")
_WHETHER = "whether_cancer"
# No drug aims at these in the tumor.
_VIRUSES = ("hiv", "hpv", "ebv", "hepatitis", "epstein", "human papilloma")
# Where it is told what something is, these tell more of it: others would be about the cancer.
_TELL_MORE_OF_IT = frozenset(
    {"biomarkers", "comfort", "effect", "metastasis_meaning", "treatment_kind"}
)
# Beside a test, these are asked for themselves.
_ASKS_MORE = frozenset({ConceptKind.TOPIC, ConceptKind.TREATMENT, ConceptKind.EFFECT})
_ASKING_FOR_AIMS = frozenset({"cure", "treatment", "prognosis"})


def make_plan(asked: Asked) -> list[SectionPlan]:
    """Return the sections that a question calls for, in reading order.

    What goes with the answer to one of its parts stands behind the answers to all.
    """
    if asked.is_private:
        return []
    planner = SectionPlanner(asked)
    if asked.is_dying:
        return list(of_the_dying(asked, planner))
    if asked.passes_on:
        more = _sections(asked, planner) if asked.of_kind(ConceptKind.TOPIC) else ()
        return [*_once((*of_passing_on(asked, planner), *more))]
    if asked.is_during_treatment and (things := things_meanwhile(asked)):
        return list(of_meanwhile(asked, planner, things))
    if asked.procedure is not None:
        found = list(_of_a_procedure(asked.procedure, planner))
        more = any(concept.kind in _ASKS_MORE for concept in asked.concepts)
        return [*_once((*found, *(_sections(asked, planner) if more else ())))]
    found: list[SectionPlan] = []
    told = {thing.label for thing in asked.circumstances}
    # What most of a question's words say may be said of who has the cancer.
    is_healthy = is_on_a_value_alone(asked) or (asked.is_carrier and not asked.wants_cancers)
    # Or of the strongest treatment, or of a rinse.
    is_elsewhere = is_healthy or asked.is_during_treatment or MILDER_LABEL in told
    on_effects = [*of_course_of_effects(asked, planner), *of_reasons_of_effects(asked, planner)]
    found += on_effects
    found += of_relatives(asked, planner)
    found += of_comparison(asked, planner)
    if not (is_elsewhere or on_effects) and (said := said_by(asked)):
        found.append(replace(planner("key_points", core=True), needs=said))
    reasons = list(_of_reasons(asked, planner))
    if not asked.asks_meaning:
        found += reasons
    beside: list[SectionPlan] = []
    for number, part in _asking((asked,) if is_healthy else asked.parts or (asked,)):
        sections = [replace(each, part=number) for each in _sections(part, SectionPlanner(part))]
        cores = [at for at, each in enumerate(sections) if each.core]
        behind = cores[-1] + 1 if cores else 0
        found += sections[:behind]
        beside += sections[behind:]
    if asked.asks_meaning:
        # What something is comes before why it is so.
        found += reasons
    sections = _once((*found, *_of_circumstances(asked, planner), *beside))
    sections = _of_one_thing(asked, planner, sections)
    return list(_milder(sections) if MILDER_LABEL in told else sections)


def _of_one_thing(
    asked: Asked, planner: SectionPlanner, sections: Iterable[SectionPlan]
) -> Iterable[SectionPlan]:
    """Return the sections with the one thing first that is asked to be explained, if any."""
    if asked.asks_what_is_in_it:
        return _of_regimens(asked, planner, sections)
    if asked.wondered:
        return _of_whether_cancer(asked, planner, sections)
    if asked.cancer is None and asked.explained:
        return _of_a_thing(asked, planner, sections)
    return sections


def _milder(sections: Iterable[SectionPlan]) -> Iterator[SectionPlan]:
    """Yield the sections without the strongest treatment, which somebody can't have."""
    for each in sections:
        yield each.with_aspect(skip=(*each.aspect.skip, *STRONGEST))


def _of_a_procedure(procedure: Procedure, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is done in a test, and how it feels where that is asked."""
    told = plan("procedure", core=True, asks_for=procedure.what_is_done, telling=(procedure.thing,))
    yield told
    if procedure.asks_how_it_feels:
        yield plan("felt", core=True, asks_for=procedure.how_it_feels, telling=(procedure.thing,))


def _sections(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    old = concepts()["older_adults"]
    if asked.has("older_adults") and (
        asked.has("treatment") or asked.of_kind(ConceptKind.TREATMENT)
    ):
        # What is said of them goes before what is said of all.
        said_of_them = plan("asked_words", telling=(Telling(old.label, phrases(old)),))
        said_of_them = said_of_them.with_aspect(scope="cancer", without=_NOT_ON_TREATMENT)
        yield replace(said_of_them, heading=f"For {old.label}")
    if asks_what_comes_later(asked):
        yield from of_later_life(plan)
        return
    if is_on_a_value_alone(asked):
        yield from of_value(asked, plan)
        return
    if asked.is_carrier and not asked.wants_cancers:
        yield from of_carrier(asked, plan)
        return
    if asked.wants_cancers and asked.is_at_higher_risk and asked.markers:
        yield _of_cancers_at_risk(asked, plan)
        return
    if asked.is_against_return:
        label = "how to lower the chance that the cancer comes back"
        yield plan("against_return", core=True, asks_for=label)
    rare = [state for state in asked.of_kind(ConceptKind.STATE) if state.key in RARE_STATES]
    if asked.required:
        yield from _of_words(asked, plan)
    elif rare:
        yield from _of_rare_states(asked, plan, rare)
    elif asked.markers and {topic.key for topic in topics_of(asked)} <= OF_A_MARKER:
        yield from _of_markers(asked, plan)
    else:
        yield from _of_concepts(asked, plan)


def _asking(parts: Sequence[Asked]) -> Iterator[tuple[int, Asked]]:
    """Yield the parts that ask for sections of their own, each with its number.

    "How long does it take" asks that of what was asked before.
    """
    for number, part in enumerate(parts):
        is_on_more = part.required or any(map(_is_asked_for, part.concepts))
        if is_on_more or all(thing.label != HOW_LONG for thing in part.circumstances):
            yield number, part


def _is_asked_for(concept: Concept) -> bool:
    return concept.kind is not ConceptKind.POPULATION and concept.key != "definition"


def _of_reasons(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield why something is so, where that is asked of a cancer."""
    if asked.whys and asked.cancer is not None:
        needs = (_REASON_WORDS, *(term for why in asked.whys for term in why.terms))
        yield replace(plan("reasons", core=True, asks_for=WHY), needs=needs)


def _of_a_thing(
    asked: Asked, plan: SectionPlanner, sections: Iterable[SectionPlan]
) -> Iterator[SectionPlan]:
    """Yield what a thing is, and of the sections those that tell more of it, or it isn't told."""
    thing = Telling(asked.explained[0], tuple(fold(name) for name in asked.explained))
    yield plan("explained", core=True, telling=(thing,))
    for section in sections:
        if section.aspect.key in _TELL_MORE_OF_IT:
            yield replace(section, asks_for="")
        elif section.core and section.unless is None:
            yield replace(section, asks_for="", unless="explained")


def _of_regimens(
    asked: Asked, plan: SectionPlanner, sections: Iterable[SectionPlan]
) -> Iterator[SectionPlan]:
    """Yield what each regimen is, and the sections on what else is asked of it."""
    for regimen in asked.regimens:
        told = plan("regimen", core=True, asks_for=regimen.label, telling=(regimen,))
        yield replace(told, heading=f"What {regimen.label} is", about=(), things=())
    for section in sections:
        if section.aspect.key in SAID_BY_A_REGIMEN:
            yield replace(section, part=0, asks_for="", unless="regimen")
        elif section.core:
            yield section


def _of_whether_cancer(
    asked: Asked, plan: SectionPlanner, sections: Iterable[SectionPlan]
) -> Iterator[SectionPlan]:
    """Yield whether a thing is cancer and what it is, or where that isn't told the others."""
    thing = Telling(asked.wondered, (asked.wondered,))
    told = plan(_WHETHER, core=True, telling=(thing,))
    yield replace(told, about=(), things=())
    is_told_what = False
    for section in sections:
        is_definition = section.aspect.key == "what_it_is"
        is_told_what |= is_definition
        if section.unless or is_definition:
            yield section
        else:
            yield replace(section, part=0, unless=_WHETHER)
    if not is_told_what and asked.wondered in map(fold, asked.names):
        yield plan("what_it_is")


def _of_words(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    yield from _of_what_it_is(asked, plan)
    yield from _of_all_words(asked, plan)
    if asked.cancer is not None:
        # What is said of each word by itself, where sources know all of them.
        for thing in asked.required:
            of_one = replace(plan("told_besides", core=True, telling=(thing,)), if_unsaid=True)
            known = (thing,) if asked.asks_meaning else asked.required
            yield replace(of_one, unless="asked_words", if_known=known)
        for of_one in of_whole_items(asked, plan, asked.required, core=True):
            known = of_one.if_known if asked.asks_meaning else asked.required
            yield replace(of_one, unless="asked_words", if_known=known)
    if asked.asked_states:
        yield from _of_states(asked, plan, is_all=True)
    for effect in asked.of_kind(ConceptKind.EFFECT):
        # What is known of the effect helps also where that one thing isn't.
        if asked.wants_help:
            yield of_ways(asked, plan, effect)
        yield replace(plan("effect", core=True, effect=effect), unless="asked_words")
        help_besides = "effect_ways" if asked.wants_help else "asked_words"
        yield replace(plan("effect_help", effect=effect), unless=help_besides)
    for kind in asked.of_kind(ConceptKind.TREATMENT):
        yield replace(plan("treatment_kind", treatment=kind), if_thin=True)
    for topic in not_said_otherwise(asked, topics_of(asked)):
        yield from of_topic_besides(asked, plan, topic)


def _of_all_words(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is said of all the words that an answer has to speak of."""
    labels = in_quotes(asked.required)
    told = plan("asked_words", core=True, asks_for=labels, telling=asked.required)
    if any(is_of_a_system(thing.label) for thing in asked.required):
        # How the cancer is staged tells of the system that is named, where a source has it.
        yield plan("staging", core=True)
        told = replace(told, unless="staging")
    is_of_its_treatment = asked.asks_meaning and asked.has("treatment") and asked.cancer is not None
    if asked.is_implied or is_of_its_treatment:
        # What a general text says with one word in common is about something else.
        told = told.with_aspect(scope="cancer")
    yield told


def _of_concepts(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    topics = topics_of(asked)
    narrow = asked.of_kind(ConceptKind.EFFECT) + asked.of_kind(ConceptKind.TREATMENT)
    if asked.weighs_comfort:
        yield from of_treatment_or_comfort(asked, plan)
        return
    yield from _of_what_it_is(asked, plan)
    if topics and asked.points_at_told:
        yield from _of_stages(asked, is_all=True)
    yield from of_problems(asked, plan)
    yield from of_a_drugs_effects(asked)
    yield from _of_effects(asked, plan)
    yield from of_treatments(asked, plan, topics)
    yield from _of_states(asked, plan, is_all=not topics)
    if not topics:
        yield from _of_stages(asked, is_all=True)
        if asked.stage:
            yield from options_of_stage(asked, plan)
        if asked.stage and not narrow:
            return
    if asked.stage and {topic.key for topic in topics} == {"follow_up"}:
        # Who has had surgery wants to know what treatment is still to come.
        yield plan("stage_options", core=True, asks_for="treatment for the stage you asked about")
    remaining = not_said_otherwise(asked, topics)
    if not remaining and not narrow:
        remaining = implied(asked)
    yield from of_what_failed(asked, plan)
    for topic in remaining:
        yield from of_times(asked, plan, topic)
        yield from of_topic(asked, plan, topic)
    # Where something else is asked about a stage, what it means goes behind.
    yield from _of_stages(asked, is_all=False) if topics and not asked.points_at_told else ()
    for topic in remaining:
        yield from beside_topic(plan, topic, remaining)


def _of_what_it_is(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    if asked.wants_kinds:
        yield plan("kinds", core=True, asks_for="the kinds that there are")
    if asked.wants_definition:
        yield plan("what_it_is", core=True, asks_for="what it is")


def _of_cancers_at_risk(asked: Asked, plan: SectionPlanner) -> SectionPlan:
    """Return the section on the cancers that what is inherited may bring."""
    told = tuple(Telling(marker.label, marker.names) for marker in asked.markers)
    label = f"which cancers {asked.markers[0].label} raises the risk of"
    return plan("cancers_at_risk", core=True, asks_for=label, telling=told)


def _of_circumstances(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is said of each circumstance that the sections before pass over."""
    if asked.markers or asked.wonders:
        return
    for thing in asked.circumstances:
        if thing.label not in SAID_OF_ANYBODY | {HOW_LONG}:
            yield replace(plan("told_besides", telling=(thing,)), if_unsaid=True)
            yield from of_whole_items(asked, plan, (thing,), core=False)


def _of_stages(asked: Asked, *, is_all: bool) -> Iterator[SectionPlan]:
    named = (asked.stage, *asked.other_stages) if asked.stage else ()
    for stage in named:
        of_stage = SectionPlanner(replace(asked, stage=stage))
        yield of_stage("one_stage", core=is_all, asks_for=f"stage {ROMAN[stage]}")


def _of_rare_states(
    asked: Asked, plan: SectionPlanner, rare: Sequence[Concept]
) -> Iterator[SectionPlan]:
    for state in rare:
        yield plan("state_mentions", core=True, state=state)
    # The wider state is all that most sources speak of; the answer's gaps say so.
    yield plan("spread_in_general", core=True)
    if _ASKING_FOR_AIMS & {concept.key for concept in asked.concepts}:
        yield plan("aims_of_treatment", core=True)


def _of_markers(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    for marker in asked.markers:
        label = f"treatment that fits a result for {marker.label}"
        mentions = plan("marker_mentions", core=True, marker=marker)
        if marker.is_in_blood:
            if not asked.was_treated:
                mentions = mentions.with_aspect(without=_ON_WHO_WAS_TREATED)
            yield replace(mentions, asks_for=marker.label)
            continue
        if not asked.has("treatment"):
            yield mentions
        yield plan("marker_options", core=True, asks_for=label, marker=marker)
        if asked.has("treatment"):
            yield replace(mentions, unless="marker_options")
    if not asked.is_on_values:
        yield from _of_drugs_for_markers(asked, plan)
    if asked.has("treatment"):
        yield from _of_states(asked, plan, is_all=False)
        for section in of_options(asked, plan):
            # What fits a result is not all that fits a stage.
            in_general = asked.stage or asked.is_on_values
            unless = section.unless if in_general else "marker_options"
            yield replace(section, unless=unless, asks_for="")
        yield plan("choice")
        yield plan("trials")


def _of_drugs_for_markers(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is said of targeted drugs and a marker in one: a list of all is for others."""
    for marker in asked.markers:
        section = plan("treatment_kind", treatment=concepts()["targeted_therapy"])
        if marker.label.lower().startswith(_VIRUSES):
            yield section
            continue
        heading = f"Targeted therapy and {marker.label}"
        tied = replace(section, heading=heading, needs=(*section.needs, marker.names))
        yield tied.with_aspect(each=True, mentions=True, heading_only=False, scope="cancer")


def _of_effects(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    of_treatment = asked.of_kind(ConceptKind.TREATMENT) or asked.was_treated
    for effect in asked.of_kind(ConceptKind.EFFECT):
        name = asked.name_of(effect)
        if asked.cancer is not None and not of_treatment:
            # What the cancer itself does to people stands among its signs.
            yield plan("effect_of_cancer", core=True, effect=effect)
            yield from of_relief(asked, plan, effect)
        if name in asked.explained:
            # What people only describe is told its name, and what that is.
            yield plan("explained", core=True, telling=(Telling(name, (name,)),))
        label = f"what may help with {name}" if asked.wants_help else ""
        if is_to_be_helped(asked):
            yield of_ways(asked, plan, effect)
            helping = plan("effect_help", core=asked.wants_help, asks_for=label, effect=effect)
            yield replace(helping, unless="effect_ways")
        yield plan("effect", core=True, asks_for=name, effect=effect)
        yield of_ways(asked, plan, effect)
        yield replace(plan("effect_help", effect=effect), unless="effect_ways")
        # What no page is headed by may still be told somewhere.
        telling = (Telling(name, asked.looked_for(effect)),)
        mentions = plan("asked_words", core=True, asks_for=name, telling=telling)
        yield replace(mentions, unless="effect")


def _of_states(asked: Asked, plan: SectionPlanner, *, is_all: bool) -> Iterator[SectionPlan]:
    if asked.has("recurrence"):
        label = "what it means when cancer comes back"
        yield plan("recurrence_meaning", core=is_all, asks_for=label)
    if asked.has("metastasis"):
        label = "what it means when cancer has spread"
        yield plan("metastasis_meaning", core=is_all, asks_for=label)


def _once(sections: Iterable[SectionPlan]) -> Iterator[SectionPlan]:
    seen: set[tuple[object, ...]] = set()
    for section in sections:
        needs = () if section.aspect.key == "times" else section.needs
        name = (section.aspect.key, section.heading, needs, section.unless)
        if name not in seen:
            seen.add(name)
            yield section
