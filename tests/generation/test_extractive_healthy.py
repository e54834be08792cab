"""Who isn't said to have cancer: a value in blood, or an inherited gene change; made-up pages."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.extractive.told_of_oneself import tells_of_a_diagnosis
from navis_api.generation.wording import is_unfit, leans_on_what_stands_before
from tests.generation.answered import answered, asked, closing, headings, texts
from tests.sources.corpus import document

AFP = document(
    "liver-afp",
    "AFP Test for Liver Cancer",
    """
## What is a normal AFP test result?

An AFP level above nine spoons is called abnormal. Both liver cancer and benign blue spots can
raise it. Running may raise AFP for a day.

## What is done if a test shows an elevated AFP level?

The doctor may recommend another AFP test after the next full moon. The doctor may also take out
a small piece of the liver with a long needle.

## How is the AFP test used in people who have been treated for liver cancer?

An AFP level that rises may be the first sign that liver cancer has come back.
""",
)
SURGERY = document(
    "liver-surgery",
    "Surgery to Reduce the Risk of Liver Cancer",
    """
## Can surgery reduce the risk of liver cancer?

Risk-reducing surgery takes out half of the liver in people with a harmful change in BRCA1.
It lowers the risk by at least 95% in people who have that change.

## What are the potential harms of risk-reducing surgery?

As with any other surgery, risk-reducing surgery has harms such as a cold nose.
It is never undone again.

## Can people have risk-reducing surgery who have already been diagnosed with liver cancer?

Some people who have been diagnosed with liver cancer have the other half removed.
""",
)
TREATMENT = document(
    "liver-treatment",
    "Liver Cancer Treatment",
    """
## Treatment of liver cancer

Treatment of liver cancer with a change in BRCA1 may include surgery and green tablets.
""",
)


@pytest.mark.parametrize(
    "text",
    [
        "My AFP went up to 12 last week, what does that mean?",
        "AFP 12 at age 50, should I worry about liver cancer?",
        "What does a raised AFP mean?",
    ],
)
async def test_a_value_of_who_has_no_cancer_isnt_told_as_a_return(
    database: Database, text: str
) -> None:
    pieces = await answered(database, text, "liver-cancer", [AFP])

    assert headings(pieces) == ["What a higher value of AFP may mean", "What may be done next"]
    assert "An AFP level above nine spoons is called abnormal." in texts(pieces)
    assert "Both liver cancer and benign blue spots can raise it." in texts(pieces)
    assert "The doctor may recommend another AFP test after the next full moon." in texts(pieces)
    assert not any("come back" in said for said in texts(pieces))


async def test_a_value_after_treatment_is_told_as_before(database: Database) -> None:
    text = "My AFP is up to 12 after surgery for liver cancer, what does that mean?"
    pieces = await answered(database, text, "liver-cancer", [AFP])

    assert any("come back" in said for said in texts(pieces))


@pytest.mark.parametrize(
    "text",
    [
        "I have BRCA1, should I have my liver removed?",
        "I carry a BRCA1 mutation. What are my options to prevent liver cancer?",
        "My sister is BRCA1 positive, should she have preventive surgery against liver cancer?",
    ],
)
async def test_who_carries_a_gene_change_is_told_what_lowers_the_risk(
    database: Database, text: str
) -> None:
    pieces = await answered(database, text, "liver-cancer", [SURGERY, TREATMENT])

    assert headings(pieces)[:2] == [
        "Surgery to lower the risk of liver cancer",
        "Possible harms of surgery to lower the risk",
    ]
    told = " ".join(texts(pieces))
    assert "It lowers the risk by at least 95% in people who have that change." in told
    assert "It is never undone again." in told
    assert "green tablets" not in told
    assert "diagnosed" not in told
    assert not any("my treatment" in question for question in closing(pieces).doctor_questions)
    assert not any("my tumor" in question for question in closing(pieces).doctor_questions)


@pytest.mark.parametrize(
    ("text", "carries"),
    [
        ("I'm a healthy carrier of BRCA2, what screening do I need?", True),
        ("We carry a TP53 mutation, how can we lower our cancer risk?", True),
        ("Should I have my liver out to prevent liver cancer, I have BRCA1", True),
        ("I have liver cancer with BRCA1, should it be removed?", False),
        ("Stage 2 liver cancer, BRCA1 positive, do I need surgery?", False),
        ("Which drugs work against liver cancer with a TP53 mutation?", False),
        ("I have BRCA1, does chemotherapy work?", False),
        ("My liver cancer came back and I have BRCA1, what now?", False),
    ],
)
def test_who_carries_a_gene_change_and_is_not_ill(
    catalogue: Catalogue, text: str, *, carries: bool
) -> None:
    assert asked(catalogue, text).is_carrier is carries


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("I have cancer and my PSA is 12, what does that mean", True),
        ("Does it mean I have cancer?", False),
        ("My AFP is high, do I have cancer?", False),
        ("How can we lower our cancer risk?", False),
        ("Should I have it out to prevent cancer?", False),
    ],
)
def test_a_diagnosis_is_told_where_somebody_has_it(text: str, *, is_told: bool) -> None:
    assert tells_of_a_diagnosis(text.lower().strip("?")) is is_told


def test_a_share_of_people_is_no_interval_of_a_study() -> None:
    assert not is_unfit("It lowers the risk by at least 95% in most people.")
    assert is_unfit("The risk was lower (0.4; 95% CI, 0.2 to 0.6).")
    assert not leans_on_what_stands_before("As with any operation, it has harms.")
    assert leans_on_what_stands_before("As with that one, it has harms.")
