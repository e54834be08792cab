"""Treatments that can't be had: what else there is is asked, and not what they are like."""

import re
from collections.abc import Collection

from navis_api.kit.text import words
from navis_api.vocabulary.understanding import Concept, ConceptKind, SpokenConcept, Understanding

_CANNOT = (
    r"(?:can'?t|can ?not|couldn'?t|could not|won'?t be able to|shouldn'?t|unable to|not able to)"
)
_HAVE = (
    r"(?:have|get|undergo|go through|receive|take|do|tolerate|cope with|face|stand|risk|survive)"
)
_GIVEN = r"be (?:given|offered|treated (?:with|by)|cured (?:with|by))"
_ANY = r"(?: (?:a|an|the|any|more|another|further|major|big|that|this|his|her|my|their|your))*"
_FIT = r"(?:fit|well|strong|healthy|suitable|eligible|a (?:\w+ )?candidate|right)"
_FRAIL = r"(?:frail|weak|old|ill|sick|unwell|poorly|unfit|fragile)"
# "My uncle can't have", "she isn't fit enough for", "he is too frail for".
_LEAD = (
    rf"(?:\b{_CANNOT} (?:{_HAVE}|{_GIVEN})"
    rf"|\b(?:not|isn'?t|aren'?t|wasn'?t|no longer|never) (?:\w+ )?{_FIT}(?: enough)?"
    rf" (?:for|to {_HAVE})"
    rf"|\btoo {_FRAIL}(?: and \w+)? (?:for|to {_HAVE})"
    r"|\b(?:ruled out|decided against|advised against|advised not to have"
    r"|(?:turned down|refused|rejected|unfit|unsuitable|ineligible) for))"
    rf"{_ANY}"
)
_BEFORE = re.compile(rf"{_LEAD}$")
# "Too weak for strong chemo": there is milder chemo.
_BEFORE_STRONG = re.compile(
    rf"{_LEAD}(?: (?:strong|stronger|strongest|intensive|intense|aggressive|harsh|heavy|full"
    r"|standard|normal|usual|high dose))+$"
)
MILDER_LABEL = "less intensive treatment"
MILDER = (
    "intensive", "less intensive", "low dose", "reduced intensity", "older adults", "not able to",
    "unable to", "cannot tolerate",
)  # fmt: skip
"""How sources write of those who can't have the strongest treatment."""
STRONGEST = ("high dose chemotherapy", "high dose chemo", "stem cell transplant")
"""What isn't for them."""
# "Surgery isn't an option for her".
_BEHIND = re.compile(
    r"^(?:therapy |treatment )?(?:(?:is|are|was|were|'s) (?:\w+ )?not|isn'?t|aren'?t|wasn'?t"
    r"|weren'?t) (?:\w+ )?"
    r"(?:an? (?:\w+ )?(?:option|possibility|choice)|possible|safe|suitable|advisable|feasible)\b"
    r"|^(?:therapy |treatment )?(?:is|are|was|were|has been|have been) (?:\w+ )?"
    r"(?:ruled out|out of the question|off the table|impossible|too (?:risky|dangerous|much))\b"
)
# Who asks for the reason is told that, and who asks whether it is so knows no more than that.
_ASKS_ABOUT_IT = re.compile(r"\bwhy\b|^(?:can'?t|couldn'?t|is|are|was|were)\b")

_UNDONE = (
    "cannot have {name}", "can't have {name}", "cannot receive {name}", "cannot take {name}",
    "cannot be treated with {name}", "not able to have {name}", "unable to have {name}",
    "not able to receive {name}", "not healthy enough for {name}", "not well enough for {name}",
    "not candidates for {name}", "not a candidate for {name}", "not eligible for {name}",
    "choose not to have {name}", "instead of {name}", "{name} is not possible",
    "{name} is not an option", "{name} cannot be done", "cannot be removed by {name}",
    "cannot be removed with {name}", "cannot be completely removed by {name}",
    "cannot be safely removed by {name}", "cannot tolerate {name}",
)  # fmt: skip
_NOT_OPERATED_ON = (
    "cannot be removed", "cannot be operated", "unresectable", "inoperable", "nonresectable",
    "cannot have radical",
)  # fmt: skip
# "Too ill to tolerate chemotherapy", "what are the alternatives" say no more than that.
_ALSO_SAYS_SO = frozenset({"tolerate", "alternative", "alternatives"})
NOT_OPERATED_ON = (
    *_NOT_OPERATED_ON, "locally advanced", "advanced", "metastatic", "metastasized", "spread",
    "stage iv",
)  # fmt: skip
"""How headings name what is mostly treated without an operation."""
_OPERATIONS = ("liver transplant", "kidney transplant", "lung transplant")


def withheld(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the treatments of which a question tells that somebody can't have them."""
    if _ASKS_ABOUT_IT.search(text):
        return []
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TREATMENT
        and (
            _BEFORE.search(" ".join(spoken_words[: spoken.first_word]))
            or _BEHIND.search(" ".join(spoken_words[spoken.first_word + len(spoken.words) :]))
        )
    ]


def withheld_if_strong(text: str, understood: Understanding) -> list[SpokenConcept]:
    """Return the treatments of which somebody can't have the strong kind."""
    spoken_words = words(text)
    return [
        spoken
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TREATMENT
        and _BEFORE_STRONG.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def says_so(understood: Understanding) -> list[SpokenConcept]:
    """Return what only says that something can't be had, or that there should be something else."""
    return [s for s in understood.concepts if _ALSO_SAYS_SO.issuperset(s.words)]


def written_without(treatment: Concept) -> tuple[str, ...]:
    """Return how sources write of those who can't have a treatment."""
    written = tuple(phrase.format(name=name) for phrase in _UNDONE for name in treatment.written)
    return written + (_NOT_OPERATED_ON if treatment.key == "surgery" else ())


def given_all_the_same(treatment: Concept) -> tuple[str, ...]:
    """Return how sources write that a treatment is given for another reason: to relieve."""
    told = ("types of {name}", "{name} may be", "palliative {name}", "{name} is used")
    return tuple(phrase.format(name=name) for phrase in told for name in treatment.written)


def names_of_withheld(treatments: Collection[Concept]) -> tuple[str, ...]:
    """Return how sources name treatments that can't be had, for lists to be told without them."""
    names = {name: None for treatment in treatments for name in treatment.written}
    if any(treatment.key == "surgery" for treatment in treatments):
        names |= dict.fromkeys(_OPERATIONS)
    return tuple(names)
