"""What a report says, and what it doesn't: denied, left open, a relative's, planned."""

import pytest

from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.extraction.text.reading import findings_of_text


def found(text: str, kind: FindingKind) -> list[Finding]:
    return [finding for finding in findings_of_text([text]) if finding.kind is kind]


def one(text: str, kind: FindingKind) -> Finding:
    (finding,) = found(text, kind)
    return finding


REPORT = """PATHOLOGY
Left breast, core biopsy: Invasive ductal carcinoma, Nottingham grade 2. pT2 pN1a.
ER positive (90%), PR negative, HER2 3+ by IHC. Ki-67 25%.
PLAN: trastuzumab and docetaxel to begin next week.
"""


def test_every_quote_is_the_pages_own_letters() -> None:
    pages = [REPORT, "PSA was 4.5 ng/mL on 03/04/2021. Stage IIB prostate cancer."]
    findings = findings_of_text(pages)
    assert {finding.page for finding in findings} == {1, 2}
    for finding in findings:
        assert finding.page is not None
        assert pages[finding.page - 1][finding.start : finding.end] == finding.quote
        assert 0 < finding.confidence <= 1


def test_a_pathology_report() -> None:
    told = {
        (finding.kind.value, finding.key): finding.value for finding in findings_of_text([REPORT])
    }
    assert told["HISTOLOGY", "ductal_carcinoma"] == "invasive ductal carcinoma"
    assert told["TNM_CATEGORY", "t"] == "pT2"
    assert told["TNM_CATEGORY", "n"] == "pN1a"
    assert told["TUMOR_MARKER", "er"] == "positive, 90%"
    assert told["TUMOR_MARKER", "pr"] == "negative"
    assert told["TUMOR_MARKER", "her2"] == "positive, 3+, IHC"
    assert told["TUMOR_MARKER", "ki67"] == "25"
    assert one(REPORT, FindingKind.PRIMARY_CANCER).laterality == "left"


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("There is no evidence of breast cancer.", Assertion.ABSENT),
        ("She denies any history of breast cancer.", Assertion.ABSENT),
        ("Biopsy was negative for breast cancer.", Assertion.ABSENT),
        ("Breast cancer cannot be excluded.", Assertion.UNCERTAIN),
        ("The mass is suspicious for breast cancer.", Assertion.UNCERTAIN),
        ("Cough, ?lung cancer.", Assertion.UNCERTAIN),
        ("She is here to be screened; screening for breast cancer is due.", Assertion.UNCERTAIN),
        ("Her mother had breast cancer at 48.", Assertion.FAMILY),
        ("FAMILY HISTORY: Breast cancer in a maternal aunt.", Assertion.FAMILY),
        ("A suspicious mass was biopsied and showed breast cancer.", Assertion.PRESENT),
        ("His wife states that he has breast cancer.", Assertion.PRESENT),
    ],
)
def test_whose_and_whether(text: str, assertion: Assertion) -> None:
    assert one(text, FindingKind.PRIMARY_CANCER).assertion is assertion


def test_history_is_told_from_now() -> None:
    past = one("She has a history of breast cancer.", FindingKind.PRIMARY_CANCER)
    assert (past.assertion, past.temporality) == (Assertion.PRESENT, Temporality.HISTORICAL)
    now = one("She has newly diagnosed breast cancer.", FindingKind.PRIMARY_CANCER)
    assert now.temporality is Temporality.CURRENT


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("She received carboplatin for lung cancer.", TreatmentStatus.RECEIVED),
        ("She is currently on carboplatin.", TreatmentStatus.CURRENT),
        ("Carboplatin was discontinued.", TreatmentStatus.STOPPED),
        ("We plan to start carboplatin next week.", TreatmentStatus.PLANNED),
        ("She declined carboplatin.", TreatmentStatus.DECLINED),
        ("Carboplatin was cancelled.", TreatmentStatus.CANCELLED),
        ("We discussed carboplatin as an option.", TreatmentStatus.CONSIDERED),
        ("Carboplatin was not given.", TreatmentStatus.CANCELLED),
    ],
)
def test_how_far_a_treatment_has_come(text: str, status: TreatmentStatus) -> None:
    assert one(text, FindingKind.MEDICATION).treatment_status is status


def test_an_allergy_or_a_relatives_drug_is_no_treatment() -> None:
    assert not found("ALLERGIES: Carboplatin.", FindingKind.MEDICATION)
    assert not found("Her sister was treated with carboplatin.", FindingKind.MEDICATION)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("PSA was 4.5 ng/mL (normal 0-4.0 ng/mL).", "4.5", "ng/mL"),
        ("PSA <0.1", "<0.1", None),
        ("PSA rose from 2.1 to 8.4 ng/mL.", "8.4", "ng/mL"),
        ("The PSA has been rising. This month it reached 1.2.", "1.2", None),
        ("PSA on 03/04/2020 was 6.", "6", None),
        ("PSA undetectable.", "undetectable", None),
    ],
)
def test_a_value_is_told_from_ranges_dates_and_words(
    text: str, value: str, unit: str | None
) -> None:
    reading = one(text, FindingKind.TUMOR_MARKER)
    assert (reading.value, reading.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "PSA (reference range 0-4.0 ng/mL) is pending.",
        "Return in 3 months with a repeat PSA in 12 weeks.",
        "He was seen in the ER by the PR department.",
        "T2 weighted images of the T1 vertebra; alk phos 100.",
        "Grade 2 neuropathy, stage 3 chronic kidney disease.",
    ],
)
def test_what_only_looks_like_a_finding(text: str) -> None:
    assert findings_of_text([text]) == []


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("BRAF wild type.", "braf", "wild type"),
        ("KRAS G12C mutation detected.", "kras", "mutated"),
        ("No EGFR mutation or ALK rearrangement.", "alk", "negative"),
        ("KRAS MUTATION: NOT DETECTED.", "kras", "negative"),
        ("MSI-high.", "msi", "MSI-H"),
        ("Mismatch repair proteins intact.", "msi", "MSS"),
        ("TMB 12 mut/Mb.", "tmb", "12"),
    ],
)
def test_genes(text: str, key: str, value: str) -> None:
    told = {finding.key: finding.value for finding in found(text, FindingKind.GENOMIC_VARIANT)}
    assert told[key] == value


def test_a_list_of_stains_shares_what_is_said_of_it() -> None:
    text = "Cells are positive for CK7 and TTF-1, and negative for CK20 and p40."
    told = {finding.key: finding.value for finding in found(text, FindingKind.TUMOR_MARKER)}
    assert told == {"ck7": "positive", "ttf1": "positive", "ck20": "negative", "p40": "negative"}


def test_hormone_receptors_by_either_aren_t_both() -> None:
    told = found("Breast cancer, ER or PR positive.", FindingKind.TUMOR_MARKER)
    assert [finding.key for finding in told] == ["hr"]


def test_metastases_denied_and_affirmed() -> None:
    text = "Multiple liver metastases. No evidence of brain metastasis."
    told = {finding.key: finding.assertion for finding in found(text, FindingKind.METASTATIC_SITE)}
    assert told == {"liver": Assertion.PRESENT, "brain": Assertion.ABSENT}


def test_where_it_began_is_told_from_where_it_went() -> None:
    text = "Liver, core biopsy: Metastatic adenocarcinoma."
    assert not found(text, FindingKind.PRIMARY_CANCER)
    assert one(text, FindingKind.METASTATIC_SITE).key == "liver"


def test_an_operation_for_something_else_is_none_of_the_cancers() -> None:
    text = "PAST SURGICAL HISTORY: hysterectomy for fibroids. ASSESSMENT: Left breast cancer."
    assert not found(text, FindingKind.PROCEDURE)


def test_performance_status_and_line() -> None:
    assert one("ECOG performance status 1.", FindingKind.PERFORMANCE_STATUS).value == "1"
    assert one("Karnofsky score 90%.", FindingKind.PERFORMANCE_STATUS).value == "90"
    drug = one("First-line therapy with osimertinib was started.", FindingKind.MEDICATION)
    assert drug.line == "first_line"


def test_dates_are_those_of_the_sentence() -> None:
    text = "Seen on 01/02/2022. She underwent left mastectomy for breast cancer on 03/04/2021."
    operation = one(text, FindingKind.PROCEDURE)
    assert operation.observed_on is not None
    assert operation.observed_on.isoformat() == "2021-03-04"


def test_long_and_odd_texts_end_soon() -> None:
    for text in (
        "metastatic " * 1_000,
        "no " * 10_000,
        "ER/" * 1_000,
        "T1 " * 2_000,
        "(" * 9_000,
    ):
        findings_of_text([text])


def values(text: str) -> dict[str, str | None]:
    return {each.key: each.value for each in findings_of_text([text])}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("ER | Positive | 90 | Strong", "er", "positive"),
        ("PD-L1 (22C3) TPS: 8O%", "pd_l1", "80"),
        ("PD-L1 tumor proportion score is 1-49% (approximately 15%).", "pd_l1", "15"),
        ("Oestrogen receptor Allred 7/8.", "er", "7/8"),
        ("HER2 score 9.0 negative (single gene).", "her2", "negative"),
        ("Lymph node. pN1a.", "n", "pN1a"),
        ("Carcinoma, pTl pNO.", "n", "pN0"),
        ("G3 pT1 transitional cell carcinoma", "grade", "3"),
        ("Kidney: renal cell carcinoma, ISUP grade 2.", "grade", "2"),
        ("Prostate: adenocarcinoma, ISUP grade 2.", "grade_group", "2"),
        ("ERBB2 amplification: not detected.", "her2", "negative"),
        ("IDH1, IDH2, TP53: not detected.", "idh2", "negative"),
        ("No reportable alterations in EGFR, ALK, BRAF.", "braf", "negative"),
        ("No pathogenic variants were identified in BRCA2, PALB2 or TP53.", "tp53", "negative"),
        ("FISH neg for MYC, BCL2 and BCL6 rearrangement.", "bcl6", "negative"),
        ("Repair proteins (MLH1, PMS2, MSH6): retained.", "mlh1", "positive"),
        ("Stains: CD117 positive.", "cd117", "positive"),
        ("Microsatellite status: MS-Stable.", "msi", "MSS"),
        ("No ALK, ROS1, RET or NTRK fusions detected.", "alk", "negative"),
        ("No ALK, ROS1, RET or NTRK fusions detected.", "ntrk", "negative"),
        ("KRAS exon 2 (codons 12/13): no mutation.", "kras", "negative"),
        ("TP53 p.Arg175His detected.", "tp53", "mutated"),
        ("PD-L1 SP142 negative.", "pd_l1", "negative"),
        ("No alterations in IDH1, BRAF or ERBB2.", "her2", "negative"),
        ("FGFR2 FGFR2-BICC1 fusion", "fgfr2", "mutated"),
        ("IDC grade 1, ER8 PR8 HER2 1+.", "er", "8"),
        ("IDC grade 1, ER8 PR8 HER2 1+.", "grade", "1"),
        ("Serous carcinoma, FIGO IIIC1.", "group", "IIIC1"),
    ],
)
def test_results_as_laboratories_write_them(text: str, key: str, value: str) -> None:
    assert values(text).get(key) == value


def test_what_is_put_right_to_be_read_is_quoted_as_it_stands() -> None:
    text = "PD-L1 | TPS | 8O%"
    (finding,) = found(text, FindingKind.TUMOR_MARKER)
    assert finding.quote in text
    assert text[finding.start : finding.end] == finding.quote


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Metastatic adenocarcinoma, consistent with colorectal primary.", "colorectal-cancer"),
        ("hx of prostate ca", "prostate-cancer"),
        ("Known ca ovary.", "ovarian-cancer"),
        ("Metastatic ER+/HER2- breast cancer.", "breast-cancer"),
        ("HER2-positive breast cancer.", "her2-positive-breast-cancer"),
        ("Stomach, biopsy: gastrointestinal stromal tumor.", "gastrointestinal-stromal-tumor"),
        ("Neuroendocrine tumor of the pancreas.", "pancreatic-neuroendocrine-tumor"),
    ],
)
def test_whose_cancer_it_is(text: str, key: str) -> None:
    assert {each.key for each in found(text, FindingKind.PRIMARY_CANCER)} == {key}


@pytest.mark.parametrize("text", ["Serum ca 9.8", "ca: 9.8 mg/dL", "Breast. ca 2.3 mmol/L"])
def test_calcium_is_no_cancer(text: str) -> None:
    assert found(text, FindingKind.PRIMARY_CANCER) == []


@pytest.mark.parametrize(
    "text",
    [
        "The previously issued report stated HER2 3+.",
        "Originally reported as stage IV.",
        "Original diagnosis: melanoma.",
        "HER2 3+ was reported in error.",
    ],
)
def test_what_a_report_takes_back_isn_t_found(text: str) -> None:
    assert findings_of_text([text]) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Breast cancer. Therapies with clinical benefit: olaparib.", TreatmentStatus.CONSIDERED),
        ("May benefit from inhibitors such as olaparib.", TreatmentStatus.CONSIDERED),
        ("Lack of response: olaparib.", TreatmentStatus.CONSIDERED),
        ("Olaparib not recommended because of anemia.", TreatmentStatus.CANCELLED),
        ("For adjuvant olaparib.", TreatmentStatus.PLANNED),
        ("Seen today. Plan: surgery. Then olaparib.", TreatmentStatus.PLANNED),
        ("Plan: surgery followed by olaparib.", TreatmentStatus.PLANNED),
        ("Treated with carboplatin followed by olaparib.", TreatmentStatus.RECEIVED),
    ],
)
def test_what_is_named_isn_t_always_given(text: str, status: TreatmentStatus) -> None:
    given = {each.key: each.treatment_status for each in found(text, FindingKind.MEDICATION)}
    assert given["olaparib"] is status


def test_a_prognostic_index_is_no_drug() -> None:
    assert found("Lymphoma, IPI 4, CNS-IPI high.", FindingKind.MEDICATION) == []
    assert found("Melanoma. Received ipi/nivo.", FindingKind.MEDICATION)


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Metastatic breast cancer (brain, liver).", {"brain", "liver"}),
        ("Prostate cancer metastatic to bone and pelvic lymph nodes.", {"bone", "lymph_node"}),
        ("Marked reduction in omental cake.", {"peritoneum"}),
        ("Melanoma with lung and lymph node metastases.", {"lung", "lymph_node"}),
        ("Lung cancer with liver metastases.", {"liver"}),
        ("Metastatic ER+/HER2- breast cancer to bone and liver.", {"bone", "liver"}),
        ("Malignant pleural effusion drained.", {"pleura"}),
        ("Breast cancer (left, upper).", set()),
    ],
)
def test_places_of_metastases(text: str, sites: set[str]) -> None:
    assert {each.key for each in found(text, FindingKind.METASTATIC_SITE)} == sites


def test_a_relative_without_a_verb() -> None:
    for text in ("FH: brother prostate ca, sister breast ca.", "Seen today. FH: breast cancer."):
        own = found(text, FindingKind.PRIMARY_CANCER)
        assert {each.assertion for each in own} == {Assertion.FAMILY}
