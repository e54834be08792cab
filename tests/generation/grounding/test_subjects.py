"""Whose facts they are: a claim may not tell of one cancer what its evidence says of another."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

EYE = Evidence(
    "A small melanoma cannot be distinguished from a nevus. Small ones are watched for growth.",
    title="Intraocular (Eye) Melanoma Treatment",
)
SKIN = Evidence("A small melanoma may be removed with a margin.", title="Melanoma Treatment")
RECTUM = Evidence(
    "Adding oxaliplatin after surgery for rectal cancer is still debated. Adding it is standard"
    " after surgery for colon cancer.",
    title="Rectal Cancer Treatment",
)


def is_of_another(claim: str, slug: str, evidence: Evidence, catalogue: Catalogue) -> bool:
    verdict = check_claim(claim, [evidence], cancer=catalogue.by_slug[slug], catalogue=catalogue)
    return Reason(ReasonKind.OTHER_CANCER) in verdict.reasons


@pytest.mark.parametrize(
    ("claim", "slug", "evidence"),
    [
        ("A small melanoma cannot be told from a nevus.", "intraocular-melanoma", EYE),
        (
            "Adding oxaliplatin is debated for rectal cancer, but standard for colon cancer.",
            "rectal-cancer",
            RECTUM,
        ),
    ],
    ids=["a bare name on its own page", "another that it is compared with"],
)
def test_a_name_beside_its_own_cancer_is_no_other(
    claim: str, slug: str, evidence: Evidence, catalogue: Catalogue
) -> None:
    assert not is_of_another(claim, slug, evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "slug", "evidence"),
    [
        ("A small melanoma may be removed.", "intraocular-melanoma", SKIN),
        ("Adding oxaliplatin is standard for rectal cancer.", "colon-cancer", SKIN),
        ("Adding oxaliplatin is debated for breast cancer.", "rectal-cancer", RECTUM),
    ],
    ids=["a bare name on another's page", "another's page", "one that the page doesn't name"],
)
def test_what_is_said_of_another_is_refused(
    claim: str, slug: str, evidence: Evidence, catalogue: Catalogue
) -> None:
    assert is_of_another(claim, slug, evidence, catalogue)


OF_THE_GERM_CELL_TYPE = Evidence(
    "Ovarian germ cell tumors are nearly always found on one side and usually heal when they are"
    " treated early.",
    title="Ovarian Germ Cell Tumors Treatment",
)
OF_A_TYPE_BY_ITS_PAGE = Evidence(
    "Most patients live for many years. The tumor is removed by a lobectomy.",
    title="Papillary Thyroid Cancer Treatment",
)


@pytest.mark.parametrize(
    ("claim", "slug", "evidence"),
    [
        (
            "Ovarian cancer usually heals when it is treated early.",
            "ovarian-cancer",
            OF_THE_GERM_CELL_TYPE,
        ),
        (
            "Ovarian cancer is nearly always found on one side.",
            "ovarian-cancer",
            OF_THE_GERM_CELL_TYPE,
        ),
        (
            "Most patients with thyroid cancer live for many years.",
            "thyroid-cancer",
            OF_A_TYPE_BY_ITS_PAGE,
        ),
    ],
)
def test_what_is_said_of_a_type_is_not_told_of_the_whole(
    claim: str, slug: str, evidence: Evidence, catalogue: Catalogue
) -> None:
    assert is_of_another(claim, slug, evidence, catalogue)


@pytest.mark.parametrize(
    ("claim", "slug", "evidence"),
    [
        (
            "Ovarian germ cell tumors usually heal when they are treated early.",
            "ovarian-cancer",
            OF_THE_GERM_CELL_TYPE,
        ),
        (
            "Some ovarian cancers are nearly always found on one side.",
            "ovarian-cancer",
            OF_THE_GERM_CELL_TYPE,
        ),
        (
            "Most patients with papillary thyroid cancer live for many years.",
            "thyroid-cancer",
            OF_A_TYPE_BY_ITS_PAGE,
        ),
        ("The tumor is removed by a lobectomy.", "thyroid-cancer", OF_A_TYPE_BY_ITS_PAGE),
        (
            "Ovarian cancer usually heals when it is treated early.",
            "ovarian-germ-cell-tumor",
            OF_THE_GERM_CELL_TYPE,
        ),
    ],
)
def test_a_type_that_is_named_is_told_of(
    claim: str, slug: str, evidence: Evidence, catalogue: Catalogue
) -> None:
    assert not is_of_another(claim, slug, evidence, catalogue)
