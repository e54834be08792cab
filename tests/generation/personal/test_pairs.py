"""Patients with opposite facts who ask the same, on the sample sources.

The cases (`pairs.jsonl`) are samples written by us: what each answer has to say, on which facts it
rests, what it must not say, and what it has to ask. No clinician has looked at them.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Closing,
    DraftClaim,
    DraftSection,
    GenerationPiece,
    GenerationRequest,
)
from navis_api.generation.extractive.engine import ExtractiveEngine
from tests.generation.personal.facts import facts_of

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("pairs.jsonl").read_text("utf-8").splitlines()
]
BY_PAIR: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
for each in CASES:
    BY_PAIR[each["pair"]].append(each)
PAIRS = {name: cases for name, cases in BY_PAIR.items() if len(cases) > 1}


async def answer(database: Database, case: dict[str, Any]) -> list[GenerationPiece]:
    keeper = CatalogueKeeper(database)
    cancer = (await keeper.current()).by_slug[case["cancer"]]
    request = GenerationRequest(case["question"], cancer.id, facts=facts_of(*case["facts"]))
    return [piece async for piece in ExtractiveEngine(database, keeper).write(request)]


def claims_of(pieces: list[GenerationPiece]) -> list[DraftClaim]:
    sections = [piece for piece in pieces if isinstance(piece, DraftSection)]
    return [claim for section in sections for claim in section.claims]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["pair"])
async def test_an_answer_says_what_holds_for_the_case_and_nothing_of_the_opposite(
    sample_database: Database, case: dict[str, Any]
) -> None:
    pieces = await answer(sample_database, case)
    claims = claims_of(pieces)
    for words, facts in case["says"].items():
        rests_on = [claim.facts for claim in claims if words in claim.text]
        assert rests_on == [tuple(facts)], words
    for words in case["says_not"]:
        assert not [claim.text for claim in claims if words.lower() in claim.text.lower()], words
    closing = pieces[-1]
    assert isinstance(closing, Closing)
    assert [unknown.key for unknown in closing.unknowns] == case["unknown"]
    asked_first = [unknown.doctor_question for unknown in closing.unknowns]
    assert list(closing.doctor_questions[: len(asked_first)]) == asked_first
    known = set(range(1, len(case["facts"]) + 1))
    assert all(set(claim.facts) <= known for claim in claims)


@pytest.mark.parametrize("name", PAIRS)
async def test_opposite_facts_get_different_answers(sample_database: Database, name: str) -> None:
    told = [
        {claim.text for claim in claims_of(await answer(sample_database, case))}
        for case in PAIRS[name]
    ]
    one, other = told
    assert one != other


async def test_facts_that_do_not_count_change_nothing_but_what_is_said_of_them(
    sample_database: Database,
) -> None:
    own: list[list[Any]] = [["PRIMARY_CANCER", "non-small-cell-lung-cancer", None]]
    case: dict[str, Any] = {**CASES[0], "facts": own}
    plain = await answer(sample_database, case)
    keeper = CatalogueKeeper(sample_database)
    cancer = (await keeper.current()).by_slug["lung-cancer"]
    relatives = facts_of(*own, ["GENOMIC_VARIANT", "egfr", "mutated", "FAMILY"])
    request = GenerationRequest(case["question"], cancer.id, facts=relatives)
    theirs = [piece async for piece in ExtractiveEngine(sample_database, keeper).write(request)]
    assert theirs == plain


async def test_a_dispute_is_a_question_and_not_a_fact(sample_database: Database) -> None:
    keeper = CatalogueKeeper(sample_database)
    cancer = (await keeper.current()).by_slug["breast-cancer"]
    facts = facts_of(
        ["PRIMARY_CANCER", "breast-cancer", None],
        ["STAGE_GROUP", "extent", "metastatic"],
        ["TUMOR_MARKER", "er", "positive", "PRESENT", True],
        ["TUMOR_MARKER", "er", "negative", "PRESENT", True],
    )
    request = GenerationRequest("What are my treatment options?", cancer.id, facts=facts)
    pieces = [piece async for piece in ExtractiveEngine(sample_database, keeper).write(request)]
    closing = pieces[-1]
    assert isinstance(closing, Closing)
    assert "different things" in closing.doctor_questions[0]
    assert not {3, 4} & {number for claim in claims_of(pieces) for number in claim.facts}


async def test_facts_on_another_cancer_change_nothing_and_the_answer_says_so(
    sample_database: Database,
) -> None:
    case = CASES[2]
    keeper = CatalogueKeeper(sample_database)
    cancer = (await keeper.current()).by_slug["colon-cancer"]
    engine = ExtractiveEngine(sample_database, keeper)
    request = GenerationRequest(case["question"], cancer.id)
    *general, _ = [piece async for piece in engine.write(request)]
    facts = facts_of(["PRIMARY_CANCER", "breast-cancer", None], ["STAGE_GROUP", "group", "IV"])
    elsewhere = GenerationRequest(case["question"], cancer.id, facts=facts)
    *told, closing = [piece async for piece in engine.write(elsewhere)]
    assert told == general
    assert isinstance(closing, Closing)
    assert closing.unknowns == ()
    assert "about another cancer" in closing.gaps[-1]


async def test_an_answer_goes_on_behind_the_sections_that_stand(sample_database: Database) -> None:
    case = CASES[4]
    keeper = CatalogueKeeper(sample_database)
    cancer = (await keeper.current()).by_slug[case["cancer"]]
    engine = ExtractiveEngine(sample_database, keeper)
    request = GenerationRequest(case["question"], cancer.id, facts=facts_of(*case["facts"]))
    whole = [piece async for piece in engine.write(request)]
    sections = [piece for piece in whole if isinstance(piece, DraftSection)]
    assert len(sections) > 1
    rest = [piece async for piece in engine.write(request, written=sections[:1])]
    assert [piece for piece in rest if isinstance(piece, DraftSection)] == sections[1:]
    assert rest[-1] == whole[-1]
