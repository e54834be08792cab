"""What may stand in a record beside the act: ids, states, counts and names. Never words."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias, cast
from uuid import UUID

Detail: TypeAlias = "str | int | UUID | date | Sequence[Detail] | Mapping[str, Detail] | None"
"""A value of a detail. A bool is an int, a datetime is a date, a StrEnum is a str."""

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"

MAX_TOKEN_CHARS = 200
"""As long as the longest subject that a token may name; ids and states are far shorter."""
MAX_DEPTH = 4
MAX_ENTRIES = 500
"""The claims of the longest answer, and some."""

# An id, a state, a name, an address, a time in ISO 8601: nothing of these has a space, and
# of what people write nearly everything has.
_TOKEN = re.compile(r"[!-~]+")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


class WordsInDetail(ValueError):
    """Something that may be somebody's words was about to be recorded: a mistake in our code.

    The message names the rule and never the value.
    """


def token(outside: str | None) -> str | None:
    """Return a value from outside if it is one token, and None otherwise."""
    if outside is None or len(outside) > MAX_TOKEN_CHARS or not _TOKEN.fullmatch(outside):
        return None
    return outside


def tokens_only(value: Detail) -> Json:
    """Return the value as JSON holds it.

    Raises WordsInDetail for a string with spaces, with other than ASCII characters or of
    more than 200, for a number that isn't whole, and for what is nested or long beyond sense.
    """
    return _Bounded().json(value, depth=0)


class _Bounded:
    """Counts what was seen of one detail."""

    def __init__(self) -> None:
        self._entries = 0

    def json(self, value: object, *, depth: int) -> Json:
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise _refused(f"at most {MAX_ENTRIES} entries")
        if depth > MAX_DEPTH:
            raise _refused(f"at most {MAX_DEPTH} levels")
        match value:
            case None | int():
                return value
            case str():
                if token(value) is None:
                    raise _refused(f"tokens of at most {MAX_TOKEN_CHARS} characters")
                return str(value)
            case UUID():
                return str(value)
            case date():
                return value.isoformat()
            case Mapping():
                return self._object(cast("Mapping[object, object]", value), depth=depth)
            case Sequence() if not isinstance(value, bytes | bytearray):
                entries = cast("Sequence[object]", value)
                return [self.json(entry, depth=depth + 1) for entry in entries]
            case _:
                raise _refused("whole numbers, tokens, ids, dates, and lists and objects of them")

    def _object(self, value: Mapping[object, object], *, depth: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for key, entry in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise _refused("names as keys")
            found[key] = self.json(entry, depth=depth + 1)
        return found


def _refused(rule: str) -> WordsInDetail:
    return WordsInDetail(f"an audit record holds {rule}")
