"""How much of the answers an operation needs, told from the names of the fields in its document.

A document is looked through once, and a name that stands there for another type's field
costs a few bytes too many, never one too few.
"""

from collections.abc import Collection

from navis_api.answers.published_repository import AnswerPart

OF_TITLE = frozenset(
    {
        *("id", "slug", "scope", "state", "reviewed", "title", "summary", "url", "question"),
        *("version", "unknowns", "factsChanged"),
    }
)
"""Fields of an answer that are made of what every list reads of it.

The version is among them because sources have a field of that name, which many ask for.
"""

OF_CITATIONS = frozenset({"citations"})
OF_WHOLE = frozenset({"sections", "body", "glossary", "staleNotice"})

OF_ROW = frozenset(
    {
        *("revision", "language", "untranslated", "translation", "author", "doctorQuestions"),
        *("nextSteps", "gaps", "readingGrade", "publishedAt", "updatedAt", "embedUrl"),
        *("disclaimer", "safetyNotices", "callToAction", "review", "history"),
        *("publishAt", "reviewItem", "comments", "translations", "decisions"),
        "feedback",
    }
)
"""Fields that need the row in full."""


def part_of_answers(field_names: Collection[str] | None) -> AnswerPart:
    """Return the part that these fields are made of. None: any field may be asked for."""
    if field_names is None or not OF_WHOLE.isdisjoint(field_names):
        return AnswerPart.WHOLE
    has_citations = not OF_CITATIONS.isdisjoint(field_names)
    if OF_ROW.isdisjoint(field_names):
        return AnswerPart.TITLE_AND_CITATIONS if has_citations else AnswerPart.TITLE
    return AnswerPart.CITATIONS if has_citations else AnswerPart.CARD


def has_answers(field_names: Collection[str] | None) -> bool:
    """Return whether answers of listed questions will be asked for."""
    return field_names is None or "answer" in field_names
