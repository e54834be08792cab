"""How the readers do on texts of authors whom the learned one hasn't learned from."""

import random
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bench.urgency.texts import HOUSE, Text, apart_texts, varied
from bench.urgency.training import learn, shown
from navis_api.questions.safety.model import Model, learned_model
from navis_api.questions.safety.notices import SafetyKind
from navis_api.questions.safety.recognition import kinds_to_mention, safety_reasons

FOLDS = 3
BY_GROUPS = (HOUSE, "third")
"""The texts of these are held out by groups, a third of them at a time: nobody else wrote on what
the third author did, so without all of it the reader would know nothing of that."""
ORDINARY = "NONE"
FALSE_SHARE = 0.02
"""The share of false alarms at which the learned reader's recall is compared."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A text, what both readers together see in it, and the learned one's scores."""

    text: Text
    found: AbstractSet[SafetyKind]
    scores: dict[SafetyKind, float]


def print_held_out(texts: Sequence[Text]) -> None:
    """Print by author the recall and the false alarms of the readers."""
    apart = apart_texts()
    known = learned_model()
    read = held_out(texts)
    read += [_read(text, seen, known) for text, seen in zip(apart, shown(apart), strict=True)]
    for author in sorted({each.text.author for each in read}):
        chosen = [each for each in read if each.text.author == author]
        ordinary = [each for each in chosen if each.text.kind == ORDINARY]
        alarmed = sum(bool(each.found) for each in ordinary)
        print(f"{author}: {len(chosen)} texts, any alarm on ordinary {_share(alarmed, ordinary)}")
        for kind in SafetyKind:
            wanted = [each for each in chosen if each.text.kind == kind.value]
            recognised = sum(kind in each.found for each in wanted)
            false = sum(kind in each.found for each in ordinary)
            scores = sorted((each.scores[kind] for each in ordinary), reverse=True)
            at = scores[int(FALSE_SHARE * len(scores))]
            alone = sum(each.scores[kind] > at for each in wanted)
            print(
                f"  {kind.value:12} {len(wanted):4} recall {_share(recognised, wanted)}"
                f"  false {_share(false, ordinary)}"
                f"  learned alone at {FALSE_SHARE:.0%} false {_share(alone, wanted)}"
            )


def held_out(texts: Sequence[Text]) -> list[HeldOut]:
    """Return each text as read by a reader that learned nothing of its author or its group."""
    seen = shown(texts)
    others = varied(texts)
    others_seen = shown(others)
    fold = _folds(texts)
    read: dict[int, HeldOut] = {}
    for held in sorted(set(fold.values())):
        known = [at for at, text in enumerate(texts) if fold[text.group] != held]
        varied_known = [at for at, text in enumerate(others) if fold[text.group] != held]
        model = learn(
            [*(texts[at] for at in known), *(others[at] for at in varied_known)],
            [*(seen[at] for at in known), *(others_seen[at] for at in varied_known)],
        )
        for at, text in enumerate(texts):
            if fold[text.group] == held:
                read[at] = _read(text, seen[at], model)
    return [read[at] for at in range(len(texts))]


def _read(text: Text, seen: AbstractSet[str], model: Model) -> HeldOut:
    found = kinds_to_mention(safety_reasons(text.text, model=model))
    return HeldOut(text, found, model.scores(seen))


def _folds(texts: Sequence[Text]) -> dict[str, str]:
    """Return what is held out together, by group: all of an author, a share of the house."""
    folds = {text.group: text.author for text in texts if text.author not in BY_GROUPS}
    for author in BY_GROUPS:
        groups = sorted({text.group for text in texts if text.author == author})
        random.Random(3).shuffle(groups)  # the same folds each time
        folds |= {group: f"{author} {at % FOLDS}" for at, group in enumerate(groups)}
    return folds


def _share(some: int, of: Sequence[HeldOut]) -> str:
    return f"{some / max(1, len(of)):.3f}"
