"""One record read: what kind of content it is, the text of its pages, and its findings.

Runs where strangers' bytes may be opened: in the process of `__main__`, which has limits on
everything. Tests run it on their own bytes.
"""

from collections.abc import Sequence
from typing import Final

from navis_api.records.extraction.ccda.reading import findings_of_ccda
from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.fhir.reading import findings_of_fhir
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.notes import text_of_markup
from navis_api.records.extraction.outcome import Extraction
from navis_api.records.extraction.pages.heic import grey_picture
from navis_api.records.extraction.pages.images import check_image
from navis_api.records.extraction.pages.ocr import read_image
from navis_api.records.extraction.pages.pdf import read_pdf
from navis_api.records.extraction.sniffing import ContentKind, plain_text, sniff
from navis_api.records.extraction.text.reading import findings_of_text

_PAGE_BREAK: Final = "\f"
_OPENING: Final = 4_096


def read_record(
    content: bytes, limits: ExtractionLimits, *, tesseract: str | None = None
) -> Extraction:
    """Return what a record holds. Raises ExtractionFailed with what to do instead."""
    if not content:
        raise ExtractionFailed(FailureCode.EMPTY)
    if len(content) > limits.content_bytes:
        raise ExtractionFailed(FailureCode.TOO_LARGE)
    kind = sniff(content)
    if kind is ContentKind.FHIR:
        attached = _Attachments(limits, tesseract)
        return Extraction(kind, (), tuple(findings_of_fhir(content, attached)))
    if kind is ContentKind.CCDA:
        attached = _Attachments(limits, tesseract)
        return Extraction(kind, (), tuple(findings_of_ccda(content, attached)))
    pages = _pages(content, kind, limits, tesseract)
    if sum(map(len, pages)) > limits.text_chars:
        raise ExtractionFailed(FailureCode.TOO_LARGE)
    return Extraction(kind, tuple(pages), tuple(findings_of_text(pages)))


class _Attachments:
    """Reads the files that a coded file holds, all of them within the limits of one."""

    def __init__(self, limits: ExtractionLimits, tesseract: str | None) -> None:
        self._limits = limits
        self._tesseract = tesseract
        self._text_left = limits.text_chars

    def __call__(self, content: bytes) -> Sequence[Finding]:
        """Return the findings of an attached file; none of one that can't be read."""
        try:
            return self._read(content)
        except ExtractionFailed:
            # The file around it is read all the same.
            return ()

    def _read(self, content: bytes) -> Sequence[Finding]:
        if _is_page_of_web(content):
            pages = [text_of_markup(plain_text(content))]
        else:
            kind = sniff(content)
            if kind is ContentKind.CCDA:
                return findings_of_ccda(content)
            if kind is ContentKind.FHIR:
                return findings_of_fhir(content)
            pages = _pages(content, kind, self._limits, self._tesseract)
        self._text_left -= sum(map(len, pages))
        return findings_of_text(pages) if self._text_left >= 0 else ()


def _is_page_of_web(content: bytes) -> bool:
    opening = content[:_OPENING].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return opening.startswith(b"<") and b"<clinicaldocument" not in opening


def _pages(
    content: bytes, kind: ContentKind, limits: ExtractionLimits, tesseract: str | None
) -> list[str]:
    if kind is ContentKind.PDF:
        return read_pdf(content.lstrip(), limits, tesseract)
    if kind is ContentKind.TEXT:
        return plain_text(content).split(_PAGE_BREAK)
    if kind is ContentKind.HEIC:
        picture = grey_picture(content, pixels=limits.image_pixels)
    else:
        check_image(content, kind, pixels=limits.image_pixels)
        picture = content
    text = read_image(picture, tesseract)
    if not text.strip():
        raise ExtractionFailed(FailureCode.NO_TEXT)
    return text.split(_PAGE_BREAK)
