"""Personal questions and their answers, as messages from and to the patient."""

from collections.abc import Sequence
from typing import Final

from navis_api.answers.rendering import TextFormat
from navis_api.answers.service import body_of
from navis_api.asking.personal.models import PersonalEvent, PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.asking.personal.reviews.withdrawal import is_withdrawn
from navis_api.asking.personal.sealed import AskedFact, event_in
from navis_api.asking.personal.views import PersonalEntry
from navis_api.generation.models import GenerationEventKind
from navis_api.personal_data.exporting.fhir import (
    OURS,
    Json,
    coding,
    concept,
    extension,
    identifier,
    instant,
    part_id,
    parts,
    reference,
    resource,
    said,
    some,
    text,
)
from navis_api.records.sealing.patient_key import PatientKey

_WORDS_OF: Final = {
    GenerationEventKind.TEXT_ADDED: "text",
    GenerationEventKind.FAILED: "message",
}
"""Where an event that tells the patient something has its words."""


def personal_question(
    row: PersonalQuestion,
    key: PatientKey,
    review: PersonalReview | None,
    events: Sequence[PersonalEvent],
) -> list[Json]:
    """Return a personal question, and what was written to it. Raises SealBroken.

    An answer that a reviewer took back is still held, so it is here, as one that was in error.
    `events` are those of a writing that has no answer, or none yet: what they told is all of it.
    """
    entry = PersonalEntry(row, key, None if is_withdrawn(review) else review)
    return some(_question(entry), _answer(entry, review), _told(entry, events))


def _question(entry: PersonalEntry) -> Json:
    row, asked = entry.row, entry.asked
    return resource(
        "Communication",
        row.id,
        identifier=[identifier("personal-question", row.id)],
        status="completed",
        category=[_category("Personal question")],
        subject=reference(row.patient_id),
        sender=reference(row.patient_id),
        sent=instant(row.asked_at),
        payload=[{"contentString": text(asked.text)}],
        extension=some(
            extension("status", valueCode=row.status.value),
            extension("failure", valueCode=row.failure_code) if row.failure_code else None,
            said("engine", row.engine),
            said("language", asked.locale),
            extension("cancer", valueIdentifier=identifier("cancer", asked.cancer_id))
            if asked.cancer_id
            else None,
            *_facts(asked.facts),
        ),
    )


def _answer(entry: PersonalEntry, review: PersonalReview | None) -> Json | None:
    answer, row = entry.answer, entry.row
    if answer is None:
        return None
    unknowns = [
        parts("unknown", said("name", each.name), said("reason", each.reason))
        for each in answer.unknowns
    ]
    return resource(
        "Communication",
        part_id(row.id, "answer"),
        inResponseTo=[reference(row.id)],
        status="entered-in-error" if is_withdrawn(review) else "completed",
        category=[_category("Personal answer")],
        subject=reference(row.patient_id),
        recipient=[reference(row.patient_id)],
        sent=instant(row.finished_at or row.asked_at),
        payload=[{"contentString": text(body_of(answer, TextFormat.PLAIN_TEXT))}],
        extension=some(
            said("title", answer.revision.title),
            said("author", answer.revision.author),
            _review(review),
            *unknowns,
        ),
    )


def _told(entry: PersonalEntry, events: Sequence[PersonalEvent]) -> Json | None:
    row = entry.row
    told = [event_in(each, entry.key) for each in events]
    words = [each.payload[_WORDS_OF[each.kind]] for each in told if each.kind in _WORDS_OF]
    if not words:
        return None
    return resource(
        "Communication",
        part_id(row.id, "told"),
        inResponseTo=[reference(row.id)],
        status="stopped" if row.finished_at else "in-progress",
        category=[_category("Unfinished personal answer")],
        subject=reference(row.patient_id),
        recipient=[reference(row.patient_id)],
        sent=instant(told[-1].at),
        payload=[{"contentString": text("".join(words))}],
    )


def _review(review: PersonalReview | None) -> Json | None:
    """Return what a reviewer decided on an answer, with the name and credentials of then."""
    if review is None:
        return None
    return parts(
        "review",
        extension("decision", valueCode=review.decision.value),
        extension("reason", valueCode=review.reason.value) if review.reason else None,
        said("reviewer", review.reviewer),
        said("credentials", review.credentials),
        extension("at", valueInstant=instant(review.at)),
        extension("next-review", valueDate=review.next_review_on.isoformat())
        if review.next_review_on
        else None,
    )


def _facts(asked: Sequence[AskedFact]) -> list[Json | None]:
    """Return the facts that it was asked with. Their findings may be deleted by now."""
    return [
        parts(
            "fact",
            extension("kind", valueCode=each.fact.kind.value),
            said("name", each.fact.name),
            said("value", each.fact.value),
            said("unit", each.fact.unit),
            extension("assertion", valueCode=each.fact.assertion.value),
            *(
                extension("finding", valueIdentifier=identifier("finding", id_))
                for id_ in each.finding_ids
            ),
        )
        for each in asked
    ]


def _category(named: str) -> Json:
    return concept(named, [coding(f"{OURS}:communication", named.lower().replace(" ", "-"))])
