"""Notes within coded files: read as reports at their place, and not when withdrawn."""

import base64
import json
from typing import Any

import pytest

from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.reading import read_record
from tests.records.extraction.ccda_documents import document, narrative
from tests.records.extraction.pdf_files import pdf

NOTE = "Stage IIB carcinoma of the left breast. Her mother had ovarian cancer."
PAGE = f"<html><script>'colon cancer'</script><p>{NOTE}</p></html>"


def read(*resources: dict[str, Any]) -> list[Finding]:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}
    return [*read_record(json.dumps(bundle).encode(), ExtractionLimits()).findings]


def attached(content: bytes, **others: Any) -> dict[str, Any]:
    data = base64.b64encode(content).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": {"data": data}}],
        **others,
    }


@pytest.mark.parametrize(
    "content",
    [NOTE.encode(), PAGE.encode(), pdf(NOTE), document(narrative("34109-9", NOTE))],
    ids=["text", "html", "pdf", "c-cda"],
)
def test_an_attached_note_is_read_as_a_report(content: bytes) -> None:
    findings = read(attached(content))
    stages = [each for each in findings if each.kind is FindingKind.STAGE_GROUP]
    assert [each.value for each in stages] == ["IIB"]
    assert stages[0].quote in NOTE
    assert stages[0].locator is not None
    assert stages[0].locator.startswith(
        "Bundle.entry[0].resource:DocumentReference.content[0].attachment"
    )
    assert (stages[0].page, stages[0].start, stages[0].end) == (None, None, None)
    # Neither a relative's cancer nor what stands in a script is the patient's.
    own = {each.key for each in findings if each.assertion == "PRESENT"}
    assert not own & {"ovarian-cancer", "colon-cancer"}


@pytest.mark.parametrize(
    "withdrawn",
    [{"status": "entered-in-error"}, {"status": "superseded"}, {"docStatus": "entered-in-error"}],
)
def test_a_withdrawn_note_isn_t_read(withdrawn: dict[str, str]) -> None:
    assert read(attached(NOTE.encode(), **withdrawn)) == []


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4 cut", b"\x00\x01\x02", b"PK\x03\x04zip", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"],
    ids=["cut pdf", "bytes", "zip", "entities"],
)
def test_an_attachment_that_can_t_be_read_leaves_the_rest(content: bytes) -> None:
    report = {"resourceType": "DiagnosticReport", "status": "final", "conclusion": NOTE}
    assert {each.key for each in read(attached(content), report)} == {
        each.key for each in read(report)
    }
    assert read(attached(content)) == []


def test_data_that_isn_t_base64_holds_nothing() -> None:
    held = attached(b"")
    held["content"][0]["attachment"]["data"] = "Stage IV lung cancer!"
    assert read(held) == []


def test_files_aren_t_followed_from_one_attachment_into_the_next() -> None:
    inner = json.dumps(attached(NOTE.encode())).encode()
    assert read(attached(inner)) == []


def test_narratives_count_where_no_entry_repeats_them() -> None:
    said = {"title": "Diagnosis", "text": {"div": f"<div><p>{NOTE}</p></div>"}}
    composition = {"resourceType": "Composition", "status": "final", "section": [said]}
    assert "breast-cancer" in {each.key for each in read(composition)}
    said["entry"] = [{"reference": "Condition/1"}]
    assert read(composition) == []
