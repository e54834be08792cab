"""Tumor markers and genes with what a text says of each: a number, a status, a change.

A status belongs to a marker when it stands with it ("HER2-negative"), or with the list that the
marker is in: "positive for CK7 and TTF-1", "ER, PR and HER2 are negative".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.text.fixed_markers import fixed_markers
from navis_api.records.extraction.text.gene_markers import (
    CHANGES,
    denied_along,
    gene_reading,
    names_gene,
)
from navis_api.records.extraction.text.marker_mentions import (
    MarkerMention,
    MarkerReading,
    mentions_of,
)
from navis_api.records.extraction.text.marker_words import (
    BETWEEN_LISTED,
    REACH,
    SAID_OF_LIST_FIRST,
    SAID_OF_LIST_LAST,
    is_denied,
)
from navis_api.records.extraction.text.measured_values import share_after
from navis_api.records.extraction.text.passages import Passage, SectionKind
from navis_api.records.extraction.text.serum_markers import serum_reading, serum_series
from navis_api.records.extraction.text.tissue_markers import BARE_NUMBER, by_fish, tissue_reading
from navis_api.vocabulary.tumor_markers import MarkerKind, tumor_markers

_PAIRS: Final = {"brca": ("brca1", "brca2"), "idh": ("idh1", "idh2")}
_TWO_GENES = re.compile(
    r"(?:BRCA|IDH)\s?1\s?(?:/|,|&|\+|and|or|,\s?and)\s?(?:BRCA|IDH)?\s?2", re.IGNORECASE
)
_SHARES: Final = frozenset({"ki67", "s_phase"})
_PD_L1_SCORE = re.compile(
    r"[^.;\n]{0,40}?\b(?P<how>TPS|CPS|tumou?r\s+proportion\s+score"
    r"|combined\s+positive\s+score|IC)\b\)?\s*(?:\w{1,6}\s+)?(?:of|is|was|:|=)?\s*"
    r"(?P<value>[<>≥≤]?\s?\d{1,3}(?:\s?%?\s?[-–]\s?\d{1,3})?)(?![A-Za-z\d])\s?%?"
    r"(?:\s*\(\s*(?:approximately|approx\.?|about|~)\s*(?P<close>\d{1,3})\s*%\s*\))?",
    re.IGNORECASE,
)


def markers_of(passage: Passage) -> list[MarkerReading]:
    """Return the markers of a page with what it says of each, in order."""
    found = [*fixed_markers(passage)]
    taken = [(reading.start, reading.end) for reading in found]
    mentions = [
        mention
        for mention in mentions_of(passage.text)
        if not any(mention.start < end and start < mention.end for start, end in taken)
    ]
    for first, last in passage.sentences:
        if passage.section_at(first) in {SectionKind.ALLERGIES, SectionKind.FAMILY}:
            continue
        within = [mention for mention in mentions if first <= mention.start < last]
        if within:
            found.extend(_read_sentence(passage, within, last))
    return sorted(found, key=lambda reading: (reading.start, reading.end, reading.marker.key))


def _read_sentence(
    passage: Passage, mentions: list[MarkerMention], last: int
) -> Iterator[MarkerReading]:
    text = passage.text
    limits = [*(mention.start for mention in mentions[1:]), last]
    readings = [
        _alone(passage, mention, limit) for mention, limit in zip(mentions, limits, strict=True)
    ]
    _deny_lists(text, mentions, readings)
    denied = False
    for index, reading in enumerate(readings):
        denied = (
            index > 0
            and (denied or is_denied(text, mentions[index - 1].start))
            and denied_along(
                text, mentions[index - 1], mentions[index], readings[index - 1], reading
            )
        )
        if denied:
            readings[index] = replace(reading, value="negative", change=None)
        elif reading.value is None and reading.change is None:
            readings[index] = _from_list(text, mentions, readings, index, last)
    for mention, limit in zip(mentions, limits, strict=True):
        if mention.marker.kind is MarkerKind.SERUM:
            yield from serum_series(text, mention, limit)
    yield from _said(passage, readings)


def _deny_lists(text: str, mentions: list[MarkerMention], readings: list[MarkerReading]) -> None:
    """Deny all of a denied list whose last says of what: "no ALK, ROS1 or RET fusions"."""
    first = 0
    for last in range(len(mentions)):
        goes_on = last + 1 < len(mentions) and BETWEEN_LISTED.fullmatch(
            text, mentions[last].end, mentions[last + 1].start
        )
        if goes_on:
            continue
        if readings[last].value in CHANGES and is_denied(text, mentions[first].start):
            for at in range(first, last + 1):
                readings[at] = replace(readings[at], value="negative", change=None)
        first = last + 1


def _said(passage: Passage, readings: list[MarkerReading]) -> Iterator[MarkerReading]:
    """Give the readings that say something, those said together as one."""
    text = passage.text
    either = _either(text, readings)
    for index, reading in enumerate(readings):
        if index in either or (reading.value is None and reading.change is None):
            continue
        yield from _both(text, reading)
        if reading.marker.key == "her2":
            yield from by_fish(text, reading, passage)
    for index in sorted(either):
        if index + 1 in either and either[index] == index:
            yield _joined(readings[index], readings[index + 1])


def _both(text: str, reading: MarkerReading) -> Iterator[MarkerReading]:
    """Give "BRCA1 and BRCA2", which are read as one name, as the two genes that they are."""
    pair = _PAIRS.get(reading.marker.key)
    if pair is not None and _TWO_GENES.match(text, reading.start):
        for key in pair:
            yield replace(reading, marker=tumor_markers()[key])
        return
    yield reading


def _alone(passage: Passage, mention: MarkerMention, limit: int) -> MarkerReading:
    text, marker = passage.text, mention.marker
    unread = MarkerReading(marker, None, None, None, mention.start, mention.end)
    if marker.kind is MarkerKind.SERUM:
        return serum_reading(passage, unread, limit)
    if marker.key in _SHARES:
        share = share_after(text, mention.end, limit)
        if share is not None:
            return replace(unread, value=share.value, unit=share.unit, end=share.end)
        number = BARE_NUMBER.match(text, mention.end, limit)
        if number is not None:
            return replace(unread, value=number["number"], end=number.end())
    if marker.key == "pd_l1":
        score = _PD_L1_SCORE.match(text, mention.end, limit)
        named = text[mention.start : mention.end].upper()
        if score is not None:
            return replace(
                unread,
                value=score["close"] or re.sub(r"[\s%]", "", score["value"]),
                unit=score["how"].upper(),
                end=score.end(),
            )
        share = share_after(text, mention.end, limit)
        if share is not None:
            return replace(
                unread,
                value=share.value,
                unit=named if named in {"TPS", "CPS"} else "%",
                end=share.end,
            )
        if named in {"TPS", "CPS"}:
            number = re.match(
                r"\)?\s*(?:of|is|was|:|=)?\s*([<>≥≤]?\s?\d{1,3})", text[mention.end : limit]
            )
            return (
                unread
                if number is None
                else replace(
                    unread,
                    value=number.group(1).replace(" ", ""),
                    unit=named,
                    end=mention.end + number.end(),
                )
            )
    if marker.kind is MarkerKind.GENOMIC or names_gene(text, mention):
        return gene_reading(text, unread, limit)
    return tissue_reading(text, unread, limit)


def _from_list(
    text: str, mentions: list[MarkerMention], readings: list[MarkerReading], index: int, last: int
) -> MarkerReading:
    """Return a reading with what is said of the list that it stands in."""
    reading = readings[index]
    if reading.marker.kind is MarkerKind.SERUM:
        return reading
    first = index
    while first > 0 and BETWEEN_LISTED.fullmatch(
        text, _edge(mentions, readings, first - 1), mentions[first].start
    ):
        first -= 1
    before = SAID_OF_LIST_FIRST.search(
        text[max(0, mentions[first].start - REACH) : mentions[first].start]
    )
    if before is not None:
        is_loss = (before["negative"] or "").lower().startswith("loss")
        word = "loss" if is_loss else "negative" if before["negative"] else "positive"
        return replace(reading, value=word)
    final = index
    while final + 1 < len(mentions) and BETWEEN_LISTED.fullmatch(
        text, mentions[final].end, mentions[final + 1].start
    ):
        final += 1
    if final != index and readings[final].value is not None:
        return replace(reading, value=_word_of(readings[final].value), end=readings[final].end)
    after = SAID_OF_LIST_LAST.match(text, mentions[final].end, last)
    if after is not None:
        return replace(
            reading, value="negative" if after["negative"] else "positive", end=after.end()
        )
    return reading


def _word_of(value: str | None) -> str | None:
    return value.split(",")[0] if value is not None else None


def _edge(mentions: list[MarkerMention], readings: list[MarkerReading], index: int) -> int:
    own = readings[index]
    return (
        mentions[index].end
        if own.value is None
        else max(mentions[index].end, min(own.end, mentions[index + 1].start))
    )


def _either(text: str, readings: list[MarkerReading]) -> dict[int, int]:
    """Return the readings that are said together: "ER or PR positive" says neither by itself."""
    found: dict[int, int] = {}
    for index in range(len(readings) - 1):
        one, other = readings[index], readings[index + 1]
        between = text[one.start : other.start]
        if (
            {one.marker.key, other.marker.key} == {"er", "pr"}
            and re.search(r"\s(?:or|and/or)\s+$", between, re.IGNORECASE)
            and other.value is not None
            and other.value.startswith("positive")
        ):
            found[index] = index
            found[index + 1] = index
    return found


def _joined(one: MarkerReading, other: MarkerReading) -> MarkerReading:
    """Hormone receptor positive means just that: one of the two is, or both."""
    return replace(other, marker=tumor_markers()["hr"], start=one.start)
