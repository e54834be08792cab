"""Where a page says what is proposed: found by us, letter for letter, and never told by a model."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from navis_api.records.extraction.findings import FindingKind
from navis_api.records.extraction.text.passages import Passage
from navis_api.records.proposing.judging import NAMED, Place
from navis_api.records.proposing.proposal import Proposal
from navis_api.records.proposing.subjects import Subject, keys_named, subjects_in

MAX_QUOTE_CHARS: Final = 300
"""Two or three sentences: whoever confirms a finding has to see at once what it stands on."""
MAX_PLACES: Final = 20
"""Places of one quote that are looked at: of one letter a page has thousands."""
MAX_NAME_CHARS: Final = 120
MAX_VALUE_CHARS: Final = 80

_SPREAD: Final = re.compile(
    r"metasta|\bmets?\b|\bspread|secondar|deposit|implant|disseminat|seeding|carcinomatosis",
    re.IGNORECASE,
)
# "ER, PR and HER2 positive" is said of each of them.
_LISTED: Final = re.compile(r"(?:[\s,/&+]|\b(?:and|or|both)\b)*", re.IGNORECASE)


def quoted_places(passage: Passage, quote: str) -> Iterator[tuple[int, int]]:
    """Give the first 20 places where a page has a quote to the letter, as whole words."""
    if not quote.strip() or len(quote) > MAX_QUOTE_CHARS:
        return
    yield from islice(_spans(passage.page_text, quote, 0, len(passage.page_text)), MAX_PLACES)


def places_said(
    proposal: Proposal, passage: Passage, start: int, end: int
) -> Iterator[tuple[Subject, Place]]:
    """Give what the quote at `start` to `end` names of the proposed, with the value beside it.

    The name that was proposed and the words of the quote have to name the same thing in the
    vocabulary, each by itself, and the value has to stand in the quote to the letter.
    """
    if len(proposal.name) > MAX_NAME_CHARS or len(proposal.value or "") > MAX_VALUE_CHARS:
        return
    first, last = passage.sentence_at(start)[0], passage.sentence_at(end - 1)[1]
    named = [
        Subject(each.key, each.name, each.start + first, each.end + first)
        for each in subjects_in(proposal.kind, passage.text[first:last])
        if start <= each.start + first and each.end + first <= end
    ]
    meant = _meant(proposal)
    if proposal.kind is FindingKind.METASTATIC_SITE and not _SPREAD.search(passage.text[start:end]):
        return
    for subject in named:
        if meant is not None and subject.key not in meant:
            continue
        span = (subject.start, subject.end)
        if proposal.kind in NAMED:
            yield subject, Place(span, None)
            continue
        for value in _spans(passage.page_text, proposal.value or "", start, end):
            if _belongs(passage, subject, value, named):
                yield subject, Place(span, value)


def _meant(proposal: Proposal) -> frozenset[str] | None:
    """Return the keys that the proposed name may have; None where its value tells it alone."""
    if proposal.kind is FindingKind.TNM_CATEGORY:
        return None
    return keys_named(proposal.kind, proposal.name)


def _belongs(
    passage: Passage, subject: Subject, value: tuple[int, int], named: list[Subject]
) -> bool:
    """Whether a value is said of this subject: results stand behind what they are of.

    One that stands before it may be another one's, so that none may be named before that.
    """
    if value[1] <= subject.start:
        return not any(each.start < value[0] for each in named)
    low, high = subject.end, value[0]
    others = [each for each in named if low <= each.start and each.end <= high]
    if not others:
        return True
    between = passage.text[low:high]
    for other in reversed(others):
        between = between[: other.start - low] + between[other.end - low :]
    return _LISTED.fullmatch(between) is not None


def _spans(text: str, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = text.find(words, start, end) if words.strip() else -1
    while at >= 0:
        if not _cuts_a_word(text, at) and not _cuts_a_word(text, at + len(words)):
            yield at, at + len(words)
        at = text.find(words, at + 1, end)


def _cuts_a_word(text: str, at: int) -> bool:
    """Whether a place is within a word or a number: "5.2" is nothing of "15.2" and "5.25"."""
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    if before.isalnum() and after.isalnum():
        return True
    is_point = after in {".", ","} and before.isdigit() and text[at + 1 : at + 2].isdigit()
    was_point = before in {".", ","} and after.isdigit() and text[at - 2 : at - 1].isdigit()
    return is_point or was_point
