"""Images of pages: whole and of a size that can be read, before anything opens them."""

from typing import Final

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode
from navis_api.records.extraction.sniffing import ContentKind

_JPEG_END: Final = b"\xff\xd9"
_PNG_END: Final = b"IEND"
# How far from its end a picture's closing mark may stand: cameras append data of their own.
_TAIL: Final = 65_536
_NO_FRAMES: Final = frozenset({0xC4, 0xC8, 0xCC})
_FIRST_FRAME: Final = 0xC0
_LAST_FRAME: Final = 0xCF
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def check_image(image: bytes, kind: ContentKind, *, pixels: int) -> None:
    """Let a whole image pass. Raises ExtractionFailed: DAMAGED, or TOO_LARGE beyond `pixels`."""
    if kind is ContentKind.PNG:
        if len(image) < 45 or image[12:16] != b"IHDR" or _PNG_END not in image[-_TAIL:]:  # noqa: PLR2004  (the shortest PNG)
            raise ExtractionFailed(FailureCode.DAMAGED)
        width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    elif kind is ContentKind.JPEG:
        if _JPEG_END not in image[-_TAIL:]:
            raise ExtractionFailed(FailureCode.DAMAGED)
        width, height = _jpeg_size(image)
    else:
        return
    if not width or not height:
        raise ExtractionFailed(FailureCode.DAMAGED)
    if width * height > pixels:
        raise ExtractionFailed(FailureCode.TOO_LARGE)


def _jpeg_size(image: bytes) -> tuple[int, int]:
    """Return the size that the first frame header gives (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(image):
        if image[at] != 0xFF:  # noqa: PLR2004  (every marker begins so)
            break
        marker = image[at + 1]
        if marker in _BARE_MARKERS or marker == 0xFF:  # noqa: PLR2004  (a fill byte)
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        if _FIRST_FRAME <= marker <= _LAST_FRAME and marker not in _NO_FRAMES:
            height, width = (
                int.from_bytes(image[at + add : at + add + 2], "big") for add in (5, 7)
            )
            return width, height
        at += 2 + int.from_bytes(image[at + 2 : at + 4], "big")
    raise ExtractionFailed(FailureCode.DAMAGED)
