"""The search by vectors: exact, the same with pgvector and without, and only what may be found."""

from uuid import UUID

import asyncpg
import numpy as np
import pytest
from sqlalchemy import delete, select, update

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.engine import asyncpg_address
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources.embedding import nearest_repository
from navis_api.sources.embedding.embedder import TextKind, stored_under
from navis_api.sources.embedding.nearest import NearestPassages, Neighbour
from navis_api.sources.embedding.tasks import EmbeddingTask
from navis_api.sources.embedding.vectors import Vector, unit
from navis_api.sources.models import PassageRow, PassageVector, Source
from navis_api.sources.retrieval import CHILD_HEADING
from navis_api.sources.service import save_document
from tests.sources.corpus import NOON, document, entry, fill
from tests.sources.embedding_server import CountingEmbedder

MODEL = CountingEmbedder().model


@pytest.fixture
async def catalogue(database: Database) -> Catalogue:
    catalogue = await fill(database)
    await embed(database)
    return catalogue


async def embed(database: Database, embedder: CountingEmbedder | None = None) -> None:
    task = EmbeddingTask(
        database, embedder or CountingEmbedder(), clock=lambda: NOON, batch_size=50, lease_s=30
    )
    await task.embed_missing(lambda _: None)


@pytest.fixture(params=["here", "postgres"])
async def nearest(
    request: pytest.FixtureRequest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> NearestPassages:
    """The search, by the way that is named."""
    if request.param == "here":
        without_extension(monkeypatch)
    else:
        async with database.reading() as session:
            if await nearest_repository.extension_schema(session) is None:
                pytest.skip("this Postgres has no pgvector")
    return NearestPassages(MODEL)


def without_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(_: object) -> None:
        return None

    monkeypatch.setattr(nearest_repository, "extension_schema", none)


async def vector_of(text: str) -> Vector:
    return (await CountingEmbedder().embed([text], kind=TextKind.QUERY))[0]


async def find(
    database: Database,
    nearest: NearestPassages,
    query: str,
    cancer_ids: list[UUID] | None = None,
    *,
    limit: int = 100,
    without_heading: str | None = None,
) -> list[Neighbour]:
    async with database.reading() as session:
        return await nearest.find(
            session,
            await vector_of(query),
            cancer_ids=cancer_ids,
            limit=limit,
            without_heading=without_heading,
        )


async def headings(database: Database, found: list[Neighbour]) -> list[str]:
    async with database.reading() as session:
        rows = {row.id: row.heading for row in await session.scalars(select(PassageRow))}
    return [rows[each.passage_id] for each in found]


async def test_what_is_nearest_comes_first_and_nothing_is_left_out(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    query = "cold ablation: a probe freezes the tumor until its cells die"
    found = await find(database, nearest, query)
    async with database.reading() as session:
        passages = list(await session.scalars(select(PassageRow)))
    texts = [f"{passage.heading}\n{passage.text}" for passage in passages]
    every = await CountingEmbedder().embed(texts, kind=TextKind.PASSAGE)
    cosines = every @ await vector_of(query)
    expected = {passage.id: cosine for passage, cosine in zip(passages, cosines, strict=True)}
    assert {each.passage_id for each in found} == set(expected)
    similarities = [each.similarity for each in found]
    assert similarities == sorted(similarities, reverse=True)
    np.testing.assert_allclose(
        similarities, [expected[each.passage_id] for each in found], atol=1e-6
    )
    assert "Ablation" in (await headings(database, found))[0]
    assert await find(database, nearest, query, limit=3) == found[:3]


async def test_only_passages_about_the_cancer_or_about_none(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    query = "treatment of recurrent breast cancer"
    breast = await find(database, nearest, query, [entry(catalogue, "breast-cancer").id])
    assert {heading.split(" > ")[0] for heading in await headings(database, breast)} >= {
        "Breast Cancer Treatment"
    }
    assert not any("Liver" in heading for heading in await headings(database, breast))
    general = await headings(database, await find(database, nearest, query, []))
    assert any(heading.startswith("Recurrent Cancer") for heading in general)
    assert not any(heading.startswith(("Liver", "Breast")) for heading in general)


async def test_headings_can_be_left_out(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    query = "treatment of recurrent childhood liver cancer"
    found = await headings(database, await find(database, nearest, query))
    assert "Childhood" in found[0]
    without = await find(database, nearest, query, without_heading=CHILD_HEADING)
    assert not any("Childhood" in heading for heading in await headings(database, without))


async def test_withdrawn_sources_and_other_languages_are_gone_at_once(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    before = await find(database, nearest, "symptoms of liver cancer")
    assert any("Stages" in heading for heading in await headings(database, before))
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Source).where(Source.title.contains("Copy")).values(withdrawn_at=NOON)
        )
        await session.execute(
            update(Source).where(Source.title.contains("Stages")).values(language="es")
        )
    after = await headings(database, await find(database, nearest, "symptoms of liver cancer"))
    assert not any("Copy" in heading or "Stages" in heading for heading in after)
    assert len(after) < len(before)


async def test_samples_serve_until_there_is_something_real(
    database: Database, nearest: NearestPassages
) -> None:
    catalogue = await fill(database, ())
    sample = document("sample", "Liver Cancer Sample", "## About\n\nLiver cancer is treated.")
    real = document("real", "Liver Cancer", "## About\n\nThe liver cancer is treated here.")
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, sample, catalogue=catalogue, now=NOON, sample=True)
    await embed(database)
    assert len(await find(database, nearest, "liver cancer")) == 1
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, real, catalogue=catalogue, now=NOON)
    await embed(database)
    found = await headings(database, await find(database, nearest, "liver cancer"))
    assert found == ["Liver Cancer > About"]


async def test_what_is_embedded_later_is_found_and_what_is_gone_is_not(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    query = "a sentence about a lighthouse"
    await find(database, nearest, query)
    new = document("lighthouse", "Lighthouse", "## About\n\nA sentence about a lighthouse.")
    async with database.writing(SYSTEM_ROWS) as session:
        await save_document(session, new, catalogue=catalogue, now=NOON)
    assert "Lighthouse" not in str(await headings(database, await find(database, nearest, query)))
    await embed(database)
    found = await find(database, nearest, query)
    assert (await headings(database, found))[0].startswith("Lighthouse")
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(delete(PassageRow).where(PassageRow.id == found[0].passage_id))
    assert found[0] not in await find(database, nearest, query)
    await embed(database)
    assert found[1:] == await find(database, nearest, query)


async def test_vectors_of_other_models_and_lengths_are_never_compared(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    async with database.reading() as session:
        for search, length in ((NearestPassages("test:another"), 64), (nearest, 32)):
            vector = unit(np.ones((1, length)))[0]
            assert await search.find(session, vector, cancer_ids=None, limit=5) == []
    other = CountingEmbedder("test:another", dimensions=32)
    await embed(database, other)
    async with database.reading() as session:
        vector = (await other.embed(["ablation"], kind=TextKind.QUERY))[0]
        found = await NearestPassages("test:another").find(
            session, vector, cancer_ids=None, limit=100
        )
        ours = await nearest.find(session, await vector_of("ablation"), cancer_ids=None, limit=100)
    assert len(found) == len(ours) > 10
    assert {each.similarity for each in found} != {each.similarity for each in ours}


async def test_a_query_of_which_the_model_knows_nothing_finds_nothing(
    database: Database, catalogue: Catalogue, nearest: NearestPassages
) -> None:
    assert await find(database, nearest, "…") == []
    assert await find(database, nearest, "ablation", limit=0) == []


async def test_both_ways_find_the_same(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.reading() as session:
        if await nearest_repository.extension_schema(session) is None:
            pytest.skip("this Postgres has no pgvector")
    catalogue = await fill(database)
    random = np.random.default_rng(7)
    async with database.writing(SYSTEM_ROWS) as session:
        passages = list(await session.scalars(select(PassageRow.id)))
        vectors = unit(random.standard_normal((len(passages), 384)))
        session.add_all(
            PassageVector(
                passage_id=passage, model=stored_under(MODEL, 384), digest=b"", vector=row.tolist()
            )
            for passage, row in zip(passages, vectors, strict=True)
        )
    queries = unit(random.standard_normal((20, 384)))
    with_pgvector, here = NearestPassages(MODEL), NearestPassages(MODEL)
    liver = entry(catalogue, "liver-cancer").id
    async with database.reading() as session:
        for cancer_ids in (None, [], [liver]):
            found = [
                await with_pgvector.find(session, query, cancer_ids=cancer_ids, limit=7)
                for query in queries
            ]
            with monkeypatch.context() as patched:
                without_extension(patched)
                same = [
                    await here.find(session, query, cancer_ids=cancer_ids, limit=7)
                    for query in queries
                ]
            for one, other in zip(found, same, strict=True):
                assert [each.passage_id for each in one] == [each.passage_id for each in other]
                np.testing.assert_allclose(
                    [each.similarity for each in one],
                    [each.similarity for each in other],
                    atol=1e-6,
                )
    assert here._kept is not None
    assert with_pgvector._kept is None


async def test_an_extension_in_another_schema_is_found(
    database: Database, database_url: str, catalogue: Catalogue
) -> None:
    connection = await asyncpg.connect(asyncpg_address(database_url))
    try:
        there = await connection.fetchval(
            "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"
        )
        if not there:
            pytest.skip("this Postgres has no pgvector")
        await connection.execute('CREATE SCHEMA "Odd schema"')
        await connection.execute('ALTER EXTENSION vector SET SCHEMA "Odd schema"')
        # Where we may not use it, it isn't there for us.
        async with database.reading() as session:
            assert await nearest_repository.extension_schema(session) is None
        assert len(await find(database, NearestPassages(MODEL), "ablation", limit=3)) == 3
        await connection.execute('GRANT USAGE ON SCHEMA "Odd schema" TO PUBLIC')
    finally:
        await connection.close()
    nearest = NearestPassages(MODEL)
    assert len(await find(database, nearest, "ablation", limit=3)) == 3
    assert nearest._kept is None
