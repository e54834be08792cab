"""Revising: a new revision out of edits, checked against the sources."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers import publishing
from navis_api.answers.checking import ClaimChecker, Objection
from navis_api.answers.document import content_from_json
from navis_api.answers.drafts import DraftClaim, DraftFrame, DraftSection
from navis_api.answers.models import AnswerRevision, AnswerState, ClaimStyle
from navis_api.answers.service import write_revision
from navis_api.answers.states import ENDS
from navis_api.cancers.catalogue import Catalogue
from navis_api.review import repository
from navis_api.review.acting import Acting, RevisionTarget, note
from navis_api.review.editing import EditedSection, edited_sections
from navis_api.review.edits import Edits
from navis_api.review.errors import (
    ClaimNotSupported,
    NothingChanged,
    RevisionOver,
    UnsupportedClaim,
)
from navis_api.review.framing import edited_frame
from navis_api.review.holding import Held, hold, require_free, written_since
from navis_api.review.people import require_step
from navis_api.review.quoting import FoundQuotes, find_quotes
from navis_api.review.reasons import given_reason

_NO_QUOTE = "It cites nothing."
_NO_BULLET = "It introduces a list, and no bullet follows."


async def revise(
    session: AsyncSession,
    target: RevisionTarget,
    edits: Edits,
    reason: str,
    *,
    acting: Acting,
    catalogue: Catalogue,
    checker: ClaimChecker,
) -> AnswerRevision:
    """Write a new revision out of one that is no end, have it reviewed, and return it.

    What is live stays so. Whoever acts is the new revision's author, and `reason` is public
    when it is published. Every claim is checked, the untouched ones too: a quote has to
    stand in the current version of its source, and the quotes have to support the claim.
    The new revision is as urgent as the one it was made of.

    Raises RevisionUnknown, RevisionConflict, NewerRevision, RevisionOver, RoleNotAllowed,
    NotYourCancer, ClaimedByAnother, ReasonRequired, EditImpossible, NothingChanged,
    InvalidInput and ClaimNotSupported; then nothing has changed.
    """
    said = given_reason(reason)
    held = await hold(session, target)
    _require_writer(held, AnswerState.DRAFT, acting, catalogue)
    if held.revision.state in ENDS:
        raise RevisionOver(held.revision.state)
    await _require_newest(session, held)
    item = await require_free(session, held.revision, acting)
    old = held.revision
    sections = edited_sections(content_from_json(old.content), edits.claims, edits.headings)
    frame = edited_frame(old, edits)
    found = await find_quotes(
        session, (quote for each in sections for claim in each.claims for quote in claim.quotes)
    )
    drafts = _supported_by_words(sections, found)
    if _is_same(old, drafts, frame, found):
        raise NothingChanged
    cancer_id = held.question.cancer_id
    objections = await checker.objections(
        drafts,
        found.passages,
        cancer=catalogue.by_id.get(cancer_id) if cancer_id is not None else None,
        catalogue=catalogue,
    )
    if objections:
        raise _refused(sections, objections)
    written = await write_revision(
        session,
        held.question.id,
        drafts,
        frame,
        author=acting.member.name,
        author_subject=acting.member.subject,
        edit_reason=said,
        priority=min(old.priority, item.rank) if item is not None else old.priority,
        sources=found.sources,
        now=acting.now,
        sample=old.sample,
    )
    await publishing.submit(session, written, now=acting.now)
    await note(session, acting, "answer.revise", written, revised=old.number)
    return written


async def submit_for_review(
    session: AsyncSession, target: RevisionTarget, *, acting: Acting, catalogue: Catalogue
) -> AnswerRevision:
    """Have a draft wait for a reviewer, and return it.

    Raises RevisionUnknown, RevisionConflict, StepNotAllowed, RoleNotAllowed and NotYourCancer.
    """
    held = await hold(session, target)
    _require_writer(held, held.revision.state, acting, catalogue)
    await publishing.submit(session, held.revision, now=acting.now)
    await note(session, acting, "answer.submit", held.revision)
    return held.revision


def _require_writer(held: Held, before: AnswerState, acting: Acting, catalogue: Catalogue) -> None:
    require_step(
        acting.member,
        before,
        AnswerState.IN_REVIEW,
        cancer_id=held.question.cancer_id,
        catalogue=catalogue,
    )


async def _require_newest(session: AsyncSession, held: Held) -> None:
    newest = await repository.newest_waiting(session, held.answer.id)
    if newest is not None and newest.number > held.revision.number:
        raise await written_since(session, newest)


def _supported_by_words(
    sections: Sequence[EditedSection], found: FoundQuotes
) -> list[DraftSection]:
    """Return the drafts, with each quote where it stands. Raises ClaimNotSupported."""
    objections = [
        Objection(at, place, reasons)
        for at, section in enumerate(sections)
        for place, claim in enumerate(section.claims)
        if (
            reasons := (
                *(() if claim.quotes else (_NO_QUOTE,)),
                *dict.fromkeys(
                    found.refused[quote] for quote in claim.quotes if quote in found.refused
                ),
                *((_NO_BULLET,) if _introduces_nothing(section, place) else ()),
            )
        )
    ]
    if objections:
        raise _refused(sections, objections)
    return [
        DraftSection(
            kind=section.kind,
            heading=section.heading,
            claims=tuple(
                DraftClaim(
                    claim.text,
                    claim.style,
                    tuple(dict.fromkeys(found.citations[quote] for quote in claim.quotes)),
                )
                for claim in section.claims
            ),
        )
        for section in sections
    ]


def _introduces_nothing(section: EditedSection, place: int) -> bool:
    if section.claims[place].style is not ClaimStyle.LEAD_IN:
        return False
    following = section.claims[place + 1 : place + 2]
    return not following or following[0].style is not ClaimStyle.BULLET


def _refused(
    sections: Sequence[EditedSection], objections: Sequence[Objection]
) -> ClaimNotSupported:
    return ClaimNotSupported(
        tuple(
            UnsupportedClaim(
                each.section,
                each.claim,
                sections[each.section].claims[each.claim].text,
                each.reasons,
            )
            for each in objections
        )
    )


def _is_same(
    old: AnswerRevision, drafts: Sequence[DraftSection], frame: DraftFrame, found: FoundQuotes
) -> bool:
    """Whether a revision reads as the one before: quotes count by source, not by version."""
    before = content_from_json(old.content)
    was = [
        (section.kind, section.heading, claim.style, claim.text,
         [(each.source.id, each.quote) for each in before.citations_of(claim)])
        for section in before.sections
        for claim in section.claims
    ]  # fmt: skip
    now = [
        (section.kind, section.heading, claim.style, claim.text,
         [(found.sources[each.source_version_id].id, each.quote) for each in claim.citations])
        for section in drafts
        for claim in section.claims
    ]  # fmt: skip
    framed = DraftFrame(
        old.title,
        old.summary,
        tuple(old.doctor_questions),
        tuple(old.next_steps),
        tuple(old.gaps),
    )
    return was == now and frame == framed
