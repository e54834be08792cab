"""`/uploads/{token}`: where the contents of records are sent, whole or in pieces.

Nobody is signed in here: the secret in the address is all that counts, so it is in no log and
in no response but where a client must be told where to go on.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, NoReturn, cast

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from navis_api.audit.service import Origin
from navis_api.db.sessions import DatabaseBusy
from navis_api.kit.draining import Draining
from navis_api.records.incoming import Incoming, Standing
from navis_api.records.receiving import Receiving
from navis_api.records.receiving_errors import (
    UploadGone,
    UploadTooLong,
    WriterReplaced,
    WrongOffset,
)
from navis_api.records.sealing.errors import KeyGone, StorageUnavailable
from navis_api.settings import Settings
from navis_api.web.edge import INFORM, Inform
from navis_api.web.uploads import problems, tus
from navis_api.web.uploads.bodies import BodyStalled, ServerStops, pieces_of
from navis_api.web.uploads.dialects import Append, Dialect, media_type_in
from navis_api.web.uploads.ietf import PIECE, ietf_in, wants_to_know_where
from navis_api.web.uploads.problems import UploadRefused, problem

PATH: Final = "/uploads/{token}"
_METHODS: Final = ("HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS")
_OVERRIDDEN: Final = frozenset({"HEAD", "PATCH", "DELETE"})
"""What tus clients may ask for with POST, where something in between lets nothing else pass."""


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much and how long, and how many at a time."""

    max_bytes: int
    idle_timeout_s: float
    at_once: int

    @classmethod
    def of(cls, settings: Settings) -> "UploadLimits":
        """Return them as the settings have them."""
        return cls(
            settings.max_upload_bytes, settings.upload_idle_timeout_s, settings.max_running_uploads
        )


class Uploads:
    """Takes uploads. One for a process."""

    def __init__(
        self,
        receiving: Receiving,
        limits: UploadLimits,
        *,
        site: str,
        draining: Draining,
        counts: Counter[tuple[str, int]] | None = None,
    ) -> None:
        self._receiving = receiving
        self._draining = draining
        self._counts = counts
        self._limits = limits
        self._site = site
        self._open = 0

    def routes(self) -> list[Route]:
        """Return where uploads are sent."""
        return [Route(PATH, self._counted, methods=list(_METHODS))]

    async def _counted(self, request: Request) -> Response:
        response = await self._respond(request)
        if self._counts is not None:
            self._counts[request.method, response.status_code] += 1
        return response

    async def _respond(self, request: Request) -> Response:
        method = request.headers.get("x-http-method-override", "").upper()
        if request.method != "POST" or method not in _OVERRIDDEN:
            method = request.method
        if method == "OPTIONS":
            return self._capabilities()
        said: Mapping[str, str] = {}
        try:
            dialect = self._dialect(request)
            said = dialect.said_always()
            if method == "HEAD":
                return await self._look(request, dialect)
            if method == "DELETE":
                return await self._terminate(request, dialect)
            return await self._receive(request, method, dialect)
        except UploadRefused as refused:
            return problem(refused, said)

    def _dialect(self, request: Request) -> Dialect:
        if "tus-resumable" in request.headers or media_type_in(request.headers) == tus.PIECE:
            return tus.tus_in(request.headers)
        return ietf_in(request.headers, max_bytes=self._limits.max_bytes)

    def _capabilities(self) -> Response:
        return Response(
            status_code=HTTPStatus.NO_CONTENT,
            headers={
                "Allow": ", ".join(_METHODS),
                "Accept-Patch": f"{PIECE}, {tus.PIECE}",
                "Upload-Limit": f"max-size={self._limits.max_bytes}",
                "Cache-Control": "no-store",
                **tus.capabilities(self._limits.max_bytes),
            },
        )

    async def _look(self, request: Request, dialect: Dialect) -> Response:
        try:
            standing = await self._receiving.look(_token(request))
        except _FAILURES as failure:
            _refuse(failure)
        return _done("HEAD", dialect, standing)

    async def _terminate(self, request: Request, dialect: Dialect) -> Response:
        client = request.client
        origin = Origin(
            address=client.host if client else None,
            request_id=request.headers.get("x-request-id"),
        )
        try:
            await self._receiving.terminate(_token(request), origin)
        except _FAILURES as failure:
            _refuse(failure)
        return Response(
            status_code=HTTPStatus.NO_CONTENT,
            headers={"Cache-Control": "no-store", **dialect.said_always()},
        )

    async def _receive(self, request: Request, method: str, dialect: Dialect) -> Response:
        if self._open >= self._limits.at_once:
            raise problems.busy()
        append = dialect.append(method, request.headers)
        if "content-encoding" in request.headers:
            raise UploadRefused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the file itself, not compressed."
            )
        self._open += 1
        try:
            incoming = await self._receiving.begin(
                _token(request), offset=append.offset, length=_length(request)
            )
            standing = await self._take(request, dialect, append, incoming)
        except WrongOffset as wrong:
            raise problems.elsewhere(
                expected=wrong.received_bytes, provided=append.offset or 0
            ) from None
        except _FAILURES as failure:
            _refuse(failure)
        finally:
            self._open -= 1
        if append.ends and not standing.is_whole:
            raise UploadRefused(
                HTTPStatus.BAD_REQUEST,
                "This ended before everything that was announced had come. Go on with it.",
                kind=problems.INCONSISTENT_LENGTH,
                headers=dialect.said_of(standing),
            )
        return _done(method, dialect, standing)

    async def _take(
        self, request: Request, dialect: Dialect, append: Append, incoming: Incoming
    ) -> Standing:
        """Take the body, and return how far the upload is then.

        What came of a body that was cut is kept, unless it had to add up to something.
        """
        if wants_to_know_where(request.headers):
            self._tell_where(request, dialect)
        checksum = append.checksum
        try:
            async for piece in pieces_of(
                request, idle_timeout_s=self._limits.idle_timeout_s, draining=self._draining
            ):
                if checksum is not None:
                    checksum.add(piece)
                await incoming.take(piece, acknowledge=checksum is None)
        except (ClientDisconnect, BodyStalled, ServerStops) as ended:
            await (incoming.acknowledge() if checksum is None else incoming.drop())
            if isinstance(ended, ServerStops):
                if incoming.standing.is_whole:
                    return incoming.standing
                raise problems.stopping(dialect.said_of(incoming.standing)) from None
            raise
        if checksum is not None and not checksum.holds:
            await incoming.drop()
            raise UploadRefused(
                problems.CHECKSUM_MISMATCH, "What came doesn't add up. Send it again."
            )
        await incoming.acknowledge()
        return incoming.standing

    def _tell_where(self, request: Request, dialect: Dialect) -> None:
        """Tell a client, before its body has come, where it can go on should it be cut off."""
        inform = cast("Inform | None", request.scope.get(INFORM))
        if inform is None:
            return
        headers = {
            "Location": f"{self._site}{request.url.path}",
            "Upload-Limit": f"max-size={self._limits.max_bytes}",
            **dialect.said_always(),
        }
        inform(_RESUMPTION_SUPPORTED, headers)


_RESUMPTION_SUPPORTED: Final = (104, "Upload Resumption Supported")

_FAILURES = (
    UploadGone,
    KeyGone,
    UploadTooLong,
    WriterReplaced,
    StorageUnavailable,
    DatabaseBusy,
    TimeoutError,
    BodyStalled,
    ClientDisconnect,
)


def _refuse(failure: Exception) -> NoReturn:
    """Raise a failure as the refusal that a client is told."""
    match failure:
        case UploadGone():
            raise problems.gone(expired=failure.expired) from None
        case KeyGone():
            # Nothing can be sealed for this patient any more, so nothing is taken.
            raise problems.gone(expired=False) from None
        case UploadTooLong():
            raise problems.too_long() from None
        case WriterReplaced():
            raise problems.replaced() from None
        case BodyStalled() | ClientDisconnect():
            # Who has hung up isn't told anything, whatever is said here.
            raise problems.stalled() from None
        case _:
            raise problems.busy() from None


def _length(request: Request) -> int | None:
    """Return how long the body is going to be; None where the client doesn't know."""
    given = request.headers.get("content-length", "")
    return int(given) if given.isascii() and given.isdecimal() else None


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _done(method: str, dialect: Dialect, standing: Standing) -> Response:
    return Response(
        status_code=dialect.status_of(method, standing),
        headers={
            "Cache-Control": "no-store",
            **dialect.said_always(),
            **dialect.said_of(standing),
        },
    )
