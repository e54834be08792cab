"""Reviewed questions near the one that is asked, each with the decision whether it is the same."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.published_repository import PublishedQuestion
from navis_api.questions.sameness.candidates import list_alike, list_candidates, sought
from navis_api.questions.sameness.decision import (
    Decision,
    decide,
    readings,
    settle,
    settle_by_reading,
)
from navis_api.questions.sameness.likeness import QuestionEmbedder
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import Slots


@dataclass(frozen=True, slots=True)
class Considered:
    """A reviewed question that was found, and why it is the one that was asked, or isn't."""

    question: PublishedQuestion
    decision: Decision


@dataclass(frozen=True, slots=True)
class Nearness:
    """What was read from a question, and the reviewed ones that were considered, best first."""

    read: Slots
    considered: tuple[Considered, ...]

    @property
    def same(self) -> PublishedQuestion | None:
        """The reviewed question whose answer is served."""
        return next((each.question for each in self.considered if each.decision.same), None)

    @property
    def others(self) -> list[PublishedQuestion]:
        """The ones that are near and aren't the same."""
        return [each.question for each in self.considered if not each.decision.same]


async def look_near(
    session: AsyncSession,
    catalogue: Catalogue,
    text: str,
    *,
    cancer: CatalogueEntry | None,
    locale: str,
    embedder: QuestionEmbedder | None,
) -> Nearness:
    """Return the reviewed questions near a text, decided: one statement, or two.

    The cancers above and below are looked at too, since what one name tells ("HER2-positive
    breast cancer") another text says in words. Where slots find none that is the same, those
    that they leave to it are read side by side with the question. An embedder is asked only where
    it can settle something, and then once.
    """
    read = read_slots(text, cancer, catalogue)
    wanted = sought(
        catalogue,
        text,
        read,
        cancer_ids=[entry.id for entry in _family(catalogue, cancer)],
        locale=locale,
    )
    considered: list[Considered] = []
    # Those that may be the same first: where one is, no suggestion is needed.
    for find in (list_alike, list_candidates):
        found = await find(session, wanted)
        known = {each.question.id for each in considered}
        considered += [
            Considered(question, decide(read, _slots(catalogue, question)))
            for question in found
            if question.id not in known
        ]
        if any(each.decision.same for each in considered):
            break
    if not any(each.decision.same for each in considered):
        considered = await _read(text, considered)
    if embedder is not None and not any(each.decision.same for each in considered):
        considered = await _settled(text, considered, embedder)
    return Nearness(read, tuple(considered))


async def _read(text: str, considered: Sequence[Considered]) -> list[Considered]:
    """Return the questions with those settled that can be read; the surest one is the same."""
    left = [each for each in considered if each.decision.sure_from is not None]
    if not left:
        return list(considered)
    known = [each.question.text for each in left]
    scores = await asyncio.to_thread(readings, text, known)
    settled = [
        settle_by_reading(each.decision, score) for each, score in zip(left, scores, strict=True)
    ]
    surest = max(range(len(left)), key=lambda at: (settled[at].same, scores[at]))
    read = _with_decisions(considered, left, settled)
    return sorted(read, key=lambda each: each.question.id != left[surest].question.id)


async def _settled(
    text: str, considered: Sequence[Considered], embedder: QuestionEmbedder
) -> list[Considered]:
    left = [each for each in considered if each.decision.can_be_settled]
    if not left:
        return list(considered)
    cosines = await embedder.similarities(text, [each.question.text for each in left])
    if cosines is None:
        return list(considered)
    settled = [settle(each.decision, cosine) for each, cosine in zip(left, cosines, strict=True)]
    return _with_decisions(considered, left, settled)


def _with_decisions(
    considered: Sequence[Considered], some: Sequence[Considered], decisions: Sequence[Decision]
) -> list[Considered]:
    """Return the questions, some of them with new decisions."""
    new = {each.question.id: decision for each, decision in zip(some, decisions, strict=True)}
    return [replace(each, decision=new.get(each.question.id, each.decision)) for each in considered]


def _family(catalogue: Catalogue, cancer: CatalogueEntry | None) -> list[CatalogueEntry]:
    if cancer is None:
        return []
    return [cancer, *catalogue.ancestors(cancer), *catalogue.descendants(cancer)]


def _slots(catalogue: Catalogue, question: PublishedQuestion) -> Slots:
    about = catalogue.by_id.get(question.cancer_id) if question.cancer_id else None
    return read_slots(question.text, about, catalogue)
