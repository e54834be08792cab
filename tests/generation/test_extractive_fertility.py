"""Having children: for women and men apart, and what can be done before; on made-up documents."""

import pytest

from navis_api.db.sessions import Database
from navis_api.generation.extractive.sexes import Sex, sex_told
from tests.generation.answered import answered, headings, texts
from tests.sources.corpus import document


def _page(whose: str, part: str, kept: str) -> str:
    return f"""
## Cancer treatments may cause infertility or lower your fertility

### Chemotherapy and fertility

Chemotherapy can make {part} sleep for many years.

### Radiation therapy and fertility

Radiation therapy can dry out {part} like a summer pond.

## Fertility preservation methods for {whose}

### Freezing of {kept}

Before treatment begins, {kept} may be kept in a cold and quiet room.
"""


FEMALE = document("women", "Female Fertility and Cancer", _page("females", "the ovaries", "eggs"))
MALE = document("men", "Male Fertility and Cancer", _page("males", "the testicles", "sperm"))
PAGES = (FEMALE, MALE)
_WOMEN = [
    "Women: whether treatment may harm fertility",
    "Women: what can be done before treatment",
]
_MEN = ["Men: whether treatment may harm fertility", "Men: what can be done before treatment"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I start chemo for liver cancer. Can I still have children?", _WOMEN + _MEN),
        ("My wife has liver cancer, can she have kids after chemo?", _WOMEN),
        ("My son needs chemo for liver cancer. Will it affect his fertility?", _MEN),
        ("Can I freeze my eggs before chemotherapy for liver cancer?", _WOMEN),
    ],
)
async def test_who_it_is_for_is_said(database: Database, text: str, expected: list[str]) -> None:
    pieces = await answered(database, text, "liver-cancer", PAGES)

    assert headings(pieces) == expected


async def test_no_other_treatment_is_told_of(database: Database) -> None:
    text = "Will chemotherapy for liver cancer make me infertile?"
    told = texts(await answered(database, text, "liver-cancer", PAGES))

    assert "Chemotherapy can make the ovaries sleep for many years." in told
    assert "Chemotherapy can make the testicles sleep for many years." in told
    assert not any("pond" in said for said in told)


async def test_what_is_done_before_treatment_is_not_told_after_it(database: Database) -> None:
    text = "I had chemo for liver cancer 5 years ago, can I have children?"
    pieces = await answered(database, text, "liver-cancer", PAGES)

    assert not any("before treatment" in heading for heading in headings(pieces))


def test_a_sex_is_told_by_words_or_by_the_cancer() -> None:
    assert sex_told({"my", "wife"}, {"liver-cancer"}) is Sex.WOMAN
    assert sex_told({"kids"}, {"testicular-cancer"}) is Sex.MAN
    assert sex_told({"his", "her"}, {"liver-cancer"}) is None
    assert sex_told({"kids"}, {"liver-cancer"}) is None
