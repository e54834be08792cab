"""An answer while it is being written: sections of claims, each with its quotes."""

from dataclasses import dataclass
from uuid import UUID

from navis_api.answers.models import ClaimStyle, SectionKind


@dataclass(frozen=True, slots=True)
class DraftCitation:
    """A quote: characters `start` to `end` of the text of that version of a source."""

    source_version_id: UUID
    quote: str
    start: int
    end: int
    locator: str | None


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """One sentence, lead-in or bullet, with at least one citation.

    In an answer for one patient `facts` are the numbers of their facts that it rests on.
    """

    text: str
    style: ClaimStyle
    citations: tuple[DraftCitation, ...]
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A headed part of an answer."""

    kind: SectionKind
    heading: str
    claims: tuple[DraftClaim, ...]


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """What stands around the sections.

    `gaps` are sentences that say plainly what was asked and isn't covered.
    """

    title: str
    summary: str
    doctor_questions: tuple[str, ...]
    next_steps: tuple[str, ...]
    gaps: tuple[str, ...] = ()
