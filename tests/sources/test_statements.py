import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.sources.sentences import sentence_spans
from navis_api.sources.statements import StatementKind, split_statements


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Some drugs, e.g. Sorafenib, slow it down.",
        "It was compared with a placebo (i.e. A pill without a drug).",
        "Surgery vs. Radiation was studied.",
        "It was led by Dr. Smith of Boston.",
        "The U.S. Food and Drug Administration approved it.",
        "The work of Smith et al. (2019) agrees.",
        "See Fig. 3 and No. 3 of the series.",
        "Written by J. Smith and A. B. Jones.",
        "Survival was longer (HR, 0.83; P = .0007) in the first arm.",
        "An infection with H. pylori raises the risk.",
        "Doses from 0.5 to 1.5 mg were given.",
        "It holds shiitake (Lentinus edodes [Berk.] Pegler) and lentil.",
        "Teresa Zimmers, Ph.D., of Indiana said so.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The tumor is stage IV.", "The lungs are affected."),
        ("They were given vitamin C.", "It did not help."),
        ("They live in the U.S.", "The others do not."),
        ("She is well (P = .02).", "He is not."),
        ("It is called “chemo.”", "Others say drugs."),
        ("It stops growing.", "(It may come back.)"),
        ("Was it 5 mg?", "Nobody knew."),
        ("It was found in 2020.", "45 patients took part."),
        ("Cells divide.", "p53 stops them."),
        ("The answer is no.", "Ask again."),
        ("Described by Smith et al.", "The others followed."),
    ],
)
def test_a_stop_between_sentences_ends_the_first(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


def kinds(text: str) -> list[tuple[StatementKind, str, int | None, int]]:
    return [
        (found.kind, text[found.start : found.end], found.lead_in, found.depth)
        for found in split_statements(text)
    ]


def test_bullets_know_the_lead_in_that_they_complete() -> None:
    text = "It can be treated. Options include:\n\n- surgery\n- ablation\n\nAsk your doctor."
    assert kinds(text) == [
        (StatementKind.SENTENCE, "It can be treated.", None, 0),
        (StatementKind.LEAD_IN, "Options include:", None, 0),
        (StatementKind.BULLET, "surgery", 1, 0),
        (StatementKind.BULLET, "ablation", 1, 0),
        (StatementKind.SENTENCE, "Ask your doctor.", None, 0),
    ]


def test_a_nested_list_completes_its_own_item_and_the_outer_list_goes_on() -> None:
    text = "Tests:\n\n- blood is checked for:\n  - red cells\n  - platelets\n- a scan"
    assert kinds(text) == [
        (StatementKind.LEAD_IN, "Tests:", None, 0),
        (StatementKind.LEAD_IN, "blood is checked for:", 0, 0),
        (StatementKind.BULLET, "red cells", 1, 1),
        (StatementKind.BULLET, "platelets", 1, 1),
        (StatementKind.BULLET, "a scan", 0, 0),
    ]


def test_where_a_flat_list_hides_its_nesting_only_the_first_item_is_attributed() -> None:
    text = "Drugs used:\n\n- with an EGFR variant:\n- osimertinib\n- alectinib"
    assert [found[2] for found in kinds(text)] == [None, 0, 1, None]


def test_examples_in_a_flat_list_complete_the_outer_lead_in_too() -> None:
    text = "Treatment may include:\n\n- ablation using:\n- cryoablation\n- radiation therapy"
    assert [found[2] for found in kinds(text)] == [None, 0, 1, 0]


def test_a_list_without_a_lead_in_has_none() -> None:
    assert [found[2] for found in kinds("Things matter.\n\n- one\n- two")] == [None, None, None]


def test_a_sentence_that_its_list_goes_on_is_a_lead_in_without_a_colon() -> None:
    text = "It needs treatment, which may include\n\n- surgery"
    assert kinds(text)[0][0] is StatementKind.LEAD_IN
    assert kinds(text)[1][2] == 0


def test_labels_behind_a_lead_in_complete_it_and_are_completed_by_their_lists() -> None:
    text = "Watch for the following:\n\nBy day\n\n- heat\n\nBy night\n\n- cold\n- rain"
    assert kinds(text) == [
        (StatementKind.LEAD_IN, "Watch for the following:", None, 0),
        (StatementKind.LEAD_IN, "By day", 0, 0),
        (StatementKind.BULLET, "heat", 1, 0),
        (StatementKind.LEAD_IN, "By night", 0, 0),
        (StatementKind.BULLET, "cold", 3, 0),
        (StatementKind.BULLET, "rain", 3, 0),
    ]


def test_a_label_that_nothing_leads_to_completes_nothing() -> None:
    text = "It may return.\n\nWhere it returns\n\n- in the same place"
    assert [found[2] for found in kinds(text)] == [None, None, 1]


def test_a_short_bullet_is_whole_and_a_long_one_is_cut_behind_its_label() -> None:
    short = "- Surgery. It removes the tumor. It is common."
    assert [found[1] for found in kinds(short)] == [short[2:]]
    long = "- Local recurrence. It came back in the same place. " + "It is treated again. " * 20
    found = kinds(long.strip())
    assert found[0][:2] == (
        StatementKind.BULLET,
        "Local recurrence. It came back in the same place.",
    )
    assert {kind for kind, *_ in found[1:]} == {StatementKind.SENTENCE}
    assert len(found) == 21


def test_table_rows_and_their_caption_are_no_sentences() -> None:
    text = "Table 2. Stages of the Tumor\n\nStage | Meaning\nI | small"
    assert {kind for kind, *_ in kinds(text)} == {StatementKind.TABLE_ROW}


def test_a_label_without_a_stop_is_no_sentence() -> None:
    assert [found[0] for found in kinds("Systemic therapy\n\nFDA Approved: Yes\n\nIt helps.")] == [
        StatementKind.TABLE_ROW,
        StatementKind.TABLE_ROW,
        StatementKind.SENTENCE,
    ]


def test_numbered_items_are_bullets_without_their_number() -> None:
    assert [found[1] for found in kinds("Steps:\n\n1. Ask.\n2. Wait.")] == [
        "Steps:",
        "Ask.",
        "Wait.",
    ]


_PROSE = st.text(alphabet="aB1.:?!()- |#\n\t“é", max_size=200) | st.text(max_size=100)


@given(_PROSE)
def test_statements_are_ordered_inside_the_text_and_never_blank(text: str) -> None:
    end = 0
    for index, found in enumerate(split_statements(text)):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        assert found.lead_in is None or found.lead_in < index
        end = found.end


@given(_PROSE)
def test_sentences_hold_every_visible_character(text: str) -> None:
    held = "".join(sentences(text))
    assert "".join(held.split()) == "".join(text.split())
