"""Resumable uploads of the IETF's HTTP working group (draft-ietf-httpbis-resumable-upload).

The draft is not a standard yet, and its clients say which state of it they speak, in
`Upload-Draft-Interop-Version`: 3 (draft 01) is what iOS 17 sends, with `Upload-Incomplete`
where later ones have `Upload-Complete`; 5 (draft 03) and 6 (drafts 04 and 05) are what later
systems send, 6 with a media type for pieces. Without the header it is taken for the newest.
"""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers

from navis_api.records.incoming import Standing
from navis_api.web.uploads.dialects import Append, media_type_in, offset_in
from navis_api.web.uploads.problems import UploadRefused

PIECE: Final = "application/partial-upload"
_INTEROP: Final = "upload-draft-interop-version"

_OLDEST: Final = 3
_NEWEST: Final = 8
_SAYS_COMPLETE: Final = 4
_NAMES_PIECES: Final = 6

_YES, _NO = "?1", "?0"
"""Booleans of structured fields (RFC 9651, 3.3.6)."""


class Ietf:
    """A request of a client's that speaks the draft, or of one that only sends a file."""

    def __init__(self, interop: str | None, *, max_bytes: int) -> None:
        self._interop = interop
        self._max_bytes = max_bytes
        self._version = _NEWEST if interop is None else _version(interop)

    def append(self, method: str, headers: Headers) -> Append:
        """Return what is asked for. Raises UploadRefused."""
        ends = self._ends(headers)
        if method != "PATCH":
            if headers.get("upload-offset", "0") != "0":
                raise UploadRefused(
                    HTTPStatus.BAD_REQUEST, "An upload begins at 0. Go on with PATCH."
                )
            return Append(None, ends)
        if self._version >= _NAMES_PIECES and media_type_in(headers) != PIECE:
            raise UploadRefused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The Content-Type of a piece is {PIECE}."
            )
        return Append(offset_in(headers), ends)

    def said_of(self, standing: Standing) -> dict[str, str]:
        """Return how far an upload is."""
        said = {
            "Upload-Offset": str(standing.received_bytes),
            "Upload-Length": str(standing.size_bytes),
            "Upload-Limit": f"max-size={self._max_bytes}",
        }
        if self._version < _SAYS_COMPLETE:
            return {**said, "Upload-Incomplete": _NO if standing.is_whole else _YES}
        return {**said, "Upload-Complete": _YES if standing.is_whole else _NO}

    def said_always(self) -> dict[str, str]:
        """Return the version that the client speaks."""
        return {} if self._interop is None else {"Upload-Draft-Interop-Version": str(self._version)}

    def status_of(self, method: str, standing: Standing) -> HTTPStatus:
        """Return the status of what was done."""
        if method in {"HEAD", "PATCH"}:
            return HTTPStatus.NO_CONTENT
        return HTTPStatus.OK if standing.is_whole else HTTPStatus.CREATED

    def _ends(self, headers: Headers) -> bool | None:
        if self._version < _SAYS_COMPLETE:
            given = headers.get("upload-incomplete")
            return None if given is None else given != _YES
        given = headers.get("upload-complete")
        return None if given is None else given == _YES


def ietf_in(headers: Headers, *, max_bytes: int) -> Ietf:
    """Return how a client speaks that doesn't speak tus."""
    return Ietf(headers.get(_INTEROP), max_bytes=max_bytes)


def wants_to_know_where(headers: Headers) -> bool:
    """Whether a client waits to be told, while it sends, where it may go on (104)."""
    return _INTEROP in headers


def _version(interop: str) -> int:
    known = interop.isascii() and interop.isdecimal() and len(interop) <= len(str(_NEWEST)) + 1
    return min(max(int(interop), _OLDEST), _NEWEST) if known else _NEWEST
