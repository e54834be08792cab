"""What a model writes, read while it is being written: one JSON object of a fixed form."""

from enum import StrEnum
from typing import Any, Literal, TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from navis_api.language_models.errors import OutputUnreadable
from navis_api.language_models.json_output import CHARS_PER_TOKEN, read_object

MAX_SECTIONS = 8
"""Sections of one answer beyond this number aren't looked at."""


class SectionName(StrEnum):
    """The kinds of section that a model may write."""

    OVERVIEW = "OVERVIEW"
    EXPLANATION = "EXPLANATION"
    FACTORS = "FACTORS"
    OPTIONS = "OPTIONS"
    EVIDENCE = "EVIDENCE"
    CONSIDERATIONS = "CONSIDERATIONS"
    SUPPORT = "SUPPORT"


class WrittenCitation(BaseModel):
    """A quote, and the number of the passage that it is said to be from."""

    passage: int
    quote: str


class WrittenClaim(BaseModel):
    """One claim as the model wrote it. `facts` are asked for in answers for one patient only."""

    text: str
    style: Literal["sentence", "bullet"]
    citations: list[WrittenCitation]
    facts: list[int] = []


class WrittenSection(BaseModel):
    """A section as the model wrote it."""

    kind: SectionName
    heading: str
    claims: list[WrittenClaim]


class WrittenAnswer(BaseModel):
    """The whole of what a model writes. The keys' order is the order of the writing."""

    answerable: bool
    sections: list[WrittenSection]
    doctor_questions: list[str]
    not_covered: list[str]


def answer_schema(*, for_patient: bool) -> dict[str, Any]:
    """Return the JSON Schema of what a model writes, every key of it required."""
    schema = WrittenAnswer.model_json_schema()
    claim = schema["$defs"]["WrittenClaim"]
    facts = claim["properties"].pop("facts")
    if for_patient:
        facts.pop("default")
        claim["properties"]["facts"] = facts
        claim["required"].append("facts")
    return schema


class OutputReader:
    """Reads one answer, piece by piece. A section comes out once it can't change any more."""

    def __init__(self, *, max_output_tokens: int) -> None:
        self._max_chars = max_output_tokens * CHARS_PER_TOKEN
        self._text = ""
        self._given = 0

    @property
    def is_too_long(self) -> bool:
        """Whether more has come than a model may write."""
        return len(self._text) > self._max_chars

    def read(self, piece: str) -> list[WrittenSection]:
        """Take the next piece, and return the sections that are complete with it.

        A section is complete when something has begun behind it. Raises OutputUnreadable.
        """
        self._text += piece
        # What begins behind a section begins with one of these.
        if "{" not in piece and '"' not in piece:
            return []
        found = read_object(self._text, whole=False)
        listed: Any = found.get("sections")
        if not isinstance(listed, list) or found.get("answerable") is not True:
            return []
        sections = cast("list[Any]", listed)
        is_over = next(reversed(found)) != "sections"
        return self._next(sections if is_over else sections[:-1])

    def end(self) -> tuple[list[WrittenSection], WrittenAnswer]:
        """Return the sections that weren't given yet, and the whole.

        What says at its end that there is no answer has none, and contradicts itself where
        sections came out before: nobody can tell which of the two it meant. Raises
        OutputUnreadable.
        """
        answer = _validated(_ANSWER, read_object(self._text))
        if not answer.answerable:
            if self._given:
                raise OutputUnreadable
            return [], answer
        return answer.sections[self._given : MAX_SECTIONS], answer

    def _next(self, complete: list[Any]) -> list[WrittenSection]:
        new = [_validated(_SECTION, each) for each in complete[self._given : MAX_SECTIONS]]
        self._given += len(new)
        return new


_ANSWER = TypeAdapter(WrittenAnswer)
_SECTION = TypeAdapter(WrittenSection)
_Form = TypeVar("_Form")


def _validated(form: TypeAdapter[_Form], value: object) -> _Form:
    try:
        return form.validate_python(value)
    except ValidationError:
        # Outside of the handler: pydantic's error quotes what it refused.
        pass
    raise OutputUnreadable
