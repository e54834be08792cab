"""The plan of an answer: which sections a question calls for, in reading order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.aspects import TREATMENTS, topic_plans
from navis_api.generation.extractive.higher_risk import RAISED
from navis_api.generation.extractive.key_points import said_by
from navis_api.generation.extractive.naming import ROMAN, cancer_in_words
from navis_api.generation.extractive.procedures_asked import Procedure
from navis_api.generation.extractive.section_plans import (
    TOLD_MORE_WIDELY,
    SectionPlan,
    SectionPlanner,
)
from navis_api.generation.extractive.telling import OF_A_MARKER, SAID_OF_ANYBODY, Telling
from navis_api.generation.extractive.treatment_plans import (
    SAID_BY_TREATMENT,
    more_widely,
    of_a_drugs_effects,
    of_comfort,
    of_options,
    of_problems,
    of_treatment_or_comfort,
    of_treatments,
    of_what_failed,
    options_of_stage,
)
from navis_api.kit.text import fold
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, phrases

# A state that texts on it can't be replaced by: general advice on cancer that has spread is no
# answer about cancer that has spread to only a few places.
RARE_STATES = frozenset({"oligometastasis"})
# What is meant by these where an effect is named says its section.
_SAID_BY_EFFECT = frozenset({"treatment", "side_effects", "causes", "prevention", "coping"})
_NOT_ON_TREATMENT = ("risk", "risk factor", "cause", "symptom", "screening", "prevention")
_ON_WHO_WAS_TREATED = ("have been treated", "been treated for", "after treatment")
WHY = "the “why” of your question"
_REASON_WORDS = ("reason", "reasons", "because")
_AGES = "from what age, or how often"
_AGES_AT_RISK = "from what age, or how often, people at a higher risk are screened"
# What is done at times, and what is then asked for.
_TIMED: Mapping[str, str] = {
    "follow_up": "how often follow-up is due",
    "screening": _AGES,
    "diagnosis": _AGES,
    "prevention": _AGES,
}
# What is said of these in general is worth knowing where it isn't told of what is asked.
_WORTH_KNOWING = frozenset({"screening", "fertility", "sexuality", "exercise", "work"})
_NAMED_THINGS = frozenset({"diagnosis", "palliative"})
_WHETHER = "whether_cancer"
_NO_TREATMENT = frozenset({"none"})
# Who asks about these wants to know as well what helps.
_HELPED_WITH = frozenset({"sexuality"})
_OF_THOSE_WHO_CARE = frozenset({"family", "telling_children"})
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
    if asked.procedure is not None:
        found = list(_of_a_procedure(asked.procedure, planner))
        more = any(concept.kind in _ASKS_MORE for concept in asked.concepts)
        return [*_once((*found, *(_sections(asked, planner) if more else ())))]
    found: list[SectionPlan] = []
    if said := said_by(asked):
        found.append(replace(planner("key_points", core=True), needs=said))
    reasons = list(_of_reasons(asked, planner))
    if not asked.asks_meaning:
        found += reasons
    beside: list[SectionPlan] = []
    for number, part in enumerate(asked.parts or (asked,)):
        sections = [replace(each, part=number) for each in _sections(part, SectionPlanner(part))]
        cores = [at for at, each in enumerate(sections) if each.core]
        behind = cores[-1] + 1 if cores else 0
        found += sections[:behind]
        beside += sections[behind:]
    if asked.asks_meaning:
        # What something is comes before why it is so.
        found += reasons
    sections = _once((*found, *_of_circumstances(asked, planner), *beside))
    if asked.wondered:
        sections = _of_whether_cancer(asked, planner, sections)
    elif asked.cancer is None and asked.explained:
        sections = _of_a_thing(asked, planner, sections)
    return list(sections)


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
    elif asked.markers and {topic.key for topic in _topics(asked)} <= OF_A_MARKER:
        yield from _of_markers(asked, plan)
    else:
        yield from _of_concepts(asked, plan)


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
    labels = " and ".join(f"“{thing.label}”" for thing in asked.required)
    told = plan("asked_words", core=True, asks_for=labels, telling=asked.required)
    if asked.is_implied:
        # What a general text says with one word in common is about something else.
        told = told.with_aspect(scope="cancer")
    yield told
    if asked.cancer is not None:
        # What is said of each word by itself, where sources know all of them.
        for thing in asked.required:
            of_one = replace(plan("told_besides", core=True, telling=(thing,)), if_unsaid=True)
            known = (thing,) if asked.asks_meaning else asked.required
            yield replace(of_one, unless="asked_words", if_known=known)
    if asked.asked_states:
        yield from _of_states(asked, plan, is_all=True)
    for effect in asked.of_kind(ConceptKind.EFFECT):
        # What is known of the effect helps also where that one thing isn't.
        yield replace(plan("effect", core=True, effect=effect), unless="asked_words")
        yield replace(plan("effect_help", effect=effect), unless="asked_words")
    for kind in asked.of_kind(ConceptKind.TREATMENT):
        yield replace(plan("treatment_kind", treatment=kind), if_thin=True)
    for topic in _not_said_otherwise(asked, _topics(asked)):
        yield from _of_topic_besides(asked, plan, topic)


def _of_topic_besides(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield what is said of a topic where nothing, or little, is said of the question's words."""
    for section in _of_topic(asked, plan, topic):
        if asked.is_implied or topic.key in _WORTH_KNOWING:
            yield replace(section, asks_for="", unless="asked_words")
        if not asked.is_implied:
            yield replace(section, core=False, asks_for="", if_thin=True)


def _of_concepts(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    topics = _topics(asked)
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
    remaining = _not_said_otherwise(asked, topics)
    if not remaining and not narrow:
        remaining = _implied(asked)
    yield from of_what_failed(asked, plan)
    for topic in remaining:
        yield from _of_times(asked, plan, topic)
        yield from _of_topic(asked, plan, topic)
    # Where something else is asked about a stage, what it means goes behind.
    yield from _of_stages(asked, is_all=False) if topics and not asked.points_at_told else ()
    for topic in remaining:
        yield from _beside_topic(plan, topic, remaining)


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


def _of_times(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    is_at_higher_risk = asked.is_at_higher_risk and topic.key == "screening"
    if is_at_higher_risk:
        yield plan("screening_at_risk", core=True)
    if asked.wants_times and topic.key in _TIMED:
        label = _AGES_AT_RISK if is_at_higher_risk else _TIMED[topic.key]
        times = plan("times", core=True, asks_for=label, topic=topic)
        # What others are told of ages and times would harm who is at a higher risk.
        yield replace(times, needs=(*times.needs, RAISED)) if is_at_higher_risk else times


def _of_circumstances(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is said of each circumstance that the sections before pass over."""
    if asked.markers or asked.wonders:
        return
    for thing in asked.circumstances:
        if thing.label not in SAID_OF_ANYBODY:
            yield replace(plan("told_besides", telling=(thing,)), if_unsaid=True)


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
        yield plan("treatment_kind", treatment=concepts()["targeted_therapy"])
    if asked.has("treatment"):
        yield from _of_states(asked, plan, is_all=False)
        for section in of_options(asked, plan):
            # What fits a result is not all that fits a stage.
            in_general = asked.stage or asked.is_on_values
            unless = section.unless if in_general else "marker_options"
            yield replace(section, unless=unless, asks_for="")
        yield plan("choice")
        yield plan("trials")


def _of_effects(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    of_treatment = asked.of_kind(ConceptKind.TREATMENT) or asked.was_treated
    for effect in asked.of_kind(ConceptKind.EFFECT):
        name = asked.name_of(effect)
        if asked.cancer is not None and not of_treatment:
            # What the cancer itself does to people stands among its signs.
            yield plan("effect_of_cancer", core=True, effect=effect)
        if name in asked.explained:
            # What people only describe is told its name, and what that is.
            yield plan("explained", core=True, telling=(Telling(name, (name,)),))
        if asked.wants_help:
            label = f"what may help with {name}"
            yield plan("effect_help", core=True, asks_for=label, effect=effect)
        yield plan("effect", core=True, asks_for=name, effect=effect)
        yield plan("effect_help", effect=effect)
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


def _topics(asked: Asked) -> list[Concept]:
    """Return what is asked, without words that only say about what: "side effects of treatment"."""
    topics = [topic for topic in asked.of_kind(ConceptKind.TOPIC) if topic.key != "definition"]
    if asked.of_treatment and not asked.wants_options_too:
        return [topic for topic in topics if topic.key != "treatment"]
    return topics


def _not_said_otherwise(asked: Asked, topics: Sequence[Concept]) -> list[Concept]:
    said: set[str] = set()
    if asked.of_kind(ConceptKind.TREATMENT):
        said |= SAID_BY_TREATMENT
    if asked.of_kind(ConceptKind.EFFECT):
        said |= _SAID_BY_EFFECT
    return [topic for topic in topics if topic.key not in said]


def _implied(asked: Asked) -> list[Concept]:
    """Return what somebody wants to know who only names a cancer or its state."""
    if asked.of_kind(ConceptKind.STATE):
        # "Can it come back?" asks about that; "it came back" asks what can be done.
        whether = asked.asks_whether or asked.wants_chances or asked.asked_states
        return [concepts()["prognosis" if whether else "treatment"]]
    known = asked.cancer is not None or asked.has("definition")
    return [concepts()["definition"]] if known else []


def _of_topic(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    planned = topic_plans().get(topic.key)
    if planned is None:
        yield from _of_daily_life(asked, plan, topic)
        return
    if topic.key in _NAMED_THINGS and asked.names_what:
        # "What is a PET scan": what is said of that test, and not how the cancer is found.
        name = asked.name_of(topic)
        telling = (Telling(name, asked.looked_for(topic)),)
        yield plan("asked_words", core=True, asks_for=name, telling=telling)
        if topic.key == "palliative":
            yield replace(of_comfort(asked, more_widely(asked)), asks_for="", unless="asked_words")
        return
    if instead := _instead_of_topic(asked, plan, topic):
        yield from instead
        return
    for place, key in enumerate(planned.core):
        if key == "options":
            yield from of_options(asked, plan)
        else:
            yield plan(key, core=True, asks_for="" if place else asked.name_of(topic))
    if asked.name_of(topic) != topic.label and topic.key in TOLD_MORE_WIDELY:
        widely = more_widely(asked)
        for key in planned.core:
            yield replace(widely(key, core=True), unless=key)
    for key in planned.if_thin:
        yield replace(plan(key), if_thin=True)


def _instead_of_topic(asked: Asked, plan: SectionPlanner, topic: Concept) -> list[SectionPlan]:
    """Return the sections on a topic that is asked about for a reason of its own."""
    if topic.key == "palliative":
        return [of_comfort(asked, plan)]
    if topic.key == "prevention" and asked.is_against_return:
        # Of what keeps others from getting it, some holds for who had it.
        heading = f"What may lower the risk of getting {cancer_in_words(asked.cancer)}"
        return [replace(plan("prevention", core=True), heading=heading), plan("follow_up")]
    if topic.key == "treatment" and asked.has("pregnancy"):
        label = "treatment during pregnancy"
        return [plan("pregnancy_options", core=True, asks_for=label)]
    return []


def _of_daily_life(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    for state in asked.of_kind(ConceptKind.STATE):
        yield plan("topic_of_state", topic=topic, state=state)
    if asked.wants_help:
        yield plan("topic_help", topic=topic)
    section = plan("topic", core=True, asks_for=topic.label, topic=topic)
    if topic.key not in _OF_THOSE_WHO_CARE:
        # Texts for those who care for somebody are no answer to who is ill.
        section = section.with_aspect(without=(*section.aspect.without, "caregiver", "caregivers"))
    if topic.key == "money" and not section.treatments:
        # What one treatment costs says little of what another does.
        section = replace(section, treatments=_NO_TREATMENT)
    yield section
    if topic.key in _HELPED_WITH and not asked.wants_help:
        yield plan("topic_help", topic=topic)


def _beside_topic(
    plan: SectionPlanner, topic: Concept, topics: Sequence[Concept]
) -> Iterator[SectionPlan]:
    """Yield what goes well with an answer on a topic, unless it is asked for itself."""
    planned = topic_plans().get(topic.key)
    if topic.key == "treatment" and plan.is_about_pregnancy:
        return
    asked_for = {other.key for other in topics}
    for key in planned.context if planned else ():
        if key == TREATMENTS:
            yield plan("one_treatment")
        elif key.removesuffix("_short") not in asked_for:
            yield plan(key)


def _once(sections: Iterable[SectionPlan]) -> Iterator[SectionPlan]:
    seen: set[tuple[object, ...]] = set()
    for section in sections:
        needs = () if section.aspect.key == "times" else section.needs
        name = (section.aspect.key, section.heading, needs, section.unless)
        if name not in seen:
            seen.add(name)
            yield section
