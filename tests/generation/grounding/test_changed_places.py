"""What stands on either side of a joint, and alike words that changed places, as figures."""

import pytest

from navis_api.generation.grounding.closeness.coverage import Features
from navis_api.generation.grounding.closeness.features import compare


def figures(claim: str, evidence: str) -> Features:
    compared = compare(claim, [evidence], [])
    assert compared is not None
    return compared.features


SURGERY = "Chemotherapy is given before surgery to shrink the tumor."
CARIES = "Radiation therapy to the head can cause tooth decay."
WOMEN = "Severe side effects were more common in women than in men."
NERVES = "Numbness is mostly due to damage of the nerves."
SWELLING = "Swelling of the arm depends on how many lymph nodes were removed."


@pytest.mark.parametrize(
    ("kind", "evidence", "straight", "turned"),
    [
        (
            "time",
            SURGERY,
            "Surgery is done after chemotherapy has shrunk the tumor.",
            "Chemotherapy is given after surgery to shrink the tumor.",
        ),
        (
            "time",
            SURGERY,
            "Before surgery, chemotherapy is given.",
            "Before chemotherapy, surgery is done.",
        ),
        (
            "cause",
            CARIES,
            "Tooth decay can be caused by radiation therapy to the head.",
            "Radiation therapy to the head can be caused by tooth decay.",
        ),
        (
            "cause",
            NERVES,
            "Damage of the nerves leads to numbness.",
            "Numbness leads to damage of the nerves.",
        ),
        (
            "cause",
            SWELLING,
            "How many lymph nodes were removed affects the swelling of the arm.",
            "How many lymph nodes were removed depends on the swelling of the arm.",
        ),
        (
            "than",
            WOMEN,
            "Men had fewer severe side effects than women.",
            "Severe side effects were more common in men than in women.",
        ),
        (
            "instead",
            "Patients were given capecitabine rather than fluorouracil.",
            "Capecitabine was given instead of fluorouracil.",
            "Fluorouracil was given instead of capecitabine.",
        ),
    ],
    ids=["after", "fronted", "passive", "due to", "depends", "fewer", "instead"],
)
def test_the_sides_of_a_joint(kind: str, evidence: str, straight: str, turned: str) -> None:
    kept, changed = figures(straight, evidence), figures(turned, evidence)
    assert kept[f"net {kind}"] == 0
    assert kept[f"straight {kind}"] > 0
    assert changed[f"net {kind}"] < 0


@pytest.mark.parametrize(
    ("kind", "evidence", "kept", "changed"),
    [
        (
            "numbers",
            "There were 50 deaths in the screening group and 44 deaths in the usual-care group.",
            "There were 44 deaths in the usual-care group and 50 deaths in the screening group.",
            "There were 50 deaths in the usual-care group and 44 deaths in the screening group.",
        ),
        (
            "names",
            "Ribociclib blocks proteins called CDK4 and CDK6, and letrozole blocks aromatase.",
            "Letrozole blocks aromatase, while ribociclib blocks proteins called CDK4 and CDK6.",
            "Ribociclib blocks aromatase, while letrozole blocks proteins called CDK4 and CDK6.",
        ),
    ],
)
def test_alike_words_that_changed_places(kind: str, evidence: str, kept: str, changed: str) -> None:
    assert figures(kept, evidence)[f"least kept {kind}"] > -0.1
    assert figures(changed, evidence)[f"least kept {kind}"] < -0.1


def test_a_list_in_another_order_changes_nothing() -> None:
    evidence = "It may cause nausea, vomiting, and diarrhea in the first week."
    shown = figures("In the first week it may cause diarrhea, vomiting, and nausea.", evidence)
    assert shown["net cause"] == 0
