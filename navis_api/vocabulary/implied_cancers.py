"""Which cancers a text is of that names none: those that its treatments, tests and organs tell.

A mastectomy and palbociclib are for breast cancer, a Pap test looks for cervical cancer, and who
has a lump in the breast asks about that. Organs that cancer of other organs often spreads to tell
nothing.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TypedDict

from navis_api.vocabulary.cancer_treatments import cancer_treatments
from navis_api.vocabulary.terms import TermKind, find_terms

_GROWTH = r"(?:lump|nodule|mass|growth|tumou?r|polyp|spot|shadow)s?"
_CARE = r"(?:biops(?:y|ies)|surgery|operation|op|removal|screening|resection|scans?)"
_WHOSE = (
    r"(?:(?:my|your|his|her|the|their|a|an|one|both|part|whole|entire|most|all|of|left|right"
    r") ){0,4}"
)
_TAKEN = r"(?:removed|taken out|cut out|out|off)"
_TAKING = r"(?:remov(?:e|ed|es|ing|al of)|tak(?:e|en|ing) out|took out|los(?:e|t|ing)|without)"
# What is done about cancer alone, or said of it alone.
_TREATING = r"(?:chemo\w*|radio\w+|radiation|immunotherapy|brachytherapy|stage [0-4i]+)\b"
_CUE = re.compile(
    r"\b(?:cancers?|tumou?rs?|chemo\w*|radio\w+|radiation|brachytherapy|oncolog\w+|metasta\w+"
    r"|immunotherapy|targeted|hormone (?:injections?|therapy|treatments?|tablets?|implants?)"
    r"|stage [0-4i]+|(?:has|have) spread|recurren\w+|relaps\w+|treatments?)\b",
    re.IGNORECASE,
)
_TREATS = frozenset({TermKind.DRUG, TermKind.REGIMEN, TermKind.DRUG_CLASS})

_UNKNOWN_PRIMARY = "cancer-of-unknown-primary"
# Nobody knows where it began.
_FROM_UNKNOWN = re.compile(
    r"\b(?:can'?t|can ?not|couldn'?t|could not|don'?t|do not|unable to|not able to|never)"
    r" (?:find|found|know|tell|say|see|figure out) (?:out )?where"
    r" (?:it|the cancer|this|the primary) (?:all )?"
    r"(?:started|starts|began|begins|comes? from|came from|is from)\b",
    re.IGNORECASE,
)


class _Lists(TypedDict):
    source: str
    tests: dict[str, list[str]]
    mostly: dict[str, str]
    words: dict[str, list[str]]
    organs: dict[str, list[str]]
    stubs: dict[str, list[str]]
    short: dict[str, list[str]]
    drugs: dict[str, list[str]]
    regimens: dict[str, list[str]]


def implied_cancers(text: str) -> tuple[str, ...]:
    """Return the keys of the cancers that a text may be of: those that all it names agree on.

    An operation that is done for several is taken for the one that it is done for most often.
    None where it names nothing of the kind, or things of different cancers.
    """
    told = list(_told(text))
    if not told:
        return ()
    shared = frozenset(told[0]).intersection(*told[1:])
    return tuple(key for key in told[0] if key in shared)


def _told(text: str) -> Iterator[tuple[str, ...]]:
    yield from _by_care(text)
    if _FROM_UNKNOWN.search(text):
        yield (_UNKNOWN_PRIMARY,)
    lists = _lists()
    for found in _words().finditer(text):
        yield tuple(lists["words"][found[0].lower()])
    for found in _organs().finditer(text):
        organ = next(name for name in found.groups() if name)
        yield tuple(lists["organs"][organ.lower()])
    for found in _stubs().finditer(text):
        yield tuple(lists["stubs"][found[1].lower()])
    for name, slugs in lists["short"].items():
        if _is_named_short(name, text):
            yield tuple(slugs)


def _by_care(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the cancers that each treatment, test and drug of a text is for."""
    lists = _lists()
    for mention in find_terms(text):
        key = mention.term.key
        if mention.term.kind is TermKind.TREATMENT and key in cancer_treatments():
            mostly = lists["mostly"].get(key)
            organs = (mostly,) if mostly else cancer_treatments()[key].organs
            if organs:
                yield organs
        elif mention.term.kind is TermKind.TEST and key in lists["tests"]:
            yield tuple(lists["tests"][key])
        elif mention.term.kind is TermKind.DRUG and key in lists["drugs"]:
            yield tuple(lists["drugs"][key])
        elif mention.term.kind is TermKind.REGIMEN and key in lists["regimens"]:
            yield tuple(lists["regimens"][key])


def _is_named_short(name: str, text: str) -> bool:
    """Whether a text has a name that is also a common word, beside what only cancer has.

    "Gist imatinib" and "hormone injections prostate" name one; "the gist of it", and what
    somebody does to keep the prostate well, don't.
    """
    said = re.search(rf"(?<!\bthe )\b{name}\b(?! of\b)", text, re.IGNORECASE)
    has_drug = any(mention.term.kind in _TREATS for mention in find_terms(text))
    return said is not None and (has_drug or _CUE.search(text) is not None)


@cache
def _stubs() -> re.Pattern[str]:
    """Return how people who type little name a cancer: its organ right before what is done."""
    return re.compile(
        rf"(?<!\bto )(?<!\bmy )(?<!\bthe )\b({_any(_lists()['stubs'])}) (?={_TREATING})",
        re.IGNORECASE,
    )


@cache
def _words() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(_lists()['words'])})\b", re.IGNORECASE)


@cache
def _organs() -> re.Pattern[str]:
    organ = rf"({_any(_lists()['organs'])})"
    return re.compile(
        rf"\b{organ} (?:{_GROWTH}|{_CARE})\b"
        rf"|\b{_CARE} (?:of|on) {_WHOSE}{organ}\b"
        rf"|\b{_GROWTH} (?:in|on|inside|of) {_WHOSE}{organ}\b"
        rf"|\b{organ} (?:\w+ ){{0,2}}{_TAKEN}\b"
        rf"|\b{_TAKING} {_WHOSE}{organ}\b",
        re.IGNORECASE,
    )


def _any(names: dict[str, list[str]]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


@cache
def _lists() -> _Lists:
    read: _Lists = json.loads(
        files("navis_api.vocabulary").joinpath("implied_cancers.json").read_text(encoding="utf-8")
    )
    return read
