"""What an app says of a file before it uploads it, and whether that can be."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from navis_api.errors import InvalidInput

MAX_FILENAME_CHARS: Final = 255
MAX_KEY_CHARS: Final = 200

MEDIA_TYPES: Final = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/heic",
    "image/heif",
    "image/tiff",
    "text/plain",
    "application/json",
    "application/fhir+json",
    "application/fhir+ndjson",
    "application/x-ndjson",
    "application/xml",
    "text/xml",
    "application/octet-stream",
)
"""What may be announced. What a file really is, is found out from its contents."""

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# Control characters, half surrogates, and what isn't assigned: no file has such a name.
_NO_LETTERS = frozenset({"Cc", "Cs", "Cn"})


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file as its app announces it: `sha256` in hexadecimal digits."""

    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    idempotency_key: str | None = None

    def checked(self, *, max_bytes: int) -> "AnnouncedFile":
        """Return it in its one form. Raises InvalidInput, which never quotes what was sent."""
        _require_filename(self.filename)
        if not _SHA256.fullmatch(self.sha256):
            raise InvalidInput("A SHA-256 has 64 hexadecimal digits.", path=("input", "sha256"))
        if not 1 <= self.size_bytes <= max_bytes:
            raise InvalidInput(
                f"A file may have 1 to {max_bytes} bytes.", path=("input", "sizeBytes")
            )
        media_type = self.media_type.partition(";")[0].strip().lower()
        if media_type not in MEDIA_TYPES:
            known = ", ".join(MEDIA_TYPES)
            raise InvalidInput(
                f"Files of these types can be uploaded: {known}.", path=("input", "mediaType")
            )
        key = self.idempotency_key
        if key is not None and not 1 <= len(key) <= MAX_KEY_CHARS:
            raise InvalidInput(
                f"An idempotency key has 1 to {MAX_KEY_CHARS} characters; a random UUID is a good"
                " one.",
                path=("input", "idempotencyKey"),
            )
        return AnnouncedFile(self.filename, media_type, self.size_bytes, self.sha256.lower(), key)


def _require_filename(name: str) -> None:
    if not 1 <= len(name) <= MAX_FILENAME_CHARS or not name.strip(". "):
        raise InvalidInput(
            f"A file's name has 1 to {MAX_FILENAME_CHARS} characters.", path=("input", "filename")
        )
    if "/" in name or "\\" in name:
        raise InvalidInput(
            "Give the file's name alone, without folders.", path=("input", "filename")
        )
    if any(unicodedata.category(letter) in _NO_LETTERS for letter in name):
        raise InvalidInput(
            "The file's name has characters that no name has. Give it another.",
            path=("input", "filename"),
        )
