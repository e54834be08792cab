"""Why an embed is refused. Each is said to whoever builds the page around it."""

from navis_api.errors import UserFault


class LookInvalid(UserFault):
    """A parameter of an embed that isn't one of those that there are."""

    code = "INVALID_PARAMETER"

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"`{name}`: {message}", path=(name,))


class KeyMissing(UserFault):
    """An embed without a key."""

    code = "KEY_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Give your public key (`nvk_pub_…`) as the parameter `key`.")


class KeyNotForReading(UserFault):
    """A key that was not made for reading content."""

    code = "SCOPE_MISSING"

    def __init__(self) -> None:
        super().__init__(
            "This key may not read content. Ask for one with the scope `READ_CONTENT`."
        )


class NoOrigins(UserFault):
    """A partner that nobody has given an origin."""

    code = "ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(
            "No page may embed with this key. Ask for your page's origin (scheme, host and port,"
            " as in `https://portal.example`) to be added to the partner's origins."
        )
