"""Words that are put around a sentence and weigh little, but say what its source doesn't.

"For you", "for good", "good news", "doctors know that": each word of these is general, so that
none is missed, and together they promise, or speak to one patient.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from navis_api.generation.grounding.verdicts import Reason, ReasonKind


@dataclass(frozen=True, slots=True)
class _Addition:
    """What may be added, and what its evidence has to have for it."""

    said: str
    given: str

    def stands(self, text: str, evidence: str) -> bool:
        """Whether a text adds nothing of the kind that its evidence hasn't got."""
        if not re.search(self.said, text, re.IGNORECASE):
            return True
        return re.search(self.given, evidence, re.IGNORECASE) is not None


_ADDITIONS = (
    _Addition(r"(?:^|[,;:] ?)(?:for|in) you(?:r case|r situation)?\b,?", r"\byou\b"),
    _Addition(
        r"\bfor (?:good|ever)\b|\bforever\b|\bonce and for all\b",
        r"\bfor (?:good|ever|life|always)\b|\bforever\b|\bpermanent|\blife-?long\b|\bnever\b",
    ),
    _Addition(
        r"(?<!not )(?<!n['’]t )\b(?:fully|completely|entirely|totally|perfectly|wholly)\b",
        r"\b(?:full|complet|entire|total|whol|all\b|perfect|every|any\b)",
    ),
    _Addition(
        r"[,;] (?:which|and) (?:it )?(?:really )?"
        r"(?:works?|helps?|is (?:good|safe|effective|best|easy))(?: well)?[.!]?$",
        r"\b(?:work|help|effective|benefi|good\b|safe|best\b|eas|success)",
    ),
    _Addition(
        r"\b(?:doctors|experts|scientists|researchers|we|everyone|everybody)"
        r" (?:all )?(?:know|agree|are (?:sure|certain))\b",
        r"\b(?:know|agree|sure\b|certain|consensus)",
    ),
    _Addition(
        r"\b(?:good|great|best|happy|wonderful|bad) news\b|\b(?:fortunately|luckily|happily)\b",
        r"\b(?:news\b|fortunate|luck|happ(?:y|il))",
    ),
    _Addition(
        r"\b(?:easily|at any time|in no time|without (?:any )?problems?)[.!]?$",
        r"\b(?:eas|any ?time|quick|simpl|problem)",
    ),
    _Addition(
        r"\b(?:it|that|this) is (?:a )?(?:fact|true|certain|proven)\b",
        r"\b(?:fact|true|certain|pro[vo])",
    ),
)


def added(text: str, cited: Iterable[str]) -> Reason | None:
    """Return a reason where a claim adds such words, and nothing that it cites has their like."""
    evidence = " ".join(cited)
    if all(addition.stands(text, evidence) for addition in _ADDITIONS):
        return None
    return Reason(ReasonKind.NOT_SAID, "words around it")
