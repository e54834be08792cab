"""Questions that anybody with cancer has: what helps against nausea, how to tell the children.

They are answered without asking back which cancer it is. What there is to do, how it will go and
where it comes from depends on the cancer.
"""

import re
from collections.abc import Iterator

from navis_api.kit.text import words
from navis_api.vocabulary.care_explained import care_explained
from navis_api.vocabulary.dying import tells_of_dying
from navis_api.vocabulary.judged import judges_somebody
from navis_api.vocabulary.meanwhile import asks_what_may_be_done_meanwhile
from navis_api.vocabulary.passing_on import asks_if_it_passes_on
from navis_api.vocabulary.remedies import asked_remedies
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.understanding import ConceptKind, SpokenConcept, understand
from navis_api.vocabulary.wondered import POINTING, wondered

_OF_ANYBODY = frozenset(
    {
        "coping", "complementary", "exercise", "family", "fertility", "money", "nutrition",
        "sexuality", "side_effects", "telling_children", "work",
    }
)  # fmt: skip
_BY_CANCER = frozenset(
    {
        "biomarkers", "causes", "clinical_trials", "cure", "diagnosis", "follow_up", "genetics",
        "prevention", "prognosis", "screening", "second_opinion", "staging", "symptoms",
        "treatment",
    }
)  # fmt: skip
# What says that it is about cancer and its care, and not about anything else that hurts.
_OF_CANCER = re.compile(
    r"\b(?:cancers?|chemo\w*|radi(?:ation|otherapy)|tumou?rs?|oncolog\w+|metasta\w+|malignan\w+"
    r"|neutropeni\w+|lymph(?:o|)?edema|treatments?|hospice|palliative|diagnos(?:is|ed))\b",
    re.IGNORECASE,
)
# What is told of, or of what helps against an effect, and not asked about the cancer.
_TOLD: dict[str, re.Pattern[str]] = {
    "follow_up": re.compile(r"\bafter (?:\w+ )?(?:treatments?|therapy)\b", re.IGNORECASE),
    "diagnosis": re.compile(
        r"\b(?:since|after|with|about|of) (?:my|his|her|their|the|our|this|a)(?: \w+)? diagnosis\b"
        r"|\b(?:was|were|been|am|is|are|just|got|since being) diagnosed\b",
        re.IGNORECASE,
    ),
    "prognosis": re.compile(
        r"\bhow long\b.*\b(?:lasts?|go(?:es)? on|take|grows?|comes? back|before|until)\b",
        re.IGNORECASE,
    ),
    "treatment": re.compile(
        r"\b(?:what (?:can|could) (?:be done|(?:i|we|he|she|they) do)"
        r"|what (?:drugs?|medicines?) (?:\w+ )?(?:helps?|works?|(?:is|are) (?:in|given))"
        r"|anything (?:i|we|he|she) can (?:do|take)|(?:during|after|before|of|from|through|on)"
        r" (?:my |his |her |their |the |cancer )*(?:treatments?|therapy))\b",
        re.IGNORECASE,
    ),
}
# What these are is said in the same words of every cancer; of tests, each by its own name.
_THE_SAME_FOR_ALL = frozenset(
    {"biomarkers", "clinical_trials", "diagnosis", "lymph_nodes", "palliative", "staging"}
)
_BY_THEIR_NAMES = frozenset({"diagnosis"})
_OF_THE_CANCER_TOO = frozenset({"treatment", "prognosis"})
# Whatever is told besides: how long somebody has, and which cancer it is.
_ALWAYS_BY_CANCER = re.compile(
    r"\bhow long\b.*\b(?:die|dying|dead|live|left|kills?"
    r"|(?:do|does|might|will) (?:i|he|she|we) have(?! to))\b"
    r"|\bwhat (?:kind|type|sort) of (?:cancer|tumou?r|chemo\w*)\b"
    r"|\btreats? (?:my|the|this) (?:cancer|tumou?r)\b"
    r"|\b(?:is|has) (?:my|the|his|her) cancer (?:come )?back\b",
    re.IGNORECASE,
)
_IN_A_TERM = frozenset({TermKind.DRUG, TermKind.REGIMEN})
_OF_ANY_TREATMENT = re.compile(
    r"\b(?:am|is|are|be|i'?m|stay) (?:(?:i|we|she|he) )?radioactive\b"
    r"|\bexplain (?:my |the |his |her )?cancer to (?:my|our|the|a|an|her|his) "
    # Whom one tells, and how, doesn't depend on what it is that one has.
    r"|\b(?:how|what|when|should)\b[^.?!]{0,25}\b(?:tell|say to|explain|talk (?:to|with))\b"
    r"[^.?!]{0,30}\b(?:year olds?|teen\w*|toddlers?|kids?|child(?:ren)?|sons?|daughters?"
    r"|grand\w+|family|parents|mother|mum|mom|father|dad|husband|wife|partner|friends?|boss"
    r"|employer|colleagues|people|everyone)\b[^.?!]{0,40}\bcancer\b(?! (?:spread|came|is))",
    re.IGNORECASE,
)
# "What is tumor lysis syndrome", "what does neutropenia mean": and no more than that.
_WHAT_A_THING_IS = re.compile(
    r"(?:(?:hi|hello|please|so|and|can you tell me|tell me|explain) )*"
    r"(?:(?:what is|what's|whats|what are|what exactly is)(?: an?)?"
    r" (?P<is>(?!(?:my|his|her|the|our|their|this|that|it|these|those|best)\b)[\w' ]{3,40}?)"
    r"|what do(?:es)?(?: an?| being| having)?"
    r" (?P<means>(?!(?:my|his|her|the|our|their|this|that|it|these|those)\b)[\w' ]{3,40}?)"
    r" mean)(?: please| exactly| in cancer)?$"
)
_OF_CARE = re.compile(
    r"\b(?:\w+ (?:syndrome|marrow|disease)"
    r"|\w{3,}(?:emia|penia|osis|pathy|itis|edema|plasia|ectomy|ostomy|oscopy))\b"
)
_PREVENTS_CANCER = re.compile(
    r"\b(?:prevent\w*|avoid\w*|stop\w*|risk of)(?: \w+){0,3}"
    r" (?:cancer|tumou?rs?|it (?:from )?coming)\b",
    re.IGNORECASE,
)
_STATES = frozenset({"metastasis", "recurrence"})
_MOST_WORDS_OF_A_TERM = 12
_WHAT_IS = re.compile(
    r"\bwhat(?:'s| is| are| was)\b|\bmeans?\b|\bmeaning\b|\bhow do(?:es)?\b.*\bwork"
    r"|\bwhat (?:drugs?|medicines?)\b",
    re.IGNORECASE,
)
_EXPLAINED = (
    r"\b(?:what is|what's|whats|what are)(?: an?| the| meant by)? {}\b",
    r"\bwhat do(?:es)?(?: an?| the| being| having)? {}(?: \w+)? mean\b",
    r"\bhow do(?:es)?(?: an?| the)? {}(?: \w+)? (?:work|help)\b",
    r"\bhow (?:is|are)(?: an?| the)? {}(?: \w+)? (?:given|done)\b",
)


# "The stage" and "the biopsy" are somebody's.
_THING_EXPLAINED = (
    r"\b(?:(?:what is|what's|whats)(?: an?| meant by)?|what are|what do(?:es)?(?: an?)?"
    r"|how (?:is|are)(?: an?)?|what happens (?:in|during|at)(?: an?| the)?) {}"
    r"(?: scans?| tests?| exams?)?(?: means?| done| for| and how \w+ it \w+)?$"
)


def is_of_anybody(text: str) -> bool:
    """Whether a question that names no cancer has an answer for whoever has one.

    So have questions on what treatment does to people and what helps, on living with it, and
    those that ask what a drug is or a word means.
    """
    if tells_of_dying(text) and (_OF_CANCER.search(text) or understand(text).concepts):
        # What eases the last days is the same, and nobody is to be asked for more then.
        return True
    if _is_told_to_all(text):
        return True
    spoken = understand(text).concepts
    terms = [mention for mention in find_terms(text) if mention.term.kind in _IN_A_TERM]
    is_short = len(text.split()) <= _MOST_WORDS_OF_A_TERM
    if is_short and any(_is_the_same_for_all(text, each) for each in spoken):
        return True
    asked = wondered(text)
    if is_short and asked is not None and asked.thing not in POINTING:
        # Whether a mole is cancer doesn't depend on the cancer.
        return True
    if is_short and _is_a_definition(text, spoken):
        return True
    by_cancer = list(_asked_by_cancer(text, spoken, is_on_drug=bool(terms)))
    if (
        by_cancer
        or _ALWAYS_BY_CANCER.search(text)
        or not (terms or _OF_CANCER.search(text) or _treatments(spoken))
    ):
        return False
    if asks_what_may_be_done_meanwhile(text) and not any(_is_of_a_state(each) for each in spoken):
        return True
    if any(_is_of_anybody(each) for each in spoken) or _OF_ANY_TREATMENT.search(text):
        return True
    if terms:
        return is_short and _WHAT_IS.search(text) is not None
    named = [each for each in spoken if _is_named(each)]
    return is_short and any(_is_explained(text, " ".join(each.words)) for each in named)


def _is_told_to_all(text: str) -> bool:
    """Whether it asks for a doctor's worth, a test or an operation, what passes on, or a remedy.

    Nobody catches a cancer, a virus spreads as it does whatever it leads to, and what is known of
    a remedy that is praised as a cure is known of it for any cancer.
    """
    if care_explained(text) is not None or asked_remedies(text) is not None:
        return True
    return judges_somebody(text) or asks_if_it_passes_on(text)


def _is_a_definition(text: str, spoken: tuple[SpokenConcept, ...]) -> bool:
    """Whether it is only asked what a thing is that has to do with cancer, and not somebody's."""
    asked = _WHAT_A_THING_IS.match(" ".join(words(text)))
    if asked is None or any(each.concept.key in _BY_CANCER for each in spoken):
        return False
    thing = asked["is"] or asked["means"]
    return (_OF_CANCER.search(thing) or _OF_CARE.search(thing)) is not None


def _is_of_a_state(spoken: SpokenConcept) -> bool:
    return spoken.concept.kind is ConceptKind.STATE


def _asked_by_cancer(
    text: str, spoken: tuple[SpokenConcept, ...], *, is_on_drug: bool
) -> Iterator[SpokenConcept]:
    for each in spoken:
        key = each.concept.key
        told = _TOLD.get(key)
        is_told = told is not None and told.search(text) is not None
        if key in _OF_THE_CANCER_TOO:
            # How long an effect lasts and what to do about it, or what a regimen is made of.
            is_told = is_told and (is_on_drug or any(map(_is_of_anybody, spoken)))
        if key == "prevention" and any(map(_is_an_effect, spoken)):
            # One keeps one's hair, and prevents no cancer.
            is_told = _PREVENTS_CANCER.search(text) is None
        if key in _BY_CANCER and not is_told:
            yield each


def _is_an_effect(spoken: SpokenConcept) -> bool:
    return spoken.concept.kind is ConceptKind.EFFECT


def _is_of_anybody(spoken: SpokenConcept) -> bool:
    return spoken.concept.kind is ConceptKind.EFFECT or spoken.concept.key in _OF_ANYBODY


def _is_named(spoken: SpokenConcept) -> bool:
    return spoken.concept.kind is ConceptKind.TREATMENT or spoken.concept.key in _STATES


def _treatments(spoken: tuple[SpokenConcept, ...]) -> list[SpokenConcept]:
    return [each for each in spoken if each.concept.kind is ConceptKind.TREATMENT]


def _is_explained(text: str, name: str) -> bool:
    """Whether it is asked what something is, means or does: "what is immunotherapy"."""
    said = " ".join(words(text))
    return any(re.search(form.format(re.escape(name)), said) for form in _EXPLAINED)


def _is_the_same_for_all(text: str, spoken: SpokenConcept) -> bool:
    """Whether it is asked what one of these things is, and nothing more: "what is a biopsy"."""
    name = " ".join(spoken.words)
    if spoken.concept.key not in _THE_SAME_FOR_ALL:
        return False
    if spoken.concept.key in _BY_THEIR_NAMES and name not in spoken.concept.specific:
        return False
    asked = _THING_EXPLAINED.format(re.escape(name))
    return re.search(asked, " ".join(words(text))) is not None
