"""Checksums of single requests: the checksum extension of tus 1.0."""

import base64
import binascii
import hashlib
import hmac
from http import HTTPStatus
from typing import Final, Self

from navis_api.web.uploads.problems import UploadRefused

ALGORITHMS: Final = ("sha1", "sha256")


class Checksum:
    """What the body of a request has to add up to."""

    def __init__(self, algorithm: str, wanted: bytes) -> None:
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        self._wanted = wanted

    @classmethod
    def parse(cls, given: str) -> Self:
        """Return the checksum in a header, `sha256 <base64>`. Raises UploadRefused."""
        algorithm, _, encoded = given.partition(" ")
        if algorithm not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            raise UploadRefused(HTTPStatus.BAD_REQUEST, f"Checksums can be: {known}.")
        try:
            return cls(algorithm, base64.b64decode(encoded, validate=True))
        except binascii.Error:
            raise UploadRefused(
                HTTPStatus.BAD_REQUEST, "A checksum is written in base64."
            ) from None

    def add(self, piece: bytes) -> None:
        """Add a piece of the body."""
        self._digest.update(piece)

    @property
    def holds(self) -> bool:
        """Whether the body was what it had to be."""
        return hmac.compare_digest(self._digest.digest(), self._wanted)
