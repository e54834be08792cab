import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navis_api.sources.cleaning.markdown import clean_markdown, clean_title

PAGE = "https://www.cancer.gov/types/liver"
TERM = "/publications/dictionaries/cancer-terms/def/45570"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        # Links and citation marks
        (f"It needs [surgery]({TERM}) soon.", "It needs surgery soon."),
        (f'It needs [surgery]({PAGE} "A (long) title") soon.', "It needs surgery soon."),
        (f"It [was so]({PAGE}#:~:text=receptor%202%20() for long.", "It was so for long."),
        (
            "It is rare.[[4](#cit/section_1.4)-[7](#cit/section_1.7)] It spreads.",
            "It is rare. It spreads.",
        ),
        (
            "It is specific.[[26](#cit/1.26),[28](#cit/1.28)][[Level of evidence C1](/pop)] In",
            "It is specific. In",
        ),
        (
            "It was so.[Levels of evidence [B1](/popDefinition) and [A1](/popDefinition)]",
            "It was so.",
        ),
        ("Cirrhosis [[5](#cit/section_1.5)], too.", "Cirrhosis, too."),
        ("computed tomography [CT] scans", "computed tomography [CT] scans"),
        ("visit <http://smokefree.gov> now", "visit http://smokefree.gov now"),
        # Glued words
        ("changes in the*EGFR*gene are found", "changes in the EGFR gene are found"),
        ("**oral:**comes in pills", "oral: comes in pills"),
        ("*BCR*::*ABL1* fusions", "BCR::ABL1 fusions"),
        ("***TP53* variants.** They are", "TP53 variants. They are"),
        ("The **A**djuvant **L**apatinib study", "The Adjuvant Lapatinib study"),
        (f"a new [biomarker]({TERM})s test", "a new biomarkers test"),
        (f"renal[cell cancer]({TERM})that", "renal cell cancer that"),
        ("the DPYD\\*2A variant and HLA-A\\*02", "the DPYD*2A variant and HLA-A*02"),
        ("new vessels.Other signals", "new vessels. Other signals"),
        # Entities, tags, characters
        ("p &lt; .05 &amp; more", "p < .05 & more"),
        ("H<sub>2</sub>O<br/>is water", "H2O is water"),
        ("soft\u00adware\u200b and\u00a0nbsp", "software and nbsp"),
        ("cafe\u0301", "café"),
        ("a\ud800b\x00c", "abc"),
        # Soft line breaks
        ("Abemaciclib\nis approved\nto treat cancer.", "Abemaciclib is approved to treat cancer."),
    ],
)
def test_inline_marks_go_and_words_stay(markdown: str, expected: str) -> None:
    assert clean_markdown(markdown) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        f"Learn more at [Cryosurgery]({PAGE}).",
        "To learn more, visit the fact sheet.",
        f"For more information, see [Bile Duct Cancer Treatment]({PAGE}).",
        "For information about the treatments listed below, see the Overview section.",
        f"See [Drugs Approved for Brain Tumors]({PAGE}) for more information.",
        "Use our clinical trial search to find NCI-supported cancer clinical trials.",
        "Information about ongoing clinical trials is available from the NCI website.",
        "A separate PDQ summary on Anal Cancer Treatment is also available.",
        "This animation shows how cancer cells travel.",
        f"For help with emotional side effects, see [Emotions and Cancer]({PAGE}).",
        f"If you choose this care, you can learn more about [Choices for Care]({PAGE}).",
    ],
)
def test_sentences_of_navigation_go_and_their_neighbours_stay(sentence: str) -> None:
    markdown = f"The tumor is removed. {sentence} It may grow back."
    assert clean_markdown(markdown) == "The tumor is removed. It may grow back."


@pytest.mark.parametrize(
    "advice",
    [
        "See your doctor if you have a fever.",
        f"See your [doctor]({PAGE}) if you have a fever.",
        "Check with your doctor if you have any of these problems.",
        "For more aggressive cases, several drugs have been used.",
        "The video-assisted operation removes part of the lung.",
        "Call 911 if you cannot breathe.",
        "Talk with your doctor (see him soon) about it.",
        "Information about the cause was missing for most women.",
    ],
)
def test_advice_and_facts_that_look_like_navigation_stay(advice: str) -> None:
    assert "".join(clean_markdown(advice).split()) == "".join(
        advice.replace(f"[doctor]({PAGE})", "doctor").split()
    )


def test_asides_that_point_elsewhere_go() -> None:
    markdown = "It is legal. (See [Question 3](#q3)). It grows (see Table 2 below) fast."
    assert clean_markdown(markdown) == "It is legal. It grows fast."


def test_the_title_that_a_page_repeats_at_its_top_goes() -> None:
    markdown = "# Liver Cancer - NCI\n\n# Liver Cancer\n\nIt starts there."
    assert clean_markdown(markdown) == "It starts there."


def test_sections_of_the_first_level_stay() -> None:
    markdown = "# First\n\nOne.\n\n# Second\n\nTwo."
    assert clean_markdown(markdown) == markdown


def test_a_heading_set_below_its_mark_is_joined() -> None:
    assert clean_markdown("##\n\nHow it works\n\nIt kills.") == "## How it works\n\nIt kills."


def test_headings_with_nothing_below_them_go() -> None:
    markdown = "## Anatomy\n\n### Picture\n\n## Risk\n\nSmoking."
    assert clean_markdown(markdown) == "## Risk\n\nSmoking."


def test_bold_lines_and_bold_numbered_questions_are_headings() -> None:
    markdown = (
        "## Answers\n\n1. **What is *it*?**\n\nA drug.\n2. **Is it safe?**\nYes.\n\n"
        "**Use**\n\nDaily."
    )
    assert clean_markdown(markdown) == (
        "## Answers\n\n### What is it?\n\nA drug.\n\n### Is it safe?\n\nYes.\n\n### Use\n\nDaily."
    )


def test_figures_go_with_their_captions_and_credits() -> None:
    markdown = (
        f"The liver is large. [Enlarge]({PAGE}.jpg)![Anatomy of it (drawing) [1]]({PAGE}.jpg)"
        "\n\nAnatomy of the liver. It has two lobes.\n\nIt filters blood.\n\n"
        f"![Doctor]({PAGE}.jpg)\n\nA doctor talks.\n\nCredit: iStock\n\nAsk questions. "
        "Photo Credit: Hugh Gloster, MD"
    )
    assert clean_markdown(markdown) == "The liver is large.\n\nIt filters blood.\n\nAsk questions."


def test_cards_of_related_articles_go_from_the_middle_of_a_list_of_effects() -> None:
    card = f"[![A test]({PAGE}.jpg)\n\nGenetic Test May Help\n\nIt may.]({PAGE})"
    markdown = f"It can:\n\n{card}\n\n- shrink a tumor\n- ease pain"
    assert clean_markdown(markdown) == "It can:\n\n- shrink a tumor\n- ease pain"


def test_lists_of_links_go_but_lists_of_linked_treatments_stay() -> None:
    markdown = (
        f"- [Cancer Pain]({PAGE})\n- [Nutrition]({PAGE})\n\nDrugs used include:\n\n"
        f"- [sorafenib](/about-cancer/treatment/drugs/sorafenib)\n- [surgery]({PAGE})"
    )
    assert clean_markdown(markdown) == "Drugs used include:\n\n- sorafenib\n- surgery"


def test_what_a_pointer_introduces_goes_with_it() -> None:
    markdown = (
        "Cancer is cancer.\n\nSee the following PDQ summaries for more information:\n\n- Liver.\n"
        "- Lung.\n\nEnd of it."
    )
    assert clean_markdown(markdown) == "Cancer is cancer.\n\nEnd of it."


def test_titles_of_news_go_and_what_they_tell_stays() -> None:
    markdown = (
        f"Facts.\n\n- [New Drug Found]({PAGE})\n\nPosted: May 1, 2024\n\nA trial found it.\n"
        f"- [Old Drug]({PAGE})\n\nPosted: May 1, 2023\n\nAnother trial."
    )
    assert clean_markdown(markdown) == "Facts.\n\nA trial found it.\n\nAnother trial."


@pytest.mark.parametrize(
    "heading",
    [
        "About This PDQ Summary",
        "Latest Updates to This Summary (05/23/2025)",
        "References",
        "Permission to Use This Summary",
        "To Learn More About Liver Cancer",
        "Clinical Trials Accepting Patients",
    ],
)
def test_sections_about_the_page_go_with_all_below_them(heading: str) -> None:
    markdown = f"## Facts\n\nOne.\n\n## {heading}\n\nText.\n\n### Below\n\n1. A.\n\n## More\n\nTwo."
    assert clean_markdown(markdown) == "## Facts\n\nOne.\n\n## More\n\nTwo."


def test_key_points_go_when_they_repeat_the_headings_below() -> None:
    markdown = (
        "## General\n\n### Key Points\n\n- Cancer forms in\nthe liver.\n- It spreads.\n\n"
        "### Cancer forms in the liver.\n\nText."
    )
    assert clean_markdown(markdown) == "## General\n\n### Cancer forms in the liver.\n\nText."
    alone = "### Key Points\n\n- It is rare.\n\n### Treatment\n\nText."
    assert clean_markdown(alone) == alone


def test_a_drug_page_keeps_its_facts_on_one_line_each() -> None:
    markdown = (
        "# Abemaciclib\n\nPlaceholder slot\n\n(uh-BEH-muh-SY-klib)\n\nUS Brand Name(s)\n\nVerzenio"
        "\nOther\n\nFDA Approved\n\nYes\n\n## More About Abemaciclib\n\n"
        f"[Definition from the NCI Drug Dictionary]({PAGE}) - Names.\n\n- warnings,"
    )
    assert clean_markdown(markdown) == "US Brand Name(s): Verzenio, Other\n\nFDA Approved: Yes"


def test_the_parts_of_a_drug_combination_become_a_list() -> None:
    markdown = (
        "Drugs in it:\n\n|  |  |\n| --- | --- |\n| **FOL** | = [Leucovorin](/drugs/l) |\n"
        "| **OX** | = Oxaliplatin |"
    )
    assert clean_markdown(markdown) == "Drugs in it:\n\n- FOL = Leucovorin\n- OX = Oxaliplatin"


def test_table_rows_repeat_what_spans_them_and_leave_out_legends() -> None:
    markdown = (
        "| Stage | Options |\n| --- | --- |\n| OS = overall survival. | |\n"
        "| Stage 0 | Surgery |\n| Resection |\n| Stage I | Both |"
    )
    assert clean_markdown(markdown) == (
        "Stage | Options\nStage 0 | Surgery\nStage 0 | Resection\nStage I | Both"
    )


def test_rows_of_navigation_go_and_lists_in_cells_can_be_read() -> None:
    markdown = (
        "| Part | Effects |\n| --- | --- |\n| Brain | - Fatigue - Hair loss - Low-grade fever |\n\n"
        f"## Pain\n\n[patient]({PAGE}) | [health professional]({PAGE})"
    )
    assert clean_markdown(markdown) == (
        "Part | Effects\nBrain | Fatigue; Hair loss; Low-grade fever"
    )


def test_lists_are_nested_only_where_their_style_shows_it() -> None:
    sure = "- **N3b:** One of these:\n- it spread far\n- it grew\n- **N3c:** It did not."
    assert clean_markdown(sure) == (
        "- N3b: One of these:\n  - it spread far\n  - it grew\n- N3c: It did not."
    )
    open_ended = "- nonmelanoma, which includes:\n\n- basal cell\n- melanoma"
    assert clean_markdown(open_ended) == "- nonmelanoma, which includes:\n- basal cell\n- melanoma"


def test_bullets_below_a_numbered_item_are_nested() -> None:
    markdown = "1. A trial found it.\n\n- It lasted.\n- It helped.\n2. Another."
    assert (
        clean_markdown(markdown)
        == "1. A trial found it.\n  - It lasted.\n  - It helped.\n2. Another."
    )


def test_indented_lists_keep_their_nesting() -> None:
    assert clean_markdown("* a\n    * b\n* c") == "- a\n  - b\n- c"


def test_the_trade_mark_goes() -> None:
    assert clean_markdown("## Liver Cancer (PDQ®)\n\nText.") == "## Liver Cancer\n\nText."


def test_a_file_that_is_no_text_is_empty() -> None:
    assert clean_markdown("BOOK\x01\x02\x03MOBI\x04\ufffd" * 40) == ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Primary Liver Cancer Treatment (PDQ®)", "Primary Liver Cancer Treatment"),
        ("Liver Cancer Treatment (PDQ®)–Patient Version - NCI", "Liver Cancer Treatment"),
        ("Anal Cancer—Health Professional Version", "Anal Cancer"),
        ("Fatigue and Cancer - Side Effects", "Fatigue and Cancer"),
        ("714-X - CAM", "714-X"),
        (
            "Killing Cancer Cells – Photoimmunotherapy -",
            "Killing Cancer Cells – Photoimmunotherapy",
        ),
        ("Did You Know? | NCI", "Did You Know?"),
        ("NCI", "NCI"),
    ],
)
def test_a_title_loses_the_name_of_its_site(title: str, expected: str) -> None:
    assert clean_title(title) == expected


_MARKDOWN = st.text(alphabet="aB1 .:-#*_|[](){}!<>\\&;\n", max_size=150) | st.text(max_size=150)


@settings(max_examples=300)
@given(_MARKDOWN)
def test_any_text_is_cleaned_and_a_cleaned_text_stays_as_it_is(text: str) -> None:
    cleaned = clean_markdown(text)
    assert clean_markdown(cleaned) == cleaned


@given(st.text())
def test_any_title_is_cleaned(title: str) -> None:
    assert clean_title(clean_title(title)) == clean_title(title)
