"""Findings made of proposals that their quotes carry, and that say what we hadn't read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from navis_api.kit.text import fold
from navis_api.records.extraction.findings import (
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
)
from navis_api.records.extraction.text.dates import date_near
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.extraction.text.treatment_findings import GENERAL
from navis_api.records.profile.normal.reading import normal_form
from navis_api.records.proposing.judging import NAMED, TREATMENTS, Place, is_borne_out
from navis_api.records.proposing.places import places_said, quoted_places
from navis_api.records.proposing.proposal import MAX_PROPOSALS, Proposal
from navis_api.records.proposing.subjects import Subject
from navis_api.vocabulary.cancers import are_one, wider_histologies

PROPOSED_CONFIDENCE: Final = 0.3
"""Below what our own reader is least sure of (0.5)."""

_K = FindingKind


def accepted(
    pages: Sequence[str], read: Sequence[Finding], proposals: Sequence[Proposal]
) -> list[Finding]:
    """Return the findings that are left of proposals, none of which is among those that were read.

    `pages` are the texts that the proposals are of. Each finding's quote is the page's own words
    at its `start` and `end`. Whatever isn't borne out is dropped without a word.
    """
    passages = [Passage(text, number) for number, text in enumerate(pages, start=1)]
    found: list[Finding] = []
    for proposal in proposals[:MAX_PROPOSALS]:
        if not 1 <= proposal.page <= len(passages):
            continue
        finding = _finding(proposal, passages[proposal.page - 1], [*read, *found])
        if finding is not None:
            found.append(finding)
    return found


def _finding(proposal: Proposal, passage: Passage, known: Sequence[Finding]) -> Finding | None:
    """Return the finding at the first place that bears it out and isn't taken."""
    for candidate in _candidates(proposal, passage):
        if normal_form(candidate) is None or any(says_as_much(each, candidate) for each in known):
            return None
        if not any(_is_at(each, candidate) for each in known):
            return candidate
    return None


def _candidates(proposal: Proposal, passage: Passage) -> Iterator[Finding]:
    for start, end in quoted_places(passage, proposal.quote):
        for subject, place in places_said(proposal, passage, start, end):
            if _has_unit(proposal) and is_borne_out(proposal, passage, place):
                yield _placed(proposal, passage, subject, place, (start, end))


def _has_unit(proposal: Proposal) -> bool:
    if proposal.unit is None:
        return True
    return proposal.value is not None and proposal.unit in proposal.quote


def _placed(
    proposal: Proposal, passage: Passage, subject: Subject, place: Place, quoted: tuple[int, int]
) -> Finding:
    start, end = quoted
    first, last = passage.sentence_at(place.subject[0])
    value, unit = proposal.value, proposal.unit
    if proposal.kind in NAMED:
        value, unit = (subject.name if proposal.kind is _K.HISTOLOGY else None), None
    day = proposal.observed_on or date_near(passage.text, first, last, place.subject[0])
    return Finding(
        kind=proposal.kind,
        name=subject.name,
        key=subject.key,
        quote=passage.quote(start, end),
        confidence=PROPOSED_CONFIDENCE,
        value=value,
        unit=unit,
        observed_on=day,
        page=passage.page,
        start=start,
        end=end,
        assertion=proposal.assertion,
        temporality=(Temporality.CURRENT if proposal.kind in TREATMENTS else proposal.temporality),
        treatment_status=proposal.treatment_status,
        origin=FindingOrigin.MODEL,
    )


def says_as_much(known: Finding, proposed: Finding) -> bool:
    """Whether a finding that is there already leaves nothing for the proposed one to say.

    It doesn't matter what it says of that: what our reader found denied isn't proposed as present.
    """
    if known.kind is not proposed.kind:
        return False
    if known.kind is _K.PRIMARY_CANCER:
        return are_one(known.key, proposed.key)
    if known.kind is _K.HISTOLOGY:
        both = {known.key, proposed.key}
        return len(both) == 1 or bool(wider_histologies(both))
    if known.kind in TREATMENTS and proposed.key in GENERAL:
        return True
    if known.key != proposed.key:
        return False
    return known.kind in NAMED or _is_same_value(known, proposed)


def _is_same_value(known: Finding, proposed: Finding) -> bool:
    one, other = normal_form(known), normal_form(proposed)
    if one is None or other is None:
        return fold(known.value or "") == fold(proposed.value or "")
    is_less_or_more = one.parts <= other.parts or other.parts <= one.parts
    return is_less_or_more and (one.scope == other.scope or not one.scope or not other.scope)


def _is_at(known: Finding, proposed: Finding) -> bool:
    """Whether what a finding says of the same thing stands in the same words."""
    if (known.kind, known.key, known.page) != (proposed.kind, proposed.key, proposed.page):
        return False
    if known.start is None or known.end is None or proposed.start is None or proposed.end is None:
        return False
    return known.start < proposed.end and proposed.start < known.end


def without_origin(finding: Finding) -> Finding:
    """Return what a finding says, whoever found it and however sure."""
    return replace(finding, origin=FindingOrigin.READER, confidence=0.0)
