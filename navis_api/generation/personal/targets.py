"""Results that a drug needs: a text that names the drug alone holds for cancers that have one.

The list (`targets.json`) only ever takes something out of an answer, where a patient's result is
the opposite or isn't known; it never puts a treatment in.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from navis_api.vocabulary.terms import TermKind, find_terms, terms
from navis_api.vocabulary.understanding import concepts


@dataclass(frozen=True, slots=True)
class Target:
    """One of `genes` has to be there, in `cancers` (in any, without); at `text[start:end]`.

    Behind a gene stands its change where the drug is of use for that alone: "kras g12c", "egfr not
    exon 20 insertion".
    """

    key: str
    genes: tuple[str, ...]
    cancers: tuple[str, ...]
    start: int
    end: int
    is_absent: bool = False
    """Whether they must not be there instead."""


class _Entry(TypedDict):
    genes: list[str]
    cancers: NotRequired[list[str]]
    absent: NotRequired[bool]


class _Lists(TypedDict):
    source: str
    classes: dict[str, _Entry]
    drugs: dict[str, _Entry]
    treatments: dict[str, _Entry]


def targets_in(text: str) -> list[Target]:
    """Return the results that the drugs and kinds of treatment of a text need."""
    found = list(_targets(text))
    needed = {gene for each in found if not each.is_absent for gene in each.genes}
    # With a drug against a change, another one is given because the change is there.
    return [each for each in found if not (each.is_absent and needed)]


def gene_of(need: str) -> str:
    """Return the gene of what a drug needs: "kras" of "kras g12c"."""
    return need.partition(" ")[0]


def _targets(text: str) -> Iterator[Target]:
    lists = _lists()
    for mention in find_terms(text):
        term = mention.term
        parts = [terms().get((TermKind.DRUG, key)) for key in term.components] or [term]
        for part in (each for each in parts if each is not None):
            entry = lists["drugs"].get(part.key) if part.kind is TermKind.DRUG else None
            named = (part.key, *part.classes) if part.kind is TermKind.DRUG_CLASS else part.classes
            entry = entry or next(
                (lists["classes"][name] for name in named if name in lists["classes"]), None
            )
            if entry is not None:
                yield _target(part.key, entry, mention.start, mention.end)
    lowered = text.lower()
    for key, entry in lists["treatments"].items():
        for phrase in concepts()[key].written:
            at = lowered.find(phrase)
            if at >= 0:
                yield _target(key, entry, at, at + len(phrase))
                break


def _target(key: str, entry: _Entry, start: int, end: int) -> Target:
    cancers = tuple(entry.get("cancers", ()))
    return Target(key, tuple(entry["genes"]), cancers, start, end, entry.get("absent", False))


@cache
def _lists() -> _Lists:
    text = files("navis_api.generation.personal").joinpath("targets.json").read_text("utf-8")
    return json.loads(text)
