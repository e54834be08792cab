"""What kind of content a file has, by its bytes. Names and media types are what strangers say.

Signatures are those of the formats' specifications. A file that is two kinds at once is read as
the one that it begins with, and never opened as the other.
"""

import re
from enum import StrEnum
from typing import Final

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode


class ContentKind(StrEnum):
    """The kinds of content that can be told apart."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    HEIC = "HEIC"
    TEXT = "TEXT"
    FHIR = "FHIR"
    CCDA = "CCDA"


_SIGNATURES: Final = (
    (b"%PDF-", ContentKind.PDF),
    (b"\xff\xd8\xff", ContentKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", ContentKind.PNG),
    (b"II*\x00", ContentKind.TIFF),
    (b"MM\x00*", ContentKind.TIFF),
)
# ISO/IEC 23008-12, brands of files with HEVC or AV1 images.
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
)
_FHIR: Final = re.compile(rb'"resourceType"\s*:\s*"[A-Z]')
_CCDA: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?ClinicalDocument[\s>]")
_ORDERS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OPENING: Final = 16_384
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# Tabs, line ends and page breaks stand in texts; other controls in other kinds of files.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS: Final = 0.001


def sniff(content: bytes) -> ContentKind:
    """Return the kind of content. Raises ExtractionFailed: EMPTY, UNSAFE or UNSUPPORTED."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return ContentKind.HEIC
    text = plain_text(content)
    bare = text.lstrip("\ufeff \t\r\n")
    if not bare:
        raise ExtractionFailed(FailureCode.EMPTY)
    opening = bare[:_OPENING].encode("utf-8", "replace")
    if bare.startswith("<"):
        return _markup(opening)
    if bare.startswith("%PDF-"):
        return ContentKind.PDF
    if bare.startswith(("{\\rtf", "[")):
        raise ExtractionFailed(FailureCode.UNSUPPORTED)
    if bare.startswith("{"):
        if _FHIR.search(content):
            return ContentKind.FHIR
        raise ExtractionFailed(FailureCode.UNSUPPORTED)
    return ContentKind.TEXT


def plain_text(content: bytes) -> str:
    """Return content as text: UTF-8, UTF-16 with a byte order mark, or Windows-1252.

    Raises ExtractionFailed when it holds what no text does.
    """
    try:
        if content.startswith(_WIDE_MARKS):
            text = content.decode("utf-16")
        else:
            text = content.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        if "\ufffd" in text or content.startswith(_WIDE_MARKS):
            raise ExtractionFailed(FailureCode.UNSUPPORTED) from None
    controls = len(_CONTROLS.findall(text))
    if "\x00" in text or controls > len(text) * _MOST_CONTROLS:
        raise ExtractionFailed(FailureCode.UNSUPPORTED)
    return text


def _markup(opening: bytes) -> ContentKind:
    if _ORDERS.search(opening):
        is_page = re.match(rb"\s*<!doctype\s+html", opening, re.IGNORECASE)
        raise ExtractionFailed(FailureCode.UNSUPPORTED if is_page else FailureCode.UNSAFE)
    if _CCDA.search(opening):
        return ContentKind.CCDA
    raise ExtractionFailed(FailureCode.UNSUPPORTED)
