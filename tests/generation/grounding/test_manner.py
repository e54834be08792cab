"""Doses in all their forms, and orders to the reader; levels in blood are neither."""

import pytest

from navis_api.generation.grounding.manner import against_manner
from navis_api.generation.grounding.verdicts import ReasonKind


@pytest.mark.parametrize(
    "text",
    [
        "High-dose methotrexate at 6 g/m2 may be given.",
        "Methotrexate at 3.5 g/m² may be given.",
        "The vitamin was tolerated at 2.5 g/kg.",
        "Mitotane is given as 2 to 4 g per day.",
        "Carboplatin AUC 4 may be given.",
        "Carboplatin at an AUC of 7 may be given.",
        "Radium at 50 kBq per kilogram may be given.",
        "Thirty milligrams of tamoxifen may help.",
        "Forty mg of tamoxifen may help.",
        "A 7-mg tablet may help.",
        "Two tablets in the morning may help.",
        "Interferon at 5 million units may be given.",
        "Pembrolizumab is given every 3 weeks.",
        "Nivolumab may be given every two weeks.",
        "Gemcitabine is given on days 1, 8 and 15.",
        "Bortezomib is given twice a week.",
        "A ½ teaspoon of the syrup may help.",
    ],
)
def test_a_dose_is_refused(text: str) -> None:
    reason = against_manner(text, text)
    assert reason is not None
    assert reason.kind is ReasonKind.DOSE


@pytest.mark.parametrize(
    "text",
    [
        "Albumin is 3.2 g/dL or higher.",
        "The PSA level is below 10 ng/mL.",
        "Hemoglobin fell below 8 g per deciliter.",
        "Calcium is above 11 mg/dL.",
        "CA 19-9 was above 37 units/mL.",
        "Check-ups take place every 3 to 6 months.",
        "Two drugs are combined in one tablet.",
        "Radiation therapy is given 5 days a week.",
        "It was stopped after 5 G-CSF injections.",
        "Mix 1/4 teaspoon salt and ½ teaspoon of baking soda with water to rinse the mouth.",
    ],
)
def test_a_level_or_a_time_is_no_dose(text: str) -> None:
    assert against_manner(text, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Avoid chemotherapy.",
        "Have surgery.",
        "Please get radiation therapy.",
        "Never have surgery.",
        "Say no to chemotherapy.",
        "You can stop chemotherapy.",
        "You may safely stop taking tamoxifen.",
        "Tamoxifen should be started now.",
        "Chemotherapy should be stopped.",
        "Chemotherapy should not be given.",
        "Take one tablet with food.",
        "Take it with food.",
        "Try turmeric.",
        "Use a pain reliever before you go to bed.",
        "Start letrozole. Your body will get used to it.",
        "Choose a stem cell transplant.",
        "Do not skip the infusions.",
    ],
)
def test_an_order_is_refused(text: str) -> None:
    reason = against_manner(text, text)
    assert reason is not None
    assert reason.kind is ReasonKind.ADVICE


@pytest.mark.parametrize(
    "text",
    [
        "have surgery to remove the tumor",
        "Avoid the sun after treatment.",
        "Have someone drive you home.",
        "You can stop taking part in the trial at any time.",
        "Ask whether you can stop the drug.",
        "Chemotherapy may be stopped because of side effects.",
        "Use fans and open windows to keep air moving.",
        "Try soft foods, which are easier to swallow.",
        "Choose clothes that are easy to take off.",
        "Start with what's most important.",
        "Take a short walk after meals.",
        "Do not skip meals.",
        "Use of tamoxifen was not linked to it.",
        "Clean the mouth and teeth at least 4 times a day.",
    ],
)
def test_what_orders_no_treatment_stays(text: str) -> None:
    assert against_manner(text, text) is None
