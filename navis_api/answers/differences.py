"""What differs between two revisions of an answer, claim by claim and word by word.

Deterministic: the same two revisions always give the same difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.answers.claim_pairs import FlatClaim, flat_claims, pair_claims, pair_sections
from navis_api.answers.document import AnswerContent, ContentCitation, content_from_json
from navis_api.answers.models import AnswerRevision
from navis_api.answers.word_differences import DifferenceKind, Piece, kind_of, pieces_of


@dataclass(frozen=True, slots=True)
class Place:
    """A claim of a revision, counted from 0."""

    section: int
    claim: int


@dataclass(frozen=True, slots=True)
class ClaimDifference:
    """What became of a claim. `before` is None where it is new, `after` where it is dropped.

    CHANGED is one whose words, style or quotes differ; `moved` is true of it too where it
    stands elsewhere now, among the claims that are in both.
    """

    kind: DifferenceKind
    before: Place | None
    after: Place | None
    pieces: tuple[Piece, ...]
    moved: bool
    citations_added: tuple[ContentCitation, ...]
    citations_dropped: tuple[ContentCitation, ...]


@dataclass(frozen=True, slots=True)
class TextDifference:
    """What became of a title, a summary or an entry of a list."""

    kind: DifferenceKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SectionDifference:
    """What became of a section, by its heading; counted from 0, None where it isn't there."""

    kind: DifferenceKind
    before: int | None
    after: int | None
    heading: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RevisionDifference:
    """All that differs. Claims and sections stand in the order of the new revision.

    A dropped one stands behind what it stood behind.
    """

    title: TextDifference
    summary: TextDifference
    sections: tuple[SectionDifference, ...]
    claims: tuple[ClaimDifference, ...]
    doctor_questions: tuple[TextDifference, ...]
    next_steps: tuple[TextDifference, ...]
    gaps: tuple[TextDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two read the same."""
        listed = (
            self.title,
            self.summary,
            *self.sections,
            *self.claims,
            *self.doctor_questions,
            *self.next_steps,
            *self.gaps,
        )
        return all(each.kind is DifferenceKind.SAME for each in listed)


def differences(before: AnswerRevision, after: AnswerRevision) -> RevisionDifference:
    """Return what differs between two revisions."""
    old, new = content_from_json(before.content), content_from_json(after.content)
    return RevisionDifference(
        title=_text(before.title, after.title),
        summary=_text(before.summary, after.summary),
        sections=_sections(old, new),
        claims=_claims(old, new),
        doctor_questions=_entries(before.doctor_questions, after.doctor_questions),
        next_steps=_entries(before.next_steps, after.next_steps),
        gaps=_entries(before.gaps, after.gaps),
    )


def _text(before: str | None, after: str | None) -> TextDifference:
    pieces = pieces_of(before or "", after or "")
    return TextDifference(kind_of(before, after), pieces)


def _entries(before: Sequence[str], after: Sequence[str]) -> tuple[TextDifference, ...]:
    """Compare the entries that stand at the same place, but for those that both have."""
    kept = set(before) & set(after)
    gone = [entry for entry in before if entry not in kept]
    come = [entry for entry in after if entry not in kept]
    changed = dict(zip(come, gone, strict=False))
    shown = [_text(entry if entry in kept else changed.get(entry), entry) for entry in after]
    return (*shown, *(_text(entry, None) for entry in gone[len(come) :]))


def _sections(before: AnswerContent, after: AnswerContent) -> tuple[SectionDifference, ...]:
    pairs = pair_sections(before, after)
    rows = [(pairs.get(at), at) for at in range(len(after.sections))]
    return tuple(
        SectionDifference(kind_of(old, new), was, now, pieces_of(old or "", new or ""))
        for was, now in _with_dropped(rows, len(before.sections))
        for old, new in [
            (
                None if was is None else before.sections[was].heading,
                None if now is None else after.sections[now].heading,
            )
        ]
    )


def _with_dropped(
    rows: Sequence[tuple[int | None, int | None]], count: int
) -> list[tuple[int | None, int | None]]:
    """Put what has no partner behind what it stood behind."""
    found = list(rows)
    for at in sorted(set(range(count)) - {was for was, _ in rows}):
        before = [
            place for place, (was, _) in enumerate(found) if was is not None and was == at - 1
        ]
        found.insert(before[0] + 1 if before else 0, (at, None))
    return found


def _claims(before: AnswerContent, after: AnswerContent) -> tuple[ClaimDifference, ...]:
    old, new = flat_claims(before), flat_claims(after)
    pairs, moved = pair_claims(old, new, pair_sections(before, after))
    rows = [(pairs.get(at), at) for at in range(len(new))]
    return tuple(
        _claim(
            None if was is None else old[was],
            None if now is None else new[now],
            moved=now in moved,
        )
        for was, now in _with_dropped(rows, len(old))
    )


def _claim(before: FlatClaim | None, after: FlatClaim | None, *, moved: bool) -> ClaimDifference:
    old = {(each.source.id, each.quote): each for each in (before.citations if before else ())}
    new = {(each.source.id, each.quote): each for each in (after.citations if after else ())}
    added = tuple(each for key, each in new.items() if key not in old)
    dropped = tuple(each for key, each in old.items() if key not in new)
    kind = kind_of(before.text if before else None, after.text if after else None)
    if before and after and kind is DifferenceKind.SAME:
        if added or dropped or before.style is not after.style:
            kind = DifferenceKind.CHANGED
        elif moved:
            kind = DifferenceKind.MOVED
    return ClaimDifference(
        kind=kind,
        before=Place(before.section, before.claim) if before else None,
        after=Place(after.section, after.claim) if after else None,
        pieces=pieces_of(before.text if before else "", after.text if after else ""),
        moved=moved,
        citations_added=added,
        citations_dropped=dropped,
    )
