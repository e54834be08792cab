"""From a web page's Markdown to the source text that is stored, searched and quoted for ever.

The result follows the line grammar of `layout`. Words are never changed: whole links, figures,
notices and sentences of navigation go, and a space comes where a converter glued two words.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.sources.cleaning.blocks import (
    Block,
    BlockKind,
    read_blocks,
    render,
    with_nesting,
)
from navis_api.sources.cleaning.debris import (
    is_dropped_line,
    is_navigation,
    without_asides,
    without_trade_mark,
)
from navis_api.sources.cleaning.inline import (
    CARD,
    CITATION,
    ENLARGE,
    IMAGE,
    LINK,
    normalise,
    resolve_inline,
    strip_emphasis,
    without_marks,
)
from navis_api.sources.cleaning.sections import (
    with_drug_facts,
    without_empty_headings,
    without_key_points,
    without_link_lists,
    without_page_title,
    without_sections,
)
from navis_api.sources.cleaning.tables import readable_table
from navis_api.sources.sentences import sentence_spans

# Cleaning is repeated until nothing changes, since a removal can bring new Markdown together
# ("\\*\\*" is "**" after one pass). Real pages need two rounds; this bounds made-up ones.
_MAX_ROUNDS = 12

# A stray control character is a slip of a converter; a share like this is not text at all.
_BINARY_CHARS = 20
_BINARY_SHARE = 0.02
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b]")

_FIGURE_LINE = rf"(?!\n|#|- |\d+\. |\||[{ENLARGE}{IMAGE}{CARD}])"
_CAPTION = re.compile(
    rf"\s?{ENLARGE}\s*{IMAGE}[ ]*\n*(?:{_FIGURE_LINE}[^\n|]+(?:\n{_FIGURE_LINE}[^\n|]+)*)?"
)
_CELL_CAPTION = re.compile(rf"\s?{ENLARGE}[^\n|]*")
_CREDITED = re.compile(rf"{IMAGE}[ ]*\n\n(?:(?!#|- |\|)[^\n]+\n\n)?(?=Credit:)", re.IGNORECASE)
_POSTED = re.compile(rf"^- {LINK}[^\n]*\n+Posted: [^\n]*$", re.MULTILINE)
_CREDIT = re.compile(r"(?:^|[ ]*\b(?:Photo|Image) )Credit: [^\n]*", re.MULTILINE)
_GLUED_STOP = re.compile(r"(?<=[a-z]{3})([.:;])(?=[A-Z][a-z]+\b)(?!.(?:Net|Gov|Org|Com|Edu)\b)")
_BRANDS = re.compile(r"(?<=^US Brand Name\(s\)\n\n)[^\n#]+(?:\n[^\n#]+)+", re.MULTILINE)
_SPACES = re.compile(r"[ \n]{2,}|\n")
_BEFORE_STOP = re.compile(r"(?<=[\w)%®™”’]) +(?=[.,;:](?:\s|\Z))")
_DOUBLED = re.compile(r"(?<=[\w)%”])([.,;])\s?\1(?![.\w])")
_EMPTY_BRACKETS = re.compile(r"\s?(?:\( ?\)|\[ ?\])(?!\w)")
_HOLLOW = re.compile(r"[\W_]*")

_TITLE_SUFFIXES = re.compile(
    r"\s*(?:"
    r"(?:[-–—]|\|)\s*(?:NCI|National Cancer Institute|NIH|CAM|Side Effects|Immunotherapy|"
    r"(?:Health Professional|Patient) Version)|"
    r"\(PDQ ?®?\)|[-–—|]"
    r")\s*\Z"
)


def clean_markdown(markdown: str) -> str:
    """The source text of a document: see the module and `layout` for what it looks like.

    Any string is accepted, plain text too. Cleaning a cleaned text changes nothing.
    """
    if _is_binary(markdown):
        return ""
    text = normalise(markdown)
    for _ in range(_MAX_ROUNDS):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _is_binary(text: str) -> bool:
    """Whether this is a file that a crawler took for text (a Kindle book, a picture)."""
    broken = text.count("\ufffd") + len(_CONTROLS.findall(text))
    return broken > _BINARY_CHARS + len(text) * _BINARY_SHARE


def clean_title(title: str) -> str:
    """A page's title without the site's name, version and trade mark.

    "Liver Cancer Treatment (PDQ®)–Patient Version - NCI" is "Liver Cancer Treatment".
    """
    text = _SPACES.sub(" ", strip_emphasis(without_marks(normalise(title)))).strip()
    while (shorter := _TITLE_SUFFIXES.sub("", text)) != text and shorter:
        text = shorter
    return text


def _clean_once(text: str) -> str:
    text = without_figures(resolve_inline(text))
    text = _BRANDS.sub(lambda names: ", ".join(names[0].split("\n")), text)
    blocks = without_sections(read_blocks(text))
    blocks = without_link_lists(with_nesting(with_drug_facts(blocks)))
    blocks = without_empty_headings(without_key_points(list(_plain(blocks))))
    return normalise(render(without_page_title(blocks)))


def without_figures(text: str) -> str:
    """Text with inline marks, without pictures, their captions and credits, and link cards."""
    if IMAGE in text or ENLARGE in text:
        text = _CREDITED.sub("", text)
        text = _CAPTION.sub("\n\n", text)
        text = _CELL_CAPTION.sub("", text).replace(IMAGE, "")
    text = _CREDIT.sub("", text) if "redit:" in text else text
    return _POSTED.sub("", text).replace(CARD, "")


def _plain(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.kind is BlockKind.TABLE:
            rows = tuple(tuple(_words(cell) for cell in row) for row in block.rows)
            yield from readable_table(replace(block, rows=rows))
            continue
        text = _words(block.text)
        if block.kind is not BlockKind.HEADING:
            text = _without_navigation(text)
        if not _HOLLOW.fullmatch(text):
            yield replace(block, text=without_marks(text))


def _words(text: str) -> str:
    """Inline text without emphasis, asides and trade marks; link marks stay."""
    text = strip_emphasis(text).replace(CITATION, "")
    text = without_trade_mark(without_asides(text))
    text = _EMPTY_BRACKETS.sub("", text)
    # "marijuana. (See Question 3)." and "therapy, [4], and" leave two stops behind.
    text = _DOUBLED.sub(r"\1", text)
    text = _GLUED_STOP.sub(r"\1 ", _SPACES.sub(" ", text))
    return _BEFORE_STOP.sub("", text).strip()


def _without_navigation(text: str) -> str:
    if is_dropped_line(without_marks(text)):
        return ""
    spans = list(sentence_spans(text, 0, len(text)))
    kept: list[str] = []
    for start, end in spans:
        sentence = text[start:end]
        if not is_navigation(sentence, without_marks(sentence).lstrip()):
            kept.append(sentence)
    return text if len(kept) == len(spans) else " ".join(kept)
