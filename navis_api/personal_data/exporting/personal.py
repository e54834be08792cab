"""Personal questions and their answers, as messages from and to the patient."""

from collections.abc import Sequence

from navis_api.answers.rendering import TextFormat
from navis_api.answers.service import body_of
from navis_api.asking.personal.models import PersonalQuestion
from navis_api.asking.personal.reviews.models import PersonalReview
from navis_api.asking.personal.reviews.withdrawal import is_withdrawn
from navis_api.asking.personal.sealed import AskedFact
from navis_api.asking.personal.views import PersonalEntry
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


def personal_question(
    row: PersonalQuestion, key: PatientKey, review: PersonalReview | None
) -> list[Json]:
    """Return a personal question, and its answer where it has one. Raises SealBroken.

    An answer that a reviewer took back is still held, so it is here, as one that was in error.
    """
    entry = PersonalEntry(row, key, None if is_withdrawn(review) else review)
    return some(_question(entry), _answer(entry, review))


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
