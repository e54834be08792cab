"""What can be wrong with a key, with where it comes from, and with an administrator's input."""

from navis_api.errors import NavisError, UserFault


class KeyFault(UserFault):
    """Something about a key that a request came with, or about where it came from."""


class KeyRefused(KeyFault):
    """A key that lets nobody in. It is told apart why: only who holds a key learns of it."""


class KeyMistyped(KeyRefused):
    """A text that is no key of ours: letters are missing or wrong."""

    code = "KEY_MALFORMED"

    def __init__(self) -> None:
        super().__init__(
            "This is not a key of ours: a part of it is missing or was changed. Copy the whole key"
            " again, from `nvk_` to its last character."
        )


class KeyUnknown(KeyRefused):
    """A key of the right form that this deployment never gave out."""

    code = "KEY_UNKNOWN"

    def __init__(self) -> None:
        super().__init__(
            "This key is not known here. Check that it belongs to this address: keys of another"
            " deployment are not valid."
        )


class KeyRevoked(KeyRefused):
    """A key that was taken back."""

    code = "KEY_REVOKED"

    def __init__(self) -> None:
        super().__init__(
            "This key was revoked. Use the key that replaces it, or ask for a new one."
        )


class KeyExpired(KeyRefused):
    """A key whose time is over, as that of one that was rotated."""

    code = "KEY_EXPIRED"

    def __init__(self) -> None:
        super().__init__(
            "This key has expired. Use the key that replaces it, or ask for a new one."
        )


class OriginRefused(KeyFault):
    """A public key that comes from a page on another origin than the partner's."""

    code = "ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(
            "This key may not be used from this origin. Ask for the page's origin (scheme, host and"
            " port, as in `https://portal.example`) to be added to the partner's origins."
        )


class OriginMissing(KeyFault):
    """A public key without an `Origin` header: no browser's page sent it."""

    code = "ORIGIN_REQUIRED"

    def __init__(self) -> None:
        super().__init__(
            "A public key is for pages in a browser, which send an `Origin` header. Use a secret"
            " key (`nvk_sec_…`) on a server."
        )


class LiveKeyOnLoopback(KeyFault):
    """A live key on a developer's own machine."""

    code = "ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(
            "A live key may not be used from this machine's own address. Use a test key"
            " (`nvk_pub_test_…`) while you develop."
        )


class SecretKeyExposed(KeyFault):
    """A secret key in an address: it may stand in logs and histories by now."""

    code = "KEY_EXPOSED"

    def __init__(self) -> None:
        super().__init__(
            "A secret key stood in an address, where logs and histories keep it. Have it rotated,"
            " and send the new one in the `Authorization` header."
        )


class KeysUnavailable(NavisError):
    """A key that can't be judged now, since the database gives no answer."""

    code = "SERVICE_UNAVAILABLE"

    def __init__(self) -> None:
        self.message = "Keys can't be checked at the moment. Try again in a few seconds."
        super().__init__(self.message)


class AdministratorsOnly(UserFault):
    """Somebody who isn't an administrator wants something of partners or their keys."""

    code = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("Partners and their keys are for administrators. Sign in as one of them.")


class PartnerUnknown(UserFault):
    """No partner has this id or name."""

    code = "NOT_FOUND"

    def __init__(self, *, argument: str = "partnerId") -> None:
        super().__init__(
            "There is no such partner. `partners` lists those there are.", path=("input", argument)
        )


class PartnerKeyUnknown(UserFault):
    """No key has this id."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(
            "There is no such key. `partners` lists those there are.", path=("input", "keyId")
        )
