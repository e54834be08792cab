"""Whether a cancer, or the infection behind it, passes to others, as pages say it.

How a virus spreads is the same whatever cancer it may lead to, so that the pages on any answer.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.vocabulary.understanding import Concept, concepts

WRITTEN = (
    "transmitted", "transmission", "transmitting", "sexual contact", "sexually transmitted",
    "spread through", "spread mainly through", "spreads from person to person", "passed from",
    "be passed", "be spread", "sharing needles", "contagious",
)  # fmt: skip
"""How sources write of passing on."""
_INFECTIONS = ("hpv", "hepatitis", "pylori", "hiv", "ebv")
# "HBV" and "H. pylori" for what the thesaurus writes out.
_SHORT = {
    "hepatitis": ("hepatitis b virus", "hepatitis c virus", "hbv", "hcv"),
    "pylori": ("h pylori", "helicobacter pylori"),
    "ebv": ("ebv", "epstein barr virus"),
}
_PASSES = re.compile(
    r"\b(?:transmit(?:s|ted|ting)?|transmission|sexual(?:ly)? (?:contact|transmitted)"
    r"|spreads? (?:\w+ )?(?:through|by|via|from person)|(?:be|is|are|was) (?:passed|spread)\b"
    r"(?: \w+)? (?:from|through|to|by)|sharing needles|direct contact)\b",
    re.IGNORECASE,
)
_CONTAGIOUS = re.compile(r"\bcontagious\b", re.IGNORECASE)
# What lowers the risk of it says less than how it happens.
_BESIDES = re.compile(
    r"\b(?:prevents?|decreases?|reduces?|lowers?|protects?|worry|because|screening)\b",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"\b(?:is|are|can be|be|mainly|mostly) (?:\w+ )?(?:spread|transmitted|passed)\b"
    r"|\bspreads?\b[^.]*\b(?:through|person)\b",
    re.IGNORECASE,
)
_MORE_IF_PLAINLY = 0.5
_LABEL = "whether {thing} can be passed on to somebody else"


def of_passing_on(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield how each infection that is named passes on, or else whether the cancer does."""
    named = infections_named(asked)
    for infection in named:
        label = _name(asked, infection)
        told = plan("passed_on", core=True, asks_for=_LABEL.format(thing=label))
        heading = f"How {label} is passed on"
        yield replace(told, heading=heading, needs=(names_of(asked, infection), WRITTEN))
    if not named:
        every = tuple(name for key in _INFECTIONS for name in names_of(asked, concepts()[key]))
        yield plan("contagious", core=True, asks_for=_LABEL.format(thing="cancer"))
        if asked.cancer is not None:
            heading = "How infections that may lead to it are passed on"
            told = replace(plan("passed_on"), heading=heading, needs=(every, WRITTEN))
            # Nothing else is told of where that cancer's pages name no infection.
            yield told.with_aspect(scope="cancer")


def without_the_words(asked: Asked) -> Asked:
    """Return a question on passing on without the words that only say to whom."""
    of_infections = {concepts()[key].label for key in _INFECTIONS}
    told = tuple(thing for thing in asked.circumstances if thing.label in of_infections)
    left = tuple(each for each in asked.concepts if each.key not in {"causes", "metastasis"})
    return replace(asked, concepts=left, required=(), circumstances=told, parts=(), points=())


def infections_named(asked: Asked) -> tuple[Concept, ...]:
    """Return the infections that a question speaks of."""
    return tuple(concepts()[key] for key in _INFECTIONS if key in asked.spoken)


def names_of(asked: Asked, infection: Concept) -> tuple[str, ...]:
    """Return how sources write an infection: the one by its letter, where that is named."""
    letter = _letter(asked, infection)
    if letter:
        return f"hepatitis {letter}", f"h{letter}v"
    return (*infection.written, *_SHORT.get(infection.key, ()))


def says_how(plan: SectionPlan) -> Says:
    """Return what tells how well a statement says that an infection passes on."""
    names = wanted(plan.needs[0])

    def says(text: str, block: Block) -> float:
        if not _PASSES.search(text):
            return 0.0
        if not speaks_of(readable_now(text), names) and not speaks_of(block.leaf, names):
            # "This virus spreads ..." stands below a heading on it.
            return 0.0
        return (1.0 if _BESIDES.search(text) else 2.0) + _MORE_IF_PLAINLY * bool(
            _PLAINLY.search(text)
        )

    return says


def says_contagious(text: str, _: Block) -> float:
    """Return whether a statement says of cancer that it is, or isn't, contagious."""
    return float(bool(_CONTAGIOUS.search(text)) and speaks_of(readable_now(text), (" cancer ",)))


def _letter(asked: Asked, infection: Concept) -> str:
    if infection.key != "hepatitis":
        return ""
    return next((letter for letter in ("b", "c") if letter in asked.said), "")


def _name(asked: Asked, infection: Concept) -> str:
    letter = _letter(asked, infection)
    return f"{infection.label} {letter.upper()}" if letter else infection.label
