"""What concepts mean beside each other: the risks of an operation, the pain of a test."""

import re
from collections.abc import Sequence

from navis_api.generation.extractive.effect_course import regrows
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import Concept, ConceptKind, SpokenConcept, Understanding
from navis_api.vocabulary.understanding import concepts as thesaurus

_DYING = frozenset({"dying", "die", "going to die", "terminal"})
_RECOVERING = frozenset({"recover", "recovery"})
_AVOIDED = frozenset({"nutrition", "exercise", "side_effects"})
_AFTER = frozenset({"after treatment", "after my treatment", "since treatment"})
_DAILY_LIFE = frozenset({"sexuality", "fertility", "nutrition", "exercise", "work", "money"})
# What is asked of the time after treatment, which is no question on check-ups.
_AFTERWARDS = _DAILY_LIFE | {"side_effects"}
_OF_FAMILY = frozenset({"family", "telling_children"})
_TESTED = frozenset({"test", "tests", "tested", "testing"})
# What does something to somebody, and what has risks of its own: "the risks of having a biopsy".
_DOES = frozenset({"cause", "causes", "lead", "leads", "increase", "raise", "raises"})
_RISKS = frozenset({"risk", "risks"})
_HAVE_RISKS = frozenset({"clinical_trials", "screening", "diagnosis", "follow_up"})
_NEAR_WORDS = 4
_SWALLOWED = frozenset({"a", "the", "my", "some", "radioactive", "pills", "tablets", "iodine"})
_DANGEROUS = frozenset({"dangerous", "serious", "how serious", "how bad"})
_TOO_WEAK = re.compile(
    r"\btoo (?:\w+ and )?(?:weak|tired|exhausted)(?: and \w+)? (?:for|to)\b"
    r"|\b(?:weak|weakness)\b[^.?!]{0,30}\b(?:can|could|should) (?:she|he|i|they) (?:still )?"
    r"(?:get|have|take|be given|go through|tolerate|do)\b"
)
_UNBORN = frozenset({"baby", "babies", "fetus", "unborn", "foetus", "pregnancy"})
_SIGNS = frozenset({"sign", "signs", "symptom", "symptoms", "warning", "detection", "warnings"})
_HURTS = frozenset({"hurt", "hurts", "painful"})
_DOES_IT_HURT = re.compile(
    r"\b(?:does|do|did|will|would|can|could|is|are|how much (?:does|do|will))\b[^.?!]*"
    r"\b(?:hurts?|painful)\b"
)
_SHOULD_I = re.compile(
    r"\bshould (?:i|he|she|we) (?:get|have|ask for|be having|go for|do)\b[^.?!]*"
    r"\b(?:scans?|ct|test)\b"
)
_UNTIL_IT_STARTS = re.compile(
    r"\bhow (?:long|soon|many years)\b[^.?!]*"
    r"\b(?:start|develop|appear|show up|begin|get|form|come on|cause|since exposure)\w*\b"
)


def said_of_others(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return what means something else beside the other concepts of a question.

    One recovers from surgery, avoids food, and is tested for what runs in the family.
    """
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    topics = {
        spoken.concept.key
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TOPIC
    }
    spoken_words = words(text)
    found: list[SpokenConcept] = []
    for spoken in understood.concepts:
        behind = spoken_words[spoken.first_word + len(spoken.words) :]
        key, said = spoken.concept.key, " ".join(spoken.words)
        of_treatment = key == "prognosis" and said in _RECOVERING and ConceptKind.TREATMENT in kinds
        of_food = key == "prevention" and said == "avoid" and bool(topics & _AVOIDED)
        of_genes = key == "diagnosis" and said in _TESTED and "genetics" in topics
        of_check = key == "diagnosis" and "follow_up" in topics
        of_past = key == "treatment" and said == "treated" and "follow_up" in topics
        of_end = key == "prognosis" and said in _DYING and "palliative" in topics
        # "Too weak for chemo", and not weak from it: what can be done is asked.
        of_frailty = key == "fatigue" and _TOO_WEAK.search(text) is not None
        # What has grown into the wall beside it says how far it has come.
        of_place = key == "progression" and behind[:1] in (["into"], ["through"])
        # One swallows pills without trouble.
        of_pill = (
            key == "swallowing" and said == "swallow" and bool(behind) and (behind[0] in _SWALLOWED)
        )
        # What helps with painful sex is told where sex is.
        of_sex = key == "pain" and "sexuality" in topics
        # One keeps away from one's children for a while, and isn't asked to care for anybody.
        of_rays = key in _OF_FAMILY and "radioactive_iodine" in understood.keys
        # What hurts a baby is no pain of the asker.
        of_unborn = key == "pain" and not _UNBORN.isdisjoint(behind[:_NEAR_WORDS])
        # "Early signs" are those that come first.
        of_signs = key == "early_stage" and said == "early" and bool(_SIGNS & set(behind[:2]))
        # Hair grows back, and nothing of the cancer.
        of_hair = key == "recurrence" and "hair_loss" in understood.keys and "back" in said
        # And so does one's taste.
        of_hair = of_hair or (key == "recurrence" and regrows(text))
        # "After treatment" says when something else is asked.
        of_when = key == "follow_up" and said in _AFTER and bool(topics & _AFTERWARDS)
        if any(
            (
                of_when,
                of_frailty,
                of_unborn,
                of_signs,
                of_hair,
                of_rays,
                of_treatment,
                of_food,
                of_genes,
                of_place,
                of_end,
                of_check,
                of_past,
                of_pill,
                of_sex,
            )
        ):
            found.append(spoken)
    return found


def in_other_terms(
    text: str, understood: Understanding, spoken: Sequence[Concept]
) -> list[Concept]:
    """Return the concepts with those that are meant for those that are said.

    What a treatment causes, risks or hurts are its side effects; "how long until it starts" asks
    for causes; and the risks of a test or of a trial are no causes of the cancer.
    """
    side_effects, causes = thesaurus()["side_effects"], thesaurus()["causes"]
    meant: dict[Concept, Concept | None] = {}
    kinds = {each.concept.kind for each in understood.concepts}
    has_treatment = ConceptKind.TREATMENT in kinds
    for each in understood.concepts:
        concept = each.concept
        if concept is causes:
            of_what = _what_has_risks(each, understood)
            if _does_it(each, understood) or (of_what and of_what.kind is ConceptKind.TREATMENT):
                meant[concept] = side_effects
            elif of_what and of_what.key in _HAVE_RISKS:
                meant[concept] = None
        elif has_treatment and _is_bad(each, text):
            meant[concept] = side_effects
        elif ConceptKind.EFFECT in kinds and concept.key == "prognosis" and _is_bad(each, text):
            # "Is it dangerous that my white count drops?" asks about that.
            meant[concept] = None
        elif concept.key == "prognosis" and asks_when_it_starts(text, understood):
            meant[concept] = causes
        elif concept.key == "diagnosis" and ConceptKind.FACTOR in kinds and _SHOULD_I.search(text):
            # Who smoked and has no symptoms would be screened.
            meant[concept] = thesaurus()["screening"]
    swapped = (meant.get(concept, concept) for concept in spoken)
    return list(dict.fromkeys(concept for concept in swapped if concept is not None))


def asks_when_it_starts(text: str, understood: Understanding) -> bool:
    """Whether a question asks how long after something the cancer may come: no survival."""
    has_factor = any(each.concept.kind is ConceptKind.FACTOR for each in understood.concepts)
    return has_factor and _UNTIL_IT_STARTS.search(text) is not None


def _is_bad(spoken: SpokenConcept, text: str) -> bool:
    """Whether a treatment is called dangerous, or asked to hurt."""
    if spoken.concept.key == "pain":
        return spoken.words[0] in _HURTS and _DOES_IT_HURT.search(text) is not None
    return spoken.concept.key == "prognosis" and " ".join(spoken.words) in _DANGEROUS


def _does_it(causes: SpokenConcept, understood: Understanding) -> bool:
    """Whether a treatment is asked to cause something: "can radiation cause", "raise the risk"."""
    return causes.words[0] in _DOES and any(
        each.first_word < causes.first_word
        for each in understood.concepts
        if each.concept.kind is ConceptKind.TREATMENT
    )


def _what_has_risks(causes: SpokenConcept, understood: Understanding) -> Concept | None:
    """Return what stands behind "the risks of", where it stands near."""
    behind = causes.first_word + len(causes.words)
    if causes.words[-1] not in _RISKS:
        return None
    near = range(behind + 1, behind + _NEAR_WORDS + 1)
    named = next((each.concept for each in understood.concepts if each.first_word in near), None)
    if named is not None:
        return named
    # "Whipple operation risks", as people type it.
    just_before = range(causes.first_word - 2, causes.first_word)
    return next(
        (
            each.concept
            for each in understood.concepts
            if each.first_word + len(each.words) - 1 in just_before
            and each.concept.kind is ConceptKind.TREATMENT
        ),
        None,
    )
