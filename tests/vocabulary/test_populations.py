"""Whom a text speaks of."""

import pytest

from navis_api.vocabulary.populations import populations_in


def keys(text: str) -> set[str]:
    return {mention.key for mention in populations_in(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in children", {"child"}),
        ("paediatric", {"child"}),
        ("my 5-year-old", {"child"}),
        ("our 8 month old", {"child"}),
        ("aged 12 years and older", {"child"}),
        ("a 16 year old", {"adolescent"}),
        ("adults", {"adult"}),
        ("over 65", {"older"}),
        ("in her 70s", {"older"}),
        ("pregnant", {"pregnant"}),
        ("post-menopausal women", {"postmenopausal", "female"}),
        ("after a liver transplant", {"transplanted"}),
        ("living with HIV", {"hiv"}),
        ("my daughter has leukemia", {"child"}),
        ("my daughter, 34 years old", {"adult"}),
        ("over 400,000 replies", set[str]()),
        ("hearing aids", set[str]()),
    ],
)
def test_groups_of_people_are_read(text: str, expected: set[str]) -> None:
    assert keys(text) == expected
