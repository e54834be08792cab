"""What a sentence stands under in its paragraph: the conditions that the ones before it named.

"For HER2-positive cancer there are antibodies. One is given each week." The second names nothing
for whom it holds, and is said of those whom the first is about.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from navis_api.generation.personal.judgements import Judgement, all_of
from navis_api.generation.personal.reading import Named, PersonalReading
from navis_api.generation.wording import leans_on_what_stands_before
from navis_api.sources.statements import Statement, StatementKind, split_statements

# Sentences that go on from the one before by what they leave out: "is one option" of which, "the
# other" of what. In an answer for everybody the one before stands there too.
_GOES_ON: Final = re.compile(
    r"^(?:the\s+(?:other|rest|remaining|second|third)|(?:one|two|three|several|some|many|most|neither"
    r"|none|few)\s+(?:is|are|was|were|has|have|may|can|include\w*)|there\s+(?:is|are)\s+also"
    r"|in\s+the\s+other|(?:doctors|people|patients)\s+also)\b"
    r"|\b(?:is|are)\s+(?:also\s+)?(?:one|another|other|two|a\s+second|an?\s+further)\s+"
    r"(?:\w+\s+){0,2}(?:options?|choices?|examples?|possibilit\w+|treatments?|drugs?|ways?|kinds?)\b"
    r"|\b(?:is|are)\s+also\s+(?!called|known)",
    re.IGNORECASE,
)


def goes_on(text: str) -> bool:
    """Whether a sentence has its sense from the one that it stands behind."""
    return leans_on_what_stands_before(text) or _GOES_ON.search(text) is not None


def stands_under(text: str, reading: PersonalReading) -> Mapping[int, Judgement]:
    """Return what each sentence of a passage stands under, by where it begins in `text`.

    What names no condition of its own stands under those named last. What goes on and names one
    stands under the others too, and under its own instead where both are about one subject: "For
    stage III there are drugs. They are given in HER2-positive cancer." Sentences that nobody may
    quote count like others; items of lists stand under what introduces them, and aren't there.
    """
    found: dict[int, Judgement] = {}
    above: list[Named] = []
    end = 0
    for statement in _in_paragraphs(text):
        said = text[statement.start : statement.end]
        if "\n\n" in text[end : statement.start]:
            above = []
        end = statement.end
        own = reading.named_in(said)
        if own and not goes_on(said):
            above = []
        subjects = frozenset[tuple[str, str]]().union(*(each.subjects for each in own))
        above = [each for each in above if not each.subjects & subjects]
        found[statement.start] = all_of(each.judged for each in above)
        above += own
    return found


def _in_paragraphs(text: str) -> Iterator[Statement]:
    """Yield statements without the items of lists, which stand under their lead-in."""
    statements: Sequence[Statement] = split_statements(text)
    is_of_item = False
    end = 0
    for statement in statements:
        goes_on_in_item = is_of_item and statement.start <= end + 1
        is_of_item = statement.lead_in is not None or (
            goes_on_in_item and statement.kind is StatementKind.SENTENCE
        )
        end = statement.end
        if not is_of_item:
            yield statement
