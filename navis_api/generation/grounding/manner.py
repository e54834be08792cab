"""What no claim may do, whatever it cites: name a dose, tell people what to take, promise."""

import re

from navis_api.generation.grounding.advice import tells_to_take
from navis_api.generation.grounding.doses import names_a_dose
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

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
    if names_a_dose(text):
        return Reason(ReasonKind.DOSE)
    if tells_to_take(text):
        return Reason(ReasonKind.ADVICE)
    if _YOU_SHOULD.search(text) and not _OBLIGES.search(evidence):
        return Reason(ReasonKind.ADVICE)
    if _PROMISE.search(text):
        return Reason(ReasonKind.PROMISE)
    return None
