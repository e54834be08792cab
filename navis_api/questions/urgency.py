"""Emergency and crisis wording in a question, recognised before any other work.

No model is asked: phrases of `urgency_patterns.json` are looked for, and a phrase
counts unless what stands around it shows that nobody is in need now: a general
question ("can chemo cause fever?"), something long past, feared or denied. When in
doubt it counts, since a notice too many costs little and one too few may cost a life.
"""

from navis_api.questions.urgency_notices import NOTICES, SafetyKind, SafetyNotice
from navis_api.questions.urgency_reading import Reading
from navis_api.questions.urgency_rules import urgency_rules

__all__ = ["SafetyKind", "SafetyNotice", "safety_notices"]


def safety_notices(text: str) -> tuple[SafetyNotice, ...]:
    """Return what must be said before a question is answered, most pressing first.

    Each kind comes at most once. In a crisis only help is offered: no words about
    doses or what we don't answer stand beside it. Dosing and scope never hide an
    emergency either.
    """
    rules = urgency_rules()
    reading = Reading(rules.lexicon.read(text), rules.sets)
    patterns = {
        id(pattern): pattern
        for atom in reading.wording.where
        for pattern in rules.by_first_atom.get(atom, ())
    }
    found: set[SafetyKind] = set()
    for pattern in patterns.values():
        if pattern.group.kind not in found and reading.holds(pattern):
            found.add(pattern.group.kind)
    if SafetyKind.CRISIS in found:
        found -= {SafetyKind.NO_DOSING, SafetyKind.OUT_OF_SCOPE}
    if len(found) > 1:
        found -= {SafetyKind.OUT_OF_SCOPE}
    return tuple(NOTICES[kind] for kind in SafetyKind if kind in found)
