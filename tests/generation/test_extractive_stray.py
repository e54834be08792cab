"""What a question seems to ask and doesn't: a word taken for another, a limb, an unborn child."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.extractive.plan import make_plan
from navis_api.generation.extractive.spelling import put_right
from tests.generation.answered import asked


@pytest.mark.parametrize(
    "word",
    ["beating", "present", "remote", "shopping", "breeding", "leaving", "height", "threat"],
)
def test_a_word_that_there_is_is_no_typing_error(word: str) -> None:
    assert put_right(word) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("symtoms", "symptoms"), ("treatmnt", "treatment"), ("recurence", "recurrence")],
)
def test_a_mistyped_word_is_put_right(typed: str, meant: str) -> None:
    assert put_right(typed) == meant


async def test_who_beats_it_asks_for_no_food(catalogue: Catalogue) -> None:
    read = asked(catalogue, "What is liver cancer and what are the chances of beating it?")
    assert not read.has("nutrition")
    assert read.has("prognosis")


@pytest.mark.parametrize(
    "text",
    [
        "My lymph nodes were removed for liver cancer and my leg is swollen. What is it?",
        "My arm swelled up after radiation for liver cancer. What can I do?",
        "Since radiotherapy for liver cancer my feet are puffy.",
        "They took out lymph glands because of liver cancer. Now my ankles swell. What helps?",
    ],
)
async def test_a_limb_that_swells_after_its_nodes_were_treated_has_a_name(
    catalogue: Catalogue, text: str
) -> None:
    read = asked(catalogue, text)
    assert read.has("lymphedema")
    assert not read.has("surgery")
    assert not read.has("radiation")
    # What it is comes first.
    assert make_plan(read)[0].heading == "What “lymphedema” means"


@pytest.mark.parametrize(
    "text",
    [
        "My belly is swollen and I have liver cancer. What is it?",
        "Were the lymph nodes removed for liver cancer, and is that usual?",
    ],
)
async def test_no_other_swelling_is_called_so(catalogue: Catalogue, text: str) -> None:
    assert not asked(catalogue, text).has("lymphedema")


async def test_the_harm_to_a_baby_is_asked_of_the_treatment(catalogue: Catalogue) -> None:
    read = asked(
        catalogue,
        "I am pregnant and have liver cancer. Can I be treated and will it hurt the baby?",
    )
    assert read.has("pregnancy")
    assert not read.has("pain")
    labels = {need for section in make_plan(read) for need in (section.asks_for, section.heading)}
    assert not any("children" in label for label in labels)


async def test_early_signs_are_no_early_stage(catalogue: Catalogue) -> None:
    assert not asked(catalogue, "What are the early signs of liver cancer?").has("early_stage")
    assert asked(catalogue, "How is early liver cancer treated?").has("early_stage")
