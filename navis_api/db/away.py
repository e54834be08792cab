"""What it looks like when the database is away, full, or too busy: what trying again mends."""

from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - asyncpg 0.32 ships none
from sqlalchemy.exc import DBAPIError

# Postgres 18, appendix A. Classes have two characters, conditions five.
_SQLSTATES = (
    "08",  # connection exceptions
    "25P03",  # idle in a transaction for too long
    "40001",  # serialization failure
    "40P01",  # deadlock
    "53",  # no room on its disk, no memory, no connection left
    "55P03",  # a lock that didn't become free
    "57P",  # shutting down, crashed, starting up
    "57014",  # the statement ran out of time
    "58",  # its system fails: an error of input or output
)

_OUT_OF_STEP: tuple[type[Exception], ...] = (
    asyncpg.InterfaceError,
    # A connection that is cut just as a statement begins is out of step (asyncpg 0.32).
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


def is_away(failure: BaseException) -> bool:
    """Whether a failure of a statement, or of a connection, is the database's for now.

    Nothing is wrong then with what was asked of it, and it may be asked again. Whether a
    transaction whose COMMIT failed so was done is known to nobody.
    """
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        return True
    state = sqlstate_of(failure)
    if state is not None:
        return state.startswith(_SQLSTATES)
    return isinstance(_below(failure), _OUT_OF_STEP)


def sqlstate_of(failure: BaseException) -> str | None:
    """Return Postgres's code of an error, SQLAlchemy's or asyncpg's; None where it isn't its."""
    state: Any = getattr(_below(failure), "sqlstate", None)
    return state if isinstance(state, str) else None


def _below(failure: BaseException) -> BaseException:
    """Return asyncpg's error in SQLAlchemy's."""
    if not isinstance(failure, DBAPIError):
        return failure
    orig = cast("BaseException | None", failure.orig)
    return failure if orig is None else orig.__cause__ or orig
