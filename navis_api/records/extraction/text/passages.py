"""A page of text cut into sentences and sections, without moving a letter of it.

Reports come with line breaks, with commas where line breaks were, or as one long line; a section
begins at a heading in capitals, or at one that stands at the start of a line.
"""

import bisect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final


class SectionKind(StrEnum):
    """What a section of a report speaks of."""

    FAMILY = "family"
    ALLERGIES = "allergies"
    SOCIAL = "social"
    REVIEW = "review"
    EXAM = "exam"
    MEDICATIONS = "medications"
    PAST = "past"
    PLAN = "plan"
    ASSESSMENT = "assessment"
    INDICATION = "indication"
    PROCEDURE = "procedure"
    SPECIMEN = "specimen"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, `text[start:end]`, its heading left out."""

    kind: SectionKind
    start: int
    end: int


# The first that fits a heading decides.
_KINDS: Final[tuple[tuple[str, SectionKind], ...]] = (
    (r"famil|^\W*(?:mother|father|sister|brother|siblings?)\b|^fh\b|^fhx\b", SectionKind.FAMILY),
    (r"allerg", SectionKind.ALLERGIES),
    (r"social|habits|psychosocial|^sh\b", SectionKind.SOCIAL),
    (r"review of systems|^ros\b|systems review", SectionKind.REVIEW),
    (r"physical|^exam|examination|vital signs|^vitals|^pe\b|laboratory|^labs?\b", SectionKind.EXAM),
    (r"^(?:current |home |outpatient |discharge |active )*(?:medications?|meds|drugs)\b",
     SectionKind.MEDICATIONS),
    ((r"past|surgical history|^ps?h\b|^pm[ih]*h?x?\b|^psh|previous|oncologic(?:al)? history"
     r"|cancer history|treatment history|prior"), SectionKind.PAST),
    ((r"^(?:treatment )?plans?\b|recommendation|disposition|follow[- ]?up|next steps"
     r"|^(?:discharge )?instructions|management|decision|^tumou?r board (?:decision"
         r"|recommendation)"),
     SectionKind.PLAN),
    ((r"impression|assessment|diagnos[ei]s|conclusion|opinion|^summary|interpretation|problem"
     r"|stag(?:e|ing)|diagnostic|synoptic"), SectionKind.ASSESSMENT),
    ((r"indication|reason|clinical (?:history|data|information|details)|history|complaint|^hpi\b"
     r"|interval|subjective|^referral|question"), SectionKind.INDICATION),
    (r"procedure|operation|surgery performed|title of", SectionKind.PROCEDURE),
    (r"specimen|gross|macroscop|material|source", SectionKind.SPECIMEN),
)  # fmt: skip
_KIND_PATTERNS: Final = tuple((re.compile(pattern), kind) for pattern, kind in _KINDS)
_HEADING = re.compile(
    r"(?:^|(?<=\n)|(?<=[.,:;]))[ \t]*(?:\d{1,2}[.)][ \t]*)?"
    r"(?P<name>[A-Z][A-Z0-9 /&'’()#.\-]{1,48}[A-Z)])[ \t]*(?P<closed>:|(?=,|\n|\r))"
    r"|(?:^|(?<=\n)|(?<=[.;] ))[ \t]*"
    r"(?P<short>FHX?|FmHx|PM?H|SH|PE|Plan|PLAN|Recommendations?)[ \t]*:"
    r"|(?:^|(?<=\n))[ \t]*(?:\d{1,2}[.)][ \t]*|[#*•-]+[ \t]*)?"
    r"(?P<title>[A-Z][A-Za-z /&'’()-]{1,48}?)\*{0,2}[ \t]*(?::|(?=\r?\n[ \t]*\S))",
)
# "KRAS MUTATION: not detected" is a result, whatever it looks like.
_RESULT = re.compile(
    r"mutation|amplification|rearrangement|fusion|receptor|expression|translocation|immunohistochem"
    r"|^(?:[a-z]{2,6}\d{1,3}[a-z]?|tp53|brca[12])$"
    r"|\b(?:her-?2|er|pr|psa|cea|ki-?67|egfr|[kn]ras|braf|alk|ros1|met|ret|msi|pd-?l1|tmb|p16|ca)\b"
)
_LONGEST_TITLE_WORDS: Final = 6
_ABBREVIATIONS: Final = frozenset(
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "vs",
        "no",
        "approx",
        "e.g",
        "i.e",
        "q.d",
        "b.i.d",
        "t.i.d",
        "q.i.d",
        "p.o",
        "i.v",
        "q.h.s",
        "p.r.n",
        "a.m",
        "p.m",
        "jr",
        "sr",
        "fig",
        "et",
        "al",
        "dept",
        "inc",
        "pt",
        "vol",
        "b.i.d",
        "t.i.d",
        "wt",
    ]
)
_END = re.compile(r"[.!?]+(?=[\s,)\]\"]|$)|;|\n[ \t]*\n|\n")
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*)$")
_LONGEST_SENTENCE: Final = 1_000
_WRAPPED_LINE: Final = 55
_LIST_MARK = re.compile(r"[ \t]*(?:\d{1,2}[.)]|[-*•]|[A-Z][A-Za-z /()-]{1,40}:)")
_SHORTEST_SHOUT: Final = 4
_WITHDRAWN: Final = re.compile(
    r"\bpreviously\s+(?:issued|reported)\s+(?:as\b|report\s+\w+)|\boriginally\s+reported\s+as\b"
    r"|\b(?:original|previous|prior|initial)\s+report\s+(?:erroneously\s+)?"
    r"(?:stated|read|said|listed|indicated)\b|\b(?:issued|reported|stated|listed)\s+in\s+error\b"
    r"|\b(?:transcription(?:al)?|typographical)\s+error\b|\berroneously\b"
    r"|^\W*original\s+(?:diagnosis|result)\s*:",
    re.IGNORECASE,
)
# What a scanner writes for a zero, a one and a capital I, where no such letter can stand.
_MISREAD: Final = (
    (re.compile(r"(?<=\d)[Oo](?=\d|\s?%)|(?<=\b[pc][NM])O\b"), "0"),
    (
        re.compile(
            r"(?<=\d)[lI](?=\d|\s?%)|(?<=\b[pc][TNM])[lI](?=[a-d]?\b)|(?<=\b[pc][TN])i(?=[a-d]\b)"
        ),
        "1",
    ),
    (re.compile(r"(?<![A-Za-z\d])l(?=\d[\d\s%/.,])"), "1"),
    (re.compile(r"(?<![A-Za-z\d])lO(?![A-Za-z])"), "10"),
    (re.compile(r"(?<=[A-Z]{2})l(?=[A-Z]{2})"), "I"),
)


class Passage:
    """A page with its sentences and sections; places are those of the page's own text.

    `text` is what is read: the page with the lines of tables blotted out and letters that scanners
    take for digits put right, each by one other, so that every place stays where it is.
    """

    def __init__(self, page_text: str, page: int) -> None:
        self.page_text = page_text
        self.text = _as_meant(page_text)
        self.page = page

    def quote(self, start: int, end: int) -> str:
        """Return the page's own letters from `start` to `end`."""
        return self.page_text[start:end]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The start and end of each sentence; headings are sentences of their own."""
        cuts = sorted({*self._ends(), *(start for start, _, _ in self._headings)})
        edges = [0, *(cut for cut in cuts if 0 < cut < len(self.text)), len(self.text)]
        return [
            part
            for start, end in itertools.pairwise(edges)
            for part in _shortened(self.text, start, end)
        ]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections in order; what stands before the first heading is one too."""
        found: list[Section] = []
        kind, start = SectionKind.OTHER, 0
        for begins, ends, following in self._headings:
            found.append(Section(kind, start, begins))
            kind, start = following, ends
        found.append(Section(kind, start, len(self.text)))
        return found

    @cached_property
    def _headings(self) -> list[tuple[int, int, SectionKind]]:
        found: list[tuple[int, int, SectionKind]] = []
        for match in _HEADING.finditer(self.text):
            kind = _kind_of(match)
            if kind is not None:
                group = "name" if match["name"] else "short" if match["short"] else "title"
                found.append((match.start(group), match.end(), kind))
        return found

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Return the start and end of the sentence that a place is in."""
        return self.sentences[max(0, bisect.bisect_right(self._sentence_starts, place) - 1)]

    def sentence_after(self, place: int) -> tuple[int, int] | None:
        """Return the sentence after the one that a place is in."""
        at = bisect.bisect_right(self._sentence_starts, place)
        return self.sentences[at] if at < len(self.sentences) else None

    def is_withdrawn(self, place: int) -> bool:
        """Tell whether a place is in what a report says it once said, and no longer does."""
        first, last = self.sentence_at(place)
        return _WITHDRAWN.search(self.text[first:last]) is not None

    def section_at(self, place: int) -> SectionKind:
        """Return the kind of the section that a place is in."""
        return self.sections[max(0, bisect.bisect_right(self._section_starts, place) - 1)].kind

    def _ends(self) -> list[int]:
        text, line_start, ends = self.text, 0, list[int]()
        for match in _END.finditer(text):
            at = match.start()
            if text[at] == "\n":
                wraps = (
                    match.end() - at == 1
                    and at - line_start >= _WRAPPED_LINE
                    and text[at - 1] not in ".:"
                    and not _LIST_MARK.match(text, match.end())
                )
                line_start = match.end()
                if not wraps and not _goes_on(text, at, match.end()):
                    ends.append(match.end())
            elif text[at] != "." or not _abbreviates(text, at, match.end()):
                ends.append(match.end())
        return ends


def _as_meant(page_text: str) -> str:
    """Return "ER | 8O%" as "ER   80%": as long as it is written."""
    text = page_text.replace("|", " ")
    for pattern, letter in _MISREAD:
        text = pattern.sub(letter, text)
    return text


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what has no end of a sentence for too long, so that no text makes the reading slow."""
    while end - start > _LONGEST_SENTENCE:
        space = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = space + 1 if space > start else start + _LONGEST_SENTENCE
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def _goes_on(text: str, at: int, following: int) -> bool:
    """Tell whether a line goes on in the next one: it begins with a small letter."""
    if "\n" in text[at + 1 : following]:
        return False
    return text[following : following + 40].lstrip(" \t")[:1].islower()


def _abbreviates(text: str, at: int, end: int) -> bool:
    if end - at > 1:
        return False
    word = _WORD_BEFORE.search(text[max(0, at - 12) : at])
    if word is None:
        # "1." at the start of a line or of an item numbers it.
        return False
    plain = word.group().lower().rstrip(".")
    return plain in _ABBREVIATIONS or (len(plain) == 1 and text[end : end + 1] not in {",", ""})


def _kind_of(match: re.Match[str]) -> SectionKind | None:
    name = match["name"] or match["short"] or match["title"]
    if len(name.split()) > _LONGEST_TITLE_WORDS or name.count("(") != name.count(")"):
        return None
    folded = name.strip().lower()
    if _RESULT.search(folded):
        return None
    for pattern, kind in _KIND_PATTERNS:
        if pattern.search(folded):
            return kind
    if match["name"] and match["closed"] == ":" and len(folded) >= _SHORTEST_SHOUT:
        return SectionKind.OTHER
    return None
