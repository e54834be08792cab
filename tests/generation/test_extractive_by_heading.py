"""What a heading, a list or a stage's parts limit isn't told without them, and in a fit order."""

from navis_api.db.sessions import Database
from navis_api.generation.wording import is_unfit
from tests.generation.answered import answered, headings, sections, texts
from tests.sources.corpus import document


async def test_what_holds_for_a_part_of_a_pregnancy_stands_under_its_heading(
    database: Database,
) -> None:
    page = document(
        "liver-pregnancy",
        "Treatment of Liver Cancer During Pregnancy",
        """
Treatment of liver cancer during pregnancy depends on the trimester.

## Treatment of liver cancer in the first trimester

Liver cancer is treated with a loud bell. The pregnancy cannot go on with the bell.

## Treatment of liver cancer in the second trimester

Liver cancer is treated with a quiet drum. The pregnancy goes on with the drum.
""",
    )
    question = "I am pregnant and have liver cancer. How is it treated?"

    told = {
        section.heading: [claim.text for claim in section.claims]
        for section in sections(await answered(database, question, "liver-cancer", [page]))
    }

    assert (
        "The pregnancy cannot go on with the bell."
        in told["Treatment of liver cancer in the first trimester"]
    )
    assert (
        "The pregnancy goes on with the drum."
        in told["Treatment of liver cancer in the second trimester"]
    )


async def test_options_of_a_place_are_not_told_of_all(database: Database) -> None:
    page = document(
        "liver-places",
        "Liver Cancer Treatment",
        """
## Treatment of liver cancer in the left lobe

Treatment may include:

- a green ribbon
- a silver spoon

## Treatment of liver cancer in the right lobe

Treatment may include:

- a wooden hat
- a paper boat
""",
    )
    pieces = await answered(
        database, "What are the treatment options for liver cancer?", "liver-cancer", [page]
    )

    told = {section.heading: [c.text for c in section.claims] for section in sections(pieces)}
    for said in told.values():
        assert not {"a green ribbon", "a wooden hat"} <= set(said)
    left = [heading for heading, said in told.items() if "a green ribbon" in said]
    assert left == ["Treatment of liver cancer in the left lobe"]


async def test_no_test_is_told_as_if_it_were_all_that_is_done(database: Database) -> None:
    page = document(
        "liver-tests",
        "Liver Cancer Diagnosis",
        """
## Tests to diagnose liver cancer

The following tests and procedures may be used:

- Blue lamp exam: A lamp is held over the belly to look for a striped swelling of the skin.
- Whistle test: The doctor whistles and listens for what the liver says to that.
- Feather scan: A feather is drawn over the liver by a machine in the dark.
""",
    )
    question = "What tests are done to find out whether a striped swelling is liver cancer?"

    said = texts(await answered(database, question, "liver-cancer", [page]))

    if any("Blue lamp" in each for each in said):
        assert any("Whistle" in each for each in said)
        assert any("Feather" in each for each in said)


async def test_the_parts_of_a_stage_are_not_announced_and_left_out(database: Database) -> None:
    page = document(
        "liver-stage",
        "Liver Cancer Treatment",
        """
## Stage II liver cancer

Stage II is divided into stages IIA and IIB.

## Treatment of stage II liver cancer

Treatment of stage II liver cancer may include a long rope.
""",
    )

    pieces = await answered(
        database, "How is stage 2 liver cancer treated?", "liver-cancer", [page]
    )

    assert "Treatment of stage II liver cancer may include a long rope." in texts(pieces)
    assert "What stage II means" not in headings(pieces)


async def test_where_a_treatment_no_longer_works_a_relapse_comes_first(
    database: Database,
) -> None:
    page = document(
        "liver-phases",
        "Liver Cancer Treatment",
        """
## Treatment options

Treatment of early liver cancer may include a red glove.

Treatment of relapsed liver cancer may include a yellow glove.
""",
    )
    question = "My liver cancer keeps growing on sorafenib. What treatment is next?"

    said = texts(await answered(database, question, "liver-cancer", [page]))

    relapsed = "Treatment of relapsed liver cancer may include a yellow glove."
    assert said[0] == relapsed


def test_what_one_study_did_is_not_told_to_patients() -> None:
    assert is_unfit("They got a drug or a matching placebo pill for two years.")
    assert is_unfit("In all, 95 of the patients had a leak.")
    assert not is_unfit("A placebo is a pill that has no drug in it.")


async def test_what_everybody_knows_is_no_section(database: Database) -> None:
    page = document(
        "liver-known",
        "Liver Cancer Treatment",
        """
## Treatment options for liver cancer

Treatment of liver cancer may include chemotherapy, radiation therapy, and surgery at sea.

## Chemotherapy

Chemotherapy is a cancer treatment that uses drugs to stop the growth of cancer cells.

## Radiation therapy

Radiation therapy uses high-energy x-rays. It is given to the liver by moonlight on the sea.
""",
    )

    pieces = await answered(database, "How is liver cancer treated?", "liver-cancer", [page])

    assert "Radiation therapy" in headings(pieces)
    assert "Chemotherapy" not in headings(pieces)
