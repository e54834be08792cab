"""What a sentence stands under in its paragraph, for one patient. All texts are made up."""

from collections.abc import Sequence
from typing import Any

import pytest

from navis_api.generation.personal.paragraphs import goes_on, stands_under
from tests.generation.personal.test_reading import BREAST, LUNG, reading, told

EXON_20 = "For exon 20 insertions, other drugs are used."
POSITIVE = "For HER2-positive cancer there are antibodies."


@pytest.mark.parametrize(
    ("fact", "text", "last", "expected"),
    [
        (["GENOMIC_VARIANT", "egfr", "L858R"], EXON_20, "Amivantamab is one option.", "no"),
        (["GENOMIC_VARIANT", "egfr", "L858R"], EXON_20, "This drug is given weekly.", "no"),
        (["GENOMIC_VARIANT", "egfr", "exon 20 insertion"], EXON_20, "They help some people.", {2}),
        (["GENOMIC_VARIANT", "egfr", None], EXON_20, "They help some people.", "egfr"),
        (["TUMOR_MARKER", "her2", "negative"], POSITIVE, "Another is given each week.", "no"),
        (["TUMOR_MARKER", "her2", "negative"], f"- One.\n\n{POSITIVE}", "Treatment is long.", "no"),
        # What goes on from it names another subject: both have to hold.
        (["TUMOR_MARKER", "her2", "negative"], POSITIVE, "They are given in stage III.", "no"),
        # Of the same subject, what is said last counts.
        (["TUMOR_MARKER", "her2", "negative"], POSITIVE, "It isn't so if HER2-negative.", set()),
        # What begins anew stands under its own condition alone.
        (["TUMOR_MARKER", "her2", "negative"], POSITIVE, "Stage II needs surgery.", set()),
        # A paragraph ends what was said before it.
        (["TUMOR_MARKER", "her2", "negative"], f"{POSITIVE}\n\n", "Surgery may be used.", set()),
        # A sentence that can't be quoted for other reasons is still what the next goes on from.
        (
            ["TUMOR_MARKER", "her2", "negative"],
            "In the NCT00000001 trial, HER2-positive cancers were treated.",
            "Half of them shrank.",
            "no",
        ),
    ],
)
def test_a_sentence_stands_under_what_its_paragraph_named(
    fact: Sequence[Any], text: str, last: str, expected: str | set[int]
) -> None:
    is_of_lung = fact[1] == "egfr"
    cancer = LUNG if is_of_lung else BREAST
    one = reading(["PRIMARY_CANCER", cancer.slug, None], fact, cancer=cancer)
    passage = text + last if text.endswith("\n") else f"{text} {last}"
    under = stands_under(passage, one)
    assert told(under[passage.index(last)]) == expected


def test_items_of_a_list_stand_under_their_lead_in_and_not_under_each_other() -> None:
    passage = "Drugs for breast cancer include:\n\n- HER2-positive: antibodies.\n- pills.\n"
    one = reading(["TUMOR_MARKER", "her2", "negative"])
    assert list(stands_under(passage, one)) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "Amivantamab with chemotherapy is one option.",
        "Radiation is another treatment.",
        "The other is L858R.",
        "One is the exon 19 deletion.",
        "They may be given with chemotherapy.",
        "This drug may cause a rash.",
        "Doctors also call the change a variant.",
        "Lazertinib is also approved.",
    ],
)
def test_a_sentence_goes_on_from_the_one_before(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "For stage III, chemotherapy is used.",
        "Surgery is a treatment for most people.",
        "Stage IV cancer is also called metastatic cancer.",
        "The most common side effect is fatigue.",
        "One in eight women gets breast cancer.",
        "Osimertinib is approved as a first treatment.",
    ],
)
def test_a_sentence_stands_by_itself(text: str) -> None:
    assert not goes_on(text)
