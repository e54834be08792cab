"""Finding the passages that a model is shown: on the cancer that is asked about, and in general."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.drafting import Drafting
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.personal_answer import PersonalAnswer
from navis_api.generation.extractive.plan import make_plan
from navis_api.generation.extractive.searching import find_blocks
from navis_api.generation.llm.shown import ShownPassage, shown_passages
from navis_api.generation.wording import is_about_children
from navis_api.sources.models import Audience
from navis_api.sources.retrieval import HEADING_JOINT, Candidate, has_passages

# Of what a model is shown, so much at most is what the extractive engine would quote, and so much
# about cancer in general; the rest is what the search brings for the question's own words.
_PLANNED_PART = 2 / 3
_GENERAL_PART = 1 / 6
# So many times as many are looked for: what is written for patients among them comes first.
_SPARE = 3


class PassageSearch(Protocol):
    """Finds passages for a question: `sources.search.CorpusSearch` does."""

    async def find(
        self,
        session: AsyncSession,
        query: str,
        *,
        cancer_ids: Sequence[UUID] | None = None,
        limit: int,
        language: str = "en",
    ) -> list[Candidate]:
        """Return up to `limit` passages about any of the cancers, best first.

        An empty sequence asks for general texts.
        """
        ...


async def find_shown(
    session: AsyncSession,
    search: PassageSearch,
    question: str,
    asked: Asked,
    catalogue: Catalogue,
    fitness: Fitness,
    *,
    language: str,
    limit: int,
    patient: PersonalAnswer | None = None,
) -> tuple[ShownPassage, ...]:
    """Return up to `limit` passages: those that an answer would be planned from, then others.

    Texts headed as being about children are for those who ask about a child. For a `patient`
    there is nothing below headings that say it isn't said of them.
    """

    async def found(cancer_ids: Sequence[UUID], most: int) -> list[Candidate]:
        candidates = await search.find(
            session, question, cancer_ids=cancer_ids, limit=most * _SPARE, language=language
        )
        usable = [
            each
            for each in candidates
            if _is_for(each, fitness) and (patient is None or patient.may_hold(each))
        ]
        return sorted(usable, key=lambda each: each.audience is not Audience.PATIENT)[:most]

    planned = _each_once(await _planned(session, asked, catalogue, fitness, language, patient))
    general = await found((), limit)
    own: list[Candidate] = []
    if asked.cancer is not None:
        own = await found(_family(asked, catalogue, fitness), limit)
        general = general[: round(limit * _GENERAL_PART)]
    room = limit - len(general)
    first = _each_once([*planned[: round(limit * _PLANNED_PART)], *own, *planned])[:room]
    return await shown_passages(session, _each_once([*first, *general]))


def _each_once(candidates: Sequence[Candidate]) -> list[Candidate]:
    return list({each.id: each for each in candidates}.values())


async def _planned(
    session: AsyncSession,
    asked: Asked,
    catalogue: Catalogue,
    fitness: Fitness,
    language: str,
    patient: PersonalAnswer | None,
) -> list[Candidate]:
    """Return the passages that the extractive engine would quote, in its order.

    It knows what belongs to an answer: "treatment options" are in texts headed "Surgery" too.
    """
    plan = make_plan(asked)
    plan = patient.plan(plan, asked) if patient else plan
    kinds = patient.case.own_kinds if patient else ()
    found = await find_blocks(session, asked, plan, catalogue, fitness, language, kinds)
    found = patient.only_theirs(found, plan, asked, fitness) if patient else found
    reader = patient.reader if patient else None
    blocks = (*found.exact, *found.wider, *found.narrower, *found.others, *found.general)
    of_version: dict[UUID, list[Candidate]] = {}
    for block in blocks:
        of_version.setdefault(block.first.version_id, []).extend(block.passages)
    return [
        passage
        for _, section in Drafting(asked, catalogue, found, fitness, (), reader).sections(plan)
        if section is not None
        for claim in section.claims
        for citation in claim.citations
        for passage in of_version[citation.source_version_id]
        if passage.start <= citation.start < passage.end
    ]


async def has_texts(
    session: AsyncSession, asked: Asked, catalogue: Catalogue, fitness: Fitness
) -> bool:
    """Whether the corpus has any text on the cancer that was asked about."""
    return await has_passages(session, _family(asked, catalogue, fitness))


def _is_for(candidate: Candidate, fitness: Fitness) -> bool:
    return fitness.with_children or not is_about_children(HEADING_JOINT.join(candidate.headings))


def _family(asked: Asked, catalogue: Catalogue, fitness: Fitness) -> list[UUID]:
    cancer = asked.cancer
    if cancer is None:
        return []
    family = [cancer, *catalogue.ancestors(cancer), *catalogue.descendants(cancer)]
    return [entry.id for entry in family if entry.id in fitness.allowed_ids]
