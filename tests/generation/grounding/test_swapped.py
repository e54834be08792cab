"""One word changed for its opposite, or one left out that limits the sentence."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence

# Each sentence with what it says, and what a claim puts in its place.
TURNED = [
    ("Surgeons remove it by {} excision of the skin.", "local", "general"),
    ("The {} passes the changed gene on to her child.", "mother", "father"),
    ("In most people the tumor {} in the skin of the back.", "begins", "ends"),
    ("Radiation therapy to the bone is given to {} pain.", "relieve", "cause"),
    ("The sentinel node is the {} lymph node that the lymph drains to.", "first", "last"),
    ("Patients {} the drug eight weeks before the operation.", "start", "stop"),
    ("Some moles leave a {} scar on the skin behind the ear.", "small", "large"),
    ("Cryotherapy uses liquid nitrogen to {} abnormal tissue.", "destroy", "create"),
    ("Nodular tumors are {} growing and thick.", "fast", "slow"),
    ("There are {} studies of the vaccine in children.", "few", "many"),
    ("The protein {} the division of pigment cells.", "stops", "starts"),
    ("The wound is cleaned {} before the dressing is changed.", "twice", "once"),
    ("Three of the ten patients in the study {} within two years.", "died", "survived"),
    ("The vaccine {} the number of relapses in this group.", "reduces", "increases"),
    ("People with a {} level of the enzyme had shorter stays in hospital.", "low", "high"),
    ("The lotion is approved to {} actinic lesions of the scalp.", "prevent", "treat"),
]


def stands(claim: str, evidence: str, catalogue: Catalogue) -> bool:
    cancer = catalogue.by_slug["melanoma"]
    cited = Evidence(evidence, title="Melanoma Treatment", cancer_ids=frozenset({cancer.id}))
    return check_claim(claim, [cited], cancer=cancer, catalogue=catalogue).supported


@pytest.mark.parametrize(("sentence", "said", "told"), TURNED)
def test_an_opposite_is_refused(sentence: str, said: str, told: str, catalogue: Catalogue) -> None:
    assert not stands(sentence.format(told), sentence.format(said), catalogue)
    assert not stands(sentence.format(said), sentence.format(told), catalogue)


@pytest.mark.parametrize(("sentence", "said", "told"), TURNED)
def test_the_word_itself_stays(sentence: str, said: str, told: str, catalogue: Catalogue) -> None:
    evidence = f"{sentence.format(said)} Other people are asked about it."
    assert stands(sentence.format(said), evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "The lymph nodes are removed when they feel enlarged.",
            "The lymph nodes are removed only when they feel enlarged.",
        ),
        (
            "The tumor is found in the skin of the eyelid.",
            "The tumor is found in the skin of the eyelid only.",
        ),
        (
            "People with thick tumors get a second operation on the scalp.",
            "Some people with thick tumors get a second operation on the scalp.",
        ),
        (
            "A skin graft is needed after wide excision of the scalp.",
            "A skin graft may be needed after wide excision of the scalp.",
        ),
        (
            "The test shows which genes have changed, which helps doctors predict relapse.",
            "The test may show which genes have changed, which may help doctors predict relapse.",
        ),
    ],
)
def test_a_limit_is_not_left_out(claim: str, evidence: str, catalogue: Catalogue) -> None:
    assert not stands(claim, evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "Sometimes a skin graft is needed after wide excision of the scalp.",
            "A skin graft may be needed after wide excision of the scalp.",
        ),
        (
            "A small number of nodes is removed.",
            "Only a small number of nodes is removed.",
        ),
        (
            "Small tumors are removed under local anesthesia.",
            (
                "Small tumors are removed under local anesthesia. Large tumors are removed under"
                " general anesthesia."
            ),
        ),
        (
            "The drug does not cause hair loss.",
            "The drug does not cause hair loss, and it relieves itching.",
        ),
    ],
)
def test_what_is_said_stays(claim: str, evidence: str, catalogue: Catalogue) -> None:
    assert stands(claim, evidence, catalogue)
