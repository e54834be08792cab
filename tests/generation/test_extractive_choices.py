"""What people weigh: a trial, the risks of a treatment; answers on made-up documents."""

from collections.abc import Sequence

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import GenerationPiece
from tests.generation.answered import answered, asked, closing, headings, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Treatment Option Overview

Treatment of liver cancer may include surgery.

### New types of treatment are being tested in clinical trials.

New singing is being tested for liver cancer in a clinical trial.

### Patients may want to think about taking part in a clinical trial.

For some patients, taking part in a clinical trial may be a good choice. Patients who take part in
a clinical trial may have the usual treatment or a new one.

### Patients can enter clinical trials before, during, or after starting their treatment.

Some clinical trials only include patients who have not yet had treatment.

### Surgery

Surgery for liver cancer takes out a small part of the liver.

## Side effects of surgery

Surgery for liver cancer may cause cold hands and a loud stomach.

## Risk factors for liver cancer

Anything that increases the chance of getting liver cancer is called a risk factor. Walking on the
grass may increase the risk of liver cancer.
""",
)
FORM = document(
    "form",
    "Living with Cancer",
    """
## Clinical trials

To find clinical trials for easing symptoms, use this search form. Under “Keywords,” type the
symptom that you are interested in. Clinical trials test new ways to treat people with cancer.
""",
)
PAGES = (LIVER, FORM)


async def write(
    database: Database, text: str, slug: str | None = "liver-cancer"
) -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


def topics(catalogue: Catalogue, text: str) -> Sequence[str]:
    return [concept.key for concept in asked(catalogue, text).concepts]


@pytest.mark.parametrize(
    "text",
    [
        "How do I find a clinical trial for liver cancer?",
        "Should I join a clinical trial for liver cancer?",
        "What are the risks of taking part in a clinical trial for liver cancer?",
    ],
)
async def test_who_thinks_of_a_trial_is_told_what_it_is_to_take_part(
    database: Database, text: str
) -> None:
    pieces = await write(database, text)
    assert headings(pieces)[0] == "Taking part in a clinical trial"
    said = texts(pieces)
    assert "For some patients, taking part in a clinical trial may be a good choice." in said
    assert "Some clinical trials only include patients who have not yet had treatment." in said
    assert not any("risk factor" in text for text in texts(pieces))
    assert any("register of trials" in step for step in closing(pieces).next_steps)


async def test_how_to_fill_in_a_form_is_not_quoted(database: Database) -> None:
    pieces = await write(database, "How do clinical trials work?", None)
    assert texts(pieces) == ["Clinical trials test new ways to treat people with cancer."]


async def test_the_risks_of_a_treatment_are_not_those_of_getting_the_cancer(
    database: Database,
) -> None:
    pieces = await write(database, "What are the risks of having surgery for liver cancer?")
    assert texts(pieces)[0] == "Surgery for liver cancer may cause cold hands and a loud stomach."
    assert not any("grass" in text for text in texts(pieces))


async def test_what_a_treatment_does_where_the_cancer_is_comes_first(database: Database) -> None:
    page = document(
        "liver-radiation",
        "Liver Cancer Treatment",
        """
## Radiation therapy

Radiation therapy for liver cancer uses rays. Radiation therapy can cause a purple belly.

## Treatment of liver cancer

Treatment of liver cancer may include radiation therapy.
""",
    )
    general = document(
        "radiation",
        "Radiation Therapy Side Effects",
        """
Radiation therapy may make people yawn. Side effects of radiation therapy come late.
""",
    )

    pieces = await answered(
        database,
        "What are the side effects of radiation for liver cancer?",
        "liver-cancer",
        [page, general],
    )

    assert headings(pieces)[0] == "Side effects of radiation therapy for liver cancer"
    assert texts(pieces)[0] == "Radiation therapy can cause a purple belly."
    assert any("yawn" in text for text in texts(pieces))


@pytest.mark.parametrize(
    ("text", "on_causes"),
    [
        ("What are the risk factors for liver cancer?", True),
        ("Does drinking raise the risk of liver cancer?", True),
        ("Does radiation raise the risk of heart disease in liver cancer?", False),
        ("What are the risks of radiation for liver cancer?", False),
        ("What are the risks of screening for liver cancer?", False),
    ],
)
async def test_risks_are_told_apart(catalogue: Catalogue, text: str, *, on_causes: bool) -> None:
    assert ("causes" in topics(catalogue, text)) is on_causes


async def test_what_a_treatment_is_comes_before_the_rest_of_it(database: Database) -> None:
    page = document(
        "chemotherapy",
        "Chemotherapy to Treat Cancer",
        """
Chemotherapy is a type of cancer treatment that uses drugs to stop cells. It is given in a chair.

## How often you receive chemotherapy

Chemotherapy is given on Mondays. Chemotherapy may be given on Fridays as well.
""",
    )

    pieces = await answered(database, "What is chemotherapy?", None, [page])

    assert texts(pieces)[0] == (
        "Chemotherapy is a type of cancer treatment that uses drugs to stop cells."
    )
    assert any("Mondays" in text for text in texts(pieces))
