"""What the name that a question gives a cancer tells: its kind, its markers, whose it is.

One entry of the catalogue may go by the names of several things: "pleural" and "peritoneal
mesothelioma" are both said of mesothelioma, and a question on the one isn't one on the other.
So whatever a name says beyond the entry's own is a kind, unless it is known to be one more
way to say the same (`cancer_names.json`).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry, name_key
from navis_api.kit.text import words
from navis_api.questions.sameness.bearers import marker_mentions, population_mentions

_ONE_PLACE = "Head and"
"""A name that joins two words of one place."""

OF_CHILDREN = frozenset({"wilms-tumor", "neuroblastoma", "retinoblastoma", "hepatoblastoma"})
"""Cancers of small children, of whom a question on them needn't say that they have it."""

SPREAD_IN_STAGE_IV = frozenset(
    {"breast-cancer", "lung-cancer", "non-small-cell-lung-cancer", "pancreatic-cancer"}
    | {"colorectal-cancer", "colon-cancer", "rectal-cancer", "melanoma"}
)
"""Cancers whose stage IV is that they have spread to other organs, by the AJCC's eighth edition."""

_PLURALS = ("omas", "syndromes", "tumors")

_NOT_IN_INITIALS = frozenset({"of", "the", "and"})


@dataclass(frozen=True, slots=True)
class About:
    """A cancer as slots have it: its name, and what of its name is a slot of its own.

    "HER2-positive breast cancer" is breast cancer with a marker, whether the
    catalogue has an entry for it or not; "childhood leukemia" is leukemia of a child.
    """

    entry: CatalogueEntry
    markers: frozenset[str]
    population: frozenset[str]


def about(catalogue: Catalogue, entry: CatalogueEntry) -> About:
    """Return the cancer with its markers and patients apart from it."""
    markers, population = _told_by_name(entry.name)
    parent = catalogue.parent(entry)
    if parent is None or not (markers or population):
        return About(entry, frozenset(), frozenset())
    above = about(catalogue, parent)
    return About(above.entry, markers | above.markers, population | above.population)


@lru_cache(maxsize=1_024)
def _told_by_name(name: str) -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset(value for _, _, value in marker_mentions(name)),
        frozenset(value for _, _, value in population_mentions(name)),
    )


@lru_cache(maxsize=4_096)
def kinds_told(entry: CatalogueEntry, said: str) -> frozenset[str]:
    """Return the kinds that a cancer was named with and that its own name doesn't tell.

    Those of an entry for a marker or for some people are told by their own slots.
    """
    if any(_told_by_name(entry.name)):
        return frozenset()
    meant = _name_meant(entry, name_key(said))
    if meant in _whole_names() or meant in map(name_key, entry.abbreviations):
        return frozenset()
    told = frozenset(_telling(meant.split()))
    own = [frozenset(_telling(words(name))) for name in _own_names(entry)]
    sides = [frozenset(_telling(words(side))) for side in _sides(entry)]
    whole = [name for name in own if not any(side <= name for side in sides)]
    if any(told <= side for side in sides) and not any(told <= name for name in whole):
        return told
    return told.difference(*own)


def _sides(entry: CatalogueEntry) -> list[str]:
    """Return the two things that an entry is of where its name joins two: "lip and oral cavity"."""
    return [
        side
        for name in _own_names(entry)
        if " and " in name and not name.startswith(_ONE_PLACE)
        for side in name.split(" and ")
    ]


def _own_names(entry: CatalogueEntry) -> list[str]:
    return [name for name in (entry.name, entry.clinical_name) if name]


def _name_meant(entry: CatalogueEntry, said: str) -> str:
    """Return the name of the entry that was said: in full for its initials, spelt right."""
    keys = [name_key(name) for name in entry.names]
    in_full = next((key for key in keys if _initials(key) == said), None)
    if in_full is not None or said in keys:
        return in_full or said
    spoken = said.split()
    alike = [key.split() for key in keys if len(key.split()) == len(spoken)]
    nearest = max(alike, key=lambda name: _nearness(name, spoken), default=spoken)
    return " ".join(nearest) if _shared(nearest, spoken) else said


def _nearness(name: Sequence[str], spoken: Sequence[str]) -> tuple[int, float]:
    letters = SequenceMatcher(None, " ".join(name), " ".join(spoken)).ratio()
    return _shared(name, spoken), letters


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(first == second for first, second in zip(one, other, strict=True))


def _initials(key: str) -> str:
    told = [word for word in key.split() if word not in _NOT_IN_INITIALS]
    return "".join(word[0] for word in told) if len(told) > 1 else ""


def _telling(spoken: Iterable[str]) -> list[str]:
    idle, one_word = _idle_words(), _one_word()
    singular = [word if word in idle else _singular(word) for word in spoken]
    return [one_word.get(word, word) for word in singular if word not in idle]


def _singular(word: str) -> str:
    return word.removesuffix("s") if word.endswith(_PLURALS) else word


@cache
def _data() -> dict[str, list[str]]:
    return json.loads(
        files("navis_api.questions.sameness")
        .joinpath("cancer_names.json")
        .read_text(encoding="utf-8")
    )


@cache
def _whole_names() -> frozenset[str]:
    return frozenset(map(name_key, _data()["the whole"]))


@cache
def _idle_words() -> frozenset[str]:
    return frozenset(_data()["idle"])


@cache
def _one_word() -> dict[str, str]:
    return {word: group[0] for group in _data()["one word"] for word in reversed(group)}
