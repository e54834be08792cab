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
    """All that was asked in the meantime, in this order. `missed`: not all, or not again so."""

    heard: list[Heard[Asked]] = field(default_factory=list[Heard[Asked]])
    missed: bool = False


_hearing: ContextVar[Hearing[Any] | None] = ContextVar("hearing", default=None)


@contextmanager
def hearing() -> Generator[Hearing[Any]]:
    """Give what is noted of all that is read in this block, also in tasks that it begins."""
    given = Hearing[Any]()
    token = _hearing.set(given)
    try:
        yield given
    finally:
        _hearing.reset(token)


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
