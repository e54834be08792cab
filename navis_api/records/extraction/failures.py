"""Why a file can't be read, in words that tell a patient what to do."""

from enum import StrEnum
from typing import Final


class FailureCode(StrEnum):
    """What is the matter with a file."""

    EMPTY = "EMPTY"
    UNSUPPORTED = "UNSUPPORTED"
    UNREADABLE_IMAGE_FORMAT = "UNREADABLE_IMAGE_FORMAT"
    ENCRYPTED = "ENCRYPTED"
    DAMAGED = "DAMAGED"
    UNSAFE = "UNSAFE"
    TOO_LARGE = "TOO_LARGE"
    TOO_COSTLY = "TOO_COSTLY"
    NO_TEXT = "NO_TEXT"
    NO_OCR = "NO_OCR"
    CRASHED = "CRASHED"


MESSAGES: Final = {
    FailureCode.EMPTY: "The file is empty. Please choose it again and upload it once more.",
    FailureCode.UNSUPPORTED: (
        "This kind of file can't be read here. Please send a PDF, a JPEG, PNG, HEIC or TIFF image,"
        " plain text, FHIR JSON or a C-CDA document."
    ),
    FailureCode.UNREADABLE_IMAGE_FORMAT: (
        "AVIF images can't be read here. Please send the picture as JPEG or PDF."
    ),
    FailureCode.ENCRYPTED: (
        "The PDF is protected by a password. Please save a copy without one and upload that."
    ),
    FailureCode.DAMAGED: (
        "The file is damaged or incomplete. Please download it again from where you got it."
    ),
    FailureCode.UNSAFE: (
        "The file has parts that we don't open for safety. Please ask for a plain copy of it, or"
        " print it to PDF and upload that."
    ),
    FailureCode.TOO_LARGE: (
        "The file holds more than can be read at once. Please upload its parts one by one."
    ),
    FailureCode.TOO_COSTLY: (
        "Reading the file took too long and was stopped. Please upload a smaller part of it."
    ),
    FailureCode.NO_TEXT: (
        "No text was found in the file. Please send a sharper picture, or the document itself."
    ),
    FailureCode.NO_OCR: (
        "Pictures of text can't be read here. Please send the document itself, as a PDF with text."
    ),
    FailureCode.CRASHED: (
        "The file couldn't be read. Please print it to PDF and upload that instead."
    ),
}


class ExtractionFailed(Exception):
    """A file can't be read. Holds a code and what to do, and nothing of the file's content."""

    def __init__(self, code: FailureCode) -> None:
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(f"{code.value}: {self.message}")
