"""Origins of pages: as administrators write them, and as browsers send them.

Source: RFC 6454, section 6.2 (the serialisation), and the Fetch standard's `Origin` header.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from navis_api.errors import InvalidInput

MAX_ORIGINS = 100
_MAX_CHARS = 300
_DEFAULT_PORTS = {"https": "443", "http": "80"}
_MAX_PORT = 65_535
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(
    rf"(?P<scheme>https?)://"
    rf"(?P<host>\[[0-9a-f:.]+\]|(?:\*\.)?{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]{{1,5}}))?",
    re.ASCII,
)
_LOOPBACK = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?", re.ASCII)
_WILDCARD = "://*."


def is_loopback(origin: str) -> bool:
    """Return whether an origin is the developer's own machine."""
    return _LOOPBACK.fullmatch(origin) is not None


def origin_of(address: str) -> str:
    """Return the origin of an address of the web, as a browser sends it for a page there."""
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = parts.port is None or str(parts.port) == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


def normal_origins(given: Sequence[str]) -> list[str]:
    """Return origins as they are stored: in small letters, without a usual port, each once.

    `https://*.portal.example` stands for every host below `portal.example`, and not for that
    one. Raises InvalidInput.
    """
    if len(given) > MAX_ORIGINS:
        raise InvalidInput(
            f"A partner has {MAX_ORIGINS} origins at most. `https://*.portal.example` stands for"
            " all hosts below one.",
            path=("input", "origins"),
        )
    return list(dict.fromkeys(_normal(each) for each in given))


def _normal(given: str) -> str:
    found = _FORM.fullmatch(given.lower()) if len(given) <= _MAX_CHARS else None
    if found is None:
        raise _refused(
            "An origin is a scheme and a host, and a port where it isn't the usual one:"
            " `https://portal.example`. It has no path and no slash at its end; names with other"
            " letters are written in ASCII (`xn--…`)."
        )
    scheme, host, port = found["scheme"], found["host"], found["port"]
    if port is not None and not 1 <= int(port) <= _MAX_PORT:
        raise _refused(f"A port is from 1 to {_MAX_PORT}.")
    shown = "" if port is None or port.lstrip("0") == _DEFAULT_PORTS[scheme] else f":{int(port)}"
    origin = f"{scheme}://{host}{shown}"
    if scheme == "http" and not is_loopback(origin):
        raise _refused(
            "An origin begins with `https://`; `http://` is for `localhost`, `127.0.0.1` and"
            " `[::1]` alone."
        )
    below = host.removeprefix("*.")
    if below != host and ("." not in below or below.rpartition(".")[2].isdigit()):
        raise _refused("`*.` stands before a name of your own, as in `https://*.portal.example`.")
    return origin


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, path=("input", "origins"))


@dataclass(frozen=True, slots=True)
class OriginList:
    """Origins to compare with. One that is sent matches to the letter, or by a wildcard.

    `stored` is the list itself, which is in the form of CSP's host sources too.
    """

    stored: tuple[str, ...]
    exact: frozenset[str]
    below: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, stored: Iterable[str]) -> Self:
        """Return a list of origins as they are stored."""
        stored = tuple(stored)
        exact: set[str] = set()
        below: set[tuple[str, str]] = set()
        for origin in stored:
            scheme, wildcard, rest = origin.partition(_WILDCARD)
            if wildcard:
                below.add((f"{scheme}://", f".{rest}"))
            else:
                exact.add(origin)
        return cls(stored, frozenset(exact), tuple(sorted(below)))

    def allows(self, origin: str) -> bool:
        """Return whether a browser's `Origin` header names one of them."""
        if origin in self.exact:
            return True
        if not any(
            origin.startswith(scheme) and origin.endswith(rest) and len(origin) > len(scheme + rest)
            for scheme, rest in self.below
        ):
            return False
        # A browser sends nothing but the plain form: what isn't one matches nothing.
        return "*" not in origin and _FORM.fullmatch(origin) is not None
