"""What is told of a remedy that is asked for as a treatment: what studies found, and its harms.

Sections on a cure, or on the cancer's treatment, would leave the remedy itself unsaid. A page on
it tells what it is, what studies in people found, whether it is approved, and what it may do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block, blocks_of
from navis_api.generation.extractive.composing import Composer
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlanner
from navis_api.generation.extractive.units import Unit, units_of
from navis_api.sources.models import Audience
from navis_api.sources.retrieval import any_of, find_passages
from navis_api.vocabulary.remedies import AskedRemedies, Remedy

_READ = 80
_ON_REMEDIES = re.compile(r"/cam/")
_FOR_PROFESSIONALS = re.compile(r"/hp(?:[/-]|$)|-hp-")
# The parts of a page on a remedy that say the same on each, or nothing of people.
_BESIDE = re.compile(
    r"\b(?:general cam|evaluation of cam|laboratory|animal|about this|about pdq|current clinical"
    r"|to learn more|questions to ask|history|how (?:is|are|was)|get more)\b",
    re.IGNORECASE,
)
_OVERVIEW = re.compile(r"\boverview\b", re.IGNORECASE)
_WHAT_IT_IS = re.compile(r"^what (?:is|are)\b", re.IGNORECASE)
_HARMS = re.compile(r"\b(?:side effects?|risks?|interactions?|harm\w*)\b", re.IGNORECASE)
# What was found of it, and what it may do; what is only thought of it is no finding.
_FOUND = re.compile(
    r"\b(?:no (?:proof|evidence|reports?)|(?:not|little) (?:been )?(?:shown|proven|proved"
    r"|enough evidence)|(?:did|does|do) not (?:lower|shrink|slow|cure|stop|improve|help)"
    r"|little \w+ effect|mixed results|showed|weakness\w*|unclear|not (?:be )?(?:known|reliable)"
    r"|cyanide|poison\w*|(?:be|is|are) (?:harmful|dangerous)|serious side effects|may not work"
    r"|change how)\b",
    re.IGNORECASE,
)
# What eases symptoms is no treatment of the cancer; what harms counts whatever it is named with.
_ON_SYMPTOMS = re.compile(
    r"\b(?:pain|nausea|appetite|quality of life|side effects|mucositis|dermatitis|anxiety|sleep"
    r"|fatigue|hot flashes)\b",
    re.IGNORECASE,
)
_HARMFUL = re.compile(
    r"\b(?:harmful|dangerous|poison\w*|cyanide|(?<!no )serious side effects)\b", re.IGNORECASE
)
_NOT_APPROVED = re.compile(r"\bnot (?:been )?approved\b", re.IGNORECASE)
_NO_FINDING = re.compile(
    r"^note\b|\bpreclinical\b|\b(?:thought|believed|claimed|said) to\b|\bas a vitamin\b"
    r"|\bfederal\b|\bin mice\b",
    re.IGNORECASE,
)
# What is to be talked over first, as every page on such a remedy says.
_TALK_FIRST = re.compile(
    r"\b(?:discuss|talk|tell)\b[^.]*\b(?:doctor|nurse|pharmacist|provider|team)\b"
    r"|\bmay (?:affect|interfere|be harmful|change)\b[^.]*\b(?:treatment|harmful)\b",
    re.IGNORECASE,
)
_TALK_HEADING = re.compile(r"\bgeneral cam information\b|\btalking with\b", re.IGNORECASE)
_MOST_FOUND = 5
_MOST_FIRST = 2


@dataclass(frozen=True, slots=True)
class Told:
    """The sections on remedies, the blocks that they are from, and the remedies left unsaid."""

    sections: tuple[DraftSection, ...]
    blocks: tuple[Block, ...]
    unsaid: tuple[Remedy, ...]


async def told_of_remedies(
    session: AsyncSession, asked: Asked, remedies: AskedRemedies, fitness: Fitness, language: str
) -> Told | None:
    """Return what patients' pages say of the remedies, what to do first before it; or nothing."""
    names = [name for each in remedies.remedies for name in (*each.written, *each.said)]
    phrases = [*names, "complementary and alternative therapies"]
    found = await find_passages(
        session, any_of(phrases), cancer_ids=(), limit=_READ * 2, language=language
    )
    blocks = tuple(
        blocks_of(
            passage
            for passage in found
            if passage.audience is Audience.PATIENT
            and _ON_REMEDIES.search(passage.url or "")
            and not _FOR_PROFESSIONALS.search(passage.url or "")
        )
    )
    composer = Composer(fitness, ())
    planner = SectionPlanner(asked)
    sections: list[DraftSection] = []
    first = _first_of_all(blocks, fitness)
    if (section := composer.of_points(planner("remedy_first", core=True), [first])) is not None:
        sections.append(section)
    unsaid: list[Remedy] = []
    for remedy in remedies.remedies:
        plan = planner("remedy", core=True)
        plan = replace(plan, heading=f"What is known about {remedy.label}")
        parts = [_on_remedy(blocks, remedy, fitness)] if remedy.written else []
        if (section := composer.of_points(plan, parts)) is not None:
            sections.append(section)
        else:
            unsaid.append(remedy)
    return Told(tuple(sections), blocks, tuple(unsaid)) if sections else None


def _first_of_all(blocks: Sequence[Block], fitness: Fitness) -> list[KeyPoint]:
    points = [
        KeyPoint(block, unit, 1.0)
        for block in blocks
        if _TALK_HEADING.search(block.leaf)
        for unit, said in _whole(block, fitness)
        if not unit.is_list and _TALK_FIRST.search(said)
    ]
    once = {point.unit.text: point for point in points}
    return list(once.values())[:_MOST_FIRST]


def _on_remedy(blocks: Sequence[Block], remedy: Remedy, fitness: Fitness) -> list[KeyPoint]:
    """Return what a remedy is, what was found in people, and what it may do, in that order."""
    own = [block for block in blocks if speaks_of(block.title, wanted(remedy.written))]
    own = [block for block in own if not _BESIDE.search(block.leaf)]
    own.sort(key=lambda block: block.order)
    what: list[KeyPoint] = []
    harms: list[KeyPoint] = []
    found: list[KeyPoint] = []
    approved: list[KeyPoint] = []
    for block in own:
        heading = block.leaf.strip()
        for at, (unit, said) in enumerate(_whole(block, fitness)):
            point = KeyPoint(block, unit, 1.0)
            if at == 0 and _WHAT_IT_IS.search(heading):
                what.append(point)
            elif _HARMS.search(heading):
                harms += [point] if at < _MOST_FIRST and not (at and unit.is_list) else []
            elif _NOT_APPROVED.search(said):
                approved.append(point)
            elif not unit.is_list and _is_finding(said):
                found.append(point)
    # An overview says in a line what its page says in many.
    found.sort(key=lambda point: _OVERVIEW.search(point.block.leaf) is None)
    return [*what[:1], *approved[:1], *found[:_MOST_FOUND], *harms[:_MOST_FIRST]]


def _is_finding(said: str) -> bool:
    """Whether a statement says what was found of the remedy against cancer, or its harms."""
    is_aside = _ON_SYMPTOMS.search(said) and not _HARMFUL.search(said)
    return _FOUND.search(said) is not None and not is_aside


def _whole(block: Block, fitness: Fitness) -> Iterator[tuple[Unit, str]]:
    """Yield what may be quoted of a block, each with the words that it is chosen by.

    What leans on a sentence is told with it.
    """
    for passage in block.passages:
        before: Unit | None = None
        for unit in units_of(passage, fitness):
            if unit is not None and not _NO_FINDING.search(readable_now(unit.text).strip()):
                if not unit.leans:
                    yield Unit(unit.quotes, leans=False), unit.text
                elif before is not None:
                    yield Unit((*before.quotes, *unit.quotes), leans=False), unit.text
            before = None if unit is None or unit.leans else unit
