"""Whether words say what isn't so, or isn't to be done."""

import re

_DENYING = re.compile(
    r"\b(?:not|no|never|nor|none|neither|cannot|\w+n[’']t|without|avoid\w*|rarely|unlikely|false"
    r"|untrue|wrong|myths?|misconceptions?|rumou?rs?)\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether a text denies anything: what stands in it, or below it, may not be so."""
    return _DENYING.search(text) is not None
