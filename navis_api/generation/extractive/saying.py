"""What an answer has said already, so that nothing is said twice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from navis_api.answers.models import ClaimStyle
from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.matching import stem
from navis_api.generation.extractive.units import Quote, Unit
from navis_api.kit.text import words

# Two statements with this share of their words in common say the same; so do two of which one
# has almost all the words of the other.
_SAME = 0.72
_CONTAINED = 0.86
# Lead-ins with this share of the shorter one's words introduce the same list.
_LIKE_LEAD_IN = 0.7
_TELLING_CHARS = 3
# One word of these makes it another statement: "non-Hodgkin lymphoma is ...", "in stage IV ...".
_DENIALS = frozenset({"non", "not", "no"})
_NUMBER = re.compile(r"\d[\d.]*[a-d]?|(?:i{1,3}|iv)[a-d]?")
# "radiation therapy" may be an option in several lists.
_SHORT_BULLET_WORDS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """How much had been said at some point."""

    sentences: int
    bullets: int
    lead_ins: Mapping[str, UUID]
    spans: frozenset[tuple[UUID, int, int]]


class Said:
    """Remembers statements by their place in a source and by their words."""

    def __init__(self, written: Sequence[DraftSection]) -> None:
        # Sentences and bullets apart: a sentence may explain what a list has named.
        self._sentences: list[frozenset[str]] = []
        self._bullets: list[tuple[frozenset[str], UUID]] = []
        self._lead_ins: dict[str, UUID] = {}
        self._of_a_kind = False
        self._since = 0
        self._spans: set[tuple[UUID, int, int]] = set()
        for section in written:
            for claim in section.claims:
                self._remember(claim.text, claim.style, claim.citations[0].source_version_id)
                for citation in claim.citations:
                    self._spans.add((citation.source_version_id, citation.start, citation.end))

    def begin_section(self, *, of_a_kind: bool = False, for_others: bool = False) -> None:
        """Allow the lead-ins of other sections again.

        In a section that is `for_others` than those before, what those were told isn't said yet.

        In a section on one kind of a cancer its lists are told whole: what was an item of
        another kind's list wasn't said of this one.
        """
        self._lead_ins = {}
        self._of_a_kind = of_a_kind
        self._since = len(self._sentences) if for_others else 0

    def mark(self) -> "Mark":
        """Return where it stands, for what may turn out not to be told."""
        return Mark(
            len(self._sentences), len(self._bullets), dict(self._lead_ins), frozenset(self._spans)
        )

    def back_to(self, mark: "Mark") -> None:
        """Forget what was taken since: it is told to nobody, and may be told elsewhere."""
        del self._sentences[mark.sentences :]
        del self._bullets[mark.bullets :]
        self._lead_ins = dict(mark.lead_ins)
        self._spans = set(mark.spans)

    def take(self, unit: Unit) -> tuple[Quote, ...]:
        """Return the quotes of a unit that weren't said yet, and remember them.

        Nothing of a list of which less than half is new.
        """
        if any((q.version_id, q.start, q.end) in self._spans for q in unit.quotes):
            return ()
        quotes = self._new_of_list(unit) if unit.is_list else self._new(unit.quotes)
        if quotes and unit.is_list:
            self._lead_ins.setdefault(quotes[0].text, quotes[0].version_id)
        for quote in quotes:
            self._spans.add((quote.version_id, quote.start, quote.end))
            self._remember(quote.text, quote.style, quote.version_id)
        return quotes

    def _new_of_list(self, unit: Unit) -> tuple[Quote, ...]:
        lead_in, *items = unit.quotes
        # Under one heading two documents would introduce the same list twice.
        if self._lead_ins.get(lead_in.text, lead_in.version_id) != lead_in.version_id:
            return ()
        new = self._new(items, short_too=self._is_introduced(lead_in))
        return (lead_in, *new) if new and len(new) * 2 >= len(items) else ()

    def _is_introduced(self, lead_in: Quote) -> bool:
        """Whether another document introduced a list on this in the section, in its own words."""
        telling = _telling(lead_in.text)
        return any(
            version != lead_in.version_id and _share(telling, _telling(text)) >= _LIKE_LEAD_IN
            for text, version in self._lead_ins.items()
        )

    def _new(self, quotes: Sequence[Quote], *, short_too: bool = False) -> tuple[Quote, ...]:
        once = {quote.text: quote for quote in reversed(quotes)}
        return tuple(
            quote
            for quote in quotes
            if once[quote.text] is quote and not self._was_said(quote, short_too=short_too)
        )

    def _was_said(self, quote: Quote, *, short_too: bool) -> bool:
        telling = _telling(quote.text)
        if quote.style is not ClaimStyle.BULLET:
            return any(_same(telling, other) for other in self._sentences[self._since :])
        is_short = len(quote.text.split()) <= _SHORT_BULLET_WORDS
        if self._of_a_kind or (is_short and not short_too):
            return False
        # Lists of one document are for different stages, however like each other they are.
        others = (other for other, version in self._bullets if version != quote.version_id)
        return any(_same(telling, other) for other in others)

    def _remember(self, text: str, style: ClaimStyle, version_id: UUID) -> None:
        if style is ClaimStyle.BULLET:
            self._bullets.append((_telling(text), version_id))
        elif style is ClaimStyle.SENTENCE:
            self._sentences.append(_telling(text))


def _telling(text: str) -> frozenset[str]:
    return frozenset(
        stem(word) for word in words(text) if len(word) > _TELLING_CHARS or _tells_apart(word)
    )


def _tells_apart(word: str) -> bool:
    return word in _DENIALS or _NUMBER.fullmatch(word) is not None


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return one == other
    if set(filter(_tells_apart, one)) != set(filter(_tells_apart, other)):
        return False
    shared = len(one & other)
    smaller = min(len(one), len(other))
    return shared / len(one | other) >= _SAME or (
        smaller > _TELLING_CHARS and shared / smaller >= _CONTAINED
    )
