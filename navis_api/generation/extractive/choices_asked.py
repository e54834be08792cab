"""Treatment or comfort: what is weighed against each other is told of both."""

import re

from navis_api.vocabulary.understanding import ConceptKind, Understanding

_OR = re.compile(r"\b(?:or|instead(?: of)?|rather than|versus|vs)\b")
_NEAR_THE_END = re.compile(
    r"\b(?:end of (?:\w+ )?(?:life|lives)|near(?:ing|s)? (?:the|his|her|their|my) end|end stage"
    r"|dying|dies?|death|hospices?|terminal\w*"
    # "Last week" is the one before this.
    r"|(?:last|final) (?:days|weeks|months|hours|stages?)"
    r"|nothing (?:more|left|works|else)|(?:days?|weeks?|not long|how long|months?) (?:to live|left)"
    r"|(?:stop\w*|no more|end|ending|quit\w*|without) (?:\w+ )?treatments?)\b"
)
END_OF_LIFE = (
    "end of life", "nearing the end", "near the end", "last days", "last weeks", "last hours",
    "final days", "dying", "death", "hospice",
)  # fmt: skip
"""How sources write of what nobody wants to read who hasn't asked about it."""


def weighs_comfort(text: str, understood: Understanding) -> bool:
    """Whether a question weighs a treatment against being kept comfortable."""
    is_treated = "treatment" in understood.keys or any(
        spoken.concept.kind is ConceptKind.TREATMENT for spoken in understood.concepts
    )
    return is_treated and "palliative" in understood.keys and _OR.search(text) is not None


def is_near_the_end(text: str) -> bool:
    """Whether a question speaks of the end of somebody's life."""
    return _NEAR_THE_END.search(text) is not None
