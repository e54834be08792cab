"""Fields whose value is mostly there already, so that nothing has to be awaited for it.

A field with the mark, `strawberry.field(metadata=at_hand(function))`, has beside its resolver
a plain function with the same arguments, which returns the same value or WAIT. Compiled
execution calls that first: a coroutine for each object of a list costs more than its fields.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Literal

_MARK = "at hand"


class Wait(Enum):
    """Says that a value isn't there yet: the resolver will wait for it."""

    WAIT = "wait"


WAIT: Final[Literal[Wait.WAIT]] = Wait.WAIT


def at_hand(function: Callable[..., Any]) -> Mapping[str, object]:
    """Return the mark of a field for which this function finds what is there already."""
    return MappingProxyType({_MARK: function})


def function_at_hand(metadata: Mapping[Any, Any]) -> Callable[..., Any] | None:
    """Return the function that a field is marked with."""
    return metadata.get(_MARK)
