"""Whether something is cancer: the sentences that say so of that very thing come first."""

import pytest

from navis_api.db.sessions import Database
from navis_api.questions.generality.reader import is_of_anybody
from navis_api.questions.safety.notices import Refusal
from navis_api.questions.safety.refusals import refusal
from navis_api.vocabulary.wondered import wondered
from tests.generation.answered import answered, headings, texts
from tests.sources.corpus import document

THYMOMA = document(
    "thymoma",
    "Thymoma Treatment",
    """
## General Information About Thymoma

Thymoma is a disease of the thymus. The thymus lies behind the breastbone.

Most thymomas are benign (not cancer), but they sometimes become cancer. It is not known whether a
thymoma is cancer from its color. Treatment of a malignant thymoma is surgery.
""",
)
SKIN = document(
    "skin",
    "Skin Cancer Treatment",
    """
## General Information About Skin Cancer

- Glass warts are hard. Although glass warts are not cancer, they may turn into skin cancer.
- Brass spots are soft. They come and go.
""",
)


async def test_it_begins_with_what_says_whether_it_is_cancer(database: Database) -> None:
    pieces = await answered(database, "Is a thymoma cancer?", "thymoma", (THYMOMA, SKIN))
    assert headings(pieces)[0] == "Whether this is cancer"
    assert texts(pieces)[0].startswith("Most thymomas are benign")
    assert not any("surgery" in text for text in texts(pieces)[:2])


async def test_what_was_found_is_what_is_pointed_at(database: Database) -> None:
    pieces = await answered(
        database, "They saw a thymoma on my MRI. Is that cancer?", "thymoma", (THYMOMA, SKIN)
    )
    assert texts(pieces)[0].startswith("Most thymomas are benign")


async def test_a_thing_that_is_no_cancer_is_found_wherever_it_is_told_of(
    database: Database,
) -> None:
    pieces = await answered(database, "Are glass warts cancer?", None, (THYMOMA, SKIN))
    assert texts(pieces) == ["Although glass warts are not cancer, they may turn into skin cancer."]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Is a glass wart cancer?", "glass wart"),
        ("My aunt has this too. Are polyps really a type of cancer?", "polyps"),
        ("Is a leiomyoma benign or malignant?", "leiomyoma"),
        ("They found a cyst. Is it cancer?", "it"),
    ],
)
def test_the_thing_is_read(text: str, thing: str) -> None:
    found = wondered(text)
    assert found is not None
    assert found.thing == thing


@pytest.mark.parametrize(
    "text", ["Is cancer contagious?", "Is my cancer treatment working?", "Is this lump cancer?"]
)
def test_other_questions_ask_no_such_thing(text: str) -> None:
    assert wondered(text) is None


def test_it_needs_no_cancer_to_be_named() -> None:
    assert is_of_anybody("Are glass warts cancer?")
    assert not is_of_anybody("Is it cancer?")


def test_a_disease_is_explained_and_a_lump_is_not_judged() -> None:
    assert refusal("Is leiomyoma a cancer or not?") is None
    assert refusal("Is the lump cancer or not?") is Refusal.JUDGE_FROM_AFAR
