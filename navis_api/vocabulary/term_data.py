"""The lists of terms as they stand in the data files, read once."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict


@dataclass(frozen=True, slots=True)
class Entry:
    """A term of a data file.

    `names` are read however they are written, `exact` only as they stand here, and `beside` only
    next to a word that tells what they mean.
    """

    key: str
    label: str
    names: tuple[str, ...]
    exact: tuple[str, ...]
    beside: tuple[str, ...]
    components: tuple[str, ...]
    classes: tuple[str, ...]


class _EntryData(TypedDict):
    key: str
    label: NotRequired[str]
    names: list[str]
    exact: NotRequired[list[str]]
    beside: NotRequired[list[str]]
    components: NotRequired[list[str]]
    classes: NotRequired[list[str]]


class _DrugWords(TypedDict):
    source: str
    stems: list[str]
    ordinary_words: list[str]
    salts: list[str]
    silent_phrases: list[str]


# Which list of which file holds which kind of term; where two terms share a name, the first has it.
_LISTS = (
    ("genes.json", "genes", "gene"),
    ("drugs.json", "classes", "drug_class"),
    ("drugs.json", "drugs", "drug"),
    ("regimens.json", "regimens", "regimen"),
    ("treatments.json", "tests", "test"),
    ("treatments.json", "treatments", "treatment"),
)


@cache
def entries() -> tuple[tuple[str, Entry], ...]:
    """Return the kind and the entry of every listed term."""
    return tuple(
        (kind, _entry(raw)) for file, listed, kind in _LISTS for raw in _list(file, listed)
    )


@cache
def stems() -> tuple[str, ...]:
    """Return the endings by which a drug's name is known."""
    return tuple(_drug_words()["stems"])


@cache
def ordinary_words() -> frozenset[str]:
    """Return the words that end like a drug's name and aren't one."""
    return frozenset(_drug_words()["ordinary_words"])


@cache
def salts() -> frozenset[str]:
    """Return the words that follow a drug's name and belong to it: "hydrochloride"."""
    return frozenset(_drug_words()["salts"])


@cache
def silent_phrases() -> tuple[str, ...]:
    """Return the phrases that hold a term's name and mean something else."""
    return tuple(_drug_words()["silent_phrases"])


def _entry(raw: _EntryData) -> Entry:
    names = tuple(raw["names"])
    exact = tuple(raw.get("exact", ()))
    return Entry(
        key=raw["key"],
        label=raw.get("label") or (names + exact)[0],
        names=names,
        exact=exact,
        beside=tuple(raw.get("beside", ())),
        components=tuple(raw.get("components", ())),
        classes=tuple(raw.get("classes", ())),
    )


def _list(file: str, listed: str) -> list[_EntryData]:
    read: dict[str, list[_EntryData]] = json.loads(_data(file))
    return read[listed]


@cache
def _drug_words() -> _DrugWords:
    read: _DrugWords = json.loads(_data("drug_words.json"))
    return read


def _data(name: str) -> str:
    return files("navis_api.vocabulary").joinpath(name).read_text(encoding="utf-8")
