"""Definitions: the sentence of a source that says what a disease is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, takewhile

from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.units import is_in_line
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import Statement, StatementKind, split_statements

_LABEL = re.compile(r"[\w() /-]{3,60}[.:]\s+(?=[A-Z])")


def definitions(
    blocks: Iterable[Block], names: Sequence[str], *, most_statements: int | None = None
) -> list[Fit]:
    """Return the first passage that begins to say what one of the names is, or nothing.

    It starts with that sentence, whatever stood before it on its page, and ends after
    `most_statements` where that is given.
    """
    defines = _defining(tuple(names))
    for block in blocks:
        for passage in block.passages:
            part = _definition_in(passage, defines, most_statements)
            if part is not None:
                start, end = part
                text = passage.text[start:end]
                told = replace(passage, text=text, start=passage.start + start)
                return [Fit(Block((told,)), 0.0, whole=True)]
    return []


def _definition_in(
    passage: Candidate, defines: re.Pattern[str], most: int | None
) -> tuple[int, int] | None:
    # Most passages don't: whole texts are looked at before they are cut into sentences.
    if not defines.search(passage.text):
        return None
    statements = split_statements(passage.text)
    for at, statement in enumerate(statements):
        sentence = passage.text[statement.start : statement.end]
        if statement.kind is StatementKind.SENTENCE and defines.match(sentence):
            last = statements[-1] if most is None else statements[at : at + most][-1]
            return statement.start, last.end
        if statement.kind is StatementKind.BULLET:
            # "Follicular lymphoma. Follicular lymphoma is ...": what stands behind the label.
            label = _LABEL.match(sentence)
            start = statement.start + (label.end() if label else 0)
            if defines.match(passage.text[start : statement.end]):
                item = _item(passage.text, statements[at:])
                return start, item[: most or len(item)][-1].end
    return None


def _item(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """Return the first statement with those that stand in the same line."""
    goes_on = takewhile(lambda pair: is_in_line(text, *pair), pairwise(statements))
    return [statements[0], *(statement for _, statement in goes_on)]


@lru_cache(maxsize=500)
def _defining(names: tuple[str, ...]) -> re.Pattern[str]:
    written = "|".join(
        re.escape(name).replace(r"\ ", r"[\s-]+")
        for name in sorted(names, key=lambda name: (-len(name), name))
    )
    kinds = (
        r"(?:(?:an?|the)\s+(?!cause|reason|most common (?:symptom|treatment)|result|leading)"
        r"|(?:rare\s+)?(?:diseases?|cancers?|tumou?rs?|procedures?|treatments?|drugs)\s|also\s+called\s|not\s+(?:a\s+)?cancer)"
    )
    return re.compile(
        rf"(?:(?:An?|The)\s+)?\b(?:{written})s?(?:\s\([^)]*\))?(?:,[^,.]{{3,60}},)?"
        rf"(?:\sand\s(?:the\s)?[\w\- é]{{3,40}}?)?\s(?:(?:is|are)\s{kinds}|measures?\s|uses?\s)",
        re.IGNORECASE,
    )
