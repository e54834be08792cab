"""The `llm` engine for one patient: what a model may say of them, and on which facts."""

import json
from dataclasses import replace

from navis_api.generation.contract import Closing, DraftClaim, GenerationPiece
from tests.generation.llm.world import Corpus, World, sections, world
from tests.generation.personal.facts import facts_of
from tests.language_model import Json, Reply, answer, citation, claim, data_of, says, section

BACK = "Recurrent liver cancer is cancer that came back after treatment."
AGAIN = "Recurrent liver cancer may be treated with targeted therapy."
STAGE_IV = "Embolization therapy is a treatment option that can ease symptoms of liver cancer."
ABLATION = "Ablation therapy destroys tissue without removing it."
CAME_BACK = facts_of(
    ["PRIMARY_CANCER", "liver-cancer", None],
    ["STAGE_GROUP", "extent", "recurrent"],
    ["MEDICATION", "sorafenib", "STOPPED"],
    ["STAGE_GROUP", "group", "II", "FAMILY"],
)
FOURTH = facts_of(["PRIMARY_CANCER", "liver-cancer", None], ["STAGE_GROUP", "group", "IV"])


def writes(*told: tuple[str, list[int]]) -> Reply:
    """A model that says these sentences, on these facts, wherever it was shown them."""

    def whole(data: Json) -> str:
        claims: list[Json] = []
        for text, facts in told:
            shown = [each["passage"] for each in data["passages"] if text in each["text"]]
            written = claim(text, citation(shown[0] if shown else 1, text))
            claims.append({**written, "facts": facts})
        return answer(section("OPTIONS", "", *claims))

    return says(whole)


async def told_to(w: World, facts: object, text: str | None = None) -> list[GenerationPiece]:
    request = w.request(text) if text else w.request()
    asked = replace(request, facts=facts)
    pieces = [piece async for piece in w.engine.write(asked)]
    await w.require_quotes(pieces)
    return pieces


def claims_of(pieces: list[GenerationPiece]) -> list[DraftClaim]:
    return [claim for each in sections(pieces) for claim in each.claims]


async def test_a_claim_names_the_facts_that_it_rests_on_whatever_the_model_says(
    corpus: Corpus,
) -> None:
    async with world(corpus, writes((BACK, []), (AGAIN, [2]), (ABLATION, [2]))) as w:
        told = await told_to(w, CAME_BACK)
    assert {each.text: each.facts for each in claims_of(told)} == {
        BACK: (2,),
        AGAIN: (2,),
        # Nothing in it turns on a return of the cancer, though the model says so.
        ABLATION: (1,),
    }


async def test_what_contradicts_the_facts_or_names_others_is_refused(corpus: Corpus) -> None:
    lies = writes((BACK, [9]), (STAGE_IV, [2]), (AGAIN, [4]), (AGAIN, []), (ABLATION, []))
    async with world(corpus, lies) as w:
        told = await told_to(w, CAME_BACK)
    assert [each.text for each in claims_of(told)] == [AGAIN, ABLATION]


async def test_another_patient_is_told_something_else(corpus: Corpus) -> None:
    question = "What are my treatment options for liver cancer?"
    async with world(corpus, writes((BACK, []), (STAGE_IV, []), (ABLATION, []))) as w:
        told = await told_to(w, FOURTH, question)
    assert {each.text: each.facts for each in claims_of(told)} == {STAGE_IV: (2,), ABLATION: (1,)}


async def test_a_model_is_told_the_facts_that_count_and_their_form(corpus: Corpus) -> None:
    async with world(corpus, writes((AGAIN, []), (ABLATION, []))) as w:
        told = await told_to(w, CAME_BACK)
        (request,) = w.model.requests
    shown = data_of(request)["facts"]
    assert [each["fact"] for each in shown] == [1, 2, 3]
    assert shown[2] == {
        "fact": 3,
        "kind": "MEDICATION",
        "name": "sorafenib",
        "assertion": "PRESENT",
        "temporality": "CURRENT",
        "treatment_status": "STOPPED",
    }
    schema = json.dumps(request["response_format"])
    assert '"facts"' in schema
    closing = told[-1]
    assert isinstance(closing, Closing)
    asked_first = [unknown.doctor_question for unknown in closing.unknowns]
    assert list(closing.doctor_questions[: len(asked_first)]) == asked_first


async def test_without_facts_a_model_is_asked_as_before_and_its_facts_are_nobodys(
    corpus: Corpus,
) -> None:
    async with world(corpus, writes((AGAIN, [1]), (ABLATION, [2]))) as w:
        told = await told_to(w, ())
        (request,) = w.model.requests
    assert [each.facts for each in claims_of(told)] == [(), ()]
    assert "facts" not in data_of(request)
    assert '"facts"' not in json.dumps(request["response_format"])
    assert "THE PATIENT" not in json.dumps(request["messages"])
