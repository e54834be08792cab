"""A mapping that holds so many bytes at most: what wasn't asked for longest gives way."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedMemory(Generic[Key, Value]):
    """Values by key, each with the bytes that it is said to take."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """What all values are said to take."""
        return self._bytes

    def find(self, key: Key) -> Value | None:
        """Return what is kept under a key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep a value, unless it alone would take more than there is."""
        if size > self._max_bytes:
            return
        self.drop(key)
        self._kept[key] = value, size
        self._bytes += size
        self._make_room()

    def grow(self, key: Key, by: int) -> None:
        """Note that a value takes more than before, if it is still kept."""
        found = self._kept.get(key)
        if found is not None:
            self._kept[key] = found[0], found[1] + by
            self._bytes += by
            self._make_room()

    def drop(self, key: Key) -> None:
        """Forget a value."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found[1]

    def _make_room(self) -> None:
        while self._bytes > self._max_bytes:
            _, (_, size) = self._kept.popitem(last=False)
            self._bytes -= size
