"""What is read from a source for one patient: conditions, and whether they hold. All made up."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.personal.case import read_case
from navis_api.generation.personal.judgements import Judgement, Standing
from navis_api.generation.personal.reading import PersonalReading
from tests.generation.personal.facts import facts_of


def entry(
    number: int, slug: str, name: str, parent: CatalogueEntry | None = None
) -> CatalogueEntry:
    site = name.split()[-2].lower() if parent is None else parent.body_site
    parent_id = parent.id if parent else None
    return CatalogueEntry(UUID(int=number), slug, name, None, (), (), site, (), "", parent_id)


BREAST = entry(1, "breast-cancer", "Breast Cancer")
TRIPLE = entry(2, "triple-negative-breast-cancer", "Triple-Negative Breast Cancer", BREAST)
HER2 = entry(3, "her2-positive-breast-cancer", "HER2-Positive Breast Cancer", BREAST)
MALE = entry(4, "male-breast-cancer", "Male Breast Cancer", BREAST)
LUNG = entry(5, "lung-cancer", "Lung Cancer")
NON_SMALL = entry(6, "non-small-cell-lung-cancer", "Non-Small Cell Lung Cancer", LUNG)
SMALL = entry(7, "small-cell-lung-cancer", "Small Cell Lung Cancer", LUNG)
PROSTATE = entry(8, "prostate-cancer", "Prostate Cancer")
COLON = entry(9, "colorectal-cancer", "Colorectal Cancer")
MELANOMA = entry(10, "melanoma", "Skin Melanoma")
CATALOGUE = Catalogue(
    (BREAST, TRIPLE, HER2, MALE, LUNG, NON_SMALL, SMALL, PROSTATE, COLON, MELANOMA)
)

BREAST_III = (
    ["PRIMARY_CANCER", "breast-cancer", None],
    ["STAGE_GROUP", "group", "IIIA"],
    ["TUMOR_MARKER", "her2_ihc", "Negative"],
    ["TUMOR_MARKER", "er", "Positive"],
    ["GENOMIC_VARIANT", "brca1", "negative"],
    ["MEDICATION", "paclitaxel", "RECEIVED"],
    ["PROCEDURE", "mastectomy", "RECEIVED"],
    ["METASTATIC_SITE", "liver", None, "ABSENT"],
)


def reading(
    *facts: Sequence[Any], cancer: CatalogueEntry | None = BREAST, asks: str = "What now?"
) -> PersonalReading:
    return PersonalReading(read_case(facts_of(*facts), cancer, CATALOGUE), asks)


def told(judged: Judgement) -> str | set[int]:
    """The facts of what holds, or what else comes of it."""
    if judged.standing is Standing.YES:
        return set(judged.facts)
    if judged.standing is Standing.NO:
        return "no"
    return " ".join(sorted(subject.key or "unclear" for subject in judged.open_on))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chemotherapy may be used.", set[int]()),
        ("Treatment of stage III breast cancer may include surgery.", {2}),
        ("Treatment of stage II or III breast cancer", {2}),
        ("Treatment of stages I to III breast cancer", {2}),
        ("Stage IIIC breast cancer", "no"),
        ("Stage IV breast cancer may be treated with drugs.", "no"),
        ("Surgery is used except in stage IV.", {2}),
        ("Surgery is used except in stage III.", "no"),
        ("Metastatic breast cancer may be treated with drugs.", "no"),
        ("Locally advanced breast cancer may be treated with drugs first.", {2}),
        ("Early-stage breast cancer is treated with surgery.", "unclear"),
        ("Treatment of recurrent breast cancer", "no"),
        ("Chemotherapy lowers the risk that the cancer will come back.", set[int]()),
        ("The cancer may spread to the bones.", set[int]()),
        ("Tests show how far the cancer has spread.", set[int]()),
        ("The stage may be I, II, III, or IV: stage I, II, III, or IV.", set[int]()),
        ("For cancer that has spread to the liver, surgery may help.", "no"),
        ("HER2-positive breast cancer may be treated with antibodies.", "no"),
        ("HER2-negative breast cancer may be treated with drugs.", {3}),
        ("HER2-low breast cancer may be treated with drugs.", "her2"),
        ("Unless the cancer is HER2-positive, drugs may be used.", {3}),
        ("Unless the cancer is HER2-negative, drugs may be used.", "no"),
        ("Both HER2-positive and HER2-negative cancers are treated so.", set[int]()),
        ("Tests find out whether the tumor is HER2-positive.", set[int]()),
        ("ER-positive or PR-positive cancer may be treated with hormones.", {4}),
        ("Triple-negative breast cancer may be treated with drugs.", "no"),
        ("Hormone receptor-positive, HER2-negative breast cancer", {3, 4}),
        ("Cancer with a BRCA1 mutation may be treated with drugs.", "no"),
        ("Cancer with a BRCA1 or BRCA2 mutation may be treated with drugs.", "brca"),
        ("PD-L1-positive cancer may be treated with drugs.", "pd_l1"),
        ("Trastuzumab may be given with chemotherapy.", "no"),
        ("Tamoxifen may be given for some years.", {4}),
        ("Larotrectinib may be given.", "ntrk"),
        ("People previously treated with paclitaxel may have drugs.", {6}),
        ("Cancer that got worse after trastuzumab may be treated.", "no"),
        ("Adjuvant therapy may be given.", {7}),
        ("Cancer that cannot be removed by surgery may be treated.", "resectability"),
        ("Stage III cancer that can be removed by surgery, or stage IV cancer", "resectability"),
        ("Stage II cancer that can be removed by surgery, or stage III cancer", {2}),
        ("Women with breast cancer may have surgery.", set[int]()),
    ],
)
def test_a_statement_is_held_against_the_facts(text: str, expected: str | set[int]) -> None:
    assert told(reading(*BREAST_III).of_statement(text)) == expected


@pytest.mark.parametrize(
    ("fact", "text", "expected"),
    [
        (["TUMOR_MARKER", "psa", "4.2"], "A PSA level of 10 or higher", "no"),
        (["TUMOR_MARKER", "psa", "12"], "A PSA level of 10 or higher", {2}),
        (["TUMOR_MARKER", "psa", "12"], "A PSA level lower than 10", "no"),
        (["TUMOR_MARKER", "psa", "12"], "A PSA level between 10 and 20", {2}),
        (["TUMOR_MARKER", "psa", "12"], "A high PSA level", set[int]()),
        (["TUMOR_MARKER", "gleason", "7 (3+4)"], "A Gleason score of 6 or lower", "no"),
        (["TUMOR_MARKER", "gleason", "6 (3+3)"], "A Gleason score of 6 or lower", {2}),
        (["TUMOR_MARKER", "grade", "3"], "High-grade cancer", {2}),
        (["TUMOR_MARKER", "grade", "1"], "High-grade cancer", "no"),
        (["TUMOR_MARKER", "pd_l1", "60%"], "PD-L1 expression of at least 50%", {2}),
        (["TUMOR_MARKER", "pd_l1", "10%"], "PD-L1 expression of at least 50%", "no"),
        (["TUMOR_MARKER", "msi", "MSI-H"], "Cancer that is microsatellite stable", "no"),
        (["TUMOR_MARKER", "msi", "MSS"], "Cancer with mismatch repair deficiency", "no"),
        (["GENOMIC_VARIANT", "braf", "Present, p.Val600Glu"], "BRAF V600E-mutated cancer", {2}),
        (["GENOMIC_VARIANT", "kras", "mutated, G12D"], "KRAS G12C-mutated cancer", "no"),
        (["GENOMIC_VARIANT", "kras", "mutated"], "KRAS G12C-mutated cancer", "kras"),
        (["GENOMIC_VARIANT", "egfr", "mutated, exon 19 deletion"], "For exon 20 insertions", "no"),
        (["GENOMIC_VARIANT", "egfr", "wild type"], "Cancers with no EGFR mutation", {2}),
        (["GENOMIC_VARIANT", "egfr", None, "ABSENT"], "Cancers with an EGFR mutation", "no"),
        (["GENOMIC_VARIANT", "egfr", "mutated", "UNCERTAIN"], "EGFR-mutated cancer", "egfr"),
        (["GENOMIC_VARIANT", "egfr", "mutated", "FAMILY"], "EGFR-mutated cancer", "egfr"),
        (["GENOMIC_VARIANT", "egfr", "L858R"], "EGFR mutations in exon 19 or 21", {2}),
        (["GENOMIC_VARIANT", "egfr", "L858R"], "EGFR exon 21 (L858R) mutations", {2}),
        (["GENOMIC_VARIANT", "egfr", "L858R"], "EGFR-mutated cancer with T790M", "no"),
        (["GENOMIC_VARIANT", "egfr", "L858R"], "EGFR changes, such as exon 19 deletions", {2}),
        (
            ["GENOMIC_VARIANT", "egfr", "exon 20 insertion"],
            "EGFR mutations but not exon 20",
            "no",
        ),
        (
            ["GENOMIC_VARIANT", "egfr", "wild type"],
            "EGFR mutations but not exon 20",
            "no",
        ),
        (["GENOMIC_VARIANT", "kras", "G12D"], "A KRAS mutation other than G12C", {2}),
        (["GENOMIC_VARIANT", "kras", "mutated"], "A KRAS mutation other than G12C", "kras"),
        (["GENOMIC_VARIANT", "braf", "V600E"], "Non-V600 BRAF mutations", "no"),
        (["GENOMIC_VARIANT", "braf", "G469A"], "Non-V600 BRAF mutations", {2}),
        (["GENOMIC_VARIANT", "braf", "V600K"], "BRAF V600E or V600K mutations", {2}),
        (["GENOMIC_VARIANT", "braf", "V600"], "BRAF V600E mutations", "unclear"),
        (["GENOMIC_VARIANT", "braf", "G469A"], "Cancer without a BRAF V600E mutation", {2}),
        (["GENOMIC_VARIANT", "braf", "V600E"], "Cancer without a BRAF V600E mutation", "no"),
        (["GENOMIC_VARIANT", "flt3", "D835Y"], "FLT3 internal tandem duplication", "no"),
        (["GENOMIC_VARIANT", "flt3", "D835Y"], "FLT3 ITD or TKD mutations", {2}),
        (["GENOMIC_VARIANT", "flt3", "ITD"], "FLT3-TKD mutations", "no"),
        (["GENOMIC_VARIANT", "flt3", "positive"], "FLT3-ITD", "flt3"),
        (["GENOMIC_VARIANT", "her2", "mutated"], "HER2-positive cancer", "her2"),
        (["TUMOR_MARKER", "her2", "negative"], "HER2-mutated cancer", "her2"),
        (["TUMOR_MARKER", "her2", "positive"], "HER2-mutated cancer", "her2"),
        (["GENOMIC_VARIANT", "her2", "amplified"], "HER2-positive cancer", {2}),
        (["TUMOR_MARKER", "pd_l1", "<1%"], "PD-L1 of at least 1%", "no"),
        (["TUMOR_MARKER", "pd_l1", "<1%"], "PD-L1 of less than 1%", {2}),
        (["TUMOR_MARKER", "pd_l1", "1-49%"], "PD-L1 of 50% or higher", "no"),
        (["TUMOR_MARKER", "pd_l1", "1-49%"], "PD-L1 of at least 10%", "unclear"),
        (["TUMOR_MARKER", "pd_l1", ">=50%"], "PD-L1 of 50% or higher", {2}),
        (["TUMOR_MARKER", "pd_l1", "negative"], "PD-L1 of 50% or higher", "no"),
        (
            ["TUMOR_MARKER", "pd_l1", "80%"],
            "A PD-L1 combined positive score of 10 or higher",
            "unclear",
        ),
        (["TUMOR_MARKER", "pd_l1", "CPS 3"], "PD-L1 with a CPS of 10 or higher", "no"),
        (["TUMOR_MARKER", "pd_l1", "10%"], "50% or more of the tumor cells have PD-L1", "no"),
        (["TUMOR_MARKER", "pd_l1", "60%"], "50% or more of the tumor cells have PD-L1", {2}),
        (["TUMOR_MARKER", "msi", "MSI-H"], "Cancers that are not MSI-H", "no"),
        (["TUMOR_MARKER", "msi", "MSS"], "Cancers that are neither MSI-H nor dMMR", {2}),
        (["TUMOR_MARKER", "er", "low positive, 5%"], "ER-positive cancer", {2}),
        (["TUMOR_MARKER", "er", "low positive, 5%"], "ER-negative cancer", "er"),
        (["TUMOR_MARKER", "her2_ihc", "2+"], "HER2-positive cancer", "her2"),
        (["TUMOR_MARKER", "her2_ihc", "3+"], "HER2-positive cancer", {2}),
        (["TUMOR_MARKER", "er_pr", "Positive"], "Hormone receptor-negative cancer", "no"),
        (["TNM_CATEGORY", "m", "cM1"], "Metastatic cancer", {2}),
        (["TNM_CATEGORY", "m", "M0"], "Metastatic cancer", "no"),
        (["TNM_CATEGORY", "n", "pN0"], "Node-positive cancer", "no"),
        (
            ["STAGE_GROUP", "group", "IV"],
            "People whose tumor is in the gland only have surgery",
            "no",
        ),
        (["STAGE_GROUP", "group", "IV"], "Cancer that is confined to the gland", "no"),
        (["STAGE_GROUP", "group", "I"], "Cancer that is only in the gland is removed", {2}),
        (["STAGE_GROUP", "group", "I"], "Cancer that is in the gland is removed", set[int]()),
        (["TUMOR_MARKER", "grade", "1"], "Anaplastic thyroid cancer has drugs.", set[int]()),
        (["STAGE_GROUP", "extent", "recurrent"], "Stage II cancer", "no"),
        (["STAGE_GROUP", "extent", "recurrent"], "Metastatic cancer", "extent"),
        (["STAGE_GROUP", "group", "II"], "Stage IIA cancer", "substage"),
        (["STAGE_GROUP", "group", "I-II"], "Stage I cancer", "substage"),
        (["STAGE_GROUP", "group", "I-II"], "Stage III cancer", "no"),
        (["METASTATIC_SITE", "bone", None], "Cancer that has spread to the bones", {2}),
        (["METASTATIC_SITE", "bone", None], "Cancer that has spread to the brain", "no"),
        (["MEDICATION", "tamoxifen", "DECLINED"], "Previously treated with tamoxifen", "unclear"),
        (["MEDICATION", "leuprolide", "CURRENT"], "Castration-resistant", "castration_resistant"),
    ],
)
def test_one_fact_is_held_against_a_condition(
    fact: Sequence[Any], text: str, expected: str | set[int]
) -> None:
    one = reading(["PRIMARY_CANCER", "prostate-cancer", None], fact, cancer=PROSTATE)
    assert told(one.of_statement(text)) == expected


@pytest.mark.parametrize(
    ("facts", "kind", "expected"),
    [
        (BREAST_III, TRIPLE, "no"),
        (BREAST_III, HER2, "no"),
        (BREAST_III, MALE, "no"),
        (BREAST_III[:2], TRIPLE, "her2 hr"),
        ((*BREAST_III[:2], ["TUMOR_MARKER", "her2", "positive"]), HER2, {3}),
    ],
)
def test_a_page_on_a_kind_of_the_cancer_is_theirs_by_their_results(
    facts: tuple[Sequence[Any], ...], kind: CatalogueEntry, expected: str | set[int]
) -> None:
    headings = (kind.name, "Treatment")
    judged = reading(*facts).of_headings(headings, frozenset({kind.id}))
    assert told(judged) == expected


def test_cells_tell_which_kind_of_the_cancer_it_is() -> None:
    facts = (["PRIMARY_CANCER", "lung-cancer", None], ["HISTOLOGY", "small_cell_carcinoma", None])
    case = read_case(facts_of(*facts), LUNG, CATALOGUE)
    assert case.cancer == SMALL
    unknown = reading(facts[0], cancer=LUNG)
    assert told(unknown.of_headings(("Treatment",), frozenset({SMALL.id}))) == "histology"


def test_a_disputed_fact_counts_as_not_known() -> None:
    one = reading(
        ["PRIMARY_CANCER", "breast-cancer", None],
        ["TUMOR_MARKER", "her2", "positive", "PRESENT", True],
        ["TUMOR_MARKER", "her2", "negative", "PRESENT", True],
    )
    assert told(one.of_statement("HER2-positive breast cancer")) == "her2"
    assert [fact.number for fact in one.case.unsettled] == [2, 3]


def test_facts_that_differ_without_a_dispute_count_as_not_known_either() -> None:
    one = reading(["TUMOR_MARKER", "her2", "positive"], ["TUMOR_MARKER", "her2", "negative"])
    assert told(one.of_statement("HER2-positive breast cancer")) == "her2"


def test_of_two_cancers_nobody_says_whose_stage_it_is() -> None:
    facts = (
        ["PRIMARY_CANCER", "breast-cancer", None],
        ["PRIMARY_CANCER", "melanoma", None],
        ["STAGE_GROUP", "group", "III"],
        ["MEDICATION", "paclitaxel", "RECEIVED"],
    )
    one = reading(*facts)
    assert told(one.of_statement("Stage III breast cancer")) == "group"
    assert told(one.of_statement("Stage I breast cancer")) == "group"
    assert told(one.of_statement("People previously treated with paclitaxel")) == {4}


def test_who_asks_about_another_stage_is_told_about_that_one() -> None:
    one = reading(*BREAST_III, asks="How is stage IV breast cancer treated?")
    assert told(one.of_statement("Treatment of stage IV breast cancer")) == set()
    assert told(one.of_statement("Treatment of stage II breast cancer")) == "no"


def test_a_man_is_not_told_what_is_said_of_women_alone() -> None:
    one = reading(["PRIMARY_CANCER", "male-breast-cancer", None])
    assert told(one.of_statement("Women after menopause may have an aromatase inhibitor.")) == "no"
    assert told(one.of_statement("Men and women may have surgery.")) == set()


def test_a_drug_for_other_results_is_no_option_in_this_cancer() -> None:
    mutated = (
        ["PRIMARY_CANCER", "colorectal-cancer", None],
        ["GENOMIC_VARIANT", "kras", "G12C"],
    )
    one = reading(*mutated, cancer=COLON)
    assert told(one.of_statement("Chemotherapy with cetuximab may be given.")) == "no"
    assert told(one.of_statement("Sotorasib with cetuximab may be given.")) == {2}
    lung = reading(mutated[1], cancer=LUNG)
    assert told(lung.of_statement("Chemotherapy with cetuximab may be given.")) == set()


@pytest.mark.parametrize(
    ("fact", "cancer", "text", "expected"),
    [
        (["GENOMIC_VARIANT", "kras", "G12D"], LUNG, "Sotorasib may be given.", "no"),
        (["GENOMIC_VARIANT", "kras", "G12C"], LUNG, "Sotorasib may be given.", {2}),
        (["GENOMIC_VARIANT", "kras", "mutated"], LUNG, "Adagrasib may be given.", "kras"),
        (["GENOMIC_VARIANT", "braf", "L597Q"], MELANOMA, "Encorafenib may be given.", "no"),
        (["GENOMIC_VARIANT", "braf", "V600K"], MELANOMA, "Encorafenib may be given.", {2}),
        (["GENOMIC_VARIANT", "egfr", "exon 20 insertion"], LUNG, "Erlotinib may be given.", "no"),
        (["GENOMIC_VARIANT", "egfr", "mutated"], LUNG, "Erlotinib may be given.", {2}),
        (["GENOMIC_VARIANT", "egfr", "L858R"], LUNG, "Erlotinib may be given.", {2}),
        (["GENOMIC_VARIANT", "idh2", "R140Q"], LUNG, "Enasidenib may be given.", {2}),
        (["GENOMIC_VARIANT", "idh1", "negative"], LUNG, "Ivosidenib may be given.", "no"),
        (["GENOMIC_VARIANT", "brca1", "negative"], BREAST, "Olaparib may be given.", "brca"),
        (["GENOMIC_VARIANT", "brca2", "mutated"], BREAST, "Olaparib may be given.", {2}),
    ],
)
def test_a_drug_against_one_change_is_no_option_for_another(
    fact: Sequence[Any], cancer: CatalogueEntry, text: str, expected: str | set[int]
) -> None:
    one = reading(["PRIMARY_CANCER", cancer.slug, None], fact, cancer=cancer)
    assert told(one.of_statement(text)) == expected


@pytest.mark.parametrize(
    "text", ["stage " * 3_000, "HER2-positive or " * 2_000, "(" * 20_000, "exon 19 or " * 2_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert reading(*BREAST_III).of_claim(text).standing in Standing
