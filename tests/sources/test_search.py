"""The search of the whole corpus: what people type finds the passages that speak of it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import event, update

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources import repository
from navis_api.sources.documents import SourceDocument
from navis_api.sources.embedding.embedder import (
    Embedder,
    EmbedderOutOfReach,
    TextKind,
    embedded_text,
    stored_under,
    text_digest,
)
from navis_api.sources.embedding.vectors import Vectors
from navis_api.sources.models import Audience, PassageVector, Source
from navis_api.sources.retrieval import Candidate
from navis_api.sources.search.corpus import CorpusSearch, fused
from tests.sources.corpus import DOCUMENTS, NOON, document, entry, fill

BLUE = document(
    "blue",
    "Blue Sarcoma Treatment",
    "## What is blue sarcoma?\n\nBlue sarcoma (also called azuroma) is a made-up tumor.\n\n"
    "## Treatment\n\nBlue sarcoma is treated with colors. Sézary lights and PD\u2010L1/EGFR lamps"
    " are used.\n",
)
GULLET = document(
    "esophagus",
    "Esophageal Cancer Treatment",
    "## Treatment\n\nSurgery removes part of the esophagus.\n",
)
PROFESSIONAL = document(
    "blue/professional",
    "Blue Sarcoma Lamps",
    "## Lamps\n\nLamps of the violet kind help.\n",
    audience=Audience.PROFESSIONAL,
)
PATIENT = document(
    "blue/patient", "Blue Sarcoma Lamps", "## Lamps\n\nLamps of the violet kind help.\n"
)
ALL = (*DOCUMENTS, BLUE, GULLET, PROFESSIONAL, PATIENT)


async def find(
    database: Database,
    query: str,
    *,
    slugs: Sequence[str] | None = None,
    documents: Sequence[SourceDocument] = ALL,
    embedder: Embedder | None = None,
    limit: int = 20,
) -> list[Candidate]:
    catalogue = await fill(database, documents)
    async with database.writing(SYSTEM_ROWS) as session:
        await repository.measure(session)
    search = CorpusSearch(CatalogueKeeper(database), embedder=embedder, embedding_within_s=0.2)
    ids = None if slugs is None else [entry(catalogue, slug).id for slug in slugs]
    async with database.reading() as session:
        return await search.find(session, query, cancer_ids=ids, limit=limit)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What happens with blue sarcoma?", "Blue Sarcoma Treatment"),
        ("How is an azuroma treated?", "Blue Sarcoma Treatment"),
        ("how is cancer of the gullet treated", "Esophageal Cancer Treatment"),
        ("Why do oesophageal tumours need an operation?", "Esophageal Cancer Treatment"),
        ("sezary lights", "Blue Sarcoma Treatment"),
        ("What are PD-L1 lamps?", "Blue Sarcoma Treatment"),
        ("lamps for EGFR", "Blue Sarcoma Treatment"),
        ("Which needles freeze a liver tumour?", "Liver Cancer Treatment"),
    ],
)
async def test_a_question_finds_its_page_whatever_it_calls_the_disease(
    database: Database, question: str, title: str
) -> None:
    found = await find(database, question)
    assert found[0].title == title


async def test_passages_about_given_cancers_only_or_general_ones(database: Database) -> None:
    liver = await find(database, "treatment of recurrent cancer", slugs=["liver-cancer"])
    assert {"Breast Cancer Treatment", "Recurrent Cancer"}.isdisjoint(p.title for p in liver)
    assert liver


async def test_general_passages_alone_when_asked_for(database: Database) -> None:
    general = await find(database, "treatment of recurrent cancer", slugs=[])
    assert general
    assert not any(passage.cancer_ids for passage in general)


async def test_of_equal_passages_the_one_for_patients_comes_first(database: Database) -> None:
    found = await find(database, "violet lamps")
    assert [p.audience for p in found[:2]] == [Audience.PATIENT, Audience.PROFESSIONAL]
    assert {p.title for p in found[:2]} == {"Blue Sarcoma Lamps"}


async def test_what_is_withdrawn_or_in_another_language_is_not_found(database: Database) -> None:
    assert await find(database, "azuroma")
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(update(Source).where(Source.key == "blue").values(withdrawn_at=NOON))
        await session.execute(
            update(Source).where(Source.key == "blue/patient").values(language="es")
        )
    search = CorpusSearch(CatalogueKeeper(database))
    async with database.reading() as session:
        found = await search.find(session, "violet lamps for azuroma", limit=20)
    assert [passage.audience for passage in found] == [Audience.PROFESSIONAL]


@pytest.mark.parametrize(
    "question", ["", "?!", "the of and", "xyzzy plugh", "'", "\\", "a:*", "!&|"]
)
async def test_a_question_without_a_word_of_the_corpus_finds_nothing(
    database: Database, question: str
) -> None:
    assert await find(database, question, documents=(BLUE,)) == []


async def test_words_are_ranked_before_anybody_counted_them(database: Database) -> None:
    await fill(database, ALL)
    search = CorpusSearch(CatalogueKeeper(database))
    async with database.reading() as session:
        found = await search.find(session, "violet treatment", limit=3)
    assert found[0].title == "Blue Sarcoma Lamps"


async def test_a_find_takes_few_statements(database: Database) -> None:
    await fill(database, ALL)
    keeper = CatalogueKeeper(database)
    keeper.trust(trusted=True)
    await keeper.current()
    statements: list[str] = []
    async with database.reading() as session:
        connection = await session.connection()

        def note(*arguments: object) -> None:
            statements.append(str(arguments[2]))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await CorpusSearch(keeper).find(session, "violet treatment of liver cancer", limit=3)
    assert len(statements) <= 4


class Meaning:
    """Knows one thing: which text means most what any question means."""

    model = "tests:meaning"

    def __init__(self, *, fails: bool = False, waits_s: float = 0) -> None:
        self.fails = fails
        self.waits_s = waits_s

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        assert kind is TextKind.QUERY
        await asyncio.sleep(self.waits_s)
        if self.fails:
            raise EmbedderOutOfReach("made up")
        return np.array([[1, 0]] * len(texts), dtype=np.float32)

    async def close(self) -> None: ...


async def give_vectors(database: Database, meant: str) -> None:
    async with database.reading() as session:
        passages = await CorpusSearch(CatalogueKeeper(database)).find(
            session, "surgery violet lamps treatment", limit=100
        )
    async with database.writing(SYSTEM_ROWS) as session:
        for passage in passages:
            session.add(
                PassageVector(
                    passage_id=passage.id,
                    model=stored_under(Meaning.model, 2),
                    digest=text_digest(embedded_text("", passage.text)),
                    vector=[1, 0] if passage.title == meant else [0, 1],
                )
            )


async def test_meaning_brings_what_no_word_says(database: Database) -> None:
    await find(database, "violet")
    await give_vectors(database, "Esophageal Cancer Treatment")
    search = CorpusSearch(CatalogueKeeper(database), embedder=Meaning())
    async with database.reading() as session:
        found = await search.find(session, "xyzzy", limit=3)
        both = await search.find(session, "violet", limit=3)
    assert found[0].title == "Esophageal Cancer Treatment"
    assert {p.title for p in both} >= {"Esophageal Cancer Treatment", "Blue Sarcoma Lamps"}


@pytest.mark.parametrize(
    "embedder", [Meaning(fails=True), Meaning(waits_s=60)], ids=["down", "slow"]
)
async def test_words_alone_answer_when_the_embedder_does_not(
    database: Database, embedder: Meaning
) -> None:
    found = await find(database, "violet lamps", embedder=embedder)
    assert found[0].title == "Blue Sarcoma Lamps"


def test_fusing_prefers_what_both_lists_hold() -> None:
    first, second, third = (UUID(int=number) for number in range(3))
    words = [(first, 9.0), (second, 8.0), (third, 1.0)]
    assert fused(words, [(third, 0.7), (second, 0.69), (first, 0.1)])[0] == second
    assert fused([], [(third, 0.2)]) == [third]


def test_meaning_alone_does_not_outrank_the_words() -> None:
    named, like = (UUID(int=number) for number in range(2))
    assert fused([(named, 7.0)], [(like, 0.9), (named, 0.1)]) == [named, like]
