"""HEIC, as phones take pictures: decoded to a plain grey one, which Tesseract reads."""

from io import BytesIO
from typing import Any, Final, cast

import pillow_heif  # pyright: ignore[reportMissingTypeStubs] - pillow-heif 1.8 ships none

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode

_heif: Any = cast("Any", pillow_heif)
_GREY: Final = "L"
_AVIF: Final = b"avif"


def grey_picture(image: bytes, *, pixels: int) -> bytes:
    """Return the picture of a HEIC file, the right way up, as a portable graymap.

    Of several in one file it is the one that the file calls its own. Raises ExtractionFailed:
    DAMAGED, TOO_LARGE beyond `pixels`, or UNREADABLE_IMAGE_FORMAT for AVIF, which has the same
    form and which this libheif doesn't decode.
    """
    if image[8:12] == _AVIF:
        raise ExtractionFailed(FailureCode.UNREADABLE_IMAGE_FORMAT)
    try:
        found = _heif.open_heif(BytesIO(image), convert_hdr_to_8bit=True)
        # Known before anything is decoded.
        width, height = found.size
        if width * height > pixels:
            raise ExtractionFailed(FailureCode.TOO_LARGE)
        grey = found.to_pillow().convert(_GREY)
    # pillow-heif 1.8 raises these for what libheif refuses, and for a file without a picture.
    except (ValueError, RuntimeError, SyntaxError, EOFError, OSError, LookupError):
        raise ExtractionFailed(FailureCode.DAMAGED) from None
    return b"P5 %d %d 255\n" % grey.size + grey.tobytes()
