"""The text of a PDF, page by page: pypdfium2 first, pypdf for what it can't open.

Nothing in a PDF runs: only page texts are asked for, and no form, script, link or attachment is
opened. A page without text is drawn and read by OCR, where that is installed.
"""

import ctypes
import io
import logging
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium  # pyright: ignore[reportMissingTypeStubs]
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.pages.ocr import read_image

_PASSWORD_NEEDED: Final = "password"  # noqa: S105  (a word of pdfium's message)
_DOTS_PER_POINT: Final = 2.5
_BLANK_PAGE_CHARS: Final = 8
# Lighter than this is paper.
_WHITE: Final = 245


def read_pdf(content: bytes, limits: ExtractionLimits, tesseract: str | None) -> list[str]:
    """Return the text of each page.

    Raises ExtractionFailed: ENCRYPTED, DAMAGED, TOO_LARGE; NO_TEXT or NO_OCR when no page has any.
    """
    if b"%%EOF" not in content and b"startxref" not in content:
        raise ExtractionFailed(FailureCode.DAMAGED)
    try:
        pages = list(_by_pdfium(content, limits, tesseract))
    except pdfium.PdfiumError as error:
        if _PASSWORD_NEEDED in str(error).lower():
            raise ExtractionFailed(FailureCode.ENCRYPTED) from None
        pages = list(_by_pypdf(content, limits))
    if not any(page.strip() for page in pages):
        raise ExtractionFailed(FailureCode.NO_TEXT if tesseract else FailureCode.NO_OCR)
    return pages


def _by_pdfium(content: bytes, limits: ExtractionLimits, tesseract: str | None) -> Iterator[str]:
    document = pdfium.PdfDocument(content)
    if not len(document):
        raise ExtractionFailed(FailureCode.DAMAGED)
    _check_pages(len(document), limits)
    drawn = length = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\r", "\n")
        if len(text.strip()) < _BLANK_PAGE_CHARS and tesseract:
            image = _drawn(page, limits)
            if image is not None:
                drawn += 1
                # A file isn't read in part: whoever sent it wouldn't know which.
                if drawn > limits.ocr_pages:
                    raise ExtractionFailed(FailureCode.TOO_LARGE)
                text = read_image(image, tesseract) or text
        length += len(text)
        if length > limits.text_chars:
            raise ExtractionFailed(FailureCode.TOO_LARGE)
        yield text
        page.close()


def _drawn(page: Any, limits: ExtractionLimits) -> bytes | None:  # noqa: ANN401  (half typed)
    """Return a picture of a page as a portable gray map; None for a page with nothing on it."""
    width, height = page.get_size()
    scale = min(_DOTS_PER_POINT, (limits.image_pixels / max(width * height, 1)) ** 0.5)
    bitmap: Any = page.render(scale=scale, grayscale=True)
    raw = bytes((ctypes.c_ubyte * (bitmap.stride * bitmap.height)).from_address(
        ctypes.addressof(bitmap.buffer)
    ))  # fmt: skip
    if min(raw) >= _WHITE:
        return None
    rows = (raw[at * bitmap.stride :][: bitmap.width] for at in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows)


def _by_pypdf(content: bytes, limits: ExtractionLimits) -> Iterator[str]:
    # It warns about what is wrong with a file in the file's own words.
    logging.getLogger("pypdf").disabled = True
    try:
        reader = PdfReader(io.BytesIO(content))
        _check_readable(reader, limits)
        for page in reader.pages:
            yield page.extract_text()
    except ExtractionFailed:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, OSError, AssertionError):  # fmt: skip
        # What pypdf raises over a broken file has no common class in 7.1.
        raise ExtractionFailed(FailureCode.DAMAGED) from None


def _check_readable(reader: PdfReader, limits: ExtractionLimits) -> None:
    if reader.is_encrypted:
        raise ExtractionFailed(FailureCode.ENCRYPTED)
    _check_pages(len(reader.pages), limits)


def _check_pages(pages: int, limits: ExtractionLimits) -> None:
    if pages > limits.pages:
        raise ExtractionFailed(FailureCode.TOO_LARGE)
