"""What the database was asked in the course of something, and what it said.

Whoever made a result of nothing but rows can ask for the same rows again: where they are equal,
so is the result. What was read in another way than through `Published` is noted as missed, and
so is whatever makes the next asking a shorter one: then there is no use in doing the same again.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Heard(Generic[Asked]):
    """A statement, the values of its parameters, and the rows that it brought."""

    statement: Asked
    given: Sequence[object]
    rows: list[Sequence[Any]]


@dataclass(slots=True)
class Hearing(Generic[Asked]):
    """All that was asked in the meantime, in this order. `missed`: not all, or not again so.

    `again`: the same was asked for before, so that it is worth while to read a little more now
    and have less to ask the next time.
    """

    again: bool = False
    heard: list[Heard[Asked]] = field(default_factory=list[Heard[Asked]])
    missed: bool = False


_hearing: ContextVar[Hearing[Any] | None] = ContextVar("hearing", default=None)


@contextmanager
def hearing(*, again: bool = False) -> Generator[Hearing[Any]]:
    """Give what is noted of all that is read in this block, also in tasks that it begins."""
    given = Hearing[Any](again)
    token = _hearing.set(given)
    try:
        yield given
    finally:
        _hearing.reset(token)


@contextmanager
def unheard() -> Generator[None]:
    """Note nothing of what is read in this block: whoever reads it notes something in its place."""
    token = _hearing.set(None)
    try:
        yield
    finally:
        _hearing.reset(token)


def is_heard_again() -> bool:
    """Return whether somebody is hearing what they heard before."""
    listening = _hearing.get()
    return listening is not None and listening.again


def note(statement: object, given: Sequence[object], rows: list[Sequence[Any]]) -> None:
    """Note what a statement brought, if somebody wants to know."""
    listening = _hearing.get()
    if listening is not None:
        listening.heard.append(Heard(statement, given, rows))


def miss() -> None:
    """Note that something is read that can't be asked for again, or needn't be."""
    listening = _hearing.get()
    if listening is not None:
        listening.missed = True
