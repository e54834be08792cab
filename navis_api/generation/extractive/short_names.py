"""Short names of diseases: "the prognosis for CMML" is no statement on polycythemia vera.

Pages on several diseases name each by its letters, of which the catalogue doesn't know all.
"""

import re
from collections.abc import Iterable

from navis_api.kit.text import fold

# Where a disease stands, so that no test or gene is taken for one.
_OF_A_DISEASE = re.compile(
    r"\b(?i:prognosis|outlook|treatments?|options|symptoms|signs|risk factors|stages?|types?)"
    r"(?: \w+){0,3} (?:for|of) (?P<letters>[A-Z]{3,})s?\b"
)


def names_another_by_letters(text: str, own_names: Iterable[str]) -> bool:
    """Whether a statement is on a disease whose letters none of these names has in their order."""
    found = {match["letters"].lower() for match in _OF_A_DISEASE.finditer(text)}
    folded = [fold(name) for name in own_names]
    return any(not any(_has_letters(name, letters) for name in folded) for letters in found)


def _has_letters(name: str, letters: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
