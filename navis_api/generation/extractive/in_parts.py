"""A question of several parts: each is read by itself, with what the rest of it tells."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.turning import HOW_LONG
from navis_api.generation.extractive.usual_words import RESULTS
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import Concept, ConceptKind
from navis_api.vocabulary.understanding import concepts as thesaurus

_ASKED_FOR = frozenset({ConceptKind.TOPIC, ConceptKind.TREATMENT, ConceptKind.EFFECT})
# Where the disease stands, and whom it is about, holds for all that is asked.
_HOLDS_FOR_ALL = frozenset({ConceptKind.STATE, ConceptKind.POPULATION, ConceptKind.FACTOR})
_NARROW = frozenset({ConceptKind.TREATMENT, ConceptKind.EFFECT})
# What somebody asks for without saying of what: of what they told before.
_OF_A_TREATMENT = frozenset({"side_effects", "money", "work", "fertility", "sexuality"})
_OF_AN_EFFECT = frozenset(
    {"treatment", "coping", "side_effects", "prognosis", "cure", "causes", "follow_up"}
)
# What somebody complains of, and then asks what to do about.
_COMPLAINED_OF = frozenset(
    {"sexuality", "fertility", "nutrition", "work", "exercise", "money", "side_effects", "coping"}
)
_IT = frozenset({"it", "that", "this", "them", "these"})
_WHAT_TO_DO = frozenset({"treatment", "coping"})
# What has risks of its own.
_HAS_RISKS = frozenset({"screening", "diagnosis", "clinical_trials"})
_AT_RISK = frozenset({"at", "risk"})
_RISKS = frozenset({"risk", "risks", "danger", "dangers", "dangerous"})


def in_parts(whole: Asked, parts: Sequence[Asked]) -> Asked:
    """Return a question with its parts that ask for something of their own.

    What it tells besides is a circumstance then, and nothing that an answer has to speak of.
    """
    parts = [_against_what_was_told(part, whole) for part in parts]
    if any(part.wants_help and not part.has("prevention") for part in parts):
        whole = _against_what_was_told(whole, whole)
    own = [part for part in parts if _asks_something(part)]
    if not own or whole.wonders:
        return whole
    if any(_asks_risks_of_a_topic(part, whole) for part in own):
        causes = thesaurus()["causes"]
        own = [_without(part, causes) for part in own]
        whole = _without(whole, causes)
    elif any(_asks_of_a_treatment(part, whole) for part in own):
        own = [_of_what_was_told(part, whole) for part in own]
        whole = replace(whole, concepts=tuple(map(_of_treatment, whole.concepts)))
    whole = _without_told(whole, own)
    points = tuple(own)
    if len(own) > 1 and not _is_more(whole, own):
        if whole.wants_definition and not any(part.wants_definition for part in own):
            # "What is it, what causes it": what it is goes before what is said of it.
            own = [replace(own[0], wants_definition=True), *own[1:]]
        return replace(
            whole, parts=tuple(_with_context(part, whole) for part in own), points=points
        )
    if len(own) > 1 and any(not part.required for part in own):
        # A word of one part is nothing that an answer to another has to speak of.
        told = (*whole.circumstances, *whole.required)
        whole = replace(whole, required=(), circumstances=told)
    return replace(whole, points=points)


def _against_what_was_told(part: Asked, whole: Asked) -> Asked:
    """Return a part that asks how to prevent "it" as one on the effect that was told before."""
    effects = whole.of_kind(ConceptKind.EFFECT)
    prevention = thesaurus()["prevention"]
    if prevention not in part.concepts or not effects or part.said.isdisjoint(_IT):
        return part
    left = tuple(each for each in part.concepts if each is not prevention)
    return replace(
        part,
        concepts=_once((*effects, *left)),
        specific=part.specific or whole.specific,
        wants_help=True,
    )


def _asks_something(part: Asked) -> bool:
    if part.required or part.stage or part.markers or part.wants_definition or part.wants_kinds:
        return True
    if any(thing.label == HOW_LONG for thing in part.circumstances):
        return True
    return any(map(_is_asked_for, part.concepts))


def _is_asked_for(concept: Concept) -> bool:
    return concept.kind in _ASKED_FOR and concept.key != "definition"


def _without_told(whole: Asked, parts: Sequence[Asked]) -> Asked:
    """Return a question without the topics, treatments and words that it only tells of."""
    asked_for = {concept for part in parts for concept in part.concepts}
    told = {
        concept
        for concept in whole.concepts
        if concept not in asked_for and concept.key in whole.spoken
    }
    if not any(concept in asked_for and _is_asked_for(concept) for concept in whole.concepts):
        # What is told says what is meant by what is asked.
        return whole
    topics = _topics(asked_for)
    narrow = any(concept.kind in _NARROW for concept in asked_for)
    left = tuple(
        concept
        for concept in whole.concepts
        if concept not in told or _is_wanted(concept, topics, is_narrow=narrow)
    )
    said = {word for part in parts for word in part.said}
    required = tuple(
        thing
        for thing in whole.required
        if thing.label in RESULTS or said.intersection(words(thing.label))
    )
    moved = tuple(thing for thing in whole.required if thing not in required)
    return replace(
        whole,
        concepts=left,
        required=required,
        circumstances=(*whole.circumstances, *moved),
        was_treated=whole.was_treated or whole.has("follow_up"),
    )


def _is_wanted(told: Concept, topics: set[str], *, is_narrow: bool) -> bool:
    """Whether what is only told of is part of what is asked."""
    if told.kind in _HOLDS_FOR_ALL or not (topics or is_narrow):
        return True
    if told.key in _COMPLAINED_OF and not is_narrow and topics <= _WHAT_TO_DO:
        return True
    if told.kind is ConceptKind.EFFECT:
        return not is_narrow and topics <= _OF_AN_EFFECT
    if told.kind is ConceptKind.TREATMENT:
        is_of_it = bool(topics & _OF_A_TREATMENT) and topics <= _OF_A_TREATMENT | {"prognosis"}
        return not is_narrow and is_of_it
    return False


def _is_more(whole: Asked, parts: Sequence[Asked]) -> bool:
    """Whether the whole means something else than its parts say by themselves."""
    said = {concept for part in parts for concept in part.concepts if _is_asked_for(concept)}
    meant = {concept for concept in whole.concepts if _is_asked_for(concept)}
    return meant != said


def _with_context(part: Asked, whole: Asked) -> Asked:
    """Return a part with what the whole tells of the disease and the person."""
    context = (concept for concept in whole.concepts if concept.kind in _HOLDS_FOR_ALL)
    return replace(
        part,
        concepts=_once((*part.concepts, *context)),
        stage=part.stage or whole.stage,
        other_stages=part.other_stages if part.stage else whole.other_stages,
        stage_part=part.stage_part if part.stage else whole.stage_part,
        markers=part.markers
        or (whole.markers if part.has("treatment") or part.wants_cancers else ()),
        named=whole.named,
        kinds=whole.kinds,
        said=whole.said,
        points_at_told=whole.points_at_told,
        denied=whole.denied,
        is_at_higher_risk=whole.is_at_higher_risk,
        asked_states=whole.asked_states,
        was_treated=whole.was_treated,
        is_near_the_end=whole.is_near_the_end,
        no_longer_helped=whole.no_longer_helped,
        refused=whole.refused,
        withheld=whole.withheld,
        cannot_be_removed=whole.cannot_be_removed,
    )


def _asks_of_a_treatment(part: Asked, whole: Asked) -> bool:
    """Whether a part asks for risks or effects, and the treatment that has them is in another."""
    is_narrow = any(concept.kind in _NARROW for concept in part.concepts)
    is_of_one = _is_on_risks(part) or part.has("side_effects")
    return is_of_one and not is_narrow and bool(whole.of_kind(ConceptKind.TREATMENT))


def _asks_risks_of_a_topic(part: Asked, whole: Asked) -> bool:
    """Whether a part asks for the risks of a test, or of a trial."""
    return _is_on_risks(part) and bool(_topics(whole.concepts) & _HAS_RISKS)


def _is_on_risks(part: Asked) -> bool:
    # Who is at risk asks about no risks of a test.
    return part.has("causes") and bool(part.said & _RISKS) and not part.said >= _AT_RISK


def _without(asked: Asked, concept: Concept) -> Asked:
    return replace(asked, concepts=tuple(each for each in asked.concepts if each is not concept))


def _of_what_was_told(part: Asked, whole: Asked) -> Asked:
    if not _asks_of_a_treatment(part, whole):
        return part
    told = whole.of_kind(ConceptKind.TREATMENT)
    return replace(
        part,
        concepts=_once((*told, *map(_of_treatment, part.concepts))),
        specific=part.specific or whole.specific,
        # What is asked about are the effects, and not what effects are.
        asks_meaning=False,
        explained=(),
    )


def _of_treatment(concept: Concept) -> Concept:
    """Return a concept, with what a treatment does for what causes the cancer."""
    return thesaurus()["side_effects"] if concept is thesaurus()["causes"] else concept


def _topics(concepts: Iterable[Concept]) -> set[str]:
    topics = {concept.key for concept in concepts if concept.kind is ConceptKind.TOPIC}
    return topics - {"definition"}


def _once(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    return tuple(dict.fromkeys(concepts))
