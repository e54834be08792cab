"""How a test feels: the statements of sources that say so, each with the test that it is of."""

import re
from collections.abc import Iterable, Iterator, Sequence

from navis_api.generation.extractive.blocks import Block, part_of
from navis_api.generation.extractive.defining import Defining, definitions
from navis_api.generation.extractive.fitting import Fit
from navis_api.generation.extractive.matching import readable, speaks_of, wanted
from navis_api.generation.extractive.procedures_asked import FELT, all_procedures
from navis_api.sources.retrieval import Candidate
from navis_api.sources.statements import Statement, StatementKind, split_statements

_MOST_OF_A_DEFINITION = 5
_FELT = wanted(FELT)
# What somebody felt before the test, and why it was done.
_OF_THE_DISEASE = re.compile(
    r"\b(?:symptoms?|signs?|report\w*|cancer pain|relieve|pain (?:relief|medicines?|control)"
    r"|check with|treat(?:ed|ing|s)?|painkillers?|complain\w*|PSA levels?)\b",
    re.IGNORECASE,
)


def what_is_done(blocks: Iterable[Block], names: Sequence[str]) -> Iterator[list[Fit]]:
    """Yield passages that say what a test is, with what stands behind that, the best first."""
    found = list(blocks)
    headed = [block for block in found if speaks_of(block.leaf, wanted(names))]
    for how in (Defining.LABELLED, Defining.ANYHOW):
        for among in (headed, found):
            for name in names:
                for block in among:
                    told = definitions(
                        (block,), (name,), most_statements=_MOST_OF_A_DEFINITION, how=how
                    )
                    if told:
                        yield told


def is_on_that_test(block: Block, names: Sequence[str]) -> bool:
    """Whether a block isn't headed by another test, as a biopsy of a lymph node is one."""
    own = wanted(names)
    others = tuple(name for name in all_procedures() if name not in own)
    return not speaks_of(block.leaf, others)


def how_it_feels(own: Iterable[Block], general: Iterable[Block], names: Sequence[str]) -> list[Fit]:
    """Return the statements that say what is felt in a test, and what is done about it.

    A statement is of the test that it names, or that the one before it names. What general texts
    say is told where the cancer's own say nothing.
    """
    phrases = wanted(names)
    found = list(_statements(own, phrases))
    return found or list(_statements(general, phrases))


def _statements(blocks: Iterable[Block], names: Sequence[str]) -> Iterator[Fit]:
    told: set[str] = set()
    for block in blocks:
        for passage in block.passages:
            for start, end in _parts(passage, names):
                said = readable(passage.text[start:end])
                if said not in told:
                    told.add(said)
                    yield Fit(part_of(passage, start, end), 0.0, whole=True)


def _parts(passage: Candidate, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where in a passage it says how a test feels."""
    if not speaks_of(readable(passage.text), _FELT):
        return
    before: Statement | None = None
    for statement in split_statements(passage.text):
        said = passage.text[statement.start : statement.end]
        if statement.kind is StatementKind.SENTENCE and _is_felt(said):
            if speaks_of(readable(said), names):
                yield statement.start, statement.end
            elif speaks_of(readable(said), all_procedures()):
                # "There is no sedation with" another one.
                pass
            elif before is not None and _names(passage, before, names):
                yield before.start, statement.end
        before = statement if statement.kind is StatementKind.SENTENCE else None


def _names(passage: Candidate, statement: Statement, names: Sequence[str]) -> bool:
    return speaks_of(readable(passage.text[statement.start : statement.end]), names)


def _is_felt(said: str) -> bool:
    return speaks_of(readable(said), _FELT) and not _OF_THE_DISEASE.search(said)
