"""Eating, swallowing, and whether it is dangerous; on made-up documents."""

from navis_api.db.sessions import Database
from tests.generation.answered import answered, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## People with liver cancer have special nutritional needs.

People with liver cancer may have trouble swallowing and need a long spoon for their soup.

## Surgery

If the throat is narrow, a stent made of green glass may be placed in it.
""",
)
WEIGHT = document(
    "weight",
    "Weight Changes and Cancer",
    """
## Ways to manage appetite loss and weight loss

Eat seven small pancakes with much butter in the course of a day.

## Ways to manage increased appetite and weight gain

Eat seven large leaves of lettuce without butter in the course of a day.
""",
)
PAGES = (LIVER, WEIGHT)


async def test_who_loses_weight_is_told_what_to_eat(database: Database) -> None:
    text = "liver cancer, what can he eat, he keeps losing weight"
    told = " ".join(texts(await answered(database, text, "liver-cancer", PAGES)))

    assert "pancakes" in told
    assert "lettuce" not in told


async def test_who_gains_weight_isnt_told_to_eat_more(database: Database) -> None:
    text = "I have liver cancer and keep gaining weight, what should I eat?"
    told = " ".join(texts(await answered(database, text, "liver-cancer", PAGES)))

    assert "lettuce" in told
    assert "pancakes" not in told


async def test_what_opens_the_way_is_told_to_who_cannot_swallow(database: Database) -> None:
    text = "My husband has liver cancer and can hardly swallow. What can be done?"
    told = " ".join(texts(await answered(database, text, "liver-cancer", PAGES)))

    assert "a stent made of green glass" in told


async def test_whether_it_is_dangerous_is_told_of_that_very_cancer(database: Database) -> None:
    page = document(
        "liver-outlook",
        "Liver Cancer Treatment",
        """
## General Information About Liver Cancer

Liver cancer may bend the ribs beside it, but it usually does not spread to other places.

A cough usually does not spread to other people.

## Prognosis

The prognosis depends on the weather.
""",
    )
    text = "Is liver cancer dangerous?"
    told = texts(await answered(database, text, "liver-cancer", [page]))

    assert told[0].startswith("Liver cancer may bend the ribs beside it")
    assert not any("cough" in said for said in told)
