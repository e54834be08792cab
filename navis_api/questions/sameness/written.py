"""What symptoms, side effects and other things are called: names with all the ways to say them.

A way to say it is written with its alternatives, "(lose|losing) hair", of which one may be empty.
Whatever stands under one name is the same to a careful doctor.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product

_CHOICE = re.compile(r"\(([^()]*)\)")


def ways_to_say(written: str) -> Iterator[str]:
    """Yield each phrase that is written with alternatives."""
    parts = _CHOICE.split(written)
    options = [part.split("|") if at % 2 else (part,) for at, part in enumerate(parts)]
    for chosen in product(*options):
        yield " ".join("".join(chosen).split())


@cache
def effects() -> dict[str, list[str]]:
    """Return symptoms, side effects and complications by their names, as they are written."""
    return _named("effects.json")


@cache
def things() -> dict[str, list[str]]:
    """Return what one does, eats, wears or is exposed to by its name, as it is written."""
    return _named("things.json")


def _named(file: str) -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads(
        files("navis_api.questions.sameness").joinpath(file).read_text(encoding="utf-8")
    )
    return {name: [name, *written] for name, written in read.items()}
