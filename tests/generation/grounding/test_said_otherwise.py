"""What is right though it is said in other words, and the lie that stands beside it."""

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.citing import Cited
from navis_api.generation.grounding.passages import read_passage
from navis_api.generation.grounding.reading import read
from navis_api.generation.grounding.subjects import names_in
from navis_api.generation.grounding.support import find_support

LIST = (
    "The wire drains these, among others:\n"
    "- It is not used for cysts that refill.\n"
    "- Tamoxifen shrinks cysts that stay.\n"
    "- Letrozole is not given for cysts that stay."
)
NESTED = (
    "Osimertinib is approved to treat:\n"
    "- Lung tumors with an abnormal EGFR gene. It is used in adults:\n"
    "  - who have had surgery."
)


def refused(claim: str, evidence: str) -> str | None:
    """Return why the rules refuse a claim, None where they accept it."""
    cited = Cited(read_passage(evidence), frozenset(), 0)
    found = find_support(read(claim), [cited], frozenset(), frozenset())
    return next((str(each.reason) for each in found if each.reason is not None), None)


@pytest.mark.parametrize(
    ("right", "evidence", "lie", "reason"),
    [
        (
            "The glands swell a year or more after the graft.",
            "The glands swell one or more years after the graft.",
            "The glands swell every year after the graft.",
            "how often",
        ),
        (
            "Wilt is the sixth leading cause of falls.",
            "Wilt is the sixth leading cause of falls.",
            "Wilt is the leading cause of falls.",
            "STRONGER",
        ),
        (
            "The grade depends on how far the tumor has spread.",
            "The grade depends on whether the tumor has spread to nearby bones.",
            "The grade depends on whether the tumor has spread to distant bones.",
            "the other side",
        ),
        (
            "Iron lowers the risk of gout, but whether it lowers that of death isn't known.",
            "Iron lowers the risk of gout, but it is not known if it lowers the risk of death.",
            "Gout lowers the risk of iron.",
            "STRONGER",
        ),
        (
            "Scans are not advised for men, not even for men at higher risk.",
            "Scans are not recommended for men, even those who are at higher risk.",
            "Scans are advised for men, even for men at higher risk.",
            "NEGATION_DIFFERS",
        ),
        (
            "The lump is neither round nor firm.",
            "The lump is not round or firm.",
            "The lump is round and firm.",
            "NEGATION_DIFFERS",
        ),
        (
            "Nobody knows whether the vaccine helps adults.",
            "It is not clear whether the vaccine helps adults.",
            "The vaccine is known to help adults.",
            "an aim told as found",
        ),
        (
            "Smokers are less likely to be cured, and a second tumor is more likely in them.",
            "Smokers are less likely to be cured and more likely to develop a second tumor.",
            "Smokers are more likely to be cured.",
            "DIRECTION_DIFFERS",
        ),
        (
            "Radioactive iodine (131-MIBG) is used for neuroblastoma.",
            "Iodine 131-MIBG is a radioactive iodine that is used for neuroblastoma.",
            "Radioactive iodine (125-MIBG) is used for neuroblastoma.",
            "NAME_NOT_SAID",
        ),
        (
            "Tamoxifen shrinks cysts that stay.",
            LIST,
            "Letrozole is given for cysts that stay.",
            "NEGATION_DIFFERS",
        ),
        (
            "Adults with an abnormal EGFR gene who have had surgery may use osimertinib.",
            NESTED,
            "Adults with an abnormal ALK gene who have had surgery may use osimertinib.",
            "NAME_NOT_SAID",
        ),
    ],
)
def test_the_rules_take_what_is_right_and_not_the_lie_beside_it(
    right: str, evidence: str, lie: str, reason: str
) -> None:
    assert refused(right, evidence) is None
    found = refused(lie, evidence)
    assert found is not None
    assert reason in found


def test_a_kind_of_lymphoma_is_no_denial_of_lymphoma() -> None:
    evidence = "It is approved for follicular non-Hodgkin lymphoma that has relapsed."
    assert refused("It is approved for follicular lymphoma that has relapsed.", evidence) is None
    assert refused("It is approved for Hodgkin lymphoma that has relapsed.", evidence) is not None


def test_what_stands_in_another_sentence_is_told_from_what_stands_nowhere() -> None:
    evidence = "Wilt lasts 18 months in the roots. Rust spoils the leaves of young plants."
    assert refused("Rust spoils the leaves of young plants for 18 months.", evidence) == (
        "NUMBER_DIFFERS: number of another sentence"
    )
    assert refused("Rust spoils the leaves of young plants for 17 months.", evidence) == (
        "NUMBER_DIFFERS: number"
    )


def test_abbreviations_in_the_plural_name_a_cancer(catalogue: Catalogue) -> None:
    def named(text: str) -> set[str]:
        return {entry.slug for entry in names_in(catalogue, text)}

    assert named("GISTs may bleed.") == named("A GIST may bleed.") != set()
    assert named("NETs of the pancreas grow.") == named("A NET of the pancreas grows.")
    assert named("PETs and CTs are scans.") == set()


def test_what_does_what_is_read_within_one_statement() -> None:
    evidence = "Iron lowers the risk of gout, but the scan is not known to be safe."
    assert refused("Gout lowers the risk of iron.", evidence) == (
        "DIRECTION_DIFFERS: the other way round"
    )


@pytest.mark.parametrize(
    ("evidence", "lie"),
    [
        (
            "Crizotinib is used for anaplastic lymphoma kinase (ALK)-positive lung tumors.",
            "Crizotinib is used for lymphoma.",
        ),
        (
            "Pembrolizumab binds programmed death ligand 1 and lowers the risk of relapse.",
            "Pembrolizumab lowers the risk of death.",
        ),
        ("It slows estrogen receptor-positive tumors.", "It slows estrogen."),
        ("The HPV vaccine lowers the risk of warts.", "HPV lowers the risk of warts."),
        ("RICE chemotherapy is given before a transplant.", "Rice is given before a transplant."),
        ("Birth control pills lower the risk of cysts.", "Birth lowers the risk of cysts."),
    ],
)
def test_a_word_out_of_a_name_is_not_said_by_it(evidence: str, lie: str) -> None:
    assert refused(lie, evidence) is not None


def test_a_name_out_of_a_name_is_said_by_it() -> None:
    assert refused("MIBG shrinks the tumor.", "131I-MIBG shrinks the tumor.") is None


@pytest.mark.parametrize(
    "evidence",
    [
        "Tamoxifen is used for men and chemotherapy is not used for women.",
        "Tamoxifen is used for men, not for women.",
        "Tamoxifen is used for men, but it is not used for women.",
    ],
)
def test_what_is_said_of_one_is_not_denied_with_what_is_denied_of_another(evidence: str) -> None:
    assert refused("Tamoxifen is used for men.", evidence) is None
    assert refused("Tamoxifen is not used for men.", evidence) is not None


def test_a_denial_holds_with_those_that_it_names_behind_it() -> None:
    evidence = (
        "Ramucirumab is used for people whose tumor grew after surgery, but not for people who "
        "have gout."
    )
    assert refused("Ramucirumab is not used for people who have gout.", evidence) is None
    assert refused("Ramucirumab is used for people who have gout.", evidence) is not None
    assert (
        refused("Ramucirumab is not used for people whose tumor grew after surgery.", evidence)
        is not None
    )
