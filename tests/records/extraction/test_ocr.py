"""Scans and pictures of pages, read by Tesseract in the process with limits."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.reading import read_record
from navis_api.records.extraction.sandbox import ExtractionSandbox
from tests.records.extraction.scanned_pages import as_heic, as_pdf, as_png, as_tiff, scanned

PHOTOGRAPH = Path(__file__).parents[1] / "samples" / "scanned" / "page.jpg"
LIMITS = ExtractionLimits()
TESSERACT = shutil.which("tesseract")
needs_tesseract = pytest.mark.skipif(TESSERACT is None, reason="Tesseract isn't installed")
READ = {
    "breast-cancer": "",
    "t": "pT2",
    "n": "pN1a",
    "er": "positive, 90%",
    "pr": "negative",
    "her2": "positive, 3+",
    "trastuzumab": "",
}


@needs_tesseract
@pytest.mark.parametrize(
    "content",
    [
        lambda: as_png(scanned()),
        lambda: as_tiff(scanned()),
        lambda: as_pdf(scanned()),
        lambda: as_png(np.rot90(scanned(), 2)),
        lambda: as_pdf(np.rot90(scanned(), 3)),
        PHOTOGRAPH.read_bytes,
        lambda: as_heic(scanned()),
    ],
    ids=["png", "tiff", "pdf", "upside down", "on its side", "jpeg", "heic"],
)
async def test_a_scan_is_read_within_the_limits(content: Callable[[], bytes]) -> None:
    extraction = await ExtractionSandbox(LIMITS).extract(content())
    found = {finding.key: finding.value or "" for finding in extraction.findings}
    assert READ.keys() <= found.keys()
    # How HER2 was stained for may be lost behind a speck of dust.
    assert [found[key][: len(value)] for key, value in READ.items()] == [*READ.values()]
    for finding in extraction.findings:
        assert finding.page == 1
        assert extraction.pages[0][finding.start : finding.end] == finding.quote


@needs_tesseract
@pytest.mark.parametrize("form", [as_pdf, as_tiff])
async def test_each_page_of_a_scan_is_a_page(form: Callable[..., bytes]) -> None:
    extraction = await ExtractionSandbox(LIMITS).extract(
        form(scanned("Lung cancer, stage IV."), scanned("Received cisplatin."))
    )
    assert {(each.key, each.page) for each in extraction.findings} >= {
        ("lung-cancer", 1),
        ("cisplatin", 2),
    }


@needs_tesseract
def test_a_picture_without_words_says_so() -> None:
    blank = np.full((800, 600), 255, dtype=np.uint8)
    with pytest.raises(ExtractionFailed) as failed:
        read_record(as_png(blank), LIMITS, tesseract=TESSERACT)
    assert failed.value.code is FailureCode.NO_TEXT


def test_more_scanned_pages_than_are_read_aren_t_left_out_in_silence(tmp_path: Path) -> None:
    drawn = tmp_path / "drawn"
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n/bin/cat > /dev/null\necho page >> {drawn}\necho words\n")
    program.chmod(0o755)
    page, blank = np.zeros((9, 9), dtype=np.uint8), np.full((9, 9), 255, dtype=np.uint8)
    limits = replace(LIMITS, ocr_pages=2)
    # Blank pages cost nothing, so that they aren't counted.
    extraction = read_record(as_pdf(page, blank, blank, page), limits, tesseract=str(program))
    assert [bool(each.strip()) for each in extraction.pages] == [True, False, False, True]
    assert drawn.read_text().split() == ["page"] * 2
    with pytest.raises(ExtractionFailed) as failed:
        read_record(as_pdf(page, page, page), limits, tesseract=str(program))
    assert failed.value.code is FailureCode.TOO_LARGE


def _code(content: bytes, limits: ExtractionLimits = LIMITS) -> FailureCode:
    with pytest.raises(ExtractionFailed) as failed:
        read_record(content, limits, tesseract=None)
    return failed.value.code


def test_a_heic_picture_is_decoded_only_if_it_is_whole_and_of_a_size_that_is_read() -> None:
    picture = as_heic(scanned())
    assert _code(picture) is FailureCode.NO_OCR
    assert _code(picture[: len(picture) // 2]) is FailureCode.DAMAGED
    assert _code(picture, replace(LIMITS, image_pixels=1_000)) is FailureCode.TOO_LARGE
    assert _code(picture[:8] + b"avif" + picture[12:]) is FailureCode.UNREADABLE_IMAGE_FORMAT
