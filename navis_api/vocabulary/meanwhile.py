"""Whether a text asks what one may do while one is treated: drink, fly, dye one's hair."""

import re

_MAY = (
    r"(?:can|could|should|may|is it (?:\w+ )?(?:safe|ok|okay|all right|alright|fine|bad|dangerous)"
    r"|(?:am|is|are) (?:i|he|she|we|they) allowed)"
)
_WHILE = (
    r"(?:during|on|between|while (?:(?:i'?m|he'?s|she'?s|they'?re|i am|he is|she is) )?"
    r"(?:on|having|getting|receiving|undergoing))"
)
_TREATED = r"(?:chemo\w*|radi(?:ation|otherapy)|immunotherapy|hormone therapy|treatments?)"
_MEANWHILE = re.compile(
    rf"\b{_MAY}\b[^.?!]*\b{_WHILE} (?:(?:my|his|her|the|cancer) )*{_TREATED}\b", re.IGNORECASE
)


def asks_what_may_be_done_meanwhile(text: str) -> bool:
    """Whether a text asks what is safe during treatment, whatever is treated."""
    return _MEANWHILE.search(text) is not None
