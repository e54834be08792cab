"""What symptoms and side effects say of a cause: that they are named, not that they are treated."""

import pytest

from navis_api.generation.grounding.reading import read


@pytest.mark.parametrize(
    ("sentence", "says_it"),
    [
        ("Symptoms of brain tumors include headaches.", True),
        ("The side effects of the drug are fever and chills.", True),
        ("It is given to relieve symptoms.", False),
        ("It helps to control symptoms of the disease.", False),
        ("The patient has symptoms.", False),
    ],
)
def test_symptoms_are_caused_where_they_are_named(*, sentence: str, says_it: bool) -> None:
    assert ("cause" in read(sentence).said) is says_it
