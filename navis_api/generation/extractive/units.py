"""Units of quoting: a sentence with those that lean on it, or a list with its lead-in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.listed import announced, end_of_list
from navis_api.generation.wording import leans_on_what_stands_before
from navis_api.sources.layout import LineKind, read_lines
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import Statement, StatementKind, split_statements

_SENTENCE_LIKE_WORDS = 6
_STOPS = ".!?”"
# Of a list with more, no reader takes in the rest.
LONGEST_LIST = 24
"""How many bullets a list may have, unless each is a few words."""
_LONGEST_OF_NAMES = 60
_NAME_WORDS = 8
# A label that has lost its line: what stands below it is of that stage alone.
_STAGE_LABEL = re.compile(r"(?:Stage|Grade) (?:[0-4]|I{1,3}|IV)[A-D]?\d?(?: \w+)?:?", re.IGNORECASE)
_NAMES_A_STAGE = re.compile(r"\b(?:stages?|grades?) (?:[0-4]|i{1,3}|iv)[a-d]?\b", re.IGNORECASE)
# "You may be advised to take these steps:" and "Here are some tips:" point to their own list.
_POINTS_TO_LIST = re.compile(
    r"(?<=\w )these(?: \w+){1,2}:$|\bthese and other\b[^.;]*:$"
    r"|(?<=\b)(?:take|taking|try|trying|follow|following|consider|use|using|do|ask|asking"
    r"|any of|one of|some of|all of|with) these\b[^.;]*:$|^here (?:are|is)\b(?=[^.;]*:$)",
    re.IGNORECASE,
)
_LONGEST_ITEM_CHARS = 700
# "R = Rituximab", in a combination of drugs.
_MEMBER = re.compile(r"[A-Z][A-Za-z-]{0,9} = ")
# "Do not:" in the middle of a list that a web page made flat: nothing tells where it ends.
_DENIES = re.compile(
    r"\b(?:not|never|don['’]t|avoid|(?:stay|keep) away|limit|cut (?:back|down)|skip)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement that may be quoted: characters `start` to `end` of that version's text."""

    version_id: UUID
    start: int
    end: int
    text: str
    style: ClaimStyle
    locator: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """Quotes that only make sense together, in the source's order.

    `leans` when it can only stand behind the unit before it in its passage.
    """

    quotes: tuple[Quote, ...]
    leans: bool

    @property
    def text(self) -> str:
        """All of its words."""
        return " ".join(quote.text for quote in self.quotes)

    @property
    def is_list(self) -> bool:
        """Whether it is a lead-in with its bullets."""
        return self.quotes[0].style is ClaimStyle.LEAD_IN


def units_of(
    passage: Candidate,
    fitness: Fitness,
    longest_list: int = LONGEST_LIST,
) -> list[Unit | None]:
    """Return the passage's units in order; None stands where something was left out.

    So is what stands below a stage's mere label, without naming the stage itself.
    """
    [(_, units)] = units_of_all((passage,), fitness, longest_list)
    return units


def units_of_all(
    passages: Iterable[Candidate],
    fitness: Fitness,
    longest_list: int = LONGEST_LIST,
    *,
    whole_items: bool = False,
) -> Iterator[tuple[Candidate, list[Unit | None]]]:
    """Yield each of the passages under one heading with its units, as `units_of` returns them.

    Passages between which a long list was cut are one here. With `whole_items` an item of a list
    is one quote with the sentences that explain it, as far as nothing between them was left out.
    """
    below_label = False
    for passage in _joined_lists(passages):
        statements = split_statements(passage.text)
        unnamed = _below_labels(passage.text, statements, below=below_label)
        below_label = unnamed[-1]
        yield (
            passage,
            _units(passage, statements, unnamed, fitness, longest_list, whole_items=whole_items),
        )


def _joined_lists(passages: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the passages, those between whose items nothing but the end of a line stands as one."""
    held: Candidate | None = None
    for passage in passages:
        if held is not None and held.end + 1 == passage.start and _begins_with_item(passage.text):
            held = replace(held, end=passage.end, text=f"{held.text}\n{passage.text}")
            continue
        if held is not None:
            yield held
        held = passage
    if held is not None:
        yield held


def _begins_with_item(text: str) -> bool:
    return next(read_lines(text)).kind is LineKind.ITEM


def _units(
    passage: Candidate,
    statements: Sequence[Statement],
    unnamed: Sequence[bool],
    fitness: Fitness,
    longest_list: int,
    *,
    whole_items: bool,
) -> list[Unit | None]:
    units: list[Unit | None] = []
    is_left_out = False
    at = 0
    while at < len(statements):
        kind = statements[at].kind
        if kind is StatementKind.LEAD_IN:
            after = at + 1
            while after < len(statements) and _belongs_to(passage.text, statements, after, at):
                after += 1
            listed = _list(
                passage, statements, at, after, fitness, longest_list, whole_items=whole_items
            )
            units.append(None if unnamed[at] else listed)
            at = after
            continue
        unit = None
        # What explains an item that is left out goes with it.
        is_left_out = is_left_out and is_in_line(passage.text, statements[at - 1], statements[at])
        if kind is not StatementKind.TABLE_ROW and not is_left_out and not unnamed[at]:
            unit = _single(passage, statements[at], fitness)
            is_left_out = unit is None and kind is StatementKind.BULLET
        before = units[-1] if units and whole_items else None
        if before is not None and unit is not None and not before.is_list:
            whole = _whole_items(passage, before.quotes + unit.quotes)
            if len(whole) == 1:
                units[-1] = Unit(tuple(whole), before.leans)
                at += 1
                continue
        units.append(unit)
        at += 1
    return units


def _below_labels(text: str, statements: Sequence[Statement], *, below: bool) -> list[bool]:
    """Return of each statement, and of what follows, whether its stage is only in a label above."""
    found: list[bool] = []
    for statement in statements:
        said = text[statement.start : statement.end]
        if _STAGE_LABEL.fullmatch(said.strip()):
            below = True
        elif _NAMES_A_STAGE.search(said):
            below = False
        found.append(below)
    return [*found, below]


def is_in_line(text: str, before: Statement, statement: Statement) -> bool:
    """Whether a sentence stands in the same line as what is before it: in the same item."""
    is_sentence = statement.kind is StatementKind.SENTENCE
    return is_sentence and "\n" not in text[before.end : statement.start]


def _belongs_to(text: str, statements: Sequence[Statement], at: int, lead_in: int) -> bool:
    statement = statements[at]
    before = statements[at - 1]
    if _is_label(text, statement):
        return False
    if statement.kind is StatementKind.BULLET and at - 1 > lead_in:
        # A list goes on until a blank line, whichever of its items introduced others.
        return statement.lead_in is not None or "\n\n" not in text[before.end : statement.start]
    above = statement.lead_in
    while above is not None:
        if above == lead_in:
            return True
        above = statements[above].lead_in
    # The further sentences of a long bullet have no lead-in of their own, and stand below it.
    return (
        statement.kind is StatementKind.SENTENCE
        and at - 1 > lead_in
        and statements[at - 1].end + 1 >= statement.start
        and statements[at - 1].kind is not StatementKind.LEAD_IN
    )


def _is_label(text: str, statement: Statement) -> bool:
    """Whether it names one of several lists under one lead-in: "Brain tumor symptoms"."""
    introduces = statement.kind is StatementKind.LEAD_IN and statement.lead_in is not None
    return introduces and text[statement.end - 1] != ":"


def _list(
    passage: Candidate,
    statements: Sequence[Statement],
    first: int,
    after: int,
    fitness: Fitness,
    longest: int,
    *,
    whole_items: bool,
) -> Unit | None:
    lead_in = _quote(passage, statements[first], ClaimStyle.LEAD_IN)
    of_label = _is_label(passage.text, statements[first])
    if not fitness.may_quote(
        lead_in.text, bullet=of_label, lead_in=not of_label, cancer_ids=passage.cancer_ids
    ):
        return None
    bullets = _items_of(passage, statements, first, after, fitness)
    if _lacks_a_member(passage, statements[first + 1 : after], bullets):
        return None
    end = end_of_list(passage.text, statements, first, after)
    if whole_items:
        bullets = _whole_items(passage, bullets)
    if len(bullets) > longest and all(_is_name(quote) for quote in bullets):
        longest = max(longest, _LONGEST_OF_NAMES)
    if len(bullets) > longest:
        bullets = [quote for quote in bullets if quote.style is ClaimStyle.BULLET]
    bullets = _without_empty_lead_ins(bullets)
    if not bullets or len(bullets) > longest:
        return None
    if end < after:
        bullets = _apart_from(bullets, passage.start + statements[end].start)
    count = announced(lead_in.text)
    if count is not None and sum(each.style is ClaimStyle.BULLET for each in bullets) < count:
        # One of two kinds by itself would pass for all there is.
        return None
    said_before = _POINTS_TO_LIST.sub("", lead_in.text)
    return Unit((lead_in, *bullets), leans_on_what_stands_before(said_before))


def _lacks_a_member(
    passage: Candidate, listed: Sequence[Statement], bullets: Sequence[Quote]
) -> bool:
    """Whether a combination of drugs, letter by letter, would be told without one of them."""
    starts = {quote.start for quote in bullets}
    return any(
        _MEMBER.match(passage.text, each.start, each.end)
        and passage.start + each.start not in starts
        for each in listed
    )


def _items_of(
    passage: Candidate,
    statements: Sequence[Statement],
    first: int,
    after: int,
    fitness: Fitness,
) -> list[Quote]:
    """Return what may be quoted of the items below a lead-in, and of what explains them."""
    bullets: list[Quote] = []
    kept: set[int] = {first}
    for at in range(first + 1, after):
        statement = statements[at]
        if statement.kind is StatementKind.LEAD_IN and _DENIES.search(
            passage.text, statement.start, statement.end
        ):
            break
        continues = statement.kind is StatementKind.SENTENCE
        if continues and at - 1 not in kept:
            continue
        if statement.lead_in is not None and statement.lead_in not in kept:
            continue
        style = ClaimStyle.SENTENCE if continues else ClaimStyle.BULLET
        quote = _quote(passage, statement, style)
        if fitness.may_quote(quote.text, bullet=not continues, cancer_ids=passage.cancer_ids):
            bullets.append(quote)
            kept.add(at)
    return bullets


def _whole_items(passage: Candidate, quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotes with the sentences that explain an item joined to it."""
    joined: list[Quote] = []
    for quote in quotes:
        item = joined[-1] if joined and quote.style is ClaimStyle.SENTENCE else None
        if item is not None and item.style is ClaimStyle.BULLET:
            between = passage.text[item.end - passage.start : quote.start - passage.start]
            text = passage.text[item.start - passage.start : quote.end - passage.start]
            if between.isspace() and "\n" not in between and len(text) <= _LONGEST_ITEM_CHARS:
                joined[-1] = replace(item, end=quote.end, text=text)
                continue
        joined.append(quote)
    return joined


def _apart_from(bullets: Sequence[Quote], end: int) -> list[Quote]:
    """Return a list's items with those from `end` on as sentences behind it, if they are any."""
    own = [quote for quote in bullets if quote.start < end]
    others = (quote for quote in bullets if quote.start >= end)
    return own + [
        replace(quote, style=ClaimStyle.SENTENCE)
        for quote in others
        if len(quote.text.split()) >= _SENTENCE_LIKE_WORDS and quote.text[-1] in _STOPS
    ]


def _is_name(quote: Quote) -> bool:
    return len(quote.text.split()) <= _NAME_WORDS


def _without_empty_lead_ins(bullets: list[Quote]) -> list[Quote]:
    kept = list(bullets)
    while kept and kept[-1].text.endswith(":"):
        kept.pop()
    return kept


def _single(passage: Candidate, statement: Statement, fitness: Fitness) -> Unit | None:
    bullet = statement.kind is StatementKind.BULLET
    style = ClaimStyle.BULLET if bullet else ClaimStyle.SENTENCE
    quote = _quote(passage, statement, style)
    if bullet and (len(quote.text.split()) < _SENTENCE_LIKE_WORDS or quote.text[-1] not in _STOPS):
        return None
    if not fitness.may_quote(quote.text, cancer_ids=passage.cancer_ids):
        return None
    return Unit((quote,), leans_on_what_stands_before(quote.text))


def _quote(passage: Candidate, statement: Statement, style: ClaimStyle) -> Quote:
    return Quote(
        version_id=passage.version_id,
        start=passage.start + statement.start,
        end=passage.start + statement.end,
        text=passage.text[statement.start : statement.end],
        style=style,
        locator=passage.headings[-1] if len(passage.headings) > 1 else None,
    )
