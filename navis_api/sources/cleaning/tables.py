"""Tables to rows that can be read one by one."""

import re
from collections.abc import Iterator

from navis_api.sources.cleaning.blocks import Block, BlockKind
from navis_api.sources.cleaning.debris import is_dropped_line
from navis_api.sources.cleaning.inline import without_marks

# The first letters of a drug combination's parts: "FOL", "= Leucovorin calcium".
_JOINING = ("= ", "+ ")
# A note to a superscript letter ("aWorkup test is colonoscopy.") or to a star.
_NOTE = re.compile(r"[a-z][A-Z]|\*|[a-z]\d{0,2} ?(?:=|For|The)\b")
_LEGEND_SIGNS = (" = ", "Adapted from", "Reprinted ", "Adapted with permission")


def readable_table(table: Block) -> Iterator[Block]:
    """The rows `cell | cell` without empty cells; rows of one cell become paragraphs.

    Legends of abbreviations and notes on where a table was reprinted from are left out.
    """
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        cells = tuple(_without_list(cell) for cell in row if cell)
        if is_dropped_line(without_marks(" | ".join(cells))):
            continue
        if len(cells) > 1:
            rows.append(cells)
            continue
        if not cells or _is_legend(cells[0]):
            continue
        if rows:
            yield from _rows(rows)
            rows = []
        yield Block(BlockKind.PARAGRAPH, without_marks(cells[0]))
    if rows:
        yield from _rows(rows)


def _without_list(cell: str) -> str:
    """A list that a converter pressed into a cell, "- one - two", with semicolons."""
    return cell[2:].replace(" - ", "; ") if cell.startswith("- ") else cell


def _is_legend(cell: str) -> bool:
    return bool(_NOTE.match(cell)) or any(sign in cell for sign in _LEGEND_SIGNS)


def _rows(rows: list[tuple[str, ...]]) -> Iterator[Block]:
    if all(cells[-1].startswith(_JOINING) for cells in rows):
        for cells in rows:
            yield Block(BlockKind.ITEM, " ".join(cells), marker="-")
        return
    yield Block(BlockKind.TABLE, "", rows=tuple(rows))
