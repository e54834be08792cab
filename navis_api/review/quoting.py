"""Finding quotes in the current versions of their sources, and what stands around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.answers.checking import CitedPassage
from navis_api.answers.document import ContentSource
from navis_api.answers.drafts import DraftCitation
from navis_api.review import source_repository as repository
from navis_api.review.edits import Quote
from navis_api.review.source_repository import CurrentSource
from navis_api.sources.retrieval import HEADING_JOINT

UNKNOWN_SOURCE = "It names a source that isn't here."
WITHDRAWN = "Its source has been withdrawn."
NOT_THERE = "Its quote doesn't stand, to the letter, in the current version of its source."


@dataclass(frozen=True, slots=True)
class FoundQuotes:
    """Quotes that were looked up: where each stands now, or why it can't be cited."""

    citations: Mapping[Quote, DraftCitation]
    refused: Mapping[Quote, str]
    passages: Mapping[DraftCitation, CitedPassage] = field(repr=False)
    sources: Mapping[UUID, ContentSource] = field(repr=False)


async def find_quotes(session: AsyncSession, quotes: Iterable[Quote]) -> FoundQuotes:
    """Look quotes up. Any version of a source leads to its current one."""
    wanted = list(dict.fromkeys(quotes))
    current = await repository.current_sources(
        session, sorted({quote.source_version_id for quote in wanted})
    )
    citations: dict[Quote, DraftCitation] = {}
    refused: dict[Quote, str] = {}
    passages: dict[DraftCitation, CitedPassage] = {}
    for quote in wanted:
        source = current.get(quote.source_version_id)
        if source is None:
            refused[quote] = UNKNOWN_SOURCE
        elif source.withdrawn:
            refused[quote] = WITHDRAWN
        elif (start := _place(source.text, quote)) is None:
            refused[quote] = NOT_THERE
        else:
            around = _around(source, start, start + len(quote.text))
            citation = DraftCitation(
                source_version_id=source.source.version_id,
                quote=quote.text,
                start=start,
                end=start + len(quote.text),
                locator=_locator(around),
            )
            citations[quote] = citation
            passages[citation] = _passage(source, around)
    return FoundQuotes(
        citations,
        refused,
        passages,
        {each.source.version_id: each.source for each in current.values()},
    )


def _place(text: str, quote: Quote) -> int | None:
    if not quote.text.strip():
        return None
    if quote.start is not None and quote.start >= 0 and text.startswith(quote.text, quote.start):
        return quote.start
    start = text.find(quote.text)
    return start if start >= 0 else None


def _around(source: CurrentSource, start: int, end: int) -> repository.Around | None:
    """Return the passage that holds a place; None where it is in a heading."""
    return next((each for each in source.passages if each.start <= start and end <= each.end), None)


def _locator(around: repository.Around | None) -> str | None:
    """Return the nearest heading above; the first of a path is the document's title."""
    if around is None:
        return None
    _, _, below = around.heading.partition(HEADING_JOINT)
    return below.rpartition(HEADING_JOINT)[2] or None


def _passage(source: CurrentSource, around: repository.Around | None) -> CitedPassage:
    headings: Sequence[str] = around.heading.split(HEADING_JOINT) if around else ()
    return CitedPassage(
        headings=tuple(headings),
        title=source.source.title,
        publisher=source.source.publisher,
        version=source.source.version,
        published_on=source.source.published_on,
        last_reviewed_on=source.source.last_reviewed_on,
        url=source.source.url,
        cancer_ids=around.cancer_ids if around else frozenset(),
    )
