"""Each part of a question, what is ruled out, and what is weighed; on made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.extractive.matching import readable_now
from tests.generation.answered import answered, asked, closing, gaps, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## General Information About Liver Cancer

Liver cancer is a disease in which malignant cells grow in the liver.

### Causes of liver cancer

Old lamps increase the risk of liver cancer.

## Treatment Option Overview

The following types of treatment are used for liver cancer:

- surgery to remove the lamp
- partial hepatectomy
- warm light

Candle therapy is used for people who cannot have surgery.

### Surgery

Surgery for liver cancer takes out part of the liver. Surgery can be given before noon because
the liver is smaller then.

### Chemotherapy

Chemotherapy for liver cancer is given in a glass.

### Candle therapy

Candle therapy for liver cancer warms the liver. Patients are given candle pills every day.

Bathing after surgery may lower the risk that liver cancer will come back.

## Treatment of Metastatic Liver Cancer

Treatment of metastatic liver cancer may include a glass of rest.

## Treatment of Recurrent Liver Cancer

Treatment of recurrent liver cancer may include a second lamp.

## Palliative care for liver cancer

Palliative care for liver cancer eases the itch. At the end of life, the feet may grow cold.

## Screening for liver cancer

Lamp tests are done every 10 years to screen people at average risk of liver cancer. People at
increased risk of liver cancer may be advised to start screening earlier.
""",
)


@pytest.mark.parametrize(
    "question",
    [
        "My uncle has liver cancer and can't have surgery. What else can be done?",
        "Surgery isn't an option for my dad's liver cancer. What is there?",
        "Mum is too frail for an operation for her liver cancer. What are the alternatives?",
    ],
)
async def test_who_cannot_have_a_treatment_is_told_what_there_is_without_it(
    database: Database, question: str
) -> None:
    pieces = await answered(database, question, "liver-cancer", [LIVER])
    said = " ".join(texts(pieces))
    assert headings(pieces)[0] == "If surgery isn't possible for liver cancer"
    assert texts(pieces)[0] == "Candle therapy is used for people who cannot have surgery."
    assert "glass of rest" in said
    assert "takes out part" not in said
    assert "hepatectomy" not in said
    assert "surgery" not in " ".join(closing(pieces).next_steps)


async def test_why_somebody_cannot_have_a_treatment_is_about_that(catalogue: Catalogue) -> None:
    assert not asked(catalogue, "Why can't my father have surgery?").withheld
    assert [each.key for each in asked(catalogue, "He can't have chemo. What else?").withheld] == [
        "chemotherapy"
    ]


@pytest.mark.parametrize(
    "question",
    [
        "How can I stop my liver cancer from coming back?",
        "What can I do to prevent liver cancer returning?",
        "My liver cancer was removed. How do I make sure it doesn't come back?",
    ],
)
async def test_what_keeps_the_cancer_away_is_no_question_on_its_return(
    database: Database, question: str
) -> None:
    pieces = await answered(database, question, "liver-cancer", [LIVER])
    said = " ".join(texts(pieces))
    assert "Bathing after surgery may lower the risk" in said
    assert "second lamp" not in said
    assert "that has come back" not in closing(pieces).title


@pytest.mark.parametrize(
    "question",
    [
        "My liver cancer came back - what are my options now",
        "If I stop taking tamoxifen will my liver cancer come back?",
        "How do I stop worrying about my liver cancer coming back?",
    ],
)
def test_a_return_that_is_told_or_feared_is_nothing_to_prevent(
    catalogue: Catalogue, question: str
) -> None:
    assert not asked(catalogue, question).is_against_return


async def test_treatment_or_comfort_is_told_of_both_and_not_of_the_last_days(
    database: Database,
) -> None:
    pieces = await answered(
        database,
        "Dad's liver cancer has spread. Should he have chemo or just be kept comfortable?",
        "liver-cancer",
        [LIVER],
    )
    said = " ".join(texts(pieces))
    assert "glass of rest" in said
    assert "given in a glass" in said
    assert "eases the itch" in said
    assert "feet may grow cold" not in said


async def test_what_it_is_is_told_beside_what_causes_it(database: Database) -> None:
    pieces = await answered(
        database,
        "My mum has liver cancer. What is it exactly and what causes it?",
        "liver-cancer",
        [LIVER],
    )
    assert headings(pieces)[:2] == ["What liver cancer is", "Causes and risk factors"]


def test_what_is_felt_is_pointed_at_and_not_the_cancer(catalogue: Catalogue) -> None:
    told = "I had surgery for liver cancer and my leg is swollen. What is it and what can I do?"
    assert not asked(catalogue, told).wants_definition


def test_whether_it_will_spread_is_asked_and_not_told(catalogue: Catalogue) -> None:
    assert asked(catalogue, "Will it spread?").asked_states == {"metastasis"}
    assert not asked(catalogue, "It has spread. What can be done?").asked_states


def test_the_effects_are_those_of_the_treatment_in_the_other_part(catalogue: Catalogue) -> None:
    read = asked(catalogue, "What is chemotherapy and what are the long term effects?")
    assert [part.has("chemotherapy") for part in read.parts] == [True, True]


def test_tablets_are_pills(catalogue: Catalogue) -> None:
    (tablets,) = asked(catalogue, "Will I have to take tablets for life?").required
    assert tablets.is_said(readable_now("Patients are given candle pills."))


async def test_who_is_at_a_higher_risk_is_not_told_what_is_for_others(database: Database) -> None:
    question = "I carry a BRCA2 mutation. How often should I be screened for liver cancer?"
    said = " ".join(texts(await answered(database, question, "liver-cancer", [LIVER])))
    assert "start screening earlier" in said
    assert "every 10 years" not in said


async def test_who_asks_why_is_told_the_reason_or_that_there_is_none(database: Database) -> None:
    question = "Why is surgery for liver cancer done before noon?"
    pieces = await answered(database, question, "liver-cancer", [LIVER])
    assert "because the liver is smaller then" in " ".join(texts(pieces)).replace("\n", " ")
    assert "“why”" not in gaps(pieces)
    question = "Why is chemotherapy for liver cancer given in winter?"
    pieces = await answered(database, question, "liver-cancer", [LIVER])
    assert "“why”" in gaps(pieces)
