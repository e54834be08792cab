"""tus 1.0.0 (tus.io/protocols/resumable-upload), with checksum, expiration and termination."""

from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers

from navis_api.records.incoming import Standing
from navis_api.web.uploads.checksums import ALGORITHMS, Checksum
from navis_api.web.uploads.dialects import Append, media_type_in, offset_in
from navis_api.web.uploads.problems import UploadRefused

VERSION: Final = "1.0.0"
PIECE: Final = "application/offset+octet-stream"


class Tus:
    """A request of a tus client's."""

    def append(self, method: str, headers: Headers) -> Append:
        """Return what is asked for. Raises UploadRefused."""
        if method != "PATCH":
            raise UploadRefused(HTTPStatus.METHOD_NOT_ALLOWED, "Send pieces with PATCH.")
        if media_type_in(headers) != PIECE:
            raise UploadRefused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The Content-Type of a piece is {PIECE}."
            )
        given = headers.get("upload-checksum")
        checksum = None if given is None else Checksum.parse(given)
        return Append(offset_in(headers), checksum=checksum)

    def said_of(self, standing: Standing) -> dict[str, str]:
        """Return how far an upload is."""
        return {
            "Upload-Offset": str(standing.received_bytes),
            "Upload-Length": str(standing.size_bytes),
            "Upload-Expires": format_datetime(standing.expires_at, usegmt=True),
        }

    def said_always(self) -> dict[str, str]:
        """Return the version."""
        return {"Tus-Resumable": VERSION}

    def status_of(self, method: str, standing: Standing) -> HTTPStatus:  # noqa: ARG002 - as the others
        """Return the status of what was done."""
        return HTTPStatus.OK if method == "HEAD" else HTTPStatus.NO_CONTENT


def tus_in(headers: Headers) -> Tus:
    """Return how a tus client speaks. Raises UploadRefused where it isn't our version."""
    if headers.get("tus-resumable") != VERSION:
        raise UploadRefused(
            HTTPStatus.PRECONDITION_FAILED,
            f"This server speaks tus {VERSION}.",
            headers={"Tus-Version": VERSION, "Tus-Resumable": VERSION},
        )
    return Tus()


def capabilities(max_bytes: int) -> dict[str, str]:
    """Return what OPTIONS tells a tus client."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "checksum,expiration,termination",
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(max_bytes),
    }
