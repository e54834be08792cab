"""The model's questions for the doctor: open ones, about things that the answer names.

A question can tell as much as a sentence can ("Why can I stop my treatment?"), and nothing holds
it against a source. So its form is one of ours, which presupposes nothing, and what the form asks
about is a thing: words that stand together in one claim, or everyday ones for the reader's care.
"""

import re
from collections.abc import Iterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.answers.models import ClaimStyle
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.extractive.matching import stem
from navis_api.generation.grounding.manner import against_manner
from navis_api.generation.llm.denials import denies
from navis_api.generation.llm.plain_text import is_plain, plain, tells_what_to_do
from navis_api.kit.text import words
from navis_api.questions.safety.recognition import SafetyKind, safety_reasons
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.understanding import ConceptKind, understand

_CHARS = range(12, 161)
_LOOKED_AT = 8
_THING_WORDS = range(1, 7)

# The slots. `care` is a treatment or a test, and `own` what anybody with the cancer has.
_THING = r"(?P<thing>[^,?]+?)"
_CARE = r"(?P<care>[^?]+?)"
_OWN = r"(?P<own>[^,?]+?)"
_MY_CASE = (
    r"(?:me|someone like me|my case|my situation|my (?:kind of |type of )?cancer|people like me)"
)
_FOR_ME = rf"(?: (?:for|in|to) {_MY_CASE})?(?: now)?"
_CAN_BE = r"(?:is|are|would be|could be|might be|may be)"
_SIDES = r"(?:risks?|benefits?|side effects?|late effects?|harms?|effects?|aims?|goals?|purpose)"
_OF_MINE = (
    r"(?:me|my (?:daily |everyday |sex |family |working )?life|my (?:body|family|work|job|fertility"
    r"|health|sleep|diet|other (?:medicines|treatments|health problems)))"
)
_FORMS = [
    re.compile(
        rf"{form}(?:,? and (?:what|how) (?:would|could) (?:that|it) mean for me)?\?", re.IGNORECASE
    )
    for form in (
        rf"what (?:is|are) {_THING}",
        rf"what (?:does|do) {_THING} mean",
        rf"what (?:does|do) {_OWN} mean{_FOR_ME}",
        rf"what (?:would|could|might) {_THING} mean{_FOR_ME}",
        rf"what (?:else )?is known about {_THING}{_FOR_ME}",
        rf"what (?:else )?can you tell me about {_THING}{_FOR_ME}",
        rf"what can be done about {_THING}",
        rf"how (?:is|are) {_THING} (?:found|diagnosed|treated|checked|measured|watched)",
        rf"who can (?:help me with|tell me about|tell me more about) {_THING}",
        rf"who can explain {_THING} to me",
        rf"(?:who|whom) can i (?:ask|talk to|talk with|call) about {_THING}",
        rf"where can i (?:find|get) (?:help|support|information) (?:with|about|on) {_THING}",
        rf"where can i (?:read|learn) (?:more )?about {_THING}",
        rf"(?:is|are) there {_THING}{_FOR_ME}",
        (
            rf"what {_CAN_BE} the (?:possible |main |likely )?{_SIDES}"
            rf"(?:(?:, | and |, and | or )(?:the )?{_SIDES})* of {_CARE}{_FOR_ME}"
        ),
        rf"(?:what|which) side effects (?:can|could|might|may) {_CARE} (?:have|cause|bring)",
        (
            rf"what (?:happens|would happen|could i expect|can i expect|might i expect)"
            rf" (?:during|before|after|from|with) {_CARE}"
        ),
        rf"(?:which|what) (?:of )?{_CARE} {_CAN_BE} (?:an |a possible )?options?{_FOR_ME}",
        rf"(?:is|are) {_CARE} (?:an )?options?{_FOR_ME}",
        rf"(?:would|could|might|can) {_CARE} be (?:an )?options?{_FOR_ME}",
        rf"how (?:is|are) {_CARE} (?:done|given|used|planned)",
        rf"how would {_CARE} be (?:done|given|used|planned)",
        rf"how (?:would|could|might|can) {_CARE} affect {_OF_MINE}",
        rf"how (?:does|do) {_CARE} work",
        (
            rf"how (?:do|will|would|can) (?:we|you|i) (?:know|tell|find out) (?:whether|if) {_OWN}"
            r" (?:is|are) working"
        ),
        rf"(?:what|which) (?:would|could|can|does|do) {_CARE} (?:show|tell us|tell me)",
        rf"where (?:is|are) {_CARE} (?:done|given)",
        (
            rf"(?:which|what) {_OWN} (?:do i have|do i need|are there|might i need|could i have)"
            rf"{_FOR_ME}"
        ),
        (
            r"(?:which|what) (?:kind|type|form|stage|part) (?:of )?(?:the )?"
            rf"{_OWN} (?:do i have|is it|is that)"
        ),
        rf"(?:which|what) (?:kind|type|stage) is {_OWN}",
    )
]
_DETERMINERS = (
    r"(?:a|an|the|this|these|that|those|any|each|other|another|such|further|possible|both|of)"
)
_FIRST = re.compile(rf"^(?:{_DETERMINERS} )+")
_MINE = re.compile(r"^(?:my|our) ")
_JOINTS = re.compile(r",? and |,? or |, ")
_BETWEEN = re.compile(r" (?:of|for|in|with|from|on|after|before|during) ")
_OF_CARE = frozenset(
    {
        "treatment", "treatments", "treatment option", "treatment options", "option", "options",
        "care", "test", "tests", "scan", "scans", "therapy", "therapies", "drug", "drugs",
        "medicine", "medicines", "procedure", "procedures", "operation", "clinical trial",
        "clinical trials", "trial", "trials", "method", "methods", "check-up", "check-ups",
        "follow-up care", "second opinion", "kind of treatment", "type of treatment",
        "kinds of treatment", "types of treatment", "supportive care", "palliative care",
    }
)  # fmt: skip
_EVERYDAY = _OF_CARE | {
    "cancer", "disease", "illness", "stage", "kind", "type", "test result", "test results",
    "result", "results", "side effects", "side effect", "symptoms", "symptom", "treatment plan",
    "care plan", "next step", "next steps", "support group", "support groups", "support",
    "costs", "insurance", "feelings", "fears", "family", "choices", "recovery", "specialist",
    "kind of cancer", "type of cancer", "biomarkers", "questions",
}  # fmt: skip
# What gives a thing a ring that it doesn't have: judgements, amounts, comparisons, orders, fates.
_LOADED = re.compile(
    r"\b(?:most|many|much|more|less|least|few|fewer|all|every\w*|half|percent|majority|always"
    r"|often|usual\w*|daily|weekly|once|twice|times|doses?|dosage|pills?|tablets?|than|better"
    r"|best|worse|worst|good|great\w*|bad|safe\w*|unsafe|harmless|dangerous|effective\w*"
    r"|success\w*|works?|working|fail\w*|useless|useful|right|wrong|cur(?:e|es|ed|ing|able|ative)"
    r"|incurable|heal\w*|die[sd]?|dying|deaths?|dead|deadly|fatal|hopeless|miracle|natural\w*"
    r"|home|alone|only|instead|stop\w*|start\w*|take[ns]?|taking|skip\w*|doubl\w+|shar(?:e|ed|ing)"
    r"|buy\w*|quit\w*|refus\w+|delay\w*|new\w*|old\w*|strong\w*|weak\w*|high\w*|low\w*|first|last"
    r"|fast\w*|easy|easier|complete\w*|whole|sure\w*|certain\w*|definit\w+|proven|guarantee\w*)\b",
    re.IGNORECASE,
)
# A thing is no clause.
_OF_CLAUSES = frozenset(
    {
        "is", "are", "was", "were", "be", "been", "being", "am", "may", "can", "could", "will",
        "would", "should", "must", "might", "shall", "do", "does", "did", "has", "have", "had",
        "that", "which", "who", "whom", "whose", "when", "where", "while", "if", "because", "as",
        "it", "they", "them", "he", "she", "you", "your", "we", "i", "me", "my", "so", "then",
        "but", "also", "there", "to", "by",
    }
)  # fmt: skip
# Nor does it do anything.
_DOING = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|includ\w+|remov\w+|destroy\w*|add(?:s|ed|ing)?|block(?:s|ed|ing)?"
    r"|help(?:s|ed|ing)?|receiv\w+|show(?:s|ed|n|ing)?|treat(?:s|ed|ing)?|approv\w+"
    r"|giv(?:e|es|en|ing)|gave|kill\w*|shrink\w*|shrank|identif\w+|ma(?:ke|kes|king|de)|produc\w+"
    r"|depend\w*|live[sd]?|come|comes|came|go|goes|went|grow|grows|grew|grown|spread\w*|need\w*"
    r"|want\w*|calls?|called|found|find\w*|said|sa(?:y|ys)|known?|become\w*|began|begin\w*"
    r"|mean[st]?|improv\w+|reliev\w+|eas(?:es|ed|ing)|prevents?|prevented|protect\w*|reduc\w+"
    r"|increas\w+|caus(?:e|es|ed|ing)|study|studied|compar\w+|combin(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
_AT_NO_END = frozenset(
    {
        "a", "an", "the", "of", "for", "in", "with", "from", "on", "at", "after", "before",
        "during", "and", "or", "this", "these", "those", "such", "into", "than", "about",
    }
)  # fmt: skip
_NUMBER = re.compile(r"(?<![A-Za-z-])\d")
_IN_CLAIMS = re.compile(r"[.,;:()?!“”\"]+")
_CARE_TERMS = frozenset(
    {
        TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.REGIMEN, TermKind.TREATMENT, TermKind.TEST,
    }
)  # fmt: skip
_CARE_TOPICS = frozenset({"treatment", "clinical_trials", "palliative", "follow_up", "screening"})


def doctor_questions(
    written: Sequence[str], sections: Sequence[DraftSection], cancer: CatalogueEntry | None
) -> Iterator[str]:
    """Yield those of a model's questions that ask openly about what the sections name.

    None brings in a drug, a number or a thought that the answer doesn't have, says that
    anything is so, or asks how to take anything.
    """
    things = _Things(sections, cancer)
    for text in map(plain, written[:_LOOKED_AT]):
        if len(text) in _CHARS and _is_proper(text) and any(map(things.fill, _filled(text))):
            yield text


def _is_proper(text: str) -> bool:
    if not is_plain(text) or tells_what_to_do(text) or against_manner(text, "") is not None:
        return False
    alarms = {reason.kind for reason in safety_reasons(text)}
    return not alarms - {SafetyKind.OUT_OF_SCOPE}


def _filled(text: str) -> Iterator[dict[str, str]]:
    """Yield what fills the slots of each form that a question has."""
    for form in _FORMS:
        if found := form.fullmatch(text):
            yield found.groupdict()


class _Things:
    """What a question may be about: the runs of words of each claim that denies nothing."""

    def __init__(self, sections: Sequence[DraftSection], cancer: CatalogueEntry | None) -> None:
        self._runs = [
            f" {' '.join(map(stem, words(part)))} "
            for text in _affirmed(sections)
            for part in _IN_CLAIMS.split(text)
        ]
        self._own = {_key(each) for each in (cancer.names if cancer else ())}

    def fill(self, slots: dict[str, str]) -> bool:
        """Whether each slot of a form is filled with a thing of its sort."""
        return all(
            self._is_thing(part, slot)
            for slot, filling in slots.items()
            for part in _JOINTS.split(filling)
        )

    def _is_thing(self, text: str, slot: str) -> bool:
        parts = _BETWEEN.split(text)
        everyday = [self._is_everyday(part) for part in parts]
        if slot == "own":
            return all(everyday)
        named = [
            is_everyday or self._is_named(part)
            for part, is_everyday in zip(parts, everyday, strict=True)
        ]
        # "Surgery of the liver" is one thing if a claim says so. Two things that the question
        # itself joins might have nothing to do with each other.
        is_joined = all(named) and any(everyday)
        return (is_joined or self._is_named(text)) and (slot != "care" or _is_care(text))

    def _is_everyday(self, text: str) -> bool:
        """Whether something is what anybody with this cancer has, and so can be "mine"."""
        bare = _MINE.sub("", _FIRST.sub("", text.lower()))
        return bare in _EVERYDAY or _key(bare) in self._own

    def _is_named(self, text: str) -> bool:
        bare = _FIRST.sub("", text.lower())
        spoken = words(bare)
        return bool(
            len(spoken) in _THING_WORDS
            and not _LOADED.search(bare)
            and not _DOING.search(bare)
            and not _AT_NO_END.intersection((spoken[0], spoken[-1]))
            # One word may be half of a name, if it isn't known to be one.
            and (len(spoken) > 1 or find_terms(bare) or understand(bare).concepts)
            and not _NUMBER.search(bare)
            and not _OF_CLAUSES.intersection(spoken)
            and any(f" {_key(bare)} " in run for run in self._runs)
        )


def _affirmed(sections: Sequence[DraftSection]) -> Iterator[str]:
    """Yield the claims that deny nothing, and don't stand below a line that does."""
    for section in sections:
        is_denied = False
        for claim in section.claims:
            if claim.style is not ClaimStyle.BULLET:
                is_denied = False
            if claim.style is ClaimStyle.LEAD_IN:
                is_denied = denies(claim.text)
            if not is_denied and not denies(claim.text):
                yield claim.text


def _is_care(text: str) -> bool:
    """Whether something is a treatment, a test or their like."""
    bare = _MINE.sub("", _FIRST.sub("", text.lower()))
    if bare in _OF_CARE or any(part in _OF_CARE for part in _BETWEEN.split(bare)):
        return True
    if any(mention.term.kind in _CARE_TERMS for mention in find_terms(text)):
        return True
    return any(
        spoken.concept.kind is ConceptKind.TREATMENT or spoken.concept.key in _CARE_TOPICS
        for spoken in understand(text).concepts
    )


def _key(text: str) -> str:
    return " ".join(map(stem, words(text)))
