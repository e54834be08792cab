"""Findings as resources: valid whatever they say, with the patient's decision as status."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import orjson
import pytest

from navis_api.personal_data.exporting.findings import finding_as_resource
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    FindingOrigin,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.findings.correction import Correction
from navis_api.records.findings.models import FindingStatus
from navis_api.records.findings.views import FindingView
from tests.fhir import extensions, valid
from tests.records.readers import DENIED, DRUG, MARKER, STAGE

PATIENT_ID = uuid4()
SNOMED = "2.16.840.1.113883.6.96"
CANCER = Finding(
    kind=FindingKind.PRIMARY_CANCER,
    name="Liver cancer",
    key="liver-cancer",
    quote="Hepatocellular carcinoma",
    confidence=0.9,
    code="25370001",
    code_system=SNOMED,
    locator="Bundle.entry[3].resource.code.coding[0]",
)
SURGERY = replace(DRUG, kind=FindingKind.PROCEDURE, name="Hepatectomy", key="hepatectomy")


def shown(
    finding: Finding,
    status: FindingStatus = FindingStatus.CONFIRMED,
    correction: Correction | None = None,
) -> dict[str, Any]:
    view = FindingView(uuid4(), uuid4(), status, finding, correction)
    resource = orjson.loads(orjson.dumps(finding_as_resource(view, PATIENT_ID)))
    valid(resource)
    assert str(view.record_id) in str(resource)
    assert str(PATIENT_ID) in str(resource)
    return resource


def code(resource: dict[str, Any], name: str) -> str:
    return resource[name]["coding"][0]["code"]


@pytest.mark.parametrize("kind", FindingKind)
def test_every_combination_is_valid_and_says_what_the_patient_decided(kind: FindingKind) -> None:
    combinations = itertools.product(
        FindingStatus, Assertion, Temporality, (None, *TreatmentStatus), (None, "3", "< 3.50")
    )
    for status, assertion, temporality, treatment, value in combinations:
        finding = replace(
            MARKER,
            kind=kind,
            assertion=assertion,
            temporality=temporality,
            treatment_status=treatment,
            value=value,
            observed_on=date(2026, 3, 1),
        )
        correction = Correction(value="4") if status is FindingStatus.CORRECTED else None
        resource = shown(finding, status, correction)
        rejected = "entered-in-error" in {
            resource.get("status"),
            *(each["code"] for each in resource.get("verificationStatus", {}).get("coding", ())),
        }
        assert rejected is (status is FindingStatus.REJECTED)
        assert extensions(resource)["decision"] == status
        assert (resource["resourceType"] == "FamilyMemberHistory") is (
            assertion is Assertion.FAMILY
        )


@pytest.mark.parametrize(
    ("finding", "status", "verified"),
    [
        (CANCER, FindingStatus.EXTRACTED, "unconfirmed"),
        (CANCER, FindingStatus.CONFIRMED, "confirmed"),
        (CANCER, FindingStatus.CORRECTED, "confirmed"),
        (CANCER, FindingStatus.REJECTED, "entered-in-error"),
        (DENIED, FindingStatus.CONFIRMED, "refuted"),
        (DENIED, FindingStatus.REJECTED, "entered-in-error"),
        (
            replace(CANCER, assertion=Assertion.UNCERTAIN),
            FindingStatus.CONFIRMED,
            "provisional",
        ),
    ],
)
def test_a_condition_is_as_sure_as_record_and_patient_are(
    finding: Finding, status: FindingStatus, verified: str
) -> None:
    condition = shown(finding, status)
    assert code(condition, "verificationStatus") == verified
    assert ("clinicalStatus" in condition) is (verified not in {"refuted", "entered-in-error"})


@pytest.mark.parametrize(
    ("treatment", "taken", "done"),
    [
        (None, "unknown", "unknown"),
        (TreatmentStatus.CURRENT, "active", "in-progress"),
        (TreatmentStatus.RECEIVED, "completed", "completed"),
        (TreatmentStatus.STOPPED, "stopped", "stopped"),
        (TreatmentStatus.PLANNED, "intended", "preparation"),
        (TreatmentStatus.DECLINED, "not-taken", "not-done"),
    ],
)
def test_a_treatment_has_come_as_far_as_the_record_says(
    treatment: TreatmentStatus | None, taken: str, done: str
) -> None:
    assert shown(replace(DRUG, treatment_status=treatment))["status"] == taken
    assert shown(replace(SURGERY, treatment_status=treatment))["status"] == done


def test_a_denied_treatment_was_not_taken() -> None:
    denied = {"assertion": Assertion.ABSENT, "treatment_status": TreatmentStatus.CURRENT}
    assert shown(replace(DRUG, **denied))["status"] == "not-taken"
    assert shown(replace(SURGERY, **denied))["status"] == "not-done"


def test_a_result_is_a_number_only_where_nothing_is_lost_by_it() -> None:
    assert shown(MARKER)["valueQuantity"] == {"value": 412, "unit": "ng/mL"}
    below = shown(replace(MARKER, value="<0.5"))["valueQuantity"]
    assert below == {"value": 0.5, "comparator": "<", "unit": "ng/mL"}
    # Zeros at the end say how exactly it was measured.
    assert shown(replace(MARKER, value="1.20"))["valueString"] == "1.20 ng/mL"
    assert shown(replace(MARKER, value="007"))["valueString"] == "007 ng/mL"
    assert shown(STAGE)["valueString"] == "IIIC"
    assert shown(replace(MARKER, value=None))["valueBoolean"] is True
    absent = replace(MARKER, value=None, assertion=Assertion.ABSENT)
    assert shown(absent)["valueBoolean"] is False


def test_a_correction_stands_with_what_was_read_beside_it() -> None:
    correction = Correction(value="IIIB", observed_on=date(2026, 2, 3))
    resource = shown(STAGE, FindingStatus.CORRECTED, correction)
    assert resource["status"] == "corrected"
    assert resource["valueString"] == "IIIB"
    assert resource["effectiveDateTime"] == "2026-02-03"
    before = {each["url"]: each for each in extensions(resource)["before-correction"]}
    assert before["urn:navis-api:value"]["valueString"] == "IIIC"


CHANGED = {
    "kind": FindingKind.GENOMIC_VARIANT,
    "name": "Bilirubin",
    "key": "bilirubin",
    "quote": "AFP, 412 ng/mL",
    "confidence": 0.5,
    "value": "413",
    "unit": "ug/L",
    "code": "1834-1",
    "code_system": "http://snomed.info/sct",
    "observed_on": date(2026, 3, 1),
    "page": 2,
    "start": 29,
    "end": 44,
    "locator": "Bundle.entry[1]",
    "assertion": Assertion.UNCERTAIN,
    "temporality": Temporality.HISTORICAL,
    "treatment_status": TreatmentStatus.STOPPED,
    "line": "adjuvant",
    "laterality": "left",
    "origin": FindingOrigin.MODEL,
}


@pytest.mark.parametrize("name", Finding.__slots__)
def test_nothing_that_a_finding_says_is_left_out(name: str) -> None:
    coded = replace(MARKER, code="1", code_system="http://loinc.org")
    changed = shown(replace(coded, **{name: CHANGED[name]}))
    before = shown(coded)
    for resource in (changed, before):
        del resource["id"], resource["derivedFrom"]
    assert changed != before


def test_what_a_language_model_proposed_is_told_apart() -> None:
    proposed = shown(replace(MARKER, origin=FindingOrigin.MODEL))
    assert extensions(proposed)["origin"] == "MODEL"
    assert "A language model proposed it." in proposed["note"][0]["text"]
    assert "language model" not in shown(MARKER)["note"][0]["text"]


def test_words_and_place_go_along() -> None:
    read_from = {
        each["url"].removeprefix("urn:navis-api:"): each
        for each in extensions(shown(STAGE))["read-from"]
    }
    assert read_from["quote"]["valueString"] == "Stage IIIC"
    assert read_from["page"]["valuePositiveInt"] == 1
    assert "“Stage IIIC”" in shown(STAGE)["note"][0]["text"]


def profile(finding: Finding) -> str | None:
    profiles = shown(finding).get("meta", {}).get("profile", [None])
    return profiles[0] and profiles[0].rpartition("/")[2]


def test_a_profile_is_claimed_only_where_the_record_gave_a_code_for_it() -> None:
    assert profile(CANCER) == "mcode-primary-cancer-condition"
    assert profile(replace(CANCER, code=None, code_system=None)) is None
    # A code, and none that the profile takes.
    assert profile(replace(CANCER, code_system="2.16.840.1.113883.6.1")) is None
    assert profile(replace(MARKER, code="1834-1", code_system="http://loinc.org")) == (
        "mcode-tumor-marker-test"
    )
    assert profile(MARKER) is None


@pytest.mark.parametrize(
    ("system", "given", "expected"),
    [
        (SNOMED, "25370001", "http://snomed.info/sct"),
        ("urn:oid:2.16.840.1.113883.6.88", "1", "http://www.nlm.nih.gov/research/umls/rxnorm"),
        ("2.16.840.1.113883.6.90", "C22.0", "urn:oid:2.16.840.1.113883.6.90"),
        ("https://codes.example/local", "A 1", "https://codes.example/local"),
        ("no system at all", "A", None),
        ("https://codes.example/local", "two  spaces", None),
        ("https://codes.example/local", " A", None),
    ],
)
def test_codes_of_strangers_are_told_only_in_fhirs_form(
    system: str, given: str, expected: str | None
) -> None:
    codings = shown(replace(CANCER, code=given, code_system=system))["code"]["coding"]
    systems = [each["system"] for each in codings if each["system"] != "urn:navis-api:key"]
    assert systems == ([expected] if expected else [])


def test_what_is_no_character_in_fhir_is_replaced() -> None:
    resource = shown(replace(MARKER, quote="AFP\x0c 4\ud83d12\x00", value="\x0b 3", unit=" \t"))
    assert "AFP\ufffd 4\ufffd12\ufffd" in resource["note"][0]["text"]
    assert resource["valueString"] == "\ufffd 3"
