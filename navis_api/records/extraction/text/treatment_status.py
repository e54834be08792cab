"""How far a treatment has come, as the words about it say: given, planned, declined, considered."""

import re
from typing import Final

from navis_api.records.extraction.findings import Assertion, TreatmentStatus
from navis_api.records.extraction.text.context import assertion_of
from navis_api.records.extraction.text.passages import Passage, SectionKind

_S = TreatmentStatus

# In the order in which they are asked: what was declined isn't planned, what is hoped isn't given.
_CUES: Final[tuple[tuple[TreatmentStatus, str, str], ...]] = (
    (
        _S.DECLINED,
        (r"\b(?:declin\w+|refus\w+|not\s+interested\s+in|(?:does|did)\s*(?:not|n't)\s+(?:want"
            r"|wish)|opted\s+(?:against|out\s+of)|elected\s+not"
        r"|deferred\s+(?:by|on)|against)\b"),
        r"^[^.;]{0,60}?\b(?:declined|refused)\b",
    ),
    (
        _S.CANCELLED,
        (r"\b(?:cancel\w+|never\s+(?:received|had|started|got|took)|(?:did|has|have|had|was"
            r"|were|is)\s*(?:not|n't)\s+(?:yet\s+)?(?:receive\w*|had|have|start\w*|given|get"
            r"|treated|undergo\w*|been"
        r"|require\w*|need\w*|a\s+candidate\s+for)|not\s+(?:a\s+)?candidate\s+for"
            r"|no\s+(?:prior|previous|history\s+of|need\s+for|role\s+for|indication\s+for|further"
            r"|additional"
        r"|adjuvant|evidence\s+for)?|denies\s+(?:any\s+)?(?:prior\s+|previous\s+)?|without"
            r"|contraindicat\w+|not\s+recommend\w*|instead\s+of|rather\s+than|avoid\w*"
            r"|prior\s+to\s+(?:starting|beginning|initiation\s+of)\s+any"
        r"|in\s+lieu\s+of|omit\w*|ineligible\s+for|unable\s+to\s+(?:receive|tolerate\s+any))\b"),
        (r"^[^.;]{0,40}?\b(?:(?:was|were|is|has\s+been)\s+)?(?:cancel+ed|not\s+(?:given|performed"
            r"|done|recommended|indicated|needed|required|started|offered|planned|used|received)"
            r"|contraindicated|omitted|withheld)"),
    ),
    (
        _S.STOPPED,
        (r"\b(?:discontinu\w+|stopp\w+|progress\w+\s+(?:on|through|after|despite|following)"
            r"|failed|refractory\s+to|intoleran\w+\s+(?:of|to)|off\s+of|taken\s+off|came\s+off"
            r"|resistant\s+to"
        r"|held|holding|skipped)\b(?!\s+in\s+place)"),
        (r"^[^.;]{0,50}?\b(?:was|were|has\s+been|been|which\s+was)\s+(?:discontinued|stopped"
            r"|held|skipped|terminated)|^[^.;]{0,25}?\bdiscontinued\b"),
    ),
    (
        _S.CONSIDERED,
        (r"\b(?:consider\w*|discuss\w*|options?(?:\s+(?:include|of|are|for))?|possib\w+"
            r"|may\s+(?:need|benefit|require|be|undergo|receive|consider|help|want)|might|could"
            r"|if|would\s+be\s+a\s+candidate\s+for"
        r"|candidate\s+for|versus|vs|whether|offer\w*|counsel\w+|risks?\s+(?:of|and)"
            r"|benefits?\s+of|role\s+(?:of|for)|alternatives?|eligib\w+\s+for|depend\w+\s+on"
            r"|potential\w*|issues?\s+about"
        r"|decid\w+\s+(?:about|whether|on)|explain\w*|information\s+(?:on|about)|literature"
            r"|stud(?:y|ies)\s+(?:of|show)|trials?\s+(?:of|comparing|with)|(?:would|should)\s+not"
            r"|question\s+of|thoughts?\s+(?:on|about)"
        r"|opinion\s+(?:on|regarding|about)|regarding|associated\s+with\s+the|toxicit\w+\s+of"
            r"|side\s+effects?\s+of|such\s+as|clinical\s+benefit\s*:?|benefit\s+from"
            r"|lack\s+of\s+(?:response|benefit)|resistance"
            r"|(?:approved|associated|available|potential)\s+therap\w+\s*:?|sensitiv\w+\s+to|responsive\s+to|approved\s+for"
            r"|anticipat\w+\s+of|evaluat\w+\s+for|consult\w*\s+(?:for|regarding)"
            r"|referr\w+\s+(?:for|to)\s+(?:\w+\s+)?(?:discuss|consider))\b"),
        (r"^[^.;]{0,40}?\b(?:was|were|is|are|has\s+been|have\s+been|could|may"
            r"|might)\s+(?:also\s+)?(?:discussed|considered|explained|offered|an\s+option|options"
            r"|be\s+considered|be\s+(?:needed|an\s+option|required)|possible|mentioned)"
        r"|^[^.;]{0,25}?\b(?:would|will|should|could|may|might"
            r"|to)\s+be\s+(?:also\s+)?(?:considered|discussed|an\s+option)|^\s*(?:versus|vs\.?)\b"
            r"|^[^.;]{0,20}?\bif\b|^\s*(?:-?based\s+)?(?:regimens?\s+|chemotherapy\s+"
            r"|therapy\s+)?(?:would|could|might)\s+(?:have|give|offer|provide|be\s+of)"
            r"|^\s*(?:options?|risks?|trial\s+(?:options|eligibility))\b"),
    ),
    (
        _S.PLANNED,
        (r"(?:^|[.;:])\s*for\s+(?:adjuvant|neo-?adjuvant|palliative|radical|further)\b"
            r"|\b(?:plan(?:s|ned|ning)?(?!\s+(?:cycles|courses))(?:\s+(?:is|for|to|on))?|will"
            r"|scheduled|schedule|to\s+(?:begin|start|undergo|receive|proceed|initiate|have"
            r"|be\s+(?:treated|given|started|followed))|going\s+to|recommend\w*"
        r"|propos\w+|intend\w*|would\s+(?:likely\s+)?(?:use|give|start|recommend|like|proceed"
            r"|plan|suggest|favor|treat)|upcoming|arrang\w+|anticipat\w+|proceed(?:ing)?\s+with"
            r"|wishes\s+to\s+proceed|agree\w*\s+to|consent\w*\s+(?:for|to)"
        r"|is\s+to\s+\w+|await\w*|next\s+(?:week|month|cycle|visit|step)|shall|listed\s+for"
            r"|complete|should\s+(?:receive|undergo|have|be\s+treated|start|begin)|suggest\w*"
            r"|prepar\w+\s+for|prior\s+to|preop\w*|refer\w*|set\s+up|needs?|advis\w+|desires?"
            r"|elected\s+to|opt(?:s|ed)?\s+for|pending|due\s+for|ready\s+for)\b"),
        (r"^[^.;]{0,45}?\b(?:(?:is|are|was|were)\s+(?:planned|scheduled|recommended"
            r"|to\s+(?:begin|start|follow)|anticipated|arranged)|will\s+(?:be|begin|start|follow)"
            r"|to\s+(?:begin|start|follow)\b|next\s+(?:week|month)|tomorrow)"),
    ),
    (
        _S.CURRENT,
        (r"\b(?:current(?:ly)?|continu\w+|ongoing|is\s+(?:now\s+)?(?:on|taking|receiving"
            r"|being\s+treated|undergoing|getting)|are\s+(?:on|taking)|remains?\s+on"
            r"|maintained\s+on|presently|now\s+(?:on|being|receiving|taking)"
        r"|receiving|undergoing|tolerat\w+|being\s+treated|has\s+been\s+(?:on|receiving"
            r"|taking)|stays?\s+on|cycle\s+(?:\d+|one|two|three|four|five|six)|day\s+(?:\d+|one"
            r"|two|eight)|on\s+(?:day|cycle|week)|in\s+the\s+midst\s+of|today\s+for|here\s+for)\b"),
        (r"^[^.;]{0,30}?\b(?:daily|monthly|weekly|b\.?i\.?d|q\.?d|q\.?\d|every\s+\d|continues"
            r"|ongoing|to\s+date|currently)\b"),
    ),
    (
        _S.RECEIVED,
        (r"\b(?:receiv\w+|underwent|undergone|had|s/p|status[\s-]post|post|completed"
            r"|completing|completion|treated|treatment\s+(?:included|consisted|with)"
            r"|treatments\s+included|given|was\s+(?:performed|done|treated)|were\s+performed"
            r"|perform\w+"
        r"|after|following|prior|previous\w*|history\s+of|finished|administered"
            r"|included|past|initial(?:ly)?\s+(?:treated|managed)|started|began|begun|initiated"
            r"|placed\s+on|enrolled|randomized|took|taken|since|ago|in\s+(?:19|20)\d\d"
        r"|responded\s+to|response\s+to|removed|status|last)\b"),
        (r"^[^.;]{0,60}?\b(?:was|were|has\s+been|had\s+been|have\s+been)\s+(?:performed|done"
            r"|given|completed|administered|carried\s+out|accomplished|started|initiated)"
        r"|^[^.;]{0,30}?\b(?:in|on|from|ago|since)\s+(?:\w+\s+){0,2}(?:19|20)?\d{2}"
            r"|^[^.;]{0,25}?\b(?:months?|years?|weeks?)\s+ago|^[^.;]{0,30}?\bcompleted\b"),
    ),
)  # fmt: skip
_PATTERNS: Final = tuple(
    (status, re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for status, before, after in _CUES
)
_DEFAULTS: Final = {
    SectionKind.MEDICATIONS: _S.CURRENT,
    SectionKind.PLAN: _S.PLANNED,
    SectionKind.PAST: _S.RECEIVED,
    SectionKind.PROCEDURE: _S.RECEIVED,
    SectionKind.ASSESSMENT: _S.RECEIVED,
    SectionKind.INDICATION: _S.RECEIVED,
    SectionKind.OTHER: _S.RECEIVED,
    SectionKind.SPECIMEN: _S.RECEIVED,
    SectionKind.EXAM: _S.RECEIVED,
    SectionKind.REVIEW: _S.RECEIVED,
}
_PLANNED_AT_ANY_DISTANCE = re.compile(
    r"\b(?:plan(?:ned|s)?(?!\s+cycles)|will\s+(?:likely\s+)?(?:need|be|receive|undergo|begin"
    r"|start|have|proceed|return\s+for)|scheduled\s+for|recommend\w*"
    r"|would\s+(?:likely\s+)?(?:use|recommend|be))\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(r"\b(?:decision|recommendations?|plan|proposal)\s*:\s*$", re.IGNORECASE)
_SURELY_GIVEN = re.compile(
    r"\b(?:received|underwent|completed|s/p|status[\s-]post|treated\s+with|had|was\s+(?:given"
    r"|performed|started|treated)|has\s+been|responded|history\s+of|previous\w*|ago)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"\b(?:but|however|although|though|who|because|and\s+(?:then|is|was|has|will|she|he|we|I)"
    r"|she|he|we|they)\b|;|,\s+(?:and\s+)?(?:she|he|I|we)\b|:\s",
    re.IGNORECASE,
)
_REACH: Final = 150
_CARRIED: Final = 60
_GIVEN_OR_ON: Final = frozenset({_S.RECEIVED, _S.CURRENT})
_CARRIED_ON: Final = frozenset({_S.PLANNED, _S.CONSIDERED, _S.DECLINED})
_OF_OTHERS: Final = frozenset({SectionKind.FAMILY, SectionKind.ALLERGIES, SectionKind.SOCIAL})


def status_of(passage: Passage, start: int, end: int) -> TreatmentStatus | None:
    """Return how far the treatment at `start` to `end` has come; None for somebody else's."""
    section = passage.section_at(start)
    if section in _OF_OTHERS or assertion_of(passage, start, end) is Assertion.FAMILY:
        return None
    first, last = passage.sentence_at(start)
    before = passage.text[max(first, start - _REACH) : start]
    after = passage.text[end:last]
    clause = _last_clause(before)
    earlier = before[: len(before) - len(clause)]
    return (
        _said_after(after, but=_GIVEN_OR_ON)
        or _said_before(clause, section)
        or _said_after(after)
        or _said_in_an_earlier_clause(earlier)
        or _DEFAULTS.get(section, _S.RECEIVED)
    )


def _said_after(
    after: str, *, but: frozenset[TreatmentStatus] = frozenset()
) -> TreatmentStatus | None:
    for status, _, trailing in _PATTERNS:
        if status not in but and trailing.match(after):
            return status
    return None


def _said_before(clause: str, section: SectionKind) -> TreatmentStatus | None:
    """Return what the nearest cue in the clause says, or None without one."""
    cues = [
        (found.end(), -rank, status)
        for rank, (status, leading, _) in enumerate(_PATTERNS)
        for found in leading.finditer(clause)
    ]
    if not cues:
        return None
    nearest = max(cues)[2]
    if nearest in _GIVEN_OR_ON and _PLANNED_AT_ANY_DISTANCE.search(clause):
        return _S.PLANNED
    is_plan = section is SectionKind.PLAN and nearest is _S.RECEIVED
    return _S.PLANNED if is_plan and not _SURELY_GIVEN.search(clause) else nearest


def _said_in_an_earlier_clause(earlier: str) -> TreatmentStatus | None:
    if _DECIDED.search(earlier):
        return _S.PLANNED
    for status, leading, _ in _PATTERNS:
        if status in _CARRIED_ON and leading.search(earlier[-_CARRIED:]):
            return status
    return None


def _last_clause(before: str) -> str:
    ends = [found.end() for found in _CLAUSES.finditer(before)]
    # A pronoun is part of its clause's sense: "she declined" begins with what "she" does.
    return before[ends[-1] :] if ends else before
