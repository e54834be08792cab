"""What can stand in the way of a review: each error says who or what, and what to do."""

from dataclasses import dataclass
from datetime import datetime

from navis_api.answers.models import AnswerState
from navis_api.errors import InvalidInput, UserFault


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M %Z")


class NotOnStaff(UserFault):
    """Whoever is signed in isn't on the staff in the role that their token names."""

    code = "FORBIDDEN"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"You are not registered as {role.lower()}, or no longer. Ask an administrator to"
            " register you."
        )
        self.role = role


class RoleNotAllowed(UserFault):
    """A step that is for others on the staff to take."""

    code = "FORBIDDEN"

    def __init__(self, action: str, roles: tuple[str, ...]) -> None:
        who = " or ".join(roles)
        super().__init__(f"To {action.replace('_', ' ')} takes another role: {who}.")
        self.action = action
        self.roles = roles


class NotYourCancer(UserFault):
    """An answer on a cancer that this reviewer doesn't decide on. `cancer` is its name."""

    code = "FORBIDDEN"

    def __init__(self, cancer: str | None) -> None:
        about = f"on {cancer}" if cancer else "without a cancer"
        super().__init__(
            f"You don't decide on answers {about}. Leave it to a reviewer who does, or ask an"
            " administrator to add it to yours."
        )
        self.cancer = cancer


class OwnWork(UserFault):
    """A revision that is to be approved by whoever wrote it."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("You wrote this revision, so somebody else has to approve it.")


class RevisionUnknown(UserFault):
    """A revision that isn't there."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is no such revision. Open the answer anew.")


@dataclass(frozen=True, slots=True)
class LastChange:
    """The newest step of a revision. `by` is a name; None: our own code."""

    by: str | None
    before: AnswerState | None
    after: AnswerState
    at: datetime

    @property
    def sentence(self) -> str:
        """What happened, in a sentence."""
        who = self.by or "The system"
        return f"{who} made it {self.after.value} on {_moment(self.at)}."


class RevisionConflict(UserFault):
    """Somebody has changed what was read: a step based on it would overwrite theirs.

    `last` is the newest step; `revision` and `version` are what to read and expect now.
    """

    code = "CONFLICT"

    def __init__(self, last: LastChange, *, revision: int, version: int, what: str = "") -> None:
        super().__init__(
            f"{what or 'This revision has changed since you read it.'} {last.sentence} Read it"
            " again, and decide anew."
        )
        self.last = last
        self.revision = revision
        self.version = version


class NewerRevision(RevisionConflict):
    """A revision was written since: going on from the older one would undo it."""

    def __init__(
        self, last: LastChange, *, author: str, written_at: datetime, revision: int, version: int
    ) -> None:
        super().__init__(
            last,
            revision=revision,
            version=version,
            what=f"{author} wrote revision {revision} since, on {_moment(written_at)}.",
        )
        self.author = author
        self.written_at = written_at


class NotWaiting(UserFault):
    """A revision that is in nobody's queue."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("This revision doesn't wait for anybody. Take another from the queue.")


class ClaimedByAnother(UserFault):
    """A revision that somebody else is at, until their lease ends."""

    code = "CONFLICT"

    def __init__(self, name: str, until: datetime) -> None:
        super().__init__(
            f"{name} is at this revision until {_moment(until)}. Take another, or ask {name} to"
            " release it."
        )
        self.name = name
        self.until = until


class CommentRequired(InvalidInput):
    """A decision against a revision that doesn't say why."""

    def __init__(self) -> None:
        super().__init__(
            "Say in a comment what is wrong, so that it can be put right.",
            path=("input", "comment"),
        )


class ReasonRequired(InvalidInput):
    """A step that readers or colleagues will ask about, without its reason."""

    def __init__(self) -> None:
        super().__init__("Give the reason in a sentence.", path=("input", "reason"))


@dataclass(frozen=True, slots=True)
class UnsupportedClaim:
    """A claim that may not stand: its place (counted from 0), its text, and why, in sentences."""

    section: int
    claim: int
    text: str
    reasons: tuple[str, ...]


class ClaimNotSupported(UserFault):
    """Claims that what they cite doesn't support. Nothing was changed.

    The places are those in the text as it would be, with the edits made.
    """

    code = "CLAIM_NOT_SUPPORTED"

    def __init__(self, claims: tuple[UnsupportedClaim, ...]) -> None:
        places = "; ".join(
            f"section {each.section + 1}, claim {each.claim + 1}: {' '.join(each.reasons)}"
            for each in claims
        )
        super().__init__(
            "Nothing was changed, since what these claims cite doesn't support them. Change, cite"
            f" or drop them: {places}"
        )
        self.claims = claims


class EditImpossible(InvalidInput):
    """An edit of something that isn't there, or that leaves no answer."""


class NothingChanged(InvalidInput):
    """Edits after which everything reads as before."""

    def __init__(self) -> None:
        super().__init__("These edits change nothing. Change something, or leave it as it is.")


class RevisionOver(UserFault):
    """A revision that nothing follows."""

    code = "CONFLICT"

    def __init__(self, state: AnswerState) -> None:
        super().__init__(
            f"This revision is {state.value}: nothing follows it. Begin from the newest one."
        )
        self.state = state


class QuotesGone(UserFault):
    """A revision some of whose quotes no longer stand in their sources; places counted from 0."""

    code = "CONFLICT"

    def __init__(self, places: tuple[tuple[int, int], ...]) -> None:
        named = ", ".join(f"section {section + 1}, claim {claim + 1}" for section, claim in places)
        super().__init__(
            "Its sources have changed, and quotes of these claims no longer stand there:"
            f" {named}. Revise them."
        )
        self.places = places


class AddressTaken(InvalidInput):
    """An address that another answer has."""

    def __init__(self) -> None:
        super().__init__(
            "Another answer has this address. Choose another, or leave it out.",
            path=("input", "slug"),
        )


class AddressStays(InvalidInput):
    """Another address for an answer that readers have known under one already."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"Readers know this answer as `{slug}`, and an address stays. Leave it out.",
            path=("input", "slug"),
        )
        self.slug = slug


class PersonalAnswer(UserFault):
    """An answer that is one person's, and is never published."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("This answer is personal, and personal answers are never published.")


class NothingScheduled(UserFault):
    """A schedule that is to be cancelled, and isn't there."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__("This revision isn't scheduled, so there is nothing to cancel.")
