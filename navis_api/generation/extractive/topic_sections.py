"""Plans for what is asked about: causes, screening, follow-up, daily life."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.aspects import TREATMENTS, topic_plans
from navis_api.generation.extractive.felt_plans import of_eating
from navis_api.generation.extractive.fertility_plans import of_fertility
from navis_api.generation.extractive.higher_risk import RAISED
from navis_api.generation.extractive.naming import cancer_in_words
from navis_api.generation.extractive.section_plans import (
    TOLD_MORE_WIDELY,
    SectionPlan,
    SectionPlanner,
)
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.treatment_plans import (
    SAID_BY_TREATMENT,
    more_widely,
    of_comfort,
    of_options,
)
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts

# What is meant by these where an effect is named says its section.
_SAID_BY_EFFECT = frozenset({"treatment", "side_effects", "causes", "prevention", "coping"})
_NAMED_THINGS = frozenset({"diagnosis", "palliative"})
_GROUPS = ("support groups", "support group")
_NO_TREATMENT = frozenset({"none"})
_DANGEROUS = frozenset({"dangerous", "serious", "deadly", "fatal", "lethal", "harmless"})
_OF_THOSE_WHO_CARE = frozenset({"family", "telling_children"})
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
# Who asks about these wants to know as well what helps.
_HELPED_WITH = frozenset({"sexuality"})


def topics_of(asked: Asked) -> list[Concept]:
    """Return what is asked, without words that only say about what: "side effects of treatment"."""
    topics = [topic for topic in asked.of_kind(ConceptKind.TOPIC) if topic.key != "definition"]
    if asked.of_treatment and not asked.wants_options_too:
        return [topic for topic in topics if topic.key != "treatment"]
    return topics


def not_said_otherwise(asked: Asked, topics: Sequence[Concept]) -> list[Concept]:
    """Return the topics but those that the sections on a treatment or an effect tell of."""
    said: set[str] = set()
    if asked.of_kind(ConceptKind.TREATMENT):
        said |= SAID_BY_TREATMENT
    if asked.of_kind(ConceptKind.EFFECT):
        said |= _SAID_BY_EFFECT
    return [topic for topic in topics if topic.key not in said]


def implied(asked: Asked) -> list[Concept]:
    """Return what somebody wants to know who only names a cancer or its state."""
    if asked.of_kind(ConceptKind.STATE):
        # "Can it come back?" asks about that; "it came back" asks what can be done.
        whether = asked.asks_whether or asked.wants_chances or asked.asked_states
        return [concepts()["prognosis" if whether else "treatment"]]
    known = asked.cancer is not None or asked.has("definition")
    return [concepts()["definition"]] if known else []


def of_topic(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield the sections that answer a question about a topic."""
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
    yield from _how_dangerous(asked, plan, topic)
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


def _how_dangerous(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield whether that very cancer grows or spreads fast, where it is asked if it is dangerous.

    What is said of all that it is a kind of may be untrue of it.
    """
    if topic.key == "prognosis" and asked.cancer is not None and asked.said & _DANGEROUS:
        section = plan("how_serious", core=True)
        yield replace(section, needs=(*section.needs, asked.cancer.names))


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
    if topic.key == "fertility":
        yield from of_fertility(asked, plan, topic)
        return
    for state in asked.of_kind(ConceptKind.STATE):
        yield plan("topic_of_state", topic=topic, state=state)
    if asked.wants_help:
        yield plan("topic_help", topic=topic)
    if asked.is_of_a_place and topic.key == "coping":
        # Where to find a group is told of all of them.
        groups = plan("topic", core=True, topic=topic).with_aspect(scope="general")
        yield replace(groups, needs=(_GROUPS,), heading="Support groups")
        return
    section = plan("topic", core=True, asks_for=topic.label, topic=topic)
    if topic.key not in _OF_THOSE_WHO_CARE:
        # Texts for those who care for somebody are no answer to who is ill.
        section = section.with_aspect(without=(*section.aspect.without, "caregiver", "caregivers"))
    if topic.key == "money" and not section.treatments:
        # What one treatment costs says little of what another does.
        section = replace(section, treatments=_NO_TREATMENT)
    yield from of_eating(asked, plan, section) if topic.key == "nutrition" else (section,)
    if topic.key in _HELPED_WITH and not asked.wants_help:
        yield plan("topic_help", topic=topic)


def beside_topic(
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


def of_topic_besides(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield what is said of a topic where nothing, or little, is said of the question's words."""
    for section in of_topic(asked, plan, topic):
        if asked.is_implied or topic.key in _WORTH_KNOWING:
            yield replace(section, asks_for="", unless="asked_words")
        if not asked.is_implied:
            yield replace(section, core=False, asks_for="", if_thin=True)


def of_times(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield from what age and how often something is due, where that is asked."""
    is_at_higher_risk = asked.is_at_higher_risk and topic.key == "screening"
    if is_at_higher_risk:
        yield plan("screening_at_risk", core=True)
    # Whoever has signs is tested now, at any age.
    has_signs = topic.key == "diagnosis" and asked.has("symptoms")
    if asked.wants_times and topic.key in _TIMED and not has_signs:
        label = _AGES_AT_RISK if is_at_higher_risk else _TIMED[topic.key]
        times = plan("times", core=True, asks_for=label, topic=topic)
        # What others are told of ages and times would harm who is at a higher risk.
        yield replace(times, needs=(*times.needs, RAISED)) if is_at_higher_risk else times
