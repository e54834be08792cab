"""Why a viewer was not recognised."""

from pathlib import Path

from navis_api.errors import NavisError, OperatorFault, UserFault


class TokenInvalid(UserFault):
    """A token that we can't accept, for whatever reason: the reason helps nobody but a forger."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__(
            "The access token is not valid. Sign in again, or leave the Authorization header out to"
            " read what is public."
        )


class TokenExpired(UserFault):
    """A token of ours whose time is over."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("The access token has expired. Sign in again.")


class SignInUnavailable(NavisError):
    """A token that can't be judged now, since the identity provider is out of reach.

    It may well be good, so that nobody should be told to sign in again.
    """

    code = "SIGN_IN_UNAVAILABLE"

    def __init__(self, *, retry_after_s: int) -> None:
        self.message = (
            "Signing in doesn't work at the moment. Try again in a little while, or leave the"
            " Authorization header out to read what is public."
        )
        super().__init__(self.message)
        self.retry_after_s = retry_after_s


class SignInFailed(UserFault):
    """A sign-in in a browser that came to no end, or not to the one that was begun."""

    code = "SIGN_IN_FAILED"

    def __init__(self) -> None:
        super().__init__("Signing in did not work. Begin again.")


class IssuerOutOfReach(NavisError):
    """The identity provider gave no answer, or none that we can use. `reason` has no values."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The identity provider can't be asked: {reason}.")
        self.reason = reason


class DevelopmentIssuerRefused(OperatorFault):
    """Development tokens were asked for in production."""

    def __init__(self) -> None:
        super().__init__(
            "`navis-api token` makes tokens for development only, and NAVIS_ENVIRONMENT is"
            " production."
        )


class DevelopmentKeyUnusable(OperatorFault):
    """The development issuer's key can't be made or read where it belongs."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The development issuer's key {path} can't be used: {reason}. NAVIS_DATA_DIR"
            " chooses a folder that this user may write to."
        )
        self.path = path
        self.reason = reason


class OidcSettingInvalid(OperatorFault):
    """A setting about signing in can't be used. `must` says what it has to be."""

    def __init__(self, setting: str, must: str) -> None:
        super().__init__(f"NAVIS_{setting.upper()} must be {must}.")
        self.setting = setting
