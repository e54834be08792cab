"""Who a browser is: its access token, kept in cookies that scripts and other sites can't reach.

A cookie holds some 4,096 bytes with its name, and tokens of some identity providers are
longer: they are cut into pieces. What is put together is verified at each request as a whole.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from navis_api.identity.errors import TokenExpired, TokenInvalid
from navis_api.identity.signatures import MAX_TOKEN_CHARS, read_token
from navis_api.identity.verifier import TokenVerifier
from navis_api.identity.viewer import Viewer

_PIECE_CHARS: Final = 3_600
_PIECES: Final = -(-MAX_TOKEN_CHARS // _PIECE_CHARS)
# Sent along when somebody follows a link to us, as from a colleague's message or from the
# identity provider, and with no form of another site.
_SAME_SITE: Final = "lax"


class NotSignedIn(Exception):
    """A request of nobody we know. `expired` where it was somebody until a while ago."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__()
        self.expired = expired


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose browser it is."""

    viewer: Viewer
    token: str

    @property
    def form_key(self) -> str:
        """What each form brings back: nobody knows it who doesn't have the token."""
        return hmac.digest(self.token.encode(), b"navis-api: form", "sha256").hex()

    def sent(self, form_key: str) -> bool:
        """Whether a form was shown in this very session."""
        return hmac.compare_digest(form_key.encode(errors="replace"), self.form_key.encode())


class Cookies:
    """Cookies of ours. `secure` ones travel over HTTPS alone, and no other host can set them."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self._prefix = "__Host-" if secure else ""

    def get(self, request: Request, name: str) -> str | None:
        """Return what the browser has under a name."""
        return request.cookies.get(self._prefix + name)

    def set(self, response: Response, name: str, value: str, *, max_age_s: int) -> None:
        """Have the browser keep a value of ASCII for so long."""
        response.set_cookie(
            self._prefix + name,
            value,
            max_age=max_age_s,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=_SAME_SITE,
        )

    def forget(self, response: Response, name: str) -> None:
        """Have the browser drop it."""
        response.delete_cookie(
            self._prefix + name,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=_SAME_SITE,
        )


class BrowserSessions:
    """Begins and ends sessions, and finds out whose they are."""

    def __init__(self, tokens: TokenVerifier, cookies: Cookies) -> None:
        self._tokens = tokens
        self._cookies = cookies

    async def require(self, request: Request, *, now: datetime) -> SignedIn:
        """Return whose browser it is. Raises NotSignedIn and SignInUnavailable."""
        token = self._token(request)
        if not token:
            raise NotSignedIn(expired=False)
        try:
            return SignedIn(await self.viewer_of(token, now=now), token)
        except (TokenExpired, TokenInvalid):
            raise NotSignedIn(expired=True) from None

    async def viewer_of(self, token: str, *, now: datetime) -> Viewer:
        """Return whose token it is. Raises TokenExpired, TokenInvalid and SignInUnavailable."""
        return await self._tokens.viewer_of(f"Bearer {token}", now=now)

    def begin(self, response: Response, token: str, *, now: datetime) -> None:
        """Have the browser keep a token that has been verified, until it expires."""
        expires = float(read_token(token).claims["exp"])
        max_age_s = max(1, int(expires - now.timestamp()))
        for place, name in enumerate(_names()):
            piece = token[place * _PIECE_CHARS : (place + 1) * _PIECE_CHARS]
            if piece:
                self._cookies.set(response, name, piece, max_age_s=max_age_s)
            else:
                self._cookies.forget(response, name)

    def end(self, response: Response) -> None:
        """Have the browser forget the token."""
        for name in _names():
            self._cookies.forget(response, name)

    def _token(self, request: Request) -> str:
        pieces = [self._cookies.get(request, name) for name in _names()]
        return "".join(piece for piece in pieces if piece)


def _names() -> list[str]:
    return ["navis", *(f"navis-{place}" for place in range(1, _PIECES))]
