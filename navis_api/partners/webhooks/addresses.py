"""Addresses that webhooks may go to: those that anybody on the internet could reach.

A partner names where we connect to. Within our own network that could be a database's port, a
cloud's metadata service or this very API, asked by a machine that is trusted there.

Source: IANA's IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890). They are written
out here, since what `ipaddress` calls private differs between releases of Python.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx

from navis_api.errors import InvalidInput

MAX_URL_CHARS: Final = 2_000
_MAX_PORT: Final = 65_535
_LABEL: Final = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_FORM: Final = re.compile(
    rf"https?://(?:[^/?#@\\\s]*@)?(?:\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)"
    r"(?::[0-9]{1,5})?(?:[/?][!\x22$-\[\]-~]*)?",
    re.ASCII | re.IGNORECASE,
)

_NOT_PUBLIC_4: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared behind a carrier, and one cloud's metadata
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's platform, from within its machines
            "169.254.0.0/16",  # link-local, and the metadata of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # of the protocols themselves, and one cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic tunnels
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_PUBLIC_6: Final = ip_network("2000::/3")
"""What IANA gives out. Loopback, unique-local, link-local, multicast, IPv4 in any disguise of
the first eight bits (mapped, compatible, NAT64) lie outside of it."""
_NOT_PUBLIC_6: Final = tuple(
    map(
        ip_network,
        (
            "2001::/23",  # of the protocols themselves, Teredo among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: any IPv4 address, a private one too
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet's. Of what is none: False."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC_4)
    # A zone (`%eth0`) belongs to a link: nothing public has one.
    return (
        found.scope_id is None
        and found in _PUBLIC_6
        and not any(found in network for network in _NOT_PUBLIC_6)
    )


def require_url(given: str, *, private: bool) -> str:
    """Return the address of an endpoint as it is stored. Raises InvalidInput.

    Over https, with a host, without a name and password in it. What the host's name leads to is
    looked at whenever we connect (`sending`), since it may lead elsewhere by then; an IP address
    is judged here already. `private`: this machine and its network will do, over http too.
    """
    if len(given) > MAX_URL_CHARS or _FORM.fullmatch(given) is None:
        raise _refused(
            "An endpoint's `url` looks like `https://portal.example/webhooks`. It has"
            f" {MAX_URL_CHARS} characters at most, all of ASCII, and no `#`; names with other"
            " letters are written as `xn--…`."
        )
    try:
        url = httpx.URL(given)
    except (httpx.InvalidURL, UnicodeError):
        raise _refused("This `url` can't be read. Copy it again.") from None
    if url.port is not None and not 1 <= url.port <= _MAX_PORT:
        raise _refused(f"A port is from 1 to {_MAX_PORT}.")
    if url.userinfo:
        raise _refused(
            "No name and password in the `url`: requests are signed, and that says who sends them."
        )
    if url.scheme != "https" and not private:
        raise _refused("An endpoint's `url` begins with `https://`.")
    if not private and not _may_be_public(url.host):
        raise _refused(
            "An endpoint's `url` leads to the public internet: to a whole name, or to an address"
            " that everybody can reach."
        )
    return given


def _may_be_public(host: str) -> bool:
    """Return whether a name may lead to the internet, or an IP address does."""
    last = host.rpartition(".")[2]
    # Everything that ends in a number is an IPv4 address, in one of many spellings (WHATWG URL,
    # 3.5); we know one of them.
    if ":" in host or last.isdigit() or last.startswith("0x"):
        return is_public(host)
    return "." in host


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, path=("input", "url"))
