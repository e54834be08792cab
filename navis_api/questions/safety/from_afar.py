"""Whether we are asked to be the doctor: to say if somebody has cancer, from here.

"Have I got ovarian cancer?" and "found a lump in my boob, is it cancer" want a verdict on
one person, which nobody can give without seeing them. What is asked of anybody ("could a
cough be a sign of lung cancer?", "is Barrett's oesophagus cancer?") has an answer, and so
have the words that doctors gave somebody: both are left to be answered. See decision 67.
"""

import re
from collections.abc import Iterator

from navis_api.kit.text import fold


def _any_of(*ways: str) -> str:
    return f"(?:{'|'.join(way for line in ways for way in line.split(' / '))})"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


# Gaps are bounded throughout: the time grows with the text and no faster.
_KIND = _any_of(
    "skin / lung / breast / bowel / colon / rectal / prostate / ovarian / cervical / womb",
    "uterine / throat / mouth / oral / tongue",
    "stomach / pancreatic / pancreas / liver / kidney / bladder",
    "bone / blood / brain / thyroid / testicular / testicle / penile / vulval / anal / gullet",
    "esophageal / oesophageal / eye / head and neck / lymph node / bile duct / gallbladder",
    "spinal / inflammatory / secondary / triple / negative",
    "some / any / proper / actual / early / stage",
)
_NAME = _any_of(
    r"can[cs]er(?:ous)? / cancr / caner / the big c / leuka?emia / lukemia / leukamia / lymphoma",
    r"hodgkin\S* / myeloma / melanomas? / sarcoma / carcinoma / mesothelioma / malignant",
    r"malignancy / a?tumou?r / [a-z]{3,12}blastoma / glioma / mets",
)
_CANCER = rf"(?:{_KIND} ){{0,3}}{_NAME}"
_KIN = _any_of(
    "mum / mam / mom / mother / dad / father / husband / hubby / wife / partner / boyfriend",
    "girlfriend / son / daughter / brother / sister / nan / gran / grandad / grandma / grandpa",
    "aunt / uncle / friend / baby / toddler / child / kid / lad / boy / girl / mate / twin",
)
_WHO = rf"(?:i|we|he|she|(?:my|our|his|her) (?:\w+ )?{_KIN}|{_KIN})"
_HAS = r"(?:'?ve|'?s| have| has)?(?: got)?"
_A = r"(?:a |an |the |this |that )?"
_YOU_THINK = r"(?:do|would) (?:you|u|ya) (?:think|reckon|believe|say)(?: that)?"
_YOU_MAY = r"(?:(?:can|could|will|would) (?:you|u|ya)|please|pls|plz)"
_WHICH = r"which (?:one |of (?:them|the two) )?(?:is it|have i|do i have|has (?:he|she))"
_NOT_OF = _any_of(
    "risks? / genes? / mutations? / screening / insurance / cells? / clinics? / services?",
    "wards? / stages? / markers? / treatments? / surgery",
    "tests? / scans? / nurses? / teams? / care",
    "cover / history / for life / forever",
    "because / due to / in (?:my|the|our) (?:family|genes) / on both",
    "and (?:what|how|which|why) / of unknown",
)
_VERDICT = rf"{_A}{_CANCER}\b(?! {_NOT_OF})"
_END = r"(?=\s*(?:[?.!,;)]|$|(?:or|and|too|as well|then|now|pls|plz|please)\b|isn'?t|innit))"

_OUTRIGHT = _compiled(
    rf"\b(?:do|does) {_WHO} (?:actually |really )?(?:have|hav|got)(?: got)? {_VERDICT}",
    rf"\b(?:have|hav|has) {_WHO} (?:actually |really )?(?:got|gotten|caught) {_VERDICT}",
    rf"\b{_YOU_THINK} (?:{_WHO}|it|this|that)(?: is)?{_HAS} {_VERDICT}",
    (
        rf"(?:^|[.!?,;:)-]\s*|\b(?:{_YOU_MAY}|just|you to|and|so) )(?:just |please |pls )?"
        r"(?:tell (?:me|us)|say) (?:straight )?(?:if|whether) "
        rf"(?:{_WHO}|it|this|that|my \w+)(?: is)?{_HAS} (?:{_VERDICT}|benign\b|spread\b)"
    ),
    (
        rf"\b{_CANCER},? or (?:just |only )?(?:an? |my |some )?(?:\w+ ){{0,2}}\w+\s?[,:.;?-]? ?"
        rf"(?:so |just )?(?:{_WHICH}|what is it)\b"
    ),
    rf"\bor (?:is it )?(?:just )?{_CANCER}\s?[,:.;?-]? ?(?:so |just )?{_WHICH}\b",
    rf"(?<!how )\b{_YOU_MAY}\b[^.?!\n]{{0,50}}\bdiagnose (?:whether|if|what(?:'s| is) wrong)\b",
)
"""Asked so, it wants a verdict whatever else is said."""

_OF_IT = _compiled(
    rf"\b(?:have|has|do|does) {_WHO} (?:have|got) it{_END}",
    rf"\b{_YOU_THINK} {_WHO}{_HAS} it{_END}",
    rf"\b(?:just|please|pls|plz|you|u) tell me (?:if|whether) {_WHO}{_HAS} it{_END}",
)
"""Asked so, it does where a cancer is named as well."""

_OF_A_SIGN = _compiled(
    (
        r"(?<!likely )(?<!often )(?<!chance )\b(?:is|are) (?:it|this|that|they|these|those) "
        r"(?:(?:a|an|likely|probably|definitely|actually|really|just|going to be) ){0,2}"
        rf"{_CANCER}{_END}"
    ),
    rf"\b(?:is|are) (?:it|this|that|they) (?:just )?(?:an? |my )?(?:\w+ ){{1,2}}or {_CANCER}{_END}",
    rf"\b(?:it'?s|this is|that'?s) (?:a |the )?{_CANCER},? (?:isn'?t it|innit|right|yeah)\b",
)
"""Asked so, it does where somebody's own sign is told."""

_OF_A_VALUE = _compiled(
    (
        r"\b(?:does|would) (?:that|this|it|these|they)(?: all| now)? mean(?: that)? "
        rf"{_WHO}(?:'?m| have)?{_HAS} {_VERDICT}"
    ),
)
"""Asked so, it does where a value is told: what a raised marker means has a general answer."""

_CANCER_NAMED = re.compile(rf"\b{_CANCER}\b")
_OWN = re.compile(
    rf"\b(?:i|i'?ve|i'?m|my|me|found|noticed|got|there'?s|he'?s|she'?s|his|her|our|{_KIN})\b"
)
_SIGN = re.compile(
    r"\b"
    + _any_of(
        r"lumps? / bumps? / moles? / spots? / freckles? / sores? / ulcers? / patch(?:es)? / marks?",
        r"blood / bleed\w* / bled / bruis\w+ / cough\w* / swollen / swelling / nodes? / glands?",
        r"nodules? / cysts? / growths? / pains? / aches? / aching / hurts? / discharge / hoarse\w*",
        r"weight / sweats? / itch\w* / rash\w* / blisters? / poo / stools? / pee / wee / urine",
        r"headaches? / dimpl\w+ / nipples? / shadows? / mass / lesions? / bloat\w* / tired\w*",
        r"swallow\w* / warts? / boobs? / breasts?(?! cancer) / testicles? / balls / armpits?",
        r"tongue / hard / changed / skin tag / nails? / voice / yellow / numb\w* / jaundice\w*",
        r"psa / scan / ct / mri / x-?ray / mammogram / fit test / smear / bloods? / count",
    )
    + r"\b"
)
_VALUE = re.compile(
    r"\b(?:is|was|at|of|back|result|reading|count|level|score|psa|ca ?-?125|cea|afp)"
    r"(?: (?:at|as|of|is|was))? \d{1,4}(?:[.,]\d+)?\b"
)
_FINDING = re.compile(
    r"\b"
    + _any_of(
        r"dcis / lcis / in ?situ / barrett\S* / cin ?\d? / polyps? / hyperplasia / adenomas?",
        r"carcinoid / dysplasia / keratos[ie]s / mgus / borderline / gist / neuroendocrine",
        r"lipoma / fibroids? / fibroadenoma / papilloma / bowen\S* / bcc / basal cell / phyllodes",
        r"mds / hpv / pap (?:test|smear) / pre-?cancer\w*",
    )
    + r"\b"
)
"""What was found, which has a meaning: an abnormal Pap test isn't cancer, whosever it is."""
_TOLD = re.compile(
    r"\b"
    + _any_of(
        r"told (?:i|me|us|it|he|she|him|her|that|dad|mum) / diagnosed / suspicious",
        r"(?:said|says|say|call(?:ed|s)?|confirmed|means) '?(?:it|i|he|she|its|suspicious|we|my)",
        r"stage \d / grade \d / found (?:it|out) / before i was born / years ago / died",
    )
    + r"\b"
)
"""A doctor's word for it, or long ago."""
_SUPPOSING = re.compile(r"\bif (?:my|the|your|a|an|someone\S*|somebody\S*|you\S*|it|i)\b")
_REASONING = re.compile(
    r"\b(?:why|how come|since when|how|what if|if|when|asked|asks|wonder\w*)\W*$"
)
"""What stands just before a verdict that is told or explained, and not asked for."""
_LETTERS_BEFORE = 14


def judges_a_value(text: str) -> bool:
    """Return whether it is by a value that a text asks us to say so: "her CA-125 is 80"."""
    folded = fold(text)
    return bool(_VALUE.search(folded)) and any(_places(_OF_A_VALUE, folded))


def judged_from_afar(text: str) -> bool:
    """Return whether a text asks us to say if one person has cancer."""
    folded = fold(text)
    return any(
        not _REASONING.search(folded, max(0, start - _LETTERS_BEFORE), start)
        for start in _asked(folded)
    )


def _asked(folded: str) -> Iterator[int]:
    """Yield where a verdict is asked for."""
    if _FINDING.search(folded):
        return
    yield from _places(_OUTRIGHT, folded)
    if _CANCER_NAMED.search(folded):
        yield from _places(_OF_IT, folded)
    if _OWN.search(folded) and _SIGN.search(folded) and not _TOLD.search(folded):
        yield from _places(_OF_A_SIGN, folded)
    if _VALUE.search(folded) and not _SUPPOSING.search(folded):
        yield from _places(_OF_A_VALUE, folded)


def _places(patterns: tuple[re.Pattern[str], ...], folded: str) -> Iterator[int]:
    return (found.start() for pattern in patterns for found in pattern.finditer(folded))
