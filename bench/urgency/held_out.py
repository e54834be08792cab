"""How the reader does on groups of texts that it did not learn from."""

import random
from collections.abc import Callable, Sequence

from bench.urgency.texts import Text, mistyped
from bench.urgency.training import learn, shown
from navis_api.questions.urgency import THRESHOLDS
from navis_api.questions.urgency_notices import SafetyKind

FOLDS = 5
ORDINARY = "NONE"

Scores = dict[SafetyKind, float]


def print_held_out(texts: Sequence[Text]) -> None:
    """Print recall and false alarms of the learned reader alone, by where a text comes from."""
    scores = held_out_scores(texts)
    origins: dict[str, Callable[[str], bool]] = {
        "groups of our own": lambda group: not group.startswith(("own", "blind")),
        "cases of the rules": lambda group: group.startswith("own"),
        "others' blind sets": lambda group: group.startswith("blind"),
    }
    for name, holds in origins.items():
        chosen = [(t, s) for t, s in zip(texts, scores, strict=True) if holds(t.group)]
        print(f"{name}: {len(chosen)} texts")
        ordinary = [score for text, score in chosen if text.kind == ORDINARY]
        for kind in SafetyKind:
            wanted = [score for text, score in chosen if text.kind == kind.value]
            print(
                f"  {kind.value:12} recall {_share(wanted, kind):.3f}"
                f"  false alarms {_share(ordinary, kind):.3f}"
            )
        alarmed = sum(any(s[k] > THRESHOLDS[k] for k in SafetyKind) for s in ordinary)
        print(f"  any          false alarms {alarmed / max(1, len(ordinary)):.3f}")


def held_out_scores(texts: Sequence[Text]) -> list[Scores]:
    """Return each text's scores by a reader that learned nothing from its group."""
    groups = sorted({text.group for text in texts})
    random.Random(3).shuffle(groups)  # the same folds each time
    fold = {group: at % FOLDS for at, group in enumerate(groups)}
    seen = shown(texts)
    scores: list[Scores] = [{} for _ in texts]
    for held in range(FOLDS):
        known = [at for at, text in enumerate(texts) if fold[text.group] != held]
        learned = [texts[at] for at in known]
        wrong = mistyped(learned)
        model = learn([*learned, *wrong], [*(seen[at] for at in known), *shown(wrong)])
        for at, text in enumerate(texts):
            if fold[text.group] == held:
                scores[at] = model.scores(seen[at])
    return scores


def _share(scores: Sequence[Scores], kind: SafetyKind) -> float:
    return sum(score[kind] > THRESHOLDS[kind] for score in scores) / max(1, len(scores))
