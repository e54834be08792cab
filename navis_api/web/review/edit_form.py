"""The form in which a revision is edited: from its fields to edits, and back to its claims."""

from collections.abc import Mapping, Sequence
from typing import Final

from navis_api.answers.document import AnswerContent
from navis_api.answers.models import AnswerRevision
from navis_api.kit.text import squeeze
from navis_api.review.edits import ChangeClaim, ChangeHeading, ClaimEdit, DropClaim, Edits
from navis_api.review.errors import UnsupportedClaim
from navis_api.web.forms import Form

LISTS: Final[Mapping[str, str]] = {
    "gaps": "What our sources don’t say",
    "doctor_questions": "Questions to ask the care team",
    "next_steps": "What readers can do next",
}


def claim_field(section: int, claim: int) -> str:
    """Return the name of the field with a claim's text."""
    return f"claim-{section}-{claim}"


def drop_field(section: int, claim: int) -> str:
    """Return the name of the box that drops a claim."""
    return f"drop-{section}-{claim}"


def heading_field(section: int) -> str:
    """Return the name of the field with a section's heading."""
    return f"heading-{section}"


def edits_from(form: Form, revision: AnswerRevision, content: AnswerContent) -> Edits:
    """Return what a form changes in a revision; a field that is missing or the same, nothing."""
    return Edits(
        claims=tuple(_claim_edits(form, content)),
        headings=tuple(
            ChangeHeading(at, given)
            for at, section in enumerate(content.sections)
            if (given := _changed(form, heading_field(at), section.heading)) is not None
        ),
        title=_changed(form, "title", revision.title),
        summary=_changed(form, "summary", revision.summary),
        doctor_questions=_entries(form, "doctor_questions", revision.doctor_questions),
        next_steps=_entries(form, "next_steps", revision.next_steps),
        gaps=_entries(form, "gaps", revision.gaps),
    )


def places_before(
    form: Form, content: AnswerContent, claims: Sequence[UnsupportedClaim]
) -> dict[tuple[int, int], Sequence[str]]:
    """Return the reasons against claims, by their places in the revision before its edits."""
    kept = [
        [
            (at, place)
            for place in range(len(section.claims))
            if not form.text(drop_field(at, place))
        ]
        for at, section in enumerate(content.sections)
    ]
    # A section without claims goes.
    after = [section for section in kept if section]
    return {after[each.section][each.claim]: each.reasons for each in claims}


def _claim_edits(form: Form, content: AnswerContent) -> list[ClaimEdit]:
    found: list[ClaimEdit] = []
    for at, section in enumerate(content.sections):
        for place, claim in enumerate(section.claims):
            if form.text(drop_field(at, place)):
                found.append(DropClaim(at, place))
                continue
            text = _changed(form, claim_field(at, place), claim.text)
            if text is not None:
                found.append(ChangeClaim(at, place, text=text))
    return found


def _changed(form: Form, name: str, before: str) -> str | None:
    if name not in form.fields:
        return None
    given = squeeze(form.text(name))
    return None if given == squeeze(before) else given


def _entries(form: Form, name: str, before: Sequence[str]) -> tuple[str, ...] | None:
    """Return the lines of a field, one entry each."""
    if name not in form.fields:
        return None
    given = tuple(squeeze(line) for line in form.text(name).split("\n") if line.strip())
    return None if given == tuple(map(squeeze, before)) else given
