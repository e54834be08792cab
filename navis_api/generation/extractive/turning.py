"""What a question tells besides what it asks: what is behind the asker, and what isn't so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.generation.extractive.meaning import (
    asks_when_it_starts,
    in_other_terms,
    said_of_others,
)
from navis_api.generation.extractive.people_asked import (
    IN_THE_FAMILY,
    names_relatives,
    of_parents,
    of_the_healthy,
    people_by_age,
)
from navis_api.generation.extractive.said_of_something_else import as_something_else
from navis_api.generation.extractive.signs_told import as_signs
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.withheld import (
    MILDER,
    MILDER_LABEL,
    says_so,
    withheld,
    withheld_if_strong,
)
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
    r"|(?:worse|grew|grown|growing|progress\w*|spread) (?:on|during|through|while on)"
    r"|resistant to|stopped|through|(?:treated|treatment) with"
    r"|(?:removed|taken out) (?:by|with|in))"
    r"(?: (?:my|the|a|his|her))?(?: \w+(?: and)?)?(?: (?:was|were|is|(?:has|had) been))?$"
)
# A treatment of which that is said is behind them too.
_DOES_NOT_WORK = re.compile(
    r"^(?:for (?:my |his |her )?cancer )?"
    r"(?:(?:has|have|had|is|are|was|were|just|also|now|that|did|does|do) )*"
    r"(?:(?:stop\w*|quit) working|failed|isn'?t working|not work(?:ing)?|no longer work\w*"
    r"|(?:didn'?t|doesn'?t|don'?t|wasn'?t|aren'?t|won'?t) (?:work|help)\w*)\b"
)
_DENIED = re.compile(
    r"\b(?:hasn't|hasnt|has not|haven't|have not|hadn't|had not|isn't|is not|not|didn't|did not"
    r"|doesn't|does not|don't|do not|dont|without|never|no)(?: \w+){0,2}$"
)
_INSTEAD = re.compile(
    r"\b(?:(?:without|instead of|other than|besides|alternatives? to|rather than|no|no more"
    r"|refus\w+)"
    r"(?: (?:a|an|the|my|to|have|having|get|getting|any|more|doing|strong|intensive|harsh))*"
    r"|(?:don't|doesn't|do not|does not|didn't|did not|not) want(?: \w+){0,4})$"
)
TESTS = frozenset({"screening", "diagnosis"})
"""Topics of tests, by which something was found, or of which the result is told."""
# "They found it on my mammogram" says how it was found, and asks nothing about that test.
_FOUND_ON = re.compile(
    r"\b(?:f(?:ou|i)nd(?:s|ing)?|saw|seen?|show(?:s|ed|n)?|picked up|spotted|detected|turned up)\b"
    r"(?: \w+){0,5} (?:on|in|by|at|during|with|from)(?: (?:a|an|my|the|his|her|routine|first))*$"
)
# Who wants to keep what an operation would take asks what there is instead.
_KEEP = re.compile(
    r"\b(?:any (?:\w+ )?way|possible|can i|can he|can she|can we|how|want|hope|hoping|able)\b"
    r"[^.?!]*\b(?:keep|save|spare|preserve)\b"
)
# "I have no pain" asks for nothing about pain.
_NOT_FELT = re.compile(
    r"\b(?:no|without|(?:don'?t|doesn'?t|didn'?t|do not|does not|did not) have)(?: any)?$"
)
_COULD_IT_BE = re.compile(
    r"\b(?:(?:could|can|might|may) (?:it|this|that|these|they) (?:be|mean)|is (?:it|this|that)"
    r"|does (?:it|this|that) mean (?:that )?(?:i|he|she|we|they|my \w+) (?:have|has))"
    r"(?: (?:a|the|from|still|already))* cancer\b"
)
_HOW_LONG = re.compile(r"\bhow long\b")
# Treatment takes so long, and an effect lasts: nobody is asked how long one lives.
_TAKES = re.compile(
    r"\bhow long (?:does|do|will|would|is|are|might|should) (?:it|this|that|they|all (?:this|that)"
    r"|(?:(?:the|my|his|her|whole|entire) )*(?:treatments?|phases?|course|process|recovery)"
    r"(?: (?:for|of|with) (?:\w+ ){0,2}cancer)?)"
    r" (?:(?:usually|normally|typically|all|going to) )*(?:take|last|go on)\b"
    r"(?! (?:to|for it to|before|until) (?:it )?(?:kill|die|spread|grow|come))"
)
# As it is typed: "kid treatment how long".
_TYPED = re.compile(r"\b(?:treatments?|chemo\w*|radio\w+|radiation|maintenance)\b how long$")
_LIVING = re.compile(
    r"\b(?:live|lives|living|alive|surviv\w*|left|die|dying|have i got|do i have)\b"
)
# "After menopause" says how old somebody is, beside whatever else is asked.
_AN_AGE = ("menopause",)
NOT_COME_BACK = "not come back"
_NOT_YET = {
    "metastasis": Telling("not spread", ("not spread", "has not spread", "noninvasive", "in situ")),
    "symptoms": Telling("without symptoms", ("without symptoms", "asymptomatic", "no symptoms")),
    "recurrence": Telling(NOT_COME_BACK, ("not come back", "not recurred", "no recurrence")),
}
WHAT_IS_NORMAL = "what is normal"
_WHAT_IS_NORMAL = Telling(
    WHAT_IS_NORMAL, ("normal", "elevated", "higher than normal", "abnormal", "increased")
)
_HOW_MUCH = re.compile(
    r"\b(?:(?:high|low|elevated|raised|normal|rising) (?:\w+ )?"
    r"(?:psa|afp|cea|ca|ldh|levels?|counts?)"
    r"|(?:psa|afp|cea|ca \d+|ldh) (?:\w+ ){0,3}(?:high|low|elevated|raised|up|rising|normal|\d+))\b"
)
_RISES = re.compile(
    r"\b(?:psa|afp|cea|ca \d+|ldh) (?:\w+ ){0,4}(?:up|rising|rose|risen|rises|higher|climbing)\b"
)
_HOW_OFTEN = re.compile(r"\bhow (?:often|many times|frequent\w*)\b")
_JOINS = frozenset({"and", "or", "plus", "then", "followed", "by", "more"})
_OF_THE_STRONGEST = frozenset({"transplant"})
_GROWING = frozenset({"recurrence", "progression"})
HOW_LONG = "how long"
_HOW_LONG_IT_TAKES = Telling(
    HOW_LONG, ("week", "weeks", "month", "months", "day", "days", "year", "years", "how long")
)


@dataclass(frozen=True, slots=True)
class Turned:
    """The concepts that are asked about, and the circumstances that an answer may pass over.

    `denied` are the keys of states that a question says aren't there; `lasting` questions ask
    how long something else than a life takes; who `wonders` asks whether something is cancer; who
    `was_treated` has a treatment behind them, of which some `no_longer_helped`. Treatments that
    somebody wants to do without are `refused`, and so are those
    `withheld` from them. It `is_implied` that follow-up is asked about where
    nothing else is.
    """

    concepts: tuple[Concept, ...]
    circumstances: tuple[Telling, ...]
    denied: frozenset[str]
    lasting: bool
    wonders: bool
    was_treated: bool
    no_longer_helped: tuple[Concept, ...]
    refused: frozenset[str]
    withheld: tuple[Concept, ...]
    is_implied: bool


def turned(text: str, understood: Understanding) -> Turned:
    """Tell what a question asks from what it only tells, of its plain words."""
    # What was there already: the surgery of "it came back after surgery".
    behind = _with_joined(_told_after(_BEHIND, text, understood), text, understood)
    failed = _told_before(_DOES_NOT_WORK, text, understood)
    behind += [spoken for spoken in failed if spoken not in behind]
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
    if _KEEP.search(text):
        refused += [
            s for s in understood.concepts if s.concept.key == "surgery" and s not in behind
        ]
    # What can't be had asks for the same, and nothing about it is wanted.
    denied_to_them = [s for s in withheld(text, understood) if s not in (*behind, *refused)]
    too_strong = withheld_if_strong(text, understood)
    found_on = [
        spoken
        for spoken in _told_after(_FOUND_ON, text, understood)
        if spoken.concept.key in TESTS and len(understood.concepts) > 1
    ]
    # "Since my diagnosis" says when.
    since = [spoken for spoken in behind if spoken.concept.key == "diagnosis"]
    beside = [*by_age, *denied, *since, *refused, *denied_to_them, *too_strong, *found_on]
    beside += [s for s in _told_after(_NOT_FELT, text, understood) if _is_effect(s.concept)]
    beside += said_of_others(text, understood)
    beside += says_so(understood) if denied_to_them or too_strong else []
    spoken_of = [spoken.concept for spoken in understood.concepts if spoken not in beside]
    if (refused or denied_to_them or too_strong) and thesaurus()["treatment"] not in spoken_of:
        spoken_of.append(thesaurus()["treatment"])
    circumstances = [Telling(concept.label, phrases(concept)) for concept in treatments]
    circumstances += [Telling(_AN_AGE[0], _AN_AGE) for _ in by_age]
    circumstances += [_NOT_YET[spoken.concept.key] for spoken in denied]
    circumstances += [_without(spoken) for spoken in refused]
    circumstances += [Telling(MILDER_LABEL, MILDER) for _ in too_strong[:1]]
    asks_early = any(concept.key == "screening" for concept in spoken_of)
    if asks_early and names_relatives(text):
        circumstances.append(IN_THE_FAMILY)
    lasting = _asks_how_long(text, spoken_of)
    if lasting:
        spoken_of = [concept for concept in spoken_of if concept.key != "prognosis"]
        circumstances.append(_HOW_LONG_IT_TAKES)
    spoken_of = as_signs(text, in_other_terms(text, understood, spoken_of))
    spoken_of = of_the_healthy(text, as_something_else(text, understood, spoken_of))
    spoken_of += [each for each in people_by_age(text) if each not in spoken_of]
    spoken_of = of_parents(text, spoken_of)
    topics = {concept.key for concept in spoken_of if concept.kind is ConceptKind.TOPIC}
    wonders = bool(_COULD_IT_BE.search(text)) and topics <= {"definition", "biomarkers", "symptoms"}
    if wonders:
        # What is felt may be a sign of it: what helps against it is not asked yet.
        spoken_of = [concept for concept in spoken_of if not _is_effect(concept)]
        if "symptoms" not in topics:
            spoken_of.append(thesaurus()["symptoms"])
    if (wonders and "biomarkers" in topics) or _HOW_MUCH.search(text):
        circumstances.append(_WHAT_IS_NORMAL)
    if treatments and _RISES.search(text):
        # A value that rises after treatment is asked about as a return of the cancer.
        spoken_of = [*dict.fromkeys((*spoken_of, thesaurus()["recurrence"]))]
    asked_for = _asked_for(spoken_of, treatments, often=_HOW_OFTEN.search(text) is not None)
    denied_keys = frozenset(spoken.concept.key for spoken in denied)
    lasting = lasting or asks_when_it_starts(text, understood)
    return Turned(
        concepts=tuple(asked_for),
        circumstances=tuple(circumstances),
        denied=denied_keys,
        lasting=lasting,
        wonders=wonders,
        was_treated=bool(treatments),
        no_longer_helped=_no_longer_helped(treatments, failed, asked_for),
        refused=frozenset(s.concept.key for s in (*refused, *denied_to_them))
        | (_OF_THE_STRONGEST if too_strong else frozenset[str]()),
        withheld=tuple(spoken.concept for spoken in denied_to_them),
        is_implied=len(asked_for) > len([each for each in spoken_of if each not in treatments]),
    )


def _told_after(lead: re.Pattern[str], text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the concepts that stand behind certain words of a text."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if lead.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _with_joined(
    behind: Sequence[SpokenConcept], text: str, understood: Understanding
) -> list[SpokenConcept]:
    """Return what is behind somebody with the treatments joined to it: "surgery and radiation"."""
    spoken_words = words(text)
    found = list(behind)
    for spoken in understood.concepts:
        before = next(
            (
                s
                for s in found
                if s.first_word + len(s.words)
                in range(spoken.first_word - 3, spoken.first_word + 1)
            ),
            None,
        )
        if spoken in found or before is None or spoken.concept.kind is not ConceptKind.TREATMENT:
            continue
        between = spoken_words[before.first_word + len(before.words) : spoken.first_word]
        if between and set(between) <= _JOINS:
            found.append(spoken)
    return found


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


def _asks_how_long(text: str, spoken: Sequence[Concept]) -> bool:
    """Whether a question asks how long a treatment or an effect lasts, and not how long one lives.

    "How long" alone is about survival.
    """
    lasts = any(concept.kind in {ConceptKind.TREATMENT, ConceptKind.EFFECT} for concept in spoken)
    is_of_a_life = _LIVING.search(text) is not None
    return not is_of_a_life and (
        _TAKES.search(text) is not None
        or _TYPED.search(text) is not None
        or (lasts and _HOW_LONG.search(text) is not None)
    )


def _asked_for(spoken: list[Concept], behind: list[Concept], *, often: bool) -> list[Concept]:
    """Return the concepts without treatments that are behind the asker.

    Who asks for nothing else wants to know what comes next.
    """
    left = [concept for concept in spoken if concept not in behind]
    checked = TESTS if often else frozenset({"screening"})
    if behind and any(concept.key in checked for concept in left):
        # Looking for what isn't known is for others: they have check-ups.
        left = [each for each in left if each.key not in checked]
        left.append(thesaurus()["follow_up"])
    asks = {ConceptKind.TOPIC, ConceptKind.STATE, ConceptKind.EFFECT, ConceptKind.TREATMENT}
    if behind and not any(concept.kind in asks and concept.key != "definition" for concept in left):
        left.append(thesaurus()["follow_up"])
    return left


def _no_longer_helped(
    behind: Sequence[Concept], failed: Sequence[SpokenConcept], asked_for: Sequence[Concept]
) -> tuple[Concept, ...]:
    """Return the treatments of which that is said, or after which the cancer is back or grows."""
    if _GROWING & {concept.key for concept in asked_for}:
        return tuple(behind)
    said = {spoken.concept for spoken in failed}
    return tuple(concept for concept in behind if concept in said)
