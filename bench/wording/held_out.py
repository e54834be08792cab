"""How the reader of wording does on questions of an author whom it hasn't learned from."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.wording.training import learn, shown
from bench.wording.ways import Way
from navis_api.cancers.catalogue import Catalogue
from navis_api.questions.sameness.decision import decide
from navis_api.questions.sameness.learned.model import WordingModel, usual_questions
from navis_api.questions.sameness.reading import read_by_rules, read_slots

FOLDS = 4
"""A quarter of the authors is held out at a time."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A way to ask, and whether it is served what answers the usual question of its kind."""

    way: Way
    by_rules: bool
    served: bool


def print_held_out(ways: Sequence[Way], catalogue: Catalogue) -> None:
    """Print by author how many ways are served, and how many near neighbours wrongly."""
    read = held_out(ways, catalogue)
    for author in sorted({each.way.author for each in read}):
        own = [each for each in read if each.way.author == author]
        asking = [each for each in own if each.way.asks_it]
        near = [each for each in own if not each.way.asks_it]
        print(
            f"{author}: {len(asking)} ways, served by rules {_share(asking, by_rules=True)}"
            f", with what was learned {_share(asking)}"
            f"; {len(near)} neighbours, served {_share(near)} (rules {_share(near, by_rules=True)})"
        )
        for each in near:
            if each.served:
                print(f"  {each.way.kind}: {each.way.text}")


def held_out(ways: Sequence[Way], catalogue: Catalogue, *, folds: int = FOLDS) -> list[HeldOut]:
    """Return each way as read by a reader that learned nothing of its author."""
    seen = shown(ways, catalogue)
    authors = sorted({way.author for way in ways})
    read: list[HeldOut] = []
    for fold in range(folds):
        held = set(authors[fold::folds])
        known = [at for at, way in enumerate(ways) if way.author not in held]
        model = learn([ways[at] for at in known], [seen[at] for at in known])
        read += [
            _held_out(way, usual, model, catalogue)
            for way in ways
            if way.author in held and (usual := _usual(way)) is not None
        ]
    return read


def _held_out(way: Way, usual: str, model: WordingModel, catalogue: Catalogue) -> HeldOut:
    by_rules, _ = read_by_rules(way.text, None, catalogue)
    known_by_rules, _ = read_by_rules(usual, None, catalogue)
    asked = read_slots(way.text, None, catalogue, model=model)
    known = read_slots(usual, None, catalogue, model=model)
    return HeldOut(way, decide(by_rules, known_by_rules).same, decide(asked, known).same)


def _usual(way: Way) -> str | None:
    """Return the usual question with the names of a way; None where the way names too little."""
    if way.kind is None:
        return None
    usual = usual_questions().get(way.kind)
    if usual is None:
        return None
    names = {"cancer": "the cancer", **way.names}
    return usual.filled(names) if names.keys() >= set(usual.gaps) else None


def _share(some: Sequence[HeldOut], *, by_rules: bool = False) -> str:
    served = sum(each.by_rules if by_rules else each.served for each in some)
    return f"{served / max(1, len(some)):.3f}"
