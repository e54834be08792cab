"""What a check of a claim comes to, and why."""

from dataclasses import dataclass
from enum import StrEnum


class ReasonKind(StrEnum):
    """Why a claim is refused."""

    EMPTY = "EMPTY"
    """It says nothing, or nothing that can be looked for."""
    UNREADABLE = "UNREADABLE"
    """It holds characters that no text has, or is longer than any claim."""
    NO_EVIDENCE = "NO_EVIDENCE"
    """It cites nothing that has words."""
    NOT_SAID = "NOT_SAID"
    """Something it says stands in none of the sentences that it rests on."""
    NAME_NOT_SAID = "NAME_NOT_SAID"
    """A drug, regimen, gene or other name isn't in what it rests on."""
    NUMBER_DIFFERS = "NUMBER_DIFFERS"
    """A number, its unit or what it is a number of differs."""
    STAGE_DIFFERS = "STAGE_DIFFERS"
    NEGATION_DIFFERS = "NEGATION_DIFFERS"
    """It denies what is said, or says what is denied."""
    STRONGER = "STRONGER"
    """It is surer, or speaks of more people, than what it rests on."""
    DIRECTION_DIFFERS = "DIRECTION_DIFFERS"
    """More for less, better for worse, before for after, or cause for effect."""
    OTHER_CANCER = "OTHER_CANCER"
    """What it rests on is about another cancer."""
    ATTRIBUTION = "ATTRIBUTION"
    """It names a source that isn't cited, or a guideline without its version."""
    DOSE = "DOSE"
    ADVICE = "ADVICE"
    """It tells the reader what to take or to do."""
    PROMISE = "PROMISE"
    """It promises what nobody can."""
    INSTRUCTION = "INSTRUCTION"
    """It speaks to a program and not to a reader."""
    QUOTE_DIFFERS = "QUOTE_DIFFERS"
    """A quote isn't in the evidence that it is said to be from."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a refusal. `detail` is one of our own terms, never words of the claim."""

    kind: ReasonKind
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else str(self.kind)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what is cited supports a claim. No reasons where it does."""

    reasons: tuple[Reason, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the claim may stand."""
        return not self.reasons
