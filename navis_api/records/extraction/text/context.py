"""What a text says about a mention: whether it holds, of whom, and of when.

The method is that of NegEx and ConText (Chapman 2001, Harkema 2009): words before and after a
mention, within its clause, turn it. The lists are ours, for reports of oncology.
"""

import re
from typing import Final

from navis_api.records.extraction.findings import Assertion, Temporality
from navis_api.records.extraction.text.passages import Passage, SectionKind

_CLAUSE_ENDS = re.compile(
    r"\b(?:but|however|although|though|except(?:\s+for)?|aside\s+from|apart\s+from|other\s+than"
    r"|otherwise|because|which|who|while|whereas|yet|despite|with\s+(?:known|a\s+history))\b|;|:\s",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no(?!\s+(?:change|longer|doubt|increase|further|significant\s+change|change))|without"
    r"|denie[sd]|denying|negative\s+(?:for|of)|free\s+of|free\s+from|absence\s+of"
    r"|never\s+(?:had|been)"
    r"|neither|nor|rule[sd]\s+out|excluded|unlikely(?:\s+to\s+(?:be|represent))?|lack\s+of|lacks"
    r"|(?:not|n't)\s+(?:show|demonstrate|reveal|have|had|has|see|identify|contain|consistent"
    r"|suggest"
    r"|suspicious|felt|thought|find|found|diagnosed|known|appear|represent|indicate|be|been|to\s+be"
    r"|involve|confirm)\w*|(?:is|was|are|were)\s+not|non-?diagnostic\s+for|negative\s+workup\s+for"
    r"|fail(?:s|ed)\s+to\s+(?:show|demonstrate|reveal|identify)|benign)\b",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[^.;]{0,50}?\b(?:(?:is|was|are|were|has\s+been|have\s+been)\s+)?(?:not\s+(?:seen|identified"
    r"|found|present|detected|noted|appreciated|demonstrated|evident|involved|observed)"
    r"|ruled\s+out|excluded(?!\s+from)|absent|unlikely)\b"
    r"|^\s*(?::|=|-|–|is|was|are|were)?\s*(?:negative|absent|none|not\s+identified|no)\b"
    r"(?!\s+(?:margin|node|for\s+(?:her|er|pr|egfr|alk|kras|braf)))",
    re.IGNORECASE,
)
_OPEN_BEFORE = re.compile(
    r"\b(?:suspicious\s+(?:for|of)|suspicion\s+(?:for|of)|suspicious|concerning\s+for"
    r"|concerns?\s+(?:for|of|about|that)|concerned\s+(?:about|for|that)|possibl[ey]"
    r"|possibility\s+of"
    r"|probabl[ey]|questionable|question\s+of|(?:cannot|can\s*not|can't|could\s+not)\s+(?:be\s+)?"
    r"(?:exclude|rule\s+out|completely\s+exclude)d?|(?:could|may"
    r"|might)\s+(?:well\s+)?(?:represent|be"
    r"|have|also\s+represent|indicate)|versus|vs|differential(?:\s+diagnosis)?\w*|suspect(?:ed|s)?"
    r"|worrisome\s+for|suggest(?:ive|s|ing|ed)(?:\s+of)?|rule\s+out|r/o|to\s+exclude"
    r"|(?:evaluat\w+|assess\w*|screen\w*|check\w*|look\w*|search\w*|monitor\w*|surveillance"
    r"|work-?up|test\w*|investigat\w+|biops\w+)\s+(?:for|of)|risks?\s+(?:of|for"
    r"|factors?\s+for)|at\s+risk"
    r"|chances?\s+of|presum(?:ed|ptive)|likely|potential(?:ly)?|if|in\s+case\s+of|prevent\w*"
    r"|predispos\w*|fear(?:s|ed|ful)?(?:\s+of)?|worried\s+about|unclear\s+(?:if|whether)|whether"
    r"|information\s+(?:on|about)"
    r"|literature\s+on|prophyla\w+|reduce\s+the|incidence\s+of|development\s+of|high[\s-]risk\s+for"
    r"|atypical|borderline|precursor)\b",
    re.IGNORECASE,
)
# What is shown by tissue holds, whatever was suspected before it in the sentence.
_SETTLED = re.compile(
    r"\b(?:consistent\s+with|compatible\s+with|confirm\w*|reveal\w*|show(?:s|ed|ing)"
    r"|diagnos\w+|proven"
    r"|positive\s+for|prove[nd]?\s+to\s+be|turned\s+out|returned|found\s+to\s+have)\b",
    re.IGNORECASE,
)
_OPEN_AFTER = re.compile(
    r"^[^.;]{0,30}?\b(?:(?:cannot|can\s*not|could\s+not)\s+be\s+(?:excluded|ruled\s+out)"
    r"|not\s+(?:be\s+)?excluded|(?:is|was)\s+(?:suspected|possible|considered)"
    r"|should\s+be\s+considered"
    r"|is\s+(?:a\s+)?(?:concern|possibility)|needs?\s+to\s+be\s+excluded"
    r"|remains?\s+(?:a\s+)?possib\w+)"
    r"|^\s*(?:versus|vs\.?)\s|^\s*(?:screening|prevention|risk|syndrome|gene|antigen|society|center"
    r"|clinic|institute|survivors|support\s+group|awareness|protocol|markers?|foundation|\?)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:\?|\bquery)\s?$", re.IGNORECASE)
_KIN = re.compile(
    r"\b(?:(?:grand|step)?(?:mother|father|parents?)|mom|dad|sisters?|brothers?|siblings?"
    r"|aunts?|uncles?"
    r"|cousins?|nieces?|nephews?|daughters?|sons?|wife|husband|spouse|relatives?|grandparents?"
    r"|family\s+(?:history|members?)|maternal|paternal|first[\s-]degree|half-?(?:sister|brother)"
    r"|twin)\b",
    re.IGNORECASE,
)
_KIN_AS_WITNESS = re.compile(
    r"^(?:'s|’s)?\s+(?:and\s+\w+\s+|both\s+|also\s+)?(?:reports?|reported|states?|stated"
    r"|notes?|noted|says?|said"
    r"|is\s+(?:here|present|with|at|very)|was\s+(?:present|with)|accompan\w+|brought|agree\w*"
    r"|understand\w*"
    r"|asks?|asked|are|were|had\s+a\s+very|has\s+had\s+a\s+cold|has\s+a\s+cold|who\s+(?:is"
    r"|was)\s+(?:present|here|with)"
    r"|about|regarding|feels?|wish\w*|want\w*|elect\w*|decid\w*|prefer\w*|on\s+the\s+phone)\b",
    re.IGNORECASE,
)
_WITH_KIN = re.compile(
    r"\b(?:with|and|by|to|from|lives?\s+with|discussed\s+with|his|her)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_PATIENT = re.compile(r"\b(?:patient|pt|she|he|mr|mrs|ms|i|we)\b", re.IGNORECASE)
_ILL_KIN = re.compile(
    r"\b(?:had|has|with|died|of|diagnosed|history|from|deceased|passed|positive|significant"
    r"|age[d]?)\b",
    re.IGNORECASE,
)
_HISTORY_BEFORE = re.compile(
    r"\b(?:history\s+of|h/o|hx\s+of|prior|previous(?:ly)?|past|remote|former|status[\s-]post|s/p"
    r"|years?\s+ago|in\s+remission|treated\s+in|diagnosed\s+in)\b",
    re.IGNORECASE,
)
_NO_HISTORY = re.compile(r"\bfamil\w+\s+history\b", re.IGNORECASE)
_BREATH: Final = 160


def assertion_of(passage: Passage, start: int, end: int) -> Assertion:
    """Return whether the text says that what stands at `start` to `end` holds for the patient."""
    first, last = passage.sentence_at(start)
    before = passage.text[max(first, start - _BREATH) : start]
    after = passage.text[end:last]
    if is_of_family(passage, start, end):
        return Assertion.FAMILY
    clause = _clause(before)
    # "Cannot be excluded" is no exclusion.
    if _OPEN_AFTER.match(after) or _ASKED.search(before):
        return Assertion.UNCERTAIN
    if _last_is(_DENIED_BEFORE, _SETTLED, clause) or _DENIED_AFTER.match(after):
        return Assertion.ABSENT
    if _last_is(_OPEN_BEFORE, _SETTLED, clause):
        return Assertion.UNCERTAIN
    return Assertion.PRESENT


def is_of_family(passage: Passage, start: int, end: int) -> bool:
    """Tell whether a mention is said of a relative."""
    if passage.section_at(start) is SectionKind.FAMILY:
        return True
    first, last = passage.sentence_at(start)
    sentence = passage.text[first:last]
    for kin in _KIN.finditer(sentence):
        if first + kin.start() >= end:
            between = passage.text[end : first + kin.start()]
            if (
                re.search(r"\b(?:in|of|for)\s+(?:\w+\s+){0,2}$", between)
                and len(between) < _BREATH // 3
            ):
                return True
            continue
        if _KIN_AS_WITNESS.match(sentence, kin.end()):
            continue
        between = passage.text[first + kin.end() : start]
        if _PATIENT.search(between) and not _ILL_KIN.search(
            between.split()[0] if between.split() else ""
        ):
            continue
        if _ILL_KIN.search(between) or kin.group().lower().startswith("family"):
            return True
        # Notes leave the verb out, as in "brother prostate ca".
        if not between.strip(" :-(") and kin.group().lower() not in {"maternal", "paternal"}:
            return True
    return False


def temporality_of(passage: Passage, start: int) -> Temporality:
    """Return whether the text speaks of something earlier."""
    first, _ = passage.sentence_at(start)
    clause = _clause(passage.text[max(first, start - _BREATH) : start])
    if passage.section_at(start) is SectionKind.PAST:
        return Temporality.HISTORICAL
    if _HISTORY_BEFORE.search(clause) and not _NO_HISTORY.search(clause):
        return Temporality.HISTORICAL
    return Temporality.CURRENT


def _clause(before: str) -> str:
    ends = [found.end() for found in _CLAUSE_ENDS.finditer(before)]
    return before[ends[-1] :] if ends else before


def _last_is(turning: re.Pattern[str], settling: re.Pattern[str], clause: str) -> bool:
    turns = [found.start() for found in turning.finditer(clause)]
    if not turns:
        return False
    settles = [found.start() for found in settling.finditer(clause) if found.start() > turns[-1]]
    # "Not consistent with" turns what it seems to settle.
    return not settles or settles[-1] - turns[-1] <= len("does not ")
