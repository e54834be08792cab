"""Turns of phrase that are put into usual words before a question is read, and what they tell."""

import re

from navis_api.kit.text import words
from navis_api.vocabulary.understanding import Understanding

# "Low-risk prostate cancer" is a kind of it, and no question about risks.
_RISK_GROUP = re.compile(
    r"(?<!\bat )(?<!\bat a )(?<!\bat very )\b(?:very )?(low|intermediate|high|standard) risk\b"
    r"(?! (?:of|for|to|that|factors?)\b)"
)
# "I had my prostate out", as people say it.
_OUT = re.compile(
    r"\b(prostate|kidneys?|bladder|breasts?|womb|uterus|thyroid|lump|tumou?r|lung|stomach|bowel|colon"
    r"|spleen|ovar(?:y|ies)|testicles?|pancreas|liver|lobe|polyps?) (?:taken |cut )?(?:out|off)\b"
)
# "They have to take both out", as people say it.
_TAKE_OUT = re.compile(r"\b(?:take|taking|took|taken) (it|them|both|one|all|everything) out\b")
# Typed without its sign.
_NOT_TYPED = re.compile(
    r"\b(has|have|had|is|are|was|were|does|do|did|could|should|would|ca|wo)nt\b"
)
# Who loses an eye or a leg has it removed.
_LOSES = re.compile(
    r"\b(?:lose|loses|losing) (?:the|an|a|her|his|my|their|one|both)"
    r" (eyes?|legs?|arms?|breasts?|bladder|kidneys?|voice box|larynx|tongue|testicles?"
    r"|ovar(?:y|ies)|womb|uterus|foot|hand|toes?|fingers?|penis|stomach|rectum)\b"
)
# A biopsy that "came back" is no cancer that did.
_CAME_BACK = re.compile(
    r"\b(biops(?:y|ies)|results?|tests?|scans?|bloods?|blood work|labs?|report|pathology|smear|mri"
    r"|ct|pet|mammogram) (?:has |have |just |all )*(?:came|come|comes|coming) back\b"
)
# Nor is a value in blood that "came back as 6".
_VALUE_CAME_BACK = re.compile(
    r"\b(psa|ca ?125|ca 19 9|cea|afp|markers?|levels?|counts?|score|smear|fit|hpv)(?: test)?"
    r" (?:has |have |just |all )*(?:came|come|comes|coming) back"
    r"(?= (?:as|at|between|over|under|above|below|very|slightly|a bit|high|higher|low|lower|raised"
    r"|elevated|normal|abnormal|negative|positive|clear|\d))"
)
# Nor is what was taken out and "came back as" this or that.
_TAKEN_CAME_BACK = re.compile(
    r"\b(?P<what>(?:moles?|lumps?|polyps?|cysts?|nodes?|nodules?|growths?|spots?|tissue|samples?"
    r"|pieces?|warts?|tags?|lesions?|biops\w+|womb|ovar(?:y|ies)|appendix|gallbladder|thyroid)"
    r"\b(?: \w+){0,6}?) (?:(?:and|but|which|that|it|they|has|have) )*"
    r"(?:came|come|comes|coming) back(?= (?:as|with|positive|negative|benign|malignant|cancerous"
    r"|clear|normal|abnormal|inconclusive|showing|saying)\b)"
)
# Who has had a remission and has the cancer again is in none.
_HAD_REMISSION = re.compile(
    r"\b(?:after|following|out of|from) (?:(?:a|the|my|his|her|complete|full|first|second|long"
    r"|being in) )*remission\b"
)
_RETURNED = re.compile(r"\b(?:back|relaps\w+|recur\w+|return\w*)\b")
# How a cancer is found early is asked of those who look for it, not of one that was.
_LOOKS_FOR_IT = re.compile(
    r"^(?:(?:so|and|but) )?(?:how|can|could|is there|are there|what|which|is it possible|do|does)\b"
    r"(?!.*\b(?:treat\w*|was|were|stage|my|his|her|survival|chances?)\b)"
)
_FOUND_EARLY = re.compile(
    r"\b(?:be |get |been )?(?:f(?:ou|i)nds?(?:ing)?|detect(?:s|ed|ing|ion)?|caught"
    r"|catch(?:es|ing)?|diagnos(?:ed?|ing)|spots?(?:ted|ting)?|pick(?:s|ed|ing)? up)"
    r"(?: \w+){0,3}? (?:early|earlier|soon(?:er)?|in time)\b(?: on| enough)?"
)
_TEST = re.compile(r"\b(?:blood |urine )?tests?\b")
# What can't be operated on isn't treated as what can.
_STAYS = re.compile(
    r"\b(?:can'?t|can ?not|couldn'?t|could not|won'?t|unable to) (?:be )?"
    r"(?:removed?|operated?|taken out|cut out|resected)\b"
    r"|\b(?:inoperable|unresectable|non ?resectable|not (?:operable|resectable))\b"
)
# What people say besides, which no source says: where they heard of it, or for how long.
_SAID_BESIDES = re.compile(
    r"\b(?:in|at|from|under) (?:the|my|our|his|her|their) (?:basement|cellar|house|flat|garden"
    r"|garage|attic|kitchen|bedroom|shop|store)\b"
    r"|\b(?:for )?(?:all )?(?:the )?rest of (?:my|his|her|their|your|our|one's)"
    r" (?:life|lives|days)\b"
    r"|\bin (?:plain|simple|lay|layman's|normal|everyday|easy) (?:words?|terms|english|language)\b"
    r"|\b(?:someone|somebody|people|a (?:friend|woman|man|lady|guy|neighbou?r|colleague)|others)"
    r" (?:in|from|at|on) (?:our|my|the|a|their|his|her) (?:\w+ )?(?:group|forum|ward|work|church"
    r"|office|gym)\b"
    r"|\b(?:in|at) (?:the|my|our) (?:waiting room|clinic|ward|support group|group|forum)\b"
    r"|\bif (?:you|i|they|we) leave it(?: alone)?$"
    r"|\bor is (?:that|it|this) just (?:me|normal|(?:my |old )?age|in my head|part of it"
    r"|hype|marketing|an? (?:myth|scam)|(?:the )?people (?:selling|who sell))\b.*$"
)
_USUALLY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:run|runs|running) in (?:an?|my|our|his|her|their) famil(?:y|ies)\b"),
     "runs in the family"),
    (re.compile(r"(?<=\bdifference )btw\b"), "between"),
    (re.compile(r"\bthe real thing\b"), "cancer"),
    (re.compile(r"\b(?:ordinary|normal|regular) (moles?)\b"), r"common \1"),
    (re.compile(r"\blimited(?= (?:and|or|vs|versus|from|to) extensive\b)"), "limited stage"),
)  # fmt: skip
# Results by which somebody is told what comes next.
OF_RESULTS = frozenset({"positive", "negative", "clear", "close", "margins", "margin"})
"""Words that tell a result, and not what is asked about it."""
_ABNORMAL, _MARGINS, _VIRUS = "abnormal", "margins", "positive hpv test"
RESULTS = frozenset({_ABNORMAL, _MARGINS, _VIRUS})
"""Results that are told, of which somebody asks what they mean, or what comes next."""


def risk_groups(sentence: str) -> list[str]:
    """Return the risk groups of the disease that a sentence names: "high", "low"."""
    return _RISK_GROUP.findall(sentence)


def in_usual_words(sentence: str) -> str:
    """Return a sentence with what was "taken out" removed, and results that don't "come back"."""
    usual = _SAID_BESIDES.sub("", sentence)
    for told, written in _USUALLY:
        usual = told.sub(written, usual)
    if _LOOKS_FOR_IT.search(usual) and _FOUND_EARLY.search(usual):
        usual = _TEST.sub("", usual)
        usual = _FOUND_EARLY.sub("screening", usual)
    without_groups = _RISK_GROUP.sub("", usual)
    without_groups = _NOT_TYPED.sub(r"\1n't", without_groups)
    without_groups = _TAKE_OUT.sub(r"remove \1", without_groups)
    removed = _LOSES.sub(r"\1 removed", _OUT.sub(r"\1 removed", without_groups))
    if _RETURNED.search(removed):
        removed = _HAD_REMISSION.sub("", removed)
    removed = _TAKEN_CAME_BACK.sub(r"\g<what> shows", removed)
    return _VALUE_CAME_BACK.sub(r"\1 shows", _CAME_BACK.sub(r"\1 shows", removed))


def cannot_be_removed(text: str) -> bool:
    """Whether a question says that the tumor can't be operated on."""
    return _STAYS.search(text) is not None


def result_told(text: str, understood: Understanding) -> str | None:
    """Return the result that a question tells: of a screening test, or of an operation."""
    said = words(text)
    if _ABNORMAL in said and "screening" in understood.keys:
        return _ABNORMAL
    if {"hpv", "positive"} <= set(said) and "screening" in understood.keys:
        return _VIRUS
    return _MARGINS if _MARGINS in said or "margin" in said else None
