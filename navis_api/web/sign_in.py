"""Signing in and out with a browser: through the identity provider or, in development, a token."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from navis_api.identity.code_flow import (
    PENDING_FOR,
    CodeFlow,
    authorization_request,
    code_flow,
    exchange,
)
from navis_api.identity.errors import SignInFailed, SignInUnavailable, TokenExpired, TokenInvalid
from navis_api.identity.oidc import IdentityProvider
from navis_api.kit.clock import Clock
from navis_api.web.forms import FormLimits, FormRefused, read_form, require_our_page
from navis_api.web.pages import PRIVATE, Pages
from navis_api.web.session import BrowserSessions, Cookies, NotSignedIn

SIGN_IN: Final = "/sign-in"
SIGN_OUT: Final = "/sign-out"
CALLBACK: Final = "/sign-in/callback"
HOME: Final = "/review"

_START: Final = "/sign-in/start"
_PENDING: Final = "navis-sign-in"
_RETURN: Final = "navis-return"
_MAX_PATH_CHARS: Final = 500
# Printable ASCII without a backslash, which browsers take for a slash.
_OWN_PATH = re.compile(r"/review(?:[/?][!-\[\]-~]*)?")

_FAILED = "Signing in did not work, or took too long. Begin again."
_NOT_OURS = (
    "You are signed in at the identity provider, but its token isn't one that this service"
    " accepts. Ask whoever runs this service: signing in again won't help."
)
_NOT_GOOD = (
    "This token isn't valid, or has expired. Print a new one, and paste all of it, in one line."
)


def own_path(given: str | None) -> str:
    """Return a path of the review's pages to go back to; the queue for anything else."""
    if given and len(given) <= _MAX_PATH_CHARS and _OWN_PATH.fullmatch(given):
        return given
    return HOME


def sign_in_address(back_to: str, *, why: str = "") -> str:
    """Return where to sign in, and come back to a path from."""
    address = f"{SIGN_IN}?to={quote(own_path(back_to), safe='')}"
    return f"{address}&why={why}" if why else address


class SignInPages:
    """Serves them. `provider` is None where none is set; `site` is our address, without a slash.

    With `takes_tokens`, as in development, a token may be pasted.
    """

    def __init__(
        self,
        *,
        provider: IdentityProvider | None,
        sessions: BrowserSessions,
        cookies: Cookies,
        pages: Pages,
        site: str,
        takes_tokens: bool,
        limits: FormLimits,
        clock: Clock,
    ) -> None:
        self._provider = provider
        self._sessions = sessions
        self._cookies = cookies
        self._pages = pages
        self._site = site
        self._takes_tokens = takes_tokens
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [
            Route(SIGN_IN, self._show),
            Route(SIGN_IN, self._paste, methods=["POST"]),
            Route(_START, self._start),
            Route(CALLBACK, self._end),
            Route(SIGN_OUT, self._sign_out, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        parameters = request.query_params
        return self._page(
            request, back_to=own_path(parameters.get("to")), why=parameters.get("why", "")
        )

    async def _paste(self, request: Request) -> Response:
        """Begin a session with a token that was pasted."""
        if not self._takes_token:
            return self._page(request, back_to=HOME, status=HTTPStatus.NOT_FOUND)
        try:
            require_our_page(request, site=self._site)
            form = await read_form(request, self._limits)
        except FormRefused as refused:
            return self._page(request, back_to=HOME, fault=refused.message, status=refused.status)
        back_to, now = own_path(form.text("to")), self._clock()
        token = form.text("token").strip()
        try:
            await self._sessions.viewer_of(token, now=now)
        except (TokenExpired, TokenInvalid):
            return self._page(
                request,
                back_to=back_to,
                fault=_NOT_GOOD,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
            )
        except SignInUnavailable as unavailable:
            return self._unavailable(request, unavailable, back_to=back_to)
        return self._begun(token, back_to=back_to, now=now)

    async def _start(self, request: Request) -> Response:
        """Send the browser to the identity provider."""
        back_to, now = own_path(request.query_params.get("to")), self._clock()
        try:
            flow = await self._flow()
        except SignInUnavailable as unavailable:
            return self._unavailable(request, unavailable, back_to=back_to)
        if flow is None:
            return _see_other(sign_in_address(back_to))
        address, pending = authorization_request(flow, self._site + CALLBACK, now=now)
        response = _see_other(address)
        lasting = int(PENDING_FOR.total_seconds())
        self._cookies.set(response, _PENDING, pending, max_age_s=lasting)
        self._cookies.set(response, _RETURN, quote(back_to, safe=""), max_age_s=lasting)
        return response

    async def _end(self, request: Request) -> Response:
        """Begin a session for whoever comes back from the identity provider."""
        now = self._clock()
        back_to = _kept_path(self._cookies.get(request, _RETURN))
        try:
            token = await self._token_of(request, now=now)
            await self._sessions.viewer_of(token, now=now)
        except SignInUnavailable as unavailable:
            response = self._unavailable(request, unavailable, back_to=back_to)
        except SignInFailed:
            response = self._page(
                request, back_to=back_to, fault=_FAILED, status=HTTPStatus.BAD_REQUEST
            )
        except (TokenExpired, TokenInvalid):
            # Not sent to the provider again, which would give the same token at once.
            response = self._page(
                request, back_to=back_to, fault=_NOT_OURS, status=HTTPStatus.FORBIDDEN
            )
        else:
            response = self._begun(token, back_to=back_to, now=now)
        self._cookies.forget(response, _PENDING)
        self._cookies.forget(response, _RETURN)
        return response

    async def _token_of(self, request: Request, *, now: datetime) -> str:
        """Return the token that a sign-in ends with. Raises SignInFailed, SignInUnavailable."""
        parameters = request.query_params
        code, state = parameters.get("code"), parameters.get("state")
        pending = self._cookies.get(request, _PENDING)
        flow = await self._flow()
        if flow is None or not code or not state or not pending:
            raise SignInFailed
        return await exchange(
            flow,
            code=code,
            state=state,
            pending=pending,
            redirect_uri=self._site + CALLBACK,
            now=now,
        )

    async def _sign_out(self, request: Request) -> Response:
        now = self._clock()
        try:
            require_our_page(request, site=self._site)
            form = await read_form(request, self._limits)
            signed_in = await self._sessions.require(request, now=now)
            if not signed_in.sent(form.text("key")):
                return _see_other(HOME)
        except FormRefused as refused:
            return self._page(request, back_to=HOME, fault=refused.message, status=refused.status)
        except (NotSignedIn, SignInUnavailable):
            # There is nothing to protect: let it go.
            pass
        response = _see_other(f"{SIGN_IN}?why=out")
        self._sessions.end(response)
        return response

    async def _flow(self) -> CodeFlow | None:
        return await code_flow(self._provider) if self._provider is not None else None

    @property
    def _through_provider(self) -> bool:
        return self._provider is not None and self._provider.client is not None

    @property
    def _takes_token(self) -> bool:
        return self._takes_tokens and not self._through_provider

    def _begun(self, token: str, *, back_to: str, now: datetime) -> Response:
        response = _see_other(back_to)
        self._sessions.begin(response, token, now=now)
        return response

    def _unavailable(
        self, request: Request, unavailable: SignInUnavailable, *, back_to: str
    ) -> Response:
        return self._page(
            request,
            back_to=back_to,
            fault="Signing in doesn't work at the moment. Try again in a little while.",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(unavailable.retry_after_s)},
        )

    def _page(
        self,
        request: Request,
        *,
        back_to: str,
        why: str = "",
        fault: str = "",
        status: HTTPStatus = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
    ) -> Response:
        return self._pages.respond(
            request,
            "review/sign_in.html",
            status=status,
            kept=PRIVATE,
            forms=True,
            headers={"Referrer-Policy": "same-origin", **(headers or {})},
            facts={
                "back_to": back_to,
                "start": f"{_START}?to={quote(back_to, safe='')}",
                "action": SIGN_IN,
                "why": why,
                "fault": fault,
                "through_provider": self._through_provider,
                "takes_token": self._takes_token,
            },
        )


def _kept_path(cookie: str | None) -> str:
    return own_path(unquote(cookie or ""))


def _see_other(address: str) -> Response:
    return RedirectResponse(
        address, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": PRIVATE}
    )
