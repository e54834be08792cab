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


def test_lines_of_their_own_stay_apart() -> None:
    for text in (
        "Signs may include:\nfever\npain in the arm\ncough",
        "## Treatment\nIt is given by mouth.",
        "Fever\n\nit lasts for a day",
        "- Fever\n- Pain",
        "Stage II\nThe tumor has grown.",
        "drug | weeks\nother | days",
    ):
        assert flowing(text) == text


def test_a_claim_is_checked_on_whole_sentences(catalogue: Catalogue) -> None:
    def stands(claim: str) -> bool:
        cited = [Evidence(WRAPPED)]
        return check_claim(claim, cited, cancer=None, catalogue=catalogue).supported

    assert stands(
        "The polyp is taken out only if it has grown beyond the width of a finger, when it can be "
        "reached with a scope."
    )
    assert not stands("The polyp is taken out if it hasn't grown beyond the width of a finger.")
