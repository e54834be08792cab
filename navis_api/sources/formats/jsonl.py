"""One document a line: JSON Lines, plain or gzipped."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any, Literal, cast
from urllib.parse import urlsplit

from navis_api.sources.documents import MAX_DOCUMENT_BYTES, BrokenDocument, SourceDocument
from navis_api.sources.models import Audience

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SKIP_BYTES = 64 * 1024
_URL_CHARS = 2_000
_NAME_CHARS = 1_000
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_FIRST_HEADING = re.compile(
    r"^# +([^\s\x00\ud800-\udfff][^\n\x00\ud800-\udfff]{0,200})", re.MULTILINE
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


class JsonlReader:
    """Reads a JSON Lines file; see `formats.read_jsonl` and `documents.SourceReader`.

    A document's key is its URL, with its language in front unless that is English, since a page
    may be published at one address in several languages. When a file holds a key twice, both
    are yielded, in order.
    """

    unit: Literal["files", "bytes"] = "bytes"

    def __init__(self, path: Path, *, max_document_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        self.total = path.stat().st_size
        self.done = 0
        self._path = path
        self._limit = max_document_bytes

    def __iter__(self) -> Iterator[SourceDocument | BrokenDocument]:
        with self._path.open("rb") as file:
            if self._path.suffix == ".gz":
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield from self._documents(cast("IO[bytes]", unpacked), file)
            else:
                yield from self._documents(file, file)
        self.done = self.total

    def _documents(
        self, lines: IO[bytes], file: IO[bytes]
    ) -> Iterator[SourceDocument | BrokenDocument]:
        number = 0
        while True:
            number += 1
            where = f"{self._path.name}:{number}"
            try:
                line = lines.readline(self._limit + 1)
                too_long = len(line) > self._limit
                if too_long:
                    _skip_line(lines, line)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                yield BrokenDocument(where, "the gzip file is damaged or cut off here")
                return
            self.done = min(file.tell(), self.total)
            if not line:
                return
            if too_long:
                yield BrokenDocument(where, f"the line is longer than {self._limit} bytes")
                continue
            if number == 1:
                line = line.removeprefix(_BYTE_ORDER_MARK)
            if line.strip():
                yield _read_line(line, where)


def _skip_line(lines: IO[bytes], read: bytes) -> None:
    while read and not read.endswith(b"\n"):
        read = lines.readline(_SKIP_BYTES)


class _Refused(Exception):
    """Why one document can't be taken."""


def _read_line(line: bytes, where: str) -> SourceDocument | BrokenDocument:
    try:
        return _document(_parsed(line), where)
    except _Refused as refused:
        return BrokenDocument(where, str(refused))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Refused(f"not UTF-8 at byte {error.start + 1}") from None
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        # Its message names what the parser expected, never what stands there.
        raise _Refused(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise _Refused(
            "not JSON that can be read: a number or a nesting is out of bounds"
        ) from None
    if not isinstance(value, dict):
        raise _Refused("not a JSON object")
    return cast("dict[str, Any]", value)


def _document(fields: dict[str, Any], where: str) -> SourceDocument:
    url = _url(fields)
    language = _optional(fields, "language") or "en"
    if not _LANGUAGE.fullmatch(language):
        raise _Refused("`language` is not a language tag such as en or es-MX")
    text = "markdown" if fields.get("markdown") is not None else "text"
    if fields.get(text) is None:
        raise _Refused("`markdown` is missing, and so is `text`")
    return SourceDocument(
        key=url if language.casefold() == "en" else f"{language.casefold()}:{url}",
        title=_title(fields, url, fields[text]),
        publisher=_required(fields, "publisher", at_most=_NAME_CHARS),
        url=url,
        licence=_required(fields, "licence", at_most=_NAME_CHARS),
        markdown=_required(fields, text),
        where=where,
        version=_optional(fields, "version"),
        published_on=_date(fields, "published_on"),
        last_reviewed_on=_date(fields, "last_reviewed"),
        accessed_on=_date(fields, "accessed_on"),
        audience=_audience(fields),
        language=language,
    )


def _required(fields: dict[str, Any], name: str, *, at_most: int | None = None) -> str:
    value = fields.get(name)
    if value is None:
        raise _Refused(f"`{name}` is missing")
    if not isinstance(value, str):
        raise _Refused(f"`{name}` is not a string")
    if not value.strip():
        raise _Refused(f"`{name}` is empty")
    if at_most is not None and len(value) > at_most:
        raise _Refused(f"`{name}` is longer than {at_most} characters")
    if _UNSAFE.search(value):
        raise _Refused(f"`{name}` holds a NUL or half a surrogate pair")
    return value


def _title(fields: dict[str, Any], url: str, markdown: object) -> str:
    """The title; where a crawler found none, the text's first heading or the address's end."""
    title = fields.get("title")
    if not isinstance(title, str) or title.strip():
        return _required(fields, "title", at_most=_NAME_CHARS)
    heading = _FIRST_HEADING.search(markdown) if isinstance(markdown, str) else None
    if heading:
        return heading[1]
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] or url


def _optional(fields: dict[str, Any], name: str) -> str | None:
    return None if fields.get(name) is None else _required(fields, name, at_most=_NAME_CHARS)


def _url(fields: dict[str, Any]) -> str:
    url = _required(fields, "url", at_most=_URL_CHARS)
    if _UNSAFE_IN_URL.search(url):
        raise _Refused("`url` holds a character that no URL may hold")
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname)
    except ValueError:
        raise _Refused("`url` is not a URL") from None
    if parts.scheme.casefold() not in {"http", "https"} or not has_host:
        raise _Refused("`url` is not an http or https URL")
    return url


def _date(fields: dict[str, Any], name: str) -> date | None:
    value = _optional(fields, name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Refused(f"`{name}` is not a date such as 2025-12-30") from None


def _audience(fields: dict[str, Any]) -> Audience:
    value = _optional(fields, "audience")
    if value is None:
        return Audience.PATIENT
    try:
        return Audience(value)
    except ValueError:
        choices = " or ".join(f'"{audience.value}"' for audience in Audience)
        raise _Refused(f"`audience` is not {choices}") from None
