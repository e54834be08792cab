"""What comes of reading a record, and its form between the two processes."""

import json
from dataclasses import dataclass
from typing import Any, cast

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.sniffing import ContentKind


@dataclass(frozen=True, slots=True)
class Extraction:
    """A record that was read: its kind, the text of its pages (none for coded files), findings."""

    kind: ContentKind
    pages: tuple[str, ...]
    findings: tuple[Finding, ...]


def written(extraction: Extraction) -> bytes:
    """Return an extraction as JSON, in ASCII."""
    told = {
        "kind": extraction.kind.value,
        "pages": extraction.pages,
        "findings": [finding.as_json() for finding in extraction.findings],
    }
    return json.dumps(_clean(told)).encode("ascii")


def written_failure(failure: ExtractionFailed) -> bytes:
    """Return a failure as JSON: its code alone."""
    return json.dumps({"failure": failure.code.value}).encode("ascii")


def read_outcome(output: bytes) -> Extraction:
    """Return what a reading process wrote.

    Raises ExtractionFailed with the code that it gave, or CRASHED when what it wrote is no outcome.
    """
    try:
        told = cast("dict[str, Any]", json.loads(output))
        if "failure" in told:
            raise ExtractionFailed(FailureCode(told["failure"]))
        return Extraction(
            ContentKind(told["kind"]),
            tuple(map(str, told["pages"])),
            tuple(Finding.from_json(finding) for finding in told["findings"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ExtractionFailed(FailureCode.CRASHED) from None


def _clean(told: Any) -> Any:  # noqa: ANN401  (JSON)
    """Replace half surrogates and NULs, which no database takes, each by one other letter."""
    if isinstance(told, str):
        return told.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    if isinstance(told, dict):
        return {key: _clean(value) for key, value in cast("dict[str, Any]", told).items()}
    if isinstance(told, (list, tuple)):
        return [_clean(value) for value in cast("list[Any]", told)]
    return told
