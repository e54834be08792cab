"""Quotes that a model gives: found in their passage to the letter, and made whole.

A quote cut out of its sentence can say the opposite of it ("it isn't known whether …"). So a
citation is always whole statements, with the lead-in where a bullet completes one.
"""

from collections.abc import Iterator, Sequence

from navis_api.answers.drafts import DraftCitation
from navis_api.generation.llm.output import WrittenCitation
from navis_api.generation.llm.shown import ShownPassage
from navis_api.sources.statements import Statement, StatementKind, split_statements

# What a keyboard has for what a printer sets. Nothing else may differ.
_TYPED = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
    }
)
_LEAST_LETTERS = 4
_MOST_CHARS = 700


def resolved(
    written: WrittenCitation, passages: Sequence[ShownPassage]
) -> dict[DraftCitation, ShownPassage]:
    """Return what a model cites, behind the lead-ins that it completes.

    Empty when the quote is made up, or no passage has the number; they count from 1.
    """
    if not 1 <= written.passage <= len(passages):
        return {}
    passage = passages[written.passage - 1]
    return dict.fromkeys(_citations(passage, written.quote), passage)


def lines_above(citation: DraftCitation, passage: ShownPassage) -> tuple[DraftCitation, ...]:
    """Return the lines that an item of a list completes, the outermost first."""
    statements = split_statements(passage.text)
    at = citation.start - passage.start
    item = next((index for index, each in enumerate(statements) if each.start == at), None)
    above = _lead_ins(statements, item) if item is not None else []
    return tuple(_citation(passage, each.start, each.end) for each in above)


def _citations(passage: ShownPassage, quote: str) -> Iterator[DraftCitation]:
    span = locate(passage.text, quote)
    if span is None:
        return
    statements = split_statements(passage.text)
    touched = [
        index
        for index, statement in enumerate(statements)
        if statement.start < span[1] and span[0] < statement.end
    ]
    kinds = {statements[index].kind for index in touched}
    if (
        not touched
        or StatementKind.TABLE_ROW in kinds
        or _length(statements, touched) > _MOST_CHARS
    ):
        return
    # Sentences in a row are one quote. Of a list each item is, behind what it completes.
    runs = [touched] if kinds == {StatementKind.SENTENCE} else [[index] for index in touched]
    for run in runs:
        for lead_in in _lead_ins(statements, run[0]):
            yield _citation(passage, lead_in.start, lead_in.end)
        yield _citation(passage, statements[run[0]].start, statements[run[-1]].end)


def _length(statements: Sequence[Statement], touched: Sequence[int]) -> int:
    return statements[touched[-1]].end - statements[touched[0]].start


def _lead_ins(statements: Sequence[Statement], at: int) -> list[Statement]:
    """Return the lead-ins that a bullet completes, the outermost first."""
    above: list[Statement] = []
    index = statements[at].lead_in
    while index is not None:
        above.insert(0, statements[index])
        index = statements[index].lead_in
    return above


def _citation(passage: ShownPassage, start: int, end: int) -> DraftCitation:
    return DraftCitation(
        source_version_id=passage.version_id,
        quote=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        locator=passage.locator,
    )


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Return where a quote stands in a text, or None.

    White space and the shapes of quotation marks and dashes may differ; nothing else.
    """
    wanted, _ = _typed(quote.strip())
    if sum(map(str.isalnum, wanted)) < _LEAST_LETTERS:
        return None
    typed, places = _typed(text)
    at = typed.find(wanted)
    while at >= 0:
        after = at + len(wanted)
        if _is_edge(typed, at) and _is_edge(typed, after):
            return places[at], places[after - 1] + 1
        at = typed.find(wanted, at + 1)
    return None


def _typed(text: str) -> tuple[str, list[int]]:
    """Return a text as it would be typed, and where each of its characters comes from."""
    typed: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_TYPED)):
        is_space = character.isspace()
        if is_space and typed and typed[-1] == " ":
            continue
        typed.append(" " if is_space else character)
        places.append(place)
    return "".join(typed), places


def _is_edge(text: str, at: int) -> bool:
    """Whether no word goes on across this place."""
    return not (0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum())
