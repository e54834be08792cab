"""From a key to a viewer: whose it is, whether it holds, and whether it may come from there."""

from navis_api.audit.service import Origin
from navis_api.graphql.by_key.presented import PresentedKey
from navis_api.graphql.errors import RETRY_AFTER_S
from navis_api.graphql.request import RequestRefused
from navis_api.graphql.throttle.charging import THROTTLED, Throttle, Throttled
from navis_api.graphql.throttle.payer import payer_of
from navis_api.identity.viewer import ANONYMOUS, Viewer
from navis_api.kit.clock import Clock
from navis_api.partners.errors import KeyFault, KeyRefused, KeysUnavailable, KeyUnknown
from navis_api.partners.keeping import KeyKeeper, KnownKey
from navis_api.partners.key_text import read_key_text
from navis_api.partners.origins import origin_of


class KeyRecognition:
    """Recognises keys for the endpoint. One for a process."""

    def __init__(self, keeper: KeyKeeper, throttle: Throttle, clock: Clock, *, site: str) -> None:
        """`site` is the address at which browsers reach us."""
        self._site = origin_of(site)
        self._keeper = keeper
        self._throttle = throttle
        self._clock = clock

    async def viewer_of(self, key: PresentedKey, *, page: str | None, origin: Origin) -> Viewer:
        """Return the viewer that comes with a key. `page` is the `Origin` header.

        Raises KeyFault, KeysUnavailable, and Throttled when whoever is at that address has
        tried too many.
        """
        text = read_key_text(key.text)
        if self._keeper.kept(text) is None:
            # A text with a right checksum costs a statement, and anybody can make one.
            self._throttle.require_some(payer_of(ANONYMOUS, origin))
        try:
            known: KnownKey = await self._keeper.find(text, now=self._clock())
        except KeyUnknown:
            self._throttle.charge_refused(payer_of(ANONYMOUS, origin))
            raise
        known.require_origin(page, site=self._site)
        return known.viewer


def key_refusal(fault: KeyFault | KeysUnavailable | Throttled) -> RequestRefused:
    """Return why a request's key was refused, as HTTP says it: 401, 403, 429 or 503."""
    if isinstance(fault, Throttled):
        (error,) = fault.errors
        wait_s = str((error.extensions or {})["retryAfterSeconds"])
        return RequestRefused(429, error.message, code=THROTTLED, headers={"Retry-After": wait_s})
    if isinstance(fault, KeysUnavailable):
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        return RequestRefused(503, fault.message, code=fault.code, headers=headers)
    if isinstance(fault, KeyRefused):
        headers = {"WWW-Authenticate": "Bearer"}
        return RequestRefused(401, fault.message, code=fault.code, headers=headers)
    return RequestRefused(403, fault.message, code=fault.code)
