"""A patient's facts as they stand in a heading or a question of ours."""

from collections.abc import Iterable, Iterator
from typing import Final

from navis_api.generation.personal.case import Case
from navis_api.generation.personal.conditions import Axis, Condition
from navis_api.generation.personal.targets import gene_of
from navis_api.generation.personal.values import subject_of
from navis_api.vocabulary.marker_status import MarkerStatus

_STATUSES: Final = {
    MarkerStatus.POSITIVE: "{name}-positive", MarkerStatus.NEGATIVE: "{name}-negative",
    MarkerStatus.LOW: "{name}-low", MarkerStatus.HIGH: "{name}-high",
    MarkerStatus.MUTATED: "{name}-mutated", MarkerStatus.WILD_TYPE: "{name} wild-type",
    MarkerStatus.REARRANGED: "{name}-rearranged", MarkerStatus.AMPLIFIED: "{name}-amplified",
}  # fmt: skip
_OF_INSTABILITY: Final = {
    MarkerStatus.HIGH: "MSI-high", MarkerStatus.LOW: "MSI-low", MarkerStatus.NEGATIVE: "MSS",
    MarkerStatus.POSITIVE: "MSI-high",
}  # fmt: skip
_MOST: Final = 4


def marker_in_words(gene_key: str, status: MarkerStatus) -> str:
    """Return a result as it stands before a cancer's name: "HER2-negative"."""
    if gene_key == "msi" and status in _OF_INSTABILITY:
        return _OF_INSTABILITY[status]
    return _STATUSES.get(status, "{name}").format(name=subject_of(gene_key).name)


def stage_in_words(stage: str) -> str:
    """Return a stage as it stands before a cancer's name: "stage IIIA"."""
    number = stage.rstrip("abcde")
    return f"stage {number.upper()}{stage[len(number) :].upper()}"


def case_in_words(case: Case) -> str:
    """Return what is known that answers turn on: "stage IIIA, HER2-negative". May be empty."""
    words = [words for _, words in facts_in_words(case)]
    return ", ".join(list(dict.fromkeys(words))[:_MOST])


def facts_in_words(case: Case) -> Iterator[tuple[int, str]]:
    """Yield the stage and the results, each with the number of a fact that says so."""
    extent = case.extent
    yield from ((fact, stage_in_words(stage)) for stage, fact in extent.stages.items())
    yield from ((fact, word) for word, fact in extent.words.items())
    if not extent.words and not extent.stages:
        yield from ((fact, "metastatic") for fact in extent.sites.values())
    for key in case.results.keys:
        status = case.results.status(key)
        if status is not None:
            for fact in sorted(case.results.facts(key)):
                yield fact, marker_in_words(key, status)


def condition_in_words(condition: Condition) -> str:
    """Return a condition of a source in words: "HER2-positive", "stage III"; empty for others."""
    match condition.axis:
        case Axis.MARKER if condition.threshold is not None:
            return ""
        case Axis.MARKER:
            return marker_in_words(condition.subject, MarkerStatus(condition.value))
        case Axis.TARGET:
            return marker_in_words(gene_of(condition.genes[0]), MarkerStatus.POSITIVE)
        case Axis.EXTENT if condition.value[:1] in "0iv" and len(condition.value.strip("iv0")) <= 1:
            return stage_in_words(condition.value)
        case Axis.GRADE:
            return condition.value.replace("_", " ").replace("gleason", "Gleason")
        case Axis.EXTENT | Axis.COURSE | Axis.RISK | Axis.CATEGORY:
            return condition.value.replace("_", "-")
        case _:
            return ""


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: "a, b and c"."""
    every = list(words)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)
