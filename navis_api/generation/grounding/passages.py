"""The sentences of a passage that a claim may rest on, alone or together with what they need."""

from dataclasses import dataclass
from functools import lru_cache

from navis_api.generation.grounding.reading import Reading, join, read
from navis_api.generation.wording import leans_on_what_stands_before
from navis_api.sources.statements import Statement, StatementKind, split_statements

_MOST_BULLETS = 40
# What is longer is no sentence, and what stands behind this supports no claim.
_SENTENCE_CHARS = 2_000
_MOST_LEANING = 3
_BESIDE = 2
_CACHED_PASSAGES = 512


@dataclass(frozen=True, slots=True)
class Window:
    """One or more sentences that are read as one; `first` is the number of the first one.

    `lead_clauses` are the clauses of a list's lead-in, which hold for all of its items.
    """

    reading: Reading
    first: int
    sentences: int
    lead_clauses: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as read: its sentences' words, and the windows on it, the narrow ones first."""

    sentences: tuple[str, ...]
    readings: tuple[Reading, ...]
    windows: tuple[Window, ...]

    def before(self, window: Window) -> tuple[Reading, ...]:
        """Return the two sentences before a window."""
        return self.readings[max(0, window.first - _BESIDE) : window.first]

    def behind(self, window: Window) -> tuple[Reading, ...]:
        """Return the two sentences behind a window."""
        end = window.first + window.sentences
        return self.readings[end : end + _BESIDE]


@lru_cache(maxsize=_CACHED_PASSAGES)
def read_passage(text: str) -> Passage:
    """Read a passage of a source, and keep it: passages hold no patient's words."""
    statements = split_statements(text)
    sentences = tuple(text[each.start : each.end] for each in statements)
    readings = tuple(read(sentence[:_SENTENCE_CHARS]) for sentence in sentences)
    windows = [*_alone(statements, readings)]
    windows += _leaning(sentences, readings)
    windows += _lists(statements, readings)
    return Passage(sentences, readings, tuple(windows))


def _alone(statements: list[Statement], readings: tuple[Reading, ...]) -> list[Window]:
    windows: list[Window] = []
    for at, (statement, reading) in enumerate(zip(statements, readings, strict=True)):
        above = lead_ins_of(statements, statement)
        if not above:
            windows.append(Window(reading, at, 1))
            continue
        lead = join([readings[lead_in] for lead_in in above])
        windows.append(Window(join([lead, reading]), at, 1, _clauses(lead)))
    return windows


def lead_ins_of(statements: list[Statement], statement: Statement) -> list[int]:
    """Return the lead-ins that a statement completes, of nested lists the outermost first."""
    found: list[int] = []
    lead_in = statement.lead_in
    while lead_in is not None:
        found.append(lead_in)
        lead_in = statements[lead_in].lead_in
    return found[::-1]


def _leaning(sentences: tuple[str, ...], readings: tuple[Reading, ...]) -> list[Window]:
    windows: list[Window] = []
    for last in range(1, len(sentences)):
        first = last
        while first > 0 and last - first < _MOST_LEANING - 1:
            if not leans_on_what_stands_before(sentences[first]):
                break
            first -= 1
        if first < last:
            windows.append(Window(join(readings[first : last + 1]), first, last - first + 1))
    return windows


def _lists(statements: list[Statement], readings: tuple[Reading, ...]) -> list[Window]:
    items: dict[int, list[int]] = {}
    for at, statement in enumerate(statements):
        if statement.lead_in is not None and statement.kind is not StatementKind.LEAD_IN:
            items.setdefault(statement.lead_in, []).append(at)
    return [
        Window(
            join([readings[lead_in], *(readings[at] for at in places[:_MOST_BULLETS])]),
            lead_in,
            places[-1] - lead_in + 1,
            _clauses(readings[lead_in]),
        )
        for lead_in, places in items.items()
        if len(places) > 1
    ]


def _clauses(reading: Reading) -> int:
    return reading.tokens[-1].clause + 1 if reading.tokens else 0
