"""How well the search finds, on data that others wrote: figures of the issue as floors."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.sources import repository
from navis_api.sources.documents import SourceDocument
from navis_api.sources.formats.readers import read_jsonl
from navis_api.sources.models import Audience
from navis_api.sources.search.corpus import CorpusSearch
from navis_api.sources.service import save_document
from tests.conftest import SAMPLES_IMPORTED_AT

OTHER_NAMES = Path(__file__).parent / "other_names.jsonl"
# The whole corpus takes long to import: patients' pages will do, all those that questions are
# about and every eighth of the others.
EVERY = 8


async def test_biomedical_questions_find_their_snippets(
    sample_database: Database, shared_data: Path, tmp_path: Path
) -> None:
    """BioASQ 7b to 11b (Krithara et al., Scientific Data 2023): plain OR full text gets 0.77."""
    questions = _lines(shared_data / "questions" / "bioasq_cancer.jsonl")
    snippets: dict[str, list[str]] = {}
    for question in questions:
        for snippet in question["snippets"]:
            snippets.setdefault(snippet["document"], []).append(snippet["text"])
    corpus = tmp_path / "snippets.jsonl"
    corpus.write_text(
        "\n".join(
            json.dumps(
                {
                    "url": url,
                    "title": f"Article {url.rpartition('/')[2]}",
                    "publisher": "BioASQ",
                    "licence": "CC BY 2.5",
                    "text": "\n\n".join(dict.fromkeys(texts)),
                }
            )
            for url, texts in snippets.items()
        )
    )
    await _import(sample_database, [d for d in read_jsonl(corpus) if isinstance(d, SourceDocument)])
    share = await _success_at_5(
        sample_database,
        [(q["question"], {snippet["document"] for snippet in q["snippets"]}) for q in questions],
    )
    assert share >= 0.93


async def test_diseases_are_found_by_other_names_than_their_pages_have(
    sample_database: Database, shared_data: Path
) -> None:
    questions = _lines(OTHER_NAMES)
    asked_about = {url for question in questions for url in question["relevant_urls"]}
    documents = [
        document
        for number, document in enumerate(read_jsonl(shared_data / "nci" / "nci_2025.jsonl.gz"))
        if isinstance(document, SourceDocument)
        and document.audience is Audience.PATIENT
        and (
            ("treatment-pdq" in document.url and document.url in asked_about) or not number % EVERY
        )
    ]
    await _import(sample_database, documents)
    there = {document.url for document in documents}
    answerable = [
        (question["query"], set(question["relevant_urls"]))
        for question in questions
        if there.intersection(question["relevant_urls"])
    ]
    assert len(answerable) >= 150
    assert await _success_at_5(sample_database, answerable) >= 0.75


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def _import(database: Database, documents: Iterable[SourceDocument]) -> None:
    async with database.reading() as session:
        catalogue = await CatalogueKeeper(database).current(session)
    for document in documents:
        async with database.writing(SYSTEM_ROWS) as session:
            await save_document(session, document, catalogue=catalogue, now=SAMPLES_IMPORTED_AT)
    async with database.writing(SYSTEM_ROWS) as session:
        await repository.measure(session)


async def _success_at_5(database: Database, questions: list[tuple[str, set[str]]]) -> float:
    keeper = CatalogueKeeper(database)
    keeper.trust(trusted=True)
    search = CorpusSearch(keeper)
    found = 0
    async with database.reading() as session:
        for question, relevant in questions:
            candidates = await search.find(session, question, limit=50)
            first = list(dict.fromkeys(candidate.url for candidate in candidates))[:5]
            found += not relevant.isdisjoint(first)
    return found / len(questions)
