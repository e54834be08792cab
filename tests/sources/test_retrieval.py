"""Retrieval: the right cancer's passages, patients' pages first, nothing that is withdrawn."""

import pytest
from sqlalchemy import update

from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources.models import Audience, Source
from navis_api.sources.quotes import QuoteDiffers, QuotedSpan, require_exact
from navis_api.sources.retrieval import Candidate, all_of, any_of, find_passages, has_passages
from tests.sources.corpus import NOON, entry, fill


async def found(
    database: Database, query: str, slug: str | None, *, with_children: bool = False
) -> list[Candidate]:
    catalogue = await fill(database)
    ids = [entry(catalogue, slug).id] if slug else []
    async with database.reading() as session:
        return await find_passages(
            session, query, cancer_ids=ids, limit=50, with_children=with_children
        )


async def test_only_passages_about_the_cancer_are_found(database: Database) -> None:
    passages = await found(database, any_of(["recurrent", "come back"]), "liver-cancer")
    assert {passage.title for passage in passages} >= {"Liver Cancer Treatment"}
    assert all("Breast" not in passage.title for passage in passages)


async def test_any_of_the_phrases_is_enough_and_all_groups_are_needed(database: Database) -> None:
    passages = await found(
        database, all_of([["recurrence", "recurrent"], ["ablation"]]), "liver-cancer"
    )
    assert [passage.headings[-1] for passage in passages] == ["Treatment of recurrent liver cancer"]


async def test_pages_for_patients_come_before_those_for_professionals(database: Database) -> None:
    audiences = [p.audience for p in await found(database, any_of(["recurrent"]), "liver-cancer")]
    assert audiences == sorted(audiences)[::-1] or audiences[-1] is Audience.PROFESSIONAL
    assert audiences[0] is Audience.PATIENT


async def test_texts_on_children_are_found_only_when_wanted(database: Database) -> None:
    query = any_of(["recurrent"])
    without = await found(database, query, "liver-cancer")
    with_children = await found(database, query, "liver-cancer", with_children=True)
    assert not any("Childhood" in passage.title for passage in without)
    assert any("Childhood" in passage.title for passage in with_children)


async def test_an_empty_list_of_cancers_asks_for_general_texts(database: Database) -> None:
    titles = {p.title for p in await found(database, any_of(["cancer"]), None)}
    assert titles >= {"Recurrent Cancer", "Metastatic Cancer: When Cancer Spreads"}
    assert "Liver Cancer Treatment" not in titles


async def test_withdrawn_sources_and_other_languages_are_not_found(database: Database) -> None:
    catalogue = await fill(database)
    liver = [entry(catalogue, "liver-cancer").id]
    async with database.writing(SYSTEM_ROWS) as session:
        await session.execute(
            update(Source).where(Source.title.contains("Stages")).values(language="es")
        )
        await session.execute(
            update(Source).where(Source.title.contains("Copy")).values(withdrawn_at=NOON)
        )
    async with database.reading() as session:
        found = await find_passages(session, any_of(["symptoms"]), cancer_ids=liver, limit=50)
    assert not any("Stages" in passage.title or "Copy" in passage.title for passage in found)


async def test_an_empty_query_finds_nothing(database: Database) -> None:
    assert any_of(["", "…"]) == ""
    assert await found(database, "", "liver-cancer") == []


async def test_a_passage_is_the_text_at_its_offsets(database: Database) -> None:
    passages = await found(database, any_of(["recurrent"]), "liver-cancer")
    spans = [QuotedSpan(p.version_id, p.start, p.end, p.text) for p in passages]
    async with database.reading() as session:
        await require_exact(session, spans)
        shifted = [QuotedSpan(p.version_id, p.start + 1, p.end + 1, p.text) for p in passages]
        with pytest.raises(QuoteDiffers):
            await require_exact(session, shifted)


async def test_whether_there_is_any_text_on_a_cancer(database: Database) -> None:
    catalogue = await fill(database)
    async with database.reading() as session:
        assert await has_passages(session, [entry(catalogue, "liver-cancer").id])
        assert not await has_passages(session, [entry(catalogue, "thymoma").id])
