"""Why an embed is refused. Each is said to whoever builds the page around it."""

from navis_api.errors import UserFault
from navis_api.identity.viewer import KeyScope


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


class ScopeMissing(UserFault):
    """A key that was not made for what the embed does."""

    code = "SCOPE_MISSING"

    def __init__(self, scope: KeyScope) -> None:
        does = {KeyScope.READ_CONTENT: "read content", KeyScope.ASK: "ask"}
        super().__init__(
            f"This key may not {does.get(scope, 'do this')}. Ask for one with the scope `{scope}`."
        )


class NotFramed(UserFault):
    """The box for asking, opened as a page of its own."""

    code = "FRAME_REQUIRED"

    def __init__(self) -> None:
        super().__init__(
            "Nothing is wrong with this address. It is for a frame on one of the partner's own"
            " pages: put `<navis-ask>` there, as the documentation for partners shows."
        )


class NoOrigins(UserFault):
    """A partner that nobody has given an origin."""

    code = "ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__(
            "No page may embed with this key. Ask for your page's origin (scheme, host and port,"
            " as in `https://portal.example`) to be added to the partner's origins."
        )
