"""What people want from an answer: help, one thing explained, two stages; on made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import (
    Abstention,
    GenerationPiece,
)
from navis_api.generation.extractive.plan import make_plan
from tests.generation.answered import answered, asked, gaps, headings, sections, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## General Information About Liver Cancer

Sometimes liver cancer grows so slowly that nobody feels it. This is called dreaming liver cancer.
It may be found by chance.

### Signs of liver cancer include yellow elbows.

Yellow elbows may be caused by other conditions than liver cancer.

### Tests that look at the liver are used to diagnose liver cancer.

Doctors ask how long you have felt unwell. They press on your side. They look at your skin. They
listen to your belly.

The following tests may be used:

- Lantern scan: A test that draws the liver with light. The light comes from a small lantern. It
takes an hour.
- Bowl test: A test of the blood for benign tumors. The blood stands in a bowl. Nobody has to fast.
- Ribbon test: A test that measures how far the liver reaches below the ribs, with a ribbon that is
laid around the body by somebody who has learned to do that and has done so many times before.
The ribbon is red. It takes a minute.

Your doctor may also look at the glass lymph node. A glass node biopsy takes out one lymph node.

## Stages of Liver Cancer

### Stage II

Stage II is divided into stages IIA and IIB.

Stage IIA:

The tumor is as small as a pea. It has not left the liver.

Stage IIB:

The tumor is as large as a plum. In stage IIB, there may be two.

### Stage III

In stage III, liver cancer has grown into the wall beside it.

### Stage IV

In stage IV, liver cancer has grown through the wall beside it.

## Treatment Option Overview

Treatment of liver cancer may include surgery, chemotherapy, and targeted therapy.

### Liver cancer has special nutritional needs.

People with liver cancer may need more soup than others.

### Chemotherapy

Chemotherapy for liver cancer kills cells that divide. Chemotherapy can cause cold ears and slow
steps that may get worse with time.

### Targeted therapy

Targeted therapy acts on marked cells. Targeted therapies used to treat liver cancer include:

"""
    + "".join(f"- made-up drug {number}\n" for number in range(30))
    + """
Liver cancer with an EGFR mutation may be treated with madeupinib.

## Treatment of Metastatic Liver Cancer

Treatment of metastatic liver cancer may include a long rest.

## Treatment of Stage III Liver Cancer

Treatment of stage III liver cancer may include:

- chemotherapy with a hat on
- a nap

Treatment of stage III liver cancer may include a short walk. Treatment of stage I liver cancer
may include a small plaster.

## Draining

Draining takes fluid around the lungs away in people with liver cancer.

## Watchful waiting

Watchful waiting is looking at liver cancer now and then.

## Treatment of liver cancer during pregnancy

Pregnant women with liver cancer may have chemotherapy after the third month.

## Work

### Insurance

Some people with liver cancer need forms for their insurance.

## Follow-up care may be needed.

Some follow-up tests for liver cancer are done every year.

## Types of liver cancer

Liver cancer is round or flat. The round type is seen more often.

## Screening for liver cancer

Screening for liver cancer may be done every 2 years with a scan.
""",
)
HELP = document(
    "cold",
    "Dry Mouth and Cancer",
    """
## What is dry mouth?

Dry mouth is a lack of water in the mouth.

## Ways to manage dry mouth

You may be advised to take these steps:

- Sip water from a blue cup.
- Chew on a clean leaf.

## Ways to manage dry mouth > Tips for managing dry mouth at night

- Keep a full glass of water beside your bed at night.
""",
)
SORES = document(
    "sores",
    "Mouth Sores and Cancer",
    """
## Ways to manage mouth sores

Rinse a sore mouth with tea that has cooled down.
""",
)
HAIR = document(
    "hair",
    "Hair Loss and Cancer",
    """
## What causes hair loss?

Some chemotherapy causes hair loss on the head.

## Ways to manage hair loss

A soft hat may help people with hair loss to keep warm.
""",
)
IMMUNE = document(
    "immune",
    "Immunotherapy Side Effects",
    """
## Immunotherapy can cause side effects.

Side effects of immunotherapy may include itchy elbows.
""",
)
PREVENTION = document(
    "prevention",
    "Liver Cancer Prevention",
    """
## Avoiding risk factors may help prevent liver cancer.

Worldwide, liver cancer is the sixth most common cancer. Going to bed early may lower the risk of
liver cancer.

## Liver cancer after surgery

Patients with liver cancer may deliver early via cesarean section.
""",
)
CHILDREN = document(
    "children",
    "Talking with Children about Cancer",
    """
## Talking with children about cancer

Even young children sense that something has changed.
""",
)
WORK = document(
    "work",
    "Radiation and Daily Life",
    """
## Working during radiation

Some people work all day during radiation, others in the mornings only.
""",
)
FEVER = document(
    "fever",
    "Infection and Cancer",
    """
## Infection

Call your cancer team when an infection brings a fever. Our 8 tips tell more.
""",
)
HEPATOCELLULAR = document(
    "hepatocellular",
    "Hepatocellular Carcinoma",
    """
## Infection

Hepatocellular carcinoma may look like an infection.
""",
)
GENES = document(
    "genes",
    "Liver Cancer Risk",
    """
## Inherited risk

A genetic test may be offered to sisters of people with liver cancer who have a BRCA gene change.
""",
)
OLD = document(
    "old",
    "Liver Cancer in Old Age",
    """
## Treatment of untreated liver cancer

Older adults with liver cancer may have milder chemotherapy.
""",
)
AFP = document(
    "afp",
    "AFP and Liver Cancer",
    """
## How is AFP used in people who have been treated for liver cancer?

AFP may show that liver cancer has come back.

## What is a normal AFP result?

A higher AFP does not by itself mean liver cancer. An elevated AFP may come from a cold shower.
""",
)
SWITCHING = document(
    "switching",
    "Hormone Therapy for Liver Cancer",
    """
## What if side effects of hormone therapy interfere with my life?

Side effects of hormone therapy may include warm toes. Some people take tamoxifen for a while and
then change to something else.
""",
)
PAGES = (
    AFP,
    SWITCHING,
    OLD,
    WORK,
    GENES,
    FEVER,
    HEPATOCELLULAR,
    LIVER,
    HELP,
    SORES,
    HAIR,
    IMMUNE,
    PREVENTION,
    CHILDREN,
)


async def write(database: Database, text: str, slug: str = "liver-cancer") -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "How do I deal with dry mouth from liver cancer?",
        "What can I do about dry mouth in liver cancer?",
        "What helps with dry mouth during liver cancer treatment?",
    ],
)
async def test_who_asks_what_to_do_is_told_that_first_and_of_that_one_thing(
    database: Database, text: str
) -> None:
    pieces = await write(database, text)
    assert headings(pieces)[:2] == ["What may help", "Dry mouth"]
    said = texts(pieces)
    assert said[:3] == [
        "You may be advised to take these steps:",
        "Sip water from a blue cup.",
        "Chew on a clean leaf.",
    ]
    assert "Keep a full glass of water beside your bed at night." in said
    assert not any("tea" in text for text in said)
    assert "deal" not in gaps(pieces)


async def test_what_is_known_of_an_effect_is_told_where_one_thing_about_it_is_not(
    database: Database,
) -> None:
    pieces = await write(database, "Is hair loss permanent after chemotherapy for liver cancer?")
    assert headings(pieces) == ["Hair loss", "What may help"]
    assert "how long hair loss may last" in gaps(pieces)


async def test_a_thing_is_explained_with_the_sentence_that_its_name_leans_on(
    database: Database,
) -> None:
    pieces = await write(database, "What is dreaming liver cancer, do I need treatment?")
    assert texts(pieces)[:3] == [
        "Sometimes liver cancer grows so slowly that nobody feels it.",
        "This is called dreaming liver cancer.",
        "It may be found by chance.",
    ]


async def test_of_a_test_that_is_named_only_that_one_is_told(database: Database) -> None:
    pieces = await write(database, "What is a glass node biopsy in liver cancer?")
    assert "A glass node biopsy takes out one lymph node." in texts(pieces)
    assert not any("Ribbon" in text for text in texts(pieces))
    pieces = await write(database, "What is an owl node biopsy in liver cancer?")
    assert isinstance(pieces[-1], Abstention)


async def test_an_item_of_a_list_is_told_whole_or_not_at_all(database: Database) -> None:
    pieces = await write(database, "What tests are there for liver cancer?")
    said = texts(pieces)
    assert any(
        text.startswith("Ribbon test:") and text.endswith("It takes a minute.") for text in said
    )
    # Benign tumors are another disease: what explains the item goes with it.
    assert not any("bowl" in text.lower() or "fast" in text for text in said)


async def test_a_long_list_of_names_is_told(database: Database) -> None:
    pieces = await write(database, "Is there targeted therapy for liver cancer?")
    assert "made-up drug 29" in texts(pieces)


async def test_drugs_for_a_marker_are_asked_for_in_many_words(database: Database) -> None:
    pieces = await write(database, "Which drugs target EGFR in liver cancer?")
    assert headings(pieces)[0] == "Treatment that depends on EGFR"
    assert texts(pieces)[0] == "Liver cancer with an EGFR mutation may be treated with madeupinib."


async def test_two_stages_are_each_explained(database: Database) -> None:
    text = "What is the difference between stage 3 and stage 4 liver cancer?"
    pieces = await write(database, text)
    assert headings(pieces) == ["What stage III means", "What stage IV means"]


async def test_of_a_drug_that_nothing_is_said_of_its_kind_is_told(database: Database) -> None:
    pieces = await write(database, "What are the side effects of pembrolizumab in liver cancer?")
    assert headings(pieces)[0] == "Side effects of immunotherapy"
    assert "side effects of pembrolizumab" in gaps(pieces)


async def test_what_treatment_may_cause_is_no_cause_of_the_cancer(database: Database) -> None:
    pieces = await write(database, "Will chemotherapy for liver cancer cause cold ears?")
    assert not any("risk" in heading.lower() for heading in headings(pieces))


async def test_who_had_cancer_is_told_of_check_ups_and_not_of_screening(
    database: Database,
) -> None:
    text = "How often should I have screening after liver cancer surgery?"
    pieces = await write(database, text)
    assert any("follow-up tests" in text for text in texts(pieces))
    assert not any("every 2 years" in text for text in texts(pieces))


async def test_what_has_not_spread_is_not_treated_as_if_it_had(database: Database) -> None:
    pieces = await write(database, "How is liver cancer treated if it hasn't spread?")
    assert not any("long rest" in text for text in texts(pieces))
    assert "“not spread”" in gaps(pieces)
    pieces = await write(database, "How is liver cancer treated if it has spread?")
    assert any("long rest" in text for text in texts(pieces))


async def test_soup_is_no_option_of_treatment(database: Database) -> None:
    pieces = await write(database, "How is liver cancer treated?")
    assert texts(pieces)[0].startswith("Treatment of liver cancer may include surgery")
    assert not any("soup" in text for text in texts(pieces))


@pytest.mark.parametrize(
    ("text", "is_figures"),
    [
        ("How long does chemotherapy for liver cancer take?", False),
        ("How long will hair loss last in liver cancer?", False),
        ("How long do people live with liver cancer after chemotherapy?", True),
        ("How long do I have with liver cancer?", True),
    ],
)
async def test_how_long_it_takes_is_not_how_long_one_lives(
    catalogue: Catalogue, text: str, *, is_figures: bool
) -> None:
    read = asked(catalogue, text)
    assert read.wants_figures is is_figures
    assert read.has("prognosis") is is_figures


async def test_a_vitamin_is_the_one_that_is_named(catalogue: Catalogue) -> None:
    read = asked(catalogue, "Should I take vitamin D for liver cancer?")
    assert [thing.phrases for thing in read.required] == [("vitamin d",)]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("I can't sleep since my liver cancer diagnosis, what can I do?", {"sleep"}),
        ("What tests lead to a diagnosis of liver cancer?", {"diagnosis", "causes"}),
    ],
)
async def test_since_the_diagnosis_says_when(
    catalogue: Catalogue, text: str, topics: set[str]
) -> None:
    read = asked(catalogue, text)
    assert {concept.key for concept in read.concepts} - {"definition"} <= topics
    assert ("diagnosis" in topics) is read.has("diagnosis")


@pytest.mark.parametrize(
    "text", ["What types of liver cancer are there?", "Which kinds of liver cancer exist?"]
)
async def test_who_asks_for_kinds_is_told_of_kinds_first(database: Database, text: str) -> None:
    pieces = await write(database, text)
    assert headings(pieces)[0] == "Kinds of liver cancer"
    assert texts(pieces)[0] == "Liver cancer is round or flat."


async def test_of_a_vaccine_that_there_is_not_the_answer_says_so(database: Database) -> None:
    pieces = await write(database, "Is there a vaccine against liver cancer?")
    assert "vaccine" in gaps(pieces)
    assert texts(pieces)[-1] == "Going to bed early may lower the risk of liver cancer."
    assert not any("Worldwide" in text for text in texts(pieces))


async def test_who_wants_to_do_without_is_told_what_else_there_is(database: Database) -> None:
    pieces = await write(database, "Can liver cancer be treated without chemotherapy?")
    assert headings(pieces)[0] == "Treatment options for liver cancer"
    assert "“without chemotherapy”" in gaps(pieces)


async def test_young_children_are_told_as_children_are(database: Database) -> None:
    pieces = await write(database, "How do I tell my young children that I have liver cancer?")
    assert headings(pieces)[0] == "Talking with children about cancer"


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("What is the recovery like after liver cancer surgery?", "prognosis"),
        ("What foods should I avoid with liver cancer?", "prevention"),
    ],
)
async def test_a_word_that_means_something_else_beside_others_is_not_asked_for(
    catalogue: Catalogue, text: str, without: str
) -> None:
    assert not asked(catalogue, text).has(without)


@pytest.mark.parametrize(
    "text", ["What does EGFR positive mean in liver cancer?", "What is EGFR in liver cancer?"]
)
async def test_what_a_result_means_is_told_of_the_marker(database: Database, text: str) -> None:
    pieces = await write(database, text)
    assert "Liver cancer with an EGFR mutation may be treated with madeupinib." in texts(pieces)


async def test_chances_of_a_return_are_no_question_of_its_treatment(catalogue: Catalogue) -> None:
    read = asked(catalogue, "What is the chance that liver cancer comes back?")
    assert read.wants_chances
    keys = {section.aspect.key for section in make_plan(read) if section.core}
    assert keys == {"recurrence_meaning", "prognosis"}


async def test_vaping_is_not_smoking(catalogue: Catalogue) -> None:
    read = asked(catalogue, "Can vaping cause liver cancer?")
    assert not read.has("smoking")
    assert [thing.label for thing in read.required] == ["vaping"]


async def test_what_is_for_pregnant_people_is_told_to_nobody_else(database: Database) -> None:
    pieces = await write(database, "What comes after liver cancer surgery?")
    assert not any("cesarean" in text for text in texts(pieces))


async def test_a_typing_error_hides_nothing(database: Database) -> None:
    pieces = await write(database, "whats the treatmant for liver cancer")
    assert headings(pieces)[0] == "Treatment options for liver cancer"
    assert "treatmant" not in gaps(pieces)


async def test_names_of_drugs_are_no_typing_errors(catalogue: Catalogue) -> None:
    read = asked(catalogue, "Does madeupinab help liver cancer?")
    assert "madeupinab" in {thing.label for thing in read.required}


@pytest.mark.parametrize(
    "text",
    [
        "My dad has had yellow elbows for two weeks, could it be liver cancer?",
        "My elbows are yellow, does that mean I have liver cancer?",
    ],
)
async def test_who_wonders_whether_it_is_cancer_is_told_of_its_signs(
    database: Database, text: str
) -> None:
    pieces = await write(database, text)
    assert any("yellow elbows" in text.lower() for text in texts(pieces))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("My 4 year old has liver cancer, what will treatment look like?", "child"),
        ("My baby is 8 months old and has liver cancer, what can be done?", "child"),
        ("My grandfather is 84 and has liver cancer, is chemo too much?", "older_adults"),
        ("I am 45 and have liver cancer, what can be done?", None),
        ("My chance of liver cancer is 80 percent, what can I do?", None),
        ("My AFP is 12, is that liver cancer?", None),
        ("My husband is 78 and has liver cancer, what can be done?", "older_adults"),
        ("My son, who is 12, has liver cancer, what can be done?", "child"),
    ],
)
async def test_an_age_says_for_whom_it_is(
    catalogue: Catalogue, text: str, people: str | None
) -> None:
    read = asked(catalogue, text)
    found = {concept.key for concept in read.concepts} & {"child", "older_adults"}
    assert found == ({people} if people else set())


async def test_who_is_pregnant_is_told_what_holds_then(database: Database) -> None:
    pieces = await write(database, "I am 16 weeks pregnant with liver cancer, can I have chemo?")
    assert headings(pieces) == ["Treatment of liver cancer during pregnancy"]
    assert "pregnancy" not in gaps(pieces)


async def test_after_surgery_the_rest_of_a_stages_treatment_is_told(database: Database) -> None:
    text = "I had surgery for stage 3 liver cancer last month, what comes next?"
    pieces = await write(database, text)
    said = texts(pieces)
    assert "Treatment of stage III liver cancer may include a short walk." in said
    assert not any("plaster" in text for text in said)


async def test_who_has_no_symptoms_is_not_told_of_symptoms(database: Database) -> None:
    text = "I don't have any symptoms with my liver cancer, why do they just want to wait?"
    pieces = await write(database, text)
    assert headings(pieces)[0] == "Watchful waiting for liver cancer"
    assert not any("Signs" in heading for heading in headings(pieces))


async def test_what_is_refused_is_not_told(database: Database) -> None:
    text = "My husband has liver cancer and fluid around the lung, what can they do, no more chemo?"
    pieces = await write(database, text)
    assert any("fluid around the lungs away" in text for text in texts(pieces))
    assert not any("Chemotherapy" in heading for heading in headings(pieces))


async def test_a_general_page_tells_of_daily_life_where_the_cancers_own_does_not(
    database: Database,
) -> None:
    pieces = await write(database, "Can I keep working during radiation for liver cancer?")
    assert texts(pieces)[0].startswith("Some people work all day")


async def test_sisters_are_tested_for_what_runs_in_the_family(database: Database) -> None:
    text = "My mother had liver cancer with a BRCA gene change, should my sister be tested?"
    pieces = await write(database, text)
    assert any("sisters" in text for text in texts(pieces))
    assert not any("diagnosed" in heading for heading in headings(pieces))


async def test_what_has_grown_into_a_wall_does_not_keep_growing(catalogue: Catalogue) -> None:
    assert not asked(catalogue, "What if liver cancer has grown into the bowel?").has("progression")
    assert asked(catalogue, "What if liver cancer has grown during chemo?").has("progression")


async def test_of_a_fever_a_general_page_says_more_than_one_on_a_kind(database: Database) -> None:
    pieces = await write(database, "My wife has liver cancer and a fever, should we worry?")
    assert texts(pieces)[0] == "Call your cancer team when an infection brings a fever."
    assert not any("tips" in text or "Hepatocellular" in text for text in texts(pieces))


async def test_what_stands_below_a_mere_label_is_not_told_of_the_whole_stage(
    database: Database,
) -> None:
    pieces = await write(database, "What does stage 2B liver cancer mean?")
    said = texts(pieces)
    assert said == [
        "Stage II is divided into stages IIA and IIB.",
        "In stage IIB, there may be two.",
    ]


async def test_who_is_old_is_told_what_is_said_of_the_old_first(database: Database) -> None:
    pieces = await write(database, "My mother is 82 and has liver cancer, can she have chemo?")
    assert headings(pieces)[0] == "For older adults"
    assert texts(pieces)[0] == "Older adults with liver cancer may have milder chemotherapy."


async def test_a_sore_mouth_has_its_name(database: Database) -> None:
    pieces = await write(database, "My mouth is so sore from liver cancer chemo, what can I do?")
    assert texts(pieces)[0].startswith("Rinse a sore mouth")
    assert "is so sore" not in " ".join([*headings(pieces), gaps(pieces)])


async def test_who_does_not_want_it_removed_is_told_of_other_treatment(
    catalogue: Catalogue,
) -> None:
    read = asked(catalogue, "Options for liver cancer if I don't want my liver removed?")
    assert not read.has("surgery")
    assert read.has("treatment")


async def test_whose_brother_had_it_is_screened_otherwise(catalogue: Catalogue) -> None:
    read = asked(catalogue, "When should I start screening if my brother had liver cancer at 45?")
    assert "family history" in {thing.label for thing in read.circumstances}


async def test_a_value_is_explained_to_who_has_not_been_treated(database: Database) -> None:
    pieces = await write(database, "My AFP is 30, does that mean I have liver cancer?")
    assert "A higher AFP does not by itself mean liver cancer." in texts(pieces)
    assert not any("come back" in text for text in texts(pieces))


async def test_what_only_names_a_drug_is_none_of_its_side_effects(database: Database) -> None:
    pieces = await write(database, "Side effects of tamoxifen for liver cancer")
    assert headings(pieces)[0] == "Side effects of hormone therapy"
    assert texts(pieces)[0] == "Side effects of hormone therapy may include warm toes."
    assert "side effects of tamoxifen" in gaps(pieces)


async def test_a_treatment_at_a_stage_is_told_of_both(database: Database) -> None:
    pieces = await write(database, "Do I need chemotherapy for stage 3 liver cancer?")
    assert texts(pieces)[:2] == [
        "Treatment of stage III liver cancer may include:",
        "chemotherapy with a hat on",
    ]
    # What else there is at that stage is told as well.
    assert "a nap" in [claim.text for claim in sections(pieces)[0].claims]
    pieces = await write(database, "Do I need chemotherapy for stage 4 liver cancer?")
    assert "chemotherapy in stage IV" in gaps(pieces)
