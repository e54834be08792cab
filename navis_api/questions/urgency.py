"""What a question calls for before anything else, recognised before any other work.

No model is asked over a network. Two readers look at the words: the rules of
`urgency_patterns.json`, phrases that count unless what stands around them shows that
nobody is in need now, and a learned reader, which has seen thousands of ways to say it
and of ordinary questions that look like it. Either may raise an alarm; the learned one
may also call off one of the rules that it is sure of. When in doubt it counts, since a
notice too many costs little and one too few may cost a life. See decision 13.
"""

import re
from dataclasses import dataclass

from navis_api.kit.text import fold
from navis_api.questions.smuggling import smuggled
from navis_api.questions.urgency_features import features
from navis_api.questions.urgency_model import learned_model
from navis_api.questions.urgency_notices import Refusal, SafetyKind, SafetyNotice, notice
from navis_api.questions.urgency_reading import Reading
from navis_api.questions.urgency_rules import urgency_rules

__all__ = ["SafetyKind", "SafetyNotice", "SafetyReason", "safety_notices", "safety_reasons"]

THRESHOLDS = {
    SafetyKind.CRISIS: -0.5,
    SafetyKind.EMERGENCY: -0.5,
    SafetyKind.NO_DOSING: -0.8,
    SafetyKind.OUT_OF_SCOPE: -0.6,
}
"""Scores above which the learned reader raises an alarm: chosen on held-out groups."""

CALLED_OFF = {
    SafetyKind.CRISIS: -3.5,
    SafetyKind.EMERGENCY: -2.5,
    SafetyKind.NO_DOSING: -3.0,
    SafetyKind.OUT_OF_SCOPE: -3.0,
}
"""Scores below which an alarm of the rules doesn't count."""

REASONS_SHOWN = 6
_EXPLAINED = ("class", "near", "then", "form", "length")
"""Features that may be shown: they name classes of words, never words of the text."""

# Bounded gaps: the time grows with the text and no faster.
_JUDGE_FROM_AFAR = re.compile(
    r"\b(?:look at|see|check|judge|examine|here(?:'s| is| are)|attach\w*|upload\w*|sending)\b"
    r"[^.?!\n]{0,30}\b(?:this|my|the|a) (?:\w+ ){0,2}(?:photos?|pictures?|pics?|images?|x-?rays?"
    r"|scans?|mri|ct|mammogram|mole|lump|spot)\b[^\n]{0,60}"
    r"\b(?:cancer\w*|melanoma|malignant|tumou?r|benign|what do you (?:see|think)|serious)\b"
    r"|\bdiagnose (?:me|my|this|him|her)\b"
    r"|\b(?:do|have) i (?:have|got) (?:a )?cancer\b(?! (?:risk|gene|insurance|of|cells))"
    r"|\btell me (?:if|whether) (?:i have|i've got|this is|it is|it's|my \w+ is) (?:a )?cancer"
)


@dataclass(frozen=True, slots=True)
class SafetyReason:
    """Why a kind was recognised: which reader, and what it saw, without a word of the text."""

    kind: SafetyKind
    reader: str
    saw: tuple[str, ...]


def safety_notices(
    text: str, locale: str = "en", *, names_cancer: bool = False
) -> tuple[SafetyNotice, ...]:
    """Return what must be said before a question is answered, most pressing first.

    Each kind comes at most once. In a crisis only help is offered: no words about
    doses or what we don't answer stand beside it. Dosing and scope never hide an
    emergency either. `locale` (`en-GB`) decides whom to call. A text in which the
    catalogue found a cancer (`names_cancer`) is not declined as one about something else;
    its orders to us still are.
    """
    reasons = safety_reasons(text)
    refusals = [Refusal(reason.saw[0]) for reason in reasons if reason.reader == "refusals"]
    refusal = refusals[0] if refusals else Refusal.NOT_CANCER
    found = {reason.kind for reason in reasons}
    if names_cancer and not refusals:
        found -= {SafetyKind.OUT_OF_SCOPE}
    if SafetyKind.CRISIS in found:
        found -= {SafetyKind.NO_DOSING, SafetyKind.OUT_OF_SCOPE}
    if len(found) > 1:
        found -= {SafetyKind.OUT_OF_SCOPE}
    return tuple(
        notice(kind, locale=locale, refusal=refusal) for kind in SafetyKind if kind in found
    )


def safety_reasons(text: str) -> tuple[SafetyReason, ...]:
    """Return what each reader recognises, and why: names of groups and classes, no patient's word.

    The readers are `rules`, `learned` and `refusals`.
    """
    rules = urgency_rules()
    reading = Reading(rules.lexicon.read(text), rules.sets)
    shown = features(text, reading.wording)
    model = learned_model()
    scores = model.scores(shown)
    reasons: list[SafetyReason] = []
    if any(name.startswith("word:") and name in model.file.weights for name in shown):
        telling = {name for name in shown if name.partition(":")[0] in _EXPLAINED}
        reasons += [
            SafetyReason(kind, "learned", model.strongest(telling, kind, REASONS_SHOWN))
            for kind, score in scores.items()
            if score > THRESHOLDS[kind]
        ]
    by_rules = _by_rules(reading)
    counted = {kind for kind in by_rules if scores[kind] > CALLED_OFF[kind]}
    # Despair drowns an emergency told in the same breath, which the rules still see.
    if SafetyKind.CRISIS in counted | {reason.kind for reason in reasons}:
        counted |= by_rules.keys() & {SafetyKind.EMERGENCY}
    reasons += [SafetyReason(kind, "rules", (by_rules[kind],)) for kind in sorted(counted)]
    refusal = _refusal(text)
    if refusal is not None:
        reasons.append(SafetyReason(SafetyKind.OUT_OF_SCOPE, "refusals", (refusal.value,)))
    return tuple(reasons)


def _by_rules(reading: Reading) -> dict[SafetyKind, str]:
    """Return the kinds that the rules see, each with the first group that holds."""
    rules = urgency_rules()
    patterns = {
        id(pattern): pattern
        for atom in reading.wording.where
        for pattern in rules.by_first_atom.get(atom, ())
    }
    found: dict[SafetyKind, str] = {}
    for pattern in patterns.values():
        if pattern.group.kind not in found and reading.holds(pattern):
            found[pattern.group.kind] = pattern.group.id
    return found


def _refusal(text: str) -> Refusal | None:
    if smuggled(text):
        return Refusal.ORDERS
    if _JUDGE_FROM_AFAR.search(fold(text)):
        return Refusal.JUDGE_FROM_AFAR
    return None
