"""Groups of stages: "early" and "advanced", as a page sorts its treatment, by the stages they are.

A page that treats "Early" and "Advanced" cancer under a heading each says elsewhere which stages
these are: "Stages II, III, and IV are treated as advanced cancers." Its headings are read so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable, speaks_of, wanted
from navis_api.sources.statements import split_statements

GROUPS = (
    "early favorable",
    "early unfavorable",
    "locally advanced",
    "borderline resectable",
    "resectable",
    "unresectable",
    "early",
    "advanced",
    "localized",
    "regional",
    "metastatic",
    "limited",
    "extensive",
)
"""How sources call parts of the course of a cancer, where they don't name its stages."""
TELLING_GROUPS = ("treated as", "grouped for treatment", "also called", "also be described as")
"""What stands where a page says which stages a group is."""
GROUP_HEADINGS = tuple(
    f"{treatment} {group}"
    for treatment in ("treatment of", "treatment options for", "treatments for")
    for group in GROUPS
)
"""How sources head what they say of the treatment of a group."""
_ONE = r"stage (?:0|i{1,3}|iv)[a-d]?\d?"
# "And some stage IIB" is left out: for which of them it holds isn't said.
_STAGES = rf"(?P<stages>{_ONE}(?: (?:(?:and|or|to) )?{_ONE})*)"
_GROUP = rf"(?P<group>{'|'.join(GROUPS)})"
_SAYS = (
    re.compile(
        rf"^ {_STAGES}(?: \w+){{0,14}}? (?:is|are|may be|may also be)(?: also)?"
        rf" (?:treated|called|considered|described|known|grouped|classified)(?: as)?(?: an?)?"
        rf" {_GROUP} "
    ),
    re.compile(
        rf"^ (?:treatment of )?{_GROUP}(?: stage)?(?: (?!stage|not )\w+){{0,8}}?"
        rf" (?:is|are|refer to|mean|include) {_STAGES} "
    ),
)
# "Unresectable, recurrent, or metastatic (Stage II, Stage III, and Stage IV)".
_HEADED = re.compile(rf"^ (?:(?:and|or|recurrent|{'|'.join(GROUPS)}) )+{_STAGES} $")
_IN_HEADING = re.compile(rf" {_GROUP}(?= )")
_TREATMENT = wanted(["treatment", "treating"])
_STAGE = wanted(["stage"])

_Groups = dict[str, set[str]]


def with_stages_of_groups(
    blocks: Sequence[Block], asked: Sequence[str], others: Sequence[Block] = ()
) -> list[Block]:
    """Return the blocks, those on the treatment of a group with the stages that it is.

    What a page says itself goes before what another page on the same cancers says, and what is
    said in one of the `others`, for professionals, before nothing. Of two groups under one heading
    one may be known, where it is of the `asked` stages, in the form of `matching.wanted`.
    """
    of_page, of_cancers, of_others = _Told(), _Told(), _Told()
    for told, among in ((of_page, blocks), (of_cancers, blocks), (of_others, others)):
        for block in among:
            for group, stages in said_of_groups(block):
                is_page = told is of_page
                told.add(
                    block.first.version_id if is_page else block.first.cancer_ids, group, stages
                )
    found: list[Block] = []
    for block in blocks:
        first = block.first
        told = of_page.get(first.version_id)
        told = told or of_cancers.get(first.cancer_ids) or of_others.get(first.cancer_ids)
        found.append(_with_stages(block, told, asked) if told else block)
    return found


def said_of_groups(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the groups of which a block says the stages, or its heading, with these, readable."""
    heading = readable(block.first.headings[-1])
    if headed := _HEADED.search(heading):
        yield from ((group, headed["stages"]) for group in groups_in(heading))
    for passage in block.passages:
        yield from _said(passage.text)


def says_the_group(text: str, stages: Iterable[str]) -> bool:
    """Whether a statement says into which group one of the stages is put."""
    asked = tuple(stages)
    return any(speaks_of(f" {told} ", asked) for _, told in _said(text))


def groups_in(heading: str) -> tuple[str, ...]:
    """Return the groups that a readable heading names."""
    return tuple(dict.fromkeys(found["group"] for found in _IN_HEADING.finditer(heading)))


class _Told:
    """Which stages each group is, by whose text says it."""

    def __init__(self) -> None:
        self._told: dict[UUID | frozenset[UUID], _Groups] = {}

    def add(self, of: UUID | frozenset[UUID], group: str, stages: str) -> None:
        self._told.setdefault(of, {}).setdefault(group, set()).add(stages)

    def get(self, of: UUID | frozenset[UUID]) -> _Groups:
        return self._told.get(of, {})


def _with_stages(block: Block, told: Mapping[str, set[str]], asked: Sequence[str]) -> Block:
    """Return a block on the treatment of groups with their stages, where these are known."""
    heading = block.leaf
    if not speaks_of(heading, _TREATMENT) or speaks_of(heading, _STAGE):
        return block
    groups = groups_in(heading)
    stages = " ".join(sorted(said for group in groups for said in told.get(group, ())))
    is_known = bool(groups) and all(group in told for group in groups)
    return replace(block, stages=stages) if is_known or speaks_of(f" {stages} ", asked) else block


@lru_cache(maxsize=5_000)
def _said(text: str) -> tuple[tuple[str, str], ...]:
    """Return the groups of which a source's text says the stages. For sources only."""
    found: list[tuple[str, str]] = []
    for statement in split_statements(text):
        spoken = readable(text[statement.start : statement.end])
        said = next(filter(None, (form.search(spoken) for form in _SAYS)), None)
        if said is not None:
            found.append((said["group"], said["stages"]))
    return tuple(found)
