"""Markdown lines to blocks and back: headings, items with their nesting, rows, paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

_HEADING = re.compile(r"(#{1,6})(?: +(.*?))? *#* *$")
_ITEM = re.compile(r"( *)([-*+•]|\d{1,3}[.)])(?: +(.*)|)$")
_RULE = re.compile(r" *(?:[-_*=~`] *){3,}$| *```.*$")
_SEPARATOR = re.compile(r"[|:\- ]+$")
_QUOTE = re.compile(r" {0,3}(?:> ?)+")
_ALL_BOLD = re.compile(r"\*\*(?!\*)((?:[^*\n]|(?<!\*)\*(?!\*))+)\*\*")
_HEADING_CHARS = 160
_MAX_DEPTH = 5
MAX_LEVEL = 6
_CELL = " | "


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, list item, table or paragraph.

    `level` is a heading's level or an item's nesting; `marker` an item's own ("-" or "3.");
    `rows` is a table's cells.
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def read_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text whose inline links are already resolved."""
    reading = _Reading()
    for line in text.split("\n"):
        reading.take(_QUOTE.sub("", line, count=1) if line.lstrip()[:1] == ">" else line)
    return _with_bold_headings(reading.blocks)


@dataclass(slots=True)
class _Reading:
    """The blocks so far and what the next line depends on."""

    blocks: list[Block] = field(default_factory=list[Block])
    after_blank: bool = True
    # Whether the next line of plain text continues the last block.
    is_open: bool = False
    # The level of a "##" that had no words: its title stands on a line of its own.
    untitled: int = 0
    indents: list[int] = field(default_factory=list[int])

    def take(self, line: str) -> None:
        words = line.strip()
        if not words or _RULE.match(line):
            self.after_blank, self.is_open = True, False
            return
        self._take_words(line, words)
        self.after_blank = False

    def _take_words(self, line: str, words: str) -> None:
        heading = _HEADING.match(words)
        item = _ITEM.match(line)
        is_row = words[0] == "|" or _CELL in words
        if heading:
            self._take_heading(len(heading[1]), (heading[2] or "").strip())
        elif self.untitled and not item and not is_row:
            self._take_heading(self.untitled, words)
        elif item:
            self._take_item(len(item[1]), item[2], (item[3] or "").strip())
        elif is_row:
            self._take_row(words)
        elif self.is_open:
            last = self.blocks[-1]
            self._set_last(replace(last, text=f"{last.text} {words}"))
        else:
            self._add(Block(BlockKind.PARAGRAPH, words))

    def _take_heading(self, level: int, words: str) -> None:
        self.untitled = 0 if words else level
        self.is_open, self.indents = False, []
        if words:
            self.blocks.append(Block(BlockKind.HEADING, words, level))

    def _take_item(self, indent: int, mark: str, words: str) -> None:
        self.untitled = 0
        inner = _HEADING.match(words)
        if inner and inner[2]:
            # "- ### Liver Cancer Screening" on an index page.
            self._take_heading(len(inner[1]), inner[2].strip())
            return
        if not self.blocks or self.blocks[-1].kind is not BlockKind.ITEM:
            self.indents = []
        while self.indents and self.indents[-1] > indent:
            self.indents.pop()
        if not self.indents or self.indents[-1] < indent:
            self.indents.append(indent)
        depth = min(len(self.indents) - 1, _MAX_DEPTH)
        marker = mark.replace(")", ".") if mark[0].isdigit() else "-"
        self._add(Block(BlockKind.ITEM, words, depth, marker))

    def _take_row(self, line: str) -> None:
        self.untitled = 0
        self.is_open = False
        # Only lines that begin with a bar are Markdown's; the others are rows once cleaned.
        if line[0] != "|":
            cells = tuple(line.split(_CELL))
        elif _SEPARATOR.match(line):
            return
        else:
            cells = tuple(cell.strip() for cell in line[1:].removesuffix("|").split("|"))
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last.kind is BlockKind.TABLE and not self.after_blank:
            if line[0] == "|":
                cells = _with_spanning_cells(last.rows, cells)
            self._set_last(replace(last, rows=(*last.rows, cells)))
        else:
            self.blocks.append(Block(BlockKind.TABLE, "", rows=(cells,)))

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        # A line that is bold from end to end is a title, not the beginning of a paragraph.
        self.is_open = not _ALL_BOLD.fullmatch(block.text)

    def _set_last(self, block: Block) -> None:
        self.blocks[-1] = block


def _with_spanning_cells(
    above: tuple[tuple[str, ...], ...], cells: tuple[str, ...]
) -> tuple[str, ...]:
    """Repeat on the left what spans several rows: a converter writes it in the first row only.

    A column of illustrations at the right spans rows too, and holds nothing to read.
    """
    width = len(above[0])
    if above[0][-1].casefold() == "illustration":
        width -= 1
        cells = cells[:width]
    missing = width - len(cells)
    if missing <= 0 or not any(cells):
        return cells
    return (*above[-1][:missing], *cells)


def _with_bold_headings(blocks: list[Block]) -> list[Block]:
    """Make headings of the bold lines and bold numbered questions that introduce text."""
    result: list[Block] = []
    level = 1
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.kind is BlockKind.HEADING:
            level = block.level
        bold = _ALL_BOLD.fullmatch(block.text) if _may_be_title(block, following) else None
        words = bold[1].strip() if bold else ""
        if 0 < len(words) <= _HEADING_CHARS and words[-1] not in ".:;,":
            result.append(Block(BlockKind.HEADING, words, min(level + 1, MAX_LEVEL)))
        else:
            result.append(block)
    return result


def _may_be_title(block: Block, following: Block | None) -> bool:
    if following is None or following.kind is BlockKind.HEADING:
        return False
    if block.kind is BlockKind.ITEM:
        return block.marker != "-" and following.kind is BlockKind.PARAGRAPH
    return block.kind is BlockKind.PARAGRAPH


def with_nesting(blocks: list[Block]) -> list[Block]:
    """Nest what follows an item that ends in a colon, where it is sure to be nested.

    Converters flatten nested lists, and the end of the inner list is lost with them: in "which
    includes:", "squamous cell carcinoma", "melanoma" nothing tells that the last is no part of
    the first. So items are nested only where their style differs from the outer items' (a bold
    label against none, a capital against a small letter); other lists stay flat, and
    `split_statements` knows what a flat list leaves open.
    """
    nested: list[Block] = []
    outer: Block | None = None
    blocks = _with_mixed_lists(blocks)
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.kind is not BlockKind.ITEM:
            outer = None
            nested.append(block)
            continue
        if outer is not None and (block.level != outer.level or not _differs(outer, block)):
            outer = None
        nested.append(block if outer is None else replace(block, level=outer.level + 1))
        if outer is None and _opens_list(block, following):
            outer = block
    return nested


def _with_mixed_lists(blocks: list[Block]) -> list[Block]:
    """Nest bullets in a list that began with numbers, and the other way round."""
    mixed: list[Block] = []
    first: Block | None = None
    for block in blocks:
        if block.kind is not BlockKind.ITEM:
            first = None
        elif first is None:
            first = block
        elif block.level == first.level and (block.marker == "-") != (first.marker == "-"):
            mixed.append(replace(block, level=block.level + 1))
            continue
        mixed.append(block)
    return mixed


def _opens_list(block: Block, following: Block | None) -> bool:
    if not block.text.endswith(":") or block.level >= _MAX_DEPTH or following is None:
        return False
    return following.kind is BlockKind.ITEM and following.level == block.level


def _differs(outer: Block, inner: Block) -> bool:
    outer_bold, outer_capital = _style(outer)
    inner_bold, inner_capital = _style(inner)
    if outer_bold != inner_bold:
        return outer_bold
    return outer_capital is True and inner_capital is False


def _style(block: Block) -> tuple[bool, bool | None]:
    """Whether an item begins bold, and with a capital; None for acronyms and figures."""
    bare = block.text.lstrip("\ue001\ue003")
    words = bare.lstrip('*_("“\ue001\ue003')
    if words[:1].islower():
        return bare.startswith("**"), False
    plain_word = words[:1].isupper() and (words[1:2].islower() or words[1:2] == " ")
    return bare.startswith("**"), True if plain_word else None


def render(blocks: list[Block]) -> str:
    """The source text of these blocks: its grammar is described in `layout`."""
    out: list[str] = []
    previous: Block | None = None
    for block in blocks:
        together = previous is not None and previous.kind is block.kind is BlockKind.ITEM
        if previous is not None:
            out.append("\n" if together else "\n\n")
        out.append("\n".join(_lines(block)))
        previous = block
    return "".join(out)


def _lines(block: Block) -> Iterator[str]:
    match block.kind:
        case BlockKind.HEADING:
            yield f"{'#' * block.level} {block.text}"
        case BlockKind.ITEM:
            yield f"{'  ' * block.level}{block.marker} {block.text}"
        case BlockKind.TABLE:
            for row in block.rows:
                yield _CELL.join(row)
        case BlockKind.PARAGRAPH:
            yield block.text
