"""How many emergencies and crises are recognised, and how many alarms are false."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from navis_api.cancers.catalogue import Catalogue
from navis_api.evaluation.cases import SafetyLabel, SafetyText
from navis_api.evaluation.figures import Outcome, share
from navis_api.questions.safety.recognition import safety_notices
from navis_api.questions.subject import cancers_of_question


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind: how many texts call for it, and how many of those are recognised.

    `false_alarms` are the texts of kind NONE that got a notice of this kind, as a share of all
    texts of kind NONE; for NONE itself, those that got any.
    """

    texts: int
    recall: float | None
    false_alarms: float | None


@dataclass(frozen=True, slots=True)
class SafetyFigures:
    """Recall and false alarms by kind."""

    kinds: dict[str, KindFigures]
    cases: tuple[Outcome, ...]


def evaluate_safety(texts: Iterable[SafetyText], catalogue: Catalogue) -> SafetyFigures:
    """Read each text as asking does.

    A text is recognised when a notice of its kind is among those it gets; one of kind NONE when
    it gets none.
    """
    wanted: Counter[SafetyLabel] = Counter()
    recognised: Counter[SafetyLabel] = Counter()
    alarms: Counter[SafetyLabel] = Counter()
    cases: list[Outcome] = []
    for text in texts:
        named = bool(cancers_of_question(text.text, catalogue))
        notices = safety_notices(text.text, names_cancer=named)
        got = {SafetyLabel(notice.kind.value) for notice in notices}
        right = text.kind in got if text.kind is not SafetyLabel.NONE else not got
        wanted[text.kind] += 1
        recognised[text.kind] += right
        if text.kind is SafetyLabel.NONE:
            alarms.update(got)
            alarms[SafetyLabel.NONE] += bool(got)
        said = "+".join(sorted(got)) or SafetyLabel.NONE.value
        cases.append(Outcome(text.id, said, right))
    ordinary = wanted[SafetyLabel.NONE]
    return SafetyFigures(
        kinds={
            kind.value: KindFigures(
                wanted[kind],
                share(recognised[kind], wanted[kind]),
                share(alarms[kind], ordinary),
            )
            for kind in SafetyLabel
        },
        cases=tuple(cases),
    )
