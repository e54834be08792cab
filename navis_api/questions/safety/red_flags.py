"""Which signs of an emergency a question tells of, and whether it is one beyond much doubt.

An ordinary answer below an urgent notice takes back what the notice says. So whoever writes one
has to know what was recognised, and how surely.
"""

from dataclasses import dataclass

from navis_api.questions.safety.features import features
from navis_api.questions.safety.model import learned_model
from navis_api.questions.safety.notices import SafetyKind
from navis_api.questions.safety.reading import Reading
from navis_api.questions.safety.recognition import safety_reasons
from navis_api.questions.safety.rules import urgency_rules
from navis_api.vocabulary.dying import tells_of_dying

_BEYOND_MUCH_DOUBT = 4.0
"""A score of the learned reader that counts without a rule.

Ordinary questions on fluid in the belly or a swollen arm score up to 3.5.
"""


@dataclass(frozen=True, slots=True)
class Urgency:
    """What a notice of an emergency rests on: `signs` are the names of groups of the rules.

    Where it `is_sure`, nothing but those signs may be told of below the notice.
    """

    signs: tuple[str, ...]
    is_sure: bool


def urgency_of(text: str) -> Urgency | None:
    """Return what makes a question urgent, or None where no notice of an emergency is due.

    What eases somebody's last days is read while help is on its way: that isn't held back.
    """
    alarms = {reason.kind for reason in safety_reasons(text)}
    if SafetyKind.EMERGENCY not in alarms or tells_of_dying(text):
        return None
    rules = urgency_rules()
    reading = Reading(rules.lexicon.read(text), rules.sets)
    patterns = {
        id(pattern): pattern
        for atom in reading.wording.where
        for pattern in rules.by_first_atom.get(atom, ())
        if pattern.group.kind is SafetyKind.EMERGENCY
    }
    signs = {pattern.group.id for pattern in patterns.values() if reading.holds(pattern)}
    score = learned_model().scores(features(text, reading.wording))[SafetyKind.EMERGENCY]
    return Urgency(tuple(sorted(signs)), is_sure=bool(signs) or score > _BEYOND_MUCH_DOUBT)
