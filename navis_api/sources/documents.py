"""What a reader of source documents yields, whatever format they were published in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from navis_api.sources.models import Audience

MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Longer documents are refused unread; the longest page of NCI's site is 1.1 MB."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One document as published.

    `key` identifies it over the years, across imports. `markdown` is the text before cleaning
    (`cleaning.clean_markdown`), `title` the title before `cleaning.clean_title`; neither is
    empty, and no string holds a NUL or a lone surrogate. `where` names its place in the
    input. `other_names` are those that the publisher lists for what the title names.
    """

    key: str
    title: str
    publisher: str
    url: str
    licence: str
    markdown: str
    where: str
    version: str | None = None
    published_on: date | None = None
    last_reviewed_on: date | None = None
    accessed_on: date | None = None
    audience: Audience = Audience.PATIENT
    language: str = "en"
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenDocument:
    """A document that can't be read: its place ("nci.jsonl.gz:17") and what is wrong with it.

    The reason never repeats the document's content.
    """

    where: str
    reason: str


class SourceReader(Protocol):
    """Documents one at a time, with what a progress bar needs.

    `total` and `done` count `unit`s: files of a folder, or bytes of a file as it lies on disk.
    `done` moves while the reader is being iterated. A reader can be iterated once.
    """

    unit: Literal["files", "bytes"]
    total: int
    done: int

    def __iter__(self) -> Iterator[SourceDocument | BrokenDocument]:
        """Each document or what is left of it, in the order of the input."""
        ...
