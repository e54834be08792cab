"""Instructions to a machine, hidden in a question or in the text of a source.

Nobody who asks about cancer says "ignore your instructions", and no page on cancer talks
to the program that reads it. What does is never followed: a question is declined with a
kind word, and a passage is left unquoted. The wording follows the attacks that the OWASP
Top 10 for LLM Applications (LLM01:2025, prompt injection) describes.
"""

import re
import unicodedata

from navis_api.kit.text import fold

# Gaps are bounded, so that the time grows with the length of the text and no faster.
_FROM_US = r"(?:all|any|your|the|these|those|previous|prior|earlier|above|system|safety|hidden)"
_ORDERS = (
    r"(?:instructions?|prompts?|rules|guidelines|guardrails|directi(?:ons|ves?)|polic(?:y|ies)"
    r"|restrictions?|filters|programming|training|safety checks?)"
)
_SECRETS = (
    r"(?:(?:system|hidden|initial|secret|full|original|developer) (?:prompt|message|instructions?)"
    r"|your (?:\w+ )?(?:prompt|instructions|rules|configuration|guidelines|tools)"
    r"|developer message|api keys?|database password|training data"
    r"|(?:text|words|lines?|everything|message) (?:above|before this))"
)
_NAMED_SECRETS = (
    r"(?:(?:system|hidden|secret|developer) (?:prompts?|instructions?)"
    r"|your (?:\w+ )?(?:prompt|configuration)"
    r"|your (?:hidden|secret|initial|original|internal|own) (?:instructions|rules|guidelines))"
)
"""What nobody but a machine has: a clinic has instructions and rules, and no prompt."""
_SENTENCE_START = r"(?:^|[.!?;:\n>\]\u2013\u2014-]\s*)"
_ROLE = r"(?:dan|a|an|my|the|in|no longer|free|unrestricted|jailbroken|called|playing)"
_MASKS = (
    r"(?:if you (?:were|are|had)|an? (?:unlicensed|unrestricted|uncensored|evil|ai|pirate|linux"
    r"|doctor|hacker|lawyer|human|travel agent|character)|dan\b|my (?:late|dead|grand))"
)
_SMUGGLED = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"\b(?:ignor\w+|disregard\w*|forget|overrid\w+|bypass|discard|drop|cancel|delete)\b"
            rf"[^.?!\n]{{0,20}}\b(?:your|previous|prior|earlier|above|system|safety)\b"
            rf"[^.?!\n]{{0,20}}\b{_ORDERS}"
        ),
        (
            rf"\b(?:ignore|disregard|forget|override|bypass) (?:{_FROM_US} ){{0,3}}{_ORDERS}\b"
            r"(?: (?:and|then|now)\b|[.!:;,]|$)"
        ),
        (
            r"\b(?:ignore|disregard|forget|delete) (?:everything|all|anything|what(?:ever)?)\b"
            r"[^.?!\n]{0,30}\b(?:above|before|earlier|previously|you were told|been told"
            r"|question)\b"
        ),
        r"\b(?:ignore|disregard|forget) (?:the |all )?(?:above|question \d|the foregoing)\b",
        (
            r"\b(?:do not|don't|dont|never|stop) (?:follow\w*|obey\w*) [^.?!\n]{0,20}"
            rf"\b{_ORDERS}"
        ),
        (
            rf"\b(?:print|show|reveal|repeat|output|leak|dump|display|give|tell|list|encode|copy|send"
            rf"|share|paste|append|translate|what(?:'s| is| are| were))\b[^.?!\n]{{0,30}}{_SECRETS}"
        ),
        # Grief and bedtime stories are pretexts too: nobody's gran had a system prompt.
        (
            r"\b(?:read\w*|recit\w+|sing\w*|sang|whisper\w*|said|say\w*|typ\w+|writ\w+|wrote"
            r"|spell\w*|remind\w*|quot\w+|describ\w+|summari[sz]\w+|see|hear\w*|know|told|telling"
            rf"|tells|love[ds]?|miss\w*|have|share[ds]?|need|want)\b[^.?!\n]{{0,40}}\b{_NAMED_SECRETS}"
        ),
        (
            r"\b(?:used to|would always|always) (?:read|tell|sing|recite|whisper|say|show)\b"
            rf"[^.?!\n]{{0,40}}\b{_SECRETS}"
        ),
        r"\b(?:her|his|its|an? ai'?s?|the (?:ai|bot|model|machine)'?s) system prompts?\b",
        (
            r"\b(?:everything|text|words|lines?) (?:above|before) [^.?!\n]{0,20}"
            r"(?:word for word|verbatim)"
        ),
        (
            rf"{_SENTENCE_START}(?:and )?(?:you(?:'re| are)|u r) now {_ROLE}\b(?! (?:cancer"
            r"|survivor|patient))"
        ),
        (
            r"\byou(?:'re| are) (?:now (?:dan|an? (?:pirate|travel agent|lawyer|hacker|ai|un\w+))"
            r"|no longer (?:navis|an? (?:assistant|medical|bot|ai)))\b"
        ),
        r"\bfrom (?:now|here) on,? (?:you|please|answer|respond|reply|speak|talk|act|always)\b",
        rf"\b(?:act|behave|speak|talk|respond|reply|answer)\b[^.?!\n]{{0,20}} (?:as|like) {_MASKS}",
        (
            r"\b(?:answer|reply|respond|speak|talk) (?:only )?(?:in|like|as) (?:a |an )?"
            r"(?:pirate|emojis?|yoda|base64)"
        ),
        (
            r"\bpretend (?:that )?(?:you(?:'re| are| have| were)|to be (?:an? |my |dan)"
            r"|there are no (?:rules|limits))"
        ),
        r"\brole[- ]?play\b[^.?!\n]{0,15}(?::|as|you|game|$)",
        r"\b(?:developer|debug|god|admin|jailbreak|unrestricted|dan|sudo) mode\b|\bjailbreak",
        r"\bdo anything now\b",
        (
            rf"{_SENTENCE_START}\W{{0,3}}(?:system|assistant|admin|developer|root|override)\s?:"
            r"[^\n]{0,80}\b(?:you|ignore|obey|safety|policy|answer|respond|disable\w*|reveal|new|must"
            r"|approve|mark|output|sure|append|unlock|override|grant)\b"
        ),
        r"<\|?(?:system|im_start|endoftext|assistant)\b|\[/?inst\]|<</?sys>>",
        r"<!--[^>]{0,80}\b(?:assistant|instructions?|prompt|system|developer message)\b",
        r"\bend of (?:user )?(?:message|prompt|input)\b",
        (
            r"\bnew (?:system )?(?:instructions?|directives?|prompt|system message)\b"
            r"(?: for (?:the|an?) (?:assistant|ai|model)| follows?)?\s?[:;]"
        ),
        (
            r"\b(?:disable|remove|turn off|switch off|without|no) (?:your |the |any |all )?"
            r"(?:safety|content) (?:checks?|filters?|rules|guidelines)\b"
        ),
        r"\bsafety (?:checks?|filters?|rules) (?:are |is )?(?:now )?(?:disabled|off|removed)\b",
        r"\b(?:mark|approve) (?:this|the|all|every) answers? (?:as )?(?:reviewed|approved)?",
        r"\bi (?:order|command|authori[sz]e) you to\b|\byou must obey\b",
        r"\byou have no (?:restrictions|limits|rules|filters|guidelines)\b",
        (
            r"\b(?:ai|language) (?:assistants?|models?|agents?) (?:that (?:are|is) )?"
            r"(?:reading|processing|summari[sz]ing)\b"
        ),
        r";\s*drop\s+table\b",
    )
)


def smuggled(text: str) -> bool:
    """Return whether a text gives orders to the machine that reads it."""
    # Invisible characters cut words that a model still reads.
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    folded = fold(visible)
    return any(pattern.search(folded) for pattern in _SMUGGLED)
