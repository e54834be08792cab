"""Why a viewer was not recognised."""

from navis_api.errors import OperatorFault, UserFault


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


class DevelopmentIssuerRefused(OperatorFault):
    """Development tokens were asked for in production."""

    def __init__(self) -> None:
        super().__init__(
            "`navis-api token` makes tokens for development only, and NAVIS_ENVIRONMENT is"
            " production."
        )
