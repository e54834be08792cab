"""What differs between two revisions, as the staff see it."""

from typing import Self

import strawberry

from navis_api.answers import differences
from navis_api.answers.repository import AnswerView
from navis_api.answers.word_differences import Piece
from navis_api.graphql.answers.parts import Citation
from navis_api.graphql.enums import DifferenceKind


@strawberry.type(description="Some words that are in both, only in the newer or in the older.")
class DifferencePiece:
    """A piece of a text. All pieces but the dropped ones, joined, are the newer text."""

    kind: DifferenceKind = strawberry.field(description="SAME, ADDED or DROPPED.")
    text: str = strawberry.field(description="The words.")

    @classmethod
    def all_of(cls, pieces: tuple[Piece, ...]) -> list[Self]:
        """Return pieces as clients see them."""
        return [cls(kind=piece.kind, text=piece.text) for piece in pieces]


@strawberry.type(description="What became of a title, a summary or an entry of a list.")
class TextDifference:
    """A text in two revisions."""

    kind: DifferenceKind = strawberry.field(description="What became of it.")
    pieces: list[DifferencePiece] = strawberry.field(description="Its words.")

    @classmethod
    def of(cls, found: differences.TextDifference) -> Self:
        """Return a difference as clients see it."""
        return cls(kind=found.kind, pieces=DifferencePiece.all_of(found.pieces))


@strawberry.type(description="What became of a section.")
class SectionDifference:
    """A section in two revisions, by its place: counted from 0, null where it isn't there."""

    kind: DifferenceKind = strawberry.field(description="What became of its heading.")
    before: int | None = strawberry.field(description="Its place in the older one, from 0.")
    after: int | None = strawberry.field(description="Its place in the newer one, from 0.")
    heading: list[DifferencePiece] = strawberry.field(description="The words of its heading.")

    @classmethod
    def of(cls, found: differences.SectionDifference) -> Self:
        """Return a difference as clients see it."""
        return cls(
            kind=found.kind,
            before=found.before,
            after=found.after,
            heading=DifferencePiece.all_of(found.heading),
        )


@strawberry.type(description="A claim's place in a revision, counted from 0.")
class ClaimPlace:
    """A section and a place there."""

    section: int = strawberry.field(description="Its section.")
    claim: int = strawberry.field(description="Its place there.")

    @classmethod
    def of(cls, place: differences.Place | None) -> Self | None:
        """Return a place as clients see it."""
        return cls(section=place.section, claim=place.claim) if place else None


@strawberry.type(description="What became of a claim.")
class ClaimDifference:
    """A claim in two revisions."""

    kind: DifferenceKind = strawberry.field(description="What became of it.")
    moved: bool = strawberry.field(description="Whether it stands elsewhere among the others now.")
    before: ClaimPlace | None = strawberry.field(description="Its place in the older one.")
    after: ClaimPlace | None = strawberry.field(description="Its place in the newer one.")
    pieces: list[DifferencePiece] = strawberry.field(description="Its words.")
    citations_added: list[Citation] = strawberry.field(description="Quotes that are new.")
    citations_dropped: list[Citation] = strawberry.field(description="Quotes that are gone.")

    @classmethod
    def of(cls, found: differences.ClaimDifference) -> Self:
        """Return a difference as clients see it."""
        return cls(
            kind=found.kind,
            moved=found.moved,
            before=ClaimPlace.of(found.before),
            after=ClaimPlace.of(found.after),
            pieces=DifferencePiece.all_of(found.pieces),
            citations_added=[Citation.of(each) for each in found.citations_added],
            citations_dropped=[Citation.of(each) for each in found.citations_dropped],
        )


@strawberry.type(description="What differs between two revisions of an answer.")
class RevisionDifference:
    """All that differs, in the newer one's order; what was dropped stands where it stood."""

    is_empty: bool = strawberry.field(description="Whether both read the same.")
    title: TextDifference = strawberry.field(description="The title.")
    summary: TextDifference = strawberry.field(description="The summary.")
    sections: list[SectionDifference] = strawberry.field(description="Sections, by heading.")
    claims: list[ClaimDifference] = strawberry.field(description="Claims.")
    doctor_questions: list[TextDifference] = strawberry.field(
        description="Questions for the care team."
    )
    next_steps: list[TextDifference] = strawberry.field(description="Next steps.")
    gaps: list[TextDifference] = strawberry.field(description="What the sources don't cover.")

    @classmethod
    def between(cls, before: AnswerView, after: AnswerView) -> Self:
        """Compare two revisions."""
        found = differences.differences(before.revision, after.revision)
        return cls(
            is_empty=found.is_empty,
            title=TextDifference.of(found.title),
            summary=TextDifference.of(found.summary),
            sections=[SectionDifference.of(each) for each in found.sections],
            claims=[ClaimDifference.of(each) for each in found.claims],
            doctor_questions=[TextDifference.of(each) for each in found.doctor_questions],
            next_steps=[TextDifference.of(each) for each in found.next_steps],
            gaps=[TextDifference.of(each) for each in found.gaps],
        )
