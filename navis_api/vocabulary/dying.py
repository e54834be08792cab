"""Whether a text tells that somebody is dying: whom to call, and what is wanted, is then another.

Only what is told counts. Who asks whether someone is dying, or fears it, or feels like it, may be
in an emergency as anybody else, and so may who is very ill.
"""

import re

from navis_api.kit.text import american, fold

_WHO = (
    r"(?:he|she|they|husband|wife|partner|mother|father|mum|mom|mummy|mam|dad|daddy|son|daughter"
    r"|sister|brother|friend|aunt|uncle|gran\w*|nan|nana|cousin|child|baby|someone|somebody"
    r"|a person|people|patient|loved one|relative|who|neighbou?r)"
)
_OF_LIFE = r"(?:end[- ]of[- ]life|end of (?:his|her|their|my|our|the|this|a) li(?:fe|ves))"
_DISEASE = (
    r"(?:life|dying|\w*(?:cancer|oma|leukemia|disease|illness|tumou?r)"
    r"|(?:\w+ ){1,3}(?:cancer|tumou?r|leukemia|disease))\b"
)
_BEFORE_CARE = r"(?:in|on|into|under|at|from|by|with|for|near(?:ing)?|has|having|gets?|getting)"
_LAST = r"(?:last|final) (?:few )?(?:days|hours|weeks)"
_IS_TOLD = re.compile(
    # "Mum is dying", "my dad who's dying", "she is actively dying".
    rf"\b{_WHO}(?:'s| is| are|s)"
    r" (?:now |slowly |actively |really |sadly |peacefully |at home )*dying\b(?! (?:to|for)\b)"
    rf"|\b(?:my|our|a|the|her|his) dying (?:\w+ )?{_WHO}\b"
    rf"|\b{_BEFORE_CARE}(?: the)? {_OF_LIFE}\b"
    r"|\b(?:near(?:ing)?|approaching|close to|reach(?:ed|ing)) (?:the|his|her|their|my) end\b"
    r"(?! of (?!(?:(?:his|her|their|my|the|a) )?li))"
    # "In the last days" says when; "his last days", and those of a life or a disease, say of what.
    rf"|\b(?:his|her|their|my) (?:very )?{_LAST}\b(?! of (?!life))"
    rf"|\b{_LAST} (?:of|with) (?:(?:his|her|their|my|a|the) )?{_DISEASE}"
    r"|\b(?:days|hours|weeks) (?:left )?to live\b"
    r"|\b(?:has|have|only|just|with|got|had) (?:only |just )?(?:a few |a couple of )?"
    r"(?:days|hours|weeks) left\b(?! (?:of|until|till|before|in|on|to go))"
    r"|\b(?:not|hasn't|doesn't have|haven't)(?: \w+){0,2} long (?:left|to live|to go)\b"
    rf"|\b(?:{_BEFORE_CARE}|have|our|his|her|my|the)(?: \w+)? hospice\b"
    r"(?! (?:chaplain|job|volunteer))"
    r"|\bhospice (?:at home|care at home|nurse|team)\b"
    r"|\b(?:come|came|gone|sent|brought|taken|wants|wanted|chosen|chose|is|be) (?:back )?home"
    r" to die\b"
    r"|\b(?:comfort care|comfort measures) only\b|\bonly (?:on )?comfort care\b"
)
# What is asked, feared, wished or long past isn't so.
_NOT_TOLD = re.compile(
    r"(?:\b(?:if|whether|when|would|could|might|may|maybe|perhaps|think|thinks|thought|feels?"
    r"|feeling|looks?|seems?|sounds?|afraid|scared|fear(?:s|ed)?|worr(?:y|ied)|suppose|should|can"
    r"|will|before|until|isn't|aren't|not|died|passed away)"
    rf"(?: (?:that|as|though|if|like|in|he|she|they|(?:my|our|the|his|her|their)(?: {_WHO})?))*"
    rf"|\b(?:is|are|am|was) (?:(?:my|our|the|his|her|their) )?(?:{_WHO}|i|it|this|that)) ?$"
)
_MUST_NOT_FOLLOW = re.compile(r"^[^.!?]{0,20}\b(?:years ago|last year)\b")
# "What happens when someone is dying" asks of nobody in danger.
_IN_GENERAL = re.compile(r"\b(?:when|if|as) (?:someone|somebody|a person|people|a patient)\b")


def tells_of_dying(text: str) -> bool:
    """Whether a text says that somebody is dying, or is cared for at the end of their life."""
    said = american(fold(text)).replace("’", "'")
    return any(
        not _MUST_NOT_FOLLOW.search(said[found.end() :])
        and (
            not _NOT_TOLD.search(said[: found.start()])
            or _IN_GENERAL.search(said[: found.end()]) is not None
        )
        for found in _IS_TOLD.finditer(said)
    )
