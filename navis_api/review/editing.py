"""Making edits: the text of an answer as it would be, before its quotes are looked up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from navis_api.answers.document import AnswerContent
from navis_api.answers.lengths import MAX_CLAIM_CHARS, MAX_HEADING_CHARS
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.kit.text import squeeze
from navis_api.review.edits import (
    AddClaim,
    ChangeClaim,
    ChangeHeading,
    ClaimEdit,
    DropClaim,
    MoveClaim,
    Quote,
)
from navis_api.review.errors import EditImpossible


@dataclass(frozen=True, slots=True)
class EditedClaim:
    """A claim with the quotes that it is to rest on."""

    text: str
    style: ClaimStyle
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class EditedSection:
    """A section with its claims in order; it has at least one."""

    kind: SectionKind
    heading: str
    claims: tuple[EditedClaim, ...]


@dataclass(slots=True)
class _Slot:
    """A claim on its way. `place` is where it stood, None for a new one.

    A slot whose claim was dropped or moved stays until the end: others stand behind it.
    """

    place: tuple[int, int] | None
    claim: EditedClaim | None


def edited_sections(
    content: AnswerContent, edits: Sequence[ClaimEdit], headings: Sequence[ChangeHeading]
) -> list[EditedSection]:
    """Return the sections with the edits made, in the order given.

    Raises EditImpossible for a claim or section that isn't there or is edited in two ways,
    and when nothing would be left.
    """
    desk = _Desk(content)
    for edit in edits:
        match edit:
            case ChangeClaim():
                desk.change(edit)
            case DropClaim():
                desk.take(edit.section, edit.claim)
            case MoveClaim():
                moved = desk.take(edit.section, edit.claim)
                desk.put(edit.to_section, edit.after, moved)
            case AddClaim():
                added = EditedClaim(_claim_text(edit.text), edit.style, edit.quotes)
                desk.put(edit.section, edit.after, added)
    for heading in headings:
        desk.rename(heading)
    return desk.sections()


class _Desk:
    def __init__(self, content: AnswerContent) -> None:
        self._kinds = [section.kind for section in content.sections]
        self._headings = [section.heading for section in content.sections]
        self._slots = [
            [
                _Slot(
                    (at, place),
                    EditedClaim(
                        claim.text,
                        claim.style,
                        tuple(
                            Quote(each.source.version_id, each.quote, each.start)
                            for each in content.citations_of(claim)
                        ),
                    ),
                )
                for place, claim in enumerate(section.claims)
            ]
            for at, section in enumerate(content.sections)
        ]

    def change(self, edit: ChangeClaim) -> None:
        slot = self._slot(edit.section, edit.claim)
        claim = self._claim(slot)
        slot.claim = replace(
            claim,
            text=claim.text if edit.text is None else _claim_text(edit.text),
            style=edit.style or claim.style,
            quotes=claim.quotes if edit.quotes is None else edit.quotes,
        )

    def take(self, section: int, claim: int) -> EditedClaim:
        """Take a claim away from where it stands."""
        slot = self._slot(section, claim)
        taken = self._claim(slot)
        slot.claim = None
        return taken

    def put(self, section: int, after: int | None, claim: EditedClaim) -> None:
        """Put a claim behind one, and behind what was put there before."""
        slots = self._section(section)
        at = 0 if after is None else slots.index(self._slot(section, after)) + 1
        while at < len(slots) and slots[at].place is None:
            at += 1
        slots.insert(at, _Slot(None, claim))

    def rename(self, edit: ChangeHeading) -> None:
        if not 0 <= edit.section < len(self._headings):
            raise _missing("headings")
        heading = squeeze(edit.heading)
        if not 1 <= len(heading) <= MAX_HEADING_CHARS:
            raise EditImpossible(
                f"A heading has 1 to {MAX_HEADING_CHARS} characters.",
                path=("input", "headings"),
            )
        self._headings[edit.section] = heading

    def sections(self) -> list[EditedSection]:
        """Return what is on the desk. Raises EditImpossible when no claim is left."""
        found = [
            EditedSection(kind, heading, tuple(slot.claim for slot in slots if slot.claim))
            for kind, heading, slots in zip(self._kinds, self._headings, self._slots, strict=True)
            if any(slot.claim for slot in slots)
        ]
        if not found:
            raise EditImpossible(
                "These edits leave no claim. Reject the revision, or retract the answer, instead.",
                path=("input", "claims"),
            )
        return found

    def _section(self, section: int) -> list[_Slot]:
        if not 0 <= section < len(self._slots):
            raise _missing("claims")
        return self._slots[section]

    def _slot(self, section: int, claim: int) -> _Slot:
        for slot in self._section(section):
            if slot.place == (section, claim):
                return slot
        raise _missing("claims")

    def _claim(self, slot: _Slot) -> EditedClaim:
        if slot.claim is None:
            raise EditImpossible(
                "A claim is edited after it was dropped or moved. Change it first.",
                path=("input", "claims"),
            )
        return slot.claim


def _claim_text(text: str) -> str:
    said = squeeze(text)
    if not 1 <= len(said) <= MAX_CLAIM_CHARS:
        raise EditImpossible(
            f"A claim has 1 to {MAX_CLAIM_CHARS} characters.", path=("input", "claims")
        )
    return said


def _missing(edits: str) -> EditImpossible:
    return EditImpossible(
        "An edit names a section or claim that this revision doesn't have. Places count from 0.",
        path=("input", edits),
    )
