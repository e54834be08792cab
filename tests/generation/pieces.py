"""Pieces of an answer on the small made-up corpus, for tests that need no engine."""

from sqlalchemy import select

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    Closing,
    DraftCitation,
    DraftClaim,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
    Progress,
)
from navis_api.generation.models import GenerationStatus
from navis_api.sources.models import SourceVersion

REQUEST = GenerationRequest("What are my options", None)
PROGRESS = Progress(GenerationStatus.DRAFTING)
CLOSING = Closing(
    title="Options",
    summary="What the sources say.",
    doctor_questions=("What fits me?",),
    next_steps=("Write down what you want to know.",),
    gaps=("Costs aren't covered.",),
)
ABSTENTION = Abstention("The sources say too little. Ask your team.")


async def quoted_section(database: Database, heading: str = "Options") -> DraftSection:
    """A section with a true quote from whichever document comes first."""
    async with database.reading() as session:
        version = (await session.scalars(select(SourceVersion).order_by(SourceVersion.id))).first()
    assert version is not None
    start, end = 5, 40
    citation = DraftCitation(version.id, version.text[start:end], start, end, "A title > A part")
    claim = DraftClaim(version.text[start:end], ClaimStyle.SENTENCE, (citation,))
    return DraftSection(SectionKind.OPTIONS, heading, (claim,))


async def whole_answer(database: Database) -> list[GenerationPiece]:
    section = await quoted_section(database)
    return [PROGRESS, section, await quoted_section(database, "Support"), CLOSING]
