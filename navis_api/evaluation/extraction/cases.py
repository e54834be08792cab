"""Labelled records: a file or a text each, with what should be found in it."""

import json
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from navis_api.evaluation.cases import Case
from navis_api.evaluation.errors import CasesBroken

_KINDS = {"fhir": "fhir", "ccda": "ccda", "text": "text", "free text": "text"}


class ExtractionCase(Case):
    """A labelled record.

    `file` is a path within the folder of files, or "reports.jsonl#ID" for the `text` of a line in a
    file of JSON lines; instead of it `text` may stand in the case itself. `kind` is "fhir",
    "c-cda" or "free_text".
    """

    file: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000_000)] | None = None
    kind: str = "free_text"
    expected: dict[str, Any]
    traps: str | list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_a_record(self) -> "ExtractionCase":
        if (self.file is None) == (self.text is None):
            raise ValueError("give one of `file` and `text`")
        return self

    @property
    def file_kind(self) -> str:
        """The kind of file that figures are told by: fhir, ccda or text."""
        plain = self.kind.lower().replace("_", " ").replace("-", "")
        return _KINDS.get(plain, plain)

    @property
    def trap_texts(self) -> tuple[str, ...]:
        """The traps, one by one."""
        return (self.traps,) if isinstance(self.traps, str) else tuple(self.traps)


def content_of(case: ExtractionCase, folder: Path) -> bytes:
    """Return the bytes of a case's record. Raises CasesBroken when it isn't there."""
    if case.file is None:
        return (case.text or "").encode()
    name, _, wanted = case.file.partition("#")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise CasesBroken(case.id, "its `file` must be within the folder of files")
    try:
        content = (folder / path).read_bytes()
    except OSError as error:
        raise CasesBroken(case.id, f"its `file`: {error.strerror or 'can not be read'}") from None
    return _line(case, content, wanted) if wanted else content


def _line(case: ExtractionCase, content: bytes, wanted: str) -> bytes:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if wanted.encode() not in line:
            continue
        try:
            read: Any = json.loads(line)
        except ValueError:
            raise CasesBroken(f"{case.file}", f"line {number} isn't JSON") from None
        if isinstance(read, dict) and read.get("id") == wanted:  # pyright: ignore[reportUnknownMemberType]
            text = read.get("text")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            if isinstance(text, str):
                return text.encode()
    raise CasesBroken(case.id, "its `file` has no line with that `id` and a `text`")
