"""The numbered sources of an answer, each with what is quoted from it."""

from dataclasses import dataclass

from navis_api.answers.document import AnswerContent, ContentCitation
from navis_api.answers.rendering import reference_text, references


@dataclass(frozen=True, slots=True)
class Reference:
    """A source as a page lists it. `address` is None where it has none that may be followed."""

    number: int
    title: str
    details: str
    """Publisher, version, dates and licence."""
    address: str | None
    quotes: list[ContentCitation]


def references_of(content: AnswerContent) -> list[Reference]:
    """Return an answer's sources, in the order of their numbers."""
    quotes: dict[int, list[ContentCitation]] = {}
    for cited in content.citations:
        quotes.setdefault(cited.number, []).append(cited)
    return [
        Reference(
            number=number,
            title=source.title,
            details=reference_text(source).removeprefix(source.title.rstrip(".")).lstrip(". "),
            address=web_address(source.url),
            quotes=quotes[number],
        )
        for number, source in references(content)
    ]


def web_address(url: str | None) -> str | None:
    """Return an address that a page may link to: of the web, and of nothing that would run."""
    return url if url and url.startswith(("https://", "http://")) else None
