"""Who is dying stops eating and drinking, and who tells that of them tells of no wish to die.

The words are those of despair, "he doesn't want to drink any more", and nothing is wished but a
glass less. Only where somebody is told to be dying, and of another person than the asker.
"""

import re

from navis_api.vocabulary.dying import tells_of_dying

_TAKES = (
    r"(?:eat|drink|swallow|have (?:any )?(?:food|water|drinks?)|take (?:any )?(?:food|fluids?))"
)
_NO_LONGER_WANTS = re.compile(
    r"\b(?P<who>he|she|they|mum|mom|mam|dad|mother|father|husband|wife|partner|son|daughter|brother"
    r"|sister|gran\w*|nan|uncle|aunt|friend) "
    r"(?:(?:does|do|did) ?n[o'’]?t|does not|do not|no longer) wants? (?:to )?"
    rf"(?P<takes>{_TAKES}(?: (?:or|and|nor) {_TAKES})?)"
    r"(?: (?:or drink|anything|much|a thing|at all))*(?: any ?more| any longer| now)?"
    # "... or live", "... and wants it to be over" is told to be heard.
    r"(?=\s*(?:[.!?,;]|$))(?!\s*,?\s*(?:or|and|nor) (?!(?:what|how|is|should|can|do)\b))",
    re.IGNORECASE,
)


def without_waning_thirst(text: str) -> str:
    """Return a text in which who is told to be dying only no longer eats or drinks."""
    if not tells_of_dying(text):
        return text
    return _NO_LONGER_WANTS.sub(lambda found: f"{found['who']} refuses water", text)
