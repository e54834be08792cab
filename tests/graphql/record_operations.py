"""The operations on patients' records: each is for the patient whose record it is, and nobody else.

`test_records_matrix` holds them against the endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from navis_api.graphql.relay import global_id
from tests.records.world import content, file_of

VIEWERS = (
    "anonymous",
    "asker",
    "other",
    "reviewer",
    "editor",
    "administrator",
    "partner",
    "public key",
    "secret key",
    # Somebody of the staff, and a partner's system, whose subject is the patient's own.
    "namesake reviewer",
    "namesake partner",
)
PATIENTS = frozenset({"asker", "other"})
OWNER = frozenset({"asker"})


@dataclass(frozen=True)
class RecordCase:
    """An operation on a record of the asker's: who gets past the question of who they are.

    `shows` says whether a result's data tell anything of the record.
    """

    query: str
    allowed: frozenset[str]
    shows: Callable[[dict[str, Any]], bool]


def variables(record_id: object, finding_id: object) -> dict[str, Any]:
    file = file_of(content(10), filename="other.pdf")
    return {
        "id": global_id("Record", str(record_id)),
        "finding": global_id("Finding", str(finding_id)),
        "file": {
            "filename": file.filename,
            "mediaType": file.media_type,
            "sizeBytes": file.size_bytes,
            "sha256": file.sha256,
        },
    }


_FIELDS = "id filename mediaType sizeBytes state createdAt failure failureCode"
_FINDING = (
    "id kind name value unit code codeSystem observedOn assertion temporality treatmentStatus page"
    " start end locator quote confidence origin status"
)
_CORRECTION = "value unit observedOn assertion treatmentStatus"
_CONSENT = "purpose state version title text grantedVersion grantedAt revokedAt"
_FACT = (
    "kind name value unit assertion temporality treatmentStatus observedOn disputed usedForAnswers"
)
_SHOWN = _FINDING + " correction { " + _CORRECTION + " }"

OPERATIONS: dict[str, RecordCase] = {
    "Query.records": RecordCase(
        "{ records { nodes { " + _FIELDS + " } edges { cursor node { id } } } }",
        OWNER,
        lambda data: bool(data["records"]["nodes"]),
    ),
    "Mutation.createRecordUpload": RecordCase(
        "mutation ($file: CreateRecordUploadInput!) { createRecordUpload(input: $file) {"
        " record { id } upload { uploadUrl expiresAt record { id } } errors { __typename } } }",
        PATIENTS,
        lambda data: data["createRecordUpload"]["upload"] is not None,
    ),
    "Mutation.completeRecordUpload": RecordCase(
        "mutation ($id: ID!) { completeRecordUpload(input: {recordId: $id}) {"
        " record { " + _FIELDS + " } errors { __typename } } }",
        OWNER,
        lambda data: data["completeRecordUpload"]["record"] is not None,
    ),
    "Mutation.deleteRecord": RecordCase(
        "mutation ($id: ID!) { deleteRecord(input: {recordId: $id}) {"
        " record { " + _FIELDS + " } errors { __typename } } }",
        OWNER,
        lambda data: data["deleteRecord"]["record"] is not None,
    ),
    "Mutation.confirmFindings": RecordCase(
        "mutation ($finding: ID!) { confirmFindings(input: {findings: ["
        ' {id: $finding, decision: CORRECT, correction: {value: "IIIB"}}]}) {'
        " findings { " + _SHOWN + " } errors { __typename } } }",
        OWNER,
        lambda data: bool(data["confirmFindings"]["findings"]),
    ),
    "Mutation.grantConsent": RecordCase(
        "mutation { grantConsent(input: {purpose: REVIEW, version: 2}) {"
        " consent { " + _CONSENT + " } errors { __typename } } }",
        PATIENTS,
        lambda data: data["grantConsent"]["consent"] is not None,
    ),
    "Mutation.revokeConsent": RecordCase(
        "mutation { revokeConsent(input: {purpose: PERSONAL_ANSWERS}) {"
        " consent { " + _CONSENT + " } errors { __typename } } }",
        PATIENTS,
        lambda data: data["revokeConsent"]["consent"] is not None,
    ),
    "Mutation.eraseMyData": RecordCase(
        'mutation { eraseMyData(input: {confirmation: "ERASE MY DATA"}) { receipt {'
        " id erasedAt removed { kind count } keyDestroyedAt objectsRemovedAt }"
        " errors { __typename } } }",
        PATIENTS,
        lambda data: data["eraseMyData"]["receipt"] is not None,
    ),
}

FOLLOW = (
    "subscription ($id: ID!) { recordEvents(recordId: $id) {"
    " sequence at state failure failureCode } }"
)
SUBSCRIPTIONS = {"Subscription.recordEvents": OWNER}
"""Held against the endpoint over a WebSocket."""

NODES: dict[str, RecordCase] = {
    "profile": RecordCase(
        "{ viewer { profile { facts { " + _FACT + " findings { " + _SHOWN + " } }"
        " contradictions { kind name reason findings { " + _SHOWN + " } } } } }",
        # What stands in it is asked in `test_profile`.
        PATIENTS,
        lambda data: data["viewer"]["profile"] is not None,
    ),
    "consents": RecordCase(
        "{ viewer { consents { " + _CONSENT + " } } }",
        PATIENTS,
        lambda data: bool(data["viewer"]["consents"]),
    ),
    "node": RecordCase(
        "query ($id: ID!) { node(id: $id) { ... on Record { " + _FIELDS + " } } }",
        OWNER,
        lambda data: data["node"] is not None,
    ),
    "nodes": RecordCase(
        "query ($id: ID!) { nodes(ids: [$id, $id]) { ... on Record { " + _FIELDS + " } } }",
        OWNER,
        lambda data: data["nodes"] != [None, None],
    ),
    "node of a finding": RecordCase(
        "query ($finding: ID!) { node(id: $finding) { ... on Finding { " + _SHOWN + " } } }",
        OWNER,
        lambda data: data["node"] is not None,
    ),
    "nodes of a finding": RecordCase(
        "query ($finding: ID!) { nodes(ids: [$finding]) { id } }",
        OWNER,
        lambda data: data["nodes"] != [None],
    ),
    "findings of a record": RecordCase(
        "query ($id: ID!) { node(id: $id) { ... on Record { findings { " + _SHOWN + " } } } }",
        OWNER,
        lambda data: bool(data["node"] and data["node"]["findings"]),
    ),
    "findings of a list": RecordCase(
        "{ records { nodes { findings { " + _SHOWN + " } } } }",
        OWNER,
        lambda data: any(node["findings"] for node in data["records"]["nodes"]),
    ),
}

FIELDS: dict[str, str] = {
    "Record": _FIELDS + " findings",
    "Finding": _FINDING + " correction",
    "FindingCorrection": _CORRECTION,
    "RecordConnection": "edges nodes pageInfo",
    "RecordEdge": "cursor node",
    "RecordEvent": "sequence at state failure failureCode",
    "RecordUpload": "record uploadUrl expiresAt",
    "CreateRecordUploadPayload": "record upload errors",
    "CompleteRecordUploadPayload": "record errors",
    "DeleteRecordPayload": "record errors",
    "ConfirmFindingsPayload": "findings errors",
    "EraseMyDataPayload": "receipt errors",
    # It names nobody: whoever has its id sees it.
    "ErasureReceipt": "id erasedAt removed keyDestroyedAt objectsRemovedAt",
    "ErasedRows": "kind count",
    "PatientsOnly": "message path",
    "UnknownRecord": "message path",
    "UploadLimitReached": "message path",
    "UploadsClosed": "message path",
    "UploadIncomplete": "message path receivedBytes",
    "UploadMismatch": "message path",
    "UploadOver": "message path",
    "UnknownFinding": "message path",
    "FindingNotReady": "message path",
    "Viewer": "consents profile",
    "Profile": "facts contradictions",
    "ProfileFact": _FACT + " findings",
    "ProfileContradiction": "kind name reason findings",
    "Consent": _CONSENT,
    "GrantConsentPayload": "consent errors",
    "RevokeConsentPayload": "consent errors",
    "ConsentVersionPassed": "message path",
}
