"""The cases of an evaluation, one JSON object a line, as whoever deploys this writes them.

Fields that are not named here may stand beside those that are.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from navis_api.errors import InvalidInput
from navis_api.evaluation.errors import CasesBroken, CasesEmpty

_Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
_Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Case(BaseModel):
    """What every case has: an id to name it by."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: _Id


class ReusePair(Case):
    """`b` is asked when `a` has the reviewed answer; `same` says whether that answers it.

    `cancer` is the slug that both were asked with, when an app gave one.
    """

    a: _Text
    b: _Text
    same: bool
    cancer: _Text | None = None


class RetrievalQuery(Case):
    """A question, and the addresses of the documents that answer it."""

    query: _Text
    relevant_urls: Annotated[tuple[_Text, ...], Field(min_length=1)]


class SafetyLabel(StrEnum):
    """What a text calls for before anything else."""

    EMERGENCY = "EMERGENCY"
    CRISIS = "CRISIS"
    NO_DOSING = "NO_DOSING"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NONE = "NONE"


class SafetyText(Case):
    """A text as somebody sent it, and what it calls for."""

    text: _Text
    kind: SafetyLabel


class CitedPassage(BaseModel):
    """A passage that a claim cites, with what is known of its source."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    text: _Text
    title: str = ""
    heading: str = ""
    publisher: str = ""
    version: str | None = None
    url: str | None = None


class GroundingClaim(Case):
    """A claim about a cancer (its slug or one of its names), and the passages it cites."""

    cancer: str | None = None
    claim: _Text
    passages: tuple[CitedPassage | _Text, ...]
    supported: bool

    @property
    def cited(self) -> tuple[CitedPassage, ...]:
        """The passages, also those that are given as bare text."""
        return tuple(
            CitedPassage(text=passage) if isinstance(passage, str) else passage
            for passage in self.passages
        )


class Expectation(StrEnum):
    """What should come of a question."""

    ANSWERABLE = "ANSWERABLE"
    ABSTAIN = "ABSTAIN"
    ASK_CANCER = "ASK_CANCER"


class AnswerQuestion(Case):
    """A question, with the slug of a cancer where an app gave one, and what should come of it."""

    text: _Text
    cancer: str | None = None
    expect: Expectation


CaseT = TypeVar("CaseT", bound=Case)


def read_cases(path: Path, kind: type[CaseT]) -> list[CaseT]:
    """Read a file of cases. Raises CasesBroken, with the line's number, and CasesEmpty."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror or 'can not be read'}") from None
    cases: list[CaseT] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            case = kind.model_validate_json(line)
        except ValidationError as broken:
            raise CasesBroken(where, _reason(broken)) from None
        if case.id in seen:
            raise CasesBroken(where, "its `id` stands on an earlier line too")
        seen.add(case.id)
        cases.append(case)
    if not cases:
        raise CasesEmpty(path.name)
    return cases


def _reason(broken: ValidationError) -> str:
    first = broken.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    return f"`{field}`: {first['msg']}" if field else first["msg"]
