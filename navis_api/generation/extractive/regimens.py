"""Combinations of drugs that go by letters: what is in one is told whole, or not at all.

"R-CHOP" is told by the page that has this name. The page on CHOP has its words too, and of its
members one is missing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.units import units_of
from navis_api.kit.text import fold
from navis_api.vocabulary.terms import TermKind, find_terms

SAID_BY_A_REGIMEN = frozenset(
    {"asked_words", "key_points", "told_besides", "treatment_kind", "what_it_is"}
)
"""Aspects of which the section on a regimen tells, where it is asked what that is."""
_TELLS_ITS_DRUGS = re.compile(r"^(?:This combination (?:contains|consists)|Drugs in the )")


def regimens_named(text: str) -> tuple[Telling, ...]:
    """Return the combinations that a text names by their letters, each with all of its names."""
    found = (mention.term for mention in find_terms(text))
    named = {
        term.label: Telling(term.label, (term.label, *term.names))
        for term in found
        if term.kind is TermKind.REGIMEN
    }
    return tuple(named.values())


def asks_what_is_in_it(text: str) -> bool:
    """Whether a text asks what a combination is that it names, or what drugs are in it."""
    named = "|".join(re.escape(name) for each in regimens_named(text) for name in each.phrases)
    it = rf"(?:an? |the )?(?:{named}|it|this|that)\b"
    return bool(named) and any(
        re.search(asks, text, re.IGNORECASE) is not None
        for asks in (
            rf"\bwhat(?:['’]?s| is| does| exactly is) {it}",
            rf"\bwhat (?:is|drugs?|medicines?)(?: are| is)? (?:in|part of) {it}",
            rf"\b(?:{named})\b\W+(?:what|explain|mean)",
        )
    )


def is_on_another_regimen(title: str, asked_for: Iterable[Telling]) -> bool:
    """Whether a page is on a combination, and not on one of those that are asked about."""
    on = regimens_named(title)
    return (
        len(on) == 1
        and _is_its_name(title, on[0])
        and on[0].label not in {each.label for each in asked_for}
    )


def what_it_is(
    blocks: Sequence[Block], regimen: Telling, fitness: Fitness
) -> Iterator[list[KeyPoint]]:
    """Yield what the page that goes by a regimen's name says is in it, and what it is used for."""
    on_it = [block for block in blocks if _is_its_name(block.first.title, regimen)]
    on_it = [block for block in on_it if block.first.version_id == on_it[0].first.version_id]
    on_it.sort(key=lambda block: block.first.position)
    points = [
        KeyPoint(block, unit, 1.0)
        for block in on_it
        for passage in block.passages
        for unit in units_of(passage, fitness)
        if unit is not None and (unit.is_list or _TELLS_ITS_DRUGS.match(unit.text))
    ]
    # What it is used for is no answer without what is in it.
    yield points if any(_TELLS_ITS_DRUGS.match(point.unit.text) for point in points) else []


def _is_its_name(title: str, regimen: Telling) -> bool:
    return fold(title) in {fold(name) for name in regimen.phrases}
