"""Addresses that secrets or keys are fetched from."""

import ipaddress

import httpx


def is_safe_address(url: str, *, plain_loopback: bool) -> bool:
    """Return whether an address is of HTTPS, without a name and password in it.

    With `plain_loopback`, HTTP to this very machine will do.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return False
    if not parsed.host or parsed.userinfo or parsed.fragment:
        return False
    return parsed.scheme == "https" or (
        plain_loopback and parsed.scheme == "http" and _is_loopback(parsed.host)
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
