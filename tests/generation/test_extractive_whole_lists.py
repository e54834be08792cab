"""Lists are told whole, end where they say so, and are left out where a part would mislead."""

import pytest

from navis_api.answers.models import ClaimStyle
from navis_api.db.sessions import Database
from navis_api.generation.extractive.listed import announced, end_of_list
from navis_api.generation.wording import is_unfit, other_diseases
from navis_api.sources.documents import SourceDocument
from navis_api.sources.statements import split_statements
from tests.generation.answered import answered, sections, texts
from tests.sources.corpus import document

PARTS = ("knees", "elbows", "ears", "thumbs")


def page(text: str, title: str = "Liver Cancer Symptoms") -> SourceDocument:
    return document("liver-lists", title, text)


async def told(database: Database, text: str, question: str = "") -> list[str]:
    asked = question or "What are the symptoms of liver cancer?"
    return texts(await answered(database, asked, "liver-cancer", [page(text)]))


async def test_of_causes_all_are_told_to_who_names_one_and_asks_what_else(
    database: Database,
) -> None:
    causes = document(
        "liver-causes",
        "Liver Cancer Causes and Risk Factors",
        """
Risk factors for liver cancer include:

- smoking a pipe of clay
- eating moldy corn
- sleeping in wet boots
""",
    )
    question = "Does smoking cause liver cancer, and what else does?"

    said = texts(await answered(database, question, "liver-cancer", [causes]))

    assert "smoking a pipe of clay" in said
    assert "eating moldy corn" in said
    assert "sleeping in wet boots" in said


async def test_a_list_that_was_cut_into_two_passages_is_told_as_one(database: Database) -> None:
    items = [f"A sign with the number {at} that {'goes on and ' * 14}ends." for at in range(14)]
    text = "Signs and symptoms of liver cancer include:\n\n" + "\n".join(f"- {at}" for at in items)

    said = await told(database, text)

    assert [each for each in said if each in items] == items


async def test_items_of_another_stage_do_not_stand_among_those_of_a_list_that_has_ended(
    database: Database,
) -> None:
    stages = document(
        "liver-stages",
        "Liver Cancer Stages",
        """
Liver cancer has stages.

## Stage III liver cancer

In stage III, the tumor wears a coat.

In stage IIIA liver cancer, one of the following is true:

- the coat is yellow and has long sleeves; or
- the coat is green and has no buttons.
- Stage IIIB: The tumor of the liver wears a hat as well.
""",
    )
    question = "What does stage III liver cancer mean?"
    [section] = sections(await answered(database, question, "liver-cancer", [stages]))
    style = {claim.text: claim.style for claim in section.claims}

    assert style["the coat is green and has no buttons."] is ClaimStyle.BULLET
    assert style["Stage IIIB: The tumor of the liver wears a hat as well."] is ClaimStyle.SENTENCE


async def test_one_of_two_kinds_is_not_told_by_itself(database: Database) -> None:
    said = await told(
        database,
        """
Symptoms of liver cancer begin slowly.

There are two types of symptoms of liver cancer:

- Loud symptoms, which are a dose of 5 mg of noise.
- Quiet symptoms, which nobody hears.
""",
    )

    assert said == ["Symptoms of liver cancer begin slowly."]


async def test_an_item_that_explains_itself_at_length_before_a_list_of_its_own_is_told(
    database: Database,
) -> None:
    explained = " ".join(f"Part {at} of the song goes up and down." for at in range(9))
    said = await told(
        database,
        f"""
Signs and symptoms of liver cancer include:

- Cold knees in the morning.
- Singing: A sound that comes from the chest. {explained} These songs are sung:
  - a waltz
  - a march
- Warm ears.
""",
    )

    assert any(each.startswith("Singing: A sound that comes from the chest.") for each in said)
    assert {"a waltz", "a march", "Warm ears."} <= set(said)


async def test_a_risk_is_told_that_names_another_cancer_somebody_has_had(
    database: Database,
) -> None:
    causes = document(
        "liver-history",
        "Liver Cancer Causes and Risk Factors",
        """
Risk factors for liver cancer include:

- eating moldy corn
- having a family history of stomach cancer
- taking a drug to prevent or treat breast cancer
""",
    )

    question = "What are the risk factors for liver cancer?"
    said = texts(await answered(database, question, "liver-cancer", [causes]))

    assert "having a family history of stomach cancer" in said
    assert "taking a drug to prevent or treat breast cancer" in said


@pytest.mark.parametrize(
    ("lead_in", "count"),
    [
        ("There are two types of test:", 2),
        ("Three main kinds of surgery are used:", 3),
        ("There are 4 stages:", None),
        ("Two people may come:", None),
        ("Symptoms may include:", None),
    ],
)
def test_how_many_a_lead_in_announces(lead_in: str, count: int | None) -> None:
    assert announced(lead_in) == count


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("One of these is true:\n- a; or\n- b.\n- c.\n- d.", 2),
        ("All of these are true:\n- a; and\n- b; and\n- c.\n- d.", 3),
        ("There are two types:\n- a.\n- b.\n- c.", 2),
        ("There are two types:\n- a, which include:\n- b.\n- c.", 3),
        ("Symptoms include:\n- a\n- b\n- c", 3),
    ],
)
def test_where_a_list_ends(text: str, own: int) -> None:
    statements = split_statements(text.replace(":\n", ":\n\n", 1))
    spaced = text.replace(":\n", ":\n\n", 1)

    assert end_of_list(spaced, statements, 0, len(statements)) == own + 1


@pytest.mark.parametrize(
    "text",
    [
        "People with type A blood get it more often.",
        "Chromogranin A test: a blood sample is checked.",
        "The skin is held under ultraviolet A light for a while.",
        "The doctor may ask to learn more about your symptoms.",
        "It takes years to see the effect of a new treatment.",
        "Scans are done to see where cancer may have spread.",
    ],
)
def test_sentences_that_point_nowhere_and_have_no_heading_in_them_are_fit(text: str) -> None:
    assert not is_unfit(text)


@pytest.mark.parametrize(
    "text",
    ["Find out more about your treatment on the next page.", "Surgery A doctor removes the lump."],
)
def test_those_that_do_are_not(text: str) -> None:
    assert is_unfit(text)


def test_diseases_are_named_in_the_singular() -> None:
    assert other_diseases("GISTs and sarcomas") == [frozenset({"gist"}), frozenset({"sarcoma"})]


def test_being_told_which_of_two_it_is_is_no_other_disease() -> None:
    assert not other_diseases("Whether the tumor is benign or malignant.")


async def test_of_the_stages_that_a_page_tells_of_none_is_left_out(database: Database) -> None:
    lists = "\n\n".join(
        f"### Stage {stage} liver cancer\n\n"
        f"Treatment of stage {stage} liver cancer may include:\n\n"
        + "\n".join(
            f"- a {color} {worn} for the {part}" for worn in ("hat", "coat") for part in PARTS
        )
        for stage, color in (("I", "red"), ("II", "blue"), ("III", "green"), ("IV", "gray"))
    )
    by_stage = page(
        f"There are ways to treat it.\n\n## Treatment of liver cancer by stage\n\n{lists}",
        "Liver Cancer Treatment",
    )

    question = "What are the treatment options for liver cancer?"
    said = texts(await answered(database, question, "liver-cancer", [by_stage]))

    stages = [text for text in said if text.startswith("Treatment of stage")]
    assert stages == [
        f"Treatment of stage {stage} liver cancer may include:"
        for stage in ("I", "II", "III", "IV")
    ]


async def test_of_steps_in_whole_sentences_more_than_the_first_are_told(
    database: Database,
) -> None:
    steps = [f"Wear the hat of number {at} when you walk in the rain." for at in range(7)]
    fatigue = document(
        "cancer-fatigue",
        "Cancer Fatigue",
        "## Ways to manage fatigue\n\n"
        + " ".join(f"Fatigue has a friend with the number {at}." for at in range(10))
        + "\n\nBelow are some steps you can take that may help with your fatigue.\n\n"
        + "\n".join(f"- {step}" for step in steps),
    )

    question = "What helps with fatigue during cancer treatment?"
    said = texts(await answered(database, question, None, [fatigue]))

    assert [text for text in said if text in steps] == steps
