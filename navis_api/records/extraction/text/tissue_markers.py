"""What a text says of a marker in tissue: positive or negative, a score, a share of cells."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from navis_api.records.extraction.text.marker_mentions import MarkerReading
from navis_api.records.extraction.text.marker_words import (
    REACH,
    SAID_OF_LIST_FIRST,
    STATUS_WORDS,
    is_denied,
)
from navis_api.records.extraction.text.measured_values import share_after
from navis_api.records.extraction.text.passages import Passage
from navis_api.vocabulary.marker_status import MarkerStatus, read_status
from navis_api.vocabulary.tumor_markers import tumor_markers

_SCORE = re.compile(
    (
        r"[\s:,(=-]*(?:IHC|immuno\w+|by|is|was|score|of|expression|stain\w*"
        r"|protein)?[\s:,(=-]*(?P<score>[0-3]\s?\+|0(?=\s*(?:\)|,|\.|;|by\b|and\b|$)))"
    ),
    re.IGNORECASE,
)
# How much of a gene is read by PCR, or the antibody, before the word that says what it means.
_GENE_SCORE = re.compile(
    r"\s+score\s*[:=]?\s*\d{1,2}\.\d\b[\s,(]*|\s*\(?(?:22C3|28-8|SP142|SP263|73-10)\)?[\s:]*",
    re.IGNORECASE,
)
_FISH = re.compile(
    r"\b(?P<how>FISH|ISH|CISH"
    r"|in\s+situ\s+hybridi[sz]ation)\b[^.;\n]{0,40}?\b(?P<status>(?:not|non)[\s-]?amplified"
    r"|negative|no\s+amplification"
    r"|positive|amplified|un-?amplified)\b",
    re.IGNORECASE,
)
_FISH_AFTER = re.compile(
    (
        r"\b(?P<status>(?:not|non)[\s-]?amplified|negative|positive|amplified)\b\s*(?:\(?\s*by\s+"
        r"|on\s+|\()(?P<how>FISH|ISH|CISH)\b"
    ),
    re.IGNORECASE,
)
_FISH_NEAR = re.compile(r"^[\s:(),-]*(?:by\s+)?(?:FISH|ISH|CISH|fluorescen\w+)\b", re.IGNORECASE)
BARE_NUMBER = re.compile(
    r"\s*(?:is|was|of|:|=)?\s*(?:Allred(?:\s+score)?|quick\s?score|H-?score)?\s*(?:is|was|of|:|=)?\s*"
    r"(?P<number>\d{1,3}(?:/8)?)(?=\s*(?:[,;)]|\.(?!\d)|$|(?:ER|PR|PgR|HER)))",
    re.IGNORECASE,
)
_EQUIVOCAL = re.compile(r"[^.;,\n]{0,25}?\b(?:equivocal|indeterminate|borderline)\b", re.IGNORECASE)
_BY_FISH = re.compile(r"\bby\s+(?:FISH|ISH|CISH)\b", re.IGNORECASE)
_NEGATIVE_FOR = re.compile(r"negative\s+for\s*$", re.IGNORECASE)
_RECEPTORS: Final = frozenset({"er", "pr"})
_THERE: Final = frozenset({MarkerStatus.MUTATED, MarkerStatus.REARRANGED, MarkerStatus.HIGH})
_IHC_NEAR = re.compile(r"\b(?:IHC|immunohistochem\w+|immunostain\w*)\b", re.IGNORECASE)


def tissue_reading(text: str, unread: MarkerReading, limit: int) -> MarkerReading:
    """Return what stands about a marker of the tumor's cells, up to `limit`."""
    start, at = unread.start, unread.end
    number = _GENE_SCORE.match(text, at, limit)
    if number is not None:
        at = number.end()
    denied = _denied_before(text, start)
    if denied is not None:
        return replace(unread, value=denied)
    is_receptor, is_her2 = unread.marker.key in _RECEPTORS, unread.marker.key == "her2"
    score = _SCORE.match(text, at, limit) if is_receptor or is_her2 else None
    word, end = _word(text, replace(unread, end=at), limit, score)
    number = BARE_NUMBER.match(text, at, limit)
    if word is None and score is None and number is not None and is_receptor:
        return replace(unread, value=number["number"], end=number.end())
    share = share_after(text, at, limit)
    if share is not None and share.end - at >= REACH:
        share = None
    if word is None and score is None and share is not None:
        word = "positive" if _is_positive_share(share.value) else "negative"
    parts = [
        word,
        score["score"].replace(" ", "") if score is not None else None,
        f"{share.value}%" if share is not None else None,
        "IHC"
        if is_her2 and score and _IHC_NEAR.search(text[start : min(limit, end + 30)])
        else None,
    ]
    value = ", ".join(filter(None, parts))
    if not value:
        return unread
    ends = [end, score.end() if score else at, share.end if share else at]
    marker = unread.marker
    if is_her2 and score is None and _is_by_fish(text, at, min(limit, end + 15)):
        marker = tumor_markers()["her2_fish"]
    return replace(unread, marker=marker, value=value, end=max(ends))


def _denied_before(text: str, start: int) -> str | None:
    """Return "negative" or "loss" where a marker stands behind such a word."""
    if is_denied(text, start) and not _NEGATIVE_FOR.search(text[:start][-20:]):
        return "negative"
    before = SAID_OF_LIST_FIRST.search(text[max(0, start - REACH) : start])
    said = (before["negative"] or "").lower() if before is not None else ""
    if not said or said.startswith("negative"):
        return None
    return "loss" if said.startswith("loss") else "negative"


def _word(
    text: str, unread: MarkerReading, limit: int, score: re.Match[str] | None
) -> tuple[str | None, int]:
    """Return the status in a word, and where it ends."""
    key, at = unread.marker.key, unread.end
    if score is not None and key == "her2":
        # 0 and 1+ are negative, 2+ is left open, 3+ is positive (ASCO/CAP 2018).
        return {"3": "positive", "2": "equivocal"}.get(score["score"][0], "negative"), at
    if _EQUIVOCAL.match(text, at, limit):
        return "equivocal", at
    said = read_status(text, key, unread.start, at, limit)
    if said.from_before and said.status is MarkerStatus.LOW:
        return None, at
    word = STATUS_WORDS.get(said.status)
    if key in _RECEPTORS and said.status in _THERE:
        word = "positive"
    return word, at if word is None or said.from_before else said.end


def _is_by_fish(text: str, at: int, end: int) -> bool:
    return bool(_FISH_NEAR.match(text[at : at + 30]) or _BY_FISH.search(text[at:end]))


def _is_positive_share(value: str) -> bool:
    """From 1 % of cells on a receptor counts as positive (ASCO/CAP 2020)."""
    number = re.search(r"\d+(?:\.\d+)?", value)
    return number is not None and float(number.group()) >= 1 and not value.startswith("<")


def by_fish(text: str, reading: MarkerReading, passage: Passage) -> Iterator[MarkerReading]:
    """Give the result of HER2 by in situ hybridization that follows one by other means."""
    following = passage.sentence_after(reading.start)
    end = following[1] if following is not None else passage.sentence_at(reading.start)[1]
    found = _FISH.search(text, reading.end, end) or _FISH_AFTER.search(text, reading.end, end)
    if found is None or found.start() - reading.end > 2 * REACH:
        return
    said = found["status"].lower()
    is_negative = said.startswith(("no", "neg", "un"))
    yield MarkerReading(
        tumor_markers()["her2_fish"],
        "negative" if is_negative else "positive",
        None,
        None,
        found.start(),
        found.end(),
    )
