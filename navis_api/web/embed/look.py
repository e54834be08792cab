"""How a partner wants an embed to look: read out of its address, by a strict grammar.

Parameters are data. What is written into the page is made out of numbers and of names from
lists, never out of text that was sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

from navis_api.kit.languages import Language, language_of
from navis_api.web.embed.colours import Colour
from navis_api.web.embed.errors import LookInvalid
from navis_api.web.embed.palette import DARK, LIGHT, Chosen, palette, too_faint

LEAST_SIZE, MOST_SIZE = 80, 200
"""Text sizes in percent of ours (17 px). WCAG 2.2, 1.4.4 asks for 200."""

_SIZE = re.compile(r"[0-9]{2,3}", re.ASCII)
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)


class Scheme(StrEnum):
    """Light, dark, or as the reader's device has it."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"

    @property
    def colour_scheme(self) -> str:
        """What the page's `color-scheme` says (CSS Color Adjustment 1, 2.2)."""
        return "light dark" if self is Scheme.AUTO else self.value


class Font(StrEnum):
    """What an embed is set in: fonts that devices have, since none is loaded."""

    SYSTEM = "system"
    SERIF = "serif"
    WIDE = "wide"
    ROUNDED = "rounded"


_FAMILIES: Final[Mapping[Font, str]] = {
    Font.SERIF: 'Charter, "Bitstream Charter", Cambria, Georgia, serif',
    Font.WIDE: 'Verdana, "DejaVu Sans", Geneva, sans-serif',
    Font.ROUNDED: 'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Nunito, sans-serif',
}
_FONT_SIZE: Final = "1.0625rem/1.6"

_COLOURS: Final = ("text", "background", "accent")
PARAMETERS: Final = (
    *("theme", "locale", "font", "size"),
    *_COLOURS,
    *(f"dark-{name}" for name in _COLOURS),
)
"""The names of all parameters, which are attributes of `<navis-answer>` too."""

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Look:
    """An embed's look. `style` is CSS of our own making, empty where nothing differs."""

    scheme: Scheme
    language: Language
    style: str


@lru_cache(maxsize=512)
def _look(given: tuple[tuple[str, str], ...]) -> Look:
    sent = dict(given)
    scheme = _chosen(sent, "theme", Scheme, Scheme.AUTO)
    font = _chosen(sent, "font", Font, Font.SYSTEM)
    rules = [*_colour_rules(sent, scheme)]
    if font is not Font.SYSTEM:
        rules.append(f"body{{font:{_FONT_SIZE} {_FAMILIES[font]}}}")
    size = _size(sent)
    if size is not None:
        rules.append(f"html{{font-size:{size}%}}")
    return Look(scheme, _language(sent), "".join(rules))


def read_look(parameters: Mapping[str, str]) -> Look:
    """Return the look that an address asks for. Raises LookInvalid.

    Other parameters are passed over: addresses pass through systems that add their own.
    """
    return _look(tuple((name, parameters[name]) for name in PARAMETERS if name in parameters))


def _chosen(sent: Mapping[str, str], name: str, choices: type[Choice], otherwise: Choice) -> Choice:
    given = sent.get(name)
    if given is None:
        return otherwise
    if given not in list(choices):
        raise LookInvalid(name, f"give one of {', '.join(choices)}.")
    return choices(given)


def _language(sent: Mapping[str, str]) -> Language:
    given = sent.get("locale", Language.ENGLISH.value)
    if not _LOCALE.fullmatch(given):
        raise LookInvalid("locale", "give a language tag such as `en` or `es-US`.")
    return language_of(given)


def _size(sent: Mapping[str, str]) -> int | None:
    given = sent.get("size")
    if given is None:
        return None
    if not _SIZE.fullmatch(given) or not LEAST_SIZE <= int(given) <= MOST_SIZE:
        raise LookInvalid(
            "size", f"give a whole number from {LEAST_SIZE} to {MOST_SIZE}, in percent."
        )
    return int(given)


def _colour_rules(sent: Mapping[str, str], scheme: Scheme) -> list[str]:
    """Return the rules with a partner's colours, for screens: paper has its own."""
    plain = _colours(sent, "")
    dark = _colours(sent, "dark-")
    rules: list[str] = []
    if plain and scheme is not Scheme.DARK:
        media = "screen and (prefers-color-scheme: light)" if scheme is Scheme.AUTO else "screen"
        rules.append(_rule(media, replace(LIGHT, **plain), ""))
    both = {**plain, **dark} if scheme is Scheme.DARK else dark
    if both and scheme is not Scheme.LIGHT:
        media = "screen and (prefers-color-scheme: dark)" if scheme is Scheme.AUTO else "screen"
        rules.append(_rule(media, replace(DARK, **both), "dark-" if dark else ""))
    return rules


def _colours(sent: Mapping[str, str], prefix: str) -> dict[str, Colour]:
    found: dict[str, Colour] = {}
    for name in _COLOURS:
        given = sent.get(prefix + name)
        if given is None:
            continue
        colour = Colour.read(given)
        if colour is None:
            raise LookInvalid(prefix + name, "give a colour as `#075a66` or `075a66`.")
        found[name] = colour
    return found


def _rule(media: str, chosen: Chosen, prefix: str) -> str:
    fault = too_faint(chosen)
    if fault is not None:
        raise LookInvalid(
            prefix + fault.name,
            f"{fault.colour} on {fault.ground} has a contrast of {fault.contrast:.2f} to 1;"
            f" {fault.least:g} to 1 is needed to read it. Choose a stronger one.",
        )
    properties = "".join(f"--{name}:{colour};" for name, colour in palette(chosen).items())
    return f"@media {media}{{:root{{{properties}}}}}"
