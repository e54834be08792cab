"""A family of cancers without a page of its own: what holds for one kind names that kind."""

from navis_api.db.sessions import Database
from tests.generation.answered import answered, headings, sections, texts
from tests.sources.corpus import document

RARE = document(
    "rare",
    "Childhood Brass Cell Tumors Treatment",
    """
## General Information About Childhood Brass Cell Tumors

### Childhood liver cancer may cause symptoms for a long time.

Signs of liver cancer include a thirst at night. Check with your
child's doctor if your child drinks from the bath.
""",
)
GREEN = document(
    "green",
    "Childhood Hepatoblastoma",
    """
## Symptoms of childhood hepatoblastoma

Children may not have symptoms for a while. It's important to check with your child's doctor if
your child has any of the symptoms below:

- a heavy head in the morning that gets lighter after breakfast
- green ears
- slow steps

These symptoms may be caused by problems other than hepatoblastoma.
""",
)
BLUE = document(
    "blue",
    "Childhood Hepatocellular Carcinoma",
    """
## Symptoms of childhood hepatocellular carcinoma

The symptoms depend on the child's age. Check with your child's doctor if your child has:

- a heavy head in the morning that gets lighter after breakfast
- blue knees

These symptoms may be caused by problems other than hepatocellular carcinoma.
""",
)


async def test_signs_are_told_of_each_kind_and_not_of_a_rare_one(
    database: Database,
) -> None:
    pages = (RARE, GREEN, BLUE)
    pieces = await answered(
        database, "What are the symptoms of liver cancer in a child?", "liver-cancer", pages
    )
    assert headings(pieces) == [
        "Signs and symptoms of hepatoblastoma",
        "Signs and symptoms of hepatocellular carcinoma",
    ]
    assert not any("thirst" in text or "bath" in text for text in texts(pieces))


async def test_each_kind_has_its_whole_list(
    database: Database,
) -> None:
    pieces = await answered(
        database, "What are the symptoms of liver cancer in a child?", "liver-cancer", (GREEN, BLUE)
    )
    for section in sections(pieces):
        assert any("gets lighter after breakfast" in claim.text for claim in section.claims)


async def test_a_page_on_a_rare_kind_is_quoted_where_there_is_no_other(database: Database) -> None:
    pieces = await answered(
        database, "What are the symptoms of liver cancer in a child?", "liver-cancer", (RARE,)
    )
    assert any("thirst" in text for text in texts(pieces))


YOUNG = document(
    "young",
    "Childhood Hepatoblastoma Treatment",
    """
## Side effects and late effects of hepatoblastoma treatment

Late effects of hepatoblastoma treatment may include tin elbows.
""",
)


async def test_the_page_of_a_childrens_cancer_is_its_own_though_no_child_is_named(
    database: Database,
) -> None:
    """ "Childhood" heads the very page: whoever asks about that cancer is meant by it."""
    text = "What are the long-term problems after treatment for hepatoblastoma?"
    pieces = await answered(database, text, "hepatoblastoma", (YOUNG,))
    assert any("tin elbows" in each for each in texts(pieces))
