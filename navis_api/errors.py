"""The kinds of error that are ours. A feature's own errors derive from these.

What a client can do something about is raised as a `UserFault` and reaches it as
a typed error; everything else is masked and logged under an id.
"""

from collections.abc import Sequence


class NavisError(Exception):
    """Any error of ours. Its text is a sentence that says what to do, without a patient's words."""


class UserFault(NavisError):
    """Something the caller can put right.

    `path` names the input concerned, as GraphQL names it: `("input", "text")`.
    """

    code = "BAD_USER_INPUT"

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class InvalidInput(UserFault):
    """A value that is out of its range or not of its form."""


class RateLimited(UserFault):
    """Something was done too often. It may be done again after `retry_after_s` seconds."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OperatorFault(NavisError):
    """Something that whoever runs the service can put right: a setting, a folder, a server."""
