"""The stages that a question names, and how sources write them."""

import re
from collections.abc import Mapping
from itertools import combinations

from navis_api.cancers.catalogue import CatalogueEntry

_NUMBERS = {"0": "0", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_SPOKEN_NUMBERS = {"zero": "0", "one": "i", "two": "ii", "three": "iii", "four": "iv"}
_STAGES = {
    **_SPOKEN_NUMBERS,
    **{number: stage for stage, number in _NUMBERS.items()},
    **{stage: stage for stage in _NUMBERS},
}
_NUMBER = r"(?:[0-4]|i{1,3}|iv|zero|one|two|three|four)"
_STAGE = re.compile(
    rf"\bstages? ({_NUMBER})([abc]?)\b(?: (?:or|and|to|vs|versus) (?P<other>{_NUMBER})[abc]?\b)?"
)
_STAGE_FORMS = {
    stage: tuple(
        f"{word} {form}{part}"
        for word in ("stage", "stages")
        for form in (stage, number)
        for part in ("", "a", "b", "c")
    )
    for stage, number in _NUMBERS.items()
}
# Sources write of the stages where these are the kinds that patients are told of.
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "non-muscle-invasive-bladder-cancer": ("0", "i"),
    "muscle-invasive-bladder-cancer": ("ii", "iii"),
}
_PARTS = frozenset("abc")
_FAR = ("metastatic", "metastasis", "metastases", "advanced", "distant")


def stages_of_kind(cancer: CatalogueEntry | None) -> tuple[str, ...]:
    """Return the stages that a kind of cancer stands for: sources write of these."""
    return _OF_KIND.get(cancer.slug, ()) if cancer else ()


def stages_named(text: str) -> tuple[str, ...]:
    """Return the stages that a question names, each once: of "stage 3 or 4" both."""
    found: list[str] = []
    for stage in _STAGE.finditer(text):
        found.append(_STAGES[stage[1]])
        if stage["other"]:
            found.append(_STAGES[stage["other"]])
    return tuple(dict.fromkeys(found))


def part_named(text: str) -> str:
    """Return the letter of the first stage that a question names: of "stage 3B" the "b"."""
    part = _STAGE.search(text)
    return part[2] if part else ""


def in_headings(stage: str, part: str) -> tuple[str, ...]:
    """Return how sources head what they say of a stage, also together with another."""
    together = (
        f"stages {one} and {other}"
        for one, other in combinations(_NUMBERS, 2)
        if stage in {one, other}
    )
    return (*_of_stage(stage, part), *together)


def written(stages: tuple[str, ...], part: str) -> tuple[str, ...]:
    """Return how sources write stages, with what they stand for."""
    told = tuple(form for stage in stages for form in _of_stage(stage, part))
    return told + (_FAR if "iv" in stages else ())


def others_written(own: tuple[str, ...]) -> tuple[str, ...]:
    """Return how sources write the stages other than those that are written so."""
    every = (form for forms in _STAGE_FORMS.values() for form in forms)
    return tuple(form for form in every if form not in own)


def _of_stage(stage: str, part: str) -> tuple[str, ...]:
    return tuple(form for form in _STAGE_FORMS[stage] if not (part and form[-1] in _PARTS - {part}))
