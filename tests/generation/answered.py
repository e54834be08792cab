"""What the extractive engine makes of made-up documents, for the tests to look at."""

from collections.abc import Sequence

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Closing,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
)
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.extractive.reading import read_question
from navis_api.sources.documents import SourceDocument
from tests.sources.corpus import DOCUMENTS, entry, fill


async def answered(
    database: Database,
    text: str,
    slug: str | None,
    pages: Sequence[SourceDocument] = DOCUMENTS,
    written: Sequence[DraftSection] = (),
) -> list[GenerationPiece]:
    catalogue = await fill(database, pages)
    request = GenerationRequest(text, entry(catalogue, slug).id if slug else None)
    engine = ExtractiveEngine(database, CatalogueKeeper(database))
    return [piece async for piece in engine.write(request, written=written)]


def sections(pieces: Sequence[GenerationPiece]) -> list[DraftSection]:
    return [piece for piece in pieces if isinstance(piece, DraftSection)]


def headings(pieces: Sequence[GenerationPiece]) -> list[str]:
    return [section.heading for section in sections(pieces)]


def texts(pieces: Sequence[GenerationPiece]) -> list[str]:
    return [claim.text for section in sections(pieces) for claim in section.claims]


def closing(pieces: Sequence[GenerationPiece]) -> Closing:
    last = pieces[-1]
    assert isinstance(last, Closing)
    return last


def gaps(pieces: Sequence[GenerationPiece]) -> str:
    return " ".join(closing(pieces).gaps)


def asked(catalogue: Catalogue, text: str) -> Asked:
    """Return how a question on liver cancer is read."""
    return read_question(text, entry(catalogue, "liver-cancer"), catalogue)
