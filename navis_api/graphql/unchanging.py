"""Lists that are made of nothing but content that never changes.

A field with the mark, `strawberry.field(metadata=UNCHANGING)`, gives a list that isn't null, and
what lies below it is made of such content alone; the object that has the field tells, as
`unchanging`, where what is made of that content is kept, or None. Compiled execution then
completes such a list once for each selection, and its JSON is written once.
"""

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

import orjson

UNCHANGING: Mapping[str, object] = MappingProxyType({"unchanging": True})


class Kept(Protocol):
    """Where what is made of some content is kept for as long as that is."""

    def find(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was made
        """Return what was kept under a key."""

    def keep(self, key: Hashable, made: object, size: int) -> None:
        """Keep it. `size`: of its JSON, in bytes."""


class WrittenList(list[Any]):
    """A list of a result that several responses share, with its JSON. Nobody may change it.

    `tenths` is what its items cost, once that was counted.
    """

    __slots__ = ("json", "size", "tenths")

    def __init__(self, items: list[Any]) -> None:
        super().__init__(items)
        text = orjson.dumps(items, written, orjson.OPT_PASSTHROUGH_SUBCLASS)
        self.json = orjson.Fragment(text)
        self.size = len(text)
        self.tenths: int | None = None


class WrittenObject(dict[str, Any]):
    """An object of a result that several responses share, with its JSON. Nobody may change it."""

    __slots__ = ("json", "size")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__(fields)
        text = orjson.dumps(dict(fields), written, orjson.OPT_PASSTHROUGH_SUBCLASS)
        self.json = orjson.Fragment(text)
        self.size = len(text)


def written(value: object) -> object:
    """Return what orjson writes for a value that isn't of one of JSON's very own classes."""
    if type(value) is WrittenObject or type(value) is WrittenList:
        return value.json
    plain: Any
    for plain in (str, int, float, list, dict):
        if isinstance(value, plain):
            return plain(value)
    raise TypeError
