"""The phrases of stages, populations and lines of treatment, as `phrases.json` lists them."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, TypedDict

_Lists = dict[str, list[str]]


class _Phrases(TypedDict):
    source: str
    stages: dict[str, _Lists]
    populations: _Lists
    lines: _Lists


def phrases(listed: Literal["populations", "lines"]) -> Iterator[tuple[str, str]]:
    """Give the phrases of a list, each with the key that it stands for."""
    yield from _flat(_read()[listed])


def stage_phrases() -> Iterator[tuple[str, tuple[str, str]]]:
    """Give the phrases of stages, each with the kind and key that it stands for."""
    for kind, keys in _read()["stages"].items():
        yield from ((phrase, (kind, key)) for phrase, key in _flat(keys))


def _flat(keys: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((phrase, key) for key, listed in keys.items() for phrase in listed)


@cache
def _read() -> _Phrases:
    file = files("navis_api.vocabulary").joinpath("phrases.json")
    read: _Phrases = json.loads(file.read_text(encoding="utf-8"))
    return read
