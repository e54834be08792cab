"""Findings by the codes of FHIR resources, and what isn't one."""

import json
from typing import Any

import pytest

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.fhir.reading import findings_of_fhir
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def condition(code: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "code": code, **others}


def observation(code: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": code, **others}


def read(*resources: dict[str, Any]) -> list[Finding]:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }
    return findings_of_fhir(json.dumps(bundle).encode())


LUNG = condition(concept(ICD10, "C34.11", "Malignant neoplasm of upper lobe, right bronchus"))


def test_a_condition_by_its_code_says_where_it_stands() -> None:
    (finding,) = read(LUNG)
    assert (finding.kind, finding.key) == (FindingKind.PRIMARY_CANCER, "lung-cancer")
    assert (finding.code, finding.code_system) == ("C34.11", ICD10)
    assert finding.locator == "Bundle.entry[0].resource:Condition.code.coding[0]"
    assert finding.laterality == "right"
    assert (finding.page, finding.start) == (None, None)


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        (
            concept(ICD10, "C79.51", "Secondary malignant neoplasm of bone"),
            "METASTATIC_SITE",
            "bone",
        ),
        (
            concept(SNOMED, "254837009", "Malignant neoplasm of breast"),
            "PRIMARY_CANCER",
            "breast-cancer",
        ),
        (
            concept(SNOMED, "0", "Primary malignant neoplasm of stomach (disorder)"),
            "PRIMARY_CANCER",
            "stomach-cancer",
        ),
        (
            concept("urn:oid:2.16.840.1.113883.6.43.1", "8500/3", ""),
            "HISTOLOGY",
            "ductal_carcinoma",
        ),
    ],
)
def test_terminologies(code: dict[str, Any], kind: str, key: str) -> None:
    assert (kind, key) in {(each.kind.value, each.key) for each in read(condition(code))}


@pytest.mark.parametrize(
    "code",
    [
        concept(SNOMED, "68496003", "Polyp of colon"),
        concept(SNOMED, "0", "Benign neoplasm of breast"),
        concept(
            ICD10, "Z12.31", "Encounter for screening mammogram for malignant neoplasm of breast"
        ),
        concept(ICD10, "D24.1", "Benign neoplasm of right breast"),
        concept(SNOMED, "44054006", "Diabetes mellitus type 2"),
    ],
)
def test_what_is_no_cancer(code: dict[str, Any]) -> None:
    assert read(condition(code)) == []


def test_suspected_refuted_past_and_family() -> None:
    suspected = read(condition(concept(SNOMED, "162573006", "Suspected lung cancer (situation)")))
    assert [each.assertion for each in suspected] == [Assertion.UNCERTAIN]
    refuted = read({**LUNG, "verificationStatus": {"coding": [{"code": "refuted"}]}})
    assert [each.assertion for each in refuted] == [Assertion.ABSENT]
    assert read({**LUNG, "verificationStatus": {"coding": [{"code": "entered-in-error"}]}}) == []
    past = read({**LUNG, "clinicalStatus": {"coding": [{"code": "resolved"}]}})
    assert [each.temporality for each in past] == [Temporality.HISTORICAL]
    relative = read({"resourceType": "FamilyMemberHistory", "condition": [{"code": LUNG["code"]}]})
    assert [each.assertion for each in relative] == [Assertion.FAMILY]


def test_stages_take_their_prefix_from_the_test() -> None:
    clinical = observation(
        concept(LOINC, "21905-5", "Primary tumor.clinical [Class] Cancer"),
        valueCodeableConcept=concept(SNOMED, "67673008", "T2 category (finding)"),
    )
    group = observation(
        concept(LOINC, "21902-2", "Stage group.pathology Cancer"),
        valueCodeableConcept=concept(SNOMED, "0", "Stage 2B (qualifier value)"),
    )
    told = {(each.kind.value, each.value) for each in read(clinical, group)}
    assert told == {("TNM_CATEGORY", "cT2"), ("STAGE_GROUP", "IIB")}


def test_markers_with_values_and_no_marker_without() -> None:
    psa = concept(LOINC, "2857-1", "Prostate specific Ag [Mass/volume] in Serum or Plasma")
    (finding,) = read(observation(psa, valueQuantity={"value": 5.5, "unit": "ng/mL"}))
    assert (finding.key, finding.value, finding.unit) == ("psa", "5.5", "ng/mL")
    assert read(observation(psa)) == []
    assert (
        read({**observation(psa, valueQuantity={"value": 5.5}), "status": "entered-in-error"}) == []
    )
    glucose = concept(LOINC, "2339-0", "Glucose [Mass/volume] in Blood")
    assert read(observation(glucose, valueQuantity={"value": 90, "unit": "mg/dL"})) == []


def test_a_variant_with_gene_change_and_result() -> None:
    variant = observation(
        concept(LOINC, "69548-6", "Genetic variant assessment"),
        valueCodeableConcept=concept(LOINC, "LA9633-4", "Present"),
        component=[
            {
                "code": concept(LOINC, "48018-6", "Gene studied [ID]"),
                "valueCodeableConcept": concept("http://www.genenames.org", "HGNC:1097", "BRAF"),
            },
            {
                "code": concept(LOINC, "48005-3", "Amino acid change (pHGVS)"),
                "valueCodeableConcept": concept("http://varnomen.hgvs.org", "p.Val600Glu", ""),
            },
        ],
    )
    (finding,) = read(variant)
    assert (finding.kind, finding.key) == (FindingKind.GENOMIC_VARIANT, "braf")
    assert finding.value is not None
    assert finding.value.startswith("Present")
    assert "p.Val600Glu" in finding.value


def test_drugs_count_beside_a_cancer_with_their_status() -> None:
    drug = concept(RXNORM, "583214", "PACLitaxel 100 MG Injection")
    stopped = {
        "resourceType": "MedicationRequest",
        "status": "stopped",
        "medicationCodeableConcept": drug,
    }
    told = [each for each in read(LUNG, stopped) if each.kind is FindingKind.MEDICATION]
    assert [(each.key, each.treatment_status) for each in told] == [
        ("paclitaxel", TreatmentStatus.STOPPED)
    ]
    other = condition(concept(SNOMED, "44054006", "Diabetes mellitus type 2"))
    assert read(other, stopped) == []
    aspirin = {**stopped, "medicationCodeableConcept": concept(RXNORM, "1191", "aspirin")}
    assert [each.kind for each in read(LUNG, aspirin)] == [FindingKind.PRIMARY_CANCER]


def test_a_drug_in_a_resource_of_its_own() -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": concept(RXNORM, "2555", "cisplatin"),
    }
    given = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationReference": {"reference": "Medication/m"},
    }
    assert "cisplatin" in {each.key for each in read(LUNG, medication, given)}


def test_biopsies_and_operations_on_other_organs_aren_t_treatments() -> None:
    def procedure(display: str) -> dict[str, Any]:
        return {
            "resourceType": "Procedure",
            "status": "completed",
            "code": concept(SNOMED, "0", display),
        }

    kept = read(
        LUNG, procedure("Lobectomy of lung"), procedure("Biopsy of lung"), procedure("Hysterectomy")
    )
    assert [each.key for each in kept if each.kind is FindingKind.PROCEDURE] == ["lobectomy"]


def test_single_resources_and_lines_of_them() -> None:
    assert len(findings_of_fhir(json.dumps(LUNG).encode())) == 1
    lines = "\n".join(
        json.dumps(each) for each in (LUNG, LUNG, condition(concept(SNOMED, "254837009", "")))
    )
    assert {each.key for each in findings_of_fhir(lines.encode())} == {
        "lung-cancer",
        "breast-cancer",
    }


@pytest.mark.parametrize(
    "shape", [None, 1, "x", [], [None], {"coding": "x"}, {"coding": [3, None, {}]}]
)
def test_other_types_than_expected_are_passed_over(shape: object) -> None:
    for name in (
        "code",
        "stage",
        "bodySite",
        "extension",
        "meta",
        "component",
        "valueCodeableConcept",
    ):
        for kind in (
            "Condition",
            "Observation",
            "Procedure",
            "MedicationRequest",
            "ServiceRequest",
        ):
            read({"resourceType": kind, "status": "final", name: shape})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"resourceType":"Bundle","entry":' + b"[" * 100_000, FailureCode.UNSAFE),
        (b'{"resourceType":"Bundle","entry":[', FailureCode.DAMAGED),
        (b'{"resourceType":"Condition","x":' + b"9" * 5_000 + b"}", FailureCode.DAMAGED),
        (b'{"resourceType":"Condition","x":NaN}', FailureCode.DAMAGED),
    ],
)
def test_broken_files_fail(content: bytes, code: FailureCode) -> None:
    with pytest.raises(ExtractionFailed) as failed:
        findings_of_fhir(content)
    assert failed.value.code is code


ER = concept(LOINC, "85337-4", "Estrogen receptor Ag")
PR = concept(LOINC, "85339-0", "Progesterone receptor Ag")


def values(*resources: dict[str, Any]) -> dict[str, str | None]:
    return {finding.key: finding.value for finding in read(*resources)}


def test_each_component_is_a_result_of_its_own() -> None:
    panel = observation(
        {"text": "Receptors"},
        component=[
            {"code": ER, "valueCodeableConcept": {"text": "Positive"}},
            {"code": PR, "dataAbsentReason": {"text": "not performed"}},
        ],
    )
    assert values(panel) == {"er": "Positive"}
    (finding,) = read(panel)
    assert finding.locator == "Bundle.entry[0].resource:Observation.component[0].code.coding[0]"
    assert values({**panel, "status": "entered-in-error"}) == {}


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ({"valueQuantity": {"value": 0.1, "comparator": "<", "unit": "ng/mL"}}, "<0.1"),
        ({"valueRange": {"low": {"value": 5}, "high": {"value": 10}}}, "5-10"),
        ({"valueRange": {"high": {"value": 10}}}, "<=10"),
        ({"valueRatio": {"numerator": {"value": 3}, "denominator": {"value": 8}}}, "3:8"),
        ({"valueInteger": 4}, "4"),
        ({"valueString": "positive"}, "positive"),
        ({"valueBoolean": True}, "positive"),
        ({"valueCodeableConcept": {"coding": [{"code": "260415000"}]}}, "not detected"),
        ({"interpretation": [{"coding": [{"code": "ND"}]}]}, "not detected"),
        ({"interpretation": [{"coding": [{"code": "H"}]}]}, None),
        ({"valueString": "Test not performed"}, None),
        ({"valueString": "Pending"}, None),
        ({"valueQuantity": {"value": "much"}}, None),
    ],
)
def test_every_form_of_a_result(result: dict[str, Any], value: str | None) -> None:
    assert values(observation(ER, **result)).get("er") == value


def test_a_statement_with_no_for_its_answer_is_turned() -> None:
    code = concept(SNOMED, "416053008", "Oestrogen receptor positive tumour")
    assert values(observation(code, valueBoolean=True)) == {"er": "positive"}
    assert values(observation(code, valueBoolean=False)) == {"er": "negative"}


@pytest.mark.parametrize(
    ("name", "answer", "key", "value"),
    [
        ("Stage group.pathology Cancer", "IIIA", "group", "IIIA"),
        ("Primary tumor.clinical Cancer", "T2", "t", "cT2"),
        ("Gleason score", "4+3=7", "gleason", "7 (4+3)"),
        ("Prostate cancer grade group", "3", "grade_group", "3"),
        ("Binet stage", "B", "binet", "B"),
    ],
)
def test_an_answer_that_gives_the_stage_alone(name: str, answer: str, key: str, value: str) -> None:
    code = concept(LOINC, "21905-5" if key == "t" else "", name)
    assert values(observation(code, valueString=answer)) == {key: value}


def test_a_test_of_a_gene_is_known_by_its_name_and_kidneys_aren_t() -> None:
    ros1 = observation({"text": "ROS1 gene rearrangement by FISH"}, valueString="Not detected")
    kidneys = observation({"text": "eGFR"}, valueQuantity={"value": 64})
    assert values(ros1, kidneys) == {"ros1": "Not detected"}


def test_contained_results_are_read_but_not_those_of_a_withdrawn_report() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "contained": [observation(ER, valueString="Positive")],
    }
    assert values(report) == {"er": "Positive"}
    assert values({**report, "status": "entered-in-error"}) == {}


def test_of_a_history_only_the_latest_version_counts() -> None:
    versions = [condition(LUNG["code"], id="a", verificationStatus=each)
                for each in ("refuted", "confirmed")]  # fmt: skip
    deleted = {"request": {"method": "DELETE", "url": "Condition/b"}}
    entries = [
        *({"resource": each} for each in versions),
        deleted,
        {"resource": condition(concept(ICD10, "C61", "Prostate cancer"), id="b")},
    ]
    bundle = {"resourceType": "Bundle", "type": "history", "entry": entries}
    (finding,) = findings_of_fhir(json.dumps(bundle).encode())
    assert (finding.key, finding.assertion) == ("lung-cancer", Assertion.ABSENT)


def test_the_side_may_stand_beside_the_organ() -> None:
    site = {
        "coding": [{"code": "76752008", "display": "Breast structure"}],
        "extension": [
            {
                "url": "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-laterality-qualifier",
                "valueCodeableConcept": {"coding": [{"code": "24028007"}]},
            }
        ],
    }
    breast = concept(ICD10, "C50.919", "Malignant neoplasm of breast")
    (finding,) = read(condition(breast, bodySite=[site]))
    assert finding.laterality == "right"


def test_what_a_care_plan_lists_is_planned_and_a_named_pair_is_two() -> None:
    operation = {"text": "Total hysterectomy with bilateral salpingo-oophorectomy"}
    plan = {
        "resourceType": "CarePlan",
        "status": "active",
        "activity": [{"detail": {"status": "scheduled", "code": operation}}],
    }
    ovary = condition(concept(ICD10, "C56.1", "Malignant neoplasm of right ovary"))
    found = {each.key: each.treatment_status for each in read(ovary, plan)}
    assert found["hysterectomy"] is found["oophorectomy"] is TreatmentStatus.PLANNED
    assert "hysterectomy" not in values(ovary, {**plan, "status": "revoked"})


def test_a_harmless_variant_says_that_it_is() -> None:
    variant = observation(
        concept(LOINC, "69548-6", "Genetic variant assessment"),
        valueCodeableConcept=concept(LOINC, "LA9633-4", "Present"),
        component=[
            {"code": concept(LOINC, "48018-6", "Gene"),
             "valueCodeableConcept": {"coding": [{"display": "BRCA1"}]}},
            {"code": concept(LOINC, "53037-8", "Significance"),
             "valueCodeableConcept": {"coding": [{"display": "Likely benign"}]}},
        ],
    )  # fmt: skip
    assert values(variant) == {"brca1": "Present, Likely benign"}
