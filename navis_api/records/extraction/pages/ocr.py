"""Text in images, read by Tesseract where it is installed.

Tesseract runs as a process of its own, which inherits the limits of the one that starts it, and
gets the image through a pipe: it has no file to write.
"""

import subprocess
from typing import Final

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode

# Finds out how a page lies before it reads it: phones lie as they are held. Without the data for
# it, which Debian's package has, Tesseract says so and reads the page as it is.
_TURNED_PAGES: Final = "1"


def read_image(image: bytes, tesseract: str | None) -> str:
    """Return the text of an image file. Raises ExtractionFailed: NO_OCR, or DAMAGED.

    `tesseract` is the program's path, None where it isn't installed.
    """
    if tesseract is None:
        raise ExtractionFailed(FailureCode.NO_OCR)
    done = subprocess.run(  # noqa: S603  (the path is the parent's, the arguments are ours)
        [tesseract, "stdin", "stdout", "--psm", _TURNED_PAGES],
        input=image,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        env={"OMP_THREAD_LIMIT": "1"},
    )
    if done.returncode:
        raise ExtractionFailed(FailureCode.DAMAGED)
    return done.stdout.decode("utf-8", "replace")
