"""The patient, what they allowed, asked and said, as resources of FHIR."""

import base64
from typing import Final
from uuid import UUID

from navis_api.kit.languages import ORIGINAL
from navis_api.personal_data.exporting.fhir import (
    OURS,
    PATIENT_SYSTEM,
    SUBJECT_SYSTEM,
    Json,
    coding,
    concept,
    extension,
    identifier,
    instant,
    part_id,
    reference,
    resource,
    said,
    some,
    text,
)
from navis_api.personal_data.exporting.repository import AskedQuestion, Holder
from navis_api.records.consents.models import Consent
from navis_api.records.consents.texts import ConsentText, versions
from navis_api.review.models import AnswerFeedback

_HL7: Final = "http://terminology.hl7.org/CodeSystem"


def patient(holder: Holder) -> Json:
    """Return the patient, by the two ids that there are of them: no name of a person is held."""
    since = holder.since
    return resource(
        "Patient",
        holder.id,
        identifier=[
            {"system": SUBJECT_SYSTEM, "value": holder.subject},
            *([{"system": PATIENT_SYSTEM, "value": str(holder.id)}] if since else []),
        ],
        extension=[extension("since", valueInstant=instant(since))] if since else None,
    )


def consent(given: Consent) -> Json:
    """Return a consent, one that was taken back too, with the words that it was given to."""
    wording = _wording(given)
    ended = given.revoked_at
    period = {"start": instant(given.granted_at), **({"end": instant(ended)} if ended else {})}
    return resource(
        "Consent",
        given.id,
        status="inactive" if ended else "active",
        scope={"coding": [coding(f"{_HL7}/consentscope", "patient-privacy")]},
        category=[{"coding": [coding("http://loinc.org", "59284-0")]}],
        patient=reference(given.patient_id),
        dateTime=instant(given.granted_at),
        policyRule=concept(
            wording.title if wording else given.purpose.value,
            [coding(f"{OURS}:consent", f"{given.purpose.value}-{given.version}")],
        ),
        sourceAttachment={
            "contentType": "text/plain; charset=utf-8",
            "language": ORIGINAL.value,
            "title": wording.title,
            "data": base64.b64encode("\n\n".join(wording.paragraphs).encode()).decode(),
        }
        if wording
        else None,
        provision={"type": "permit", "period": period},
        extension=[
            extension("purpose", valueCode=given.purpose.value),
            extension("version", valuePositiveInt=given.version),
        ],
    )


def _wording(given: Consent) -> ConsentText | None:
    for each in versions()[given.purpose]:
        if each.number == given.version:
            return each.texts[ORIGINAL]
    return None


def question(asked: AskedQuestion, holder: Holder) -> Json:
    """Return a question as a message from the patient.

    A Communication, since nobody gave them a questionnaire: they wrote when and what they liked.
    The id is made for them, since others may have asked the same.
    """
    return resource(
        "Communication",
        part_id(holder.id, f"question {asked.question_id}"),
        identifier=[identifier("question", asked.question_id)],
        status="completed",
        category=[concept("Question", [coding(f"{OURS}:communication", "question")])],
        subject=reference(holder.id),
        sender=reference(holder.id),
        sent=instant(asked.asked_at),
        payload=[{"contentString": text(asked.text)}],
        extension=some(
            extension("status", valueCode=asked.status.value),
            said("language", asked.locale),
            said("cancer", asked.cancer),
            said("page", asked.slug),
        ),
    )


def feedback(given: AnswerFeedback, holder: Holder) -> Json:
    """Return what the patient said of an answer, as a message about it."""
    words = text(given.text)
    place = (
        [
            extension("section", valueUnsignedInt=given.section),
            extension("claim", valueUnsignedInt=given.claim),
        ]
        if given.section is not None
        else []
    )
    return resource(
        "Communication",
        given.id,
        status="completed",
        category=[concept("Feedback on an answer", [coding(f"{OURS}:communication", "feedback")])],
        reasonCode=[concept(None, [coding(f"{OURS}:feedback", given.kind.value)])],
        subject=reference(holder.id),
        about=[{"identifier": identifier("answer", given.answer_id)}],
        sender=reference(holder.id),
        sent=instant(given.at),
        payload=[{"contentString": words}] if words else None,
        extension=[
            extension("revision", valueIdentifier=identifier("revision", given.revision_id)),
            *place,
        ],
    )


def holder_id(subject: str) -> UUID:
    """Return the id, within a bundle, of somebody who has no row with us."""
    return part_id(_NAMESPACE, subject)


_NAMESPACE: Final = UUID("6f6d4c9e-20cc-4b7e-9a6c-0a52f5a1f1d4")
