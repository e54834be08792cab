"""What the name of a cancer tells beyond the catalogue's own."""

import pytest

from navis_api.questions.sameness.cancer_names import kinds_told
from navis_api.questions.sameness.decision import same_question
from tests.questions.sample_catalogue import sample_catalogue


@pytest.mark.parametrize(
    ("slug", "said", "kinds"),
    [
        ("mesothelioma", "pleural mesothelioma", {"pleural"}),
        ("mesothelioma", "peritoneal mesothelioma", {"peritoneal"}),
        ("mesothelioma", "malignant mesothelioma", set()),
        ("renal-cell-cancer", "clear cell kidney cancer", {"clear"}),
        ("renal-cell-cancer", "RCC", set()),
        ("oral-cavity-cancer", "tongue cancer", {"tongue"}),
        # The name joins two; each is only one side of it.
        ("oral-cavity-cancer", "lip cancer", {"lip"}),
        ("oral-cavity-cancer", "mouth cancer", set()),
        ("head-and-neck-cancer", "cancer of the head and neck", set()),
        ("colorectal-cancer", "bowel cancer", set()),
        ("endometrial-cancer", "cancer of the lining of the womb", set()),
        ("pancreatic-neuroendocrine-tumor", "insulinoma", {"insulinoma"}),
        # Initials stand for a name in full, and what it tells.
        ("head-and-neck-cancer", "HNSCC", {"squamous"}),
        # A marker and the patients have slots of their own.
        ("her2-positive-breast-cancer", "HER2+ breast cancer", set()),
        # A mistyped name is the one that is meant.
        ("mesothelioma", "peritonael mesothelioma", {"peritoneal"}),
        ("melanoma", "melanomas", set()),
    ],
)
def test_a_name_tells_its_kind(slug: str, said: str, kinds: set[str]) -> None:
    assert kinds_told(sample_catalogue().by_slug[slug], said) == kinds


def test_no_name_tells_another_kind_than_its_own_spelling_does() -> None:
    for entry in sample_catalogue().entries:
        british = {name.replace("tumor", "tumour") for name in entry.names}
        assert {kinds_told(entry, name) for name in british} <= {
            kinds_told(entry, name) for name in entry.names
        }


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("what is peritoneal mesothelioma", "What is pleural mesothelioma?"),
        ("what is pleural mesothelioma", "What is mesothelioma?"),
        ("how is tongue cancer treated", "How is mouth cancer treated?"),
        ("outlook for MALT lymphoma", "What is the outlook for marginal zone lymphoma?"),
        ("what is common bile duct cancer", "What is bile duct cancer?"),
        ("what is the most common pancreatic cancer", "What is pancreatic cancer?"),
        ("what does possible lymphoma mean", "What does lymphoma mean?"),
        ("early stomach cancer treatment", "How is stomach cancer treated?"),
    ],
)
def test_a_qualifier_makes_it_another_question(asked: str, known: str) -> None:
    catalogue = sample_catalogue()
    assert not same_question(asked, known, catalogue).same
    assert not same_question(known, asked, catalogue).same


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("symptoms of cancer in the lining of the womb", "symptoms of endometrial cancer"),
        ("ovarian ca symptoms", "What are the symptoms of ovarian cancer?"),
        (
            "what's the most common breast cancer symptoms",
            "What are the symptoms of breast cancer?",
        ),
        ("how do they treat oral cancer", "How is mouth cancer treated?"),
    ],
)
def test_another_name_of_the_same_changes_nothing(asked: str, known: str) -> None:
    assert same_question(asked, known, sample_catalogue()).same
