"""Definitions: the sentence of a source that says what a disease is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise, takewhile

from navis_api.generation.extractive.blocks import Block, part_of
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.units import is_in_line
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import Statement, StatementKind, split_statements

_KINDS = (
    r"(?:(?:an?|the)\s+(?!cause|reason|only|most common (?:symptom|treatment)|result|leading)"
    r"|(?:rare\s+)?(?:diseases?|cancers?|tumou?rs?|procedures?|treatments?|drugs)\s|also\s+called\s|not\s+(?:a\s+)?cancer)"
)
_ELSEWHERE = wanted(("treatment", "tests", "stages", "drugs", "research", "screening"))
_LABEL = re.compile(r"[\w() /-]{3,60}[.:]\s+(?=[A-Z])")


class Defining(IntEnum):
    """How a sentence may say what a thing is."""

    PLAINLY = 0
    """ "A port is a small, round disc"."""
    LABELLED = 1
    """Behind a label too: "CT scan (CAT scan): A procedure"."""
    ANYHOW = 2
    """ "Treatment given after surgery is called adjuvant therapy", or of a kind of it."""


def definitions(
    blocks: Iterable[Block],
    names: Sequence[str],
    *,
    most_statements: int | None = None,
    how: Defining = Defining.PLAINLY,
) -> list[Fit]:
    """Return the first passage that begins to say what one of the names is, or nothing.

    It starts with that sentence, whatever stood before it on its page, and ends after
    `most_statements` where that is given.
    """
    defines = _defining(tuple(names), how)
    for block in blocks:
        for passage in block.passages:
            part = _definition_in(passage, defines, most_statements)
            if part is not None:
                return [Fit(part_of(passage, *part), 0.0, whole=True)]
    return []


def headed_by_name(blocks: Iterable[Block], names: Sequence[str]) -> list[Fit]:
    """Return the first block that has a name for its heading and tells of it, or nothing.

    "In multiple myeloma, abnormal plasma cells ..." stands under "Multiple myeloma", on a page
    that says what more than that is.
    """
    headings = wanted(names)
    for block in blocks:
        is_headed = block.leaf in headings and len(block.first.headings) > 1
        if is_headed and not speaks_of(block.path, _ELSEWHERE):
            first = split_statements(block.first.text)[0]
            if speaks_of(readable_now(block.first.text[first.start : first.end]), headings):
                return [Fit(block, 0.0, whole=True)]
    return []


def its_own_first(told: Sequence[Fit], fits: Sequence[Fit]) -> list[Fit]:
    """Return what fits, that first which stands under the heading of a definition."""
    headings = {(each.block.first.version_id, each.block.leaf) for each in told}
    own = [each for each in fits if (each.block.first.version_id, each.block.leaf) in headings]
    best = max((each.score for each in fits), default=0.0)
    return [*(replace(each, score=best) for each in own), *(f for f in fits if f not in own)]


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
            behind = statement.start + (label.end() if label else 0)
            # "CT scan: A procedure": where the label itself is what is looked for.
            for start in (behind, statement.start):
                if defines.match(passage.text[start : statement.end]):
                    item = _item(passage.text, statements[at:])
                    return start, item[: most or len(item)][-1].end
    return None


def _item(text: str, statements: Sequence[Statement]) -> list[Statement]:
    """Return the first statement with those that stand in the same line."""
    goes_on = takewhile(lambda pair: is_in_line(text, *pair), pairwise(statements))
    return [statements[0], *(statement for _, statement in goes_on)]


@lru_cache(maxsize=500)
def _defining(names: tuple[str, ...], how: Defining) -> re.Pattern[str]:
    written = "|".join(
        re.escape(name).replace(r"\ ", r"[\s-]+")
        for name in sorted(names, key=lambda name: (-len(name), name))
    )
    named = rf"(?:{written})s?"
    before, behind, otherwise = "", "", ""
    if how is not Defining.PLAINLY:
        named = rf"(?:cancer\s)?{named}(?:\s(?:exam|test|scan|therapy|procedure))?"
        behind = r"|(?:\sof\s(?:the\s)?\w+(?:\s\w+)?)?:\s+(?=\w)"
    if how is Defining.ANYHOW:
        before = r"(?:\w+\s)?"
        otherwise = (
            r"|(?!(?:[^.:]*\s)?(?:this|that|it|these|they)\s(?:is|are|may)\b)\w[^.:]{20,250}"
            r"\s(?:is|are)\s(?:also\s)?called"
            rf"\s(?:an?\s|the\s)?{named}\b"
            rf"|{named}\s(?:is|are)\s(?:closely\s)?(?!being|going|having|getting)\w+ing\s"
        )
    return re.compile(
        rf"(?:(?:An?|The)\s+{before})?\b{named}(?:\s\([^)]*\))?(?:,[^,.]{{3,60}},)?"
        rf"(?:(?:\sand\s(?:the\s)?[\w\- é]{{3,40}}?)?\s(?:(?:is|are)\s{_KINDS}|measures?\s|uses?\s"
        rf"|describes?\s){behind}){otherwise}",
        re.IGNORECASE,
    )
