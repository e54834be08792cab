"""Who has children or wants them is no child, and neither is a liver that is scored."""

import pytest

from navis_api.generation.extractive.people_asked import of_parents
from navis_api.vocabulary.understanding import concepts


@pytest.mark.parametrize(
    "text",
    [
        "liver cancer child-pugh b options",
        "what does child pugh class c mean for treatment",
        "cervical cancer and wanting children",
        "we hope to have more children after hodgkin lymphoma",
        "i am planning a baby after breast cancer",
        "i have two small children and lung cancer",
    ],
)
def test_whose_question_speaks_of_children_needs_not_be_a_child(text: str) -> None:
    child = concepts()["child"]
    assert child not in of_parents(text, [child, concepts()["fertility"]])


@pytest.mark.parametrize("text", ["my child has liver cancer", "liver cancer in children"])
def test_a_child_that_has_it_is_one(text: str) -> None:
    child = concepts()["child"]
    assert child in of_parents(text, [child])
