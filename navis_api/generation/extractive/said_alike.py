"""What pages on several cancers say in the same words, which holds whichever cancer it is.

"PET scan: A procedure to find malignant tumor cells" stands on the pages of some thirty cancers,
and on no general one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from navis_api.generation.extractive.blocks import Block, part_of
from navis_api.kit.text import words
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import Statement, StatementKind, split_statements

_FEWEST_CANCERS = 2


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement of a passage, and its words."""

    statement: Statement
    text: str
    words: str


def said_alike(
    passages: Sequence[Candidate], names_cancer: Callable[[str], bool]
) -> tuple[Block, ...]:
    """Return the runs of statements that pages on several cancers share, the commonest first.

    Each is a block of its own, as one of the pages has it. What names a cancer is of that one.
    """
    read = [(passage, _statements(passage)) for passage in passages]
    told_of = _cancers_by_words(read)
    runs: dict[tuple[str, ...], tuple[int, Block]] = {}
    for passage, statements in read:
        for run in _runs(statements, told_of, names_cancer):
            start, end = run[0].statement.start, run[-1].statement.end
            said = tuple(words(passage.text[start:end]))
            cancers = max(len(told_of[each.words]) for each in run)
            runs.setdefault(said, (cancers, part_of(passage, start, end)))
    in_order = sorted(runs.items(), key=lambda run: (-run[1][0], -len(run[0])))
    return tuple(block for _, (_, block) in in_order)


def _statements(passage: Candidate) -> list[_Said]:
    spans = [(each, passage.text[each.start : each.end]) for each in split_statements(passage.text)]
    return [_Said(each, text, " ".join(words(text))) for each, text in spans]


def _runs(
    statements: Sequence[_Said],
    told_of: Mapping[str, Sequence[frozenset[UUID]]],
    names_cancer: Callable[[str], bool],
) -> Iterator[list[_Said]]:
    run: list[_Said] = []
    for at, said in enumerate(statements):
        each = said.statement
        shared = len(told_of[said.words]) >= _FEWEST_CANCERS and not names_cancer(said.text)
        # Where the run doesn't introduce a list, each of its items is about something else.
        introduced = each.lead_in is not None and each.lead_in >= at - len(run)
        if run and (not shared or (each.kind is StatementKind.BULLET and not introduced)):
            yield run
            run = []
        if shared:
            run.append(said)
    if run:
        yield run


def _cancers_by_words(
    read: Iterable[tuple[Candidate, Sequence[_Said]]],
) -> dict[str, list[frozenset[UUID]]]:
    """Return for each statement cancers that it is said of; none of them is a kind of another."""
    told_of: dict[str, list[frozenset[UUID]]] = {}
    for passage, statements in read:
        for said in statements:
            cancers = told_of.setdefault(said.words, [])
            if passage.cancer_ids and all(map(passage.cancer_ids.isdisjoint, cancers)):
                cancers.append(passage.cancer_ids)
    return told_of
