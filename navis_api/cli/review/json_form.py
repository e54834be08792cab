"""What `review` prints as JSON. All of it is ASCII, so that no terminal obeys any of it."""

import json
from collections.abc import Sequence
from typing import Any

from navis_api.answers.differences import ClaimDifference, RevisionDifference, TextDifference
from navis_api.answers.repository import AnswerView
from navis_api.answers.word_differences import DifferenceKind, Piece
from navis_api.cli.review.reading import Reading
from navis_api.graphql.relay import global_id
from navis_api.graphql.review.parts import urgency_of
from navis_api.review.models import ClaimComment
from navis_api.review.queue import QueueCounts, QueueEntry
from navis_api.review.stuck import StuckItem


def as_json(found: object) -> str:
    """Return one line of JSON."""
    return json.dumps(found, default=str)


def entry_json(entry: QueueEntry, cancer: str | None) -> dict[str, Any]:
    """Return what waits. `cancer` is the slug."""
    return {
        **_named(AnswerView(entry.answer, entry.revision)),
        "question": entry.question.text,
        "cancer": cancer,
        **_waiting(entry),
    }


def stuck_json(item: StuckItem, cancer: str | None) -> dict[str, Any]:
    """Return a line of the report of what is stuck."""
    return {
        "kind": item.kind.value,
        "since": item.since.isoformat(),
        **entry_json(item.entry, cancer),
    }


def counts_json(counts: QueueCounts, cancers: dict[str, int]) -> dict[str, Any]:
    """Return how much waits; `cancers` by slug."""
    return {
        "total": counts.total,
        "byState": {state.value: number for state, number in counts.by_state.items()},
        "byUrgency": {urgency_of(rank).name: number for rank, number in counts.by_rank.items()},
        "byCancer": cancers,
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    """Return a revision with what the staff know of it. Places count from 1, as on the page."""
    view, revision = reading.view, reading.view.revision
    return {
        **_named(view),
        "question": reading.question.text,
        "cancer": reading.cancer,
        "author": revision.author,
        "writtenAt": revision.created_at.isoformat(),
        "editReason": revision.edit_reason,
        "approvedBy": revision.approved_by,
        "publishAt": revision.publish_at.isoformat() if revision.publish_at else None,
        "stateReason": revision.state_reason,
        "waiting": _waiting(reading.entry) if reading.entry else None,
        "summary": revision.summary,
        "sections": [
            {
                "heading": section.heading,
                "claims": [
                    {
                        "place": _place(at, place),
                        "text": claim.text,
                        "citations": [
                            {
                                "quote": cited.quote,
                                "source": cited.source.title,
                                "publisher": cited.source.publisher,
                                "version": cited.source.version,
                                "accessedOn": cited.source.accessed_on,
                                "url": cited.source.url,
                            }
                            for cited in view.content.citations_of(claim)
                        ],
                        "lost": [each.reason for each in reading.lost_in(at, place)],
                        "comments": [_comment(each) for each in reading.comments_on(at, place)],
                    }
                    for place, claim in enumerate(section.claims)
                ],
            }
            for at, section in enumerate(view.content.sections)
        ],
        "gaps": revision.gaps,
        "doctorQuestions": revision.doctor_questions,
        "nextSteps": revision.next_steps,
        "comments": [_comment(each) for each in reading.comments_on(None, None)],
        "decisions": [
            {
                "decision": each.decision.value,
                "reviewer": each.name,
                "comment": each.comment,
                "at": each.at.isoformat(),
            }
            for each in reading.decisions
        ],
        "difference": _difference(reading.difference) if reading.difference else None,
    }


def _named(view: AnswerView) -> dict[str, Any]:
    revision = view.revision
    return {
        "id": global_id("Answer", view.answer.id),
        "slug": view.answer.slug,
        "revision": revision.number,
        "version": revision.lock_version,
        "state": revision.state.value,
        "title": revision.title,
    }


def _waiting(entry: QueueEntry) -> dict[str, Any]:
    until = entry.claimed_until
    return {
        "urgency": urgency_of(entry.item.rank).name,
        "queuedAt": entry.item.queued_at.isoformat(),
        "reasons": entry.item.reasons,
        "claimedBy": entry.claimed_by,
        "claimedUntil": until.isoformat() if until else None,
    }


def _comment(comment: ClaimComment) -> dict[str, Any]:
    return {
        "author": comment.name,
        "text": comment.text,
        "at": comment.at.isoformat(),
        "resolvedBy": comment.resolved_by,
    }


def _place(section: int, claim: int) -> str:
    return f"{section + 1}.{claim + 1}"


def _difference(found: RevisionDifference) -> dict[str, Any]:
    return {
        "isEmpty": found.is_empty,
        "title": _text(found.title),
        "summary": _text(found.summary),
        "headings": [
            {"kind": each.kind.value, "pieces": _pieces(each.heading)} for each in found.sections
        ],
        "claims": [_claim(each) for each in found.claims],
        "doctorQuestions": [_text(each) for each in found.doctor_questions],
        "nextSteps": [_text(each) for each in found.next_steps],
        "gaps": [_text(each) for each in found.gaps],
    }


def _claim(found: ClaimDifference) -> dict[str, Any]:
    before, after = found.before, found.after
    return {
        "kind": found.kind.value,
        "moved": found.moved,
        "before": _place(before.section, before.claim) if before else None,
        "after": _place(after.section, after.claim) if after else None,
        "pieces": _pieces(found.pieces),
        "quotesAdded": [each.quote for each in found.citations_added],
        "quotesDropped": [each.quote for each in found.citations_dropped],
    }


def _text(found: TextDifference) -> dict[str, Any]:
    return {"kind": found.kind.value, "pieces": _pieces(found.pieces)}


def _pieces(pieces: Sequence[Piece]) -> list[tuple[DifferenceKind, str]]:
    return [(piece.kind, piece.text) for piece in pieces]
