"""What a cancer in the family means for parents, brothers, sisters and children."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner

WRITTEN = (
    "sibling", "siblings", "brother", "brothers", "sister", "sisters", "relative", "relatives",
    "family members", "first degree",
)  # fmt: skip
"""How sources write of relatives."""
_SAID = frozenset({"brother", "brothers", "sister", "sisters", "sibling", "siblings", "twin"})
_ASKS_OF = frozenset(
    {
        "risk", "risks", "chance", "chances", "likely", "checked", "tested", "test", "screened",
        "screening", "inherit", "inherited", "genetic", "danger",
    }
)  # fmt: skip
_CHILDREN = frozenset({"child", "children", "kids", "son", "daughter"})
_RELATIVE = re.compile(
    r"\b(?:siblings?|brothers?|sisters?|(?:first[- ]degree |close |blood )?relatives?"
    r"|family members)\b",
    re.IGNORECASE,
)
_AT_RISK = re.compile(
    r"\b(?:risk|family history|chance|screened|tested|twice as|times as|more likely"
    r"|genetic (?:testing|counsel\w+)|inherit\w*|eye exams?|carry|carries)\b",
    re.IGNORECASE,
)
# Advice for who sorts out feelings is on no risk.
_ON_FEELINGS = re.compile(
    r"\b(?:feel\w*|cope|caregiv\w*|support|donors?|match\w*)\b", re.IGNORECASE
)


def of_relatives(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield what is said of the risk of relatives, and of their tests, where that is asked."""
    of_siblings = bool(asked.said & _SAID) or ("other" in asked.said and asked.said & _CHILDREN)
    if asked.cancer is None or not of_siblings or not asked.said & _ASKS_OF:
        return
    yield replace(
        plan("relatives", core=True), needs=(WRITTEN, ("risk", "tested", "screened", "chance"))
    )


def says_of_relatives(text: str, _: Block) -> float:
    """Return how well a statement says what relatives risk, or whether they are tested."""
    if text.endswith("?") or _ON_FEELINGS.search(text):
        return 0.0
    both = _RELATIVE.search(text) and _AT_RISK.search(text)
    return 1.0 if both else 0.0
