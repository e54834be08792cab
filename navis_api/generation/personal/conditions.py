"""The conditions under which a text says something: stage, spread, results, earlier treatment.

They are read by the vocabulary's readers, which the sameness of questions and the checks of claims
use too. Conditions of one axis that stand in one text are alternatives ("stage II or III"), those
of different axes hold together ("stage IV HER2-positive"), unless an "or" joins them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from navis_api.generation.personal.changes import with_changes
from navis_api.generation.personal.contexts import is_denied, is_excepted, is_none_of, is_not_yet
from navis_api.generation.personal.earlier import EarlierTreatment, earlier_treatments
from navis_api.generation.personal.targets import gene_of, targets_in
from navis_api.generation.personal.thresholds import Threshold, threshold_around, threshold_behind
from navis_api.vocabulary.cancers import metastatic_sites
from navis_api.vocabulary.lines import lines_in
from navis_api.vocabulary.markers import MarkerMention, MarkerStatus, markers_in
from navis_api.vocabulary.populations import populations_in
from navis_api.vocabulary.stages import StageKind, StageMention, stages_in
from navis_api.vocabulary.tumor_markers import is_in_blood


class Axis(StrEnum):
    """What a condition is about. Those of one axis and one subject are alternatives."""

    EXTENT = "extent"
    """How far it has come: a stage, or words for it."""
    COURSE = "course"
    """Where it stands under treatment: recurrent, refractory, newly diagnosed."""
    CATEGORY = "category"
    """A T, N or M category, or lymph nodes in words."""
    GRADE = "grade"
    RISK = "risk"
    MARKER = "marker"
    SITE = "site"
    """A place that it has spread to."""
    EARLIER = "earlier"
    """A treatment that was given before, or the line that comes next."""
    TARGET = "target"
    """A result that a drug needs which the text names, without saying so."""
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, at `text[start:end]`.

    `subject` tells it from others of its axis (a gene, "t", a drug); `value` is what has to hold:
    a stage's key, a marker's status. `genes` of a target are those of which one has to be there,
    with its change where one is named ("kras g12c"), in `cancers` or, without, in any.
    """

    axis: Axis
    subject: str
    value: str
    start: int
    end: int
    variant: str | None = None
    threshold: Threshold | None = None
    genes: tuple[str, ...] = ()
    cancers: tuple[str, ...] = ()
    is_excepted: bool = False
    also: "Condition | None" = None
    """What has to hold with it: "stage III that cannot be removed by surgery"."""


OPEN_TO_SURGERY: Final = frozenset({"resectable", "unresectable", "borderline_resectable"})
"""Words for whether a cancer can be taken out."""
_WORDS_OF_NO_STATE: Final = frozenset({"invasive", "bulky", "non_bulky", "smoldering", "remission"})
# A word for a grade that is part of a disease's name.
_NAME_OF_A_KIND = re.compile(
    r"(?:anaplastic|undifferentiated)\s+(?:thyroid|large|astro|oligo|ependym|pleomorphic|sarcoma)",
    re.IGNORECASE,
)
# "Whose tumor is in the prostate gland only": it hasn't spread, in plain words.
_IN_ONE_PLACE = re.compile(
    r"\b(?:tumou?rs?|cancers?|disease|carcinoma|melanoma)(?:\s+(?:that|which))?\s+(?:is|are|was|has"
    r"|remains?)\s+(?:(?:still|found|located|been|stayed|grown)\s+)?(?:(?P<only>only|just)\s+)?"
    r"(?:in|confined\s+to|limited\s+to)\s+(?:the|one|a|its)\s+(?:\w+\s+){1,3}?"
    r"(?(only)(?=)|only\b)"
    r"|\b(?:tumou?rs?|cancers?|disease)(?:\s+(?:that|which))?\s+(?:is|are|was)\s+(?:still\s+)?"
    r"(?:confined|limited|contained)\s+(?:to|in|within)\b",
    re.IGNORECASE,
)
_NOUNS_OF_WHAT_MAY_COME = re.compile(
    r"recurrences?|relapses?|comes?\s+back|coming\s+back|metastas[ei]s|metastasi[sz]e|progressed"
    r"|disease\s+progression|progressive\s+disease",
    re.IGNORECASE,
)
_AS_A_STATE = re.compile(
    r"\b(?:if|when|once|after|treat\w*(?:\s+(?:of|for))?|at\s+(?:first|second)|has|have|had|with|for"
    r"|in|that)\b[^.;:,]{0,40}$",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"[^.;:]{0,30}?\b(?:or|and/or)\b[^.;:]{0,30}|\s?/\s?", re.IGNORECASE)
_LISTED: Final = re.compile(r"[^.;:]{0,20}?(?:\band\b|\bor\b|,|/|&)[^.;:]{0,20}", re.IGNORECASE)
_UP_TO_ITS_QUALITY = re.compile(r"[^,;:.]{0,60}")
_OF_A_RUN = re.compile(r"\s*(?:,|/|&|-|–|\band\b|\bor\b|\bto\b|\bstages?\b|\s)*", re.IGNORECASE)
_ALL_STAGES: Final = frozenset({"i", "ii", "iii", "iv"})
_SYSTEM = re.compile(
    r"\b(?P<system>rai|binet|r?-?iss|dukes?['’]?s?|bclc|clark(?:['’]s)?|lugano|inss|inrgss)"
    r"(?:\s+(?:staging|level|group|system))?[\s(:-]*$",
    re.IGNORECASE,
)
_SPREAD_AXES: Final = frozenset({Axis.EXTENT, Axis.COURSE})
_SAID_OF_EARLIER: Final = frozenset({"progressive", "previously_treated", "refractory"})
_WOMEN: Final = frozenset({"female", "pregnant", "premenopausal", "postmenopausal"})
_LINES_AFTER_OTHERS: Final = frozenset(
    {"second_line", "third_line", "fourth_line", "later_line", "salvage", "last_line"}
)
_AFTER_SURGERY: Final = frozenset({"adjuvant", "neoadjuvant"})


def conditions_in(text: str, *, is_heading: bool = False) -> tuple[tuple[Condition, ...], ...]:
    """Return the conditions of a statement or a heading: of each group one has to hold."""
    found = sorted(_all(text, is_heading=is_heading), key=lambda each: (each.start, each.end))
    groups = _grouped(text, _qualified(text, found), is_heading=is_heading)
    return tuple(group for group in groups if not _covers_everybody(group))


@lru_cache(maxsize=30_000)
def conditions_of_source(
    text: str, *, is_heading: bool = False
) -> tuple[tuple[Condition, ...], ...]:
    """Return what `conditions_in` does, and keep it. For words of sources only."""
    return conditions_in(text, is_heading=is_heading)


def _all(text: str, *, is_heading: bool) -> Iterator[Condition]:
    markers = list(_markers(text, is_heading=is_heading))
    yield from markers
    sites = list(_sites(text, is_heading=is_heading))
    yield from sites
    given = list(earlier_treatments(text))
    yield from _extents(text, [*sites, *given], is_heading=is_heading)
    for line in lines_in(text):
        if line.key in _LINES_AFTER_OTHERS | _AFTER_SURGERY:
            yield Condition(Axis.EARLIER, "line", line.key, line.start, line.end)
    for earlier in given:
        yield Condition(Axis.EARLIER, "given", earlier.key, earlier.start, earlier.end)
    said = {each.subject for each in markers}
    for target in targets_in(text):
        # Where the text says for which result itself, that counts.
        if not said & {gene_of(need) for need in target.genes}:
            yield Condition(
                Axis.TARGET,
                target.key,
                "needed",
                target.start,
                target.end,
                genes=target.genes,
                cancers=target.cancers,
                is_excepted=target.is_absent,
            )
    people = {mention.key for mention in populations_in(text)}
    if "male" not in people and people & _WOMEN:
        yield Condition(Axis.SEX, "sex", "female", 0, 0)


def _extents(
    text: str, taken: Sequence[Condition | EarlierTreatment], *, is_heading: bool
) -> Iterator[Condition]:
    """Yield stages and what else is said of how far it has come, but for what is `taken`."""
    given = [each for each in taken if isinstance(each, EarlierTreatment)]
    sites = [each for each in taken if isinstance(each, Condition)]
    for mention in stages_in(text):
        if mention.key in _SAID_OF_EARLIER and _overlaps(mention, given):
            continue
        condition = _stage(text, mention, is_heading=is_heading)
        if condition is not None and not _overlaps(mention, sites):
            yield condition
    for found in _IN_ONE_PLACE.finditer(text):
        if is_heading or not is_not_yet(text, found.start()):
            yield Condition(Axis.EXTENT, "group", "localized", found.start(), found.end())


def _overlaps(
    mention: StageMention, others: Sequence[Condition] | Sequence[EarlierTreatment]
) -> bool:
    return any(each.start < mention.end and mention.start < each.end for each in others)


def _markers(text: str, *, is_heading: bool) -> Iterator[Condition]:
    for mention in with_changes(text, markers_in(text)):
        threshold = threshold_around(text, mention)
        if threshold is None:
            if mention.status is MarkerStatus.UNSTATED or is_in_blood(mention.gene_key):
                continue
            if not is_heading and is_not_yet(text, mention.start):
                continue
        yield Condition(
            Axis.MARKER,
            mention.gene_key,
            mention.status.value,
            mention.start,
            max(mention.end, threshold.end if threshold else 0),
            variant=mention.variant,
            threshold=threshold,
            is_excepted=_is_excepted(text, mention),
        )


def _is_excepted(text: str, mention: MarkerMention) -> bool:
    """Whether a result must not be there, though the mention says that it is.

    A change that isn't the one that is named ("KRAS other than G12C") is left to those who have
    another one: the mention itself says that there is one.
    """
    if (mention.variant or "").startswith("not "):
        return False
    if mention.gene_key == "msi" and is_none_of(text, mention.start):
        return True
    return is_excepted(text, mention.start)


def _stage(text: str, mention: StageMention, *, is_heading: bool) -> Condition | None:
    if mention.key in _WORDS_OF_NO_STATE or _NAME_OF_A_KIND.match(text, mention.start):
        return None
    excepted = is_excepted(text, mention.start)
    axis, subject = _place_of(text, mention)
    if not is_heading and mention.kind in {StageKind.EXTENT, StageKind.STATE}:
        if is_not_yet(text, mention.start) and not excepted:
            return None
        written = text[mention.start : mention.end]
        before = text[: mention.start]
        if _NOUNS_OF_WHAT_MAY_COME.fullmatch(written) and not _AS_A_STATE.search(before[-60:]):
            return None
    is_negated = mention.kind is StageKind.STAGE and is_denied(text, mention.start)
    threshold = threshold_behind(text, mention) if mention.kind is StageKind.GRADE else None
    return Condition(
        axis,
        subject,
        mention.key,
        mention.start,
        mention.end,
        threshold=threshold,
        is_excepted=excepted != is_negated,
    )


def _place_of(text: str, mention: StageMention) -> tuple[Axis, str]:
    """Return what a mention of a stage is about."""
    match mention.kind:
        case StageKind.STATE:
            return Axis.COURSE, "course"
        case StageKind.TNM:
            return Axis.CATEGORY, "n" if mention.key.startswith("node") else mention.key[0]
        case StageKind.GRADE:
            return Axis.GRADE, mention.key.rsplit("_", 1)[0] if "_" in mention.key else "grade"
        case StageKind.RISK:
            return Axis.RISK, "risk"
        case StageKind.EXTENT if mention.key in OPEN_TO_SURGERY:
            return Axis.EXTENT, "resectability"
        case StageKind.STAGE | StageKind.EXTENT:
            system = _SYSTEM.search(text[max(0, mention.start - 24) : mention.start])
            named = re.sub(r"[^a-z]|s$", "", system["system"].lower()) if system else "group"
            return Axis.EXTENT, named


_SITE_NAMES: Final = "|".join(
    re.escape(name)
    for site in metastatic_sites().values()
    for name in sorted(site.names, key=len, reverse=True)
)
_SITE = re.compile(
    rf"\b(?P<site>{_SITE_NAMES})\s+(?:metastas[ei]s|mets\b|secondaries)"
    rf"|\b(?:metastas[ei]s|metastatic|metastasi[sz]ed|mets|spread)\s+(?:to|in)\s+(?:the\s+|your\s+)?"
    rf"(?P<sites>(?:{_SITE_NAMES})\b(?:(?:\s*,\s*(?:and|or)?|\s+(?:and|or))\s*(?:the\s+)?"
    rf"(?:{_SITE_NAMES})\b){{0,5}})",
    re.IGNORECASE,
)


def _sites(text: str, *, is_heading: bool) -> Iterator[Condition]:
    names = {name.lower(): site.key for site in metastatic_sites().values() for name in site.names}
    for found in _SITE.finditer(text):
        if not is_heading and is_not_yet(text, found.start()):
            continue
        listed = found["site"] or found["sites"]
        for name in re.findall(_SITE_NAMES, listed, re.IGNORECASE):
            yield Condition(
                Axis.SITE,
                "site",
                names[name.lower()],
                found.start(),
                found.end(),
                is_excepted=is_excepted(text, found.start()),
            )


def _qualified(text: str, found: Sequence[Condition]) -> list[Condition]:
    """Join what is said of some stages only to those: "stage III that cannot be removed, or IV"."""
    kept: list[Condition] = []
    for condition in found:
        if condition.subject == "resectability":
            run = _run_before(text, kept, condition.start)
            if run:
                kept[-run:] = [replace(each, also=condition) for each in kept[-run:]]
                continue
        kept.append(condition)
    return kept


def _run_before(text: str, kept: Sequence[Condition], at: int) -> int:
    """Return how many stages stand in one run right before a place."""
    count = 0
    for each in reversed(kept):
        between = text[each.end : at]
        is_stage = each.axis is Axis.EXTENT and each.subject == "group"
        joint = _OF_A_RUN if count else _UP_TO_ITS_QUALITY
        if not is_stage or joint.fullmatch(between) is None:
            break
        count, at = count + 1, each.start
    return count


def _covers_everybody(group: Sequence[Condition]) -> bool:
    """Whether every stage is among alternatives, or a result and its opposite: no condition."""
    stages = {each.value for each in group if each.axis is Axis.EXTENT and each.also is None}
    if stages >= _ALL_STAGES:
        return True
    said: defaultdict[str, set[bool | None]] = defaultdict(set)
    for each in group:
        if each.axis is Axis.MARKER and each.threshold is None:
            said[each.subject].add(MarkerStatus(each.value).is_present)
    return any({True, False} <= statuses for statuses in said.values())


def _grouped(
    text: str, found: Sequence[Condition], *, is_heading: bool
) -> tuple[tuple[Condition, ...], ...]:
    """Put alternatives together: those of one axis, and neighbours that an "or" joins."""
    groups: list[list[Condition]] = []
    for condition in found:
        for group in groups:
            if any(_are_alternatives(text, each, condition, is_heading) for each in group):
                group.append(condition)
                break
        else:
            groups.append([condition])
    return tuple(tuple(group) for group in groups)


def _are_alternatives(text: str, one: Condition, other: Condition, is_heading: bool) -> bool:  # noqa: FBT001 - one of four facts on two conditions
    if one.is_excepted != other.is_excepted:
        return False
    if (one.axis, one.subject) == (other.axis, other.subject):
        return True
    if Axis.TARGET in {one.axis, other.axis} or Axis.SEX in {one.axis, other.axis}:
        return False
    between = text[one.end : other.start]
    if {one.axis, other.axis} <= _SPREAD_AXES:
        return (_LISTED if is_heading else _JOINED).fullmatch(between) is not None or (
            _LISTED.fullmatch(between) is not None
        )
    return _JOINED.fullmatch(between) is not None
