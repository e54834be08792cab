"""Key points: what says most of a question stands first, wherever it stands in the sources."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, GenerationPiece
from navis_api.generation.extractive.parts_asked import parts_asked
from tests.generation.answered import answered, asked, gaps, headings, sections, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Liver cancer is a disease in which cells of the liver grow out of control.

Liver cancer may be found when something else is looked for.

## Treatment Option Overview

Treatment of liver cancer may include surgery. If liver cancer is only in the left lobe, a small
operation may be the only treatment needed.

### Surgery

The following types of surgery may be done:

- Part-sparing surgery removes liver cancer and leaves most of the left lobe.
- Whole surgery removes the left lobe, and may be done when it cannot be spared.
- Another kind of surgery that nobody asked about is done at night.

Most people who have surgery of the lobe go home after a while.

### Blue drops

Blue drops are given into the arm. If blue drops did not work, other options include green drops.

### Ribbon therapy

Ribbon therapy warms the liver.

## Dozing liver cancer

At times liver cancer grows so slowly that nobody feels it. This is called dozing liver cancer.
It may stay so for years.

## The phases of treatment

Treatment of liver cancer is done in two phases: the first phase makes it small, and the second
phase keeps it small.

## Treatment of recurrent liver cancer

Treatment of recurrent liver cancer may include ribbon therapy in the left lobe.

## Side effects of treatment

Late effects of treatment for liver cancer may include second cancers, such as skin cancer.
""",
)
SCREENING = document(
    "screening",
    "Liver Cancer Screening",
    """
## Screening

In a study of healthy people, liver cancer in the left lobe was treated with a small operation.
""",
)
RIBBONS = document(
    "ribbons",
    "Ribbon Therapy and Cancer",
    """
## Ribbon therapy

A ribbon is put around the left lobe of people with many kinds of cancer.
""",
)
PAGES = (LIVER, SCREENING, RIBBONS)


async def write(database: Database, text: str, slug: str = "liver-cancer") -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is liver cancer?", ["What is liver cancer?"]),
        ("My dad has liver cancer, what can be done?", ["what can be done?"]),
        ("Is it cured and how long does it take", ["Is it cured", "how long does it take"]),
        ("They found it late. Will he die? He is 70.", ["Will he die?"]),
        ("What helps, I'm so worried", ["What helps"]),
        ("liver cancer outlook", []),
        ("Surgery or radiation?", ["Surgery or radiation?"]),
        ("Is it? " * 400, []),
        ("can they save it or will it be removed", ["can they save it or will it be removed"]),
    ],
)
def test_a_question_is_taken_apart_into_what_it_asks(text: str, parts: list[str]) -> None:
    assert parts_asked(text) == parts


async def test_the_statement_that_says_most_of_the_question_stands_first(
    database: Database,
) -> None:
    pieces = await write(database, "How is liver cancer treated when it's only in the left lobe?")
    assert headings(pieces)[0] == "In short"
    assert texts(pieces)[0].startswith("If liver cancer is only in the left lobe")
    assert not any("healthy people" in text for text in texts(pieces))
    assert not any("recurrent" in text for text in texts(pieces)[:2])


async def test_items_are_taken_with_their_lead_in_and_others_are_left_out(
    database: Database,
) -> None:
    pieces = await write(database, "I have liver cancer, can they spare the left lobe?")
    first = [claim.text for claim in sections(pieces)[0].claims]
    assert first[0] == "The following types of surgery may be done:"
    assert first[1].startswith("Part-sparing surgery")
    assert first[2].startswith("Whole surgery")
    assert not any("nobody asked" in text for text in first)
    assert gaps(pieces) == ""


async def test_what_is_called_so_is_told_with_what_it_is(database: Database) -> None:
    pieces = await write(
        database, "I'm waiting for results. What does dozing mean, I have liver cancer"
    )
    assert [claim.text for claim in sections(pieces)[0].claims] == [
        "At times liver cancer grows so slowly that nobody feels it.",
        "This is called dozing liver cancer.",
        "It may stay so for years.",
    ]


async def test_a_question_on_a_topic_alone_has_no_key_points(database: Database) -> None:
    for text in ("How is liver cancer treated?", "Is liver cancer curable?"):
        assert "Key points" not in headings(await write(database, text))


async def test_what_no_source_speaks_of_gets_no_key_points(database: Database) -> None:
    pieces = await write(database, "Can purple turmeric cure liver cancer in the left lobe?")
    assert "Key points" not in headings(pieces)
    assert isinstance(pieces[-1], Abstention) or "turmeric" in gaps(pieces)


async def test_what_there_is_after_a_treatment_that_failed_stands_before_the_options(
    database: Database, catalogue: Catalogue
) -> None:
    read = asked(catalogue, "BCG stopped working for my liver cancer")
    assert [treatment.key for treatment in read.no_longer_helped] == ["bcg"]
    read = asked(catalogue, "It came back after hormone therapy, what now?")
    assert [treatment.key for treatment in read.no_longer_helped] == ["hormone_therapy"]
    read = asked(catalogue, "What comes after hormone therapy?")
    assert read.no_longer_helped == ()


async def test_joined_treatments_are_both_behind_somebody(catalogue: Catalogue) -> None:
    read = asked(catalogue, "It grew again after surgery and radiation, what next?")
    assert {concept.key for concept in read.concepts} == {"recurrence", "treatment"}


async def test_what_is_only_told_is_not_asked_about(catalogue: Catalogue) -> None:
    read = asked(catalogue, "I'm going crazy with worry, why do they watch and wait?")
    assert {concept.key for concept in read.concepts} == {"watchful_waiting"}
    read = asked(catalogue, "They found it on my mammogram, do I need an operation?")
    assert {concept.key for concept in read.concepts} == {"surgery"}
    read = asked(catalogue, "Is there any way to keep my lobe without surgery for liver cancer?")
    assert read.refused == {"surgery"}


async def test_late_effects_may_name_second_cancers(database: Database) -> None:
    pieces = await write(database, "What are the late effects of treatment for liver cancer?")
    assert any("second cancers, such as skin cancer" in text for text in texts(pieces))


async def test_a_list_that_has_no_room_left_is_passed_over(database: Database) -> None:
    pages = (
        document(
            "full",
            "Liver Cancer Treatment",
            """
## Left lobe

A green lamp on the left lobe may shrink liver cancer in many people within a few weeks. Nurses
cool the left lobe with wet towels whenever a green lamp becomes much too warm for somebody. Old
people lie down quietly in a dark room while some green lamp hums above their left lobe at noon.
Nobody knows why the left lobe turns yellow once a green lamp was switched off in early spring.
Whoever owns a green lamp keeps their left lobe dry by wearing two woollen coats during winter.

- one

Rules for the green lamp:

- Never point the green lamp away from the left lobe in the night.
""",
        ),
    )
    question = "How does a green lamp on the left lobe help against liver cancer?"
    pieces = await answered(database, question, "liver-cancer", pages)
    first = sections(pieces)[0]
    assert first.heading == "Key points"
    assert len(first.claims) == 5


async def test_words_that_sources_know_apart_are_told_apart(database: Database) -> None:
    pieces = await write(database, "Is a dozing ribbon used for liver cancer?")
    said = texts(pieces)
    assert any("dozing liver cancer" in text for text in said)
    assert any("Ribbon therapy" in text for text in said)
    pieces = await write(database, "Is a dozing unicorn used for liver cancer?")
    assert isinstance(pieces[-1], Abstention)


async def test_parts_are_answered_one_after_the_other(
    database: Database, catalogue: Catalogue
) -> None:
    text = "I have liver cancer. Can they spare the left lobe? What are the late effects?"
    read = asked(catalogue, text)
    assert len(read.parts) == 2
    said = texts(await write(database, text))
    assert any("Part-sparing surgery" in text for text in said)
    assert any("second cancers" in text for text in said)


async def test_the_risks_of_what_was_told_are_its_side_effects(catalogue: Catalogue) -> None:
    read = asked(catalogue, "They want to do surgery for liver cancer. What are the risks?")
    meant = {concept.key for part in read.parts or (read,) for concept in part.concepts}
    assert "causes" not in meant
    read = asked(catalogue, "liver cancer operation risks")
    assert "side_effects" in {concept.key for concept in read.concepts}


async def test_who_has_children_is_no_child(catalogue: Catalogue) -> None:
    for text, is_child in (
        ("I have two children, is liver cancer inherited?", False),
        ("Can a child inherit liver cancer?", True),
    ):
        read = asked(catalogue, text)
        assert ("child" in {concept.key for concept in read.concepts}) == is_child


async def test_an_age_asks_whether_screening_is_still_due(catalogue: Catalogue) -> None:
    assert asked(catalogue, "I'm 72, do I still need a mammogram?").wants_times
    assert not asked(catalogue, "Do I still need a mammogram?").wants_times


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Sex hurts since my surgery for liver cancer, what can I do about it?", {"sexuality"}),
        ("I smoked, should I have a scan for liver cancer, are there risks with it?", {"causes"}),
        ("What can be done for liver cancer that cant be operated on?", {"advanced", "treatment"}),
        ("Should brothers and sisters be tested for liver cancer?", {"genetics"}),
        ("Should I get a scan for liver cancer if I smoked for years?", {"screening"}),
    ],
)
async def test_what_is_asked_is_told_from_what_is_told(
    catalogue: Catalogue, text: str, keys: set[str]
) -> None:
    spoken = {concept.key for concept in asked(catalogue, text).concepts}
    if keys == {"causes"}:
        assert not spoken & keys
    else:
        assert spoken >= keys


async def test_a_word_of_one_part_keeps_no_other_part_from_an_answer(database: Database) -> None:
    pieces = await write(
        database, "Is there a unicorn for liver cancer? What are the late effects of treatment?"
    )
    assert any("second cancers" in text for text in texts(pieces))
    assert "unicorn" in gaps(pieces)


async def test_each_word_of_a_report_is_explained_by_itself(database: Database) -> None:
    pieces = await write(
        database, "My liver cancer report says dozing and part-sparing. What does all that mean?"
    )
    assert any("dozing liver cancer" in text for text in texts(pieces))


async def test_whether_it_is_really_cancer_is_told_by_what_it_is(catalogue: Catalogue) -> None:
    read = asked(catalogue, "They found it on a scan, is it really cancer? Do I need surgery?")
    assert [part.wants_definition for part in read.parts] == [True, False]


async def test_hair_that_grows_back_is_no_cancer_that_does(catalogue: Catalogue) -> None:
    read = asked(catalogue, "I lost my hair with chemo for liver cancer, will it grow back?")
    assert "recurrence" not in {concept.key for concept in read.concepts}


async def test_what_is_said_of_another_risk_group_is_left_out(database: Database) -> None:
    pages = (
        document(
            "groups",
            "Liver Cancer Treatment",
            """
## A cure

A cure is likely in non–high-risk liver cancer. In high-risk liver cancer, a cure is hard to reach.
""",
        ),
    )
    question = "Is there a cure for high-risk liver cancer?"
    said = texts(await answered(database, question, "liver-cancer", pages))
    assert said == ["In high-risk liver cancer, a cure is hard to reach."]


MOODS = document(
    "moods",
    "Depression",
    """
## Medicines

Calm tablets may also help neuropathy that oxaliplatin left in the fingers.
""",
)
NERVES = document(
    "nerves",
    "Nerve Problems and Cancer Treatment",
    """
## Peripheral neuropathy

Some treatments cause peripheral neuropathy. Neuropathy after oxaliplatin may make fingers numb.
""",
)


async def test_a_page_on_another_effect_makes_no_key_point(database: Database) -> None:
    text = "Neuropathy in my fingers after oxaliplatin, what helps?"
    pieces = await answered(database, text, None, (MOODS, NERVES))
    first = [claim.text for claim in sections(pieces)[0].claims]
    assert "Neuropathy after oxaliplatin may make fingers numb." in first
    assert not any("Calm tablets" in told for told in first)


async def test_what_is_left_open_is_said_once(database: Database) -> None:
    pieces = await write(database, "How is liver cancer treated and will I need a colostomy?")
    assert gaps(pieces).count("colostomy") == 1
