"""What a question calls for before anything else, recognised before any other work.

No model is asked over a network. Two readers look at the words: the rules of
`patterns.json`, phrases that count unless what stands around them shows that
nobody is in need now, and a learned reader, which has seen thousands of ways to say it
and of ordinary questions that look like it. Either may raise an alarm; the learned one
may also call off one of the rules that it is sure of. When in doubt it counts, since a
notice too many costs little and one too few may cost a life. See decision 13.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from navis_api.kit.languages import Language
from navis_api.questions.safety.features import ELSEWHERE, ON_CANCER, features
from navis_api.questions.safety.model import Model, learned_model
from navis_api.questions.safety.notices import Refusal, SafetyKind, SafetyNotice, notice
from navis_api.questions.safety.reading import Reading
from navis_api.questions.safety.refusals import refusal
from navis_api.questions.safety.rules import urgency_rules
from navis_api.questions.safety.waning import without_waning_thirst
from navis_api.vocabulary.dying import tells_of_dying

__all__ = ["SafetyKind", "SafetyNotice", "SafetyReason", "safety_notices", "safety_reasons"]

THRESHOLDS = {
    SafetyKind.CRISIS: -1.0,
    SafetyKind.EMERGENCY: -0.8,
    SafetyKind.NO_DOSING: -1.3,
    SafetyKind.OUT_OF_SCOPE: 0.2,
}
"""Scores above which the learned reader raises an alarm: chosen on held-out authors."""

WHERE_ELSEWHERE_IS_NAMED = -0.6
"""The same for OUT_OF_SCOPE where something else is named: a recipe, gout, a sum, …"""
WHERE_ONLY_ELSEWHERE_IS_NAMED = -1.2
"""… and nothing of cancer or its care beside it: "cat litter" alone, and not "on chemo"."""

CALLED_OFF = {
    SafetyKind.CRISIS: -3.5,
    SafetyKind.EMERGENCY: -2.5,
    SafetyKind.NO_DOSING: -2.5,
    SafetyKind.OUT_OF_SCOPE: -3.0,
}
"""Scores below which an alarm of the rules doesn't count."""

_ELSEWHERE = frozenset(f"class:{name}" for name in ELSEWHERE)
_ON_CANCER = frozenset(f"class:{name}" for name in ON_CANCER)

REASONS_SHOWN = 6
_EXPLAINED = ("class", "near", "then", "form", "length", "last", "earlier")
"""Features that may be shown: they name classes of words, never words of the text."""


@dataclass(frozen=True, slots=True)
class SafetyReason:
    """Why a kind was recognised: which reader, and what it saw, without a word of the text."""

    kind: SafetyKind
    reader: str
    saw: tuple[str, ...]


def safety_notices(
    text: str, locale: str = "en", *, language: Language | None = None, names_cancer: bool = False
) -> tuple[SafetyNotice, ...]:
    """Return what must be said before a question is answered, most pressing first.

    Each kind comes at most once. In a crisis only help is offered: no words about
    doses or what we don't answer stand beside it. Dosing and scope never hide an
    emergency either; where somebody is told to be dying, that one says to call their hospice or
    palliative care team first. `locale` (`en-GB`) decides whom to call, and the language too where
    the reader's own (`language`) isn't known. A text in which the catalogue found a
    cancer (`names_cancer`) is not declined as one about something else; its orders to us
    still are.
    """
    reasons = safety_reasons(text)
    refused = next((Refusal(r.saw[0]) for r in reasons if r.reader == "refusals"), None)
    found = kinds_to_mention(reasons, names_cancer=names_cancer)
    is_dying = tells_of_dying(text)
    return tuple(
        notice(
            kind,
            locale=locale,
            language=language,
            refusal=refused or Refusal.NOT_CANCER,
            is_dying=is_dying,
        )
        for kind in SafetyKind
        if kind in found
    )


def kinds_to_mention(
    reasons: Iterable[SafetyReason], *, names_cancer: bool = False
) -> AbstractSet[SafetyKind]:
    """Return the kinds that a notice is due for, where one leaves no place for another."""
    reasons = list(reasons)
    found = {reason.kind for reason in reasons}
    if names_cancer and not any(reason.reader == "refusals" for reason in reasons):
        found -= {SafetyKind.OUT_OF_SCOPE}
    if SafetyKind.CRISIS in found:
        found -= {SafetyKind.NO_DOSING, SafetyKind.OUT_OF_SCOPE}
    if len(found) > 1:
        found -= {SafetyKind.OUT_OF_SCOPE}
    return found


def safety_reasons(text: str, *, model: Model | None = None) -> tuple[SafetyReason, ...]:
    """Return what each reader recognises, and why: names of groups and classes, no patient's word.

    The readers are `rules`, `learned` and `refusals`. `model` is another learned reader than
    the one we ship, for measuring.
    """
    model = model or learned_model()
    rules = urgency_rules()
    reading = Reading(rules.lexicon.read(without_waning_thirst(text)), rules.sets)
    shown = features(text, reading.wording)
    scores = model.scores(shown)
    reasons = [
        SafetyReason(kind, "learned", _telling(model, shown, kind))
        for kind in _learned_alarms(model, shown, scores)
    ]
    by_rules = _by_rules(reading)
    counted = {kind for kind in by_rules if scores[kind] > CALLED_OFF[kind]}
    # Despair drowns an emergency told in the same breath, which the rules still see.
    if SafetyKind.CRISIS in counted | {reason.kind for reason in reasons}:
        counted |= by_rules.keys() & {SafetyKind.EMERGENCY}
    reasons += [SafetyReason(kind, "rules", (by_rules[kind],)) for kind in sorted(counted)]
    refused = refusal(text)
    if refused is not None:
        reasons.append(SafetyReason(SafetyKind.OUT_OF_SCOPE, "refusals", (refused.value,)))
    return tuple(reasons)


def _learned_alarms(
    model: Model, shown: AbstractSet[str], scores: dict[SafetyKind, float]
) -> list[SafetyKind]:
    if not any(name.startswith("word:") and name in model.file.weights for name in shown):
        return []
    return [kind for kind, score in scores.items() if score > _threshold(kind, shown)]


def _threshold(kind: SafetyKind, shown: AbstractSet[str]) -> float:
    if kind is not SafetyKind.OUT_OF_SCOPE:
        return THRESHOLDS[kind]
    if not shown & _ELSEWHERE:
        return THRESHOLDS[kind]
    return WHERE_ELSEWHERE_IS_NAMED if shown & _ON_CANCER else WHERE_ONLY_ELSEWHERE_IS_NAMED


def _telling(model: Model, shown: AbstractSet[str], kind: SafetyKind) -> tuple[str, ...]:
    named = [name for name in shown if name.partition(":")[0] in _EXPLAINED]
    return model.strongest(named, kind, REASONS_SHOWN)


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
