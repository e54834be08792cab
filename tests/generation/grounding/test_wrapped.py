"""Passages whose sentences were broken into lines."""

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.wrapped import flowing

WRAPPED = (
    "The polyp is taken out only if it has grown beyond\nthe width of a finger, when it can be "
    "reached\nwith a scope.\nThe scope is\npassed through the Strand\nValve."
)


def test_lines_of_one_sentence_are_put_together() -> None:
    assert flowing("It is given to people with\nhigh fevers.\nOthers wait.") == (
        "It is given to people with high fevers.\nOthers wait."
    )
    assert flowing("- pain in the arm,\nhand, or wrist\n- fever") == (
        "- pain in the arm, hand, or wrist\n- fever"
    )
    assert flowing("The name of the\nPariser study") == "The name of the Pariser study"
    assert flowing("Signs of gout may include\nfever.") == "Signs of gout may include fever."
    assert flowing("Treatment of the upper gland\nin adults may include:\n- rest") == (
        "Treatment of the upper gland in adults may include:\n- rest"
    )
    assert flowing("- rest, as\npart of care to relieve\nsymptoms and pain\n- sleep") == (
        "- rest, as part of care to relieve symptoms and pain\n- sleep"
    )


def test_lines_of_their_own_stay_apart() -> None:
    for text in (
        "Signs may include:\nfever\npain in the arm\ncough",
        "## Treatment\nIt is given by mouth.",
        "Fever\n\nit lasts for a day",
        "- Fever\n- Pain",
        "Stage II\nThe tumor has grown.",
        "drug | weeks\nother | days",
        "Risk factors include\nsmoking\nobesity",
        "Risk factors are\nsmoking\nobesity.",
        "It helps\nin adults\nin children",
        "Symptoms\nfever",
        "Symptoms\niPhone",
    ):
        assert flowing(text) == text


def test_what_a_line_denies_is_not_denied_of_the_line_before() -> None:
    for text in (
        "Tamoxifen is used for men\nchemotherapy is not used for women.",
        "Tamoxifen is used for men\nnot for women",
        "Tamoxifen is used for women\nin men it is not used",
        "Tamoxifen is used for men with breast cancer that has spread\nchemotherapy is not used.",
        "- Tamoxifen is used for men\nchemotherapy is not used for women.",
    ):
        assert flowing(text) == text


def test_lines_that_are_all_as_long_as_they_can_be_are_one_text() -> None:
    lines = (
        "A test for this gene is done on blood, and when the\n"
        "gene is not found nothing more is done. Where it was\n"
        "found, the doctor looks at the gland again in a year."
    )
    assert flowing(lines) == lines.replace("\n", " ")


def test_a_claim_is_checked_on_whole_sentences(catalogue: Catalogue) -> None:
    def stands(claim: str) -> bool:
        cited = [Evidence(WRAPPED)]
        return check_claim(claim, cited, cancer=None, catalogue=catalogue).supported

    assert stands(
        "The polyp is taken out only if it has grown beyond the width of a finger, when it can be "
        "reached with a scope."
    )
    assert not stands("The polyp is taken out if it hasn't grown beyond the width of a finger.")
