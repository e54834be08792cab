"""Remedies that are praised as a cure, and questions that ask of one in place of treatment.

Who asks for a remedy against nausea, or whether it goes with a drug, asks something else.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from navis_api.kit.text import fold, words

_TREATMENT = (
    r"(?:chemo\w*|(?:\w+ )?treatments?|radi(?:ation|otherapy)|surgery|operations?|immunotherapy"
    r"|hormone therapy|hormones|therapy)"
)
_INSTEAD = re.compile(
    rf"\binstead of (?:\w+ ){{0,3}}{_TREATMENT}\b|\binstead\W*$"
    rf"|\bwithout (?:any |the |my |having )?{_TREATMENT}\b|\brather than (?:\w+ )?{_TREATMENT}\b"
    rf"|\b(?:stop|quit|refus\w+|skip|give up|giving up|leave|turn down|drop|replac\w+|avoid)"
    rf" (?:\w+ ){{0,2}}{_TREATMENT}\b"
    rf"|\b(?:better than|as good as) (?:\w+ ){{0,2}}{_TREATMENT}\b"
)
_AS_A_CURE = re.compile(
    r"\b(?:cur(?:e|es|ed|ing)|heal(?:s|ed|ing)?|get rid of|(?:kills?|shrinks?|beats?|fights?"
    r"|treats?|stops?|destroys?|reverses?)(?: \w+){0,3} (?:cancer\w*|tumou?rs?|\w+omas?|leuk\w+)"
    r"|(?:against|work\w* (?:against|on|for)) (?:\w+ ){0,3}(?:cancer|tumou?rs?|\w+omas?|leuk\w+)"
    r"|treatment for (?:\w+ ){0,2}(?:cancer|tumou?rs?))\b"
)
_MOST_WORDS_IF_ONLY_NAMED = 12


@dataclass(frozen=True, slots=True)
class Remedy:
    """A remedy: `label` in words, how titles of pages on it are `written`, and how it is `said`.

    One that `is_one_in_itself` is praised for nothing else than against cancer.
    """

    label: str
    written: tuple[str, ...]
    said: tuple[str, ...]
    is_one_in_itself: bool = False


@dataclass(frozen=True, slots=True)
class AskedRemedies:
    """The remedies that a question asks of, as a treatment of cancer or in place of one."""

    remedies: tuple[Remedy, ...]
    in_place_of_treatment: bool


class _RemedyData(TypedDict):
    label: str
    written: list[str]
    said: list[str]
    strong: NotRequired[bool]


def asked_remedies(text: str) -> AskedRemedies | None:
    """Return the remedies that a question asks of as it would of a treatment, if it does."""
    said = f" {' '.join(words(text))} "
    named = [each for each in remedies() if any(f" {way} " in said for way in each.said)]
    if not named:
        return None
    folded = fold(text)
    instead = _INSTEAD.search(folded) is not None
    is_only_named = (
        any(each.is_one_in_itself for each in named)
        and len(said.split()) <= _MOST_WORDS_IF_ONLY_NAMED
    )
    if not (instead or is_only_named or _AS_A_CURE.search(folded)):
        return None
    by_label = {each.label: each for each in named}
    return AskedRemedies(tuple(by_label.values()), instead)


@cache
def remedies() -> tuple[Remedy, ...]:
    """Return the remedies that we know by name."""
    text = files("navis_api.vocabulary").joinpath("remedies.json").read_text("utf-8")
    data: list[_RemedyData] = json.loads(text)["remedies"]
    return tuple(
        Remedy(
            each["label"],
            tuple(each["written"]),
            tuple(" ".join(words(way)) for way in each["said"]),
            is_one_in_itself=each.get("strong", False),
        )
        for each in data
    )
