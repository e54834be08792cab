"""Statements: the smallest pieces of a passage that can be quoted on their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from navis_api.sources.layout import Line, LineKind, read_lines, trimmed
from navis_api.sources.sentences import sentence_spans

# A bullet up to this many characters is quoted whole, a longer one sentence by sentence.
WHOLE_BULLET_CHARS = 320
# An item of more words that introduces others is cut into its sentences.
_LEADING_WORDS = 60
# "Local recurrence." at the head of a bullet is a label: it stays with the sentence behind it.
_LABEL_WORDS = 7
# A paragraph of so few words without a stop is a caption or a label, not a sentence.
_FRAGMENT_WORDS = 12
_SENTENCE_ENDS = frozenset(".!?…:”\"’')]")
_TABLE_CAPTION = re.compile(r"Table \d{1,2}[A-Za-z]?\. ")
_GIVES_EXAMPLES = re.compile(
    r"\b(?:includ\w+|using|such as|(?:types?|kinds?|forms?|one|any) of (?:\w+ ){0,4}\w+|"
    r"the following(?: \w+){0,3})\s*:\Z"
)


class StatementKind(StrEnum):
    """What a statement is, which decides how it may be shown.

    A TABLE_ROW is anything that is not prose: a row, a caption, a label such as "Stage II".
    """

    SENTENCE = "sentence"
    LEAD_IN = "lead_in"
    BULLET = "bullet"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Statement:
    """A quotable span of a passage: the quote is `passage_text[start:end]`, without list markers.

    `lead_in` is the index, in the same list, of the LEAD_IN that a bullet completes (a nested
    LEAD_IN completes one too, as does a label such as "Brain tumor symptoms" behind "if you have
    any of the following:"); None when nothing introduces it. `depth` is the nesting of the list
    item it stands in, 0 outside lists and for the outermost list. A LEAD_IN says nothing without
    its bullets.
    """

    start: int
    end: int
    kind: StatementKind
    lead_in: int | None = None
    depth: int = 0


def split_statements(passage_text: str) -> list[Statement]:
    """The statements of a passage in order; they never overlap.

    A bullet longer than 320 characters is a BULLET with its first sentence (and its label),
    followed by SENTENCEs of the same depth. One of more than 60 words that introduces a list of
    its own ends in a LEAD_IN, its last sentence.

    Where a web page lost the nesting of its lists, a colon stands in the middle of a flat list
    ("ablation using:", "cryoablation", "radiation therapy") and nothing tells where its items
    end. The first item behind it completes it. The others complete the outer lead-in when the
    colon only gives examples of it ("including:", "such as:"), and nothing otherwise.
    """
    statements: list[Statement] = []
    lists = _OpenLists()
    # The lead-in whose lists stand under labels of their own.
    labelled: int | None = None
    lines = [line for line in read_lines(passage_text) if line.kind is not LineKind.BLANK]
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        is_listed = following is not None and following.kind is LineKind.ITEM
        if line.kind is LineKind.ITEM:
            lead_in = lists.lead_in_of(line.depth)
            leads = is_listed and passage_text[line.content : line.end].rstrip().endswith(":")
            leads &= following is not None and following.depth >= line.depth
            statements.extend(_of_item(passage_text, line, lead_in, leads=leads))
            if leads and following is not None:
                words = passage_text[line.content : line.end].rstrip()
                deeper = following.depth > line.depth
                lists.opened(len(statements) - 1, line.depth, words, lead_in, is_nested=deeper)
            continue
        lists = _OpenLists()
        if line.kind is LineKind.ROW or _TABLE_CAPTION.match(passage_text, line.start, line.end):
            start, end = trimmed(passage_text, line.start, line.end)
            statements.append(Statement(start, end, StatementKind.TABLE_ROW))
        elif line.kind is LineKind.TEXT:
            before = len(statements) - 1
            statements.extend(_of_paragraph(passage_text, line, is_listed=is_listed))
            last = statements[-1]
            if last.kind is not StatementKind.LEAD_IN:
                labelled = None
                continue
            lists.outermost = len(statements) - 1
            is_label = before == lists.outermost - 1 and _is_label(passage_text, last)
            if is_label and before >= 0 and statements[before].kind is StatementKind.LEAD_IN:
                labelled = before
            labelled = labelled if is_label else None
            statements[-1] = replace(last, lead_in=labelled)
    return statements


@dataclass(slots=True)
class _OpenLists:
    """Which LEAD_IN an item of each depth completes, as far as it can be known."""

    outermost: int | None = None
    # By depth: what the items of that depth complete from the next one on.
    completing: dict[int, int | None] = field(default_factory=dict[int, int | None])
    # What the very next item completes, when only that one is sure to.
    next_only: int | None = None

    def lead_in_of(self, depth: int) -> int | None:
        if self.next_only is not None:
            only, self.next_only = self.next_only, None
            return only
        self.completing = {at: index for at, index in self.completing.items() if at <= depth}
        return self.completing.get(depth, self.outermost if depth == 0 else None)

    def opened(
        self, index: int, depth: int, words: str, lead_in: int | None, *, is_nested: bool
    ) -> None:
        """Note that the item `index` ends in a colon and what follows completes it."""
        if is_nested:
            self.completing[depth + 1] = index
            return
        self.next_only = index
        self.completing[depth] = lead_in if _GIVES_EXAMPLES.search(words) else None


def _is_label(text: str, statement: Statement) -> bool:
    words = text[statement.start : statement.end].split()
    return words[-1][-1].isalnum() and len(words) <= _LABEL_WORDS


def _of_paragraph(text: str, line: Line, *, is_listed: bool) -> Iterator[Statement]:
    spans = list(sentence_spans(text, line.start, line.end))
    for start, end in spans:
        last = text[end - 1]
        # "…immediate treatment, which may include" goes on in its list without a colon.
        introduces = is_listed and end == spans[-1][1] and (last.isalnum() or last == ",")
        kind = StatementKind.SENTENCE
        if last == ":" or introduces:
            kind = StatementKind.LEAD_IN
        elif last not in _SENTENCE_ENDS and len(text[start:end].split()) <= _FRAGMENT_WORDS:
            kind = StatementKind.TABLE_ROW
        yield Statement(start, end, kind)


def _of_item(text: str, line: Line, lead_in: int | None, *, leads: bool) -> Iterator[Statement]:
    start, end = trimmed(text, line.content, line.end)
    spans = list(sentence_spans(text, start, end))
    if leads and (len(spans) == 1 or len(text[start:end].split()) <= _LEADING_WORDS):
        # Only the last sentence of an item introduces what stands below it, but its label
        # and sense come from the whole, so the item stays in one piece while it is short.
        yield Statement(start, end, StatementKind.LEAD_IN, lead_in, line.depth)
        return
    if end - start <= WHOLE_BULLET_CHARS and not leads:
        yield Statement(start, end, StatementKind.BULLET, lead_in, line.depth)
        return
    introducing = spans.pop() if leads else None
    first_end = spans[0][1]
    rest = spans[1:]
    while rest and len(text[start:first_end].split()) <= _LABEL_WORDS:
        first_end = rest[0][1]
        rest = rest[1:]
    yield Statement(start, first_end, StatementKind.BULLET, lead_in, line.depth)
    for sentence_start, sentence_end in rest:
        yield Statement(sentence_start, sentence_end, StatementKind.SENTENCE, None, line.depth)
    if introducing is not None:
        yield Statement(*introducing, StatementKind.LEAD_IN, lead_in, line.depth)
