"""Inline Markdown to plain words: links, images, citation marks, emphasis, entities.

Nothing here looks at blocks. What the blocks need to know about a stretch of text (that it was a
link, that a figure stood here) is left behind as a private-use character, and `cleaning` removes
those characters at its end.
"""

import html
import re
import unicodedata

# Private-use characters; whatever the input holds of this area is removed first.
CITATION = "\ue000"
LINK = "\ue001"
LINK_END = "\ue002"
TERM = "\ue003"
IMAGE = "\ue004"
ENLARGE = "\ue005"
CARD = "\ue006"
_STAR = "\ue007"
_OPENING, _CLOSING = "[", "]"

_SPACES = "\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r"
_INVISIBLE = (
    set(range(0x20)) | set(range(0x7F, 0xA0)) | set(range(0x200B, 0x2010)) | {0xAD, 0xFEFF, 0xFFFD}
) - {0x0A}
_TRANSLATION: dict[int, str | None] = (
    dict.fromkeys([*_INVISIBLE, *range(0x202A, 0x202F), *range(0x2060, 0x2070)], None)
    | dict.fromkeys(range(0xE000, 0xE010), None)
    | dict.fromkeys(range(0xD800, 0xE000), None)
    | dict.fromkeys(map(ord, _SPACES), " ")
    | dict.fromkeys(map(ord, _BREAKS), "\n")
)

_WIDE = re.compile(r" {60,}")
_WIDE_AS = " " * 8
_EMPTY_LINES = re.compile(r"\n{3,}")
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|button|center|div|em|figcaption|figure|font|form|h[1-6]|hr|i|"
    r"iframe|img|input|label|li|ol|p|section|small|source|span|strong|sub|sup|svg|table|tbody|td|"
    r"th|thead|tr|u|ul|video)(?:\s[^<>]{0,1000})?/?>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--[^<>]{0,1000}-->")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,1000})>")
_BRACKET = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])|!\[|\[|\]")
_TARGET = re.compile(
    # An address may end in a bracket that it never closes: "…#:~:text=receptor%202%20(".
    r"\(\s*(<[^<>\n]{0,2000}>|(?:[^()\s\\]|\\.|\([^()\s]{0,500}\)|\((?=\))){0,2000})"
    r"(?:\s+\"(?:[^\"\\]|\\.){0,4000}\")?\s*\)"
)
_CITED = re.compile(r"#(?:cit|r\d)")
_TERM_TARGET = re.compile(
    r"/dictionaries/|popdefinition|/def/|/treatment/drugs?/|druginfo", re.IGNORECASE
)
_EVIDENCE = re.compile(r"\s*Level of evidence:?\s+[A-Z0-9]\w{0,4}\s*\Z")
_CITATIONS = re.compile(rf"\[[{CITATION}\s,;–—-]{{0,400}}{CITATION}[{CITATION}\s,;–—-]{{0,400}}\]")
_PLAIN_EVIDENCE = re.compile(r"\[Levels? of evidence:? [^\[\]\n]{1,80}\]", re.IGNORECASE)
_CITATION_RUN = re.compile(rf"\s*{CITATION}(?:[\s;,]*{CITATION})*")
_STRESS = re.compile(r"\*{1,3}")
_UNDERSCORED = re.compile(r"(?<![\w\\])_{1,2}(?=[^\s_])([^_\n]{1,120})(?<=[^\s_])_{1,2}(?!\w)")
_LAST_WORD = re.compile(r"[^\W_]*\Z")
_FIRST_WORD = re.compile(r"[^\W_]*")
# Openers kept at a time: links do not nest, so that more is not a link but a row of brackets.
_MAX_OPEN = 8
_WORD_CHARS = 40

_PREFIXES = frozenset(
    [
        "anti",
        "de",
        "hyper",
        "hypo",
        "im",
        "immuno",
        "inter",
        "intra",
        "neo",
        "non",
        "post",
        "pre",
        "pro",
        "pseudo",
        "re",
        "sub",
        "un",
    ]
)
_ONE_LETTER_WORDS = frozenset("aAI")
_SHORT_WORDS = frozenset(
    [
        "a",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "he",
        "if",
        "in",
        "is",
        "it",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    ]
)
_SUFFIXES = frozenset(
    ["alt", "als", "ers", "est", "ing", "ion", "ist", "ity", "like", "ment", "ness", "tion", "wide"]
)


def normalise(text: str) -> str:
    """NFC, plain spaces and newlines, no control, invisible, private or surrogate characters."""
    text = text.replace("\r\n", "\n").translate(_TRANSLATION)
    # Long runs of white space mean nothing, and would cost the patterns below their linear time.
    text = _WIDE.sub(_WIDE_AS, text)
    text = _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip(" ") for line in text.split("\n")))
    return unicodedata.normalize("NFC", text)


def resolve_inline(text: str) -> str:
    """Replace links by their words, citations by nothing, figures and cards by their marks."""
    text = html.unescape(text).translate(_TRANSLATION) if "&" in text else text
    if "<" in text:
        text = _AUTOLINK.sub(r"\1", _COMMENT.sub(" ", text))
        text = _TAG.sub(lambda tag: "" if _is_inline_tag(tag[0]) else " ", text)
    text = _resolve_brackets(text)
    if "[" in text:
        text = _PLAIN_EVIDENCE.sub(CITATION, _CITATIONS.sub(CITATION, text))
    return _CITATION_RUN.sub(_without_citations, text)


def _is_inline_tag(tag: str) -> bool:
    name = tag.strip("</>").split()[0].casefold() if tag.strip("</>").split() else ""
    return name in {
        "a",
        "abbr",
        "b",
        "em",
        "font",
        "i",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }


def _without_citations(run: re.Match[str]) -> str:
    text = run.string
    before = text[run.start() - 1 : run.start()]
    after = text[run.end() : run.end() + 1]
    if run[0][0] == "\n":
        return "\n"
    if not after or after.isspace() or after in ".,;:)]|":
        return ""
    return " " if run[0][0] == " " or (before in tuple(".,;:)") and after.isalnum()) else ""


def _resolve_brackets(text: str) -> str:
    out: list[str] = []
    opened: list[tuple[int, bool]] = []
    at = 0
    for token in _BRACKET.finditer(text):
        if token.start() < at:
            continue
        out.append(text[at : token.start()])
        at = token.end()
        if token[1]:
            out.append(_STAR if token[1] == "*" else token[1])
        elif token[0] != _CLOSING:
            opened = opened[-_MAX_OPEN + 1 :]
            opened.append((len(out), token[0] != _OPENING))
            out.append(token[0])
        elif opened:
            index, is_image = opened.pop()
            target = _TARGET.match(text, at)
            if target is None:
                out.append(_CLOSING)
                continue
            at = target.end()
            words = "".join(out[index + 1 :])
            del out[index:]
            out.append(_link(_tail(out), words, target[1], text[at : at + _WORD_CHARS], is_image))
        else:
            out.append(_CLOSING)
    out.append(text[at:])
    return "".join(out)


def _tail(out: list[str]) -> str:
    return "".join(out[-3:])[-_WORD_CHARS:]


def _link(before: str, words: str, target: str, after: str, is_image: bool) -> str:  # noqa: FBT001 - private
    if is_image:
        return IMAGE
    if IMAGE in words:
        return CARD
    if _CITED.match(target) or _EVIDENCE.match(words):
        return CITATION
    bare = words.strip()
    if bare == "Enlarge":
        return ENLARGE
    if bare in {"", "Enlarge Image"}:
        return ""
    opening = " " if _opening_gap(before, bare) else ""
    closing = " " if _closing_gap(bare, after) else ""
    mark = TERM if _TERM_TARGET.search(target) else LINK
    return f"{opening}{mark}{words}{LINK_END}{closing}"


def strip_emphasis(text: str) -> str:
    """The text without `*` and `_` marks; a space where two words were glued by them."""
    if "_" in text:
        text = _UNDERSCORED.sub(r"\1", text)
    if "*" not in text:
        return text.replace(_STAR, "*")
    runs = list(_STRESS.finditer(text))
    removed = _paired(text, runs)
    out: list[str] = []
    at = 0
    for position, run in enumerate(runs):
        out.append(text[at : run.start()])
        at = run.end()
        if position not in removed:
            # A lone star is a footnote mark; longer runs that nothing closes are debris.
            out.append(run[0] if len(run[0]) == 1 else "")
            continue
        before = text[max(0, run.start() - _WORD_CHARS) : run.start()]
        after = text[run.end() : run.end() + _WORD_CHARS]
        partner = removed[position]
        content = text[
            min(run.end(), runs[partner].end()) : max(run.start(), runs[partner].start())
        ]
        if len(content) == 1:
            continue
        gap = _opening_gap if partner > position else _closing_gap
        out.append(" " if gap(before, after) else "")
    out.append(text[at:])
    return "".join(out).replace(_STAR, "*")


def _paired(text: str, runs: list[re.Match[str]]) -> dict[int, int]:
    """The runs that open or close emphasis, each with the position of its partner."""
    partners: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []
    for position, run in enumerate(runs):
        before = text[run.start() - 1 : run.start()] if run.start() else " "
        after = text[run.end() : run.end() + 1] or " "
        # HLA-A*02, DPYD*2A: a star allele, not emphasis.
        if len(run[0]) == 1 and before.isalnum() and after.isdigit() and not waiting:
            continue
        left = len(run[0])
        while left and waiting and not before.isspace():
            opener, size = waiting.pop()
            partners.setdefault(opener, position)
            partners[position] = opener
            if size > left:
                # "***TP53* variants**": the inner emphasis closes, the outer stays open.
                waiting.append((opener, size - left))
            left = max(0, left - size)
        if left and not after.isspace():
            waiting.append((position, left))
    return partners


def _opening_gap(before: str, after: str) -> bool:
    """Whether a space is missing between `before` and a link or emphasis that begins `after`."""
    if not before or not after or not after[0].isalnum():
        return False
    if before[-1] in ",;)":
        return True
    word = _last_word(before)
    if not word or word.casefold() in _PREFIXES:
        return False
    return len(word) > 1 or word in _ONE_LETTER_WORDS


def _closing_gap(before: str, after: str) -> bool:
    """Whether a space is missing between a link or emphasis that ends `before` and `after`."""
    if not before or not after or not after[0].isalnum():
        return False
    if before[-1] in ".:;,!?)%":
        return not after[0].isdigit() or before[-1] != "."
    if not before[-1].isalnum():
        return False
    found = _FIRST_WORD.match(after)
    word = found[0] if found else ""
    if len(word) <= 2:  # noqa: PLR2004 - plural "s", "es", "TM" belong to the word before
        return word in _SHORT_WORDS
    return word.casefold() not in _SUFFIXES


def _last_word(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0] if found else ""


def without_marks(text: str) -> str:
    """The text without any of the marks above."""
    return text.translate(_MARKS)


_MARKS: dict[int, None] = dict.fromkeys(range(0xE000, 0xE010), None)
