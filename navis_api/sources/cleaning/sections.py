"""Blocks that say nothing about the subject: sections, lists and headings that are left out."""

import re
from dataclasses import replace

from navis_api.sources.cleaning.blocks import Block, BlockKind
from navis_api.sources.cleaning.debris import is_dropped_section, is_navigation
from navis_api.sources.cleaning.inline import LINK, LINK_END, without_marks
from navis_api.sources.sentences import sentence_spans

_PURE_LINK = re.compile(rf"(?:\**{LINK}[^{LINK_END}]*{LINK_END}\**[.,;|\s]*)+")


def without_page_title(blocks: list[Block]) -> list[Block]:
    """Leave out the title that a page repeats at its top; sections of the same level stay."""
    tops = [block for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    leading = 0
    while leading < len(blocks) and blocks[leading] in tops:
        leading += 1
    return blocks[leading:] if len(tops) == leading else blocks[max(0, leading - 1) :]


def without_sections(blocks: list[Block]) -> list[Block]:
    """Leave out the sections about the page itself, with everything below them."""
    kept: list[Block] = []
    dropping: int | None = None
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            if dropping is not None and block.level > dropping:
                continue
            dropping = None
            body = " ".join(below.text for below in blocks[position + 1 : position + 4])
            name = without_marks(block.text).strip("* ")
            if is_dropped_section(name, body):
                dropping = block.level
        if dropping is None:
            kept.append(block)
    return kept


def with_drug_facts(blocks: list[Block]) -> list[Block]:
    """Put a drug page's labels ("US Brand Name(s)", "FDA Approved") on the line they label."""
    joined: list[Block] = []
    label = ""
    for block in blocks:
        bare = without_marks(block.text).strip()
        if block.kind is BlockKind.PARAGRAPH and bare in {"US Brand Name(s)", "FDA Approved"}:
            label = bare
            continue
        if label and block.kind is BlockKind.PARAGRAPH:
            joined.append(replace(block, text=f"{label}: {block.text}"))
            label = ""
            continue
        if label:
            joined.append(Block(BlockKind.PARAGRAPH, label))
            label = ""
        joined.append(block)
    return joined


def without_link_lists(blocks: list[Block]) -> list[Block]:
    """Leave out lists of links to other pages, and what "See the following:" introduces."""
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        after = at + 1
        if blocks[at].kind is BlockKind.ITEM:
            while after < len(blocks) and blocks[after].kind is BlockKind.ITEM:
                after += 1
        group = blocks[at:after]
        at = after
        before = kept[-1].text.rstrip("* ") if kept else ""
        introduced = group[0].kind is BlockKind.ITEM and before.endswith(":")
        if introduced and _points_elsewhere(before):
            continue
        if not introduced and group[0].kind is not BlockKind.HEADING and _only_links(group):
            continue
        kept.extend(group)
    return kept


def _only_links(group: list[Block]) -> bool:
    return all(_PURE_LINK.fullmatch(block.text.strip()) for block in group)


def _points_elsewhere(text: str) -> bool:
    spans = list(sentence_spans(text, 0, len(text)))
    start, end = spans[-1] if spans else (0, 0)
    sentence = text[start:end]
    return is_navigation(sentence, without_marks(sentence))


def without_key_points(blocks: list[Block]) -> list[Block]:
    """Leave out the list under "Key Points" when it repeats the headings below it."""
    headings = {_folded(block.text) for block in blocks if block.kind is BlockKind.HEADING}
    kept: list[Block] = []
    points: list[Block] | None = None
    for block in (*blocks, None):
        if points is not None and block is not None and block.kind is BlockKind.ITEM:
            points.append(block)
            continue
        if points is not None and not any(_folded(point.text) in headings for point in points):
            kept.extend(points)
        points = None
        if block is not None:
            kept.append(block)
            if block.text.casefold().rstrip(":") == "key points":
                points = []
    return kept


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def without_empty_headings(blocks: list[Block]) -> list[Block]:
    """Leave out headings below which nothing was left."""
    kept: list[Block] = []
    for block in blocks:
        while kept and _nothing_below(kept[-1], block):
            kept.pop()
        kept.append(block)
    while kept and kept[-1].kind is BlockKind.HEADING:
        kept.pop()
    return kept


def _nothing_below(block: Block, following: Block) -> bool:
    if block.kind is not BlockKind.HEADING or following.kind is not BlockKind.HEADING:
        return False
    return block.level > 1 and following.level <= block.level
