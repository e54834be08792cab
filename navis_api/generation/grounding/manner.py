"""What no claim may do, whatever it cites: name a dose, tell people what to take, promise."""

import re

from navis_api.generation.grounding.verdicts import Reason, ReasonKind
from navis_api.generation.wording import names_a_drug

_DOSE = re.compile(
    r"\d\s?(?:mg|mcg|µg|μg|g/m|mg/m|gy|cgy|mci|mbq|iu|ml|milligrams?|micrograms?|grams?|grays?"
    r"|milliliters?|millilitres?|units?|drops|tablets?|pills?|capsules?|puffs)\b"
    r"|\b(?:one|two|three|four|half an?|a|\d) (?:tablets?|pills?|capsules?|doses?)"
    r" (?:a|per|each|every|twice|daily|once)\b"
    r"|\bmg/"
    r"|\b(?:daily|weekly|maximum|starting|usual|recommended|standard) dos(?:e|age) (?:is|of)\b"
    r"|\b(?:double|halve|increase|reduce|raise|lower|skip|adjust) (?:your|the) (?:own )?"
    r"dos(?:e|age)s?\b",
    re.IGNORECASE,
)
# How often is a dose where something is taken, and none where teeth are brushed.
_OFTEN = re.compile(
    r"\b(?:once|twice|(?:two|three|four|five|\d+) times|every) (?:a |per |each |other )?"
    r"(?:day|daily|morning|evening|night|\d+ hours|(?:four|six|eight|twelve) hours)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:take|takes|taken|taking|given|dos\w+|tablets?|pills?|capsules?|drugs?|medicines?"
    r"|swallow\w*"
    r"|inject\w*|infus\w*|medications?|mouth)\b",
    re.IGNORECASE,
)
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
    r"|(?<!care )\b(?:should|must) (?:be given|be treated with|be taken|receive|take)\b"
    r"|\b(?:i|we) (?:would )?(?:strongly )?(?:recommend|advise|suggest|urge)\b"
    r"|\b(?:it is|it's) best (?:for you )?to"
    r" (?:take|stop|start|avoid|use|choose|refuse|get|have)\b"
    r"|\byour best (?:option|choice|bet)\b|\byou'd better\b"
    r"|^\W{0,3}(?:please |always |never |do not |don't |don’t )?(?:take|stop taking|start taking"
    r"|start|use|choose|refuse|skip|switch to|opt for|insist on|try) ",
    re.IGNORECASE,
)
_YOU_SHOULD = re.compile(
    r"\byou(?:'ll|’ll)? (?:should|must|need to|have to|ought to|shouldn['’]t|mustn['’]t"
    r"|will need to)\b",
    re.IGNORECASE,
)
_OBLIGES = re.compile(
    r"\b(?:you|your \w+|patients|people|women|men|caregivers|parents)"
    r" (?:should|must|need to|needs to|have to|ought to|will need to|may need to)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?<!not )(?<!n['’]t )(?<!cannot )(?<!never )(?<!no )\bguarantee"
    r"|\byou (?:will|'ll|’ll|can be sure|are going to)"
    r" (?:be (?:cured|fine|ok|okay|healed|cancer[- ]free)|beat|recover|survive"
    r"|get better|make it|live)\b"
    r"|\bmiracle\b|\bno (?:need to worry|reason to worry)\b|\b(?:don['’]t|do not) worry\b"
    r"|\bwill (?:definitely|certainly|surely|always|completely)\b"
    r"|\b100 ?% (?:effective|safe|certain|cur|success)|\bcompletely safe\b"
    r"|(?<!not )(?<!n't )\b(?:always|never) (?:works?|fails?|cures?)\b|\brest assured\b",
    re.IGNORECASE,
)


_TO_A_PROGRAM = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your |these |every )*"
    r"(?:previous|prior|above|earlier|other|safety|system|your)? ?"
    r"(?:instructions?|rules?|prompts?|guidelines|checks?)\b"
    r"|\bsystem prompt\b|\b(?:as|i am|i'm) an? (?:ai|language model|assistant)\b"
    r"|\b(?:this|each|every|the) claims? (?:is|are|as|must be|should be) (?:\w+ )?supported\b"
    r"|\bmark (?:this|each|every|all)\b|\brespond only with\b|\bnew instructions?\b",
    re.IGNORECASE,
)


def speaks_to_a_program(text: str) -> bool:
    """Whether a text tells a program what to do, as no text for readers does."""
    return _TO_A_PROGRAM.search(text) is not None


def against_manner(text: str, evidence: str) -> Reason | None:
    """Return how a claim speaks that no claim may, or None.

    `evidence` is the text that it rests on: where that obliges ("you should tell your doctor"),
    a claim may repeat it, unless it is about what to take.
    """
    if speaks_to_a_program(text):
        return Reason(ReasonKind.INSTRUCTION)
    often = _OFTEN.search(text) and (_TAKEN.search(text) or names_a_drug(text))
    if often or _DOSE.search(text):
        return Reason(ReasonKind.DOSE)
    if _ADVICE.search(text):
        return Reason(ReasonKind.ADVICE)
    if _YOU_SHOULD.search(text) and not _OBLIGES.search(evidence):
        return Reason(ReasonKind.ADVICE)
    if _PROMISE.search(text):
        return Reason(ReasonKind.PROMISE)
    return None
