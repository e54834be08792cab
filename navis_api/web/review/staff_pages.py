"""The door of the review's pages: who comes in, and what is said to those who don't."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from navis_api.db.sessions import DatabaseBusy
from navis_api.identity.errors import SignInUnavailable
from navis_api.identity.viewer import ViewerKind
from navis_api.review.errors import NotOnStaff, RevisionUnknown
from navis_api.review.models import StaffMember
from navis_api.web.forms import EMPTY, Form, FormLimits, FormRefused, read_form, require_our_page
from navis_api.web.pages import PRIVATE, Pages
from navis_api.web.review import words
from navis_api.web.review.desk import Serving, Visit
from navis_api.web.review.faults import words_typed
from navis_api.web.session import BrowserSessions, NotSignedIn
from navis_api.web.sign_in import SIGN_OUT, sign_in_address

_STAFF: Final = frozenset({ViewerKind.REVIEWER, ViewerKind.EDITOR, ViewerKind.ADMINISTRATOR})
_FOR_STAFF: Final = (
    "These pages are for reviewers, editors and administrators, and you are signed in as somebody"
    " else. What everybody may read is public without signing in."
)
_NOBODY_KNOWS: Final = (
    "It can't be told at the moment who you are, since the identity provider doesn't answer. You"
    " need not sign in again."
)
_BUSY: Final = "The service is busy just now."
_BUSY_RETRY_S: Final = 2
# With `no-referrer`, which everything else has, browsers don't say from where a form comes
# (Fetch, "append a request Origin header").
_HEADERS: Final[Mapping[str, str]] = {"Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Sent(Visit):
    """A form that somebody sent who is signed in. `trusted`: it was shown in this very session."""

    form: Form = EMPTY
    trusted: bool = field(kw_only=True, default=False)


Show: TypeAlias = Callable[[Visit], Awaitable[Response]]
Take: TypeAlias = Callable[[Sent], Awaitable[Response]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class StaffPages:
    """Lets the staff in, and writes pages for them."""

    def __init__(self, serving: Serving, sessions: BrowserSessions, pages: Pages) -> None:
        self._serving = serving
        self._sessions = sessions
        self._pages = pages
        settings = serving.settings
        self._limits = FormLimits(settings.max_body_bytes, settings.body_timeout_s)

    def showing(self, show: Show) -> Endpoint:
        """Return the endpoint of a page that the staff read."""

        async def endpoint(request: Request) -> Response:
            now = self._serving.clock()
            try:
                signed_in = await self._sessions.require(request, now=now)
            except NotSignedIn as nobody:
                back_to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                why = "expired" if nobody.expired else ""
                response = RedirectResponse(
                    sign_in_address(back_to, why=why),
                    status_code=HTTPStatus.SEE_OTHER,
                    headers={"Cache-Control": PRIVATE},
                )
                self._sessions.end(response)
                return response
            except SignInUnavailable as unavailable:
                return self._unavailable(
                    request, _NOBODY_KNOWS, retry_after_s=unavailable.retry_after_s
                )
            return await self._let_in(Visit(request, signed_in, now), show)

        return endpoint

    def taking(self, take: Take) -> Endpoint:
        """Return the endpoint of a form that the staff send."""

        async def endpoint(request: Request) -> Response:
            now = self._serving.clock()
            try:
                require_our_page(request, site=self._serving.site)
                form = await read_form(request, self._limits)
            except FormRefused as refused:
                return self.refuse(request, refused.message, status=refused.status)
            try:
                signed_in = await self._sessions.require(request, now=now)
            except NotSignedIn:
                return self._keep(request, form)
            except SignInUnavailable as unavailable:
                return self._unavailable(
                    request, _NOBODY_KNOWS, form, retry_after_s=unavailable.retry_after_s
                )
            trusted = signed_in.sent(form.text("key"))
            sent = Sent(request, signed_in, now, form, trusted=trusted)
            try:
                return await self._let_in(sent, take)
            except (DatabaseBusy, TimeoutError):
                return self._unavailable(request, _BUSY, form, retry_after_s=_BUSY_RETRY_S)

        return endpoint

    def respond(
        self,
        visit: Visit,
        member: StaffMember,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **facts: object,
    ) -> Response:
        """Return a page for one of the staff."""
        return self._respond(
            visit.request,
            template,
            status=status,
            facts={
                "member": member,
                "form_key": visit.signed_in.form_key,
                "now": visit.now,
                **facts,
            },
        )

    def refuse(
        self, request: Request, sentence: str, *, status: HTTPStatus, signed_in: bool = False
    ) -> Response:
        """Return a page that says why there is no other."""
        return self._respond(
            request,
            "review/refused.html",
            status=status,
            facts={"sentence": sentence, "signed_in": signed_in},
        )

    async def _let_in(self, visit: Visit, handle: Callable[..., Awaitable[Response]]) -> Response:
        request = visit.request
        if visit.signed_in.viewer.kind not in _STAFF:
            return self._stay_out(visit, _FOR_STAFF)
        try:
            return await handle(visit)
        except NotOnStaff as fault:
            return self._stay_out(visit, fault.message)
        except RevisionUnknown as fault:
            return self.refuse(request, fault.message, status=HTTPStatus.NOT_FOUND, signed_in=True)

    def _stay_out(self, visit: Visit, sentence: str) -> Response:
        return self._respond(
            visit.request,
            "review/refused.html",
            status=HTTPStatus.FORBIDDEN,
            facts={
                "sentence": sentence,
                "signed_in": False,
                "form_key": visit.signed_in.form_key,
            },
        )

    def _keep(self, request: Request, form: Form) -> Response:
        """Show back what was typed by somebody whose sign-in has run out."""
        return self._respond(
            request,
            "review/kept.html",
            status=HTTPStatus.UNAUTHORIZED,
            facts={"sign_in": sign_in_address("/review"), **_sent(request, form)},
        )

    def _unavailable(
        self, request: Request, sentence: str, form: Form = EMPTY, *, retry_after_s: int
    ) -> Response:
        return self._respond(
            request,
            "review/unavailable.html",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(retry_after_s)},
            facts={"sentence": sentence, **_sent(request, form)},
        )

    def _respond(
        self,
        request: Request,
        template: str,
        *,
        status: HTTPStatus,
        facts: Mapping[str, object],
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        return self._pages.respond(
            request,
            template,
            status=status,
            kept=PRIVATE,
            forms=True,
            headers={**_HEADERS, **(headers or {})},
            facts={
                "sign_out": SIGN_OUT,
                "words": words,
                "member": None,
                "form_key": None,
                **facts,
            },
        )


def _sent(request: Request, form: Form) -> Mapping[str, object]:
    """Return a form that was sent, as a page shows it back and sends it again."""
    return {"fields": form.fields, "typed": words_typed(form), "action": request.url.path}
