"""How a client speaks: which of the protocols for resumable uploads, and what is said in it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol

from starlette.datastructures import Headers

from navis_api.records.incoming import Standing
from navis_api.web.uploads.checksums import Checksum
from navis_api.web.uploads.problems import UploadRefused

_MAX_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Append:
    """A request to add to an upload.

    `offset` None: from its beginning, whatever was there. `ends` says whether the client takes
    its body to be the rest; None where its protocol doesn't say.
    """

    offset: int | None
    ends: bool | None = None
    checksum: Checksum | None = None


class Dialect(Protocol):
    """A protocol, as one request speaks it."""

    def append(self, method: str, headers: Headers) -> Append:
        """Return what is asked for by PUT, POST or PATCH. Raises UploadRefused."""
        ...

    def said_of(self, standing: Standing) -> dict[str, str]:
        """Return the headers that tell how far an upload is."""
        ...

    def said_always(self) -> dict[str, str]:
        """Return the headers of every response."""
        ...

    def status_of(self, method: str, standing: Standing) -> HTTPStatus:
        """Return the status of a response to a request that was done."""
        ...


def offset_in(headers: Headers) -> int:
    """Return the `Upload-Offset` of a request. Raises UploadRefused."""
    given = headers.get("upload-offset", "")
    if not (given.isascii() and given.isdecimal()) or len(given) > _MAX_DIGITS:
        raise UploadRefused(
            HTTPStatus.BAD_REQUEST, "Say in Upload-Offset, in bytes, where this goes on."
        )
    return int(given)


def media_type_in(headers: Headers) -> str:
    """Return the media type of a request's body, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
