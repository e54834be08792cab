"""Sections that only say what a treatment is that everybody knows: they tell nobody anything."""

import re

from navis_api.generation.contract import DraftSection

_KNOWN_TO_ALL = frozenset({"surgery", "chemotherapy", "radiation"})
_DEFINES = re.compile(
    r"(?:(?:external|internal)(?: beam)? )?(?:surgery|chemotherapy|radiation(?: therapy)?)"
    r"(?: \([^)]*\))? (?:is an? (?:cancer |common )?(?:treatment|operation|procedure|type of)"
    r"|uses (?:drugs|one or more drugs|high-energy|a machine)|either kills)\b"
    r"|when given this way\b|this type of (?:radiation )?therapy uses\b",
    re.IGNORECASE,
)


def only_defines(section: DraftSection, treatment: str) -> bool:
    """Whether a section on a treatment, by its key, says no more than what that is."""
    return treatment in _KNOWN_TO_ALL and all(
        _DEFINES.match(claim.text) for claim in section.claims
    )
