"""Texts by a key, bounded in number and in memory: the least recently used give way."""

import sys
from collections import OrderedDict


class BoundedTexts:
    """Keeps at most `max_texts` texts, which take at most `max_bytes` of memory together."""

    def __init__(self, *, max_texts: int, max_bytes: int) -> None:
        self._max_texts = max_texts
        self._max_bytes = max_bytes
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def kept_bytes(self) -> int:
        """The memory that the texts take."""
        return self._bytes

    def get(self, key: str) -> str | None:
        """Return a text, which counts as using it."""
        text = self._texts.get(key)
        if text is not None:
            self._texts.move_to_end(key)
        return text

    def keep(self, key: str, text: str) -> None:
        """Keep a text, unless it alone takes more than there is for all."""
        size = sys.getsizeof(text)
        if key in self._texts or size > self._max_bytes or not self._max_texts:
            return
        self._texts[key] = text
        self._bytes += size
        while len(self._texts) > self._max_texts or self._bytes > self._max_bytes:
            _, dropped = self._texts.popitem(last=False)
            self._bytes -= sys.getsizeof(dropped)
