"""An issuer's keys, kept in memory and renewed as they change.

Asked for again when they are old, and when a token names a key that isn't among
them: issuers change keys. But never more often than every few seconds, since
anybody can make up names of keys.
"""

import asyncio
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from navis_api.identity.discovery import Discovery
from navis_api.identity.errors import IssuerOutOfReach, SignInUnavailable, TokenInvalid
from navis_api.identity.issuer_http import IssuerAnswer, IssuerHttp
from navis_api.identity.jwks import SigningKey, fitting_key, read_key_set
from navis_api.identity.signatures import PublicKey

# However the issuer wants it: shorter would ask all the time, and longer would go on
# believing a key that was withdrawn because it was stolen.
_SHORTEST_S = 60.0
_LONGEST_S = 3_600.0
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?([0-9]{1,9})", re.ASCII)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeyTimes:
    """How long keys are kept, in seconds."""

    kept_s: float
    """Where the issuer doesn't say how long."""
    retry_s: float
    """The least between two requests."""
    stale_s: float
    """How long beyond their time, while the issuer is out of reach."""


class IssuerKeys:
    """The keys of one issuer. `keys_url` is where they are; without one it is discovered."""

    def __init__(
        self,
        http: IssuerHttp,
        discovery: Discovery,
        *,
        keys_url: str | None,
        times: KeyTimes,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._discovery = discovery
        self._keys_url = keys_url
        self._times = times
        self._seconds = seconds
        self._keys: tuple[SigningKey, ...] = ()
        self._fresh_until = -math.inf
        self._asked_at = -math.inf
        self._out_of_reach = False
        self._asking: asyncio.Task[None] | None = None

    async def key_for(self, key_id: str | None, algorithm: str) -> PublicKey:
        """Return the key that a token names.

        Raises TokenInvalid when the issuer has no such key, and SignInUnavailable when
        that can't be known, since it is out of reach.
        """
        self._drop_stale()
        found = fitting_key(self._keys, key_id, algorithm)
        if found is not None and not self._is_old():
            return found
        if found is not None and self._out_of_reach:
            # It has just been waited for in vain: from here on nobody waits.
            self._ask()
            return found
        asking = self._ask()
        if asking is not None:
            # One who goes away leaves the others their answer.
            await asyncio.shield(asking)
            found = fitting_key(self._keys, key_id, algorithm)
        if found is not None:
            return found
        if self._out_of_reach:
            raise SignInUnavailable(retry_after_s=math.ceil(self._times.retry_s))
        raise TokenInvalid

    def _is_old(self) -> bool:
        return self._seconds() >= self._fresh_until

    def _drop_stale(self) -> None:
        if self._seconds() >= self._fresh_until + self._times.stale_s:
            self._keys = ()

    def _ask(self) -> asyncio.Task[None] | None:
        """Return the request under way, begun now unless it is too early; None where it is."""
        if self._asking is None and self._seconds() - self._asked_at >= self._times.retry_s:
            self._asked_at = self._seconds()
            self._asking = asyncio.create_task(self._renew(self._asked_at))
        return self._asking

    async def _renew(self, asked_at: float) -> None:
        try:
            answer = await self._answer()
            self._keys = read_key_set(answer.body)
        except IssuerOutOfReach as failure:
            self._out_of_reach = True
            self._discovery.forget()
            _log.warning("identity.issuer_out_of_reach", reason=failure.reason)
        else:
            self._out_of_reach = False
            self._fresh_until = asked_at + _kept_s(answer.cache_control, self._times.kept_s)
            _log.info("identity.keys_read", keys=len(self._keys))
        finally:
            self._asking = None

    async def _answer(self) -> IssuerAnswer:
        keys_url = self._keys_url or (await self._discovery.addresses()).keys_url
        return await self._http.get(keys_url)


def _kept_s(cache_control: str, otherwise: float) -> float:
    """Return for how many seconds an answer may be used (RFC 9111, 5.2.2), within our bounds."""
    directives = cache_control.lower()
    if "no-store" in directives or "no-cache" in directives:
        return _SHORTEST_S
    said = _MAX_AGE.search(directives)
    return min(max(float(said[1]), _SHORTEST_S), _LONGEST_S) if said else otherwise
