"""What pages on several cancers say in the same words, which holds whichever cancer it is.

"PET scan: A procedure to find malignant tumor cells" stands on the pages of some thirty cancers,
and on no general one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from navis_api.generation.extractive.blocks import Block
from navis_api.kit.text import words
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import StatementKind, split_statements

_FEWEST_CANCERS = 2


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement of a passage: where it stands, and on how many cancers' pages it is said."""

    start: int
    end: int
    cancers: int


def said_alike(
    passages: Sequence[Candidate], names_cancer: Callable[[str], bool]
) -> tuple[Block, ...]:
    """Return the runs of statements that pages on several cancers share, the commonest first.

    Each is a block of its own, as one of the pages has it. What names a cancer is of that one.
    """
    told_of = _cancers_by_statement(passages)
    runs: dict[tuple[str, ...], tuple[int, Block]] = {}
    for passage in passages:
        for run in _runs(passage, told_of, names_cancer):
            start, end = run[0].start, run[-1].end
            said = tuple(words(passage.text[start:end]))
            part = replace(passage, text=passage.text[start:end], start=passage.start + start)
            runs.setdefault(said, (max(each.cancers for each in run), Block((part,))))
    in_order = sorted(runs.items(), key=lambda run: (-run[1][0], -len(run[0])))
    return tuple(block for _, (_, block) in in_order)


def _runs(
    passage: Candidate,
    told_of: dict[str, list[frozenset[UUID]]],
    names_cancer: Callable[[str], bool],
) -> Iterator[list[_Said]]:
    run: list[_Said] = []
    statements = split_statements(passage.text)
    for at, each in enumerate(statements):
        said = passage.text[each.start : each.end]
        cancers = len(told_of[_key(said)])
        shared = cancers >= _FEWEST_CANCERS and not names_cancer(said)
        # Where the run doesn't introduce a list, each of its items is about something else.
        introduced = each.lead_in is not None and each.lead_in >= at - len(run)
        if run and (not shared or (each.kind is StatementKind.BULLET and not introduced)):
            yield run
            run = []
        if shared:
            run.append(_Said(each.start, each.end, cancers))
    if run:
        yield run


def _cancers_by_statement(passages: Sequence[Candidate]) -> dict[str, list[frozenset[UUID]]]:
    """Return for each statement cancers that it is said of; none of them is a kind of another."""
    told_of: dict[str, list[frozenset[UUID]]] = {}
    for passage in passages:
        for each in split_statements(passage.text):
            cancers = told_of.setdefault(_key(passage.text[each.start : each.end]), [])
            if passage.cancer_ids and all(map(passage.cancer_ids.isdisjoint, cancers)):
                cancers.append(passage.cancer_ids)
    return told_of


def _key(statement: str) -> str:
    return " ".join(words(statement))
