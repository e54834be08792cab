"""All colours of a page, made out of the three that a partner chooses.

Whatever a partner chooses, everything stays readable: a choice that leaves too little
contrast is refused, and all else is derived so that it has enough. So the disclaimer, the
review and the dates can't be made to vanish. Source: WCAG 2.2, 1.4.3 and 1.4.11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from navis_api.web.embed.colours import BLACK, WHITE, Colour

READABLE: Final = 4.5
"""The least contrast of text."""

SEEN: Final = 3.0
"""The least contrast of a field's edge."""

TEXT_CONTRAST: Final = 7.0
"""What is asked of a partner's text on their background, so that enough is left on tinted
notices, and for what is quieter than text."""

_TINT, _NOTICE_TINT, _LINE, _EDGE, _QUIET = 0.05, 0.08, 0.22, 0.5, 0.75

_GOOD, _WARN, _BAD = Colour(0x1D, 0x6B, 0x3A), Colour(0x7A, 0x4B, 0x00), Colour(0xA0, 0x1C, 0x1C)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The colours of text, of what lies behind it, and of links and buttons."""

    text: Colour
    background: Colour
    accent: Colour


LIGHT: Final = Chosen(Colour(0x1A, 0x25, 0x30), WHITE, Colour(0x07, 0x5A, 0x66))
"""What `navis.css` has."""

DARK: Final = Chosen(Colour(0xE6, 0xEC, 0xEF), Colour(0x12, 0x19, 0x1E), Colour(0x7F, 0xD0, 0xDA))
"""What `dark.css` has."""


@dataclass(frozen=True, slots=True)
class TooFaint:
    """Two colours with too little contrast, by the names of the parameters."""

    name: str
    colour: Colour
    ground: Colour
    contrast: float
    least: float


def too_faint(chosen: Chosen) -> TooFaint | None:
    """Return what can't be read in a choice of colours; None where all can."""
    on_paper = chosen.text.against(chosen.background)
    if on_paper < TEXT_CONTRAST:
        return TooFaint("text", chosen.text, chosen.background, on_paper, TEXT_CONTRAST)
    tint = chosen.background.mixed(chosen.text, _TINT)
    links = chosen.accent.worst_against((chosen.background, tint))
    if links < READABLE:
        return TooFaint("accent", chosen.accent, chosen.background, links, READABLE)
    return None


def palette(chosen: Chosen) -> Mapping[str, Colour]:
    """Return the colour of each custom property of `navis.css`. The choice isn't too faint."""
    ink, paper = chosen.text, chosen.background
    tint = paper.mixed(ink, _TINT)
    grounds = (paper, tint)
    found = {
        "ink": ink,
        "quiet": paper.mixed(ink, _QUIET).strengthened(grounds, toward=ink, least=READABLE),
        "paper": paper,
        "tint": tint,
        "line": paper.mixed(ink, _LINE),
        "edge": paper.mixed(ink, _EDGE).strengthened(grounds, toward=ink, least=SEEN),
        "accent": chosen.accent,
        "on-accent": max(WHITE, BLACK, key=chosen.accent.against),
    }
    for name, hue in (("good", _GOOD), ("warn", _WARN), ("bad", _BAD)):
        behind = paper.mixed(hue, _NOTICE_TINT)
        found[name] = hue.strengthened((*grounds, behind), toward=ink, least=READABLE)
        found[f"{name}-tint"] = behind
    return found
