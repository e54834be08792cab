"""Section plans: what to look for in one section, filled in from the question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.aspects import Aspect, aspects
from navis_api.generation.extractive.markers import AskedMarker
from navis_api.generation.extractive.matching import wanted
from navis_api.generation.extractive.naming import (
    ROMAN,
    STATE_SUFFIXES,
    cancer_in_words,
    capitalised,
)
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS
from navis_api.generation.extractive.telling import Telling, in_quotes
from navis_api.generation.extractive.withheld import written_without
from navis_api.generation.extractive.written_phrases import HOW_OFTEN, TIMES, WRITTEN
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, phrases

WHEN_GIVEN = frozenset({"adjuvant"})
"""Kinds of treatment that say when it is given: any other may be given so."""
TOLD_MORE_WIDELY = frozenset({"palliative", "prevention"})
"""Of one thing of these that sources don't know ("hospice"), what they say of all is told."""
_NOT_ASKED_ABOUT = frozenset({ConceptKind.POPULATION, ConceptKind.FACTOR})
_PEOPLE = frozenset({"pregnancy", "men", "child"})
_ALL_STATES = frozenset(STATE_SUFFIXES) | {"men"}
# States that stand near each other in sources: their headings are welcome in each other's answers.
_NEAR: Mapping[str, frozenset[str]] = {
    "recurrence": frozenset({"recurrence", "progression", "metastasis", "advanced"}),
    "metastasis": frozenset({"metastasis", "advanced", "recurrence"}),
    "advanced": frozenset({"advanced", "metastasis"}),
    "progression": frozenset({"progression", "recurrence", "metastasis", "advanced"}),
    "early_stage": frozenset({"early_stage"}),
    "remission": frozenset({"remission", "recurrence"}),
    "oligometastasis": frozenset({"oligometastasis", "metastasis", "recurrence"}),
}
_WELCOME: Mapping[str, frozenset[str]] = {
    "recurrence_meaning": frozenset({"recurrence", "progression"}),
    **dict.fromkeys(
        ("metastasis_meaning", "spread_options", "spread_in_general", "aims_of_treatment"),
        frozenset({"metastasis", "advanced"}),
    ),
}
# Headings of these name people for being at risk: "Being male can increase the risk".
_ON_RISKS = frozenset({"causes", "prevention", "genetics"})
# Sections whose texts speak of a return of the cancer whoever they are for.
_ALSO_ON_RECURRENCE = frozenset(
    {"trials", "palliative", "follow_up", "choice", "diagnosis", "diagnosis_short"}
)
_OF_ANY_STATE = frozenset(
    {
        "times", "marker_options", "marker_mentions",
        "staging", "options", "options_short", "asked_words", "key_points", "state_mentions",
        "topic", "cure", "without_treatment", "reasons",
        "against_return", "effect_relief",
        "one_stage", "stage_options", "stage_groups", "group_options", "treatment_kind",
        "pregnancy_options",
    }
)  # fmt: skip


# Lists of symptoms tell themselves how far the cancer has spread where one has them.
_HOW_FAR = frozenset({"early_stage", "advanced", "metastasis"})


class _Otherwise(TypedDict, total=False):
    """Fields of an aspect that one question changes."""

    scope: str
    without: tuple[str, ...]
    without_title: tuple[str, ...]
    skip: tuple[str, ...]
    each: bool
    mentions: bool
    heading_only: bool


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section to look for.

    `needs` are groups of phrases, one of each group to be met; `asks_for` says in words what
    the section answers, for the case that nothing is found; `core` sections are what was asked.
    One that `is_on_words` of the question takes from general texts only what they are headed by;
    one of `whole_lists` takes all of a list that has part of what is needed.
    A statement of a section that has `about` speaks of one of its phrases too, and of each of
    the `things`. A section that has `unless` is left out when one of that aspect was found, and
    one `if_thin` when what was found before it is nothing, or enough; one `if_unsaid` when what was
    found before it speaks of its needs, and one that has `if_known` when sources on the cancer
    don't speak of each of these. One that `rests_on` facts of
    a patient takes only statements that rest on one of them. What is said of `other_stages`, and
    not of the `stages` that are asked about, is left out of it; both are in the form of
    `matching.wanted`. One `for_others` is read by other people than those before it: women, men.
    `part` is the number of the part of the question that it is for.
    """

    aspect: Aspect
    heading: str
    needs: tuple[tuple[str, ...], ...]
    leaf: tuple[str, ...]
    core: bool
    asks_for: str
    welcome: frozenset[str] = frozenset()
    one_of: str | None = None
    treatments: frozenset[str] = frozenset()
    about: tuple[str, ...] = ()
    things: tuple[tuple[str, ...], ...] = ()
    of_a_cancer: bool = False
    is_on_words: bool = False
    whole_lists: bool = False
    suffix: str = ""
    for_others: bool = False
    unless: str | None = None
    if_thin: bool = False
    if_unsaid: bool = False
    if_known: tuple[Telling, ...] = ()
    rests_on: frozenset[int] = frozenset()
    stages: tuple[str, ...] = ()
    other_stages: tuple[str, ...] = ()
    part: int = 0

    @property
    def is_on_one_drug(self) -> bool:
        """Whether it is on what one drug does: no statement on others belongs into it."""
        return self.aspect.each and self.aspect.key == "treatment_side_effects"

    def with_aspect(self, **otherwise: Unpack[_Otherwise]) -> "SectionPlan":
        """Return the plan with an aspect that is `otherwise` in these fields."""
        return replace(self, aspect=self.aspect._replace(**otherwise))


class SectionPlanner:
    """Fills the gaps of an aspect with what the question names."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._cancer = cancer_in_words(asked.cancer)
        self._names = (*asked.names, "cancer") if asked.cancer else ("cancer",)
        self._states = {state.key for state in asked.of_kind(ConceptKind.STATE)}
        self._stages = wanted(asked.stages_written)
        self._other_stages = wanted(asked.other_stages_written)

    @property
    def is_about_pregnancy(self) -> bool:
        """Whether somebody who is pregnant asks: what holds for others may harm."""
        return self._asked.has("pregnancy")

    def __call__(
        self,
        key: str,
        *,
        core: bool = False,
        asks_for: str = "",
        state: Concept | None = None,
        treatment: Concept | None = None,
        effect: Concept | None = None,
        topic: Concept | None = None,
        marker: AskedMarker | None = None,
        telling: tuple[Telling, ...] = (),
    ) -> SectionPlan:
        """Return the plan of a section of this aspect, about what is given."""
        aspect = aspects()[key]
        given = {"state": state, "treatment": treatment, "effect": effect, "topic": topic}
        heading = aspect.heading.format(
            cancer=self._cancer,
            state=STATE_SUFFIXES.get(state.key, "") if state else "",
            state_name=state.label if state else "",
            stage=f"stage {ROMAN[self._asked.stage]}" if self._asked.stage else "",
            treatment=self._asked.name_of(treatment) if treatment else "",
            effect=self._asked.name_of(effect) if effect else "",
            topic=topic.label if topic else "",
            marker=marker.label if marker else "",
            words=in_quotes(telling),
        )
        return SectionPlan(
            aspect=aspect,
            heading=capitalised(heading),
            needs=tuple(self._needs(aspect, given, marker, telling)),
            # A heading on the topic is no heading on the one thing of it that is named.
            leaf=tuple(
                phrase.format(cancer=name)
                for phrase in (() if self._is_narrowed(aspect) else aspect.leaf)
                for name in (self._names if "{cancer}" in phrase else ("",))
            ),
            core=core,
            asks_for=asks_for,
            welcome=self._welcome(key),
            treatments=frozenset(
                concept.key
                for concept in self._asked.of_kind(ConceptKind.TREATMENT)
                if concept.key not in WHEN_GIVEN
            ),
            about=self._about() if telling else (),
            things=self._things() if telling else (),
            of_a_cancer=self._asked.cancer is not None,
            is_on_words=bool(telling),
            stages=self._stages,
            other_stages=self._other_stages,
        )

    def _needs(
        self,
        aspect: Aspect,
        given: Mapping[str, Concept | None],
        marker: AskedMarker | None,
        telling: tuple[Telling, ...],
    ) -> Iterator[tuple[str, ...]]:
        for need in aspect.needs:
            if need == "@words" and self._asked.is_implied:
                # Of what an operation left to ask any part is worth telling.
                yield tuple(phrase for thing in telling for phrase in thing.phrases)
            elif need == "@words":
                yield from (thing.phrases for thing in telling)
            elif need == "@stage":
                yield self._asked.stage_in_headings
            elif need == "@times":
                topic = given["topic"]
                yield HOW_OFTEN if topic is not None and topic.key == "follow_up" else TIMES
            elif need == "@withheld":
                treatment = given["treatment"]
                yield written_without(treatment) if treatment is not None else ()
            elif need in WRITTEN:
                yield WRITTEN[need]
            elif need == "@marker":
                yield marker.names if marker else ()
            elif need.startswith("@"):
                concept = given[need.removeprefix("@")]
                yield from (self._asked.looked_for(concept),) if concept is not None else ()
            else:
                yield self._asked.looked_for(concepts()[need])

    def _is_narrowed(self, aspect: Aspect) -> bool:
        """Whether the question names one thing of what a section is on: a vaccine, a hospice."""
        return any(
            need in TOLD_MORE_WIDELY
            and self._asked.name_of(concepts()[need]) in self._asked.specific
            for need in aspect.needs
        )

    def _about(self) -> tuple[str, ...]:
        """Return how the question's concepts are said: words alone don't make an answer."""
        if self._asked.is_implied:
            return ()
        return tuple(
            phrase
            for concept in self._asked.concepts
            if concept.key != "definition" and concept.kind not in _NOT_ASKED_ABOUT
            for phrase in phrases(concept)
        )

    def _things(self) -> tuple[tuple[str, ...], ...]:
        """Return how each treatment and effect is said: what is known of others is no answer."""
        kinds = {ConceptKind.TREATMENT, ConceptKind.EFFECT}
        return tuple(
            self._asked.looked_for(concept)
            for concept in self._asked.concepts
            if concept.kind in kinds
        )

    def _welcome(self, key: str) -> frozenset[str]:
        """Return the states and people that a section may be headed as being about."""
        return self._welcome_all(key) - self._asked.denied

    def _welcome_all(self, key: str) -> frozenset[str]:
        people = _PEOPLE & {concept.key for concept in self._asked.concepts}
        cancer = self._asked.cancer
        is_childrens = cancer is not None and cancer.slug in CHILDRENS_CANCERS
        if is_childrens or self._asked.is_grown_up:
            # Its name says whom it is about: "Childhood ..." heads the very page that is meant.
            people |= {"child"}
        if key in _WELCOME:
            return _WELCOME[key] | people
        if key in _ON_RISKS:
            return _ALL_STATES | _PEOPLE
        if key in _OF_ANY_STATE and (not self._states or self._asked.stage):
            return _ALL_STATES | people
        if key == "symptoms" and not self._states:
            return _HOW_FAR | people
        if key == "state_options":
            return frozenset(self._states | {"progression", "metastasis", "advanced"} | people)
        if key in _ALSO_ON_RECURRENCE:
            people |= {"recurrence", "progression"}
        return people.union(*(_NEAR.get(state, {state}) for state in self._states))


def renamed(plan: SectionPlan, kind: CatalogueEntry, of: CatalogueEntry | None) -> SectionPlan:
    """Return the plan for one kind of a cancer, which its heading then names instead of that."""
    suffix = f" ({cancer_in_words(kind)})"
    heading = in_other_words(plan.heading, of, kind)
    return replace(
        plan, suffix=suffix, heading=heading if heading != plan.heading else heading + suffix
    )


def in_other_words(heading: str, cancer: CatalogueEntry | None, other: CatalogueEntry) -> str:
    """Return a heading with the name of another cancer for the one that it has."""
    if cancer is None:
        return heading
    name, others = cancer_in_words(cancer), cancer_in_words(other)
    return heading.replace(capitalised(name), capitalised(others)).replace(f" {name}", f" {others}")


def one_treatment(plan: SectionPlan, concept: Concept) -> SectionPlan:
    """Return the plan of a section on one kind of treatment."""
    return SectionPlan(
        aspect=plan.aspect,
        heading=capitalised(concept.label),
        needs=(concept.written + concept.specific,),
        leaf=(),
        core=False,
        asks_for="",
        welcome=plan.welcome,
        one_of=concept.key,
    )
