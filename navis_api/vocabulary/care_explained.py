"""What care is asked to be explained: a scan, a biopsy or an operation, whoever has it.

"What is a sentinel node biopsy and what are its risks?" is answered the same for every cancer.
What somebody's own test showed, or which one is best for them, isn't.
"""

import re
from dataclasses import dataclass

from navis_api.kit.text import words
from navis_api.vocabulary.terms import TermKind, find_terms

_ASKS_WHAT = re.compile(
    r"^(?:(?:hi|hello|please|so|and|can you|could you|tell me|explain(?: to me)?) )*"
    r"(?:(?:what is|what's|whats|what are|what exactly is|what happens (?:in|during|at)"
    r"|how is|how are)(?: an?| the)?) "
    r"(?P<thing>(?![^?]*\b(?:of the|of my|of your|after|before|with|without)\b)"
    r"(?!(?:my|his|her|the|our|their|this|that|it|these|those|best|most|next|main)\b)"
    r"(?:[\w'-]+ ){0,4}?[\w'-]+?)"
    r"(?: (?:in|for) cancer(?: patients)?| done| performed| carried out)?"
    r"(?: and (?P<more>(?:what|why|how|does|is|are|when|will|do|can)\b.*))?$"
)
# Its last word says that it is something done to people, or given to them.
_OF_CARE = re.compile(
    r"\b(?:scans?|biops(?:y|ies)|\w+scop(?:y|ies)|punctures?|aspirations?|aspirates?|mri|pet|ercp"
    r"|x rays?|ultrasounds?|mammograms?|dissections?|transplants?|transfusions?|catheters?"
    r"|stents?|drains?|ports?|picc lines?|infusions?|\w{3,}(?:ectomy|ectomies|ostomy|ostomies"
    r"|centesis|plasty)|blood tests?|(?:tumou?r|cancer) markers?|genetic tests?|biomarker tests?"
    r"|ablations?|embolizations?|brachytherapy|clinical trials?)$"
)
# What comes next, how it will go and for whom depends on the cancer.
_BY_CANCER = re.compile(
    r"\b(?:my|his|her|our|their (?:cancer|tumou?r|stage)|stages?|surviv\w+|prognosis|outlook"
    r"|cured?|treatments? (?:for|of) )\b"
)

_ON_RISKS = re.compile(r"\b(?:risks?|side effects?|dangers?|dangerous|complications?|harms?)\b")


@dataclass(frozen=True, slots=True)
class CareExplained:
    """What is asked first ("what is a biopsy"), and what of it besides ("what are its risks")."""

    question: str
    more: str

    @property
    def asks_risks(self) -> bool:
        """Whether its risks or side effects are asked for as well."""
        return _ON_RISKS.search(self.more) is not None


def care_explained(text: str) -> CareExplained | None:
    """Return what care a question asks to be explained, where it asks no more than about that."""
    said = " ".join(words(text))
    asked = _ASKS_WHAT.match(said)
    if asked is None or _BY_CANCER.search(asked["more"] or ""):
        return None
    thing = asked["thing"]
    if _OF_CARE.search(thing) is None and not any(
        mention.term.kind is TermKind.TEST for mention in find_terms(thing)
    ):
        return None
    more = asked["more"] or ""
    return CareExplained(said.removesuffix(f" and {more}"), more)
