"""Whom a question is about and what it means by its words; on made-up documents."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.sessions import Database
from navis_api.generation.contract import GenerationPiece
from navis_api.generation.extractive.asked import Asked
from tests.generation.answered import answered, asked, closing, gaps, headings, sections, texts
from tests.sources.corpus import document

LIVER = document(
    "liver",
    "Liver Cancer Treatment",
    """
## Liver cancer is a disease in which cells of the liver grow out of control.

### Signs of liver cancer include red water.

Red water may have other causes than liver cancer.

### Tests that look at the liver are used to diagnose liver cancer.

Doctors press on the side of people who may have liver cancer.

## High-risk liver cancer

High-risk liver cancer grows faster than other liver cancer.

## Stages of Liver Cancer

### Stage IV

In stage IV, liver cancer has spread to 3 other places.

## Outlook

The outlook of liver cancer depends on how far it has spread.

## Treatment Option Overview

Treatment of liver cancer may include surgery and embolization.

### Embolization

Embolization for liver cancer closes the way of the blood to the tumor.

## Treatment of metastatic liver cancer

Treatment of metastatic liver cancer may include a long rest.

## Risk factors for liver cancer

Liver cancer may come many years after work with blue dust. Asbestos may cause liver cancer.

## Inherited risk

Liver cancer is inherited in some families.

## Follow-up tests may be needed.

Some follow-up tests for liver cancer are done after treatment.

## Treatment of recurrent liver cancer

Treatment of recurrent liver cancer may include a second operation.

## Treatment of unresectable liver cancer

Treatment of liver cancer that can be removed may include a second look. Treatment of liver cancer
that cannot be removed may include:

- surgery
- a blue lamp
- surgery to relieve itching

## What affects the choice of treatment

### Certain factors affect prognosis (chance of recovery) and treatment options.

The prognosis depends on:

- the month of birth

Treatment options depend on:

- the size of the liver

## Treatment of stages I and II liver cancer

Treatment of liver cancer may include a short nap.

## Life without a liver

After the liver is removed, people hum through a straw.

## Margins

When margins of the tissue are not free of liver cancer, more is removed.

## Treatment of liver cancer during pregnancy

Pregnant women with liver cancer may have surgery after the third month.

## Screening for liver cancer

### Results of the ribbon test

An abnormal result of screening with a mammogram does not mean liver cancer. Tests that were
abnormal are done again.

## What is a normal AFP result?

An AFP level above 9 is more than normal, and may have other causes than liver cancer.

## How is AFP used in people who have been treated for liver cancer?

AFP that rises after treatment may be the first sign that liver cancer has come back.
""",
)
MEN = document(
    "men",
    "Sexual Health Issues in Men with Cancer",
    """
## Sexual health in men

Cancer treatment may keep men from having an erection.
""",
)
WOMEN = document(
    "women",
    "Sexual Health Issues in Women with Cancer",
    """
## Sexual health in women

Cancer treatment may make the vagina dry.

## Ways to manage sexual problems in women

Sexual problems may become smaller with green cream.
""",
)
PAIN = document(
    "pain",
    "Pain and Cancer",
    """
## Pain

Pain can be made less with red pills.

## Ways to manage pain

Keep a list of where it hurts and when.
""",
)
TARGETED = document(
    "targeted",
    "Targeted Therapy and Its Effects",
    """
## Targeted therapy can cause side effects.

Side effects of targeted therapy may include dry elbows.

## Side effects of monoclonal antibodies

Side effects of targeted therapy with monoclonal antibodies may include a blue nose.
""",
)
CHECKPOINTS = document(
    "checkpoints",
    "Immunotherapy and Its Effects",
    """
## Immunotherapy can cause side effects.

Side effects of immunotherapy may include a sore arm.

## Side effects of immune checkpoint inhibitors

Side effects of immune checkpoint inhibitors may include a red knee.
""",
)
LYMPHOMA = document(
    "lymphoma",
    "Non-Hodgkin Lymphoma Treatment",
    """
## Treatment of indolent non-Hodgkin lymphoma

Treatment of indolent non-Hodgkin lymphoma may include a slow lamp.

## Treatment of recurrent non-Hodgkin lymphoma

Treatment of indolent, recurrent non-Hodgkin lymphoma may include:

- a slow chair

Treatment of aggressive, recurrent non-Hodgkin lymphoma may include:

- a fast chair
""",
)
MELANOMA = document(
    "melanoma",
    "Melanoma Treatment",
    """
## Treatment of metastatic melanoma

Treatment of metastatic melanoma may include a green lamp.
""",
)
EYE = document(
    "eye",
    "Intraocular (Uveal) Melanoma Treatment",
    """
## Treatment of metastatic melanoma

Treatment of metastatic melanoma of this kind may include a glass eye.
""",
)
FOOD = document(
    "food",
    "Dry Mouth and Cancer",
    """
## Ways to manage dry mouth

If your mouth is dry, take these steps:

- Sip water all day.
- Chew on a leaf.
- Do not:
- drink beer
- inhale smoke
- Keep your lips moist.
""",
)
FAMILY = document(
    "family",
    "Talking with Children about Cancer",
    """
## Talking with children about cancer

Children can bear the truth when it is told with care. Tell children that it may take a while now
that you are finished with treatment.
""",
)
HERBS = document(
    "cam/herbs",
    "Herbs and Cancer",
    """
## AFP

In people who took a made-up herb for liver cancer, AFP fell.
""",
)
COMFORT = document(
    "comfort",
    "Palliative Care and Cancer",
    """
## Palliative care

Palliative care brings rest to people with cancer.

## Hospice care at the end of life

Hospice care is given at home or in a quiet house. It helps families as well.
""",
)
MONEY = document(
    "money",
    "What Cancer Care Costs",
    """
## Costs and insurance

Costs of cancer care may be shared by an insurance.

## How much hormone therapy costs

The costs of hormone therapy depend on the month.

## Financial needs of caregivers

Costs worry caregivers as well.
""",
)
PAGES = (
    COMFORT, MONEY, LIVER, MEN, WOMEN, PAIN, TARGETED, CHECKPOINTS, LYMPHOMA, MELANOMA, EYE, FOOD,
    FAMILY, HERBS,
)  # fmt: skip


async def write(database: Database, text: str, slug: str = "liver-cancer") -> list[GenerationPiece]:
    return await answered(database, text, slug, PAGES)


def keys(read: Asked) -> set[str]:
    return {concept.key for concept in read.concepts} - {"definition"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Is surgery for liver cancer dangerous?", {"surgery", "side_effects"}),
        ("How dangerous is liver cancer?", {"prognosis"}),
        ("Does embolization hurt in liver cancer?", {"embolization", "side_effects"}),
        ("My side hurts from liver cancer, what helps?", {"pain"}),
        ("I have liver cancer but no pain, how is it treated?", {"treatment"}),
        ("The chemo stopped working for my liver cancer, what now?", {"progression", "treatment"}),
        ("Surgery for liver cancer didn't work, what else is there?", {"progression"}),
        ("What comes after liver surgery for liver cancer?", {"follow_up"}),
        ("Follow-up for liver cancer, how often are scans done?", {"follow_up"}),
        ("How do I tell my 6 and 9 year old that I have liver cancer?", {"telling_children"}),
        ("I'm pregnant with liver cancer, what about the baby?", {"pregnancy", "treatment"}),
        ("What does a bone marrow with 8 percent mean in liver cancer?", set()),
        ("My scan came back with liver cancer, what now?", {"treatment"}),
        ("My AFP came back as 400, do I have liver cancer?", {"biomarkers"}),
        ("My liver cancer came back after remission, what now?", {"recurrence", "treatment"}),
        ("What can I do to stop getting liver cancer?", {"prevention"}),
        ("My white count keeps dropping with liver cancer, is it dangerous?", {"infection"}),
        ("Do I swallow a pill for liver cancer?", set()),
        ("I have painful sex after liver cancer", {"sexuality"}),
    ],
)
async def test_words_mean_what_they_mean_beside_each_other(
    catalogue: Catalogue, text: str, meant: set[str]
) -> None:
    assert keys(asked(catalogue, text)) == meant


@pytest.mark.parametrize(
    ("text", "inherited"),
    [
        ("My mom and grandma both had liver cancer, what are my chances?", True),
        ("My brother has liver cancer, should I be tested?", True),
        ("My mother has liver cancer, what are her chances?", False),
        ("I have liver cancer as my mother has, what are my chances?", False),
    ],
)
async def test_what_the_family_had_is_asked_of_what_is_inherited(
    catalogue: Catalogue, text: str, *, inherited: bool
) -> None:
    read = asked(catalogue, text)
    assert read.has("genetics") is inherited
    assert read.has("prognosis") is not inherited or "tested" in text


async def test_a_man_is_told_what_is_said_of_men(database: Database) -> None:
    pieces = await write(database, "My husband has liver cancer, how does it affect his sex life?")
    assert texts(pieces) == ["Cancer treatment may keep men from having an erection."]
    pieces = await write(database, "My wife has liver cancer, how does it affect her sex life?")
    assert texts(pieces)[0] == "Cancer treatment may make the vagina dry."
    assert not any("erection" in text for text in texts(pieces))


async def test_who_asks_for_help_with_daily_life_is_told_that_first(database: Database) -> None:
    text = "My wife finds sex painful after liver cancer treatment, what helps?"
    pieces = await write(database, text)
    assert texts(pieces)[0] == "Sexual problems may become smaller with green cream."
    assert not any("pills" in text for text in texts(pieces))


async def test_what_is_not_known_to_hurt_is_explained_with_a_gap(database: Database) -> None:
    pieces = await write(database, "Does embolization hurt in liver cancer?")
    assert headings(pieces)[0] == "Embolization for liver cancer"
    assert "side effects of embolization" in gaps(pieces)
    assert not any("pills" in text for text in texts(pieces))


async def test_a_sign_is_not_taken_for_an_effect_of_treatment(database: Database) -> None:
    pieces = await write(database, "I have pain and red water, could it be liver cancer?")
    assert headings(pieces)[0] == "Signs and symptoms of liver cancer"
    assert not any("pills" in text for text in texts(pieces))


async def test_what_may_not_be_done_ends_a_flat_list(database: Database) -> None:
    pieces = await write(database, "What helps with dry mouth in liver cancer?")
    items = [claim.text for claim in sections(pieces)[0].claims]
    assert items == [
        "If your mouth is dry, take these steps:",
        "Sip water all day.",
        "Chew on a leaf.",
    ]


async def test_high_risk_disease_is_no_risk_of_getting_it(database: Database) -> None:
    pieces = await write(database, "What does high risk mean in liver cancer?")
    assert texts(pieces)[0] == "High-risk liver cancer grows faster than other liver cancer."
    assert not any("dust" in text for text in texts(pieces))
    pieces = await write(database, "I am at high risk of liver cancer, what are the causes?")
    assert any("dust" in text for text in texts(pieces))


async def test_a_value_means_something_else_before_and_after_treatment(database: Database) -> None:
    before = texts(await write(database, "What does a high AFP mean for liver cancer?"))
    after = texts(await write(database, "My AFP is up after surgery for liver cancer, why?"))
    assert before[0].startswith("An AFP level above 9")
    assert not any("come back" in text for text in before)
    assert any("come back" in text for text in after)
    assert not any("herb" in text for text in before + after)


async def test_who_asks_of_a_value_in_blood_is_told_to_ask_of_that(database: Database) -> None:
    end = closing(await write(database, "What does a high AFP mean for liver cancer?"))
    assert "What else can make AFP higher or lower?" in end.doctor_questions
    assert not any("tumor" in text or "biomarkers" in text for text in end.doctor_questions)


async def test_how_long_until_it_starts_is_no_survival(database: Database) -> None:
    text = "Dad worked with asbestos 40 years ago, how long after can liver cancer start?"
    pieces = await write(database, text)
    assert "Asbestos may cause liver cancer." in texts(pieces)
    assert "survival figures" not in gaps(pieces)


async def test_a_schedule_that_is_not_told_is_a_gap(database: Database) -> None:
    pieces = await write(database, "Follow-up for liver cancer, how often are scans done?")
    assert any("follow-up tests" in text for text in texts(pieces))
    assert "how often follow-up is due" in gaps(pieces)


async def test_the_number_of_a_stage_is_no_survival_figure(database: Database) -> None:
    pieces = await write(database, "What is the survival rate of stage 4 liver cancer?")
    assert headings(pieces)[0] == "Outlook and what it depends on"
    assert "In stage IV, liver cancer has spread to 3 other places." in texts(pieces)
    assert "survival figures" in gaps(pieces)


@pytest.mark.parametrize("drug", ["sunitinib", "Sutent"])
async def test_of_a_drug_that_nothing_is_said_of_its_kind_is_told(
    database: Database, drug: str
) -> None:
    pieces = await write(database, f"What are the side effects of {drug} for liver cancer?")
    assert headings(pieces)[0] == "Side effects of targeted therapy"
    assert texts(pieces)[0] == "Side effects of targeted therapy may include dry elbows."
    assert f"side effects of {drug.lower()}" in gaps(pieces)
    assert not any("blue nose" in text for text in texts(pieces))


async def test_an_abnormal_result_is_explained(database: Database) -> None:
    text = "My mammogram was abnormal, do I have liver cancer, what happens next?"
    pieces = await write(database, text)
    assert texts(pieces)[0].startswith("An abnormal result of screening")
    assert not any("Treatment options" in heading for heading in headings(pieces))


async def test_everyday_words_are_no_gaps(database: Database) -> None:
    text = "My grandad and uncles had that terrible liver cancer long ago, is it inherited?"
    assert gaps(await write(database, text)) == ""


async def test_a_value_that_rises_after_treatment_asks_for_a_return(database: Database) -> None:
    text = "My AFP is going up again after I had my tumor out for liver cancer, what can they do?"
    said = texts(await write(database, text))
    assert any(text.startswith("AFP that rises after treatment") for text in said)
    assert "Treatment of recurrent liver cancer may include a second operation." in said


async def test_after_an_operation_what_is_asked_is_told_first(database: Database) -> None:
    pieces = await write(database, "After my liver was removed for liver cancer, how will I hum?")
    assert texts(pieces)[0].startswith("After the liver is removed")
    pieces = await write(database, "After surgery for liver cancer, how will I sing?")
    assert headings(pieces)[0] == "Follow-up and tests along the way"
    assert "sing" in gaps(pieces)


async def test_margins_are_explained(database: Database) -> None:
    text = "I had surgery for liver cancer and the margins were positive, what now?"
    pieces = await write(database, text)
    assert texts(pieces) == [
        "When margins of the tissue are not free of liver cancer, more is removed."
    ]


async def test_a_stage_is_found_where_it_stands_with_another(database: Database) -> None:
    pieces = await write(database, "How is stage 1 liver cancer treated?")
    assert "Treatment of liver cancer may include a short nap." in texts(pieces)


async def test_who_is_near_the_end_is_told_of_comfort(database: Database) -> None:
    text = (
        "My mother has liver cancer and there is nothing more to do, how do we keep her at peace?"
    )
    pieces = await write(database, text)
    assert headings(pieces) == ["Relief of symptoms and support"]
    assert "Hospice care is given at home or in a quiet house." in texts(pieces)


async def test_costs_are_told_of_who_pays_and_of_no_one_treatment(database: Database) -> None:
    pieces = await write(database, "How can we pay the bills of liver cancer?")
    assert texts(pieces) == ["Costs of cancer care may be shared by an insurance."]


async def test_what_is_refused_has_no_section(database: Database) -> None:
    text = "What are the options for liver cancer if I refuse strong embolization?"
    pieces = await write(database, text)
    assert "Embolization" not in headings(pieces)
    assert "without embolization" in gaps(pieces).lower()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Our son has liver cancer", "child"),
        ("Do I need a smear with liver cancer?", "screening"),
        ("Does the HPV jab help against liver cancer?", "prevention"),
        ("Can I have kids after liver cancer?", "fertility"),
        ("How will they check it hasn't come back, my liver cancer?", "follow_up"),
    ],
)
async def test_everyday_words_are_understood(catalogue: Catalogue, text: str, key: str) -> None:
    assert asked(catalogue, text).has(key)


async def test_what_cannot_be_removed_is_not_treated_as_what_can(database: Database) -> None:
    pieces = await write(database, "Dad's liver cancer can't be operated on, what is left?")
    said = texts(pieces)
    assert "a blue lamp" in said
    assert "surgery to relieve itching" in said
    assert "surgery" not in said
    assert not any("second look" in text for text in said)
    assert "Surgery" not in headings(pieces)


async def test_the_choice_of_treatment_is_not_told_by_the_outlook(database: Database) -> None:
    pieces = await write(database, "How is liver cancer treated?")
    [choice] = [each for each in sections(pieces) if "choice" in each.heading]
    said = [claim.text for claim in choice.claims]
    assert "the size of the liver" in said
    assert "the month of birth" not in said


async def test_what_is_felt_on_a_drug_is_told_with_what_its_kind_does(database: Database) -> None:
    pieces = await write(database, "I take Sutent for liver cancer and have pain, should I stop?")
    assert headings(pieces)[:2] == ["Side effects of targeted therapy", "Pain"]


async def test_the_letter_says_which_hepatitis(catalogue: Catalogue) -> None:
    read = asked(catalogue, "Does hepatitis B raise the risk of liver cancer?")
    assert [thing.label for thing in read.required] == ["hepatitis b"]


async def test_a_general_text_is_quoted_on_words_that_it_is_headed_by(database: Database) -> None:
    pieces = await write(database, "Is a list good for liver cancer?")
    assert not any("Keep a list" in text for text in texts(pieces))


async def test_an_item_that_only_names_a_drug_is_none_on_it(database: Database) -> None:
    drugs = document(
        "drugs",
        "Hot Flashes and Liver Cancer",
        """
## Drugs against hot flashes

Side effects of other drugs may include:

- Red pills may change how tamoxifen works in people with liver cancer.
- Tamoxifen may bring warm toes to people with liver cancer.
""",
    )
    text = "What are the side effects of tamoxifen for liver cancer?"
    pieces = await answered(database, text, "liver-cancer", (drugs, LIVER))
    assert "Tamoxifen may bring warm toes to people with liver cancer." in texts(pieces)
    assert not any("Red pills" in text for text in texts(pieces))


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("How do I tell my children that I have liver cancer?", False),
        ("I finished treatment for liver cancer, how do I tell my children?", True),
    ],
)
async def test_what_is_said_after_treatment_is_told_after_treatment(
    database: Database, text: str, *, is_told: bool
) -> None:
    said = texts(await write(database, text))
    assert any("bear the truth" in each for each in said)
    assert any("take a while" in each for each in said) is is_told


@pytest.mark.parametrize(
    ("text", "heading", "gap"),
    [
        (
            "I have hepatitis B, should I be screened for liver cancer?",
            "Screening for liver cancer",
            "hepatitis b",
        ),
        ("Can I have sex in a hammock after liver cancer?", "Sexual health", "hammock"),
    ],
)
async def test_something_is_told_where_it_is_not_told_of_what_is_asked(
    database: Database, text: str, heading: str, gap: str
) -> None:
    pieces = await write(database, text)
    assert headings(pieces)[0] == heading
    assert gap in gaps(pieces)


async def test_what_is_done_in_a_stage_is_told_however_short(database: Database) -> None:
    at_length = "\n".join(f"- a song of {number} verses, sung slowly" for number in range(6))
    stages = document(
        "stages",
        "Stomach Cancer Treatment",
        "".join(
            f"""
## Treatment of stage {stage} stomach cancer

Treatment of stage {stage} stomach cancer may include {what}
"""
            for stage, what in (
                ("0", "the following:\n\n" + at_length),
                ("I", "a stool."),
                ("II", "the following:\n\n" + at_length),
                ("III", "the following:\n\n" + at_length),
                ("IV", "the following:\n\n" + at_length),
            )
        ),
    )
    pieces = await answered(database, "How is stomach cancer treated?", "stomach-cancer", (stages,))
    assert "Treatment of stage I stomach cancer may include a stool." in texts(pieces)


async def test_of_what_an_operation_left_to_ask_any_part_is_told(database: Database) -> None:
    text = "After my liver was removed for liver cancer, how will I yodel and hum?"
    said = texts(await write(database, text))
    assert said[0] == "After the liver is removed, people hum through a straw."


async def test_kinds_stand_in_one_order(database: Database) -> None:
    kinds = [
        document(
            name.lower().replace(" ", "-"),
            f"{name} Treatment",
            f"""
## Treatment of recurrent {name}

Treatment of recurrent {name.lower()} may include {what}.
""",
        )
        for name, what in (
            ("Squamous Cell Carcinoma of the Skin", "a bath"),
            ("Basal Cell Carcinoma", "a lamp"),
        )
    ]
    text = "My skin cancer came back, what can be done?"
    pieces = await answered(database, text, "skin-cancer", kinds)
    told = [each for each in headings(pieces) if each.startswith("Treatment options for")]
    assert told == [
        "Treatment options for basal cell carcinoma that has come back",
        "Treatment options for squamous cell carcinoma of the skin that has come back",
    ]


async def test_side_effects_of_a_drugs_class_are_told_before_those_of_its_kind(
    database: Database,
) -> None:
    pieces = await write(database, "What are the side effects of pembrolizumab for liver cancer?")
    assert headings(pieces)[0] == "Side effects of immune checkpoint inhibitors"
    assert not any("sore arm" in text for text in texts(pieces))


async def test_fast_and_slow_lymphomas_are_kept_apart(database: Database) -> None:
    slug = "diffuse-large-b-cell-lymphoma"
    pieces = await write(database, "My DLBCL came back, how is it treated?", slug)
    assert "a fast chair" in texts(pieces)
    assert not any("slow" in text for text in texts(pieces))


async def test_a_page_on_a_cancer_with_a_longer_name_is_on_another_one(database: Database) -> None:
    pieces = await write(database, "How is melanoma treated that has spread?", "melanoma")
    assert any("green lamp" in text for text in texts(pieces))
    assert not any("glass eye" in text for text in texts(pieces))


async def test_after_treatment_says_when_and_what_helps_is_told(
    database: Database, catalogue: Catalogue
) -> None:
    read = asked(catalogue, "Can women have sex after treatment for liver cancer?")
    assert "follow_up" not in keys(read)
    pieces = await write(database, "Can women have sex after treatment for liver cancer?")
    assert any("green cream" in text for text in texts(pieces))
