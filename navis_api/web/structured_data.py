"""An answer's page as machines read it: schema.org's MedicalWebPage, in JSON-LD."""

from typing import Any

from navis_api.answers.rendering import references
from navis_api.web.references import web_address
from navis_api.web.shown import LiveAnswer


def medical_web_page(found: LiveAnswer, *, address: str) -> dict[str, Any]:
    """Return the description of a published answer (https://schema.org/MedicalWebPage)."""
    revision, words = found.revision, found.words
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": address,
        "name": words.title,
        "description": words.summary,
        "inLanguage": words.language.value,
        "isAccessibleForFree": True,
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "mainEntity": {"@type": "Question", "name": words.question},
        "author": {"@type": "Organization", "name": revision.author},
        "dateModified": revision.updated_at.date().isoformat(),
        "citation": [
            {
                "@type": "CreativeWork",
                "name": source.title,
                "publisher": {"@type": "Organization", "name": source.publisher},
                **({"url": source.url} if web_address(source.url) else {}),
            }
            for _, source in references(words.content)
        ],
    }
    if revision.published_at:
        described["datePublished"] = revision.published_at.date().isoformat()
    if found.cancer:
        described["about"] = {"@type": "MedicalCondition", "name": found.cancer.name}
    # A sample was reviewed by nobody, and a machine would not read the words that say so.
    if revision.approved_by and revision.approved_at and not revision.sample:
        described["lastReviewed"] = revision.approved_at.date().isoformat()
        described["reviewedBy"] = {
            "@type": "Person",
            "name": revision.approved_by,
            "description": revision.approver_credentials,
        }
    if found.translation:
        described["translator"] = {"@type": "Person", "name": found.translation.translator}
    return described
