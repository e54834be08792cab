"""`/export`: everything that is held of a patient, and `/export/records/{id}`: one of their files.

Both are for the patient who sends a token along, and for nobody else: no cookie counts here, so
that no page can have a browser fetch it.
"""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from typing import Final
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.audit.service import Origin
from navis_api.db.sessions import Database, DatabaseBusy
from navis_api.identity.errors import SignInUnavailable, TokenExpired, TokenInvalid
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import Viewer, ViewerKind
from navis_api.kit.clock import Clock
from navis_api.partners.key_text import is_meant_as_key
from navis_api.personal_data.exporting import service
from navis_api.personal_data.exporting.errors import ContentsMissing
from navis_api.personal_data.exporting.files import open_file
from navis_api.personal_data.exporting.service import ContentsMode, Exporter
from navis_api.records.acting import Acting, as_patient
from navis_api.records.errors import PatientsOnly, RecordUnknown
from navis_api.records.sealing.errors import StorageUnavailable
from navis_api.records.sealing.storage import SealedStorage
from navis_api.web.exporting.problems import NO_STORE, busy, problem, unauthenticated
from navis_api.web.exporting.slots import Place, PlacedResponse, Slots

EXPORT: Final = "/export"
FILES: Final = "/export/records/"

_FILENAME: Final = "navis-export.json"
_FHIR: Final = "application/fhir+json"
_BEARER: Final = "bearer "
_SIGN_IN: Final = "Sign in as the patient whose data it is, and send the token along."
_FOR_PATIENTS: Final = PatientsOnly().message


class Exports:
    """Gives exports. One for a process."""

    def __init__(
        self,
        database: Database,
        storage: SealedStorage,
        tokens: TokenVerifier,
        *,
        site: str,
        at_once: int,
        clock: Clock,
    ) -> None:
        self._database = database
        self._storage = storage
        self._tokens = tokens
        self._clock = clock
        self._slots = Slots(at_once)
        self._exporter = Exporter(
            database, storage, address_of=lambda record_id: f"{site}{FILES}{record_id}"
        )

    def routes(self) -> list[Route]:
        """Return where exports are."""
        return [
            Route(EXPORT, self._export, methods=["GET"]),
            Route(FILES + "{record_id}", self._download, methods=["GET"]),
        ]

    async def _export(self, request: Request) -> Response:
        given = request.query_params.get("contents", ContentsMode.INLINE.value)
        if given not in set(ContentsMode):
            title = "`contents` is `inline` or `separate`."
            return problem(HTTPStatus.BAD_REQUEST, "BAD_USER_INPUT", title)
        mode = ContentsMode(given)
        viewer = await self._viewer_of(request)
        if isinstance(viewer, Response):
            return viewer
        headers = {"Content-Disposition": f'attachment; filename="{_FILENAME}"'}
        if request.method == "HEAD":
            return Response(media_type=_FHIR, headers={**NO_STORE, **headers})
        place = self._place_for(viewer)
        if isinstance(place, Response):
            return place
        with ExitStack() as held:
            held.callback(place.give_back)
            acting = self._acting(request, viewer)
            try:
                export = await service.begin(self._database, viewer, acting, mode)
            except (DatabaseBusy, TimeoutError):
                return busy()
            # From here on the response holds it.
            held.pop_all()
        return _streamed(self._exporter.bundle(export, mode), place, _FHIR, headers)

    async def _download(self, request: Request) -> Response:
        viewer = await self._viewer_of(request)
        if isinstance(viewer, Response):
            return viewer
        record_id = _uuid(request.path_params["record_id"])
        if record_id is None:
            return _unknown()
        if request.method == "HEAD":
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
        place = self._place_for(viewer)
        if isinstance(place, Response):
            return place
        with ExitStack() as held:
            held.callback(place.give_back)
            acting = self._acting(request, viewer)
            try:
                file = await open_file(self._database, self._storage, record_id, viewer, acting)
            except RecordUnknown:
                return _unknown()
            except ContentsMissing as missing:
                return problem(HTTPStatus.NOT_FOUND, "NOT_FOUND", str(missing))
            except (StorageUnavailable, DatabaseBusy, TimeoutError):
                return busy()
            held.pop_all()
        headers = {
            "Content-Disposition": _attachment(file.filename),
            "Content-Length": str(file.size_bytes),
        }
        return _streamed(file.pieces, place, file.media_type, headers)

    async def _viewer_of(self, request: Request) -> Viewer | Response:
        """Return the patient who asks, or why they get nothing."""
        given = request.headers.get("authorization")
        if given is None:
            return unauthenticated(_SIGN_IN)
        if given.lower().startswith(_BEARER) and is_meant_as_key(given[len(_BEARER) :].strip()):
            # A partner's key, good or not: nothing here is for portals.
            return problem(HTTPStatus.FORBIDDEN, PatientsOnly.code, _FOR_PATIENTS)
        try:
            viewer = await self._tokens.viewer_of(given, now=self._clock())
        except (TokenInvalid, TokenExpired) as invalid:
            return unauthenticated(invalid.message)
        except SignInUnavailable as unavailable:
            return busy(unavailable.retry_after_s)
        if viewer.kind is not ViewerKind.PATIENT or viewer.subject is None:
            return problem(HTTPStatus.FORBIDDEN, PatientsOnly.code, _FOR_PATIENTS)
        return viewer

    def _acting(self, request: Request, viewer: Viewer) -> Acting:
        client = request.client
        origin = Origin(address=client.host if client else None, request_id=None)
        return as_patient(viewer, now=self._clock(), origin=origin)

    def _place_for(self, viewer: Viewer) -> Place | Response:
        assert viewer.subject is not None
        return self._slots.refusal(viewer.subject) or self._slots.take(viewer.subject)


def _streamed(
    pieces: AsyncGenerator[bytes], place: Place, media_type: str, headers: Mapping[str, str]
) -> PlacedResponse:
    """Return a stream. Where it breaks off, the connection does: no client takes it for whole."""
    response = PlacedResponse(pieces, headers={**NO_STORE, **headers, "Content-Type": media_type})
    response.place = place
    return response


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _unknown() -> Response:
    unknown = RecordUnknown()
    return problem(HTTPStatus.NOT_FOUND, unknown.code, unknown.message)


def _attachment(filename: str) -> str:
    """Return a file's name for a header (RFC 6266): in plain letters, and then as it is."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
