"""The extractive engine on a small made-up corpus: what it says, and what it must not say."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
    Progress,
)
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.models import GenerationStatus
from navis_api.sources.models import SourceVersion
from tests.generation.answered import answered, closing, sections, texts
from tests.sources.corpus import DOCUMENTS, entry, fill

RECURRENCE = "My liver cancer came back - what are my options now"


async def write(
    database: Database,
    text: str,
    slug: str | None = "liver-cancer",
    written: Sequence[DraftSection] = (),
) -> list[GenerationPiece]:
    return await answered(database, text, slug, written=written)


def said(pieces: Sequence[GenerationPiece]) -> str:
    return "\n".join(texts(pieces))


async def test_a_recurrence_is_answered_in_sections_with_the_options_of_that_cancer(
    database: Database,
) -> None:
    pieces = await write(database, RECURRENCE)
    headings = [section.heading for section in sections(pieces)]
    assert headings[0] == "What it means when liver cancer comes back"
    assert headings[1] == "Treatment options for liver cancer that has come back"
    assert {"Surgery", "Ablation therapy", "Immunotherapy", "Clinical trials"} <= set(headings)
    assert "partial hepatectomy in people whose liver works well" in said(pieces)


async def test_the_work_is_reported_before_and_after_the_sections(database: Database) -> None:
    pieces = await write(database, RECURRENCE)
    statuses = [piece.status for piece in pieces if isinstance(piece, Progress)]
    assert statuses == [
        GenerationStatus.RETRIEVING,
        GenerationStatus.DRAFTING,
        GenerationStatus.CHECKING,
    ]
    assert pieces[0] == Progress(GenerationStatus.RETRIEVING)


async def test_every_claim_is_a_quote_to_the_letter(database: Database) -> None:
    pieces = await write(database, RECURRENCE)
    async with database.reading() as session:
        texts = {row.id: row.text for row in await session.scalars(select(SourceVersion))}
    claims = [claim for section in sections(pieces) for claim in section.claims]
    assert claims
    for claim in claims:
        (citation,) = claim.citations
        source = texts[citation.source_version_id]
        assert claim.text == citation.quote == source[citation.start : citation.end]


@pytest.mark.parametrize(
    "foreign",
    ["Colorectal", "breast", "bile duct", "Madeupinib", "only children", "colon"],
)
async def test_nothing_is_said_about_another_cancer_or_other_people(
    database: Database, foreign: str
) -> None:
    assert foreign not in said(await write(database, RECURRENCE))


@pytest.mark.parametrize(
    "debris", ["50 mg", "See the section", "randomized", "Professionals alone"]
)
async def test_no_doses_references_to_elsewhere_or_study_reports(
    database: Database, debris: str
) -> None:
    assert debris not in said(await write(database, RECURRENCE))


async def test_a_list_keeps_its_lead_in(database: Database) -> None:
    pieces = await write(database, RECURRENCE)
    for section in sections(pieces):
        styles = [claim.style for claim in section.claims]
        for before, style in zip([None, *styles], styles, strict=False):
            if style is ClaimStyle.BULLET:
                assert before in {ClaimStyle.LEAD_IN, ClaimStyle.BULLET, ClaimStyle.SENTENCE}
        assert styles[-1] is not ClaimStyle.LEAD_IN
        assert styles[0] is not ClaimStyle.BULLET


async def test_no_section_begins_with_a_pronoun(database: Database) -> None:
    pieces = await write(database, RECURRENCE)
    starts = [section.claims[0].text.split()[0] for section in sections(pieces)]
    assert not {"It", "These", "This", "They"} & set(starts)
    # A pronoun keeps the sentence that it refers to.
    text = said(pieces)
    assert text.index("It may come back in the liver") > text.index("Recurrent liver cancer is")


async def test_what_two_documents_say_is_said_once(database: Database) -> None:
    pieces = await write(database, RECURRENCE)
    assert said(pieces).count("Recurrent liver cancer is cancer that came back") == 1


async def test_a_child_is_answered_from_texts_on_children(database: Database) -> None:
    text = "My child's liver cancer came back, what are the options"
    assert "only children have" in said(await write(database, text))


async def test_what_the_sources_hardly_cover_is_said_to_be_so(database: Database) -> None:
    pieces = await write(database, "What is oligometastatic liver cancer and can it be cured")
    gaps = " ".join(closing(pieces).gaps)
    assert "oligometastatic liver cancer" in gaps
    assert "can be cured" in gaps
    assert "ablation" not in said(pieces).lower()
    assert "Cancer that spreads to a distant part of the body" in said(pieces)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Does wearing magnets cure liver cancer", "liver-cancer"),
        ("Which hospital in Lyon is best for liver cancer", "liver-cancer"),
        ("Will my dog get sad", None),
        ("How is thymoma treated", "thymoma"),
        ("asdf qwer", None),
    ],
)
async def test_what_the_sources_say_nothing_about_is_not_answered(
    database: Database, text: str, slug: str | None
) -> None:
    pieces = await write(database, text, slug)
    assert sections(pieces) == []
    last = pieces[-1]
    assert isinstance(last, Abstention)
    assert "team" in last.message
    assert not any(letter.isdigit() for letter in last.message)


async def test_a_circumstance_that_is_not_covered_is_a_gap(database: Database) -> None:
    pieces = await write(
        database, "What are the treatment options for liver cancer with gallstones"
    )
    assert sections(pieces)
    assert "gallstones" in " ".join(closing(pieces).gaps)


async def test_the_closing_has_questions_and_steps_of_ours(database: Database) -> None:
    frame = closing(await write(database, RECURRENCE))
    assert frame.title == "Liver cancer that has come back: treatment options"
    assert 4 <= len(frame.doctor_questions) <= 6
    assert 3 <= len(frame.next_steps) <= 5
    assert "come back in the same place" in frame.doctor_questions[0]


async def test_the_same_question_has_the_same_answer(database: Database) -> None:
    assert await write(database, RECURRENCE) == await write(database, RECURRENCE)


@pytest.mark.parametrize("already", [1, 3, 6])
async def test_a_second_worker_goes_on_where_the_first_one_stopped(
    database: Database, already: int
) -> None:
    whole = await write(database, RECURRENCE)
    begun = sections(whole)[:already]
    rest = await write(database, RECURRENCE, written=begun)
    assert [*begun, *sections(rest)] == sections(whole)
    assert closing(rest) == closing(whole)


async def test_an_empty_corpus_is_no_answer(database: Database) -> None:
    await fill(database, ())
    engine = ExtractiveEngine(database, CatalogueKeeper(database))
    catalogue = await CatalogueKeeper(database).current()
    request = GenerationRequest(RECURRENCE, entry(catalogue, "liver-cancer").id)
    pieces = [piece async for piece in engine.write(request)]
    assert isinstance(pieces[-1], Abstention)
    assert not sections(pieces)


async def test_symptoms_are_answered_without_another_cancers_bullet(database: Database) -> None:
    pieces = await write(database, "What are the symptoms of liver cancer?")
    assert next(section.kind for section in sections(pieces)) is SectionKind.EXPLANATION
    assert "yellow skin" in said(pieces)
    assert "bile duct" not in said(pieces)


def test_the_corpus_of_these_tests_says_that_it_is_made_up() -> None:
    assert {document.publisher for document in DOCUMENTS} == {"Made up for tests"}
