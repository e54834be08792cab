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
    PatientFact,
    Progress,
    Unknown,
)
from navis_api.generation.models import GenerationStatus
from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
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
FACTS = (
    PatientFact(1, FindingKind.PRIMARY_CANCER, "breast cancer", "breast"),
    PatientFact(2, FindingKind.TUMOR_MARKER, "HER2", "ERBB2", "negative", disputed=True),
    PatientFact(3, FindingKind.TUMOR_MARKER, "Ki-67", "MKI67", "20", "%", Assertion.UNCERTAIN),
    PatientFact(
        7,
        FindingKind.MEDICATION,
        "tamoxifen",
        "tamoxifen",
        temporality=Temporality.HISTORICAL,
        treatment_status=TreatmentStatus.STOPPED,
        line="adjuvant",
    ),
)
UNKNOWN = Unknown(
    FindingKind.TUMOR_MARKER, "HER2", "ERBB2", "What is my HER2?", "Treatment depends on it."
)
PERSONAL_CLOSING = Closing(
    title="Options",
    summary="What the sources say.",
    doctor_questions=(UNKNOWN.doctor_question, "What fits me?"),
    next_steps=("Write down what you want to know.",),
    unknowns=(UNKNOWN,),
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
