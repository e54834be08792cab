"""Numbers with units, in digits and words."""

import pytest

from navis_api.vocabulary.quantities import Bound, quantities_in


@pytest.mark.parametrize(
    ("text", "values", "unit", "bound"),
    [
        ("five years", (5,), "year", Bound.EXACT),
        ("5-year survival", (5,), "year", Bound.EXACT),
        ("20 to 30 percent", (20, 30), "percent", Bound.EXACT),
        ("10%-20%", (10, 20), "percent", Bound.EXACT),
        ("between 5 and 10 years", (5, 10), "year", Bound.EXACT),
        ("about 90%", (90,), "percent", Bound.ABOUT),
        ("almost 90%", (90,), "percent", Bound.ABOUT),
        ("more than 1,000 people", (1000,), "people", Bound.OVER),
        ("65 years or older", (65,), "year", Bound.OVER),
        ("at most 3 weeks", (3,), "week", Bound.UNDER),
        ("one in five", (20,), "percent", Bound.EXACT),
        ("9 out of 10 people", (90,), "percent", Bound.EXACT),
        ("half of them", (50,), "percent", Bound.EXACT),
        ("2 cm", (2,), "cm", Bound.EXACT),
        ("100 mg/m2", (100,), "mg/m2", Bound.EXACT),
        ("1–5 sites", (1, 5), "tumor", Bound.EXACT),
        ("twenty-five", (25,), "", Bound.EXACT),
        ("1.5 million", (1_500_000,), "", Bound.EXACT),
        ("in 2024", (2024,), "calendar_year", Bound.EXACT),
        ("before age 17", (17,), "year", Bound.EXACT),
        ("$5,000", (5000,), "usd", Bound.EXACT),
    ],
)
def test_a_number_is_read_with_its_unit(
    text: str, values: tuple[float, ...], unit: str, bound: Bound
) -> None:
    (quantity,) = quantities_in(text)
    assert (quantity.values, quantity.unit, quantity.bound) == (values, unit, bound)
    assert quantity.text == text[quantity.start : quantity.end]


@pytest.mark.parametrize(
    "text",
    [
        "stage 3",
        "stage 3 and 4",
        "5-FU",
        "CA 19-9",
        "HER2",
        "T2N1M0",
        "type 2 diabetes",
        "COVID-19",
        "phase 3 trial",
        "one of the drugs",
        "a 3D mammogram",
        "24/7",
    ],
)
def test_a_number_within_a_name_counts_nothing(text: str) -> None:
    assert quantities_in(text) == []


def test_a_number_of_any_length_is_no_error() -> None:
    assert len(quantities_in("9" * 10_000)) == 1
