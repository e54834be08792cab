"""The extractive engine on real pages of the US National Cancer Institute, where they are here."""

import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.generation.contract import (
    Abstention,
    Closing,
    GenerationPiece,
    GenerationRequest,
)
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Audience, SourceVersion
from navis_api.sources.service import save_document
from navis_api.sources.subjects import named_cancers
from tests.generation.answered import sections

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGES = re.compile(r"/types/(?:liver|recurrent-cancer|metastatic-cancer|colorectal/patient)(?:/|$)")


def pages(folder: Path) -> list[SourceDocument]:
    found: list[SourceDocument] = []
    with gzip.open(folder / "nci" / "nci_2025.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            if PAGES.search(page["url"]):
                found.append(
                    SourceDocument(
                        key=page["url"],
                        title=page["title"],
                        publisher=page["publisher"],
                        url=page["url"],
                        licence=page["licence"],
                        markdown=page["markdown"],
                        where="nci",
                        audience=Audience(page["audience"]),
                    )
                )
    return found


@pytest.fixture
async def corpus(sample_database: Database, shared_data: Path) -> Database:
    catalogue = await CatalogueKeeper(sample_database).current()
    async with sample_database.writing(SYSTEM_ROWS) as session:
        for page in pages(shared_data):
            await save_document(session, page, catalogue=catalogue, now=NOON)
    return sample_database


async def ask(database: Database, text: str) -> tuple[Catalogue, list[GenerationPiece]]:
    keeper = CatalogueKeeper(database)
    catalogue = await keeper.current()
    request = GenerationRequest(text, catalogue.by_slug["liver-cancer"].id)
    engine = ExtractiveEngine(database, keeper)
    return catalogue, [piece async for piece in engine.write(request)]


async def test_a_recurrence_of_liver_cancer_is_answered_at_length_and_to_the_letter(
    corpus: Database,
) -> None:
    catalogue, pieces = await ask(corpus, "My liver cancer came back - what are my options now")
    claims = [claim for section in sections(pieces) for claim in section.claims]
    assert len(sections(pieces)) >= 7
    family = catalogue.by_slug["liver-cancer"]
    own = {family.id, *(entry.id for entry in catalogue.descendants(family))}
    async with corpus.reading() as session:
        texts = {row.id: row.text for row in await session.scalars(select(SourceVersion))}
    for claim in claims:
        assert claim.citations
        for citation in claim.citations:
            source = texts[citation.source_version_id]
            assert claim.text == citation.quote == source[citation.start : citation.end]
        assert {entry.id for entry in named_cancers(catalogue, claim.text)} <= own
        assert not re.search(r"colorectal|bile duct|hepatoblastoma|GIST|\d ?mg", claim.text)


async def test_what_is_thinly_covered_is_short_and_says_so(corpus: Database) -> None:
    _, pieces = await ask(corpus, "What is oligometastatic liver cancer and can it be cured")
    last = pieces[-1]
    assert isinstance(last, Closing)
    assert any("oligometastatic liver cancer" in gap for gap in last.gaps)
    assert any("cured" in gap for gap in last.gaps)
    assert 1 <= len(sections(pieces)) <= 3
    first = sections(pieces)[0].claims[0].text
    assert first == "People with oligometastatic cancer have only a few metastatic tumors."


async def test_magnets_are_not_answered(corpus: Database) -> None:
    _, pieces = await ask(corpus, "Does wearing magnets cure liver cancer")
    assert isinstance(pieces[-1], Abstention)
    assert not sections(pieces)
