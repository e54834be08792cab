"""An answer for one patient as it is kept, out of what an engine wrote."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.document import ContentSource, build_content
from navis_api.answers.drafts import DraftSection
from navis_api.answers.errors import ClaimWithoutCitation
from navis_api.answers.reading import reading_grade
from navis_api.answers.rendering import finished
from navis_api.asking.personal.sealed import AskedFact, WrittenAnswer
from navis_api.generation.contract import Closing
from navis_api.generation.service import AUTHORS
from navis_api.sources.quotes import QuotedSpan, require_exact


async def written_answer(
    session: AsyncSession,
    sections: Sequence[DraftSection],
    closing: Closing,
    *,
    engine: str,
    facts: Sequence[AskedFact],
    sources: Mapping[UUID, ContentSource],
) -> WrittenAnswer:
    """Return an answer as it is kept, its quotes compared with their sources.

    Of answers in the open the database compares the quotes; of a sealed one it can't. A number
    that no fact has is left out. Raises ClaimWithoutCitation and QuoteDiffers.
    """
    for section in sections:
        if any(not claim.citations for claim in section.claims):
            raise ClaimWithoutCitation(section.heading)
    claims = [claim for section in sections for claim in section.claims]
    await require_exact(
        session,
        [
            QuotedSpan(cited.source_version_id, cited.start, cited.end, cited.quote)
            for claim in claims
            for cited in claim.citations
        ],
    )
    known = {each.fact.number for each in facts}
    return WrittenAnswer(
        title=closing.title,
        summary=closing.summary,
        author=AUTHORS.get(engine, engine),
        doctor_questions=list(closing.doctor_questions),
        next_steps=list(closing.next_steps),
        gaps=list(closing.gaps),
        reading_grade=reading_grade(claim.text for claim in claims),
        content=finished(build_content(sections, sources)),
        claim_facts=[
            [[number for number in claim.facts if number in known] for claim in section.claims]
            for section in sections
        ],
        unknowns=closing.unknowns,
    )
