"""What an editor wants changed in a revision. Places count from 0, in the revision as it was."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from navis_api.answers.models import ClaimStyle


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source, to the letter. Any version names the source: the current one counts.

    `start` is where they are expected, for words that stand in a text more than once.
    """

    source_version_id: UUID
    text: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeClaim:
    """Say a claim otherwise, or rest it on other quotes. What is None stays as it is."""

    section: int
    claim: int
    text: str | None = None
    style: ClaimStyle | None = None
    quotes: tuple[Quote, ...] | None = None


@dataclass(frozen=True, slots=True)
class DropClaim:
    """Leave a claim out."""

    section: int
    claim: int


@dataclass(frozen=True, slots=True)
class AddClaim:
    """Put a new claim behind the one that stood at `after`, or first in the section (None)."""

    section: int
    after: int | None
    text: str
    quotes: tuple[Quote, ...]
    style: ClaimStyle = ClaimStyle.SENTENCE


@dataclass(frozen=True, slots=True)
class MoveClaim:
    """Put a claim behind the one that stood at `after` in `to_section`, or first there (None)."""

    section: int
    claim: int
    to_section: int
    after: int | None


@dataclass(frozen=True, slots=True)
class ChangeHeading:
    """Give a section another heading."""

    section: int
    heading: str


ClaimEdit: TypeAlias = ChangeClaim | DropClaim | AddClaim | MoveClaim


@dataclass(frozen=True, slots=True)
class Edits:
    """Every change at once. What is None stays as it is; a section without claims goes."""

    claims: tuple[ClaimEdit, ...] = ()
    headings: tuple[ChangeHeading, ...] = ()
    title: str | None = None
    summary: str | None = None
    doctor_questions: tuple[str, ...] | None = None
    next_steps: tuple[str, ...] | None = None
    gaps: tuple[str, ...] | None = None
