"""Decisions on sources: taking a document into the corpus, once per version."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.errors import InvalidInput
from navis_api.kit.ids import new_id
from navis_api.sources import repository
from navis_api.sources.changes import announce_change
from navis_api.sources.cleaning.markdown import clean_markdown, clean_title
from navis_api.sources.documents import SourceDocument
from navis_api.sources.models import Source, SourceVersion
from navis_api.sources.names import repository as names_repository
from navis_api.sources.names.reading import RULES
from navis_api.sources.names.service import keep_names
from navis_api.sources.passages import split_passages
from navis_api.sources.retrieval import HEADING_JOINT
from navis_api.sources.subjects import cancers_of


class Saved(StrEnum):
    """What came of a document."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class DocumentUntitled(InvalidInput):
    """A document of whose title cleaning leaves nothing."""

    def __init__(self) -> None:
        super().__init__("has no title")


async def save_document(
    session: AsyncSession,
    document: SourceDocument,
    *,
    catalogue: Catalogue,
    now: datetime,
    sample: bool = False,
) -> Saved:
    """Take a document into the corpus. The same document again changes nothing.

    A different text, version label or date of publication or review is a new
    version; quotes of the old one stay what they were, and a worker looks whether they
    still stand. A page of links alone is kept without passages. Raises DocumentUntitled.
    """
    text = clean_markdown(document.markdown)
    title = clean_title(document.title)
    if not title:
        raise DocumentUntitled
    digest = _digest(document, text)
    held = await repository.get_current(session, document.key)
    source, current = held if held is not None else (None, None)
    if source is None:
        source = Source(id=new_id(), key=document.key, sample=sample, created_at=now)
        session.add(source)
    changed = _describe(source, document, title)
    if current is not None and current.content_hash == digest:
        return Saved.UPDATED if changed else Saved.UNCHANGED
    if current is not None:
        current.superseded_at = now
    await session.flush()
    version = SourceVersion(
        id=new_id(),
        source_id=source.id,
        number=current.number + 1 if current else 1,
        text=text,
        content_hash=digest,
        version=document.version,
        published_on=document.published_on,
        last_reviewed_on=document.last_reviewed_on,
        accessed_on=document.accessed_on,
        created_at=now,
        names_rules=RULES,
    )
    session.add(version)
    await session.flush()
    rows = _passages(version.id, text, title, document.url, catalogue)
    await repository.replace_passages(
        session, old_version_id=current.id if current else None, rows=rows
    )
    if current is not None:
        await names_repository.remove_names(session, current.id)
        await announce_change(session, source.id, str(version.id))
    await keep_names(
        session,
        version.id,
        title,
        [row["text"] for row in rows],
        catalogue,
        listed=document.other_names,
    )
    return Saved.UPDATED if current else Saved.ADDED


def _describe(source: Source, document: SourceDocument, title: str) -> bool:
    """Set what describes the document; say whether that changed anything."""
    described = {
        "title": title,
        "publisher": document.publisher,
        "url": document.url,
        "licence": document.licence,
        "audience": document.audience,
        "language": document.language,
    }
    changed = any(getattr(source, name) != value for name, value in described.items())
    for name, value in described.items():
        setattr(source, name, value)
    return changed


def _digest(document: SourceDocument, text: str) -> str:
    parts = (text, document.version, document.published_on, document.last_reviewed_on)
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


def _passages(
    version_id: UUID, text: str, title: str, url: str | None, catalogue: Catalogue
) -> list[dict[str, Any]]:
    subjects: dict[tuple[str, ...], list[UUID]] = {}
    rows: list[dict[str, Any]] = []
    for passage in split_passages(text):
        path = passage.heading_path
        if path not in subjects:
            subjects[path] = cancers_of(catalogue, title, path, url)
        rows.append(
            {
                "id": new_id(),
                "version_id": version_id,
                "position": passage.position,
                "start": passage.start,
                "end": passage.end,
                "heading": HEADING_JOINT.join([title, *path]),
                "text": text[passage.start : passage.end],
                "cancer_ids": subjects[path],
            }
        )
    return rows


async def tag_again(session: AsyncSession, catalogue: Catalogue) -> int:
    """Say anew which cancers each passage is about; return how many passages changed.

    To be called when the catalogue has changed.
    """
    wrong: list[tuple[Sequence[UUID], list[UUID]]] = []
    async for title, url, heading, tagged, passages in repository.headings(session):
        path = heading.removeprefix(title).removeprefix(HEADING_JOINT)
        meant = cancers_of(catalogue, title, tuple(path.split(HEADING_JOINT)) if path else (), url)
        if set(meant) != set(tagged):
            wrong.append((passages, meant))
    for passages, meant in wrong:
        await repository.tag_passages(session, passages, meant)
    return sum(len(passages) for passages, _ in wrong)
