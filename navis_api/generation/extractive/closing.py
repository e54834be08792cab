"""What frames an answer: fixed texts of ours, chosen by what was asked. None makes a claim."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TypedDict

from navis_api.generation.contract import Abstention, Closing
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.asked_for_others import in_their_voice
from navis_api.generation.extractive.naming import (
    ROMAN,
    STATE_SUFFIXES,
    cancer_in_words,
    capitalised,
)
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts

_DOCTOR_QUESTIONS = range(4, 7)
_NEXT_STEPS = range(3, 6)
_FROM_EACH = 2
_MOST_LABELS = 3
_ON_RISKS = frozenset({"causes", "prevention", "screening", "genetics"})
_ON_SIGNS = frozenset({"symptoms", "diagnosis"})
_INFECTIONS = frozenset({"hpv", "hepatitis", "pylori", "hiv", "ebv"})
# Two questions that begin with the same words ask for about the same.
_SAME_WORDS = 4
_PEOPLE = frozenset({"child", "men", "women", "adult", "older_adults", "pregnancy"})
_DYING = "dying"
_URGENT = "urgent"
_REMEDY = "remedy"
# Also who cares for somebody has fears and children.
_OF_WHOEVER_ASKS = frozenset({"coping", "family", "telling_children"})
_NO_TREATMENT = _OF_WHOEVER_ASKS | {"work", "money"}
# Of what is only asked whether it will come.
_WHETHER = {"recurrence": "whether cancer comes back", "metastasis": "whether cancer spreads"}
_NO_TOPIC = "what it is and what can be done"
_NO_PART = "an answer to this question"


class _Texts(TypedDict):
    doctor_questions: dict[str, list[str]]
    next_steps: dict[str, list[str]]
    title: str
    summary: str
    summary_general: str
    gaps: dict[str, str]
    urgent: dict[str, str]
    remedy: dict[str, str]
    abstention: dict[str, str]


def closing(asked: Asked, gaps: Sequence[str]) -> Closing:
    """Return the title, summary, questions and steps for what was asked."""
    topics = _topics(asked)
    if asked.procedure is not None:
        about_it = asked.procedure.name.partition(" ")[2]
        topics = f"{about_it}; {topics}" if topics else about_it
    if asked.asks_what_is_in_it:
        topics = " and ".join(regimen.label for regimen in asked.regimens)
    topics = topics or ("your question" if asked.required else "")
    texts = _texts()
    summary = texts["summary"] if asked.cancer else texts["summary_general"]
    subject = _subject(asked)
    title = texts["title"].format(subject=capitalised(subject), topics=topics or _NO_TOPIC)
    named = subject != "cancer"
    return Closing(
        title=title if named else capitalised(topics or "your question"),
        summary=summary.format(topics=topics or _NO_TOPIC, cancer=subject),
        doctor_questions=_chosen(texts["doctor_questions"], asked, _DOCTOR_QUESTIONS),
        next_steps=_chosen(texts["next_steps"], asked, _NEXT_STEPS),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def urgent_closing(asked: Asked) -> Closing:
    """Return what frames the signs of an emergency: whom to call now, and what to ask there."""
    texts = _texts()
    return Closing(
        title=texts["urgent"]["title"],
        summary=texts["urgent"]["summary"],
        doctor_questions=tuple(_of_key(_URGENT, texts["doctor_questions"], asked)),
        next_steps=urgent_steps(),
    )


def urgent_steps() -> tuple[str, ...]:
    """Return what can't wait, for whoever is there."""
    return tuple(_texts()["next_steps"][_URGENT])


def closing_on_remedies(asked: Asked, labels: Sequence[str], unsaid: Sequence[str]) -> Closing:
    """Return what frames remedies in place of treatment: first, not to replace one alone."""
    texts = _texts()
    listed = " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
    title = texts["title"].format(subject=capitalised(_subject(asked)), topics=listed)
    return Closing(
        title=title if asked.cancer else capitalised(listed),
        summary=texts["remedy"]["summary"].format(remedies=listed),
        doctor_questions=tuple(_of_key(_REMEDY, texts["doctor_questions"], asked)),
        next_steps=tuple(_of_key(_REMEDY, texts["next_steps"], asked)),
        gaps=tuple(gap_of_part(asked, label) for label in unsaid),
    )


def urgent_abstention() -> Abstention:
    """Say that nothing is answered that could keep somebody from calling."""
    return Abstention(_texts()["abstention"][_URGENT])


def abstention(asked: Asked, *, cancer_is_covered: bool) -> Abstention:
    """Return why there is no answer, and where to turn."""
    texts = _texts()["abstention"]
    if asked.is_dying or asked.judges_somebody:
        return Abstention(texts["dying" if asked.is_dying else "somebody"])
    if asked.cancer is None:
        return Abstention(texts["general"])
    key = "cancer" if cancer_is_covered else "no_cancer_sources"
    return Abstention(texts[key].format(cancer=cancer_in_words(asked.cancer)))


def abstention_on_what_was_sought(asked: Asked) -> Abstention:
    """Say what was looked for in sources that have something, where no answer came of it."""
    part = _topics(asked) or _NO_PART
    return Abstention(_texts()["abstention"]["unsaid"].format(part=part, about=_about(asked)))


def abstention_on_names(asked: Asked) -> Abstention:
    """Say that no source knows what a question names, so that nothing is said of it."""
    return Abstention(_texts()["abstention"]["names"].format(about=_about(asked)))


def abstention_on_places() -> Abstention:
    """Say that hospitals, doctors and services aren't looked up, and who does."""
    return Abstention(_texts()["abstention"]["places"])


def gap_of_part(asked: Asked, part: str) -> str:
    """Say that a part of the question isn't covered."""
    return _texts()["gaps"]["part"].format(part=part, about=_about(asked))


def gap_of_marker(asked: Asked, part: str) -> str:
    """Say that pages on the cancer don't tell which treatment fits a marker's result."""
    return _texts()["gaps"]["marker"].format(part=part, cancer=cancer_in_words(asked.cancer))


def gap_of_groups(asked: Asked) -> str:
    """Say that treatment is told of by groups, of which the asked stage is one."""
    stage = f"stage {ROMAN[asked.stage]}" if asked.stage else ""
    return _texts()["gaps"]["groups"].format(cancer=cancer_in_words(asked.cancer), stage=stage)


def gap_of_somebody() -> str:
    """Say that nobody here can judge a doctor or a clinic."""
    return _texts()["gaps"]["somebody"]


def gap_of_place() -> str:
    """Say that what there is nearby isn't looked up, and who knows it."""
    return _texts()["gaps"]["place"]


def gap_of_drug(effects: str) -> str:
    """Say that of one drug's side effects only those of its kind are told."""
    return _texts()["gaps"]["drug"].format(part=effects)


def gap_of_words(words: Iterable[str]) -> str:
    """Say that circumstances which the question names aren't covered."""
    listed = " or ".join(f"“{word}”" for word in words)
    return _texts()["gaps"]["words"].format(words=listed)


def gap_of_treatment(asked: Asked, treatment: Concept) -> str:
    """Say that no page on the cancer speaks of a treatment that is asked about."""
    cancer = cancer_in_words(asked.cancer)
    return _texts()["gaps"]["undescribed"].format(treatment=treatment.label, cancer=cancer)


def gap_of_duration() -> str:
    """Say that it isn't told how long treatment takes."""
    return _texts()["gaps"]["duration"]


def gap_of_comparison() -> str:
    """Say that it isn't told which of two treatments is better."""
    return _texts()["gaps"]["comparison"]


def gap_of_safety() -> str:
    """Say that it isn't told in general whether something is safe during treatment."""
    return _texts()["gaps"]["safety"]


def gap_of_figures(asked: Asked) -> str:
    """Say that figures were asked for and aren't there."""
    return _texts()["gaps"]["figures"].format(about=_about(asked))


def gap_of_kinds(asked: Asked) -> str:
    """Say that sections are about kinds of the cancer only."""
    return _texts()["gaps"]["descendants"].format(cancer=cancer_in_words(asked.cancer))


def gap_of_state(asked: Asked, state: Concept, *, mentioned: bool) -> str:
    """Say that a state of the disease is hardly covered, or not at all."""
    key = "state_thin" if mentioned else "state"
    return _texts()["gaps"][key].format(state=state_of_cancer(asked, state))


def gap_of_cure(asked: Asked, state: Concept) -> str:
    """Say that the question of a cure stays open."""
    return _texts()["gaps"]["cure_of_state"].format(state=state_of_cancer(asked, state))


def state_of_cancer(asked: Asked, state: Concept) -> str:
    """Return a state with the cancer's name: "oligometastatic liver cancer"."""
    return state.label.replace("cancer", cancer_in_words(asked.cancer), 1)


def _about(asked: Asked) -> str:
    return f" for people with {cancer_in_words(asked.cancer)}" if asked.cancer else ""


def _topics(asked: Asked) -> str:
    """Return what is asked about the cancer, in words; empty when only the cancer is."""
    labels = [
        asked.name_of(concept)
        for kind in (ConceptKind.EFFECT, ConceptKind.TREATMENT, ConceptKind.TOPIC)
        for concept in asked.of_kind(kind)
        if concept.key != "definition"
    ]
    if not labels and asked.of_kind(ConceptKind.STATE):
        asks_of = [s for s in asked.of_kind(ConceptKind.STATE) if s.key in asked.asked_states]
        asked_for = asks_of[0] if asks_of else concepts()["treatment"]
        labels = [_WHETHER.get(asked_for.key, asked_for.label)]
    labels = labels[:_MOST_LABELS]
    if any(" and " in label for label in labels):
        return "; ".join(labels)
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _subject(asked: Asked) -> str:
    """Return the cancer with its stage or state, in words."""
    cancer = cancer_in_words(asked.cancer)
    if asked.stage:
        return f"stage {ROMAN[asked.stage]} {cancer}"
    told = (
        state for state in asked.of_kind(ConceptKind.STATE) if state.key not in asked.asked_states
    )
    states = [STATE_SUFFIXES[state.key] for state in told]
    return f"{cancer} {states[0]}" if states else cancer


def _keys(asked: Asked, texts: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the subjects of a question that have texts, what is most its own first."""
    keys: list[str] = []
    infections = {thing.casefold() for thing in _infections(asked)}
    if asked.procedure is not None:
        keys.append("test")
    if asked.asks_what_is_in_it:
        keys.append("drug")
    if infections:
        keys.append("carried_infection")
    if any(marker.label.casefold() not in infections for marker in asked.markers):
        keys.append(_key_of_markers(asked))
    if asked.stage:
        keys.append("stage")
    if asked.kinds:
        keys.append("compare")
    if asked.withheld:
        keys.append("withheld")
    for concept in (each for each in asked.concepts if each not in asked.undescribed):
        # What isn't so yet is looked out for.
        is_asked = concept.key in asked.asked_states
        keys += ["follow_up"] if is_asked else _keys_of(asked, concept, texts)
    if asked.has("definition") and not set(keys) - {"definition", *_PEOPLE}:
        keys.append("definition")
    return [*dict.fromkeys(keys)]


def _key_of_markers(asked: Asked) -> str:
    if asked.is_at_higher_risk and not asked.is_diagnosed:
        # There is no tumor in which it could be tested.
        return "marker_inherited"
    return "marker_in_blood" if asked.is_on_values else "marker"


def _infections(asked: Asked) -> list[str]:
    """Return the names of the infections that a question speaks of: they are no tumor markers."""
    found = [concept.label for key, concept in concepts().items() if key in _INFECTIONS]
    said = {thing.label for thing in (*asked.required, *asked.circumstances)}
    spoken = {concept.label for concept in asked.concepts} | said
    return [label for label in found if label in spoken or label in _labels(asked)]


def _labels(asked: Asked) -> set[str]:
    return {marker.label for marker in asked.markers}


def _keys_of(asked: Asked, concept: Concept, texts: Mapping[str, Sequence[str]]) -> list[str]:
    if concept.key == "definition" or (concept.key == "treatment" and asked.of_treatment):
        return []
    if concept.key == "causes" and asked.of_kind(ConceptKind.EFFECT):
        return []
    if concept.key == "biomarkers" and asked.is_on_values:
        return []
    if concept.kind is ConceptKind.EFFECT:
        return [concept.key, "effect"]
    if concept.key in _INFECTIONS and not asked.has("prevention"):
        return []
    if (key := _behind(asked, concept)) is not None:
        return [key]
    if concept.kind is ConceptKind.TREATMENT:
        if _drug_of(asked, concept):
            return ["drug"]
        return [concept.key if concept.key in texts else "method"]
    if concept.kind is ConceptKind.STATE and not asked.of_kind(ConceptKind.TOPIC):
        # "Can it come back?" asks about that; "it came back" asks what can be done.
        return [concept.key] if asked.asks_whether else [concept.key, "treatment"]
    return [concept.key]


def _behind(asked: Asked, concept: Concept) -> str | None:
    """Return the subject that stands for one that is behind the asker, or is for the healthy."""
    if asked.is_carrier and concept.kind is ConceptKind.TREATMENT:
        return "carrier_surgery"
    if concept.key == "causes" and asked.is_diagnosed:
        return "causes_known"
    if concept.key == "smoking" and asked.stopped_smoking:
        return "smoking_past"
    return "surgery_done" if concept.key == "surgery" and asked.had_surgery else None


def _drug_of(asked: Asked, treatment: Concept) -> str:
    """Return the name of the drug that a question names under a kind of treatment, or nothing."""
    name = asked.name_of(treatment)
    drugs = {TermKind.DRUG, TermKind.REGIMEN}
    return name if any(mention.term.kind in drugs for mention in find_terms(name)) else ""


def _chosen(texts: Mapping[str, Sequence[str]], asked: Asked, count: range) -> tuple[str, ...]:
    """Take two from each subject in turn, then what fits any question, as many as wanted."""
    if asked.is_dying:
        # Nothing else is of use then: no second opinion, and no visit to write questions for.
        return tuple(texts[_DYING])
    keys = _keys(asked, texts)
    first = [text for key in keys for text in _of_key(key, texts, asked)[:_FROM_EACH]]
    rest = [text for key in keys for text in _of_key(key, texts, asked)[_FROM_EACH:]]
    special = list(dict.fromkeys([*first, *rest]))[: count.stop - 2]
    topics = {concept.key for concept in asked.of_kind(ConceptKind.TOPIC)} - {"definition"}
    # Who asks about risks, screening or signs may have no cancer at all.
    general = "any"
    if topics and not asked.is_diagnosed and not asked.was_treated:
        general = "any_risk" if topics <= _ON_RISKS else general
        general = "any_signs" if topics <= _ON_SIGNS or asked.wonders else general
    fitting = _of_key(general, texts, asked)
    if keys and set(keys) <= _NO_TREATMENT:
        # Nobody else is asked whether that is right.
        fitting = [text for text in fitting if "second opinion" not in text]
    drugs = [regimen.label for regimen in asked.regimens]
    drugs += [_drug_of(asked, kind) for kind in asked.of_kind(ConceptKind.TREATMENT)]
    slots = {
        "cancer": cancer_in_words(asked.cancer),
        "marker": " and ".join(marker.label for marker in asked.markers),
        "infection": " and ".join(_infections(asked)),
        "treatment": next(filter(None, drugs), ""),
    }
    filled = [
        text.format(**slots) for text in (*special, *fitting) if not _has_empty_slot(text, slots)
    ]
    return tuple(_unlike(filled))[: count.stop - 1]


def _has_empty_slot(text: str, slots: Mapping[str, str]) -> bool:
    """Whether a text names something that the question doesn't: it would be printed with a hole."""
    return any(f"{{{name}}}" in text and not value for name, value in slots.items())


def _of_key(key: str, texts: Mapping[str, Sequence[str]], asked: Asked) -> list[str]:
    """Return the texts on a subject, in the voice of who asks."""
    found = texts.get(key, ())
    if key in _OF_WHOEVER_ASKS:
        return list(found)
    return [in_their_voice(text, asked.whose) for text in found]


def _unlike(texts: Iterable[str]) -> Iterator[str]:
    """Yield each text that doesn't begin as one before it does: "Who do I call"."""
    begun: set[tuple[str, ...]] = set()
    for text in texts:
        begins = tuple(text.split()[:_SAME_WORDS])
        if begins not in begun:
            begun.add(begins)
            yield text


@cache
def _texts() -> _Texts:
    text = files("navis_api.generation.extractive").joinpath("closing.json").read_text("utf-8")
    return json.loads(text)
