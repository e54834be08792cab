"""What the words around a stage, a state or a result make of it.

"Recurrent breast cancer" says for whom something holds; "may come back" says what may happen to
anybody, and "a test for HER2" what is looked for.
"""

import re
from typing import Final

# How far back words are read, within one sentence.
_REACH: Final = 110
# What may happen, is feared, looked for or prevented isn't where somebody's disease stands.
_NOT_YET = re.compile(
    r"\b(?:risks?|chances?|likelihood|odds|likely|prevent\w*|lower\w*|reduc\w*|avoid\w*"
    r"|(?:keep|stop)\w*|find\s+out|check\w*|look\w*\s+(?:for|at)|signs?\s+of|tests?\s+(?:for|to)"
    r"|tested|testing|detect\w*|whether|may|might|can|could|would|tends?|develop\w*"
    r"|how\s+(?:far|much)|return\s+of|watch\w*\s+for|monitor\w*|determin\w*|measur\w*"
    r"|shows?\s+(?:if|that))\b"
    r"[^.;:()]*$",
    re.IGNORECASE,
)
# "May be used to treat recurrent cancer": behind such words the disease is what is treated.
_TREATED = re.compile(
    r"\b(?:treat\w*|used\s+(?:for|in)|therapy\s+(?:for|of)|options?\s+for|approved\s+for|given\s+(?:for|to)"
    r"|(?:people|patients|women|men|adults|those|someone|anyone)\s+(?:with|who|whose)"
    r"|if|when|unless|except|for|in)\b(?!\s+(?:the\s+)?(?:risk|chance)s?\b)[^.;:]*$",
    re.IGNORECASE,
)
_EXCEPTED = re.compile(
    r"\b(?:unless|except(?:ing)?(?:\s+(?:for|in|when|if|that))?|other\s+than|excluding|but\s+not"
    r"|apart\s+from)\b[^.;]*$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|isn['’]t|aren['’]t|wasn['’]t|never|neither|nor|don['’]t|doesn['’]t)\s+"
    r"(?:(?!only\b)[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
# "Neither MSI-H nor dMMR", "not microsatellite instability-high", "without".
_NONE_OF = re.compile(
    r"\b(?:not|isn['’]t|aren['’]t|neither|nor|without|non)\b(?![^.;:]*\b(?:but|only|or\s+not)\b)"
    r"(?:\s*-)?\s*(?:(?:have|has|a|any|is|are|be|known|to|microsatellite)\s+){0,4}$"
    r"|\b(?:neither|not|without)\b[^.;:,]{0,40}\b(?:nor|or)\s+$",
    re.IGNORECASE,
)
_CLAUSE_STARTS = re.compile(
    r"[,;]\s+(?:and|but|while|whereas|although|so)\b|[;:]|\s(?:while|whereas|but|although)\s",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whether|unless|depend\w*|based\s+on|whose|(?:for|in|to|of|as|with)\s+(?:some\s+|many\s+"
    r"|most\s+)?(?:people|patients|women|men|adults|those|cancers?|tumou?rs?|disease)"
    r"|(?:people|patients|women|men|adults|those|cancers?|tumou?rs?|leuka?emia|lymphoma|melanoma|sarcoma)"
    r"\s+(?:with|who|that))\b",
    re.IGNORECASE,
)


def is_not_yet(text: str, start: int) -> bool:
    """Whether what begins at `start` only may be, is looked for, or is to be prevented."""
    before = _before(text, start)
    found = _NOT_YET.search(before)
    return found is not None and _TREATED.search(before, found.end(0) - len(found[0])) is None


def is_excepted(text: str, start: int) -> bool:
    """Whether it stands behind an "unless" or an "except in", in the same clause."""
    return _EXCEPTED.search(_before(text, start)) is not None


def is_denied(text: str, start: int) -> bool:
    """Whether it stands right behind a "not"."""
    return _DENIED.search(text[max(0, start - 40) : start]) is not None


def is_none_of(text: str, start: int) -> bool:
    """Whether it stands behind a "not", a "without" or a "neither", alone or in a list."""
    return _NONE_OF.search(text[max(0, start - 70) : start]) is not None


def is_conditional(text: str) -> bool:
    """Whether a statement says by itself that it holds for some people, or if something is so."""
    return _CONDITIONAL.search(text) is not None


def _before(text: str, start: int) -> str:
    before = text[max(0, start - _REACH) : start]
    clauses = list(_CLAUSE_STARTS.finditer(before))
    return before[clauses[-1].end() :] if clauses else before
