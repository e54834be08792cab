"""What people tell of themselves that changes what they may want to ask their doctor."""

import re

_SOMEBODY = (
    r"(?:i|i'?ve|im|i'?m|he|she|he'?s|she'?s|we|they|who|mum|mom|mother|dad|father|husband|wife"
    r"|partner|son|daughter|sister|brother|uncle|aunt|friend|child|baby|gran\w*|cousin)"
)
# Names of cancers stand as "cancer" when this is looked for.
_HAS_IT = re.compile(
    r"\b(?:diagnosed|newly diagnosed|told (?:that )?(?:i|he|she|we) (?:have|has|had))\b"
    r"|\b(?:my|his|her|our|their|mum'?s|mom'?s|dad'?s|father'?s|mother'?s|husband'?s|wife'?s)"
    r" (?:\w+ ){0,2}(?:cancer|tumou?r|stage|chemo\w*|radiation|radiotherapy|surgery|treatment)\b"
    r"(?! risks?\b| screening\b| prevention\b)"
    rf"|\b{_SOMEBODY} (?:also |just |now |only )?(?:have|has|had|got|was|is|am|been)"
    r"(?: (?!if\b|whether\b|worried\b|afraid\b|scared\b|risk\b|might\b|to\b|prevent\w*\b"
    r"|history\b|at\b|screened\b|tested\b)\w+){0,5} cancer\b"
)
_NOT_SURE = re.compile(
    r"\b(?:might|may|could|if|whether|suspect\w*|do(?:es)? (?:i|he|she|we|they) have"
    r"|does (?:it|this|that) mean (?:that )?(?:i|he|she|we|they|my)"
    r"|is (?:it|this|that)"
    r"|worried|afraid|runs? in|family history|at risk)\b"
)
_STOPPED_SMOKING = re.compile(
    r"\b(?:stopped|quit|gave up|given up|giving up|no longer|used to|stopping) smok(?:e|ing)\b"
    r"|\b(?:ex|former|past)[- ]?smoker|\b(?:i|he|she|who) (?:have |has |had |'ve )?smoked\b",
    re.IGNORECASE,
)
_OPERATED = (
    r"(?:removed|taken out|cut out|taken off|out|surgery|an? operation|operated|\w+ectomy"
    r"|amputat\w+|resect\w+)"
)
_HAD_SURGERY = re.compile(
    rf"\b(?:was|were|had|has had|have had|has been|have been|got|'?ve had)\b"
    rf"(?: (?!to\b|going\b|offered\b|scheduled\b|told\b|booked\b)\w+){{0,4}} {_OPERATED}\b"
    rf"|\b(?:after|since|following)(?: \w+){{0,3}} {_OPERATED}\b"
)


def tells_of_a_diagnosis(text: str) -> bool:
    """Whether somebody says that they, or somebody near them, have the cancer."""
    return any(
        _HAS_IT.search(sentence) and not _NOT_SURE.search(sentence)
        for sentence in re.split(r"[.?!;]", text)
    )


def has_stopped_smoking(text: str) -> bool:
    """Whether smoking is behind somebody: nobody needs help with it any more."""
    return _STOPPED_SMOKING.search(text) is not None


def had_surgery(text: str) -> bool:
    """Whether an operation is behind somebody."""
    return _HAD_SURGERY.search(text) is not None
