"""Advice on what to take: what is said to the reader, and of patients, of treatment and drugs.

How to sit, sleep, eat and talk is told in the same form, and is no such advice.
"""

import re

from navis_api.generation.wording import names_a_drug
from navis_api.vocabulary.terms import TermKind, find_terms

_OBLIGED = (
    r"(?:should|must|need to|needs to|have to|has to|ought to|had better|are advised to)"
    r" (?:not |never |always |immediately |definitely |first |also |then )?"
)
_TO_TAKE = (
    r"(?:be (?:taking|using|given|treated)|take|use|stop|start|begin|receive|choose|refuse|request"
    r"|demand|switch|undergo|skip|increase|reduce|opt|insist|ask for|get|have|try)\b"
)
# "Whether you should stop" is a question that is left open.
_YOU = (
    r"\b(?<!whether )(?<!if )(?<!when )(?<!what )(?<!which )"
    r"you (?:really |always |also )?"
)
_ADVICE = re.compile(
    rf"{_YOU}{_OBLIGED}{_TO_TAKE}"
    rf"|\b(?:patients|people|everyone) {_OBLIGED}"
    r"(?:take|stop|start|choose|refuse|switch|skip|demand)\b"
    r"|(?<!care )\b(?:should|must) (?:not )?(?:be given|be treated with|be taken|be started"
    r"|be stopped|be discontinued|receive|take)\b"
    rf"|{_YOU}(?:can|may|might|could) (?:safely |now |just )?(?:stop|skip|refuse|quit)"
    r" (?!taking part|being in|participating|the (?:trial|study)|at any)"
    r"|\b(?:i|we) (?:would )?(?:strongly )?(?:recommend|advise|suggest|urge)\b"
    r"|\b(?:it is|it's) best (?:for you )?to"
    r" (?:take|stop|start|avoid|use|choose|refuse|get|have)\b"
    r"|\byour best (?:option|choice|bet)\b|\byou'd better\b",
    re.IGNORECASE,
)
# An order to the reader; items of lists ("have surgery") begin with small letters.
_TREATMENTS = (
    r"(?:surgery|chemo(?:therapy)?|radiation|radiotherapy|treatment|therapy|immunotherapy|biops\w+"
    r"|an? (?:operation|transplant|biopsy))"
)
_ORDERED = r"(?:avoid|have|get|undergo|request|delay|stop|go for|say no to)"
_ORDER = re.compile(
    r"^\W{0,3}(?=(?-i:[A-Z]))(?:(?:please|always|never|do not|don['’]t|just|so|instead,?|make sure"
    r" to|be sure to|remember to) )?"
    rf"{_ORDERED} (?:(?:the|your|any|more|further|all|having|getting) )*"
    r"(?:(?!during|before|after|while|until|in|on|for|with|to|of|from|and|or|about)[\w-]+ )?"
    rf"{_TREATMENTS}\b(?! (?:side|team|plan|area|site|schedule|option|decision|cent))",
    re.IGNORECASE,
)
_DRUGS = frozenset({TermKind.DRUG, TermKind.REGIMEN})
_FIRST_ORDER = re.compile(
    r"^\W{0,3}(?:please |always |never |do not |don't |don’t |just |so |instead,? |(?:remember"
    r"|be sure|make sure) to )?(?:(?P<strict>take|stop taking|start taking|refuse|switch to|opt for"
    r"|insist on)|start|use(?! of\b)|choose|skip|try) (?P<what>(?:[^.!?]|[.!?](?! ))*)",
    re.IGNORECASE,
)
_TAKEN_BY_ANYBODY = re.compile(
    r"^(?:(?:a|an|the|your|some|short|long|extra|deep|slow|small|regular|frequent|few|more|warm"
    r"|cool|lukewarm|quick|brief|honest|each|one|two|good) )*"
    r"(?:walks?|naps?|breaks?|rests?|showers?|baths?|breaths?|bites?|sips?|steps?|notes?|turns"
    r"|time|care|look|day|things|it (?:easy|slow\w*|one day)|part|class(?:es)?|trips?|pictures?"
    r"|photos?|someone|somebody|another person|a (?:friend|relative|family member)"
    r"|advantage|stairs|charge|comfort|pride)\b",
    re.IGNORECASE,
)
_TAKEN_FOR_HEALTH = re.compile(
    rf"(?<!after )(?<!before )(?<!during )(?<!about your )\b{_TREATMENTS}\b(?! area)"
    r"|\b(?:medicines?|medications?|drugs?|pills?|tablets?|capsules?|dos(?:e|age)s?"
    r"|(?<!nutrition )(?<!nutritional )supplements?|vitamins?|herb(?:s|al)?\b(?! teas?)|remed\w+"
    r"|pain ?(?:killers?|relievers?|relief)|painkillers?|antibiotics?|laxatives?|antacids?|opioids?"
    r"|steroids?|aspirin|ibuprofen|acetaminophen|paracetamol|nsaids?|antidepressants?|cannabis"
    r"|marijuana|cbd|suppositor\w+|enemas?|stool softeners?|hormones?|therap(?:y|ies)|transplants?"
    r"|clinical trials?|injections?|infusions?|inhibitors?|vaccin\w+|insulin|patch(?:es)?)\b",
    re.IGNORECASE,
)


def tells_to_take(text: str) -> bool:
    """Whether a text tells its readers to take, begin, stop or refuse a drug or a treatment."""
    if _ADVICE.search(text) or _ORDER.search(text):
        return True
    order = _FIRST_ORDER.match(text)
    if order is None:
        return False
    if order["strict"] and not _TAKEN_BY_ANYBODY.match(order["what"]):
        return True
    what = order["what"]
    if _TAKEN_FOR_HEALTH.search(what) or names_a_drug(what):
        return True
    return any(each.term.kind in _DRUGS for each in find_terms(what))
