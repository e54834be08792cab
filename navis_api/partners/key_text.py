"""What a key looks like: `nvk_sec_live_`, 43 letters and digits, and six more as a checksum.

Prefix, kind and environment stand before the secret so that a scanner of repositories finds a
leaked key and a person sees what it is. The checksum tells a typo from a key that was revoked
without asking the database.

Source: GitHub, "Behind GitHub's new authentication token formats" (2021): a prefix with an
underscore, base 62, and a CRC-32 in the last six characters.
"""

import re
import secrets
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from navis_api.partners.errors import KeyMistyped

PREFIX = "nvk_"
PATTERN = r"\bnvk_(?:pub|sec)_(?:live|test)_[0-9A-Za-z]{49}\b"
"""What a scanner for secrets looks for. `docs/partners.md` has it too."""

SECRET_BITS = 256
LAST = 4
_SECRET_CHARS = 43  # 62 to the power of 43 is the first above 2 to the power of 256.
_CHECKSUM_CHARS = 6
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(r"nvk_(pub|sec)_(live|test)_([0-9A-Za-z]{43})([0-9A-Za-z]{6})", re.ASCII)


class KeyKind(StrEnum):
    """Where a key is used."""

    PUBLIC = "PUBLIC"
    SECRET = "SECRET"  # noqa: S105 - the name of a kind


class KeyEnvironment(StrEnum):
    """What a key is for."""

    LIVE = "LIVE"
    TEST = "TEST"


_KINDS = {"pub": KeyKind.PUBLIC, "sec": KeyKind.SECRET}
_ENVIRONMENTS = {"live": KeyEnvironment.LIVE, "test": KeyEnvironment.TEST}


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as it is sent. `secret` is all of it: it is shown once, and never in a `repr`."""

    kind: KeyKind
    environment: KeyEnvironment
    secret: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is stored and looked up: its SHA-256.

        No password hash: those are slow to make guessing slow, and 256 random bits can't be
        guessed at any speed; slowness would be paid with each request. For the same reason
        there is no salt: no two keys are the same, and no table holds them.
        """
        return sha256(self.secret.encode()).digest()

    @property
    def last_four(self) -> str:
        """Its last characters, by which its holder tells it from others: part of the checksum."""
        return self.secret[-LAST:]


def new_key_text(kind: KeyKind, environment: KeyEnvironment) -> KeyText:
    """Return a key that nobody has yet, out of the system's secure source."""
    written = {value: name for name, value in _KINDS.items()}[kind]
    purpose = environment.value.lower()
    body = _base62(secrets.randbits(SECRET_BITS), _SECRET_CHARS)
    begun = f"{PREFIX}{written}_{purpose}_{body}"
    return KeyText(kind, environment, begun + _checksum(begun))


def is_meant_as_key(text: str) -> bool:
    """Return whether somebody meant this as a key of ours, mistyped or not."""
    return text.startswith(PREFIX)


def read_key_text(text: str) -> KeyText:
    """Return the key that a text is. Raises KeyMistyped for anything that we never gave out."""
    found = _FORM.fullmatch(text)
    if found is None or _checksum(text[:-_CHECKSUM_CHARS]) != found[4]:
        raise KeyMistyped
    return KeyText(_KINDS[found[1]], _ENVIRONMENTS[found[2]], text)


def _checksum(begun: str) -> str:
    return _base62(zlib.crc32(begun.encode()), _CHECKSUM_CHARS)


def _base62(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
