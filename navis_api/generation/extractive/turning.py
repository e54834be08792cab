"""What a question tells besides what it asks: what is behind the asker, and what isn't so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.generation.extractive.telling import Telling
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    SpokenConcept,
    Understanding,
    phrases,
)
from navis_api.vocabulary.understanding import concepts as thesaurus

# "After surgery" says when, and asks for something else: what to do now, or what comes next.
_BEHIND = re.compile(
    r"\b(?:after|since|following|despite|finished|completed|had|tried|failed|respond\w*(?: to)?"
    r"|resistant to|stopped|through|(?:removed|taken out) (?:by|with|in))"
    r"(?: (?:my|the|a|his|her))?(?: \w+)?$"
)
# A treatment of which that is said is behind them too.
_DOES_NOT_WORK = re.compile(
    r"^(?:(?:has|have|had|is|are|was|were|just|also|now|that|did|does|do) )*"
    r"(?:(?:stop\w*|quit) working|failed|isn'?t working|not work(?:ing)?|no longer work\w*"
    r"|(?:didn'?t|doesn'?t|don'?t|wasn'?t|aren'?t|won'?t) (?:work|help)\w*)\b"
)
_DENIED = re.compile(
    r"\b(?:hasn't|hasnt|has not|haven't|have not|hadn't|had not|isn't|is not|not|didn't|did not"
    r"|doesn't|does not|don't|do not|dont|without|never|no)(?: \w+){0,2}$"
)
_INSTEAD = re.compile(
    r"\b(?:(?:without|instead of|other than|besides|alternatives? to|rather than|no|no more"
    r"|refus\w+)(?: (?:a|an|the|my|to|have|having|get|getting|any|more|doing))*"
    r"|(?:don't|doesn't|do not|does not|didn't|did not|not) want(?: \w+){0,4})$"
)
# "I have no pain" asks for nothing about pain.
_NOT_FELT = re.compile(
    r"\b(?:no|without|(?:don'?t|doesn'?t|didn'?t|do not|does not|did not) have)(?: any)?$"
)
_DYING = frozenset({"dying", "die", "going to die", "terminal"})
_RECOVERING = frozenset({"recover", "recovery"})
_AVOIDED = frozenset({"nutrition", "exercise", "side_effects"})
_TESTED = frozenset({"test", "tests", "tested", "testing"})
_COULD_IT_BE = re.compile(
    r"\b(?:(?:could|can|might|may) (?:it|this|that|these|they) (?:be|mean)|is (?:it|this|that)"
    r"|does (?:it|this|that) mean (?:that )?(?:i|he|she|we|they|my \w+) (?:have|has))"
    r"(?: (?:a|the|from|still|already))* cancer\b"
)
_RELATIVES = (
    r"mother|mom|mum|father|dad|sister|brother|aunt|uncle|grand\w+|family|relatives?|parents?"
)
# Somebody of the family had it, and what it means for oneself is asked.
_RELATIVE_HAD_IT = re.compile(
    rf"\b(?:{_RELATIVES}|cousin|uncle)s?\b(?: \w+){{0,6}}? (?:had|has|have|got|died|diagnosed|with)\b"
)
_FOR_ONESELF = re.compile(
    r"\b(?:my|our) (?:own )?(?:chances?|risks?|odds)\b|\b(?:am|are|should|will|can|do|could|would"
    r"|must|might) (?:i|we|my (?:sisters?|brothers?|kids|children|siblings|sons?|daughters?))\b"
    r"|\bi (?:should|need|must|be|get)\b"
)
_ONES_OWN = re.compile(
    r"\bi (?:have|had|was|got|am being|am having|'ve)\b|\bmy (?:cancer|tumou?r)\b"
)
# A person is so old; a value that "is 12" isn't.
_AGE = re.compile(
    r"\b(?P<years>\d{1,3}) (?P<unit>year|month)s? olds?\b"
    rf"|\b(?:(?:{_RELATIVES}|he|she|who|wife|husband|partner|child|son|daughter|boy|girl|friend|man"
    r"|woman|patient) is|at|aged|am) (?P<is>\d{2})\b(?! (?:percent|weeks?|months?|days?|%))"
)
_TELLING_AGES = re.compile(r"\b(?:tell|telling|explain|talk)\b[^.?!]*\byears? olds?\b")
_UNBORN = re.compile(r"\b(?:baby|infant|unborn)\b")
_ADULT = 18
_OLD = 70
# What does something to somebody, and what has risks of its own: "the risks of having a biopsy".
_DOES = frozenset({"cause", "causes", "lead", "leads", "increase", "raise", "raises"})
_RISKS = frozenset({"risk", "risks"})
_HAVE_RISKS = frozenset({"clinical_trials", "screening", "diagnosis", "follow_up"})
_NEAR_WORDS = 4
_DANGEROUS = frozenset({"dangerous", "serious", "how serious", "how bad"})
_HURTS = frozenset({"hurt", "hurts", "painful"})
_DOES_IT_HURT = re.compile(
    r"\b(?:does|do|did|will|would|can|could|is|are|how much (?:does|do|will))\b[^.?!]*"
    r"\b(?:hurts?|painful)\b"
)
_UNTIL_IT_STARTS = re.compile(
    r"\bhow (?:long|soon|many years)\b[^.?!]*"
    r"\b(?:start|develop|appear|show up|begin|get|form|come on|cause|since exposure)\w*\b"
)
_HOW_LONG = re.compile(r"\bhow long\b")
_LIVING = re.compile(
    r"\b(?:live|lives|living|alive|surviv\w*|left|die|dying|have i got|do i have)\b"
)
# "After menopause" says how old somebody is, beside whatever else is asked.
_AN_AGE = ("menopause",)
_NOT_YET = {
    "metastasis": Telling("not spread", ("not spread", "has not spread", "noninvasive", "in situ")),
    "symptoms": Telling("without symptoms", ("without symptoms", "asymptomatic", "no symptoms")),
    "recurrence": Telling("not come back", ("not come back", "not recurred", "no recurrence")),
}
_RELATIVE = re.compile(rf"\b(?:{_RELATIVES})\b")
_IN_THE_FAMILY = Telling(
    "family history",
    ("family history", "increased risk", "high risk", "first degree relative", "family member"),
)
_WHAT_IS_NORMAL = Telling(
    "what is normal", ("normal", "elevated", "higher than normal", "abnormal", "increased")
)
_HOW_MUCH = re.compile(
    r"\b(?:(?:high|low|elevated|raised|normal|rising) (?:\w+ )?(?:psa|afp|cea|ca|ldh|levels?|counts?)"
    r"|(?:psa|afp|cea|ca \d+|ldh) (?:\w+ ){0,3}(?:high|low|elevated|raised|up|rising|normal|\d+))\b"
)
_HOW_LONG_IT_TAKES = Telling(
    "how long", ("week", "weeks", "month", "months", "day", "days", "year", "years", "how long")
)


@dataclass(frozen=True, slots=True)
class Turned:
    """The concepts that are asked about, and the circumstances that an answer may pass over.

    `denied` are the keys of states that a question says aren't there; `lasting` questions ask
    how long something else than a life takes; who `wonders` asks whether something is cancer; who `was_treated`
    has a treatment behind them.
    """

    concepts: tuple[Concept, ...]
    circumstances: tuple[Telling, ...]
    denied: frozenset[str]
    lasting: bool
    wonders: bool
    was_treated: bool


def turned(text: str, understood: Understanding) -> Turned:
    """Tell what a question asks from what it only tells, of its plain words."""
    # What was there already: the surgery of "it came back after surgery".
    behind = _told_after(_BEHIND, text, understood)
    behind += [s for s in _told_before(_DOES_NOT_WORK, text, understood) if s not in behind]
    treatments = [
        spoken.concept for spoken in behind if spoken.concept.kind is ConceptKind.TREATMENT
    ]
    by_age = [s for s in understood.concepts if s.words == _AN_AGE and len(understood.concepts) > 1]
    # What isn't there: "it hasn't spread", "I don't have symptoms".
    denied = [s for s in _told_after(_DENIED, text, understood) if s.concept.key in _NOT_YET]
    # What somebody wants to do without: what else there is is asked.
    refused = [
        spoken
        for spoken in _told_after(_INSTEAD, text, understood)
        if spoken.concept.kind is ConceptKind.TREATMENT
    ]
    # "Since my diagnosis" says when.
    since = [spoken for spoken in behind if spoken.concept.key == "diagnosis"]
    beside = [*by_age, *denied, *since, *refused]
    beside += [s for s in _told_after(_NOT_FELT, text, understood) if _is_effect(s.concept)]
    beside += _said_of_others(text, understood)
    spoken_of = [spoken.concept for spoken in understood.concepts if spoken not in beside]
    if refused and thesaurus()["treatment"] not in spoken_of:
        spoken_of.append(thesaurus()["treatment"])
    circumstances = [Telling(concept.label, phrases(concept)) for concept in treatments]
    circumstances += [Telling(_AN_AGE[0], _AN_AGE) for _ in by_age]
    circumstances += [_NOT_YET[spoken.concept.key] for spoken in denied]
    circumstances += [_without(spoken) for spoken in refused]
    asks_early = any(concept.key == "screening" for concept in spoken_of)
    if asks_early and _RELATIVE.search(text):
        circumstances.append(_IN_THE_FAMILY)
    lasting = _asks_how_long(text, spoken_of)
    if lasting:
        spoken_of = [concept for concept in spoken_of if concept.key != "prognosis"]
        circumstances.append(_HOW_LONG_IT_TAKES)
    spoken_of = _caused_by_treatment(text, understood, spoken_of)
    spoken_of = _in_the_family(text, spoken_of)
    spoken_of += [each for each in _people_by_age(text) if each not in spoken_of]
    spoken_of = _of_parents(text, spoken_of)
    topics = {concept.key for concept in spoken_of if concept.kind is ConceptKind.TOPIC}
    wonders = bool(_COULD_IT_BE.search(text)) and topics <= {"definition", "biomarkers", "symptoms"}
    if wonders:
        # What is felt may be a sign of it: what helps against it is not asked yet.
        spoken_of = [concept for concept in spoken_of if not _is_effect(concept)]
        if "symptoms" not in topics:
            spoken_of.append(thesaurus()["symptoms"])
    if (wonders and "biomarkers" in topics) or _HOW_MUCH.search(text):
        circumstances.append(_WHAT_IS_NORMAL)
    asked_for = _asked_for(spoken_of, treatments)
    denied_keys = frozenset(spoken.concept.key for spoken in denied)
    lasting = lasting or bool(_UNTIL_IT_STARTS.search(text))
    return Turned(
        tuple(asked_for), tuple(circumstances), denied_keys, lasting, wonders, bool(treatments)
    )


def _told_after(lead: re.Pattern[str], text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the concepts that stand behind certain words of a text."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if lead.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _told_before(
    after: re.Pattern[str], text: str, understood: Understanding
) -> list[SpokenConcept]:
    """Return the concepts that certain words of a text stand behind."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if after.search(" ".join(spoken_words[spoken.first_word + len(spoken.words) :]))
    ]


def _is_effect(concept: Concept) -> bool:
    return concept.kind is ConceptKind.EFFECT


def _without(spoken: SpokenConcept) -> Telling:
    said = " ".join(spoken.words)
    name = said if said in spoken.concept.specific else spoken.concept.label
    return Telling(f"without {name}", (f"without {name}", f"instead of {name}"))


def _said_of_others(text: str, understood: Understanding) -> list[SpokenConcept]:
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
        of_end = key == "prognosis" and said in _DYING and "palliative" in topics
        # What has grown into the wall beside it says how far it has come.
        of_place = key == "progression" and behind[:1] in (["into"], ["through"])
        if of_treatment or of_food or of_genes or of_place or of_end or of_check:
            found.append(spoken)
    return found


def _people_by_age(text: str) -> list[Concept]:
    """Return the people that an age tells of: "my 4 year old", "at 84"."""
    found: list[Concept] = []
    for age in _AGE.finditer(text):
        years = int(age["years"] or age["is"] or 0)
        if age["unit"] == "month" or years < _ADULT:
            found.append(thesaurus()["child"])
        elif years >= _OLD:
            found.append(thesaurus()["older_adults"])
    return list(dict.fromkeys(found))


def _of_parents(text: str, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, without the child of somebody who is pregnant or tells theirs of it."""
    child, told = thesaurus()["child"], thesaurus()["telling_children"]
    keys = {concept.key for concept in spoken}
    if child in spoken and _TELLING_AGES.search(text):
        return [*dict.fromkeys(told if each is child else each for each in spoken)]
    if "pregnancy" not in keys:
        return list(spoken)
    left = [concept for concept in spoken if concept is not child or not _UNBORN.search(text)]
    # Who says no more asks what can be done now.
    asks = [each for each in left if each.key != "definition"]
    if {concept.kind for concept in asks} <= {ConceptKind.POPULATION, ConceptKind.FACTOR}:
        left = asks
        left.append(thesaurus()["treatment"])
    return left


def _asks_how_long(text: str, spoken: Sequence[Concept]) -> bool:
    """Whether a question asks how long a treatment or an effect lasts, and not how long one lives.

    "How long" alone is about survival.
    """
    lasts = any(concept.kind in {ConceptKind.TREATMENT, ConceptKind.EFFECT} for concept in spoken)
    return lasts and bool(_HOW_LONG.search(text)) and not _LIVING.search(text)


def _in_the_family(text: str, spoken: Sequence[Concept]) -> list[Concept]:
    """Return the concepts, with what is inherited for the outlook and tests of who is healthy."""
    if not _RELATIVE_HAD_IT.search(text) or _ONES_OWN.search(text):
        return list(spoken)
    if not _FOR_ONESELF.search(text):
        return list(spoken)
    genes, causes = thesaurus()["genetics"], thesaurus()["causes"]
    of_the_ill = {"prognosis", "diagnosis", "definition"}
    if any(each.kind is ConceptKind.TOPIC and each.key not in of_the_ill for each in spoken):
        return [each for each in spoken if each.key != "prognosis"]
    left = [each for each in spoken if each.key not in of_the_ill]
    return [*dict.fromkeys((*left, genes, causes))]


def _caused_by_treatment(
    text: str, understood: Understanding, spoken: Sequence[Concept]
) -> list[Concept]:
    """Return the concepts, with side effects for what a treatment is asked to cause or to risk.

    The risks of a test or of a trial are no causes of the cancer either, and "how long until it
    starts" asks for causes.
    """
    meant = thesaurus()["side_effects"]
    kinds = {each.concept.kind for each in understood.concepts}
    if ConceptKind.TREATMENT in kinds:
        hurts = bool(_DOES_IT_HURT.search(text))
        instead = {
            each.concept
            for each in understood.concepts
            if (each.concept.key == "prognosis" and " ".join(each.words) in _DANGEROUS)
            or (hurts and each.concept.key == "pain" and each.words[0] in _HURTS)
        }
        spoken = [*dict.fromkeys(meant if each in instead else each for each in spoken)]
    elif ConceptKind.FACTOR in kinds and _UNTIL_IT_STARTS.search(text):
        starts = thesaurus()["causes"]
        spoken = [*dict.fromkeys(starts if each.key == "prognosis" else each for each in spoken)]
    causes = next((each for each in understood.concepts if each.concept.key == "causes"), None)
    if causes is None:
        return list(spoken)
    behind = causes.first_word + len(causes.words)
    of_what = next(
        (
            each.concept
            for each in understood.concepts
            if causes.words[-1] in _RISKS and behind < each.first_word <= behind + _NEAR_WORDS
        ),
        None,
    )
    treatments = [
        each.first_word
        for each in understood.concepts
        if each.concept.kind is ConceptKind.TREATMENT
    ]
    does = causes.words[0] in _DOES and any(at < causes.first_word for at in treatments)
    if does or (of_what is not None and of_what.kind is ConceptKind.TREATMENT):
        swapped = [meant if each.key == "causes" else each for each in spoken]
        return list(dict.fromkeys(swapped))
    if of_what is not None and of_what.key in _HAVE_RISKS:
        return [each for each in spoken if each.key != "causes"]
    return list(spoken)


def _asked_for(spoken: list[Concept], behind: list[Concept]) -> list[Concept]:
    """Return the concepts without treatments that are behind the asker.

    Who asks for nothing else wants to know what comes next.
    """
    left = [concept for concept in spoken if concept not in behind]
    if behind and any(concept.key == "screening" for concept in left):
        # Looking for what isn't known is for others: they have check-ups.
        left = [each for each in left if each.key != "screening"]
        left.append(thesaurus()["follow_up"])
    asks = {ConceptKind.TOPIC, ConceptKind.STATE, ConceptKind.EFFECT, ConceptKind.TREATMENT}
    if behind and not any(concept.kind in asks and concept.key != "definition" for concept in left):
        left.append(thesaurus()["follow_up"])
    return left
