"""Findings by the codes of C-CDA entries, and documents that order something of the parser."""

import pytest

from navis_api.records.extraction.ccda.reading import findings_of_ccda
from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import (
    Assertion,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from tests.records.extraction.ccda_documents import (
    FAMILY,
    HEAD,
    IMMUNIZATIONS,
    MEDICATIONS,
    PROBLEMS,
    RESULTS,
    document,
    drug,
    narrative,
    problem,
    result,
    section,
)

BREAST = problem("C50.912", "Malignant neoplasm of left female breast")


def test_problems_results_and_medications() -> None:
    findings = findings_of_ccda(
        document(
            section(PROBLEMS, BREAST, problem("C78.7", "Secondary malignant neoplasm of liver")),
            section(RESULTS, result("6875-9", "Cancer Ag 15-3", "41", "U/mL")),
            section(MEDICATIONS, drug("Tamoxifen 20 MG Oral Tablet"), drug("Aspirin 81 MG")),
        )
    )
    told = {(each.kind.value, each.key, each.value) for each in findings}
    assert told == {
        ("PRIMARY_CANCER", "breast-cancer", None),
        ("METASTATIC_SITE", "liver", None),
        ("TUMOR_MARKER", "ca153", "41"),
        ("MEDICATION", "tamoxifen", None),
    }
    cancer = next(each for each in findings if each.kind is FindingKind.PRIMARY_CANCER)
    assert cancer.laterality == "left"
    assert cancer.locator is not None
    assert cancer.locator.startswith("/ClinicalDocument[1]/")


def test_negated_family_and_resolved() -> None:
    negated = findings_of_ccda(
        document(section(PROBLEMS, problem("C50.9", "x", attributes='negationInd="true"')))
    )
    assert [each.assertion for each in negated] == [Assertion.ABSENT]
    relative = findings_of_ccda(document(section(FAMILY, BREAST)))
    assert [each.assertion for each in relative] == [Assertion.FAMILY]
    over = problem("C50.9", "x", extra='<effectiveTime><high value="20200101"/></effectiveTime>')
    past = findings_of_ccda(document(section(PROBLEMS, over)))
    assert [each.temporality for each in past] == [Temporality.HISTORICAL]


def test_a_vaccine_is_no_chemotherapy_and_a_stopped_drug_says_so() -> None:
    findings = findings_of_ccda(
        document(
            section(PROBLEMS, BREAST),
            section(IMMUNIZATIONS, drug("pneumococcal conjugate PCV 7")),
            section(MEDICATIONS, drug("letrozole 2.5 MG", status="aborted")),
        )
    )
    drugs = [each for each in findings if each.kind is FindingKind.MEDICATION]
    assert [(each.key, each.treatment_status) for each in drugs] == [
        ("letrozole", TreatmentStatus.STOPPED)
    ]


def test_stage_and_receptors_in_a_display_text() -> None:
    findings = findings_of_ccda(
        document(
            section(
                PROBLEMS,
                problem("1", "Breast Cancer Stage IIB", system="2.16.840.1.113883.6.96"),
                problem("2", "Breast Cancer ER or PR Positive", system="2.16.840.1.113883.6.96"),
            )
        )
    )
    told = {(each.kind.value, each.key, each.value) for each in findings}
    assert ("STAGE_GROUP", "group", "IIB") in told
    assert ("TUMOR_MARKER", "hr", "positive") in told


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!DOCTYPE a>" + HEAD.encode() + b"</ClinicalDocument>", FailureCode.UNSAFE),
        (HEAD.encode() + b"<component>", FailureCode.DAMAGED),
        (HEAD.encode() + b"<a>" * 300 + b"</a>" * 300 + b"</ClinicalDocument>", FailureCode.UNSAFE),
        (HEAD.encode() + b"&undefined;</ClinicalDocument>", FailureCode.DAMAGED),
    ],
)
def test_documents_that_order_or_break(content: bytes, code: FailureCode) -> None:
    with pytest.raises(ExtractionFailed) as failed:
        findings_of_ccda(content)
    assert failed.value.code is code


def test_an_interval_is_written_as_a_report_would() -> None:
    for limits, told in (
        ('<high value="0.1" unit="ng/mL"/>', "<0.1"),
        ('<low value="5"/><high value="10"/>', "5-10"),
        ('<high nullFlavor="PINF"/>', None),
    ):
        entry = result("2857-1", "PSA", "", "").replace(
            '<value xsi:type="PQ" value="" unit=""/>',
            f'<value xsi:type="IVL_PQ">{limits}</value>',
        )
        findings = findings_of_ccda(document(section(RESULTS, entry)))
        assert [each.value for each in findings] == ([told] if told else [])


def test_an_aborted_result_is_none() -> None:
    entry = result("2857-1", "PSA", "4.5", "ng/mL")
    aborted = entry.replace("<observation>", '<observation><statusCode code="aborted"/>')
    assert findings_of_ccda(document(section(RESULTS, entry)))
    assert findings_of_ccda(document(section(RESULTS, aborted))) == []


def test_words_count_in_sections_without_entries() -> None:
    said = "<paragraph>Colon cancer</paragraph>"
    own = findings_of_ccda(document(narrative(PROBLEMS, said)))
    assert [(each.key, each.assertion) for each in own] == [("colon-cancer", Assertion.PRESENT)]
    assert own[0].locator == (
        "/ClinicalDocument[1]/component[1]/structuredBody[1]/component[1]/section[1]/text[1]"
    )
    relatives = findings_of_ccda(document(narrative(FAMILY, said)))
    assert [each.assertion for each in relatives] == [Assertion.FAMILY]
    repeated = section(PROBLEMS, BREAST).replace("<entry>", f"<text>{said}</text><entry>", 1)
    assert "colon-cancer" not in {each.key for each in findings_of_ccda(document(repeated))}
