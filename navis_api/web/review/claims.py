"""The claims of a draft, each beside what it rests on, what was said of it, and what it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from navis_api.answers.differences import ClaimDifference, RevisionDifference
from navis_api.answers.document import (
    AnswerContent,
    ContentCitation,
    ContentClaim,
    ContentSource,
)
from navis_api.answers.models import ClaimStyle
from navis_api.answers.word_differences import DifferenceKind
from navis_api.review.models import ClaimComment
from navis_api.review.staleness import LostClaim
from navis_api.sources.quoted import Span, Surroundings
from navis_api.web.page_words import day
from navis_api.web.references import web_address

_NOTHING_AROUND = Surroundings("", "")


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with its source. `address` is None where that has none that may be followed."""

    cited: ContentCitation
    around: Surroundings
    details: str
    """Publisher, version and date of the source: the page lists the rest once."""
    address: str | None
    lost: str | None
    """Why it no longer stands, in a sentence; None: it stands."""


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim as reviewers read it. Its places count from 0, its name from 1: `2.3`."""

    section: int
    place: int
    claim: ContentClaim
    quotes: Sequence[ShownQuote]
    comments: Sequence[ClaimComment]
    difference: ClaimDifference | None
    """What became of it since the revision compared with; None: nothing, or none is."""

    @property
    def name(self) -> str:
        """How the page and our sentences call it."""
        return f"{self.section + 1}.{self.place + 1}"

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"claim-{self.section + 1}-{self.place + 1}"

    @property
    def is_bullet(self) -> bool:
        """Whether readers see it as an item of a list."""
        return self.claim.style is ClaimStyle.BULLET

    @property
    def lost(self) -> bool:
        """Whether a quote of it no longer stands."""
        return any(quote.lost for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A headed part of the draft."""

    heading: str
    claims: Sequence[ShownClaim]


def span_of(cited: ContentCitation) -> Span:
    """Return where a citation's quote stands."""
    return Span(cited.source.version_id, cited.start, cited.end)


def shown_sections(
    content: AnswerContent,
    *,
    around: Mapping[Span, Surroundings],
    lost: Sequence[LostClaim],
    comments: Sequence[ClaimComment],
    difference: RevisionDifference | None,
) -> list[ShownSection]:
    """Return the sections of a draft with everything that stands beside their claims."""
    gone = {(each.section, each.claim, each.source_id): each.reason for each in lost}
    changed = {
        (each.after.section, each.after.claim): each
        for each in (difference.claims if difference else ())
        if each.after is not None and each.kind is not DifferenceKind.SAME
    }
    return [
        ShownSection(
            section.heading,
            [
                ShownClaim(
                    section=at,
                    place=place,
                    claim=claim,
                    quotes=[
                        _shown_quote(cited, around, gone.get((at, place, cited.source.id)))
                        for cited in content.citations_of(claim)
                    ],
                    comments=[
                        each for each in comments if (each.section, each.claim) == (at, place)
                    ],
                    difference=changed.get((at, place)),
                )
                for place, claim in enumerate(section.claims)
            ],
        )
        for at, section in enumerate(content.sections)
    ]


def _shown_quote(
    cited: ContentCitation, around: Mapping[Span, Surroundings], lost: str | None
) -> ShownQuote:
    source = cited.source
    return ShownQuote(
        cited=cited,
        around=around.get(span_of(cited), _NOTHING_AROUND),
        details=_details(source),
        address=web_address(source.url),
        lost=lost,
    )


def _details(source: ContentSource) -> str:
    dates = (
        ("last reviewed", source.last_reviewed_on),
        ("published", source.published_on),
        ("read", source.accessed_on),
    )
    named = next((f"{what} on {day(on)}" for what, on in dates if on is not None), None)
    version = f"version {source.version}" if source.version else None
    return ", ".join(part for part in (source.publisher, version, named) if part)
