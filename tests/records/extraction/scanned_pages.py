"""Pages as a scanner or a phone makes them: drawn, turned a little, with specks of dust."""

import math
import struct
import zlib
from io import BytesIO
from typing import Any, cast

import numpy as np
import pillow_heif  # pyright: ignore[reportMissingTypeStubs] - pillow-heif 1.8 ships none
import pypdfium2 as pdfium  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from tests.records.extraction.pdf_files import assembled, pdf

Page = NDArray[np.uint8]
TEXT = """SURGICAL PATHOLOGY REPORT
Left breast, core biopsy: Invasive ductal carcinoma,
Nottingham grade 2. Stage pT2 pN1a.
ER positive (90%), PR negative, HER2 3+ by IHC.
She received trastuzumab and docetaxel.
The specimen was received in formalin and consists of three
cores of tan tissue, each of about twelve millimetres. They were
submitted entirely in two cassettes. Sections show breast tissue
infiltrated by nests and cords of large cells. The margins can not
be assessed on cores. Clinical and radiological correlation is
advised. The findings were given by telephone to the clinic."""


def scanned(text: str = TEXT, *, degrees: float = 1.0, dust: float = 0.002) -> Page:
    """Draw a text as a gray page, turned by some degrees, some of its dots specks of dust."""
    bitmap = pdfium.PdfDocument(pdf(text))[0].render(scale=2, grayscale=True)
    page: Page = np.asarray(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    height, width = page.shape
    down, across = np.indices(page.shape)
    turn = math.radians(degrees)
    x, y = across - width / 2, down - height / 2
    left = (math.cos(turn) * x + math.sin(turn) * y + width / 2).astype(int)
    top = (math.cos(turn) * y - math.sin(turn) * x + height / 2).astype(int)
    within = (left >= 0) & (left < width) & (top >= 0) & (top < height)
    turned = np.where(within, page[top.clip(0, height - 1), left.clip(0, width - 1)], 255)
    chance = np.random.default_rng(20)
    specks = chance.random(page.shape) < dust
    return np.where(specks, chance.integers(0, 256, page.shape), turned).astype(np.uint8)


def as_png(page: Page) -> bytes:
    """Write a page as PNG (ISO/IEC 15948)."""
    height, width = page.shape
    rows = b"".join(b"\x00" + row.tobytes() for row in page)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def as_heic(page: Page) -> bytes:
    """Write a page as HEIC (ISO/IEC 23008-12), as phones take pictures."""
    written = BytesIO()
    height, width = page.shape
    # Phones' pictures have an even number of dots each way.
    whole = page[: height - height % 2, : width - width % 2]
    made: Any = cast("Any", pillow_heif).from_bytes(
        mode="L", size=(whole.shape[1], whole.shape[0]), data=whole.tobytes()
    )
    made.save(written, quality=70)
    return written.getvalue()


def as_tiff(*pages: Page) -> bytes:
    """Write pages as a TIFF 6.0 without compression."""
    head, written, at = b"", b"", 8
    for number, page in enumerate(pages, start=1):
        height, width = page.shape
        data = page.tobytes() + b"\x00" * (page.size % 2)
        tags = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, at),
                (277, 1), (278, height), (279, page.size))  # fmt: skip
        directory = at + len(data)
        following = directory + 2 + 12 * len(tags) + 4
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        # A directory says where the next one stands, which is behind the next page's dots.
        ahead = (
            following + pages[number].size + pages[number].size % 2 if number < len(pages) else 0
        )
        written += data + struct.pack("<H", len(tags)) + entries + struct.pack("<I", ahead)
        if number == 1:
            head = b"II*\x00" + struct.pack("<I", directory)
        at = following
    return head + written


def as_pdf(*pages: Page) -> bytes:
    """Write pages as a PDF that has pictures and no text."""
    objects = [b"", b""]
    kids: list[int] = []
    for page in pages:
        height, width = page.shape
        dots = zlib.compress(page.tobytes())
        objects.append(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
            b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (width, height, len(dots), dots)
        )
        shown = b"q 600 0 0 840 0 0 cm /I Do Q"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Contents %d 0 R"
            b" /Resources << /XObject << /I %d 0 R >> >> >>" % (len(objects), len(objects) - 1)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode()
    return assembled(objects)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check
