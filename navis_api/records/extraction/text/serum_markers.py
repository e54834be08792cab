"""What a text says of a marker in blood: its value, or that it is normal, rising, undetectable."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.records.extraction.text.marker_mentions import MarkerMention, MarkerReading
from navis_api.records.extraction.text.marker_words import REACH
from navis_api.records.extraction.text.measured_values import dated_values, value_after
from navis_api.records.extraction.text.passages import Passage

_SERUM_WORDS = re.compile(
    r"^[^.;\n\d]{0,35}?\b(?P<word>undetectable|within\s+normal\s+limits|normal|elevated"
    r"|rising|risen|increasing|unremarkable|not\s+elevated|stable)\b",
    re.IGNORECASE,
)
_SERUM_WORDS_BEFORE = re.compile(
    r"\b(?P<word>rising|elevated|increasing|raised|normal|undetectable|falling)\s+(?:serum\s+)?$",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"[^.;]{0,60}?\b(?:most\s+recent|latest|last|current|repeat|subsequent|now)\b(?:\s+(?:one|value|level|result))?",
    re.IGNORECASE,
)
_IT = re.compile(
    r"^[\s,]*[^.;\n]{0,40}?\b(?:it|(?:the|this)\s+(?:level|value|last|most\s+recent"
        r"|repeat))\b", re.IGNORECASE
)  # fmt: skip
_WILL_BE = re.compile(
    r"\b(?:check|repeat|obtain|order|send|recheck|await|pending|will|monitor|follow|draw|get"
    r"|plan)\w*\b[^.;]{0,40}$",
    re.IGNORECASE,
)


def serum_reading(passage: Passage, unread: MarkerReading, limit: int) -> MarkerReading:
    """Return what stands behind a marker, or in the next sentence where that says "it"."""
    text = passage.text
    value = value_after(text, unread.end, limit)
    if value is not None:
        return replace(unread, value=value.value, unit=value.unit, end=value.end)
    first, _ = passage.sentence_at(unread.start)
    if _WILL_BE.search(text[max(first, unread.start - REACH) : unread.start]):
        return unread
    # "The PSA has been rising. This month it reached 1.2."
    following = passage.sentence_after(unread.start)
    if following is not None:
        it = _IT.match(text[following[0] : following[1]])
        if it is not None:
            value = value_after(text, following[0] + it.end(), following[1])
            if value is not None:
                return replace(unread, value=value.value, unit=value.unit, end=value.end)
    before = _SERUM_WORDS_BEFORE.search(text[max(first, unread.start - REACH) : unread.start])
    if before is not None:
        return replace(unread, value=before["word"].lower())
    word = _SERUM_WORDS.match(text[unread.end : limit])
    if word is not None:
        said = re.sub(r"\s+", " ", word["word"].lower())
        return replace(unread, value=said, end=unread.end + word.end())
    return unread


def serum_series(text: str, mention: MarkerMention, limit: int) -> Iterator[MarkerReading]:
    """Give the values of a marker on several days: "4.2 in 2008, 10.5 in 2009"."""
    first = value_after(text, mention.end, limit)
    later = _LATEST.match(text, first.end, limit) if first is not None else None
    if later is not None:
        value = value_after(text, later.end(), limit)
        if value is not None:
            yield MarkerReading(
                mention.marker, value.value, value.unit, None, mention.start, value.end
            )
    values = dated_values(text, mention.end, limit)
    if len(values) > 1:
        for value, end in values:
            yield MarkerReading(mention.marker, value, None, None, mention.start, end)
