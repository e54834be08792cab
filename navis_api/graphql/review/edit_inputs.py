"""What reviseAnswer takes: edits of claims, headings, title, summary and lists."""

from typing import TypeVar

import strawberry

from navis_api.errors import InvalidInput
from navis_api.graphql.enums import ClaimStyle
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.review.targets import OnRevision
from navis_api.review import edits

_Kept = TypeVar("_Kept")


@strawberry.input(description="A quote to rest a claim on.")
class QuoteInput:
    """Words of a source."""

    source_id: strawberry.ID = strawberry.field(description="The source's `id`, of any version.")
    text: str = strawberry.field(description="Words of its current version, to the letter.")

    def to_model(self) -> edits.Quote:
        """Return it as the service takes it. Raises IdInvalid."""
        version_id = parse_id_of("Source", self.source_id, argument="sourceId")
        return edits.Quote(source_version_id=version_id, text=self.text)


def _quotes(given: list[QuoteInput]) -> tuple[edits.Quote, ...]:
    return tuple(quote.to_model() for quote in given)


@strawberry.input(description="Say a claim otherwise, or rest it on other quotes.")
class ChangeClaimInput:
    """What is null stays as it is."""

    section: int = strawberry.field(description="The claim's section, counted from 0.")
    claim: int = strawberry.field(description="Its place there, counted from 0.")
    text: str | None = strawberry.field(default=None, description="Its new text.")
    style: ClaimStyle | None = strawberry.field(default=None, description="How it stands.")
    quotes: list[QuoteInput] | None = strawberry.field(
        default=None, description="All that it rests on."
    )

    def to_model(self) -> edits.ClaimEdit:
        """Return it as the service takes it."""
        quotes = None if self.quotes is None else _quotes(self.quotes)
        return edits.ChangeClaim(self.section, self.claim, self.text, self.style, quotes)


@strawberry.input(description="Leave a claim out.")
class DropClaimInput:
    """Which claim goes."""

    section: int = strawberry.field(description="The claim's section, counted from 0.")
    claim: int = strawberry.field(description="Its place there, counted from 0.")

    def to_model(self) -> edits.ClaimEdit:
        """Return it as the service takes it."""
        return edits.DropClaim(self.section, self.claim)


@strawberry.input(description="Put a new claim into a section.")
class AddClaimInput:
    """A claim that is new."""

    section: int = strawberry.field(description="The section, counted from 0.")
    after: int | None = strawberry.field(
        default=None, description="Behind which claim, counted from 0. Null: first."
    )
    text: str = strawberry.field(description="Its text.")
    style: ClaimStyle = strawberry.field(
        default=ClaimStyle.SENTENCE, description="How it stands on the page."
    )
    quotes: list[QuoteInput] = strawberry.field(description="What it rests on: at least one.")

    def to_model(self) -> edits.ClaimEdit:
        """Return it as the service takes it."""
        return edits.AddClaim(self.section, self.after, self.text, _quotes(self.quotes), self.style)


@strawberry.input(description="Put a claim elsewhere.")
class MoveClaimInput:
    """Which claim goes where."""

    section: int = strawberry.field(description="The claim's section, counted from 0.")
    claim: int = strawberry.field(description="Its place there, counted from 0.")
    to_section: int = strawberry.field(description="The section it goes to, counted from 0.")
    after: int | None = strawberry.field(
        default=None, description="Behind which claim there, counted from 0. Null: first."
    )

    def to_model(self) -> edits.ClaimEdit:
        """Return it as the service takes it."""
        return edits.MoveClaim(self.section, self.claim, self.to_section, self.after)


@strawberry.input(
    one_of=True,
    description="One edit of a claim. Places are those in the revision as it was: all edits are"
    " made at once.",
)
class ClaimEditInput:
    """Exactly one of these is given."""

    change: ChangeClaimInput | None = strawberry.field(
        default=strawberry.UNSET, description="Say it otherwise."
    )
    drop: DropClaimInput | None = strawberry.field(
        default=strawberry.UNSET, description="Leave it out."
    )
    add: AddClaimInput | None = strawberry.field(
        default=strawberry.UNSET, description="Put a new one in."
    )
    move: MoveClaimInput | None = strawberry.field(
        default=strawberry.UNSET, description="Put it elsewhere."
    )

    def to_model(self) -> edits.ClaimEdit:
        """Return it as the service takes it. Raises InvalidInput."""
        for given in (self.change, self.drop, self.add, self.move):
            if given:
                return given.to_model()
        raise InvalidInput("Give one edit.", path=("input", "claims"))


@strawberry.input(description="Another heading for a section.")
class HeadingEditInput:
    """A section and its new heading."""

    section: int = strawberry.field(description="The section, counted from 0.")
    heading: str = strawberry.field(description="Its new heading.")


@strawberry.input(description="What is to be changed in a revision. What is null stays as it is.")
class ReviseAnswerInput(OnRevision):
    """What reviseAnswer takes."""

    reason: str = strawberry.field(
        description="Why. Public with the history, once the new revision is published."
    )
    claims: list[ClaimEditInput] | None = strawberry.field(
        default=None, description="Edits of claims."
    )
    headings: list[HeadingEditInput] | None = strawberry.field(
        default=None, description="Other headings."
    )
    title: str | None = strawberry.field(default=None, description="The new title.")
    summary: str | None = strawberry.field(default=None, description="The new summary.")
    doctor_questions: list[str] | None = strawberry.field(
        default=None, description="All questions for the care team."
    )
    next_steps: list[str] | None = strawberry.field(default=None, description="All next steps.")
    gaps: list[str] | None = strawberry.field(
        default=None, description="All that was asked and the sources don't cover."
    )

    def edits(self) -> edits.Edits:
        """Return them as the service takes them. Raises IdInvalid and InvalidInput."""
        return edits.Edits(
            claims=tuple(each.to_model() for each in self.claims or ()),
            headings=tuple(
                edits.ChangeHeading(each.section, each.heading) for each in self.headings or ()
            ),
            title=self.title,
            summary=self.summary,
            doctor_questions=_kept(self.doctor_questions),
            next_steps=_kept(self.next_steps),
            gaps=_kept(self.gaps),
        )


def _kept(given: list[_Kept] | None) -> tuple[_Kept, ...] | None:
    return None if given is None else tuple(given)
