"""That something is left to graphql-core."""

from typing import NoReturn


class NotCompiled(Exception):
    """This can't be executed here. `reason` is a label of ours, without a client's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NeverCompiled(NotCompiled):
    """This can't be executed here with any variables, over any data: it isn't tried again."""


class Cancelled(Exception):
    """What a resolver waited for was cancelled, though the request was not."""


class NullRefused(Exception):
    """A null where the schema allows none. graphql-core says where, and what becomes of it."""


def null() -> NoReturn:
    """Raise NullRefused."""
    raise NullRefused
