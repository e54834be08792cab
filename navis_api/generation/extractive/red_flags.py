"""What is told below an urgent notice: what sources say of that very sign, and nothing else.

Advice for other days would take the notice back: "rest, and ask for a written plan" below "call
now". Where no source says that the sign is urgent, nothing is told, and the notice stands alone.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.models import ClaimStyle
from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block, blocks_of
from navis_api.generation.extractive.composing import Composer
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlanner
from navis_api.generation.extractive.units import Unit, units_of
from navis_api.questions.safety.red_flags import Urgency
from navis_api.sources.models import Audience
from navis_api.sources.retrieval import any_of, find_passages

_READ = 80
_MOST_POINTS = 4
_URGES = re.compile(
    r"\b(?:call|phone|contact|tell|see|let)\b[^.?!]{0,60}\b(?:doctors?|nurses?|team|provider|911"
    r"|emergency)\b"
    r"|\b(?:right away|immediately|at once|urgent|emergency|as soon as possible|911)\b"
    r"|\blife[- ]?threatening\b|\bmedical attention\b",
    re.IGNORECASE,
)
# "Talk with your doctor before you take medicine for a fever": what isn't to be done meanwhile.
_MEANWHILE = re.compile(
    r"\b(?:before (?:you )?tak(?:e|ing)|do not take|don['’]t take)\b", re.IGNORECASE
)
# Of these, nothing is to be done now.
_FOR_ANOTHER_DAY = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|research\w*|screening|vaccin\w+|surviv\w+|follow-up|advance"
    r"|next visit|appointment)\b",
    re.IGNORECASE,
)
_ON_EFFECTS = re.compile(r"/side-effects/")


async def told_of_red_flags(
    session: AsyncSession, asked: Asked, urgency: Urgency, fitness: Fitness, language: str
) -> tuple[DraftSection, tuple[Block, ...]] | None:
    """Return what patients' pages say is urgent of the signs, with the blocks that it is from."""
    by_sign = [_written()[sign] for sign in urgency.signs if sign in _written()]
    if not by_sign:
        return None
    phrases = [phrase for written in by_sign for phrase in written]
    found = await find_passages(
        session, any_of(phrases), cancer_ids=(), limit=_READ, language=language
    )
    blocks = list(
        blocks_of(
            passage
            for passage in found
            if passage.audience is Audience.PATIENT and _ON_EFFECTS.search(passage.url or "")
        )
    )
    plan = SectionPlanner(asked)("red_flag", core=True)
    parts = [_points(blocks, written, fitness) for written in dict.fromkeys(by_sign)]
    section = Composer(fitness, ()).of_points(plan, parts)
    return None if section is None else (section, tuple(blocks))


def _points(blocks: Sequence[Block], written: Sequence[str], fitness: Fitness) -> list[KeyPoint]:
    signs = wanted(written)
    # A page on the very sign knows more of it than one that names it among others.
    found = sorted(
        (point for block in blocks for point in _in_block(block, signs, fitness)),
        key=lambda point: (-point.share, point.block.order),
    )
    # A list of whatever may be a reason to call adds little to who was told to call.
    sentences = [point for point in found if not point.unit.is_list]
    told = sentences or found
    return [point for point in told if point.share == told[0].share][:_MOST_POINTS]


def _in_block(block: Block, signs: Sequence[str], fitness: Fitness) -> Iterator[KeyPoint]:
    is_on_it = speaks_of(block.title, signs)
    for passage in block.passages:
        for unit in units_of(passage, fitness):
            if unit is None or unit.leans or unit.quotes[0].style is ClaimStyle.BULLET:
                continue
            lead = unit.quotes[0].text
            said = unit.text if unit.is_list else lead
            if not speaks_of(readable_now(said), signs) or lead.rstrip().endswith("?"):
                continue
            urges = _URGES.search(lead) or _MEANWHILE.search(lead)
            if not urges or _FOR_ANOTHER_DAY.search(said):
                continue
            yield KeyPoint(block, Unit(unit.quotes, leans=False), 2.0 if is_on_it else 1.0)


@cache
def _written() -> dict[str, tuple[str, ...]]:
    """Return how sources write of each sign that the rules know."""
    text = files("navis_api.generation.extractive").joinpath("red_flags.json").read_text("utf-8")
    data: dict[str, list[str]] = json.loads(text)
    return {sign: tuple(written) for sign, written in data.items()}
