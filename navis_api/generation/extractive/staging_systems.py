"""Systems by which stages, grades and scores are given: they are no drugs, and no cancers.

Where a question names the stage by its number, the system goes without saying: pages on a cancer
tell of its stages without it. A letter or a score is told of where a source has it.
"""

import re

from navis_api.kit.text import words

_NAMES = (
    "ann arbor", "lugano", "figo", "tnm", "ajcc", "uicc", "dukes", "duke's", "binet", "rai",
    "r iss", "iss", "durie salmon", "clark", "clark's", "breslow", "bclc",
    "barcelona clinic", "child pugh", "pretext", "masaoka", "nottingham",
    "bloom richardson", "fuhrman", "ipss", "ipss r", "ecog", "karnofsky",
    "inrgss", "inss", "murphy",
)  # fmt: skip
# "What does Ann Arbor stage 2B mean": the number says it all.
_BEFORE_A_STAGE = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, _NAMES))})(?: (?:system|classification|staging))?"
    r"(?= stages? (?:[0-4]|i{1,3}|iv|zero|one|two|three|four)[abc]?\d?\b)"
)
_WORDS = frozenset(word for name in _NAMES for word in name.split())


def without_the_system(plain: str) -> str:
    """Return a question's plain words without the system whose numbered stage it names."""
    return " ".join(_BEFORE_A_STAGE.sub("", plain).split())


def is_of_a_system(name: str) -> bool:
    """Whether all words of a name are those of such a system."""
    said = words(name)
    return bool(said) and _WORDS.issuperset(said)
