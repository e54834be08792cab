"""A sentence as closeness reads it: its words with their roots, groups, vectors and classes."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from navis_api.generation.grounding.closeness.lines import Line, line_of
from navis_api.generation.grounding.closeness.near_words import near_words
from navis_api.generation.grounding.closeness.word_classes import word_classes
from navis_api.generation.grounding.closeness.word_vectors import Floats, word_vectors
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.passages import lead_ins_of
from navis_api.generation.grounding.reading import Reading, Token, read
from navis_api.generation.grounding.roots import root, without_contraction
from navis_api.kit.text import words
from navis_api.sources.statements import StatementKind, split_statements

_SENTENCE_CHARS = 2_000
_STEM = 5
_AHEAD = 4
"""Words and tokens are cut alike but for names, after so many of which they meet again."""
_CACHED_PASSAGES = 512


@dataclass(frozen=True)
class Spoken:
    """A sentence, `text`. `places` and `groups` give where each root and each group is said.

    `content` are the places of the words that hold no sentence together, `token` each word's
    token in the reading, `group` the groups of the phrases that each word is in.
    """

    text: str
    words: tuple[str, ...]
    roots: tuple[str, ...]
    places: dict[str, list[int]]
    groups: dict[int, list[int]]
    group: tuple[frozenset[int], ...]
    stems: frozenset[str]
    content: tuple[int, ...]
    classes: frozenset[str]
    reading: Reading
    token: tuple[Token | None, ...]
    vectors: Floats
    """The vectors of the content words that have one (words x dimensions)."""

    @cached_property
    def line(self) -> Line:
        """The sentence along a line."""
        groups: dict[int, frozenset[int]] = {}
        for token, own in zip(self.token, self.group, strict=True):
            if token is not None and own:
                groups[id(token)] = groups.get(id(token), frozenset()) | own
        return line_of(self.reading, groups)


def spoken(text: str) -> Spoken:
    """Read a sentence."""
    said = [part for word in words(text) for part in without_contraction(word).split()]
    roots = tuple(root(word) for word in said)
    reading = read(text[:_SENTENCE_CHARS])
    places: dict[str, list[int]] = {}
    for at, each in enumerate(roots):
        places.setdefault(each, []).append(at)
    groups: dict[int, list[int]] = {}
    group: list[set[int]] = [set() for _ in roots]
    for first, behind, numbers in near_words().spans(roots):
        for number in numbers:
            groups.setdefault(number, []).append(first)
        for at in range(first, behind):
            group[at] |= numbers
    content = tuple(at for at, word in enumerate(said) if word not in lexicon().function)
    known = word_vectors()
    rows = [known.row[roots[at]] for at in content if roots[at] in known.row]
    return Spoken(
        text=text,
        words=tuple(said),
        roots=roots,
        places=places,
        groups=groups,
        group=tuple(frozenset(numbers) for numbers in group),
        stems=frozenset(each[:_STEM] for each in roots if len(each) >= _STEM),
        content=content,
        classes=word_classes().of(said),
        reading=reading,
        token=_tokens(said, roots, reading),
        vectors=known.vectors[np.array(rows, dtype=np.int64)],
    )


def stem(spoken_root: str) -> str | None:
    """Return how a long root begins, which its rarer relatives share; None of a short one."""
    return spoken_root[:_STEM] if len(spoken_root) >= _STEM else None


@lru_cache(maxsize=_CACHED_PASSAGES)
def spoken_passage(text: str) -> tuple[Spoken, ...]:
    """Read a passage of a source, and keep it: passages hold no patient's words.

    An item of a list is read behind its lead-in, and each list once as a whole.
    """
    statements = split_statements(text)
    said = [text[each.start : each.end] for each in statements]
    lists: dict[int, list[str]] = {}
    sentences: list[str] = []
    for at, statement in enumerate(statements):
        if statement.lead_in is None:
            sentences.append(said[at])
            continue
        above = lead_ins_of(statements, statement)
        sentences.append(" ".join([*(said[lead_in] for lead_in in above), said[at]]))
        if statement.kind is not StatementKind.LEAD_IN:
            lists.setdefault(statement.lead_in, []).append(said[at])
    for lead_in, items in lists.items():
        if len(items) > 1:
            sentences.append(" ".join((said[lead_in], *items)))
    return tuple(spoken(sentence) for sentence in sentences)


def _tokens(said: list[str], roots: tuple[str, ...], reading: Reading) -> tuple[Token | None, ...]:
    flat = [(word, token) for token in reading.tokens for word in token.words if word[0].isalnum()]
    found: list[Token | None] = []
    behind = 0
    for word, own_root in zip(said, roots, strict=True):
        token = None
        for at in range(behind, min(behind + _AHEAD, len(flat))):
            if flat[at][0] == word or root(flat[at][0]) == own_root:
                token, behind = flat[at][1], at + 1
                break
        found.append(token)
    return tuple(found)
