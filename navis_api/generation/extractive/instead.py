"""Answers that take the place of a planned one: below an urgent notice, and to a cure's promise.

Both are of questions whose words name other things beside: a plan would answer those.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.contract import Abstention, Closing, DraftSection, GenerationRequest
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.closing import (
    closing_on_remedies,
    urgent_abstention,
    urgent_closing,
)
from navis_api.generation.extractive.evidence import FoundEvidence
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.reading import read_question
from navis_api.generation.extractive.red_flags import told_of_red_flags
from navis_api.generation.extractive.remedies_told import told_of_remedies
from navis_api.generation.grounding.sections import check_section
from navis_api.questions.safety.red_flags import Urgency, urgency_of
from navis_api.vocabulary.remedies import AskedRemedies, asked_remedies


@dataclass(frozen=True, slots=True)
class Instead:
    """What is called for instead of a plan: the signs of an emergency, or remedies.

    What is perhaps `urgent` is planned all the same, and ends in what can't wait.
    """

    urgent: Urgency | None
    remedies: AskedRemedies | None

    @property
    def is_called_for(self) -> bool:
        """Whether there may be another answer than a planned one."""
        return self.is_surely_urgent or self.remedies is not None

    @property
    def is_surely_urgent(self) -> bool:
        """Whether nothing else may be told."""
        return self.urgent is not None and self.urgent.is_sure


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """An answer as it ends: its sections, and what frames them, or why there are none."""

    sections: tuple[DraftSection, ...]
    end: Closing | Abstention


def called_for(request: GenerationRequest) -> Instead:
    """Return what a question calls for; to one patient, remedies are told of by a plan."""
    urgent = urgency_of(request.text)
    return Instead(urgent, None if request.facts else asked_remedies(request.text))


async def answered_instead(
    session: AsyncSession, request: GenerationRequest, instead: Instead, catalogue: Catalogue
) -> WholeAnswer | None:
    """Return the answer that takes the place of a planned one, or None where there is none."""
    cancer = catalogue.by_id.get(request.cancer_id) if request.cancer_id else None
    asked = read_question(request.text, cancer, catalogue)
    fitness = Fitness(asked, catalogue)
    language = request.locale.split("-")[0]
    if instead.urgent is not None and instead.urgent.is_sure:
        flags = await told_of_red_flags(session, asked, instead.urgent, fitness, language)
        sections = _checked((flags[0],), flags[1], asked, catalogue) if flags else ()
        return WholeAnswer(sections, urgent_closing(asked) if sections else urgent_abstention())
    if instead.remedies is None:
        return None
    told = await told_of_remedies(session, asked, instead.remedies, fitness, language)
    sections = _checked(told.sections, told.blocks, asked, catalogue) if told else ()
    if told is None or not sections:
        return None
    labels = [each.label for each in instead.remedies.remedies]
    unsaid = [each.label for each in told.unsaid]
    return WholeAnswer(sections, closing_on_remedies(asked, labels, unsaid))


def _checked(
    sections: tuple[DraftSection, ...],
    blocks: tuple[Block, ...],
    asked: Asked,
    catalogue: Catalogue,
) -> tuple[DraftSection, ...]:
    """Return the sections as far as what they rest on bears them out."""
    evidence = FoundEvidence(blocks)
    checked = (
        check_section(each, evidence.of(each), cancer=asked.cancer, catalogue=catalogue).section
        for each in sections
    )
    return tuple(each for each in checked if each is not None)
